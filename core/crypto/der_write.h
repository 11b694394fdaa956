/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_DER_WRITE_H
#define CORE_CRYPTO_DER_WRITE_H

#include "core/crypto/der.h"

/*
 * Writes DER into a buf.  A constructed value is written inside out: remember
 * out->len, write the parts, then der_wrap() what came after.  So the bytes that
 * are signed exist before what holds them, and are carried unchanged.
 */
enum der_id { /* identifier octets */
              DER_ID_BOOLEAN = 0x01,
              DER_ID_INTEGER = 0x02,
              DER_ID_BIT_STRING = 0x03,
              DER_ID_OCTET_STRING = 0x04,
              DER_ID_NULL = 0x05,
              DER_ID_OID = 0x06,
              DER_ID_UTF8_STRING = 0x0c,
              DER_ID_PRINTABLE_STRING = 0x13,
              DER_ID_IA5_STRING = 0x16,
              DER_ID_UTC_TIME = 0x17,
              DER_ID_GENERALIZED_TIME = 0x18,
              DER_ID_SEQUENCE = 0x30,
              DER_ID_SET = 0x31,
              DER_ID_CONTEXT_0 = 0xa0, /* constructed: EXPLICIT, or IMPLICIT of a SEQUENCE or SET */
              DER_ID_CONTEXT_1 = 0xa1,
};

MUST_CHECK enum rc der_put(struct buf *out, enum der_id id, struct span contents, struct err *err);

/* Makes everything after the first `mark` bytes the contents of one element. */
MUST_CHECK enum rc der_wrap(struct buf *out, enum der_id id, size_t mark, struct err *err);

MUST_CHECK enum rc der_put_raw(struct buf *out, struct span element, struct err *err);
MUST_CHECK enum rc der_put_integer(struct buf *out, int64_t value, struct err *err);
MUST_CHECK enum rc der_put_text(struct buf *out, enum der_id id, const char *text, struct err *err);
MUST_CHECK enum rc der_put_bits(struct buf *out, struct span octets,
                                struct err *err); /* none unused */

/* Of dotted text; RC_BUG for one that is none, since only constants and checked text get here. */
MUST_CHECK enum rc der_put_oid(struct buf *out, const char *dotted, struct err *err);

/* "20260301080000Z".  der_put_time writes UTCTime up to 2049, as RFC 5652 11.3 has it. */
MUST_CHECK enum rc der_put_generalized_time(struct buf *out, instant at, struct err *err);
MUST_CHECK enum rc der_put_time(struct buf *out, instant at, struct err *err);

#endif
