/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_LEVEL_H
#define CORE_MODEL_LEVEL_H

/* How much proof of time a judgement asks for: ETSI EN 319 102-1, 5.3, 5.5 and 5.6. */
enum level {
    LEVEL_BASIC,     /* the time that the signer wrote counts */
    LEVEL_LONG_TERM, /* a timestamp must prove it */
    LEVEL_ARCHIVAL,  /* and what is needed to check it again must be at hand */
};
enum { LEVELS = LEVEL_ARCHIVAL + 1 };

extern const char *const level_names[]; /* "basic", "long-term", "archival", NULL */

#endif
