/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making SignedData, variant a of ofd-seals 4: GB/T 35275-2017 8, with authenticated
 * attributes; the same shape with the OIDs of RFC 5652 on request.
 */
#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "formats/cms/cms.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/cms_write.h"

enum { SET_MAX = 64 };

static int compare_items(const void *a, const void *b)
{
    const struct span *left = a, *right = b;
    size_t n = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->data, right->data, n);

    return order ? order : (left->len > right->len) - (left->len < right->len);
}

enum rc cms_put_set(struct buf *out, enum der_id id, struct span items, struct err *err)
{
    struct span sorted[SET_MAX];
    size_t n = 0, mark = out->len;

    while (items.len) {
        struct der item;

        if (n == SET_MAX)
            return err_set(err, RC_USAGE, "more than %d attributes or certificates", SET_MAX);
        TRY(der_next(&items, &item, err));
        sorted[n++] = item.whole;
    }
    qsort(sorted, n, sizeof(sorted[0]), compare_items);
    for (size_t i = 0; i < n; i++)
        TRY(der_put_raw(out, sorted[i], err));
    return der_wrap(out, id, mark, err);
}

static enum rc put_algorithm(struct buf *out, const char *oid, struct err *err)
{
    size_t mark = out->len;

    TRY(der_put_oid(out, oid, err));
    TRY(der_put(out, DER_ID_NULL, (struct span){0}, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

enum rc cms_put_attribute(struct buf *out, const char *oid, struct span value, struct err *err)
{
    size_t mark = out->len;

    TRY(der_put_oid(out, oid, err));
    TRY(der_put(out, DER_ID_SET, value, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

static const char *data_oid(const struct cms_spec *spec)
{
    return spec->gbt35275 ? OID_GB_DATA : OID_CMS_DATA;
}

static enum rc put_own_attributes(const struct cms_spec *spec, struct span content, struct buf *out,
                                  struct err *err)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    unsigned char digest[SM3_LEN];

    TRY(der_put_oid(&value, data_oid(spec), err));
    TRY(cms_put_attribute(out, OID_CONTENT_TYPE, buf_span(&value), err));
    if (spec->time != INSTANT_NONE) {
        buf_reset(&value);
        TRY(der_put_time(&value, spec->time, err));
        TRY(cms_put_attribute(out, OID_SIGNING_TIME, buf_span(&value), err));
    }
    sm3(content, digest);
    buf_reset(&value);
    TRY(der_put(&value, DER_ID_OCTET_STRING, (struct span){digest, SM3_LEN}, err));
    return cms_put_attribute(out, OID_MESSAGE_DIGEST, buf_span(&value), err);
}

/* The attributes as SET OF: what is signed, and what goes in with the tag [0]. */
static enum rc make_attributes(const struct cms_spec *spec, struct span content, struct buf *out,
                               struct err *err)
{
    CLEANUP(buf_clear) struct buf items = BUF_INIT(LIMIT_SIGNED_VALUE);

    TRY(put_own_attributes(spec, content, &items, err));
    for (size_t i = 0; i < spec->n_extra; i++)
        TRY(cms_put_attribute(&items, spec->extra[i].oid, spec->extra[i].value, err));
    return cms_put_set(out, DER_ID_SET, buf_span(&items), err);
}

static enum rc put_signer(const struct cms_spec *spec, struct span content, struct signer *signer,
                          struct buf *out, struct err *err)
{
    const struct cert *cert = signer_cert(signer);
    CLEANUP(buf_clear) struct buf attributes = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    size_t mark = out->len, sid;

    TRY(make_attributes(spec, content, &attributes, err));
    TRY(signer_sign(signer, "document signature", buf_span(&attributes), &value, err));
    attributes.data[0] = (char)DER_ID_CONTEXT_0; /* IMPLICIT: the tag alone changes */
    TRY(der_put_integer(out, 1, err));
    sid = out->len;
    TRY(der_put_raw(out, cert_issuer_der(cert), err));
    TRY(der_put_raw(out, cert_serial_der(cert), err));
    TRY(der_wrap(out, DER_ID_SEQUENCE, sid, err));
    TRY(put_algorithm(out, OID_SM3, err));
    TRY(der_put_raw(out, buf_span(&attributes), err));
    TRY(put_algorithm(out, spec->gbt35275 ? OID_SM2_SIGN : OID_SM2_WITH_SM3, err));
    TRY(der_put(out, DER_ID_OCTET_STRING, buf_span(&value), err));
    TRY(der_wrap(out, DER_ID_SEQUENCE, mark, err));
    return der_wrap(out, DER_ID_SET, mark, err);
}

static enum rc put_content(const struct cms_spec *spec, struct span content, struct buf *out,
                           struct err *err)
{
    size_t mark = out->len, inner;

    TRY(der_put_oid(out, data_oid(spec), err));
    if (spec->attached) {
        inner = out->len;
        TRY(der_put(out, DER_ID_OCTET_STRING, content, err));
        TRY(der_wrap(out, DER_ID_CONTEXT_0, inner, err));
    }
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

/* A root is left out: whoever trusts it has it, and nobody else believes it for being here. */
static enum rc put_certs(const struct cms_spec *spec, struct signer *signer, struct buf *out,
                         struct err *err)
{
    CLEANUP(buf_clear) struct buf items = BUF_INIT(LIMIT_SIGNED_VALUE);

    TRY(der_put_raw(&items, cert_der(signer_cert(signer)), err));
    for (size_t i = 0; spec->chain && i < spec->chain->n; i++) {
        const struct cert *cert = spec->chain->list[i];

        if (!cert_equals(cert, signer_cert(signer)) && !cert_is_self_issued(cert))
            TRY(der_put_raw(&items, cert_der(cert), err));
    }
    return cms_put_set(out, DER_ID_CONTEXT_0, buf_span(&items), err);
}

static enum rc put_signed_data(const struct cms_spec *spec, struct span content,
                               struct signer *signer, struct buf *out, struct err *err)
{
    size_t mark;

    TRY(der_put_integer(out, 1, err));
    mark = out->len;
    TRY(put_algorithm(out, OID_SM3, err));
    TRY(der_wrap(out, DER_ID_SET, mark, err));
    TRY(put_content(spec, content, out, err));
    TRY(put_certs(spec, signer, out, err));
    TRY(put_signer(spec, content, signer, out, err));
    return der_wrap(out, DER_ID_SEQUENCE, 0, err);
}

enum rc cms_sign(const struct cms_spec *spec, struct span content, struct signer *signer,
                 struct buf *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf data = BUF_INIT(LIMIT_SIGNED_VALUE);
    size_t mark = out->len;

    if (signer_is_ses(signer))
        return err_set(err, RC_USAGE,
                       "a seal service makes seal signatures, not signatures of a document");
    TRY(put_signed_data(spec, content, signer, &data, err));
    TRY(der_wrap(&data, DER_ID_CONTEXT_0, 0, err));
    TRY(der_put_oid(out, spec->gbt35275 ? OID_GB_SIGNED_DATA : OID_CMS_SIGNED_DATA, err));
    TRY(der_put_raw(out, buf_span(&data), err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}
