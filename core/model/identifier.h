/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_IDENTIFIER_H
#define CORE_MODEL_IDENTIFIER_H

#include <stdbool.h>

#include "core/model/finding.h"

/*
 * Licence identifiers of GB/T 36904-2018: root.type.issuer.serial.version.check
 * The check character covers type to version without the dots.
 */
#define IDENTIFIER_ROOT "1.2.156.3005.2"
#define IDENTIFIER_ROOT_BEFORE "1.2.156.3003.2" /* of systems older than the standard */
#define IDENTIFIER_MAX 128                      /* what databases of platforms hold */
#define IDENTIFIER_SERIAL_MAX 64
#define IDENTIFIER_TYPE_LEN 21
#define IDENTIFIER_ISSUER_LEN 18

enum identifier_form {
    IDENTIFIER_UNKNOWN, /* not even the parts can be told */
    IDENTIFIER_GBT36904,
    IDENTIFIER_BEFORE, /* root, type, serial, two-digit version, check over all of it */
};

enum identifier_part { PART_ROOT, PART_TYPE, PART_ISSUER, PART_SERIAL, PART_VERSION, PART_CHECK };
enum { IDENTIFIER_PARTS = PART_CHECK + 1 };

struct identifier {
    enum identifier_form form;
    char part[IDENTIFIER_PARTS][IDENTIFIER_MAX + 1]; /* "" where there is none */
    char expected; /* the right check character; NUL where it cannot be computed */
    bool check_is_right;
    bool check_is_defective; /* wrong, and what a known defective routine yields */
};

/*
 * Takes text apart and says in findings (IDN…) whatever is not as GB/T 36904 has
 * it.  True when nothing worse than a warning was found; out is filled as far as
 * the text goes in any case.
 */
MUST_CHECK bool identifier_check(const char *text, struct identifier *out,
                                 struct findings *findings);

/* What a part is called and what it says here, for `id explain`.  Static. */
const char *identifier_part_name(enum identifier_part part, enum lang lang);

struct identifier_parts {
    const char *type;   /* 21 characters */
    const char *issuer; /* 18 characters, check digit right */
    const char *serial; /* 1 to 64 of 0-9A-Z */
    int version;        /* 1 to 999 */
};

/* Makes an identifier, which the caller frees.  RC_USAGE (IDN…) names the part that is not allowed.
 */
MUST_CHECK enum rc identifier_mint(const struct identifier_parts *parts, char **out,
                                   struct err *err);

/* As many characters 0-9A-Z as n at random, and a NUL, into out. */
MUST_CHECK enum rc identifier_random_serial(char *out, size_t n, struct err *err);

bool identifier_is_alnum(const char *text); /* 0-9A-Z only, and not empty */

#endif
