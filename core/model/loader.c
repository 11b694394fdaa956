/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML over libyaml >= 0.2.5, by its events: the tree is our own, so that every node
 * knows its place and nothing of YAML that we do not want (aliases, tags, types
 * guessed from the text) gets in.
 */
#include "core/model/loader.h"

#include <stdio.h>
#include <yaml.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"

enum { KEYS_MAX = 10000 }; /* of one map: code lists of regions have some 3,500 */

struct loader {
    yaml_parser_t parser;
    const char *file;
};

static void free_below(struct node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->n; i++) {
        if (node->keys)
            free_below(node->keys[i]);
        free_below(node->values[i]);
    }
    free(node->keys);
    free(node->values);
    free(node->text);
    free(node);
}
CLEANUP_PTR(struct node, free_below);

void node_free(struct node *root)
{
    union {
        const char *outside;
        char *inside;
    } file = {.outside = root && root->is_root ? root->file : NULL};

    free_below(root);
    free(file.inside);
}

static enum rc fail_at(const struct loader *loader, yaml_mark_t mark, struct err *err)
{
    return err_at(err, "%s:%zu:%zu", loader->file, mark.line + 1, mark.column + 1);
}

static enum rc next_event(struct loader *loader, yaml_event_t *event, struct err *err)
{
    const yaml_parser_t *parser = &loader->parser;

    if (yaml_parser_parse(&loader->parser, event))
        return RC_OK;
    (void)err_set(err, RC_USAGE, "YAML: %s%s%s", parser->problem ? parser->problem : "cannot read",
                  parser->context ? " " : "", parser->context ? parser->context : "");
    return fail_at(loader, parser->problem_mark, err);
}

static struct node *new_node(const struct loader *loader, enum node_kind kind, yaml_mark_t mark)
{
    struct node *node = mem_zero(1, sizeof(*node));

    node->kind = kind;
    node->line = (long)mark.line + 1;
    node->column = (long)mark.column + 1;
    node->file = loader->file;
    return node;
}

static enum rc refuse(const struct loader *loader, const yaml_event_t *event, const char *what,
                      struct err *err)
{
    (void)err_set(err, RC_USAGE, "YAML: %s: not allowed here", what);
    return fail_at(loader, event->start_mark, err);
}

static enum rc read_scalar(struct loader *loader, const yaml_event_t *event, struct node **out,
                           struct err *err)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t n = event->data.scalar.length;
    struct node *node;

    if (event->data.scalar.anchor)
        return refuse(loader, event, "anchor", err);
    if (event->data.scalar.tag)
        return refuse(loader, event, "tag", err);
    if (memchr(value, '\0', n))
        return refuse(loader, event, "NUL character", err);
    node = new_node(loader, NODE_SCALAR, event->start_mark);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = mem_copy_text(value, n);
    *out = node;
    return RC_OK;
}

static void grow(struct node *node, struct node *key, struct node *value)
{
    if ((node->n & (node->n - 1)) == 0) { /* full at 0, 1, 2, 4, 8 … */
        size_t room = node->n ? node->n * 2 : 1;

        node->values = mem_resize(node->values, room * sizeof(node->values[0]));
        if (node->kind == NODE_MAP)
            node->keys = mem_resize(node->keys, room * sizeof(node->keys[0]));
    }
    if (node->kind == NODE_MAP)
        node->keys[node->n] = key;
    node->values[node->n++] = value;
}

static enum rc read_value(struct loader *loader, const yaml_event_t *event, int depth,
                          struct node **out, struct err *err);

static enum rc read_list(struct loader *loader, const yaml_event_t *start, int depth,
                         struct node **out, struct err *err)
{
    CLEANUP(free_belowp) struct node *list = NULL;

    if (start->data.sequence_start.anchor)
        return refuse(loader, start, "anchor", err);
    if (start->data.sequence_start.tag)
        return refuse(loader, start, "tag", err);
    list = new_node(loader, NODE_LIST, start->start_mark);
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t event = {.type = YAML_NO_EVENT};
        struct node *item = NULL;

        TRY(next_event(loader, &event, err));
        if (event.type == YAML_SEQUENCE_END_EVENT)
            break;
        TRY(read_value(loader, &event, depth + 1, &item, err));
        grow(list, NULL, item);
    }
    *out = MOVE(list);
    return RC_OK;
}

static enum rc check_key(const struct node *map, const struct node *key, struct err *err)
{
    if (key->kind != NODE_SCALAR || node_is_null(key))
        return node_fail(key, err, "YAML: a key must be text");
    if (map->n == KEYS_MAX)
        return node_fail(key, err, "YAML: more than %d keys in one map", KEYS_MAX);
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i]->text, key->text) == 0)
            return node_fail(key, err, "YAML: key '%.80s' is there twice, first in line %ld",
                             key->text, map->keys[i]->line);
    }
    return RC_OK;
}

static enum rc read_map(struct loader *loader, const yaml_event_t *start, int depth,
                        struct node **out, struct err *err)
{
    CLEANUP(free_belowp) struct node *map = NULL;

    if (start->data.mapping_start.anchor)
        return refuse(loader, start, "anchor", err);
    if (start->data.mapping_start.tag)
        return refuse(loader, start, "tag", err);
    map = new_node(loader, NODE_MAP, start->start_mark);
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t event = {.type = YAML_NO_EVENT};
        CLEANUP(yaml_event_delete) yaml_event_t after = {.type = YAML_NO_EVENT};
        CLEANUP(free_belowp) struct node *key = NULL;
        struct node *value = NULL;

        TRY(next_event(loader, &event, err));
        if (event.type == YAML_MAPPING_END_EVENT)
            break;
        TRY(read_value(loader, &event, depth + 1, &key, err));
        TRY(check_key(map, key, err));
        TRY(next_event(loader, &after, err));
        TRY(read_value(loader, &after, depth + 1, &value, err));
        grow(map, MOVE(key), value);
    }
    *out = MOVE(map);
    return RC_OK;
}

static enum rc read_value(struct loader *loader, const yaml_event_t *event, int depth,
                          struct node **out, struct err *err)
{
    if (depth >= LIMIT_YAML_DEPTH) {
        (void)err_set(err, RC_USAGE, "YAML: nested deeper than %d", LIMIT_YAML_DEPTH);
        return fail_at(loader, event->start_mark, err);
    }
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(loader, event, out, err);
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return read_list(loader, event, depth, out, err);
    if (event->type == YAML_MAPPING_START_EVENT)
        return read_map(loader, event, depth, out, err);
    return refuse(loader, event, "alias", err);
}

static enum rc expect(struct loader *loader, yaml_event_type_t type, struct err *err)
{
    CLEANUP(yaml_event_delete) yaml_event_t event = {.type = YAML_NO_EVENT};

    TRY(next_event(loader, &event, err));
    if (event.type == YAML_STREAM_END_EVENT && type == YAML_DOCUMENT_START_EVENT) {
        (void)err_set(err, RC_USAGE, "YAML: the file is empty");
        return fail_at(loader, event.start_mark, err);
    }
    if (event.type != type)
        return refuse(loader, &event, "a second document", err);
    return RC_OK;
}

static enum rc read_document(struct loader *loader, struct node **out, struct err *err)
{
    CLEANUP(yaml_event_delete) yaml_event_t event = {.type = YAML_NO_EVENT};
    CLEANUP(free_belowp) struct node *root = NULL;

    TRY(expect(loader, YAML_STREAM_START_EVENT, err));
    TRY(expect(loader, YAML_DOCUMENT_START_EVENT, err));
    TRY(next_event(loader, &event, err));
    TRY(read_value(loader, &event, 0, &root, err));
    TRY(expect(loader, YAML_DOCUMENT_END_EVENT, err));
    TRY(expect(loader, YAML_STREAM_END_EVENT, err));
    *out = MOVE(root);
    return RC_OK;
}

/* Where a byte is, for what is refused before libyaml sees it. */
static enum rc fail_byte(const char *file, struct span text, size_t at, struct err *err)
{
    long line = 1, column = 1;

    for (size_t i = 0; i < at; i++) {
        if (text.data[i] == '\n') {
            line++;
            column = 1;
        } else if ((text.data[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    return err_at(err, "%s:%ld:%ld", file, line, column);
}

enum rc loader_parse(struct span text, const char *file, struct node **out, struct err *err)
{
    CLEANUP(freep) char *name = mem_text(file);
    struct loader loader = {.file = name};
    size_t bad = utf8_check(text);
    enum rc rc;

    if (text.len > LIMIT_CONFIG) {
        (void)err_set(err, RC_USAGE, "larger than the limit of %zu bytes", LIMIT_CONFIG);
        return err_at(err, "%s", name);
    }
    if (bad < text.len) {
        (void)err_set(err, RC_USAGE, "YAML: not UTF-8");
        return fail_byte(name, text, bad, err);
    }
    if (!yaml_parser_initialize(&loader.parser))
        abort();
    yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&loader.parser, text.data, text.len);
    rc = read_document(&loader, out, err);
    yaml_parser_delete(&loader.parser);
    if (rc == RC_OK) {
        (*out)->is_root = true;
        name = NULL; /* the root's now */
    }
    return rc;
}

enum rc loader_file(const char *path, struct node **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_CONFIG);

    if (file_read(path, &text, err) != RC_OK) {
        if (err->code == RC_INPUT) /* too large: a configuration is the caller's doing */
            err->code = RC_USAGE;
        return err->code;
    }
    return loader_parse(buf_span(&text), path, out, err);
}
