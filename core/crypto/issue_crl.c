/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/cert_issue.h"

#include <openssl/pem.h>

#include "core/crypto/cert_priv.h"
#include "core/crypto/issue_sign.h"

static enum rc add_reason(X509_REVOKED *entry, int reason, struct err *err)
{
    CLEANUP(ASN1_ENUMERATED_freep) ASN1_ENUMERATED *value = ASN1_ENUMERATED_new();

    if (reason == 0) /* RFC 5280 5.3.1: unspecified is left out */
        return RC_OK;
    if (!value || !ASN1_ENUMERATED_set(value, reason) ||
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, value, 0, 0) != 1)
        return ossl_fail(err, RC_SYSTEM, "reason of revocation");
    return RC_OK;
}

static enum rc add_entry(X509_CRL *crl, const struct revoked *revoked, struct err *err)
{
    CLEANUP(X509_REVOKED_freep) X509_REVOKED *entry = X509_REVOKED_new();
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *at = issue_time(revoked->at);
    ASN1_INTEGER *serial = X509_get_serialNumber(revoked->cert->x509);

    if (!entry || !at || !X509_REVOKED_set_serialNumber(entry, serial) ||
        !X509_REVOKED_set_revocationDate(entry, at))
        return ossl_fail(err, RC_SYSTEM, "entry of a revocation list");
    TRY(add_reason(entry, revoked->reason, err));
    if (!X509_CRL_add0_revoked(crl, entry))
        return ossl_fail(err, RC_SYSTEM, "entry of a revocation list");
    entry = NULL; /* the list's now */
    return RC_OK;
}

static enum rc set_head(X509_CRL *crl, const struct cert *issuer, instant this_update,
                        instant next_update, struct err *err)
{
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *from = issue_time(this_update);
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *until = issue_time(next_update);

    if (!from || !until || !X509_CRL_set_version(crl, 1) ||
        !X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->x509)) ||
        !X509_CRL_set1_lastUpdate(crl, from) || !X509_CRL_set1_nextUpdate(crl, until))
        return ossl_fail(err, RC_SYSTEM, "cannot make a revocation list");
    return RC_OK;
}

static enum rc add_extensions(X509_CRL *crl, const struct cert *issuer, long number,
                              struct err *err)
{
    CLEANUP(ASN1_INTEGER_freep) ASN1_INTEGER *value = ASN1_INTEGER_new();
    CLEANUP(X509_EXTENSION_freep) X509_EXTENSION *authority = NULL;
    X509V3_CTX ctx;

    X509V3_set_ctx(&ctx, issuer->x509, NULL, NULL, crl, 0);
    authority = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier, "keyid");
    if (!authority || !X509_CRL_add_ext(crl, authority, -1))
        return ossl_fail(err, RC_SYSTEM, "authority key identifier");
    if (!value || !ASN1_INTEGER_set(value, number) ||
        X509_CRL_add1_ext_i2d(crl, NID_crl_number, value, 0, 0) != 1)
        return ossl_fail(err, RC_SYSTEM, "number of the list");
    return RC_OK;
}

enum rc crl_issue(const struct cert *issuer, const struct key *key, const struct revoked *revoked,
                  size_t n, long number, instant this_update, instant next_update, struct buf *pem,
                  struct err *err)
{
    CLEANUP(X509_CRL_freep) X509_CRL *crl = X509_CRL_new();
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
    char *data;
    long len;

    if (!crl || !bio)
        return ossl_fail(err, RC_SYSTEM, "cannot make a revocation list");
    if (!key_matches(key, issuer))
        return err_set(err, RC_KEY,
                       "the key and the certificate of '%.120s' do not belong "
                       "together",
                       cert_common_name(issuer));
    TRY(set_head(crl, issuer, this_update, next_update, err));
    for (size_t i = 0; i < n; i++)
        TRY(add_entry(crl, &revoked[i], err));
    TRY(add_extensions(crl, issuer, number, err));
    (void)X509_CRL_sort(crl);
    TRY(issue_sign_crl(crl, key, err));
    if (PEM_write_bio_X509_CRL(bio, crl) != 1)
        return ossl_fail(err, RC_SYSTEM, "cannot write the revocation list");
    len = BIO_get_mem_data(bio, &data);
    return buf_add(pem, data, (size_t)len, err);
}
