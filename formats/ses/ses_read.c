/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ses/ses_read.h"

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/model/judge.h"

struct ses_reader ses_into(const struct ses_reader *reader, const struct der *element)
{
    struct ses_reader inner = *reader;

    inner.walk = der_walk_into(&reader->walk, element);
    return inner;
}

/* Findings of a seal and of a seal signature; an item that only seals have has one. */
static const char *const remark_codes[][2] = {
    [REMARK_TYPE] = {"SIG301", "SEA301"},           [REMARK_EMPTY_ITEM] = {"SEA302", "SEA302"},
    [REMARK_EXPLICIT_FALSE] = {"SIG303", "SEA303"}, [REMARK_BAD_TIME] = {"SIG304", "SEA304"},
    [REMARK_BAD_TEXT] = {"SIG305", "SEA305"},       [REMARK_TIMES] = {"SEA306", "SEA306"},
    [REMARK_UNALIGNED] = {"SIG307", "SEA307"},      [REMARK_PICTURE] = {"SEA308", "SEA308"},
    [REMARK_VERSION] = {"SIG309", "SEA309"},        [REMARK_TEXT_TIME] = {"SIG311", "SEA311"},
    [REMARK_EXTENSION] = {"SIG314", "SEA314"},      [REMARK_TIME_FORM] = {"SIG315", "SEA315"},
};

void ses_note(const struct ses_reader *reader, enum ses_remark remark, const struct der *at,
              const char *item, const char *actual, const char *expected)
{
    struct place place = PLACE_FIELD(item);

    if (!reader->notes)
        return;
    place.offset = at ? (long long)(at->whole.data - reader->walk.base) : -1;
    (void)findings_add(reader->notes, remark_codes[remark][reader->of_seal], place, "item", item,
                       "actual", actual, "expected", expected, NULL);
}

static const char *tag_name(unsigned tag)
{
    static const char *const names[] = {
        [DER_BOOLEAN] = "BOOLEAN",
        [DER_INTEGER] = "INTEGER",
        [DER_BIT_STRING] = "BIT STRING",
        [DER_OCTET_STRING] = "OCTET STRING",
        [DER_NULL] = "NULL",
        [DER_OID] = "OBJECT IDENTIFIER",
        [DER_UTF8_STRING] = "UTF8String",
        [DER_SEQUENCE] = "SEQUENCE",
        [DER_SET] = "SET",
        [DER_PRINTABLE_STRING] = "PrintableString",
        [20] = "TeletexString",
        [DER_IA5_STRING] = "IA5String",
        [DER_UTC_TIME] = "UTCTime",
        [DER_GENERALIZED_TIME] = "GeneralizedTime",
        [26] = "VisibleString",
    };

    return tag < sizeof(names) / sizeof(names[0]) && names[tag] ? names[tag] : "ANY";
}

static const char *type_name(const struct der *element)
{
    return element->class == DER_UNIVERSAL ? tag_name(element->tag) : "[n]";
}

void ses_expect_type(const struct ses_reader *reader, const struct der *at, const char *item,
                     enum der_tag tag)
{
    if (!der_is(at, tag))
        ses_note(reader, REMARK_TYPE, at, item, type_name(at), tag_name(tag));
}

enum rc ses_integer(struct ses_reader *reader, const char *item, int64_t *out, struct err *err)
{
    struct der element;

    TRY(der_walk_tag(&reader->walk, DER_INTEGER, item, &element, err));
    if (!der_integer(&element, out))
        return der_walk_fault(&reader->walk, element.whole.data, item,
                              N_("a number that is too large"), err);
    return RC_OK;
}

enum rc ses_oid(struct ses_reader *reader, const char *item, char out[64], struct err *err)
{
    struct der element;

    TRY(der_walk_tag(&reader->walk, DER_OID, item, &element, err));
    if (!der_oid_text(element.body, out, 64))
        return der_walk_fault(&reader->walk, element.whole.data, item,
                              N_("not an object identifier"), err);
    return RC_OK;
}

/* Valid UTF-8 without NUL, whatever was written: U+FFFD for each byte that does not fit. */
static char *clean_text(struct span body, bool *clean)
{
    const unsigned char *p = body.data, *end = body.data + body.len;
    char *out = mem_zero(3 * body.len + 1, 1);
    size_t n = 0;

    *clean = true;
    while (p < end) {
        uint32_t code = utf8_next(&p, end);

        if (code == UTF8_BAD || code == 0) {
            *clean = false;
            code = 0xfffd;
        }
        n += utf8_put(code, out + n);
    }
    return out;
}

static bool is_string(const struct der *element)
{
    return element->class == DER_UNIVERSAL && !element->constructed &&
           (element->tag == DER_UTF8_STRING || element->tag == DER_PRINTABLE_STRING ||
            element->tag == DER_IA5_STRING || element->tag == 20 || element->tag == 26);
}

enum rc ses_text(struct ses_reader *reader, const char *item, enum der_tag tag, char **out,
                 struct err *err)
{
    struct der element;
    bool clean;

    TRY(der_walk_next(&reader->walk, item, &element, err));
    if (!is_string(&element))
        return der_walk_fault(&reader->walk, element.whole.data, item, N_("text is expected here"),
                              err);
    ses_expect_type(reader, &element, item, tag);
    *out = clean_text(element.body, &clean);
    if (!clean)
        ses_note(reader, REMARK_BAD_TEXT, &element, item, NULL, NULL);
    return RC_OK;
}

bool ses_text_time(struct span text, instant *out)
{
    struct err ignored = ERR_INIT;
    char copy[64];

    if (!text.len || text.len >= sizeof(copy) || text.data[0] < '0' || text.data[0] > '9')
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return strlen(copy) == text.len && instant_parse(copy, out, &ignored) == RC_OK;
}

/* X.690 11.7 and 11.8: to the second, in UTC, and nothing else. */
static bool is_der_time(const struct der *element)
{
    size_t len =
        der_is(element, DER_UTC_TIME) ? strlen("yymmddhhmmssZ") : strlen("yyyymmddhhmmssZ");

    return element->body.len == len && element->body.data[len - 1] == 'Z';
}

bool ses_der_time(const struct ses_reader *reader, const struct der *element, const char *item,
                  instant *out)
{
    char text[64] = "";

    if (!der_time(element, out))
        return false;
    if (is_der_time(element))
        return true;
    if (element->body.len < sizeof(text))
        memcpy(text, element->body.data, element->body.len);
    ses_note(reader, REMARK_TIME_FORM, element, item, text[0] ? text : NULL, NULL);
    return true;
}

enum rc ses_time(struct ses_reader *reader, const char *item, enum der_tag tag, instant *out,
                 struct err *err)
{
    struct der element;

    TRY(der_walk_next(&reader->walk, item, &element, err));
    ses_expect_type(reader, &element, item, tag);
    if (ses_der_time(reader, &element, item, out))
        return RC_OK;
    if (ses_text_time(element.body, out)) {
        ses_note(reader, REMARK_TEXT_TIME, &element, item, NULL, NULL);
        return RC_OK;
    }
    *out = INSTANT_NONE;
    ses_note(reader, REMARK_BAD_TIME, &element, item, NULL, NULL);
    return RC_OK;
}

enum rc ses_cert(struct ses_reader *reader, const char *item, struct span *out, struct err *err)
{
    struct der element;

    TRY(der_walk_next(&reader->walk, item, &element, err));
    ses_expect_type(reader, &element, item, DER_OCTET_STRING);
    *out = der_is(&element, DER_SEQUENCE) ? element.whole : element.body;
    return RC_OK;
}

enum rc ses_bits(struct ses_reader *reader, const char *item, struct span *out, struct err *err)
{
    struct der element;
    unsigned unused = 0;

    TRY(der_walk_next(&reader->walk, item, &element, err));
    ses_expect_type(reader, &element, item, DER_BIT_STRING);
    if (der_is(&element, DER_OCTET_STRING)) {
        *out = element.body;
        return RC_OK;
    }
    if (!der_is(&element, DER_BIT_STRING) || !der_bits(&element, out, &unused))
        return der_walk_fault(&reader->walk, element.whole.data, item,
                              N_("a BIT STRING is expected here"), err);
    if (unused)
        ses_note(reader, REMARK_UNALIGNED, &element, item, NULL, NULL);
    return RC_OK;
}

enum rc ses_timestamp(struct ses_reader *reader, struct span *out, struct err *err)
{
    struct ses_reader inner;
    struct der element;

    if (!der_walk_sees_context(&reader->walk, 0))
        return RC_OK;
    TRY(der_walk_next(&reader->walk, "timeStamp", &element, err));
    inner = ses_into(reader, &element);
    TRY(ses_bits(&inner, "timeStamp", out, err));
    return der_walk_end(&inner.walk, "timeStamp", err);
}

/* What a list of extensions was found to hold so far. */
struct extension_list {
    char *critical; /* OID of the first critical one that nobody knows */
    int digests;    /* of ours: two of them would be two answers */
};

static enum rc read_extension(const struct ses_reader *reader, const struct der *item,
                              struct extension_list *list, struct err *err)
{
    struct ses_reader inner = ses_into(reader, item);
    struct der flag, value;
    bool is_critical = false;
    char oid[64];

    TRY(ses_oid(&inner, "extDatas.extnID", oid, err));
    if (der_walk_sees(&inner.walk, DER_BOOLEAN)) {
        TRY(der_walk_next(&inner.walk, "extDatas.critical", &flag, err));
        is_critical = flag.body.len != 1 || flag.body.data[0];
        /* X.690 11.5: a value that is the default is left out; tax seals write it */
        if (!is_critical)
            ses_note(&inner, REMARK_EXPLICIT_FALSE, &flag, "extDatas.critical", oid, NULL);
    }
    TRY(der_walk_tag(&inner.walk, DER_OCTET_STRING, "extDatas.extnValue", &value, err));
    TRY(der_walk_end(&inner.walk, "extDatas", err));
    if (strcmp(oid, LICENCE_DIGESTS_OID) == 0)
        return list->digests++ ? der_walk_fault(&reader->walk, item->whole.data, "extDatas",
                                                N_("the digests are stated twice"), err)
                               : RC_OK;
    if (!is_critical)
        ses_note(&inner, REMARK_EXTENSION, item, oid, NULL, NULL);
    else if (!list->critical[0])
        memcpy(list->critical, oid, sizeof(oid));
    return RC_OK;
}

enum rc ses_extensions(const struct ses_reader *reader, const struct der *sequence,
                       char critical[64], struct err *err)
{
    struct ses_reader inner = ses_into(reader, sequence);
    struct extension_list list = {.critical = critical};

    while (der_walk_more(&inner.walk)) {
        struct der item;

        TRY(der_walk_tag(&inner.walk, DER_SEQUENCE, "extDatas", &item, err));
        TRY(read_extension(&inner, &item, &list, err));
    }
    return RC_OK;
}
