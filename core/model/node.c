/* SPDX-License-Identifier: Apache-2.0 */
/* Walking the tree of loader.h; knows nothing of YAML's own syntax. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/model/loader.h"
#include "core/model/suggest.h"

enum rc node_fail(const struct node *node, struct err *err, const char *fmt, ...)
{
    char text[sizeof(err->text)], zh[sizeof(err->zh)];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    va_start(ap, fmt);
    (void)vsnprintf(zh, sizeof(zh), i18n_zh(fmt), ap);
    va_end(ap);
    (void)err_set(err, RC_USAGE, "%s", text);
    memcpy(err->zh, zh, sizeof(zh));
    return err_at(err, "%s:%ld:%ld", node->file, node->line, node->column);
}

bool node_is_null(const struct node *node)
{
    return !node ||
           (node->kind == NODE_SCALAR && !node->quoted &&
            (!*node->text || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0));
}

const struct node *node_get(const struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i]->text, key) == 0)
            return node_is_null(map->values[i]) ? NULL : map->values[i];
    }
    return NULL;
}

enum rc node_check_kind(const struct node *node, enum node_kind kind, struct err *err)
{
    if (node->kind == kind)
        return RC_OK;
    if (kind == NODE_SCALAR)
        return node_fail(node, err, "want a text or number here");
    if (kind == NODE_LIST)
        return node_fail(node, err, "want a list here");
    return node_fail(node, err, "want keys and values here");
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(text, *words) == 0)
            return true;
    }
    return false;
}

enum rc node_check_keys(const struct node *map, const char *const *known, struct err *err)
{
    TRY(node_check_kind(map, NODE_MAP, err));
    for (size_t i = 0; i < map->n; i++) {
        const char *meant, *key = map->keys[i]->text;

        if (is_one_of(key, known))
            continue;
        meant = suggest(key, known);
        if (meant)
            return node_fail(map->keys[i], err, "unknown key '%.80s'; did you mean '%s'?", key,
                             meant);
        return node_fail(map->keys[i], err, "unknown key '%.80s'", key);
    }
    return RC_OK;
}

enum rc node_text(const struct node *node, const char **out, struct err *err)
{
    TRY(node_check_kind(node, NODE_SCALAR, err));
    *out = node->text;
    return RC_OK;
}

enum rc node_int(const struct node *node, long least, long most, long *out, struct err *err)
{
    const char *text = NULL;
    char *end;
    long value;

    TRY(node_text(node, &text, err));
    errno = 0;
    value = strtol(text, &end, 10);
    if (errno || end == text || *end || strchr(" \t\n+", *text))
        return node_fail(node, err, "want a whole number, got '%.80s'", text);
    if (value < least || value > most)
        return node_fail(node, err, "want %ld to %ld, got %ld", least, most, value);
    *out = value;
    return RC_OK;
}

enum rc node_bool(const struct node *node, bool *out, struct err *err)
{
    const char *text = NULL;

    TRY(node_text(node, &text, err));
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return node_fail(node, err, "want true or false, got '%.80s'", text);
    *out = *text == 't';
    return RC_OK;
}

enum rc node_mm(const struct node *node, um *out, struct err *err)
{
    const char *text = NULL, *end;
    struct err quiet = ERR_INIT;
    um value;

    TRY(node_text(node, &text, err));
    if (strchr(" \t\n", *text) || decimal_get(text, &value, &end, &quiet) != RC_OK || *end)
        return node_fail(node, err, "want a number of millimetres, got '%.80s'", text);
    *out = value;
    return RC_OK;
}

enum rc node_mm_list(const struct node *node, size_t n, um *out, struct err *err)
{
    TRY(node_check_kind(node, NODE_LIST, err));
    if (node->n != n)
        return node_fail(node, err, "want a list of %zu numbers, got %zu", n, node->n);
    for (size_t i = 0; i < n; i++)
        TRY(node_mm(node->values[i], &out[i], err));
    return RC_OK;
}

enum rc node_choice(const struct node *node, const char *const *choices, int *out, struct err *err)
{
    const char *text = NULL, *meant;

    TRY(node_text(node, &text, err));
    for (int i = 0; choices[i]; i++) {
        if (strcmp(text, choices[i]) == 0) {
            *out = i;
            return RC_OK;
        }
    }
    meant = suggest(text, choices);
    return node_fail(node, err, "not a value that is known here: '%.80s'; want for instance '%s'",
                     text, meant ? meant : choices[0]);
}

enum rc node_get_text(const struct node *map, const char *key, char **out, struct err *err)
{
    const struct node *node = node_get(map, key);
    const char *text = NULL;

    if (!node)
        return RC_OK;
    TRY(node_text(node, &text, err));
    *out = mem_text(text);
    return RC_OK;
}

enum rc node_need_text(const struct node *map, const char *key, char **out, struct err *err)
{
    const struct node *node = node_get(map, key);

    if (!node)
        return node_fail(map, err, "key '%s' is missing", key);
    if (node->kind == NODE_SCALAR && !*node->text)
        return node_fail(node, err, "key '%s' is empty", key);
    return node_get_text(map, key, out, err);
}

enum rc node_get_int(const struct node *map, const char *key, long least, long most, long *out,
                     struct err *err)
{
    const struct node *node = node_get(map, key);

    return node ? node_int(node, least, most, out, err) : RC_OK;
}

enum rc node_get_bool(const struct node *map, const char *key, bool *out, struct err *err)
{
    const struct node *node = node_get(map, key);

    return node ? node_bool(node, out, err) : RC_OK;
}

enum rc node_get_mm(const struct node *map, const char *key, um *out, struct err *err)
{
    const struct node *node = node_get(map, key);

    return node ? node_mm(node, out, err) : RC_OK;
}

enum rc node_get_box(const struct node *map, const char *key, struct box *out, struct err *err)
{
    const struct node *node = node_get(map, key);
    um v[4] = {0};

    if (!node)
        return RC_OK;
    TRY(node_mm_list(node, 4, v, err));
    if (v[2] <= 0 || v[3] <= 0)
        return node_fail(node, err, "want [x, y, width, height] with a width and height above 0");
    *out = (struct box){v[0], v[1], v[2], v[3]};
    return RC_OK;
}

enum rc node_get_choice(const struct node *map, const char *key, const char *const *choices,
                        int *out, struct err *err)
{
    const struct node *node = node_get(map, key);

    return node ? node_choice(node, choices, out, err) : RC_OK;
}

static enum rc get_kind(const struct node *map, const char *key, enum node_kind kind,
                        const struct node **out, struct err *err)
{
    const struct node *node = node_get(map, key);

    *out = NULL;
    if (node)
        TRY(node_check_kind(node, kind, err));
    *out = node;
    return RC_OK;
}

enum rc node_get_list(const struct node *map, const char *key, const struct node **out,
                      struct err *err)
{
    return get_kind(map, key, NODE_LIST, out, err);
}

enum rc node_get_map(const struct node *map, const char *key, const struct node **out,
                     struct err *err)
{
    return get_kind(map, key, NODE_MAP, out, err);
}

enum rc node_get_texts(const struct node *map, const char *key, char ***out, size_t *n,
                       struct err *err)
{
    const struct node *node = node_get(map, key);
    size_t count = node && node->kind == NODE_LIST ? node->n : 1;
    const char *text = NULL;

    if (!node)
        return RC_OK;
    if (node->kind != NODE_LIST)
        TRY(node_text(node, &text, err));
    for (size_t i = 0; node->kind == NODE_LIST && i < count; i++) /* before memory is taken */
        TRY(node_text(node->values[i], &text, err));
    *out = mem_zero(count + 1, sizeof(**out));
    for (size_t i = 0; i < count; i++)
        (*out)[i] = mem_text(node->kind == NODE_LIST ? node->values[i]->text : text);
    if (n)
        *n = count;
    return RC_OK;
}
