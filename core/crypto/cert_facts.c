/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked of a certificate without verifying anything. */
#include <string.h>

#include "core/crypto/cert_priv.h"

struct span cert_der(const struct cert *cert)
{
    return cert->whole;
}

const unsigned char *cert_sm3(const struct cert *cert)
{
    return cert->sm3;
}

const char *cert_subject(const struct cert *cert)
{
    return cert->subject_text;
}

const char *cert_issuer(const struct cert *cert)
{
    return cert->issuer_text;
}

const char *cert_common_name(const struct cert *cert)
{
    return cert->common_name;
}

const char *cert_serial(const struct cert *cert)
{
    return cert->serial_text;
}

const char *cert_subject_key_id(const struct cert *cert)
{
    return cert->subject_key_id;
}

const char *cert_authority_key_id(const struct cert *cert)
{
    return cert->authority_key_id;
}

struct span cert_issuer_der(const struct cert *cert)
{
    return cert->issuer;
}

struct span cert_serial_der(const struct cert *cert)
{
    return cert->serial;
}

struct span cert_subject_der(const struct cert *cert)
{
    return cert->subject;
}

instant cert_not_before(const struct cert *cert)
{
    return cert->not_before;
}

instant cert_not_after(const struct cert *cert)
{
    return cert->not_after;
}

bool cert_names_equal(const struct cert *cert, const struct cert *issuer)
{
    return span_equals(cert->issuer, issuer->subject) ||
           X509_NAME_cmp(X509_get_issuer_name(cert->x509), X509_get_subject_name(issuer->x509)) ==
               0;
}

bool cert_is_self_issued(const struct cert *cert)
{
    return cert_names_equal(cert, cert);
}

bool cert_is_ca(const struct cert *cert)
{
    return cert->is_ca;
}

bool cert_is_sm2(const struct cert *cert)
{
    return cert->is_sm2;
}

int cert_key_bits(const struct cert *cert)
{
    return cert->key ? EVP_PKEY_get_bits(cert->key) : 0;
}

const char *cert_key_kind(const struct cert *cert)
{
    if (cert->is_sm2)
        return "SM2";
    if (cert->key && EVP_PKEY_is_a(cert->key, "RSA"))
        return "RSA";
    return cert->key && EVP_PKEY_is_a(cert->key, "EC") ? "EC" : "other";
}

bool cert_equals(const struct cert *a, const struct cert *b)
{
    return a == b || span_equals(a->whole, b->whole);
}

bool cert_may_sign(const struct cert *cert)
{
    /* GM/T 0015: signing and encryption certificates are apart; the latter signs nothing. */
    return !cert->has_key_usage ||
           cert->key_usage & (X509v3_KU_DIGITAL_SIGNATURE | X509v3_KU_NON_REPUDIATION);
}

bool cert_may_sign_certs(const struct cert *cert)
{
    return !cert->has_key_usage || cert->key_usage & X509v3_KU_KEY_CERT_SIGN;
}

bool cert_may_timestamp(const struct cert *cert)
{
    return cert->may_timestamp;
}

bool cert_only_timestamps(const struct cert *cert)
{
    return cert->only_timestamps;
}

bool cert_has_extended_usage(const struct cert *cert)
{
    return cert->has_extended_usage;
}
