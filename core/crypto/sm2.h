/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_SM2_H
#define CORE_CRYPTO_SM2_H

#include <stdint.h>

#include "core/crypto/cert.h"
#include "core/crypto/ossl.h"

/*
 * SM2 values over e = SM3(ZA || M), for core/crypto alone.  ZA is ours (GM/T 0009
 * 5.5, always with the id 1234567812345678), so libcrypto's own default id, which
 * is empty, never comes into play.
 */
#define SM2_ID "1234567812345678"
enum { SM2_RS_LEN = 64, SM2_DER_MAX = 72 };

/* ZA of a key; false for a key that is not SM2. */
bool sm2_za(EVP_PKEY *key, unsigned char za[SM3_LEN]);
/* The same with another id, whose length is written as entl: to explain values, not to make any. */
bool sm2_za_as(EVP_PKEY *key, unsigned entl, struct span name, unsigned char za[SM3_LEN]);

/* SM3(za || message) */
void sm2_e(const unsigned char za[SM3_LEN], struct span message, unsigned char e[SM3_LEN]);

/*
 * Takes r and s out of a value as files in the wild hold it: DER, DER with surplus
 * zeros or trailing bytes, or 64 bytes r||s.  form may be NULL; false if it is none.
 */
bool sm2_value_read(struct span value, unsigned char rs[SM2_RS_LEN], struct sigform *form);

/* Writes SEQUENCE { r, s } as DER and returns its length. */
size_t sm2_value_der(const unsigned char rs[SM2_RS_LEN], unsigned char out[SM2_DER_MAX]);

/*
 * The contexts of the calling thread, a few, by the number of the key: libcrypto's
 * contexts must not be shared and cost a tenth of a verification to make.  A
 * number is never used twice, so an old slot cannot answer for another key.
 */
uint64_t sm2_number(void);
void sm2_forget(uint64_t number); /* drops the calling thread's contexts of that key */

bool sm2_sign_e(EVP_PKEY *key, uint64_t number, const unsigned char e[SM3_LEN],
                unsigned char out[SM2_DER_MAX], size_t *len);
enum sigcheck sm2_verify_e(EVP_PKEY *key, uint64_t number, const unsigned char e[SM3_LEN],
                           const unsigned char rs[SM2_RS_LEN]);

#endif
