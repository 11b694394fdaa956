/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_DER_H
#define CORE_CRYPTO_DER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/clock.h"

/*
 * One ASN.1 element as it lies in the input: slices, never copies, so that what
 * is verified is what was received.  Reading is BER-lenient where that is safe
 * (long form lengths that are not minimal) and says so in `is_der`; an indefinite
 * length is refused here: der_definite() rewrites such a value first.
 */
struct der {
    struct span whole; /* header and contents */
    struct span body;  /* contents */
    unsigned tag;      /* the number alone */
    enum der_class { DER_UNIVERSAL, DER_APPLICATION, DER_CONTEXT, DER_PRIVATE } class;
    bool constructed;
    bool is_der; /* minimal length */
};

enum der_tag {
    DER_BOOLEAN = 1,
    DER_INTEGER = 2,
    DER_BIT_STRING = 3,
    DER_OCTET_STRING = 4,
    DER_NULL = 5,
    DER_OID = 6,
    DER_ENUMERATED = 10,
    DER_UTF8_STRING = 12,
    DER_SEQUENCE = 16,
    DER_SET = 17,
    DER_PRINTABLE_STRING = 19,
    DER_IA5_STRING = 22,
    DER_UTC_TIME = 23,
    DER_GENERALIZED_TIME = 24,
};

/*
 * Takes the first element off *rest.  RC_INPUT when it is cut or indefinite; where is
 * "@0x…", counted from the first byte of *rest.
 */
MUST_CHECK enum rc der_next(struct span *rest, struct der *out, struct err *err);

/* The same, and it must be of that universal tag; `what` names it in the message. */
MUST_CHECK enum rc der_expect(struct span *rest, enum der_tag tag, const char *what,
                              struct der *out, struct err *err);

/* The one element that data holds; bytes after it are RC_INPUT "trailing bytes". */
MUST_CHECK enum rc der_only(struct span data, struct der *out, struct err *err);

bool der_is(const struct der *element, enum der_tag tag); /* universal class and that tag */
bool der_is_context(const struct der *element, unsigned tag);

/* "1.2.156.10197.1.501"; false for a malformed one or one of more than size bytes. */
bool der_oid_text(struct span body, char *out, size_t size);

/* Small INTEGER; false if it does not fit. */
bool der_integer(const struct der *element, int64_t *out);

/* UTCTime or GeneralizedTime in any of the usual forms, fraction dropped; false if neither. */
bool der_time(const struct der *element, instant *out);

/* Bytes of a BIT STRING after the count of unused bits, which goes to *unused (may be NULL). */
bool der_bits(const struct der *element, struct span *out, unsigned *unused);

/* BER with indefinite lengths to definite ones, contents unchanged; a definite value is copied. */
MUST_CHECK enum rc der_definite(struct span ber, struct buf *out, struct err *err);

#endif
