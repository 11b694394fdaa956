/* SPDX-License-Identifier: Apache-2.0 */
/* The fields and rules of template.yaml. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/identifier.h"
#include "core/model/template_priv.h"

static void free_texts(char **texts)
{
    for (char **p = texts; p && *p; p++)
        free(*p);
    free(texts);
}

void template_clear_field(struct template_field *field)
{
    free(field->name);
    free(field->short_name);
    free(field->pattern);
    free(field->constant);
    free_texts(field->codes);
    free_texts(field->missing);
    if (field->regex)
        regfree(field->regex);
    free(field->regex);
}

/* Bytes are matched, not characters: a Chinese character inside [ ] would not mean itself. */
static bool has_wide_class(const char *pattern)
{
    bool inside = false;

    for (const char *p = pattern; *p; p++) {
        if (*p == '\\' && p[1] && !inside)
            p++;
        else if (*p == '[' && !inside)
            inside = true;
        else if (*p == ']')
            inside = false;
        else if (inside && (unsigned char)*p >= 0x80)
            return true;
    }
    return false;
}

static enum rc read_pattern(const struct node *node, struct template_field *field, struct err *err)
{
    const struct node *at = node_get(node, "pattern");
    CLEANUP(freep) char *whole = NULL;
    size_t n;
    char reason[100];
    int code;

    TRY(node_get_text(node, "pattern", &field->pattern, err));
    if (!field->pattern)
        return RC_OK;
    if (has_wide_class(field->pattern))
        return node_fail(at, err,
                         "pattern: [ ] holds ASCII only; write (甲|乙) for other characters");
    n = strlen(field->pattern);
    whole = mem_zero(n + 5, 1);
    memcpy(whole, "^(", 2);
    memcpy(whole + 2, field->pattern, n);
    memcpy(whole + 2 + n, ")$", 2);
    field->regex = mem_zero(1, sizeof(*field->regex));
    code = regcomp(field->regex, whole, REG_EXTENDED | REG_NOSUB);
    if (code == 0)
        return RC_OK;
    (void)regerror(code, field->regex, reason, sizeof(reason));
    free(field->regex);
    field->regex = NULL;
    return node_fail(at, err, "pattern: %s", reason);
}

/* length: 100, or [2, 100] */
static enum rc read_length(const struct node *node, struct template_field *field, struct err *err)
{
    const struct node *length = node_get(node, "length");

    if (!length)
        return RC_OK;
    if (length->kind != NODE_LIST)
        return node_int(length, 1, 100000, &field->max_length, err);
    if (length->n != 2)
        return node_fail(length, err, "want a number, or [least, most]");
    TRY(node_int(length->values[0], 0, 100000, &field->min_length, err));
    return node_int(length->values[1], field->min_length ? field->min_length : 1, 100000,
                    &field->max_length, err);
}

static const char *const types[] = {[FIELD_TEXT] = "text",
                                    [FIELD_DATE] = "date",
                                    [FIELD_DATE_END] = "date-or-open",
                                    [FIELD_USCC] = "uscc",
                                    [FIELD_CITIZEN_ID] = "citizen-id",
                                    [FIELD_NUMBER] = "number",
                                    [FIELD_CODE] = "code",
                                    [FIELD_MONEY] = "money",
                                    [FIELD_IMAGE] = "image",
                                    NULL};
static const char *const roles[] = {[ROLE_NONE] = "none",
                                    [ROLE_NUMBER] = "number",
                                    [ROLE_HOLDER] = "holder",
                                    [ROLE_HOLDER_CODE] = "holder-code",
                                    [ROLE_ISSUER] = "issuer",
                                    [ROLE_ISSUER_CODE] = "issuer-code",
                                    [ROLE_ISSUED] = "issued",
                                    [ROLE_VALID_FROM] = "valid-from",
                                    [ROLE_VALID_UNTIL] = "valid-until",
                                    NULL};

static enum rc read_choices(const struct node *node, struct template_field *field, struct err *err)
{
    static const char *const date_forms[] = {
        [DATE_ISO] = "iso", [DATE_ARABIC] = "arabic", [DATE_HAN] = "han", NULL};
    static const char *const money_forms[] = {[MONEY_DIGITS] = "digits", [MONEY_HAN] = "han", NULL};
    int type = FIELD_TEXT, role = ROLE_NONE, date_form = DATE_ISO, money_form = MONEY_DIGITS;

    TRY(node_get_choice(node, "type", types, &type, err));
    TRY(node_get_choice(node, "role", roles, &role, err));
    TRY(node_get_choice(node, "date_form", date_forms, &date_form, err));
    TRY(node_get_choice(node, "money_form", money_forms, &money_form, err));
    field->type = (enum field_type)type;
    field->role = (enum field_role)role;
    field->date_form = (enum date_form)date_form;
    field->money_form = (enum money_form)money_form;
    return RC_OK;
}

/* A role asks for a kind of value: dates for dates, credit codes for bodies. */
static enum rc check_role(const struct node *node, const struct template_field *field,
                          struct err *err)
{
    const struct node *at = node_get(node, "role");
    bool dated = field->type == FIELD_DATE || field->type == FIELD_DATE_END;

    if ((field->role == ROLE_ISSUED || field->role == ROLE_VALID_FROM) && field->type != FIELD_DATE)
        return node_fail(at, err, "role '%s' needs the type 'date'", roles[field->role]);
    if (field->role == ROLE_VALID_UNTIL && !dated)
        return node_fail(at, err, "role '%s' needs the type 'date' or 'date-or-open'",
                         roles[field->role]);
    if (field->role == ROLE_ISSUER_CODE && field->type != FIELD_USCC)
        return node_fail(at, err, "role '%s' needs the type 'uscc'", roles[field->role]);
    if (field->type == FIELD_CODE && !field->codes)
        return node_fail(node, err, "type 'code' needs the key 'codes'");
    return RC_OK;
}

static enum rc read_field(const struct node *node, struct template_field *field, struct err *err)
{
    static const char *const keys[] = {"name",   "short",     "type",       "role",    "required",
                                       "length", "pattern",   "codes",      "missing", "disclose",
                                       "const",  "date_form", "money_form", NULL};

    TRY(node_check_kind(node, NODE_MAP, err));
    TRY(node_check_keys(node, keys, err));
    TRY(node_need_text(node, "name", &field->name, err));
    if (strpbrk(field->name, "{}^\n\t"))
        return node_fail(node_get(node, "name"), err, "a name holds no { } ^, tabs or line breaks");
    TRY(node_need_text(node, "short", &field->short_name, err));
    if (!identifier_is_alnum(field->short_name) || strlen(field->short_name) > 32)
        return node_fail(node_get(node, "short"), err,
                         "want up to 32 characters of 0-9A-Z, got '%.60s'", field->short_name);
    TRY(read_choices(node, field, err));
    TRY(node_get_bool(node, "required", &field->required, err));
    field->disclose = true;
    TRY(node_get_bool(node, "disclose", &field->disclose, err));
    TRY(read_length(node, field, err));
    TRY(read_pattern(node, field, err));
    TRY(node_get_texts(node, "codes", &field->codes, NULL, err));
    TRY(node_get_texts(node, "missing", &field->missing, NULL, err));
    TRY(node_get_text(node, "const", &field->constant, err));
    return check_role(node, field, err);
}

static enum rc check_unique(const struct template *template, size_t last, const struct node *node,
                            struct err *err)
{
    const struct template_field *field = &template->fields[last];

    for (size_t i = 0; i < last; i++) {
        const struct template_field *other = &template->fields[i];

        if (strcmp(field->name, other->name) == 0)
            return node_fail(node, err, "two fields are called '%s'", field->name);
        if (strcmp(field->short_name, other->short_name) == 0)
            return node_fail(node, err, "two fields have the short name '%s'", field->short_name);
        if (field->role != ROLE_NONE && field->role == other->role)
            return node_fail(node, err, "two fields have the role '%s'", roles[field->role]);
    }
    return RC_OK;
}

enum rc template_read_fields(const struct node *root, struct template *template, struct err *err)
{
    struct items items;

    TRY(template_items(root, "fields", sizeof(*template->fields), &items, err));
    template->fields = items.memory;
    template->n_fields = items.n;
    if (items.n == 0)
        return node_fail(root, err, "key 'fields' is missing or empty");
    for (size_t i = 0; i < items.n; i++) {
        TRY(read_field(items.list->values[i], &template->fields[i], err));
        TRY(check_unique(template, i, items.list->values[i], err));
    }
    return RC_OK;
}

static enum rc read_message(const struct node *node, struct template_rule *rule, struct err *err)
{
    static const char *const keys[] = {"en", "zh", NULL};
    const struct node *message = node_get(node, "message");

    if (!message)
        return RC_OK;
    if (message->kind == NODE_SCALAR) { /* one text for both languages */
        TRY(node_get_text(node, "message", &rule->message_zh, err));
        return node_get_text(node, "message", &rule->message_en, err);
    }
    TRY(node_check_kind(message, NODE_MAP, err));
    TRY(node_check_keys(message, keys, err));
    TRY(node_need_text(message, "en", &rule->message_en, err));
    return node_need_text(message, "zh", &rule->message_zh, err);
}

/* How many fields a rule takes, and of which type they must be (the second may stand for the
 * first). */
static const struct {
    const char *name;
    size_t least, most;
    enum field_type types[4][2];
} rules[] = {
    [RULE_DATE_ORDER] = {"date-order",
                         2,
                         4,
                         {{FIELD_DATE, FIELD_DATE_END},
                          {FIELD_DATE, FIELD_DATE_END},
                          {FIELD_DATE, FIELD_DATE_END},
                          {FIELD_DATE, FIELD_DATE_END}}},
    [RULE_BIRTH_ID] = {"birth-id",
                       2,
                       2,
                       {{FIELD_DATE, FIELD_DATE}, {FIELD_CITIZEN_ID, FIELD_CITIZEN_ID}}},
    [RULE_REGION] = {"region",
                     1,
                     4,
                     {{FIELD_USCC, FIELD_CITIZEN_ID},
                      {FIELD_USCC, FIELD_CITIZEN_ID},
                      {FIELD_USCC, FIELD_CITIZEN_ID},
                      {FIELD_USCC, FIELD_CITIZEN_ID}}},
    [RULE_MAX_YEARS] = {"max-years",
                        2,
                        2,
                        {{FIELD_DATE, FIELD_DATE}, {FIELD_DATE, FIELD_DATE_END}}},
};

static enum rc read_rule_fields(const struct node *list, const struct template *template,
                                struct template_rule *rule, struct err *err)
{
    size_t n = list ? list->n : 0;

    if (n < rules[rule->kind].least || n > rules[rule->kind].most)
        return node_fail(list, err, "rule '%s' takes %zu to %zu fields", rules[rule->kind].name,
                         rules[rule->kind].least, rules[rule->kind].most);
    for (size_t i = 0; i < n; i++) {
        const enum field_type *allowed = rules[rule->kind].types[i];
        enum field_type type;

        TRY(template_need_field(template, list->values[i], &rule->fields[i], err));
        type = template->fields[rule->fields[i]].type;
        if (type != allowed[0] && type != allowed[1])
            return node_fail(list->values[i], err, "rule '%s' needs a field of type '%s' here",
                             rules[rule->kind].name, types[allowed[0]]);
    }
    return RC_OK;
}

static enum rc read_rule(const struct node *node, const struct template *template,
                         struct template_rule *rule, struct err *err)
{
    static const char *const keys[] = {"rule", "fields", "years", "message", NULL};
    const char *names[sizeof(rules) / sizeof(*rules) + 1] = {NULL};
    const struct node *list = NULL;
    int kind = -1;

    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        names[i] = rules[i].name;
    *rule = (struct template_rule){.fields = {-1, -1, -1, -1}};
    TRY(node_check_kind(node, NODE_MAP, err));
    TRY(node_check_keys(node, keys, err));
    TRY(node_get_choice(node, "rule", names, &kind, err));
    TRY(node_get_list(node, "fields", &list, err));
    if (kind < 0 || !list)
        return node_fail(node, err, "key '%s' is missing", kind < 0 ? "rule" : "fields");
    rule->kind = (enum rule_kind)kind;
    TRY(read_message(node, rule, err));
    TRY(node_get_int(node, "years", 1, 200, &rule->years, err));
    if ((rule->kind == RULE_MAX_YEARS) != (rule->years > 0))
        return node_fail(node, err, "key 'years' belongs to the rule 'max-years'");
    return read_rule_fields(list, template, rule, err);
}

enum rc template_read_rules(const struct node *root, struct template *template, struct err *err)
{
    struct items items;

    TRY(template_items(root, "rules", sizeof(*template->rules), &items, err));
    template->rules = items.memory;
    template->n_rules = items.n;
    for (size_t i = 0; i < items.n; i++)
        TRY(read_rule(items.list->values[i], template, &template->rules[i], err));
    return RC_OK;
}
