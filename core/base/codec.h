/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_CODEC_H
#define CORE_BASE_CODEC_H

#include <stdbool.h>

#include "core/base/buf.h"

/* Lower-case hexadecimal; out holds 2 * n + 1 bytes, the NUL included. */
void hex_encode(const unsigned char *bytes, size_t n, char *out);

/* Exactly 2 * n digits of either case and nothing else; false otherwise, out then is undefined. */
bool hex_decode(const char *text, size_t n, unsigned char *out);

/* RFC 4648 with padding and without line breaks. */
MUST_CHECK enum rc base64_encode(struct span bytes, struct buf *out, struct err *err);

/*
 * Appends the bytes that text stands for.  White space between the characters is
 * skipped, as xs:base64Binary allows; any other foreign character, wrong padding
 * or non-zero spare bits are RC_INPUT.
 */
MUST_CHECK enum rc base64_decode(const char *text, struct buf *out, struct err *err);

#endif
