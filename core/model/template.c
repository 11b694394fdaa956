/* SPDX-License-Identifier: Apache-2.0 */
/* Licence types, ecert.template/1 of data-formats.md: finding, loading, freeing. */
#include "core/model/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "core/model/checkdigit.h"
#include "core/model/identifier.h"
#include "core/model/suggest.h"
#include "core/model/template_priv.h"

static void free_rules(struct template *template)
{
    for (size_t i = 0; i < template->n_rules; i++) {
        free(template->rules[i].message_en);
        free(template->rules[i].message_zh);
    }
    free(template->rules);
}

void template_free(struct template *template)
{
    if (!template)
        return;
    for (size_t i = 0; i < template->n_fields; i++)
        template_clear_field(&template->fields[i]);
    for (size_t i = 0; i < template->n_faces; i++)
        template_clear_face(&template->faces[i]);
    free_rules(template);
    free(template->fields);
    free(template->faces);
    free(template->folder);
    free(template->id);
    free(template->type_name);
    free(template->type_code);
    free(template->type_code_confidence);
    free(template->definer_name);
    free(template->definer_uscc);
    free(template->standard);
    free(template->holder_category);
    free(template->validity);
    free(template->level);
    free(template->retention);
    free(template->holder_code_type);
    free(template->issuer_level);
    free(template);
}

int template_field(const struct template *template, const char *name)
{
    for (size_t i = 0; i < template->n_fields; i++) {
        if (strcmp(template->fields[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

int template_role(const struct template *template, enum field_role role)
{
    for (size_t i = 0; i < template->n_fields; i++) {
        if (template->fields[i].role == role)
            return (int)i;
    }
    return -1;
}

enum rc template_need_field(const struct template *template, const struct node *node, int *out,
                            struct err *err)
{
    CLEANUP(freep) const char **names = mem_zero(template->n_fields + 1, sizeof(*names));
    const char *name, *near;

    TRY(node_text(node, &name, err));
    *out = template_field(template, name);
    if (*out >= 0)
        return RC_OK;
    for (size_t i = 0; i < template->n_fields; i++)
        names[i] = template->fields[i].name;
    near = suggest(name, names);
    if (near)
        return node_fail(node, err, "no field is called '%.80s'; did you mean '%s'?", name, near);
    return node_fail(node, err, "no field is called '%.80s'", name);
}

enum rc template_items(const struct node *map, const char *key, size_t size, struct items *out,
                       struct err *err)
{
    *out = (struct items){0};
    TRY(node_get_list(map, key, &out->list, err));
    if (!out->list)
        return RC_OK;
    if (out->list->n > LIMIT_FIELDS)
        return node_fail(out->list, err, "'%s' has more than %d items", key, LIMIT_FIELDS);
    out->n = out->list->n;
    out->memory = mem_zero(out->n, size);
    return RC_OK;
}

static enum rc read_definer(const struct node *type, struct template *template, struct err *err)
{
    static const char *const keys[] = {"name", "uscc", NULL};
    const struct node *definer = NULL;

    TRY(node_get_map(type, "definer", &definer, err));
    if (!definer)
        return RC_OK;
    TRY(node_check_keys(definer, keys, err));
    TRY(node_need_text(definer, "name", &template->definer_name, err));
    TRY(node_need_text(definer, "uscc", &template->definer_uscc, err));
    if (uscc_check(template->definer_uscc).fault != CHECK_GOOD)
        return node_fail(node_get(definer, "uscc"), err,
                         "GB 32100-2015: '%.40s' is no unified social credit code",
                         template->definer_uscc);
    return RC_OK;
}

/* GB/T 36904: 21 characters that begin with the code of the body that defines the type. */
static enum rc check_type_code(const struct node *type, const struct template *template,
                               struct err *err)
{
    const struct node *node = node_get(type, "code");

    if (strlen(template->type_code) != IDENTIFIER_TYPE_LEN ||
        !identifier_is_alnum(template->type_code))
        return node_fail(node, err,
                         "GB/T 36904: type code: want 21 characters of 0-9A-Z, got '%.60s'",
                         template->type_code);
    if (template->definer_uscc &&
        strncmp(template->type_code, template->definer_uscc, strlen(template->definer_uscc)) != 0)
        return node_fail(node, err, "GB/T 36904: type code: want it to begin with '%s'",
                         template->definer_uscc);
    return RC_OK;
}

static enum rc read_type(const struct node *root, struct template *template, struct err *err)
{
    static const char *const keys[] = {"name",
                                       "code",
                                       "code_confidence",
                                       "definer",
                                       "standard",
                                       "holder_category",
                                       "holder_code_type",
                                       "validity",
                                       "level",
                                       "issuer_level",
                                       "retention",
                                       NULL};
    const struct {
        const char *key;
        char **out;
    } texts[] = {
        {"standard", &template->standard},
        {"holder_category", &template->holder_category},
        {"validity", &template->validity},
        {"level", &template->level},
        {"retention", &template->retention},
        {"holder_code_type", &template->holder_code_type},
        {"issuer_level", &template->issuer_level},
    };
    static const char *const trust[] = {"confirmed", "one-source", "inferred", "none", NULL};
    const struct node *type = NULL;
    int confidence = 3;

    TRY(node_get_map(root, "type", &type, err));
    if (!type)
        return node_fail(root, err, "key 'type' is missing");
    TRY(node_check_keys(type, keys, err));
    TRY(node_need_text(type, "name", &template->type_name, err));
    TRY(node_need_text(type, "code", &template->type_code, err));
    TRY(node_get_choice(type, "code_confidence", trust, &confidence, err));
    template->type_code_confidence = mem_text(trust[confidence]);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        TRY(node_get_text(type, texts[i].key, texts[i].out, err));
    TRY(read_definer(type, template, err));
    return check_type_code(type, template, err);
}

static enum rc check_roles(const struct node *root, const struct template *template,
                           struct err *err)
{
    static const struct {
        enum field_role role;
        const char *name;
    } needed[] = {
        {ROLE_HOLDER, "holder"}, {ROLE_ISSUER, "issuer"}, {ROLE_ISSUER_CODE, "issuer-code"}};
    const struct node *fields = node_get(root, "fields");

    for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
        if (template_role(template, needed[i].role) < 0)
            return node_fail(fields, err, "GB/T 36903: no field has the role '%s'", needed[i].name);
    }
    if (template_role(template, ROLE_NUMBER) < 0 && template_role(template, ROLE_HOLDER_CODE) < 0)
        return node_fail(fields, err,
                         "GB/T 36903: no field has the role 'number' or 'holder-code'");
    return RC_OK;
}

static enum rc check_schema(const struct node *root, struct template *template, struct err *err)
{
    static const char *const keys[] = {"template", "id",    "extends", "type", "serial",
                                       "fields",   "rules", "faces",   NULL};
    CLEANUP(freep) char *schema = NULL;

    TRY(node_check_kind(root, NODE_MAP, err));
    TRY(node_check_keys(root, keys, err));
    TRY(node_need_text(root, "template", &schema, err));
    if (strcmp(schema, "ecert.template/1") != 0)
        return node_fail(node_get(root, "template"), err, "want 'ecert.template/1', got '%.40s'",
                         schema);
    if (node_get(root, "extends"))
        return node_fail(node_get(root, "extends"), err, "this version reads no derived templates");
    TRY(node_need_text(root, "id", &template->id, err));
    if (template->id[strspn(template->id, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return node_fail(node_get(root, "id"), err, "want a-z, 0-9 and '-', got '%.60s'",
                         template->id);
    return RC_OK;
}

static enum rc read_root(const struct node *root, struct template *template, struct err *err)
{
    static const char *const serials[] = {
        [SERIAL_NUMBER] = "number", [SERIAL_DIGEST] = "digest", NULL};
    int serial = SERIAL_NUMBER;

    TRY(check_schema(root, template, err));
    TRY(read_type(root, template, err));
    TRY(node_get_choice(root, "serial", serials, &serial, err));
    template->serial = (typeof(template->serial))serial;
    TRY(template_read_fields(root, template, err));
    TRY(check_roles(root, template, err));
    TRY(template_read_rules(root, template, err));
    return template_read_faces(root, template, err);
}

static enum rc parse(struct span yaml, const char *folder, struct template **out, struct err *err)
{
    CLEANUP(template_freep) struct template *template = mem_zero(1, sizeof(*template));
    CLEANUP(node_freep) struct node *root = NULL;
    CLEANUP(freep) char *path = path_join(folder, "template.yaml");

    template->folder = mem_text(folder);
    sm3(yaml, template->sm3);
    TRY(loader_parse(yaml, path, &root, err));
    TRY(read_root(root, template, err));
    *out = MOVE(template);
    return RC_OK;
}

/* What is wrong in the file is a fault of configuration, whoever noticed it. */
static enum rc as_configuration(enum rc rc, struct err *err)
{
    if (rc == RC_INPUT)
        rc = err->code = RC_USAGE;
    if (rc == RC_USAGE && !err->finding[0])
        (void)snprintf(err->finding, sizeof(err->finding), "TPL001");
    return rc;
}

enum rc template_parse(struct span yaml, const char *folder, struct template **out, struct err *err)
{
    return as_configuration(parse(yaml, folder, out, err), err);
}

enum rc template_load(const char *folder, struct template **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_CONFIG);
    CLEANUP(freep) char *path = path_join(folder, "template.yaml");
    enum rc rc = file_read(path, &text, err);

    if (rc != RC_OK)
        return as_configuration(rc, err);
    return template_parse(buf_span(&text), folder, out, err);
}

/* "templates (business-license, land-site-opinion); " onto the list of where it was looked for. */
static void note_folder(const char *folder, char *seen, size_t size)
{
    struct err ignored = ERR_INIT;
    char **names = NULL;
    size_t n = 0, at = strlen(seen);
    const char *mark = " (";

    at += (size_t)snprintf(seen + at, size - at, "%s%s", at ? "; " : "", folder);
    if (dir_list(folder, &names, &n, &ignored) != RC_OK) {
        if (at < size)
            (void)snprintf(seen + at, size - at, " (-)");
        return;
    }
    for (size_t i = 0; i < n && at < size; i++) {
        CLEANUP(freep) char *inner = path_join(folder, names[i]);
        CLEANUP(freep) char *file = path_join(inner, "template.yaml");

        if (!file_exists(file))
            continue;
        at += (size_t)snprintf(seen + at, size - at, "%s%s", mark, names[i]);
        mark = ", ";
    }
    if (at < size)
        (void)snprintf(seen + at, size - at, "%s", mark[0] == ',' ? ")" : " (-)");
    names_free(names, n);
}

/* Found by its name, it must call itself so: licence.json carries its own. */
static enum rc load_named(const char *folder, const char *id, struct template **out,
                          struct err *err)
{
    CLEANUP(template_freep) struct template *template = NULL;

    TRY(template_load(folder, &template, err));
    if (strcmp(template->id, id) != 0) {
        (void)err_find(err, "TPL001", RC_USAGE,
                       "id: want '%.60s' as its folder is called, got '%.60s'", id, template->id);
        return err_at(err, "%s/template.yaml", folder);
    }
    *out = MOVE(template);
    return RC_OK;
}

enum rc template_find(const char *id, const char *const *folders, struct template **out,
                      struct err *err)
{
    char seen[360] = "";

    if (strchr(id, '/'))
        return template_load(id, out, err);
    for (size_t i = 0; folders && folders[i]; i++) {
        CLEANUP(freep) char *folder = path_join(folders[i], id);
        CLEANUP(freep) char *file = path_join(folder, "template.yaml");

        if (*id && file_exists(file))
            return load_named(folder, id, out, err);
        note_folder(folders[i], seen, sizeof(seen));
    }
    return err_find(err, "TPL002", RC_USAGE, "no template '%.60s'; looked in: %s", id, seen);
}
