/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading SESeal: GM/T 0031-2014 5.2 (layout 1), GB/T 38540-2020 6.2 (4), GM/T 0031-2025 (5).
 *
 *     layout 1   SESeal { eSealInfo, SignInfo { cert, signatureAlgorithm, signData } }
 *                signed: SEQUENCE { eSealInfo, cert, signatureAlgorithm }
 *     layout 4,5 SESeal { eSealInfo, cert, signAlgID, signedValue, [0] timeStamp (5) }
 *                signed: eSealInfo
 *
 * Read more leniently than written: string and time types, certificates without
 * their OCTET STRING, an explicit FALSE, empty items of certList.
 */
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/der_write.h"
#include "formats/ses/ses_read.h"

/* Seals list a handful of certificates; a country-wide one some hundred. */
enum { CERT_LIST_MAX = 10000 };

void ses_seal_clear(struct ses_seal *seal)
{
    free(seal->vendor);
    free(seal->id);
    free(seal->name);
    free(seal->cert_list);
    for (size_t i = 0; seal->digest_types && i < seal->n_certs; i++)
        free(seal->digest_types[i]);
    free(seal->digest_types);
    free(seal->picture_type);
    buf_clear(&seal->own);
    *seal = (struct ses_seal){.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
}

static enum rc read_header(struct ses_reader *info, struct ses_seal *seal, struct err *err)
{
    struct ses_reader header;
    struct der element;
    CLEANUP(freep) char *id = NULL;

    TRY(der_walk_tag(&info->walk, DER_SEQUENCE, "eSealInfo.header", &element, err));
    header = ses_into(info, &element);
    TRY(ses_text(&header, "eSealInfo.header.ID", DER_IA5_STRING, &id, err));
    if (strcmp(id, "ES") != 0)
        return der_walk_fault(&info->walk, element.whole.data, "eSealInfo.header.ID",
                              N_("\"ES\" is expected here"), err);
    TRY(ses_integer(&header, "eSealInfo.header.version", &seal->version, err));
    TRY(ses_text(&header, "eSealInfo.header.Vid", DER_IA5_STRING, &seal->vendor, err));
    return der_walk_end(&header.walk, "eSealInfo.header", err);
}

static enum rc read_cert(struct ses_reader *list, struct ses_seal *seal, struct err *err)
{
    struct der element;

    TRY(der_walk_next(&list->walk, "certList", &element, err));
    if (!der_is(&element, DER_OCTET_STRING) && !der_is(&element, DER_SEQUENCE)) {
        ses_note(list, REMARK_EMPTY_ITEM, &element, "certList", NULL, NULL);
        return RC_OK;
    }
    if (!element.body.len) {
        ses_note(list, REMARK_EMPTY_ITEM, &element, "certList", NULL, NULL);
        return RC_OK;
    }
    ses_expect_type(list, &element, "certList", DER_OCTET_STRING);
    seal->cert_list[seal->n_certs++] =
        der_is(&element, DER_SEQUENCE) ? element.whole : element.body;
    return RC_OK;
}

static enum rc read_digest(struct ses_reader *list, struct ses_seal *seal, struct err *err)
{
    struct ses_reader inner;
    struct der element, value;

    TRY(der_walk_tag(&list->walk, DER_SEQUENCE, "certList", &element, err));
    inner = ses_into(list, &element);
    seal->digest_types[seal->n_certs] = NULL;
    TRY(ses_text(&inner, "certList.type", DER_PRINTABLE_STRING, &seal->digest_types[seal->n_certs],
                 err));
    seal->n_certs++; /* now the text belongs to the seal */
    TRY(der_walk_tag(&inner.walk, DER_OCTET_STRING, "certList.value", &value, err));
    seal->cert_list[seal->n_certs - 1] = value.body;
    return der_walk_end(&inner.walk, "certList", err);
}

static enum rc count_items(const struct ses_reader *list, size_t *n, struct err *err)
{
    struct der_walk walk = list->walk;
    struct der element;

    for (*n = 0; der_walk_more(&walk); ++*n) {
        if (*n == CERT_LIST_MAX)
            return der_walk_fault(&walk, walk.rest.data, "certList", N_("too many items"), err);
        TRY(der_walk_next(&walk, "certList", &element, err));
    }
    return RC_OK;
}

static enum rc read_cert_list(struct ses_reader *property, struct ses_seal *seal, struct err *err)
{
    struct ses_reader list;
    struct der element;
    size_t n;

    TRY(der_walk_tag(&property->walk, DER_SEQUENCE, "certList", &element, err));
    list = ses_into(property, &element);
    TRY(count_items(&list, &n, err));
    seal->cert_list = mem_zero(n + 1, sizeof(*seal->cert_list));
    if (seal->digests)
        seal->digest_types = mem_zero(n + 1, sizeof(*seal->digest_types));
    while (der_walk_more(&list.walk)) {
        if (seal->digests)
            TRY(read_digest(&list, seal, err));
        else
            TRY(read_cert(&list, seal, err));
    }
    return RC_OK;
}

/* GB/T 38540 6.2: certListType tells certificates (1) from digests (2); both look alike outside. */
static enum rc read_list_type(struct ses_reader *property, struct ses_seal *seal, struct err *err)
{
    const unsigned char *at = property->walk.rest.data;
    int64_t kind;

    if (!der_walk_sees(&property->walk, DER_INTEGER)) {
        if (seal->layout != SES_LAYOUT_1)
            ses_note(property, REMARK_TYPE, NULL, "property.certListType", "-", "INTEGER");
        return RC_OK; /* layout 1 has none */
    }
    if (seal->layout == SES_LAYOUT_1)
        ses_note(property, REMARK_TYPE, NULL, "property.certListType", "INTEGER", "-");
    TRY(ses_integer(property, "property.certListType", &kind, err));
    if (kind != 1 && kind != 2)
        return der_walk_fault(&property->walk, at, "property.certListType",
                              N_("1 or 2 is expected here"), err);
    seal->digests = kind == 2;
    return RC_OK;
}

static enum rc read_property(struct ses_reader *info, struct ses_seal *seal, struct err *err)
{
    enum der_tag tag = seal->layout == SES_LAYOUT_1 ? DER_UTC_TIME : DER_GENERALIZED_TIME;
    struct ses_reader property;
    struct der element;

    TRY(der_walk_tag(&info->walk, DER_SEQUENCE, "eSealInfo.property", &element, err));
    property = ses_into(info, &element);
    TRY(ses_integer(&property, "property.type", &seal->type, err));
    TRY(ses_text(&property, "property.name", DER_UTF8_STRING, &seal->name, err));
    TRY(read_list_type(&property, seal, err));
    TRY(read_cert_list(&property, seal, err));
    TRY(ses_time(&property, "property.createDate", tag, &seal->create_date, err));
    TRY(ses_time(&property, "property.validStart", tag, &seal->valid_start, err));
    TRY(ses_time(&property, "property.validEnd", tag, &seal->valid_end, err));
    /* Live seals mark local time with Z, so createDate comes 8 hours after validStart. */
    if (seal->valid_start > seal->valid_end || seal->create_date > seal->valid_start)
        ses_note(info, REMARK_TIMES, &element, "eSealInfo.property", NULL, NULL);
    return der_walk_end(&property.walk, "eSealInfo.property", err);
}

static bool known_picture(const char *type)
{
    static const char *const types[] = {"PNG", "GIF", "BMP", "JPG", "JPEG", "SVG", "OFD", "TIF"};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcasecmp(type, types[i]) == 0)
            return true;
    }
    return false;
}

static enum rc read_picture(struct ses_reader *info, struct ses_seal *seal, struct err *err)
{
    struct ses_reader picture;
    struct der element, data;

    TRY(der_walk_tag(&info->walk, DER_SEQUENCE, "eSealInfo.picture", &element, err));
    picture = ses_into(info, &element);
    TRY(ses_text(&picture, "picture.type", DER_IA5_STRING, &seal->picture_type, err));
    if (!known_picture(seal->picture_type))
        ses_note(&picture, REMARK_PICTURE, &element, "picture.type", seal->picture_type, NULL);
    TRY(der_walk_tag(&picture.walk, DER_OCTET_STRING, "picture.data", &data, err));
    seal->picture = data.body;
    TRY(ses_integer(&picture, "picture.width", &seal->width_mm, err));
    TRY(ses_integer(&picture, "picture.height", &seal->height_mm, err));
    return der_walk_end(&picture.walk, "eSealInfo.picture", err);
}

/* A plain SEQUENCE as all makers write it; with the tag that seal signatures have, it is remarked
 * on. */
static enum rc read_seal_extensions(struct ses_reader *info, struct ses_seal *seal, struct err *err)
{
    struct der wrapped, extensions;
    struct ses_reader inner;

    if (der_walk_sees(&info->walk, DER_SEQUENCE)) {
        TRY(der_walk_next(&info->walk, "eSealInfo.extDatas", &extensions, err));
    } else if (der_walk_sees_context(&info->walk, 0)) {
        TRY(der_walk_next(&info->walk, "eSealInfo.extDatas", &wrapped, err));
        ses_note(info, REMARK_TYPE, &wrapped, "eSealInfo.extDatas", "[0]", "SEQUENCE");
        inner = ses_into(info, &wrapped);
        TRY(der_walk_tag(&inner.walk, DER_SEQUENCE, "eSealInfo.extDatas", &extensions, err));
        TRY(der_walk_end(&inner.walk, "eSealInfo.extDatas", err));
    } else {
        return RC_OK;
    }
    return ses_extensions(info, &extensions, seal->critical, err);
}

static enum rc read_info(const struct ses_reader *reader, const struct der *element,
                         struct ses_seal *seal, struct err *err)
{
    struct ses_reader info = ses_into(reader, element);

    TRY(read_header(&info, seal, err));
    if (seal->layout == SES_LAYOUT_4 && seal->version == 5)
        seal->layout = SES_LAYOUT_5; /* the two differ by nothing else */
    TRY(ses_text(&info, "eSealInfo.esID", DER_IA5_STRING, &seal->id, err));
    TRY(read_property(&info, seal, err));
    TRY(read_picture(&info, seal, err));
    TRY(read_seal_extensions(&info, seal, err));
    return der_walk_end(&info.walk, "eSealInfo", err);
}

/* GM/T 0031-2014 5.2: what is signed is nowhere as one piece, so it is put together of slices. */
static enum rc join_signed_bytes(struct ses_seal *seal, const struct der *info,
                                 const struct span *cert_and_oid, struct err *err)
{
    TRY(der_put_raw(&seal->own, info->whole, err));
    TRY(der_put_raw(&seal->own, *cert_and_oid, err));
    TRY(der_wrap(&seal->own, DER_ID_SEQUENCE, 0, err));
    seal->signed_bytes = buf_span(&seal->own);
    return RC_OK;
}

static enum rc read_maker(struct ses_reader *reader, struct ses_seal *seal, const char *names[3],
                          struct span *cert_and_oid, struct err *err)
{
    cert_and_oid->data = reader->walk.rest.data;
    TRY(ses_cert(reader, names[0], &seal->maker_cert, err));
    TRY(ses_oid(reader, names[1], seal->algorithm, err));
    cert_and_oid->len = (size_t)(reader->walk.rest.data - cert_and_oid->data);
    return ses_bits(reader, names[2], &seal->signature, err);
}

static enum rc read_maker_1(struct ses_reader *reader, const struct der *info,
                            struct ses_seal *seal, struct err *err)
{
    const char *names[] = {"signInfo.cert", "signInfo.signatureAlgorithm", "signInfo.signData"};
    struct ses_reader inner;
    struct span cert_and_oid;
    struct der element;

    TRY(der_walk_tag(&reader->walk, DER_SEQUENCE, "signInfo", &element, err));
    inner = ses_into(reader, &element);
    TRY(read_maker(&inner, seal, names, &cert_and_oid, err));
    TRY(der_walk_end(&inner.walk, "signInfo", err));
    return join_signed_bytes(seal, info, &cert_and_oid, err);
}

static enum rc read_maker_4(struct ses_reader *reader, const struct der *info,
                            struct ses_seal *seal, struct err *err)
{
    const char *names[] = {"cert", "signAlgID", "signedValue"};
    struct span cert_and_oid;

    TRY(read_maker(reader, seal, names, &cert_and_oid, err));
    seal->signed_bytes = info->whole;
    return ses_timestamp(reader, &seal->timestamp, err);
}

static enum rc read_seal(struct ses_reader *reader, struct ses_seal *seal, struct err *err)
{
    struct ses_reader inner;
    struct der top, info;

    TRY(der_walk_tag(&reader->walk, DER_SEQUENCE, "SESeal", &top, err));
    TRY(der_walk_end(&reader->walk, "SESeal", err));
    seal->whole = top.whole;
    inner = ses_into(reader, &top);
    TRY(der_walk_tag(&inner.walk, DER_SEQUENCE, "eSealInfo", &info, err));
    seal->layout = der_walk_sees(&inner.walk, DER_SEQUENCE) ? SES_LAYOUT_1 : SES_LAYOUT_4;
    /* a maker's certificate without its OCTET STRING looks like a SignInfo but for what follows */
    if (seal->layout == SES_LAYOUT_1) {
        struct der_walk ahead = inner.walk;
        struct der skipped;

        TRY(der_walk_next(&ahead, "signInfo", &skipped, err));
        if (der_walk_more(&ahead))
            seal->layout = SES_LAYOUT_4;
    }
    TRY(read_info(&inner, &info, seal, err));
    if (seal->layout == SES_LAYOUT_1)
        TRY(read_maker_1(&inner, &info, seal, err));
    else
        TRY(read_maker_4(&inner, &info, seal, err));
    TRY(der_walk_end(&inner.walk, "SESeal", err));
    if (seal->layout == SES_LAYOUT_1 ? seal->version == 4 || seal->version == 5
                                     : seal->version != (int64_t)seal->layout)
        ses_note(&inner, REMARK_VERSION, &info, "eSealInfo.header.version", NULL, NULL);
    return RC_OK;
}

enum rc ses_seal_read(struct span der, struct ses_seal *out, struct findings *notes,
                      struct err *err)
{
    struct ses_reader reader = {
        .walk = {der, der.data, "SEA001", "GB/T 38540"}, .notes = notes, .of_seal = true};
    CLEANUP(ses_seal_clear) struct ses_seal seal = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)};

    if (der.len > LIMIT_SIGNED_VALUE)
        return err_find(err, "SEA001", RC_INPUT, "larger than the limit of %zu bytes",
                        LIMIT_SIGNED_VALUE);
    TRY(read_seal(&reader, &seal, err));
    *out = seal;
    seal = (struct ses_seal){.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
    return RC_OK;
}

/* The list may hold thousands of digests: the certificate's is computed once a kind. */
static bool lists_digest(const struct ses_seal *seal, const struct cert *cert)
{
    struct hash hashes[HASH_MD5 + 1] = {{.len = 0}};

    for (size_t i = 0; i < seal->n_certs; i++) {
        enum hash_alg alg;
        struct hash *hash;
        struct err ignored = ERR_INIT;

        if (!hash_by_name(seal->digest_types[i], &alg) || hash_is_weak(alg))
            continue;
        hash = &hashes[alg];
        if (hash->len == 0 && hash_compute(alg, cert_der(cert), hash, &ignored) != RC_OK)
            continue;
        if (hash_equals((struct span){hash->bytes, hash->len}, seal->cert_list[i]))
            return true;
    }
    return false;
}

bool ses_seal_lists(const struct ses_seal *seal, const struct cert *cert)
{
    if (seal->digests)
        return lists_digest(seal, cert);
    for (size_t i = 0; i < seal->n_certs; i++) {
        if (span_equals(seal->cert_list[i], cert_der(cert)))
            return true;
    }
    return false;
}
