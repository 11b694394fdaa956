/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_STAMPKIT_H
#define TESTS_UNIT_STAMPKIT_H

#include "core/crypto/der_write.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/cms_write.h"
#include "formats/cms/timestamp.h"
#include "tests/unit/people.h"

/* Timestamp tokens made to measure: OpenSSL cannot make one with SM2. */
struct stamp_spec {
    const struct person *tsa;
    instant time;
    bool gb;   /* the OID arc of GB/T 35275 */
    bool bare; /* TSTInfo without its OCTET STRING, as in PKCS #7 */
    bool version_2;
    bool sha256;              /* the imprint; else SM3 */
    bool sha1;                /* the same, weak */
    long accuracy;            /* seconds; 0: none */
    const char *critical;     /* OID of a critical extension */
    const char *content_type; /* of the attribute; NULL: right */
    bool no_attributes;
    bool other_digest; /* messageDigest of something else */
    enum { ESS_V2, ESS_V1, ESS_NONE, ESS_OTHER } ess;
    const struct cert *named; /* ESS_OTHER */
    bool no_cert;
    bool twice; /* two SignerInfos */
    struct span nonce;
    bool tampered; /* a bit of TSTInfo changed after signing */
};

static inline void stamp_algorithm(struct buf *out, const char *oid)
{
    size_t mark = out->len;
    struct err err = ERR_INIT;

    CK_OK(der_put_oid(out, oid, &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
}

static inline void stamp_imprint(const struct stamp_spec *spec, struct span over, struct buf *out)
{
    enum hash_alg alg = spec->sha1 ? HASH_SHA1 : spec->sha256 ? HASH_SHA256 : HASH_SM3;
    size_t mark = out->len;
    struct hash digest;
    struct err err = ERR_INIT;

    CK_OK(hash_compute(alg, over, &digest, &err), &err);
    stamp_algorithm(out, spec->sha1 ? "1.3.14.3.2.26" : spec->sha256 ? OID_SHA256 : OID_SM3);
    CK_OK(der_put(out, DER_ID_OCTET_STRING, (struct span){digest.bytes, digest.len}, &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
}

static inline void stamp_extension(const char *oid, struct buf *out)
{
    size_t mark = out->len;
    struct err err = ERR_INIT;

    CK_OK(der_put_oid(out, oid, &err), &err);
    CK_OK(der_put(out, DER_ID_BOOLEAN, (struct span){(const unsigned char *)"\xff", 1}, &err),
          &err);
    CK_OK(der_put(out, DER_ID_OCTET_STRING, span_of("x"), &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
    CK_OK(der_wrap(out, DER_ID_CONTEXT_1, mark, &err), &err);
}

static inline void stamp_info(const struct stamp_spec *spec, struct span over, struct buf *out)
{
    size_t mark = out->len, part;
    struct err err = ERR_INIT;

    CK_OK(der_put_integer(out, spec->version_2 ? 2 : 1, &err), &err);
    CK_OK(der_put_oid(out, "1.2.3.4.1", &err), &err);
    stamp_imprint(spec, over, out);
    CK_OK(der_put_integer(out, 4711, &err), &err);
    CK_OK(der_put_generalized_time(out, spec->time, &err), &err);
    if (spec->accuracy) {
        part = out->len;
        CK_OK(der_put_integer(out, spec->accuracy, &err), &err);
        CK_OK(der_wrap(out, DER_ID_SEQUENCE, part, &err), &err);
    }
    if (spec->nonce.len)
        CK_OK(der_put(out, DER_ID_INTEGER, spec->nonce, &err), &err);
    if (spec->critical)
        stamp_extension(spec->critical, out);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
}

static inline void stamp_ess(const struct stamp_spec *spec, struct buf *out)
{
    const struct cert *cert = spec->ess == ESS_OTHER ? spec->named : spec->tsa->cert;
    struct hash digest;
    struct err err = ERR_INIT;

    CK_OK(hash_compute(spec->ess == ESS_V1 ? HASH_SHA1 : HASH_SM3, cert_der(cert), &digest, &err),
          &err);
    if (spec->ess != ESS_V1)
        stamp_algorithm(out, OID_SM3);
    CK_OK(der_put(out, DER_ID_OCTET_STRING, (struct span){digest.bytes, digest.len}, &err), &err);
    for (int i = 0; i < 3; i++)
        CK_OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err), &err);
}

static inline void stamp_attributes(const struct stamp_spec *spec, struct span info,
                                    struct buf *out)
{
    CLEANUP(buf_clear) struct buf items = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    unsigned char digest[SM3_LEN];
    struct err err = ERR_INIT;

    CK_OK(der_put_oid(&value, spec->content_type ? spec->content_type : OID_TST_INFO, &err), &err);
    CK_OK(cms_put_attribute(&items, OID_CONTENT_TYPE, buf_span(&value), &err), &err);
    sm3(spec->other_digest ? span_of("?") : info, digest);
    buf_reset(&value);
    CK_OK(der_put(&value, DER_ID_OCTET_STRING, (struct span){digest, SM3_LEN}, &err), &err);
    CK_OK(cms_put_attribute(&items, OID_MESSAGE_DIGEST, buf_span(&value), &err), &err);
    buf_reset(&value);
    if (spec->ess != ESS_NONE) {
        stamp_ess(spec, &value);
        CK_OK(cms_put_attribute(&items,
                                spec->ess == ESS_V1 ? OID_SIGNING_CERT : OID_SIGNING_CERT_V2,
                                buf_span(&value), &err),
              &err);
    }
    CK_OK(cms_put_set(out, DER_ID_SET, buf_span(&items), &err), &err);
}

static inline void stamp_signer(const struct stamp_spec *spec, struct span info, struct buf *out)
{
    CLEANUP(buf_clear) struct buf attributes = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    const struct cert *cert = spec->tsa->cert;
    size_t mark = out->len, sid;
    struct err err = ERR_INIT;

    stamp_attributes(spec, info, &attributes);
    CK_OK(signer_sign(spec->tsa->signer, "timestamp",
                      spec->no_attributes ? info : buf_span(&attributes), &value, &err),
          &err);
    attributes.data[0] = (char)DER_ID_CONTEXT_0;
    CK_OK(der_put_integer(out, 1, &err), &err);
    sid = out->len;
    CK_OK(der_put_raw(out, cert_issuer_der(cert), &err), &err);
    CK_OK(der_put_raw(out, cert_serial_der(cert), &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, sid, &err), &err);
    stamp_algorithm(out, OID_SM3);
    if (!spec->no_attributes)
        CK_OK(der_put_raw(out, buf_span(&attributes), &err), &err);
    stamp_algorithm(out, OID_SM2_SIGN);
    CK_OK(der_put(out, DER_ID_OCTET_STRING, buf_span(&value), &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
}

static inline void stamp_content(const struct stamp_spec *spec, struct span info, struct buf *out)
{
    size_t mark = out->len, inner;
    struct err err = ERR_INIT;

    CK_OK(der_put_oid(out, OID_TST_INFO, &err), &err);
    inner = out->len;
    if (spec->bare)
        CK_OK(der_put_raw(out, info, &err), &err);
    else
        CK_OK(der_put(out, DER_ID_OCTET_STRING, info, &err), &err);
    if (spec->tampered)
        out->data[out->len - 1] ^= 1;
    CK_OK(der_wrap(out, DER_ID_CONTEXT_0, inner, &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
}

static inline void stamp_signers(const struct stamp_spec *spec, struct span info, struct buf *out)
{
    size_t mark = out->len;
    struct err err = ERR_INIT;

    for (int i = 0; i <= spec->twice; i++)
        stamp_signer(spec, info, out);
    CK_OK(der_wrap(out, DER_ID_SET, mark, &err), &err);
}

/* The token over these octets. */
static inline void stamp_make(const struct stamp_spec *spec, struct span over, struct buf *out)
{
    CLEANUP(buf_clear) struct buf info = BUF_INIT(1 << 16);
    size_t start = out->len, mark, set;
    struct err err = ERR_INIT;

    stamp_info(spec, over, &info);
    CK_OK(der_put_oid(out, spec->gb ? OID_GB_SIGNED_DATA : OID_CMS_SIGNED_DATA, &err), &err);
    mark = out->len;
    CK_OK(der_put_integer(out, 3, &err), &err);
    set = out->len;
    stamp_algorithm(out, OID_SM3);
    CK_OK(der_wrap(out, DER_ID_SET, set, &err), &err);
    stamp_content(spec, buf_span(&info), out);
    if (!spec->no_cert)
        CK_OK(der_put(out, DER_ID_CONTEXT_0, cert_der(spec->tsa->cert), &err), &err);
    stamp_signers(spec, buf_span(&info), out);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err), &err);
    CK_OK(der_wrap(out, DER_ID_CONTEXT_0, mark, &err), &err);
    CK_OK(der_wrap(out, DER_ID_SEQUENCE, start, &err), &err);
}

#endif
