/* SPDX-License-Identifier: Apache-2.0 */
/* A record becomes a licence: identifier (GB/T 36904), metadata (GB/T 36903), seal places. */
#include "core/model/licence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "core/model/identifier.h"
#include "core/model/licence_priv.h"

enum { RANDOM_SERIAL_LEN = 20 };

void licence_free(struct licence *licence)
{
    if (!licence)
        return;
    for (size_t i = 0; i < licence->n_metadata; i++) {
        free(licence->metadata[i].key);
        free(licence->metadata[i].value);
    }
    for (size_t i = 0; i < licence->n_fields; i++) {
        free(licence->fields[i].name);
        free(licence->fields[i].short_name);
        free(licence->fields[i].value);
        free(licence->fields[i].text);
        free(licence->fields[i].missing);
        free(licence->fields[i].picture_file);
    }
    for (size_t i = 0; i < licence->n_seal_places; i++) {
        free(licence->seal_places[i].name);
        free(licence->seal_places[i].role);
        free(licence->seal_places[i].issuer);
    }
    free(licence->metadata);
    free(licence->fields);
    free(licence->seal_places);
    free(licence->identifier);
    free(licence->type_code);
    free(licence->type_name);
    free(licence->template_id);
    free(licence->template_sm3);
    free(licence->replaces);
    free(licence->origin);
    free(licence);
}

const char *licence_metadata(const struct licence *licence, const char *short_name)
{
    for (size_t i = 0; i < licence->n_metadata; i++) {
        if (strcmp(licence->metadata[i].key, short_name) == 0)
            return licence->metadata[i].value;
    }
    return NULL;
}

/* The value of the field with a role, "" where there is none. */
static const char *by_role(const struct draft *draft, enum field_role role)
{
    int field = template_role(draft->template, role);

    return field < 0 ? "" : draft->licence->fields[field].value;
}

static const char *licence_number(const struct draft *draft)
{
    const char *number = by_role(draft, ROLE_NUMBER);

    return *number ? number : by_role(draft, ROLE_HOLDER_CODE);
}

/* SM3 of the number as 20 characters of base 36: the same number gives the same serial. */
static void digest_serial(const char *number, char out[IDENTIFIER_SERIAL_MAX + 1])
{
    unsigned char digest[SM3_LEN];

    sm3(span_of(number), digest);
    for (int i = 0; i < RANDOM_SERIAL_LEN; i++) {
        unsigned rest = 0;

        for (size_t k = 0; k < sizeof(digest); k++) { /* long division by 36 */
            rest = rest * 256 + digest[k];
            digest[k] = (unsigned char)(rest / 36);
            rest %= 36;
        }
        out[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest];
    }
    out[RANDOM_SERIAL_LEN] = '\0';
}

/*
 * The licence number without what GB/T 36904 does not allow.  A number of which
 * characters other than punctuation would be lost (一〇三号) is digested instead:
 * two numbers must not fall together.
 */
static void number_serial(const char *number, char out[IDENTIFIER_SERIAL_MAX + 1])
{
    size_t n = 0;

    for (const char *p = number; *p; p++) {
        bool letter = *p >= 'A' && *p <= 'Z', small = *p >= 'a' && *p <= 'z';

        if ((unsigned char)*p >= 0x80 || n == IDENTIFIER_SERIAL_MAX) {
            n = 0;
            break;
        }
        if (small)
            out[n++] = (char)(*p - 'a' + 'A');
        else if (letter || (*p >= '0' && *p <= '9'))
            out[n++] = *p;
    }
    out[n] = '\0';
    if (n == 0)
        digest_serial(number, out);
}

static enum rc choose_serial(const struct draft *draft, char out[IDENTIFIER_SERIAL_MAX + 1],
                             struct err *err)
{
    const char *given = draft->options->serial;

    if (!given && draft->template->serial == SERIAL_NUMBER)
        number_serial(licence_number(draft), out);
    else if (!given)
        digest_serial(licence_number(draft), out);
    else if (strcmp(given, "auto") == 0)
        return identifier_random_serial(out, RANDOM_SERIAL_LEN, err);
    else if (strlen(given) > IDENTIFIER_SERIAL_MAX || !identifier_is_alnum(given))
        return err_find(err, "IDN006", RC_USAGE,
                        "GB/T 36904: serial: want 1 to %d characters of 0-9A-Z, got '%.80s'",
                        IDENTIFIER_SERIAL_MAX, given);
    else
        (void)snprintf(out, IDENTIFIER_SERIAL_MAX + 1, "%s", given);
    return RC_OK;
}

static enum rc mint(struct draft *draft, struct err *err)
{
    CLEANUP(freep) char *issuer = party_copy(by_role(draft, ROLE_ISSUER_CODE), 1);
    char serial[IDENTIFIER_SERIAL_MAX + 1] = "";
    struct identifier_parts parts = {.type = draft->template->type_code,
                                     .issuer = issuer,
                                     .serial = serial,
                                     .version = draft->options->version};

    TRY(choose_serial(draft, serial, err));
    TRY(identifier_mint(&parts, &draft->licence->identifier, err));
    if (parts.version-- == 1)
        return RC_OK;
    return identifier_mint(&parts, &draft->licence->replaces, err);
}

/* GB/T 36903-2018 annex A: kinds of holders' codes. */
static const char *code_type_name(const char *code)
{
    static const char *const names[][2] = {
        {"001", "统一社会信用代码"},
        {"099", "其他法人或其他组织有效证件代码"},
        {"111", "公民身份号码"},
        {"114", "中国人民解放军军官证编号"},
        {"115", "中国人民武装警察部队警官证编号"},
        {"118", "中国人民解放军士兵证编号"},
        {"119", "中国人民武装警察部队士兵证编号"},
        {"120", "中国人民解放军文职人员证编号"},
        {"122", "中国人民武装警察部队文职人员证编号"},
        {"411", "外交护照护照号"},
        {"412", "公务护照护照号"},
        {"413", "公务普通护照护照号"},
        {"414", "普通护照护照号"},
        {"511", "台湾居民来往大陆通行证号码"},
        {"516", "港澳居民来往内地通行证号码"},
        {"999", "其他自然人有效证件代码"},
    };

    for (size_t i = 0; code && i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(names[i][0], code) == 0)
            return names[i][1];
    }
    return "";
}

/* Short names confirmed by several sources only, in the order of GB/T 36903. */
static void set_metadata(struct draft *draft)
{
    const struct template *template = draft->template;
    struct licence *licence = draft->licence;
    const char *code = by_role(draft, ROLE_HOLDER_CODE);
    bool coded = *code && template->holder_code_type;
    const struct {
        const char *key, *value;
    } all[] = {
        {"ZZMC", template->type_name},
        {"ZZBS", licence->identifier},
        {"ZZLXDM", template->type_code},
        {"ZZBH", licence_number(draft)},
        {"ZZBFJG", by_role(draft, ROLE_ISSUER)},
        {"ZZBFJGDM", by_role(draft, ROLE_ISSUER_CODE)},
        {"ZZBFJGJB", template->issuer_level},
        {"ZZBFRQ", by_role(draft, ROLE_ISSUED)},
        {"CZZT", by_role(draft, ROLE_HOLDER)},
        {"CZZTDM", code},
        {"CZZTDMLX", coded ? code_type_name(template->holder_code_type) : ""},
        {"CZZTDMLXDM", coded ? template->holder_code_type : ""},
        {"ZZYXQQSRQ", by_role(draft, ROLE_VALID_FROM)},
        {"ZZYXQJZRQ", by_role(draft, ROLE_VALID_UNTIL)},
    };

    licence->metadata = mem_zero(sizeof(all) / sizeof(*all), sizeof(*licence->metadata));
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        if (!all[i].value || !*all[i].value)
            continue;
        licence->metadata[licence->n_metadata++] =
            (struct pair){.key = mem_text(all[i].key), .value = mem_text(all[i].value)};
    }
}

static char *place_issuer(const struct draft *draft, const struct template_seal *seal)
{
    int field = seal->issuer ? template_field(draft->template, seal->issuer) : -1;
    char *name = NULL;

    if (field >= 0)
        name = mem_text(draft->licence->fields[field].value);
    else if (seal->issuer)
        name = mem_text(seal->issuer);
    else
        name = party_copy(by_role(draft, ROLE_ISSUER), seal->nth_issuer);
    return name ? name : mem_text("");
}

static bool shows(const struct template_face *face, int field)
{
    for (size_t p = 0; p < face->n_pages; p++) {
        for (size_t i = 0; i < face->pages[p].n_texts; i++) {
            if (face->pages[p].texts[i].field == field)
                return true;
        }
    }
    return false;
}

/* `text` is what the face prints: nothing, of a field that it does not show. */
static void hide_unshown(struct draft *draft, const struct template_face *face)
{
    for (size_t i = 0; i < draft->licence->n_fields; i++) {
        if (!shows(face, (int)i))
            draft->licence->fields[i].text[0] = '\0';
    }
}

static void set_seal_places(struct draft *draft, const struct template_face *face)
{
    struct licence *licence = draft->licence;
    size_t n = 0;

    for (size_t p = 0; p < face->n_pages; p++)
        n += face->pages[p].n_seals;
    licence->seal_places = mem_zero(n, sizeof(*licence->seal_places));
    for (size_t p = 0; p < face->n_pages; p++) {
        for (size_t i = 0; i < face->pages[p].n_seals; i++) {
            const struct template_seal *seal = &face->pages[p].seals[i];
            struct seal_place *place = &licence->seal_places[licence->n_seal_places++];

            *place = (struct seal_place){.name = mem_text(seal->name),
                                         .role = mem_text(seal->role),
                                         .issuer = place_issuer(draft, seal),
                                         .page = (int)p + 1,
                                         .box = seal->box};
            place->required = seal->required && *place->issuer;
            licence->seals_required += place->required;
        }
    }
}

/* The identifier needs an issuer and a number, whatever the template calls required. */
static void check_identity(struct draft *draft)
{
    const struct template_field *fields = draft->template->fields;
    int number = template_role(draft->template, ROLE_NUMBER);

    if (!*by_role(draft, ROLE_ISSUER_CODE))
        draft_refuse(draft, fields[template_role(draft->template, ROLE_ISSUER_CODE)].name, "FLD203",
                     NULL, NULL);
    if (number < 0)
        number = template_role(draft->template, ROLE_HOLDER_CODE);
    if (!*licence_number(draft))
        draft_refuse(draft, fields[number].name, "FLD203", NULL, NULL);
}

static void set_constants(struct draft *draft)
{
    const struct template *template = draft->template;
    struct licence *licence = draft->licence;
    char digest[2 * SM3_LEN + 1];

    hex_encode(template->sm3, SM3_LEN, digest);
    licence->template = template;
    licence->type_code = mem_text(template->type_code);
    licence->type_name = mem_text(template->type_name);
    licence->template_id = mem_text(template->id);
    licence->template_sm3 = mem_text(digest);
    licence->origin = mem_text("issued");
    date_print(draft->today, licence->made);
}

enum rc licence_make(const struct template *template, const struct js *record, struct span photo,
                     const struct issue_options *options, struct licence **out,
                     struct findings *findings, struct err *err)
{
    CLEANUP(licence_freep) struct licence *licence = mem_zero(1, sizeof(*licence));
    const struct template_face *face = options->face ? options->face : &template->faces[0];
    instant at = options->issued_at == INSTANT_NONE ? clock_now() : options->issued_at;
    struct draft draft = {.template = template,
                          .record = record,
                          .options = options,
                          .photo = photo,
                          .today = date_at(at, CHINA_OFFSET),
                          .licence = licence,
                          .findings = findings};

    if (js_kind(record) != JS_OBJECT) {
        findings_add(findings, "FLD003", PLACE_NONE, NULL);
        return err_find(err, "FLD003", RC_NO,
                        "a record is a JSON object of field names and values");
    }
    draft_read_fields(&draft);
    if (!draft.refused)
        draft_check_rules(&draft);
    if (!draft.refused)
        check_identity(&draft);
    if (draft.refused)
        return err_find(err, "FLD006", RC_NO, "the record breaks the template '%s'", template->id);
    set_constants(&draft);
    TRY(mint(&draft, err));
    set_metadata(&draft);
    hide_unshown(&draft, face);
    set_seal_places(&draft, face);
    *out = MOVE(licence);
    return RC_OK;
}
