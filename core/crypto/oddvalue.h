/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_ODDVALUE_H
#define CORE_CRYPTO_ODDVALUE_H

#include "core/crypto/cert.h"

/*
 * SM2 values made by other rules than the standard's.  What is found here explains
 * why a value fails; no verdict may rest on it.
 */

/* ZA with another id than 1234567812345678; false for a key that is not SM2. */
bool oddvalue_za(const struct cert *cert, unsigned entl, struct span id, unsigned char za[SM3_LEN]);

/* Ways to write r and s that are not DER nor r||s. */
enum oddvalue_form {
    ODDVALUE_SWAPPED,       /* s before r */
    ODDVALUE_LITTLE_ENDIAN, /* the last octet first */
    ODDVALUE_STRIPPED,      /* r||s without the zeros they begin with */
    ODDVALUE_FIELDS,        /* two fields of 64 octets, as GM/T 0018 hands them out */
    ODDVALUE_POINT,         /* an octet 00 or 04 before r||s */
    ODDVALUE_WRAPPED,       /* inside another OCTET STRING or BIT STRING */
    ODDVALUE_HEX,           /* as text */
    ODDVALUE_BASE64,
};
enum { ODDVALUE_FORMS = ODDVALUE_BASE64 + 1 };

/*
 * r||s as that form has them; false where the value is not of that form.  A value without
 * zeros can be cut at more than one place: guess counts from 0 until false comes back.
 */
bool oddvalue_read(struct span value, enum oddvalue_form form, unsigned guess,
                   unsigned char rs[64]);

#endif
