/* SPDX-License-Identifier: Apache-2.0 */
/* A record's values against the fields of its template: one finding a field, the first fault. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/model/checkdigit.h"
#include "core/model/licence_priv.h"
#include "core/model/suggest.h"

void draft_refuse(struct draft *draft, const char *field, const char *code, const char *key,
                  const char *value)
{
    draft->refused = true;
    if (key)
        findings_add(draft->findings, code, PLACE_FIELD(field), "field", field, key, value, NULL);
    else
        findings_add(draft->findings, code, PLACE_FIELD(field), "field", field, NULL);
}

static void refuse_check(struct draft *draft, const char *field, const char *code,
                         const char *value, char expected)
{
    char want[2] = {expected, '\0'};

    draft->refused = true;
    findings_add(draft->findings, code, PLACE_FIELD(field), "field", field, "value", value,
                 "expected", want, NULL);
}

static void refuse_length(struct draft *draft, const char *field, const char *code, long actual,
                          long limit)
{
    char have[24], want[24];

    (void)snprintf(have, sizeof(have), "%ld", actual);
    (void)snprintf(want, sizeof(want), "%ld", limit);
    draft->refused = true;
    findings_add(draft->findings, code, PLACE_FIELD(field), "field", field, "actual", have, "limit",
                 want, NULL);
}

/* Characters that print nothing or turn the reading direction could hide what a value says. */
static bool is_invisible(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff0 && c <= 0xffff) || (c & 0xfffe) == 0xfffe;
}

static bool is_private(uint32_t c)
{
    return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a);
}

static bool check_characters(struct draft *draft, const char *field, const char *value)
{
    const unsigned char *p = (const unsigned char *)value, *end = p + strlen(value);
    uint32_t first = 0, c = 0;
    bool private_use = false;

    for (; p < end; first = first ? first : c) {
        c = utf8_next(&p, end);
        if (is_invisible(c)) {
            char shown[16];

            (void)snprintf(shown, sizeof(shown), "U+%04" PRIX32, c);
            draft_refuse(draft, field, "FLD216", "character", shown);
            return false;
        }
        private_use |= is_private(c);
    }
    if (is_blank(first) || is_blank(c)) {
        draft_refuse(draft, field, "FLD217", "value", value);
        return false;
    }
    if (private_use)
        findings_add(draft->findings, "FLD302", PLACE_FIELD(field), "field", field, "value", value,
                     NULL);
    return true;
}

/* One credit code; several stand joined by ^ in the fields of issuers and holders. */
static bool check_uscc(struct draft *draft, const char *field, const char *value)
{
    struct check check = uscc_check(value);

    if (check.fault == CHECK_DIGIT)
        refuse_check(draft, field, "FLD209", value, check.expected);
    else if (check.fault != CHECK_GOOD)
        draft_refuse(draft, field, "FLD208", "value", value);
    else if (!uscc_inner_is_good(value))
        findings_add(draft->findings, "FLD301", PLACE_FIELD(field), "field", field, "value", value,
                     NULL);
    return check.fault == CHECK_GOOD;
}

static bool check_citizen_id(struct draft *draft, const char *field, const char *value)
{
    struct check check = citizen_id_check(value);

    if (check.fault == CHECK_DIGIT)
        refuse_check(draft, field, "FLD212", value, check.expected);
    else if (check.fault == CHECK_DATE)
        draft_refuse(draft, field, "FLD211", "value", value);
    else if (check.fault != CHECK_GOOD)
        draft_refuse(draft, field, "FLD210", "value", value);
    return check.fault == CHECK_GOOD;
}

static bool check_parties(struct draft *draft, const struct template_field *field,
                          const char *value)
{
    int n = party_count(value);

    for (int i = 1; i <= n; i++) {
        CLEANUP(freep) char *one = party_copy(value, i);

        if (!(field->type == FIELD_USCC ? check_uscc : check_citizen_id)(draft, field->name, one))
            return false;
    }
    return true;
}

/* The names of a list in one line: 甲、乙、丙. */
static char *list_copy(char *const *list)
{
    size_t n = 1;
    char *out = mem_text("");

    for (; *list; list++) {
        size_t len = strlen(*list);

        out = mem_resize(out, n + len + 3);
        if (n > 1) {
            memcpy(out + n - 1, "、", 3);
            n += 3;
        }
        memcpy(out + n - 1, *list, len + 1);
        n += len;
    }
    return out;
}

static bool is_listed(char *const *list, const char *value)
{
    for (; list && *list; list++) {
        if (strcmp(*list, value) == 0)
            return true;
    }
    return false;
}

static bool check_code(struct draft *draft, const struct template_field *field, const char *value)
{
    CLEANUP(freep) char *all = NULL;

    if (is_listed(field->codes, value))
        return true;
    all = field->codes ? list_copy(field->codes) : mem_text("");
    draft->refused = true;
    findings_add(draft->findings, "FLD207", PLACE_FIELD(field->name), "field", field->name, "value",
                 value, "codes", all, NULL);
    return false;
}

/* Writes the canonical value of a date and its text on the face. */
static bool take_date(struct draft *draft, const struct template_field *field, const char *value,
                      struct licence_field *out)
{
    struct date date;

    if (field->type == FIELD_DATE_END && strcmp(value, OPEN_END) == 0) {
        out->text = mem_text(value);
        out->value = mem_text(value);
        return true;
    }
    if (!date_read(value, &date)) {
        draft_refuse(draft, field->name, "FLD213", "value", value);
        return false;
    }
    out->text = date_text(date, field->date_form);
    out->value = date_text(date, DATE_ISO);
    return true;
}

static bool check_type(struct draft *draft, const struct template_field *field, const char *value)
{
    switch (field->type) {
    case FIELD_USCC:
    case FIELD_CITIZEN_ID:
        return check_parties(draft, field, value);
    case FIELD_CODE:
        return check_code(draft, field, value);
    case FIELD_MONEY:
        if (money_is_good(value))
            return true;
        draft_refuse(draft, field->name, "FLD214", "value", value);
        return false;
    case FIELD_TEXT:
    case FIELD_NUMBER:
    case FIELD_DATE:
    case FIELD_DATE_END:
    case FIELD_IMAGE:
        break;
    }
    return true;
}

static bool check_length(struct draft *draft, const struct template_field *field, const char *value)
{
    long n = (long)utf8_length(value);

    if (field->max_length && n > field->max_length)
        refuse_length(draft, field->name, "FLD204", n, field->max_length);
    else if (n < field->min_length)
        refuse_length(draft, field->name, "FLD205", n, field->min_length);
    else
        return true;
    return false;
}

static bool check_pattern(struct draft *draft, const struct template_field *field,
                          const char *value)
{
    if (!field->regex || regexec(field->regex, value, 0, NULL, 0) == 0)
        return true;
    draft->refused = true;
    findings_add(draft->findings, "FLD206", PLACE_FIELD(field->name), "field", field->name, "value",
                 value, "pattern", field->pattern, NULL);
    return false;
}

/* What the face shows where it is not the value itself. */
static char *face_text(const struct template_field *field, const char *value)
{
    char *text;

    if (field->type == FIELD_MONEY)
        return money_text(value, field->money_form);
    if ((field->role == ROLE_ISSUER || field->role == ROLE_HOLDER) && party_count(value) > 1) {
        CLEANUP(freep) char **parts = mem_zero((size_t)party_count(value) + 1, sizeof(*parts));

        for (int i = 0; i < party_count(value); i++)
            parts[i] = party_copy(value, i + 1);
        text = list_copy(parts);
        for (char **p = parts; *p; p++)
            free(*p);
        return text;
    }
    return mem_text(value);
}

static void take_value(struct draft *draft, const struct template_field *field, const char *value,
                       struct licence_field *out)
{
    if (!check_characters(draft, field->name, value))
        return;
    if (field->type == FIELD_DATE || field->type == FIELD_DATE_END) {
        (void)take_date(draft, field, value, out);
        return;
    }
    if (!check_length(draft, field, value) || !check_type(draft, field, value) ||
        !check_pattern(draft, field, value))
        return;
    out->text = face_text(field, value);
    out->value = mem_text(value);
}

static bool is_picture(struct span file)
{
    static const unsigned char png[] = "\x89PNG\r\n\x1a\n", jpeg[] = "\xff\xd8\xff";

    return (file.len > 8 && memcmp(file.data, png, 8) == 0) ||
           (file.len > 3 && memcmp(file.data, jpeg, 3) == 0);
}

/* A picture comes in Base64 in the record, or is the one photo given beside it. */
static void take_picture(struct draft *draft, const struct template_field *field,
                         const char *base64, struct licence_field *out)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PICTURE);
    char digest[2 * SM3_LEN + 1];
    struct err err = ERR_INIT;

    if (base64 && base64_decode(base64, &file, &err) != RC_OK) {
        draft_refuse(draft, field->name, "FLD219", "detail", err.text);
        return;
    }
    out->picture = base64 ? buf_span(&file) : draft->photo;
    if (!is_picture(out->picture)) {
        out->picture = (struct span){0};
        draft_refuse(draft, field->name, "FLD219", "detail", "PNG / JPEG");
        return;
    }
    sm3_hex(out->picture, digest);
    out->value = mem_text(digest);
    if (base64)
        out->picture.data = out->picture_file = (unsigned char *)buf_take(&file, &out->picture.len);
}

/* {"missing": "01"}: allowed with a reason that the template lists. */
static void take_missing(struct draft *draft, const struct template_field *field,
                         const struct js *object, struct licence_field *out)
{
    const char *reason = js_get_text(object, "missing");
    CLEANUP(freep) char *all = field->missing ? list_copy(field->missing) : mem_text("—");

    if (!reason || js_len(object) != 1) {
        draft_refuse(draft, field->name, "FLD215", NULL, NULL);
    } else if (!is_listed(field->missing, reason)) {
        draft->refused = true;
        findings_add(draft->findings, "FLD218", PLACE_FIELD(field->name), "field", field->name,
                     "reason", reason, "reasons", all, NULL);
    } else {
        out->missing = mem_text(reason);
    }
}

/* The document date stands in for a date of issue that the record does not give. */
static void take_silence(struct draft *draft, const struct template_field *field,
                         struct licence_field *out)
{
    if (field->constant) {
        take_value(draft, field, field->constant, out);
    } else if (field->role == ROLE_ISSUED) {
        out->text = date_text(draft->today, field->date_form);
        out->value = date_text(draft->today, DATE_ISO);
    } else if (field->type == FIELD_IMAGE && draft->photo.len) {
        take_picture(draft, field, NULL, out);
    } else if (field->required) {
        draft_refuse(draft, field->name, "FLD203", NULL, NULL);
    }
}

static void take_field(struct draft *draft, const struct template_field *field,
                       struct licence_field *out)
{
    const struct js *given = js_get(draft->record, field->name);
    const char *text = js_text(given);
    char number[24];

    switch (js_kind(given)) {
    case JS_OBJECT:
        take_missing(draft, field, given, out);
        return;
    case JS_INTEGER:
        (void)snprintf(number, sizeof(number), "%" PRId64, js_integer(given));
        text = number;
        break;
    case JS_BOOL:
    case JS_REAL:
    case JS_ARRAY:
        draft_refuse(draft, field->name, "FLD215", NULL, NULL);
        return;
    case JS_NULL:
    case JS_STRING:
        break;
    }
    if (!text || !*text)
        take_silence(draft, field, out);
    else if (field->type == FIELD_IMAGE)
        take_picture(draft, field, text, out);
    else
        take_value(draft, field, text, out);
}

static void refuse_unknown(struct draft *draft, const char *key)
{
    const struct template *template = draft->template;
    CLEANUP(freep) const char **names = mem_zero(template->n_fields + 1, sizeof(*names));
    const char *near;

    for (size_t i = 0; i < template->n_fields; i++)
        names[i] = template->fields[i].name;
    near = suggest(key, names);
    draft_refuse(draft, key, near ? "FLD201" : "FLD202", near ? "suggestion" : NULL, near);
}

void draft_read_fields(struct draft *draft)
{
    const struct template *template = draft->template;
    struct licence *licence = draft->licence;

    for (struct js_member m = js_first(draft->record); m.key; m = js_next(m)) {
        if (template_field(template, m.key) < 0)
            refuse_unknown(draft, m.key);
    }
    licence->fields = mem_zero(template->n_fields, sizeof(*licence->fields));
    licence->n_fields = template->n_fields;
    for (size_t i = 0; i < template->n_fields; i++) {
        struct licence_field *out = &licence->fields[i];

        out->name = mem_text(template->fields[i].name);
        out->short_name = mem_text(template->fields[i].short_name);
        take_field(draft, &template->fields[i], out);
        out->value = out->value ? out->value : mem_text("");
        out->text = out->text ? out->text : mem_text("");
    }
}
