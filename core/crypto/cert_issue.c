/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/cert_issue.h"

#include <string.h>

#include "core/crypto/cert_priv.h"
#include "core/crypto/issue_sign.h"
#include "core/crypto/key_priv.h"
#include "core/crypto/random.h"

enum { SERIAL_LEN = 16, EXTENSIONS_MAX = 5 };

/* GB/T 20518-2018 5.2.4: the number of an organisation, a PrintableString */
static const char uscc_oid[] = "1.2.156.10260.4.1.4";

/* What each profile may do, in the words of x509v3.cnf(5). */
static const struct {
    const char *constraints, *usage, *extended;
} profiles[] = {
    [CERT_PROFILE_ROOT] = {"critical,CA:TRUE", "critical,keyCertSign,cRLSign", NULL},
    [CERT_PROFILE_CA] = {"critical,CA:TRUE", "critical,keyCertSign,cRLSign", NULL},
    [CERT_PROFILE_SIGNER] = {"CA:FALSE", "critical,digitalSignature,nonRepudiation", NULL},
    [CERT_PROFILE_TSA] = {"CA:FALSE", "critical,digitalSignature", "critical,timeStamping"},
};

/* Positive, 128 bits: RFC 5280 4.1.2.2 asks for no more than 20 octets. */
static enum rc set_serial(X509 *x509, struct err *err)
{
    unsigned char bytes[SERIAL_LEN];
    CLEANUP(BN_freep) BIGNUM *number = NULL;

    TRY(random_bytes(bytes, sizeof(bytes), err));
    bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
    number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    if (!number || !BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)))
        return ossl_fail(err, RC_SYSTEM, "serial number");
    return RC_OK;
}

static bool add_name(X509_NAME *name, const char *field, const char *text)
{
    return !text || X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                               (const unsigned char *)text, -1, -1, 0) == 1;
}

static enum rc set_names(X509 *x509, const struct cert_request *request, const struct cert *issuer,
                         struct err *err)
{
    X509_NAME *subject = X509_get_subject_name(x509);

    if (!add_name(subject, "C", "CN") || !add_name(subject, "O", request->organization) ||
        !add_name(subject, "CN", request->common_name))
        return ossl_fail(err, RC_USAGE, "the name does not fit into a certificate");
    if (X509_set_issuer_name(x509, issuer ? X509_get_subject_name(issuer->x509) : subject) != 1)
        return ossl_fail(err, RC_SYSTEM, "issuer");
    return RC_OK;
}

static enum rc set_times(X509 *x509, const struct cert_request *request, struct err *err)
{
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *from = issue_time(request->not_before);
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *until = issue_time(request->not_after);

    if (request->not_after <= request->not_before)
        return err_set(err, RC_USAGE, "the certificate would end before it begins");
    if (!from || !until || !X509_set1_notBefore(x509, from) || !X509_set1_notAfter(x509, until))
        return ossl_fail(err, RC_SYSTEM, "validity");
    return RC_OK;
}

static enum rc add_extension(X509 *x509, X509V3_CTX *ctx, int nid, const char *value,
                             struct err *err)
{
    CLEANUP(X509_EXTENSION_freep) X509_EXTENSION *extension = NULL;

    if (!value)
        return RC_OK;
    extension = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
    if (!extension || !X509_add_ext(x509, extension, -1))
        return ossl_fail(err, RC_SYSTEM, value);
    return RC_OK;
}

static enum rc add_uscc(X509 *x509, const char *uscc, struct err *err)
{
    CLEANUP(ASN1_OCTET_STRING_freep) ASN1_OCTET_STRING *wrapped = ASN1_OCTET_STRING_new();
    CLEANUP(X509_EXTENSION_freep) X509_EXTENSION *extension = NULL;
    CLEANUP(ASN1_OCTET_STRING_freep) ASN1_PRINTABLESTRING *text = ASN1_PRINTABLESTRING_new();
    ASN1_OBJECT *oid = OBJ_txt2obj(uscc_oid, 1);
    unsigned char *der = NULL;
    int len = -1;
    bool ok;

    if (text && ASN1_STRING_set(text, uscc, -1))
        len = i2d_ASN1_PRINTABLESTRING(text, &der);
    ok = wrapped && len > 0 && ASN1_OCTET_STRING_set(wrapped, der, len);
    if (ok)
        extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, wrapped);
    ok = extension && X509_add_ext(x509, extension, -1);
    OPENSSL_free(der);
    ASN1_OBJECT_free(oid);
    return ok ? RC_OK : ossl_fail(err, RC_SYSTEM, uscc_oid);
}

static enum rc add_extensions(X509 *x509, const struct cert_request *request,
                              const struct cert *issuer, struct err *err)
{
    X509V3_CTX ctx;

    X509V3_set_ctx(&ctx, issuer ? issuer->x509 : x509, x509, NULL, NULL, 0);
    TRY(add_extension(x509, &ctx, NID_basic_constraints, profiles[request->profile].constraints,
                      err));
    TRY(add_extension(x509, &ctx, NID_key_usage, profiles[request->profile].usage, err));
    TRY(add_extension(x509, &ctx, NID_ext_key_usage, profiles[request->profile].extended, err));
    TRY(add_extension(x509, &ctx, NID_subject_key_identifier, "hash", err));
    TRY(add_extension(x509, &ctx, NID_authority_key_identifier, "keyid", err));
    return request->uscc ? add_uscc(x509, request->uscc, err) : RC_OK;
}

static enum rc finish(const X509 *x509, struct cert **out, struct err *err)
{
    unsigned char *der = NULL;
    int len = i2d_X509(x509, &der);
    enum rc rc;

    if (len <= 0)
        return ossl_fail(err, RC_SYSTEM, "cannot write the certificate");
    rc = cert_parse((struct span){der, (size_t)len}, out, err);
    OPENSSL_free(der);
    return rc;
}

enum rc cert_issue(const struct cert_request *request, const struct key *subject_key,
                   const struct cert *issuer, const struct key *issuer_key, struct cert **out,
                   struct err *err)
{
    CLEANUP(X509_freep) X509 *x509 = X509_new();

    if (issuer && !key_matches(issuer_key, issuer))
        return err_set(err, RC_KEY,
                       "the key and the certificate of '%.120s' do not belong "
                       "together",
                       cert_common_name(issuer));
    if (!x509 || !X509_set_version(x509, 2) || !X509_set_pubkey(x509, subject_key->pkey))
        return ossl_fail(err, RC_SYSTEM, "cannot make a certificate");
    TRY(set_serial(x509, err));
    TRY(set_names(x509, request, issuer, err));
    TRY(set_times(x509, request, err));
    TRY(add_extensions(x509, request, issuer, err));
    TRY(issue_sign_cert(x509, issuer ? issuer_key : subject_key, err));
    return finish(x509, out, err);
}
