/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/cert.h"

#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/der.h"
#include "core/crypto/ossl.h"

/* The slices: Certificate and TBSCertificate of GB/T 20518-2018 5.2 */
static enum rc slice_tbs(struct cert *cert, char inner_algorithm[80], struct err *err)
{
    struct span rest;
    struct der item, oid;

    TRY(der_only(cert->tbs, &item, err));
    rest = item.body;
    if (rest.len && rest.data[0] == 0xa0)
        TRY(der_next(&rest, &item, err));
    TRY(der_expect(&rest, DER_INTEGER, "serialNumber", &item, err));
    cert->serial = item.whole;
    TRY(der_expect(&rest, DER_SEQUENCE, "signature", &item, err));
    TRY(der_expect(&item.body, DER_OID, "signature", &oid, err));
    if (!der_oid_text(oid.body, inner_algorithm, 80))
        return err_set(err, RC_INPUT, "signature: not an OID");
    TRY(der_expect(&rest, DER_SEQUENCE, "issuer", &item, err));
    cert->issuer = item.whole;
    TRY(der_expect(&rest, DER_SEQUENCE, "validity", &item, err));
    TRY(der_expect(&rest, DER_SEQUENCE, "subject", &item, err));
    cert->subject = item.whole;
    return RC_OK;
}

static enum rc slice(struct cert *cert, struct err *err)
{
    char inner[80] = "";
    struct der item, oid;
    struct span rest;

    TRY(der_only(cert->whole, &item, err));
    rest = item.body;
    TRY(der_expect(&rest, DER_SEQUENCE, "tbsCertificate", &item, err));
    cert->tbs = item.whole;
    TRY(der_expect(&rest, DER_SEQUENCE, "signatureAlgorithm", &item, err));
    TRY(der_expect(&item.body, DER_OID, "signatureAlgorithm", &oid, err));
    if (!der_oid_text(oid.body, cert->algorithm, sizeof(cert->algorithm)))
        return err_set(err, RC_INPUT, "signatureAlgorithm: not an OID");
    TRY(der_expect(&rest, DER_BIT_STRING, "signatureValue", &item, err));
    if (!der_bits(&item, &cert->value, NULL))
        return err_set(err, RC_INPUT, "signatureValue: not a BIT STRING");
    TRY(slice_tbs(cert, inner, err));
    if (strcmp(inner, cert->algorithm) != 0) /* RFC 5280 4.1.1.2: they are the same */
        cert->algorithm[0] = '\0';
    return RC_OK;
}

static char *take_text(BIO *bio)
{
    char *data;
    long len = BIO_get_mem_data(bio, &data);

    return mem_copy_text(len > 0 ? data : "", len > 0 ? (size_t)len : 0);
}

/* d2i_X509() has refused strings that are not what their type says. */
char *cert_name_text(const X509_NAME *name)
{
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());

    (void)X509_NAME_print_ex(bio, name, 0, CERT_NAME_FLAGS);
    return take_text(bio);
}

/* The last common name is the most particular one. */
static char *common_name(const X509_NAME *name)
{
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
    const ASN1_STRING *value = NULL;

    for (int i = -1; (i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;)
        value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
    if (value)
        (void)ASN1_STRING_print_ex(bio, value, ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT);
    return take_text(bio);
}

static char *hex_text(struct span bytes)
{
    char *text = mem_zero(2 * bytes.len + 1, 1);

    hex_encode(bytes.data, bytes.len, text);
    for (char *p = text; *p; p++) {
        if (*p >= 'a')
            *p = (char)(*p - 'a' + 'A');
    }
    return text;
}

static char *octets_text(const ASN1_OCTET_STRING *octets)
{
    if (!octets)
        return mem_text("");
    return hex_text((struct span){ASN1_STRING_get0_data(octets), //
                                  (size_t)ASN1_STRING_length(octets)});
}

static char *serial_text(struct span integer)
{
    struct err err = ERR_INIT;
    struct der der;

    if (der_only(integer, &der, &err) != RC_OK)
        return mem_text("");
    while (der.body.len > 1 && der.body.data[0] == 0) {
        der.body.data++;
        der.body.len--;
    }
    return hex_text(der.body);
}

static bool time_of(const ASN1_TIME *time, instant *out)
{
    struct der der = {.tag = (unsigned)ASN1_STRING_type(time), .class = DER_UNIVERSAL};

    der.body = (struct span){ASN1_STRING_get0_data(time), (size_t)ASN1_STRING_length(time)};
    return der_time(&der, out);
}

/* An extension decoded; one that is there twice or broken marks the certificate. */
static void *extension(struct cert *cert, int nid)
{
    int critical;
    void *value = X509_get_ext_d2i(cert->x509, nid, &critical, NULL);

    if (!value && critical != -1)
        cert->has_unknown_critical = true;
    return value;
}

static void read_constraints(struct cert *cert)
{
    CLEANUP(BASIC_CONSTRAINTS_freep)
    BASIC_CONSTRAINTS *constraints = extension(cert, NID_basic_constraints);
    CLEANUP(EXTENDED_KEY_USAGE_freep)
    EXTENDED_KEY_USAGE *extended = extension(cert, NID_ext_key_usage);
    int at = X509_get_ext_by_NID(cert->x509, NID_ext_key_usage, -1);
    CLEANUP(ASN1_OCTET_STRING_freep) ASN1_BIT_STRING *usage = extension(cert, NID_key_usage);

    cert->path_length = -1;
    if (constraints) {
        cert->is_ca = constraints->ca;
        if (constraints->pathlen)
            cert->path_length = ASN1_INTEGER_get(constraints->pathlen);
        if (constraints->pathlen && cert->path_length < 0)
            cert->has_unknown_critical = true;
    }
    cert->has_key_usage = usage != NULL;
    if (usage && ASN1_STRING_length(usage) > 0)
        cert->key_usage = ASN1_STRING_get0_data(usage)[0];
    if (usage && ASN1_STRING_length(usage) > 1)
        cert->key_usage |= (unsigned)ASN1_STRING_get0_data(usage)[1] << 8;
    for (int i = 0; extended && i < sk_ASN1_OBJECT_num(extended); i++) {
        int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(extended, i));

        cert->may_timestamp |= nid == NID_time_stamp;
        cert->may_answer_ocsp |= nid == NID_OCSP_sign;
    }
    cert->never_revoked = X509_get_ext_by_NID(cert->x509, NID_id_pkix_OCSP_noCheck, -1) >= 0;
    cert->has_extended_usage = extended != NULL;
    cert->only_timestamps = cert->may_timestamp && sk_ASN1_OBJECT_num(extended) == 1 &&
                            X509_EXTENSION_get_critical(X509_get_ext(cert->x509, at));
}

static void read_key_ids(struct cert *cert)
{
    CLEANUP(ASN1_OCTET_STRING_freep)
    ASN1_OCTET_STRING *subject = extension(cert, NID_subject_key_identifier);
    CLEANUP(AUTHORITY_KEYID_freep)
    AUTHORITY_KEYID *authority = extension(cert, NID_authority_key_identifier);

    cert->subject_key_id = octets_text(subject);
    cert->authority_key_id = octets_text(authority ? authority->keyid : NULL);
}

/*
 * Critical extensions that we act on, or that ask nothing of a verifier such as
 * ours (no policy is required, so policies constrain nothing).  Name constraints
 * and policy constraints are not among them: a certificate with these is refused.
 */
static bool is_known_critical(const ASN1_OBJECT *object)
{
    static const int known[] = {
        NID_basic_constraints,      NID_key_usage,
        NID_ext_key_usage,          NID_subject_alt_name,
        NID_issuer_alt_name,        NID_certificate_policies,
        NID_inhibit_any_policy,     NID_crl_distribution_points,
        NID_subject_key_identifier, NID_authority_key_identifier,
        NID_id_pkix_OCSP_noCheck,
    };
    char oid[80];

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (OBJ_obj2nid(object) == known[i])
            return true;
    }
    /* GB/T 20518-2018 5.2.4: numbers of the holder, for display */
    return OBJ_obj2txt(oid, sizeof(oid), object, 1) > 0 &&
           strncmp(oid, "1.2.156.10260.4.1.", strlen("1.2.156.10260.4.1.")) == 0;
}

static void read_criticals(struct cert *cert)
{
    for (int i = 0; i < X509_get_ext_count(cert->x509); i++) {
        X509_EXTENSION *ext = X509_get_ext(cert->x509, i);

        const ASN1_OBJECT *object = X509_EXTENSION_get_object(ext);

        /* RFC 5280 4.2.1.10: critical whether it says so or not, or the CA would not be bound */
        if ((X509_EXTENSION_get_critical(ext) && !is_known_critical(object)) ||
            OBJ_obj2nid(object) == NID_name_constraints)
            cert->has_unknown_critical = true;
    }
}

static enum rc fill(struct cert *cert, struct err *err)
{
    const X509_NAME *subject = X509_get_subject_name(cert->x509);

    TRY(slice(cert, err));
    if (!time_of(X509_get0_notBefore(cert->x509), &cert->not_before) ||
        !time_of(X509_get0_notAfter(cert->x509), &cert->not_after))
        return err_set(err, RC_INPUT, "validity: not a time");
    cert->key = X509_get0_pubkey(cert->x509);
    cert->is_sm2 = sm2_za(cert->key, cert->za);
    cert->is_v1 = X509_get_version(cert->x509) == 0;
    cert->subject_text = cert_name_text(subject);
    cert->issuer_text = cert_name_text(X509_get_issuer_name(cert->x509));
    cert->common_name = common_name(subject);
    cert->serial_text = serial_text(cert->serial);
    read_constraints(cert);
    read_key_ids(cert);
    read_criticals(cert);
    ERR_clear_error();
    return RC_OK;
}

/* Says what is wrong with the certificate as a whole, keeping what was said of its part. */
static enum rc unreadable(struct err *err)
{
    struct err inner = *err;

    (void)err_find(err, "CRT001", RC_INPUT, "GB/T 20518 5.2: certificate: %s", inner.text);
    return inner.where[0] ? err_at(err, "%s", inner.where) : RC_INPUT;
}

static enum rc read_cert(struct cert *cert, struct err *err)
{
    const unsigned char *p = cert->der;
    struct der whole;

    TRY(der_only(cert->whole, &whole, err));
    cert->x509 = d2i_X509(NULL, &p, (long)cert->whole.len);
    if (!cert->x509 || p != cert->der + cert->whole.len)
        return ossl_fail(err, RC_INPUT, "not a certificate");
    return fill(cert, err);
}

enum rc cert_parse(struct span der, struct cert **out, struct err *err)
{
    CLEANUP(cert_freep) struct cert *cert = NULL;
    unsigned char digest[SM3_LEN];

    if (der.len > LIMIT_CERT)
        return err_find(err, "CRT001", RC_INPUT, "certificate: larger than %zu bytes", LIMIT_CERT);
    sm3(der, digest);
    cert = cert_cache_find(der, digest);
    if (cert) {
        *out = MOVE(cert);
        return RC_OK;
    }
    cert = mem_zero(1, sizeof(*cert));
    atomic_init(&cert->refs, 1);
    cert->number = sm2_number();
    cert->der = mem_copy(der.data, der.len);
    cert->whole = (struct span){cert->der, der.len};
    memcpy(cert->sm3, digest, SM3_LEN);
    if (read_cert(cert, err) != RC_OK)
        return unreadable(err);
    cert_cache_keep(cert);
    *out = MOVE(cert);
    return RC_OK;
}

struct cert *cert_ref(struct cert *cert)
{
    (void)atomic_fetch_add(&cert->refs, 1);
    return cert;
}

void cert_free(struct cert *cert)
{
    if (!cert || atomic_fetch_sub(&cert->refs, 1) != 1)
        return;
    sm2_forget(cert->number);
    X509_free(cert->x509);
    free(cert->der);
    free(cert->subject_text);
    free(cert->issuer_text);
    free(cert->common_name);
    free(cert->serial_text);
    free(cert->subject_key_id);
    free(cert->authority_key_id);
    free(cert);
}
