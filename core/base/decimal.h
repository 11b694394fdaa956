/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_DECIMAL_H
#define CORE_BASE_DECIMAL_H

#include <stdint.h>

#include "core/base/buf.h"

/* A length in integer micrometres: exact, and printed as millimetres without the locale. */
typedef int32_t um;

#define UM_PER_MM 1000

/* "12.5", "-0.05", "210": up to three decimals, no trailing zeros.  out holds DECIMAL_MAX bytes. */
#define DECIMAL_MAX 16
size_t decimal_put(um value, char out[DECIMAL_MAX]);

/*
 * Reads a decimal number of millimetres from text up to the first character that is not part of it
 * and sets *end.  Further decimals are rounded; an exponent is read as xs:double allows it.
 * RC_INPUT if there is no number or it does not fit.
 */
MUST_CHECK enum rc decimal_get(const char *text, um *out, const char **end, struct err *err);

#endif
