/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a licence says of itself.  A licence of ours says everything three times (decision 1
 * of the architecture): CustomDatas, licence.json and the texts of the face by the data
 * index; they must agree, and with the digest list that its seals bind.  Of other makers'
 * files only the identity is taken, as far as they tell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/identifier.h"
#include "formats/ofd/ofd_verify_priv.h"

#define SCHEMA_MARK                                                               \
    "\"schema\":\"ecert.licence/" /* licence.json is canonical: always so written \
                                   */
#define OPEN_END "长期"
#define BUSINESS_PREFIX "KZ_" /* a field of the licence type among the CustomDatas */

static struct findings *findings_of(struct ofd_case *at)
{
    return &at->out->findings;
}

static enum rc read_attachment(struct ofd *ofd, const char *name, struct span *out, struct err *err)
{
    const struct ofd_attachment *attachment = ofd_attachment(ofd, name);

    *out = (struct span){NULL, 0};
    if (!attachment || attachment->member < 0)
        return RC_OK;
    if (zipfile_size(ofd->zip, (size_t)attachment->member) > LIMIT_RECORD)
        return err_find(err, "PKG003", RC_INPUT, "%s: more than the limit of %zu bytes", name,
                        LIMIT_RECORD);
    return zipfile_read(ofd->zip, (size_t)attachment->member, out, err);
}

enum rc ofd_licence(struct ofd *ofd, struct licence **out, struct err *err)
{
    struct span json;

    *out = NULL;
    TRY(read_attachment(ofd, "licence.json", &json, err));
    if (!json.data || !memmem(json.data, json.len, SCHEMA_MARK, strlen(SCHEMA_MARK)))
        return RC_OK; /* another maker's attachment of that name */
    TRY_AT(licence_parse(json, out, err), err, "%s",
           ofd_name(ofd, ofd_attachment(ofd, "licence.json")->member));
    return RC_OK;
}

static void disagree(struct ofd_case *at, const char *name, const char *a, const char *b)
{
    findings_add(findings_of(at), "OFD206", PLACE_FIELD(name), "name", name, "a", a, "b", b, NULL);
    verification_add_personal(at->out, a);
    verification_add_personal(at->out, b);
    at->facts.face_disagrees = true;
}

static void lack(struct ofd_case *at, const char *name, const char *where)
{
    findings_add(findings_of(at), "OFD207", PLACE_FIELD(name), "name", name, "where", where, NULL);
    at->facts.face_disagrees = true;
}

/* licence.json against one CustomData; an empty value may as well be left out. */
static void compare_custom(struct ofd_case *at, const char *name, const char *value)
{
    const char *custom = ofd_custom(at->ofd, name);

    if (!custom && *value)
        lack(at, name, "CustomDatas");
    else if (custom && strcmp(custom, value) != 0)
        disagree(at, name, value, custom);
}

static void compare_metadata(struct ofd_case *at, const struct licence *licence)
{
    const char *identifier = licence_metadata(licence, "ZZBS");

    for (size_t i = 0; i < licence->n_metadata; i++)
        compare_custom(at, licence->metadata[i].key, licence->metadata[i].value);
    for (size_t i = 0; i < licence->n_fields; i++) {
        CLEANUP(buf_clear) struct buf name = BUF_INIT(LIMIT_RECORD);
        struct err err = ERR_INIT;

        if (buf_addf(&name, &err, BUSINESS_PREFIX "%s", licence->fields[i].short_name) == RC_OK)
            compare_custom(at, name.data, licence->fields[i].value);
    }
    if (licence->identifier && identifier && strcmp(identifier, licence->identifier) != 0)
        disagree(at, "ZZBS", licence->identifier, identifier);
}

static bool knows(const struct licence *licence, const char *key)
{
    const char *field = key + strlen(BUSINESS_PREFIX);

    if (strncmp(key, "ZZ", 2) == 0 || strncmp(key, "CZZT", 4) == 0) /* GB/T 36903 */
        return licence_metadata(licence, key) != NULL;
    if (strncmp(key, BUSINESS_PREFIX, strlen(BUSINESS_PREFIX)) != 0)
        return true; /* a note of some maker */
    for (size_t i = 0; i < licence->n_fields; i++) {
        if (strcmp(licence->fields[i].short_name, field) == 0)
            return true;
    }
    return false;
}

/* A second CustomData of a name, or one that licence.json lacks, would be read by somebody. */
static void compare_surplus(struct ofd_case *at, const struct licence *licence)
{
    const struct ofd *ofd = at->ofd;

    if (ofd->n_custom > LIMIT_FIELDS) /* none of ours has a tenth of it */
        lack(at, "CustomData", "licence.json");
    for (size_t i = 0; i < ofd->n_custom && i < LIMIT_FIELDS; i++) {
        const char *first = ofd_custom(ofd, ofd->custom[i].key);

        if (strcmp(first, ofd->custom[i].value) != 0)
            disagree(at, ofd->custom[i].key, first, ofd->custom[i].value);
        else if (!knows(licence, ofd->custom[i].key))
            disagree(at, ofd->custom[i].key, "", ofd->custom[i].value);
    }
}

/* Blanks at the ends of lines fall away in setting a text. */
static char *without_blanks(const char *text)
{
    char *out = mem_text(text), *to = out;

    for (; *text; text++) {
        if (*text != ' ' && *text != '\t' && *text != '\r' && *text != '\n')
            *to++ = *text;
    }
    *to = '\0';
    return out;
}

/* A face may show a value twice: then the objects hold it twice over. */
static bool shows(const char *objects, const char *text)
{
    CLEANUP(freep) char *shown = without_blanks(objects);
    CLEANUP(freep) char *wanted = without_blanks(text);
    size_t n = strlen(wanted);
    const char *at = shown;

    if (n == 0)
        return *shown == '\0';
    while (strncmp(at, wanted, n) == 0)
        at += n;
    return at != shown && *at == '\0';
}

static const struct licence_field *find_field(const struct licence *licence, const char *name)
{
    for (size_t i = 0; i < licence->n_fields; i++) {
        if (strcmp(licence->fields[i].name, name) == 0)
            return &licence->fields[i];
    }
    return NULL;
}

/* What the data index says that the face shows: each of its fields is one of licence.json. */
static void compare_index(struct ofd_case *at, const struct licence *licence)
{
    for (size_t i = 0; i < at->ofd->n_fields; i++) {
        const struct ofd_field *shown = &at->ofd->fields[i];
        const struct licence_field *field = find_field(licence, shown->name);

        if (!field)
            disagree(at, shown->name, "", shown->text);
        else if (*shown->text && !shows(shown->text, field->text ? field->text : ""))
            disagree(at, field->name, field->text ? field->text : "", shown->text);
    }
}

/* Every text of the face is of a field, as we write it, and looks as it reads. */
static void compare_texts(struct ofd_case *at)
{
    for (size_t p = 0; p < at->ofd->n_pages; p++) {
        const struct ofd_page *page = &at->ofd->pages[p];

        for (size_t i = 0; i < page->n_texts && findings_of(at)->n < FINDINGS_MAX; i++) {
            const struct ofd_text *text = &page->texts[i];

            if (text->named && !text->odd)
                continue;
            findings_add(findings_of(at), text->named ? "OFD210" : "OFD209",
                         PLACE_PART(ofd_name(at->ofd, page->member)), "text", text->text, NULL);
            verification_add_personal(at->out, text->text);
            at->facts.face_disagrees = true;
        }
    }
}

/* Our licences carry no annotations: one could lie over a text and say something else. */
static void compare_annotations(struct ofd_case *at)
{
    const struct ofd *ofd = at->ofd;
    char page[16];

    for (size_t i = 0; i < ofd->n_annotations && findings_of(at)->n < FINDINGS_MAX; i++) {
        const struct ofd_annotation *annotation = &ofd->annotations[i];

        (void)snprintf(page, sizeof(page), "%d", ofd_page_number(ofd, annotation->page_id));
        findings_add(findings_of(at), "OFD211", PLACE_PART(ofd_name(ofd, annotation->member)),
                     "page", page, NULL);
        at->facts.face_disagrees = true;
    }
}

/* licence.json holds value and text: a forger may change but the one. */
static void compare_printed(struct ofd_case *at, const struct licence *licence)
{
    for (size_t i = 0; i < licence->n_fields; i++) {
        const struct licence_field *field = &licence->fields[i];

        if (!field->text || !*field->text || licence_prints(field->value, field->text))
            continue;
        findings_add(findings_of(at), "OFD232", PLACE_FIELD(field->name), "name", field->name, "a",
                     field->value, "b", field->text, NULL);
        verification_add_personal(at->out, field->value);
        verification_add_personal(at->out, field->text);
        at->facts.face_disagrees = true;
    }
}

static void compare_face(struct ofd_case *at, const struct licence *licence)
{
    for (size_t i = 0; i < licence->n_fields; i++) {
        const struct licence_field *field = &licence->fields[i];
        const struct ofd_field *shown = ofd_field(at->ofd, field->name);

        if (!field->text || !*field->text)
            continue; /* a picture, or nothing to show */
        if (!shown || !*shown->text)
            lack(at, field->name, "CustomTags");
    }
    compare_printed(at, licence);
    compare_index(at, licence);
    compare_texts(at);
    compare_annotations(at);
}

/* A second attachment of a name would be read by somebody. */
static void compare_attachments(struct ofd_case *at)
{
    static const char *const names[] = {"licence.json", "digests.json", "salts.json"};
    const struct ofd *ofd = at->ofd;

    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        const struct ofd_attachment *first = ofd_attachment(ofd, names[k]);

        for (size_t i = 0; first && i < ofd->n_attachments; i++) {
            const struct ofd_attachment *other = &ofd->attachments[i];

            if (other != first && other->name && strcasecmp(other->name, names[k]) == 0)
                disagree(at, names[k], ofd_name(ofd, first->member), ofd_name(ofd, other->member));
        }
    }
}

static enum rc compare_digests(struct ofd_case *at, const struct licence *licence, struct err *err)
{
    struct span digests, salts;
    unsigned char digest[SM3_LEN];
    const struct ofd *ofd = at->ofd;

    TRY(read_attachment(at->ofd, "digests.json", &digests, err));
    TRY(read_attachment(at->ofd, "salts.json", &salts, err));
    if (!digests.data || !salts.data) {
        lack(at, !digests.data ? "digests.json" : "salts.json", "Attachments");
        return RC_OK;
    }
    TRY(licence_check_digests(licence, digests, salts, findings_of(at), err));
    sm3(digests, digest);
    for (size_t i = 0; i < ofd->n_signatures; i++) {
        const struct ofd_protected *protected = &at->protected[i];
        struct place place = PLACE_PART(ofd->signatures[i].xml_name);

        if (!protected->intact)
            continue;
        if (!protected->binds) {
            findings_add(findings_of(at), "OFD311", place, "id", ofd->signatures[i].id, NULL);
        } else if (!hash_equals((struct span){digest, SM3_LEN},
                                (struct span){protected->binding, SM3_LEN})) {
            findings_add(findings_of(at), "OFD208", place, "id", ofd->signatures[i].id, NULL);
            at->facts.face_disagrees = true;
        }
    }
    return RC_OK;
}

static void judge_digests(struct ofd_case *at, const struct licence *licence)
{
    struct err err = ERR_INIT;

    if (compare_digests(at, licence, &err) == RC_OK)
        return;
    if (err.code != RC_NO) /* "no" has said why in findings */
        findings_add_err(findings_of(at), &err);
    at->facts.face_disagrees = true;
}

/* A copy of a seal in another folder is no second one. */
static bool is_copy(struct ofd_case *at, size_t i)
{
    const struct ofd *ofd = at->ofd;
    struct err ignored = ERR_INIT;
    const unsigned char *own = NULL, *other = NULL;

    for (size_t k = 0; k < i; k++) {
        if (ofd->signatures[k].xml >= 0 && ofd->signatures[i].xml >= 0 &&
            ofd_sm3(at->ofd, ofd->signatures[i].xml, &own, &ignored) == RC_OK &&
            ofd_sm3(at->ofd, ofd->signatures[k].xml, &other, &ignored) == RC_OK &&
            memcmp(own, other, SM3_LEN) == 0)
            return true;
    }
    return false;
}

static void mark_copies(struct ofd_case *at)
{
    for (size_t i = 1; i < at->out->n_signatures; i++)
        at->out->signatures[i].duplicate = is_copy(at, i);
}

/* Any seal that did not fail counts: whether it is believed decides the verdict by itself. */
static void count_seals(struct ofd_case *at, int required)
{
    char valid[16], want[16];
    int n = 0;

    for (size_t i = 0; i < at->out->n_signatures; i++) {
        const struct signature_report *report = &at->out->signatures[i];

        n += report->is_seal && report->indication != TOTAL_FAILED && !report->duplicate;
    }
    if (n >= required || at->out->n_signatures == 0)
        return;
    (void)snprintf(valid, sizeof(valid), "%d", n);
    (void)snprintf(want, sizeof(want), "%d", required);
    findings_decide(
        findings_of(at),
        findings_add(findings_of(at), "OFD104", PLACE_NONE, "valid", valid, "required", want, NULL),
        EFFECT_UNDECIDED);
}

/* Names of issuers are joined by ^ (GB/T 36903). */
static bool names_issuer(const char *issuers, const char *text)
{
    size_t len = strcspn(issuers, "^");

    for (; *issuers; issuers += len + (issuers[len] == '^'), len = strcspn(issuers, "^")) {
        if (len && text && memmem(text, strlen(text), issuers, len))
            return true;
    }
    return false;
}

/* Who sealed should be who issues; a seal on behalf of another is for people to judge. */
static void compare_issuer(struct ofd_case *at, const struct licence *licence)
{
    const char *issuers = licence_metadata(licence, "ZZBFJG");

    for (size_t i = 0; issuers && *issuers && i < at->out->n_signatures; i++) {
        const struct signature_report *report = &at->out->signatures[i];

        if (!report->is_seal || !report->signer_subject ||
            names_issuer(issuers, report->signer_subject))
            continue;
        findings_add(findings_of(at), "OFD315", PLACE_PART(at->ofd->signatures[i].xml_name), "id",
                     report->id, "subject", report->signer_subject, "issuers", issuers, NULL);
    }
}

static enum answer note_date(struct ofd_case *at, const char *field, const char *value)
{
    findings_decide(
        findings_of(at),
        findings_add(findings_of(at), "TIM191", PLACE_FIELD(field), "value", value, NULL),
        EFFECT_UNDECIDED);
    return ANSWER_UNKNOWN;
}

static enum answer not_in_force(struct ofd_case *at, int finding)
{
    findings_decide(findings_of(at), finding, EFFECT_FAILED);
    return ANSWER_NO;
}

/* The licence's own validity, apart from the seal's: whole days of China, both included. */
static void judge_validity(struct ofd_case *at, const char *from, const char *until)
{
    struct date today = date_at(at->judge->now, CHINA_OFFSET), day;
    char printed[11];
    enum answer answer = ANSWER_YES;

    date_print(today, printed);
    if (from && *from) {
        if (!date_parse(from, &day))
            answer = note_date(at, "ZZYXQQSRQ", from);
        else if (date_compare(today, day) < 0)
            answer =
                not_in_force(at, findings_add(findings_of(at), "TIM291", PLACE_FIELD("ZZYXQQSRQ"),
                                              "from", from, "today", printed, NULL));
    }
    if (until && *until && strcmp(until, OPEN_END) != 0) {
        if (!date_parse(until, &day)) {
            enum answer unread = note_date(at, "ZZYXQJZRQ", until);

            answer = answer == ANSWER_NO ? answer : unread;
        } else if (date_compare(today, day) > 0) {
            answer =
                not_in_force(at, findings_add(findings_of(at), "TIM292", PLACE_FIELD("ZZYXQJZRQ"),
                                              "until", until, "today", printed, NULL));
        }
    }
    at->out->in_force = answer;
}

static void judge_face(struct ofd_case *at, const struct licence *licence)
{
    CLEANUP(freep) unsigned *drawn = NULL;
    struct ofd_code code = {.findings = findings_of(at), .member = OFD_NO_MEMBER};
    enum answer answer = ANSWER_UNKNOWN;

    if (at->judge->content) {
        code.n_drawn = ofd_drawn_pictures(at->ofd, &drawn);
        code.drawn = drawn;
        if (at->judge->face)
            answer = at->judge->face(at->judge->face_state, at->ofd, licence, &code);
        ofd_compare_content(at, licence, code.member);
    }
    if (answer == ANSWER_UNKNOWN)
        findings_add(findings_of(at), "OFD312", PLACE_NONE, NULL);
    at->facts.face_disagrees |= answer == ANSWER_NO;
    at->out->face_agrees = at->facts.face_disagrees ? ANSWER_NO : ANSWER_YES;
}

static void take_identity(struct ofd_case *at, const struct licence *licence)
{
    struct verification *out = at->out;
    const char *number = licence_metadata(licence, "ZZBH");
    const char *holder = licence_metadata(licence, "CZZT");

    out->identifier = licence->identifier ? mem_text(licence->identifier) : NULL;
    out->type_name = licence->type_name ? mem_text(licence->type_name) : NULL;
    out->number = number ? mem_text(number) : NULL;
    out->holder = holder ? mem_text(holder) : NULL;
}

static void judge_ours(struct ofd_case *at, const struct licence *licence)
{
    struct identifier parts;

    take_identity(at, licence);
    if (licence->identifier && !identifier_check(licence->identifier, &parts, findings_of(at)))
        at->facts.face_disagrees = true;
    compare_metadata(at, licence);
    compare_surplus(at, licence);
    compare_face(at, licence);
    compare_attachments(at);
    judge_digests(at, licence);
    judge_face(at, licence);
    judge_validity(at, licence_metadata(licence, "ZZYXQQSRQ"),
                   licence_metadata(licence, "ZZYXQJZRQ"));
    findings_add(findings_of(at), "OFD313", PLACE_NONE, NULL);
    compare_issuer(at, licence);
    at->out->seals_required = licence->seals_required;
    count_seals(at, licence->seals_required);
}

/* The first of the names that the file has, as metadata or as a field of its tag files. */
static char *first_of(const struct ofd *ofd, const char *const *names)
{
    for (; *names; names++) {
        const char *custom = ofd_custom(ofd, *names);
        const struct ofd_field *field = ofd_field(ofd, *names);

        if (custom && *custom)
            return mem_text(custom);
        if (field && *field->text)
            return mem_text(field->text);
    }
    return NULL;
}

/* Files of other makers: their tag files use the Chinese names of the form. */
static void judge_foreign(struct ofd_case *at)
{
    static const char *const identifiers[] = {"ZZBS", "证照标识", NULL};
    static const char *const types[] = {"ZZMC", "ZZLXMC", "证照名称", "证照类型名称", NULL};
    static const char *const numbers[] = {"ZZBH",     "证照编号",         "证照号码",
                                          "证书编号", "许可证号",         "证号",
                                          "编号",     "统一社会信用代码", NULL};
    static const char *const holders[] = {"CZZT",     "持证主体", "持证人", "用地单位",
                                          "建设单位", "采矿权人", "名称",   "企业名称",
                                          "单位名称", "姓名",     NULL};
    struct verification *out = at->out;
    const char *from = ofd_custom(at->ofd, "ZZYXQQSRQ");
    const char *until = ofd_custom(at->ofd, "ZZYXQJZRQ");

    out->identifier = first_of(at->ofd, identifiers);
    out->type_name = first_of(at->ofd, types);
    out->number = first_of(at->ofd, numbers);
    out->holder = first_of(at->ofd, holders);
    if (!out->type_name && at->ofd->title && *at->ofd->title)
        out->type_name = mem_text(at->ofd->title);
    if (from || until)
        judge_validity(at, from, until);
    if (at->judge->content)
        ofd_compare_foreign(at);
}

void ofd_judge_licence(struct ofd_case *at)
{
    CLEANUP(licence_freep) struct licence *licence = NULL;
    struct err err = ERR_INIT;

    if (ofd_licence(at->ofd, &licence, &err) != RC_OK) {
        findings_add_err(findings_of(at), &err);
        at->facts.face_disagrees = true;
        at->out->face_agrees = ANSWER_NO;
    }
    mark_copies(at);
    if (licence)
        judge_ours(at, licence);
    else
        judge_foreign(at);
    ofd_judge_issuers(at, licence);
}
