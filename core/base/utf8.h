/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

#define UTF8_BAD UINT32_MAX

/*
 * Takes the code point at *p and moves *p past it; p must not be at end.  UTF8_BAD for what RFC
 * 3629 forbids (overlong forms, surrogates, beyond U+10FFFF, cut sequences), moving one byte on.
 */
uint32_t utf8_next(const unsigned char **p, const unsigned char *end);

/*
 * False for what a terminal obeys instead of showing it: controls (C0, C1), and the marks
 * that turn the direction of what follows.
 */
bool utf8_is_shown(uint32_t code);

/* Where the first bad byte is, or text.len when all is well. */
size_t utf8_check(struct span text);

/* A copy in which every bad byte reads U+FFFD: for text of hostile origin.  The caller frees. */
char *utf8_repair(const char *text);

size_t utf8_length(const char *text); /* code points of a NUL-terminated valid string */

/* Writes the code point to out (up to 4 bytes) and returns how many. */
size_t utf8_put(uint32_t code, char out[4]);

/* Columns on a terminal: 2 for East Asian wide characters, 0 for combining marks, else 1. */
int utf8_columns(uint32_t code);
int utf8_width(const char *text);

bool utf8_is_han(uint32_t code); /* a CJK ideograph of any plane, compatibility ones included */

#endif
