/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_CERT_H
#define CORE_CRYPTO_CERT_H

#include <stdbool.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"

/*
 * An X.509 certificate (GB/T 20518).  Immutable after parsing and counted by
 * reference, so that threads may share it.  Its own signature is checked by
 * cert_verify_issued_by() over the bytes as received, with ZA of the issuer's key,
 * so no certificate needs a distinguishing id and X509_verify() is never called.
 * What cannot be read is RC_INPUT, finding CRT001.
 */
struct cert;

MUST_CHECK enum rc cert_parse(struct span der, struct cert **out, struct err *err);
struct cert *cert_ref(struct cert *cert);
void cert_free(struct cert *cert);
CLEANUP_PTR(struct cert, cert_free);

/* Certificates in the order read, each counted. */
struct certs {
    struct cert **list;
    size_t n;
};
void certs_add(struct certs *certs, struct cert *cert); /* counts it once more */
void certs_clear(struct certs *certs);

/* One or more of a file, PEM or DER; none at all is RC_INPUT. */
MUST_CHECK enum rc certs_load(const char *path, struct certs *out, struct err *err);
MUST_CHECK enum rc certs_parse(struct span pem_or_der, struct certs *out, struct err *err);

/* All borrowed from the certificate. */
struct span cert_der(const struct cert *cert);
const unsigned char *cert_sm3(const struct cert *cert); /* SM3 of the DER, 32 bytes */
const char *cert_subject(const struct cert *cert);      /* RFC 2253 order, UTF-8, not escaped */
const char *cert_issuer(const struct cert *cert);
const char *cert_common_name(const struct cert *cert);    /* of the subject; "" where it has none */
const char *cert_serial(const struct cert *cert);         /* hexadecimal, upper case, no 0x */
const char *cert_subject_key_id(const struct cert *cert); /* hexadecimal, "" where absent */
const char *cert_authority_key_id(const struct cert *cert); /* hexadecimal, "" where absent */
struct span cert_issuer_der(const struct cert *cert);
struct span cert_serial_der(const struct cert *cert); /* the INTEGER, header included */
struct span cert_subject_der(const struct cert *cert);
instant cert_not_before(const struct cert *cert);
instant cert_not_after(const struct cert *cert);
bool cert_is_self_issued(const struct cert *cert);
bool cert_is_ca(const struct cert *cert);
bool cert_is_sm2(const struct cert *cert); /* its own key is an SM2 key */
int cert_key_bits(const struct cert *cert);
const char *cert_key_kind(const struct cert *cert); /* static: "SM2", "RSA", "EC", "other" */
bool cert_equals(const struct cert *a, const struct cert *b); /* the same DER */

/* Key usage for signatures: absent, or one of digitalSignature and nonRepudiation. */
bool cert_may_sign(const struct cert *cert);
bool cert_may_sign_certs(const struct cert *cert);  /* keyCertSign, or no key usage at all */
bool cert_may_timestamp(const struct cert *cert);   /* extended key usage id-kp-timeStamping */
bool cert_only_timestamps(const struct cert *cert); /* critical and alone: RFC 3161 2.3 */
bool cert_has_extended_usage(const struct cert *cert);

/* Writes certificates as PEM. */
MUST_CHECK enum rc cert_pem(const struct cert *cert, struct buf *out, struct err *err);

/* What verifying a value gave, and how it was written. */
enum sigcheck { SIGCHECK_GOOD, SIGCHECK_WRONG, SIGCHECK_UNSUPPORTED };
struct sigform {
    bool raw;         /* SM2: 64 bytes r||s instead of DER */
    bool not_minimal; /* SM2: surplus leading zeros or trailing bytes in the DER */
    bool weak;        /* SHA-1, MD5 or RSA below 2048 bits */
};

/*
 * Verifies value over message under the certificate's key.  For an SM2 key the
 * algorithm is SM2 with SM3 and the standard id, whatever the OID says; for RSA
 * and P-256 it follows the OID (dotted text, either a signature or a digest
 * algorithm).  form may be NULL.  An algorithm that does not fit the key or is
 * not known is SIGCHECK_UNSUPPORTED.
 */
enum sigcheck cert_verify(const struct cert *cert, const char *algorithm_oid, struct span message,
                          struct span value, struct sigform *form);

/*
 * Verifies the certificate's own signature under the issuer's key; a good one by SHA-1, MD5 or
 * a short RSA key is SIGCHECK_UNSUPPORTED, since it proves nothing.
 */
enum sigcheck cert_verify_issued_by(const struct cert *cert, const struct cert *issuer);

/* ZA of GM/T 0009 for the certificate's SM2 key and the standard id; false for another key. */
bool cert_sm2_za(const struct cert *cert, unsigned char za[SM3_LEN]);

/*
 * Verifies e = SM3(ZA || message), computed by the caller, in the hot path:
 * the context is kept with the calling thread.  As cert_verify otherwise.
 */
enum sigcheck cert_verify_e(const struct cert *cert, const unsigned char e[SM3_LEN],
                            struct span value, struct sigform *form);

#endif
