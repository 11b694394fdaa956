/* SPDX-License-Identifier: Apache-2.0 */
/* An OCSP response against the issuer whose certificates it speaks of: RFC 6960 3.2, 4.2.2.2. */
#include <string.h>

#include "core/crypto/der.h"
#include "core/crypto/ocsp_priv.h"

/* Contents of the BIT STRING, its count of unused bits left out: RFC 6960 4.1.1 */
static struct span public_key(const struct cert *cert)
{
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(cert->x509);

    return (struct span){ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits)};
}

static bool is_hash(enum hash_alg alg, struct span data, struct span want)
{
    struct err ignored = ERR_INIT;
    struct hash hash;

    return hash_compute(alg, data, &hash, &ignored) == RC_OK &&
           hash_equals((struct span){hash.bytes, hash.len}, want);
}

static bool is_about(const struct ocsp_single *single, const struct cert *cert,
                     const struct cert *issuer)
{
    struct err ignored = ERR_INIT;
    struct der serial;

    return single->is_alg_known && single->alg != HASH_MD5 &&
           der_only(cert->serial, &serial, &ignored) == RC_OK &&
           span_equals(crl_serial(serial.body), single->serial) &&
           (is_hash(single->alg, cert->issuer, single->name_hash) ||
            is_hash(single->alg, issuer->subject, single->name_hash)) &&
           is_hash(single->alg, public_key(issuer), single->key_hash);
}

const struct ocsp_single *ocsp_find(const struct ocsp *ocsp, const struct cert *cert,
                                    const struct cert *issuer)
{
    const struct ocsp_single *newest = NULL;

    for (size_t i = 0; i < ocsp->n_singles; i++) {
        const struct ocsp_single *single = &ocsp->singles[i];

        if (!is_about(single, cert, issuer))
            continue;
        if (single->status == OCSP_REVOKED) /* of several answers in one the gravest counts */
            return single;
        if (!newest || single->this_update > newest->this_update)
            newest = single;
    }
    return newest;
}

/* KeyHash is by SHA-1, whatever the signature is by; those of 32 bytes are seen as well. */
static bool is_named(const struct ocsp *ocsp, const struct cert *cert)
{
    struct span key = ocsp->responder_key;

    if (ocsp->responder_name)
        return X509_NAME_cmp(ocsp->responder_name, X509_get_subject_name(cert->x509)) == 0;
    return is_hash(HASH_SHA1, public_key(cert), key) || is_hash(HASH_SM3, public_key(cert), key) ||
           is_hash(HASH_SHA256, public_key(cert), key);
}

/* Only who holds a certificate for the purpose from this very issuer may answer for it. */
static bool is_entitled(const struct ocsp *ocsp, const struct cert *cert, const struct cert *issuer)
{
    return cert->may_answer_ocsp && cert_may_sign(cert) && !cert->has_unknown_critical &&
           cert->not_before <= ocsp->produced_at && ocsp->produced_at <= cert->not_after &&
           cert_names_equal(cert, issuer) && cert_verify_issued_by(cert, issuer) == SIGCHECK_GOOD;
}

static enum sigcheck signed_by(const struct ocsp *ocsp, const struct cert *cert)
{
    struct sigform form;
    enum sigcheck answer = cert_verify(cert, ocsp->algorithm, ocsp->tbs, ocsp->value, &form);

    return answer == SIGCHECK_GOOD && form.weak ? SIGCHECK_UNSUPPORTED : answer;
}

/* Good is better than not supported, and that better than wrong. */
static void consider(struct ocsp *ocsp, struct cert *cert, const struct cert *issuer)
{
    enum sigcheck answer;

    if (ocsp->answer == SIGCHECK_GOOD || !is_named(ocsp, cert))
        return;
    answer = signed_by(ocsp, cert);
    if (answer == SIGCHECK_WRONG || (cert != issuer && !is_entitled(ocsp, cert, issuer)))
        return;
    ocsp->answer = answer;
    if (answer == SIGCHECK_GOOD)
        ocsp->responder = cert_ref(cert);
}

static void judge(struct ocsp *ocsp, struct cert *issuer, const struct certs *others)
{
    cert_free(ocsp->responder);
    ocsp->responder = NULL;
    ocsp->answer = SIGCHECK_WRONG;
    consider(ocsp, issuer, issuer);
    for (size_t i = 0; i < ocsp->certs.n; i++)
        consider(ocsp, ocsp->certs.list[i], issuer);
    for (size_t i = 0; i < others->n; i++)
        consider(ocsp, others->list[i], issuer);
    ocsp->judged = true;
    memcpy(ocsp->judged_under, issuer->sm3, SM3_LEN);
}

enum sigcheck ocsp_verify(struct ocsp *ocsp, struct cert *issuer, const struct certs *others,
                          struct cert **responder)
{
    enum sigcheck answer;

    (void)pthread_mutex_lock(&ocsp->lock);
    if (!ocsp->judged || memcmp(ocsp->judged_under, issuer->sm3, SM3_LEN) != 0)
        judge(ocsp, issuer, others);
    answer = ocsp->answer;
    *responder = ocsp->responder ? cert_ref(ocsp->responder) : NULL;
    (void)pthread_mutex_unlock(&ocsp->lock);
    return answer;
}
