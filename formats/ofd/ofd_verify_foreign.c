/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --content for files of other makers, as far as they tell: fields of tag files (what the
 * face shows), CustomDatas, and attached XML or JSON.  Where two of these have a name in
 * common, or names that mean the same, their values are compared.  Nothing here fails a
 * file: how its maker writes a value is the maker's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_verify_priv.h"

/* One thing under several names: GB/T 36903 short names and the words of forms; e-invoices. */
static const char *const synonyms[][6] = {
    {"ZZBS", "证照标识"},
    {"ZZMC", "证照名称", "证照类型名称"},
    {"ZZBH", "证照编号", "证照号码", "证书编号", "许可证号"},
    {"CZZT", "持证主体", "持证主体名称", "持证人"},
    {"CZZTDM", "持证主体代码", "证件号码"},
    {"ZZBFJG", "证照颁发机构", "颁发机构", "发证机关"},
    {"ZZBFJGDM", "证照颁发机构代码", "颁发机构代码"},
    {"ZZBFRQ", "证照颁发日期", "颁发日期", "发证日期"},
    {"ZZYXQQSRQ", "证照有效期起始日期", "有效期起始日期"},
    {"ZZYXQJZRQ", "证照有效期截止日期", "有效期截止日期"},
    {"InvoiceCode", "发票代码"},
    {"InvoiceNo", "发票号码"},
    {"IssueDate", "开票日期"},
    {"InvoiceCheckCode", "校验码"},
    {"BuyerName", "购买方名称"},
    {"BuyerTaxID", "购买方纳税人识别号"},
    {"SellerName", "销售方名称"},
    {"SellerTaxID", "销售方纳税人识别号"},
    {"TaxExclusiveTotalAmount", "合计金额"},
    {"TaxTotalAmount", "合计税额"},
    {"TaxInclusiveTotalAmount", "价税合计"},
};

enum {
    SYNONYMS = sizeof(synonyms) / sizeof(synonyms[0]),
    VALUES_MAX = 1000,
    VALUE_MAX = 4096,
    FILES_MAX = 8
};

static int meaning_of(const char *name)
{
    for (int i = 0; i < SYNONYMS; i++) {
        for (size_t k = 0; k < 6 && synonyms[i][k]; k++) {
            if (strcmp(synonyms[i][k], name) == 0)
                return i;
        }
    }
    return -1;
}

/* A value that some part of the file gives to a name. */
struct said {
    char *name, *value; /* the value as compared */
    const char *raw;    /* as written; borrowed, or `own` */
    char *own;
    int meaning;
    const char *part; /* where it stands */
    bool face;        /* on the face, by a tag file */
    bool whole;       /* by one element: not the sum of a column */
};

struct sayings {
    struct said *list;
    size_t n;
};

static void sayings_clear(struct sayings *sayings)
{
    for (size_t i = 0; i < sayings->n; i++) {
        free(sayings->list[i].name);
        free(sayings->list[i].value);
        free(sayings->list[i].own);
    }
    free(sayings->list);
}

/* Full-width signs as half-width ones; blanks, currency signs and commas of thousands gone. */
static char *plain_copy(const char *text)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);
    char *out = mem_zero(strlen(text) + 1, 1);
    size_t n = 0;

    while (p < end) {
        const unsigned char *from = p;
        uint32_t c = utf8_next(&p, end);

        if (c >= 0xff01 && c <= 0xff5e)
            c -= 0xfee0;
        if (c <= ' ' || c == 0x3000 || c == 0xa0 || c == 0xa5 || c == ',' || c == '*')
            continue;
        if (c < 0x80) {
            out[n++] = (char)c;
        } else {
            memcpy(out + n, from, (size_t)(p - from));
            n += (size_t)(p - from);
        }
    }
    return out;
}

/* 2026年3月1日, 2026/3/1, 20260301 and 2026-03-01 are one day. */
static char *as_date(char *plain)
{
    int year = 0, month = 0, day = 0, used = 0;
    struct date date;
    char iso[40];
    bool read = sscanf(plain, "%4d年%2d月%2d日%n", &year, &month, &day, &used) == 3 && used;

    if (!read)
        read = sscanf(plain, "%4d/%2d/%2d%n", &year, &month, &day, &used) == 3 && used;
    if (!read)
        read = sscanf(plain, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && used;
    if (!read && strlen(plain) == 8 && strspn(plain, "0123456789") == 8)
        read = sscanf(plain, "%4d%2d%2d%n", &year, &month, &day, &used) == 3;
    if (!read || plain[used] || year < 1000 || month < 1 || day < 1)
        return plain;
    (void)snprintf(iso, sizeof(iso), "%04d-%02d-%02d", year, month, day);
    if (!date_parse(iso, &date))
        return plain;
    free(plain);
    return mem_text(iso);
}

/* 100.00 is 100. */
static void cut_zeros(char *plain)
{
    char *point = strchr(plain, '.');
    size_t n = strlen(plain);

    if (!point || strspn(plain, "-.0123456789") != n || strchr(point + 1, '.'))
        return;
    while (n > 0 && plain[n - 1] == '0')
        plain[--n] = '\0';
    if (n > 0 && plain[n - 1] == '.')
        plain[--n] = '\0';
}

static char *comparable(const char *text)
{
    char *plain = as_date(plain_copy(text));

    cut_zeros(plain);
    return plain;
}

static struct said *add(struct sayings *sayings, const char *name, const char *raw,
                        const char *part)
{
    struct said *said;

    if (sayings->n == VALUES_MAX || !name || !raw || strlen(raw) > VALUE_MAX)
        return NULL;
    said = OFD_ADD(sayings->list, sayings->n);
    *said = (struct said){.name = mem_text(name),
                          .value = comparable(raw),
                          .raw = raw,
                          .meaning = meaning_of(name),
                          .part = part,
                          .whole = true};
    return said;
}

static void read_face(struct ofd_case *at, struct sayings *out)
{
    const struct ofd *ofd = at->ofd;

    for (size_t i = 0; i < ofd->n_fields; i++) {
        const struct ofd_field *field = &ofd->fields[i];
        struct said *said;

        if (!*field->text || field->n_lost)
            continue;
        said = add(out, field->name, field->text,
                   field->page ? ofd_name(ofd, ofd->pages[field->page - 1].member) : NULL);
        if (said) {
            said->face = true;
            said->whole = field->n_elements < 2;
        }
        if (field->own)
            (void)add(out, field->name, field->own, NULL);
    }
}

static void read_leaves(const struct xmlel *el, const char *part, struct sayings *out)
{
    const struct xmlel *child = xmlel_first(el);

    if (!child && *xmlel_text(el)) {
        struct said *said = add(out, xmlel_name(el), xmlel_text(el), part);

        if (said)
            said->raw = said->own = mem_text(said->raw); /* the document goes before it */
    }
    for (; child && out->n < VALUES_MAX; child = xmlel_next(child))
        read_leaves(child, part, out);
}

/* Depth is bounded by the parser. */
static void read_members(const struct js *js, const char *part, struct sayings *out)
{
    for (size_t i = 0; js_kind(js) == JS_ARRAY && i < js_len(js) && out->n < VALUES_MAX; i++)
        read_members(js_at(js, i), part, out);
    if (js_kind(js) != JS_OBJECT)
        return;
    for (struct js_member m = js_first(js); m.key && out->n < VALUES_MAX; m = js_next(m)) {
        const char *text = js_text(m.value);
        struct said *said = text && *text ? add(out, m.key, text, part) : NULL;

        if (said)
            said->raw = said->own = mem_text(text);
        read_members(m.value, part, out);
    }
}

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);

    return n > k && strcasecmp(name + n - k, ending) == 0;
}

static void read_attachment(struct ofd_case *at, long member, struct sayings *out)
{
    const char *name = ofd_name(at->ofd, member);
    bool xml = ends_in(name, ".xml"), json = ends_in(name, ".json");
    struct span bytes = {NULL, 0};
    struct err ignored = ERR_INIT;

    if ((!xml && !json) || zipfile_size(at->ofd->zip, (size_t)member) > LIMIT_RECORD ||
        zipfile_read(at->ofd->zip, (size_t)member, &bytes, &ignored) != RC_OK)
        return;
    if (xml) {
        CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;

        if (xmldoc_parse(bytes, XML_LENIENT, &doc, &ignored) == RC_OK)
            read_leaves(xmldoc_root(doc), name, out);
    } else {
        CLEANUP(js_freep) struct js *js = NULL;

        if (js_parse(bytes, &js, &ignored) == RC_OK)
            read_members(js, name, out);
    }
}

static bool same_thing(const struct said *a, const struct said *b)
{
    if (a->meaning >= 0 || b->meaning >= 0)
        return a->meaning == b->meaning;
    return strcmp(a->name, b->name) == 0;
}

/* A label or a unit may stand with the value on the face, or more digits in the data. */
static bool agree(const struct said *a, const struct said *b)
{
    if (strcmp(a->value, b->value) == 0)
        return true;
    if (strlen(a->value) < 2 || strlen(b->value) < 2)
        return false;
    return strstr(a->value, b->value) || strstr(b->value, a->value);
}

/*
 * One value of the face against all that others say of it: one who says the same is
 * enough, since a list holds many of a name.
 */
static enum answer compare_one(struct ofd_case *at, const struct sayings *all,
                               const struct said *shown)
{
    const struct said *other = NULL;
    struct place place;

    for (size_t i = 0; i < all->n; i++) {
        const struct said *said = &all->list[i];

        if (said == shown || said->face || !*said->value || !same_thing(said, shown))
            continue;
        if (agree(said, shown))
            return ANSWER_YES;
        other = said;
    }
    if (!other || !shown->whole)
        return ANSWER_UNKNOWN;
    place = shown->part ? PLACE_PART(shown->part) : PLACE_NONE;
    place.field = shown->name;
    findings_add(&at->out->findings, "OFD332", place, "name", shown->name, "a", shown->raw, "b",
                 other->raw, "where", other->part ? other->part : "?", NULL);
    verification_add_personal(at->out, shown->raw);
    verification_add_personal(at->out, other->raw);
    return ANSWER_NO;
}

void ofd_compare_foreign(struct ofd_case *at)
{
    CLEANUP(sayings_clear) struct sayings all = {.list = NULL};
    const struct ofd *ofd = at->ofd;
    size_t files = 0;

    read_face(at, &all);
    for (size_t i = 0; i < ofd->n_custom; i++) {
        if (*ofd->custom[i].value)
            (void)add(&all, ofd->custom[i].key, ofd->custom[i].value, "OFD.xml");
    }
    for (size_t i = 0; i < ofd->n_attachments && files < FILES_MAX; i++) {
        if (ofd->attachments[i].member >= 0 && ++files)
            read_attachment(at, ofd->attachments[i].member, &all);
    }
    for (size_t i = 0; i < all.n; i++) {
        enum answer answer =
            all.list[i].face ? compare_one(at, &all, &all.list[i]) : ANSWER_UNKNOWN;

        if (answer == ANSWER_NO)
            at->out->face_agrees = ANSWER_NO;
        else if (answer == ANSWER_YES && at->out->face_agrees == ANSWER_UNKNOWN)
            at->out->face_agrees = ANSWER_YES;
    }
    if (at->ofd->n_pages)
        findings_add(&at->out->findings, "OFD312", PLACE_NONE, NULL);
}
