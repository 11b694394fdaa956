/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_CHECKDIGIT_H
#define CORE_MODEL_CHECKDIGIT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/clock.h"

/* What the check of a number found, the first fault only. */
enum check_fault {
    CHECK_GOOD,
    CHECK_LENGTH,    /* not as many characters as the standard says */
    CHECK_CHARACTER, /* one that the standard does not use, at `at` */
    CHECK_DATE,      /* citizen id: no such day, or a day that is not possible */
    CHECK_DIGIT,     /* the check character should be `expected` */
};

struct check {
    enum check_fault fault;
    size_t at;     /* index of the offending character */
    char expected; /* the right check character; NUL where it cannot be computed */
};

/* GB 32100-2015, 18 characters without I, O, S, V and Z. */
struct check uscc_check(const char *text);
/* Whether the organisation code inside (characters 9 to 17) passes too; field practice: a warning
 * at most. */
bool uscc_inner_is_good(const char *text);

/* GB 11714, 9 characters; a hyphen before the last is allowed. */
struct check org_code_check(const char *text);

/* GB 11643-1999, 18 characters, with its day of birth. */
struct check citizen_id_check(const char *text);
/* The day of birth and whether the holder is male; false for what citizen_id_check refuses. */
bool citizen_id_facts(const char *text, struct date *birth, bool *male);

/*
 * ISO/IEC 7064 hybrid systems over n characters.  NUL for a character outside the
 * alphabet: 0-9A-Z for MOD 37,36, digits for MOD 11,10.
 */
char mod37_36(const char *text, size_t n);
char mod11_10(const char *text, size_t n);

/*
 * What a defective routine found in the field puts where MOD 37,36 belongs:
 * letters count one too high.  For recognising its output, never for making one.
 */
char mod37_36_defective(const char *text, size_t n);

#endif
