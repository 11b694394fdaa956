/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_ISSUED_H
#define CORE_MODEL_ISSUED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What a journal knows to be issued: identifier and version → salted digest of the
 * content.  A hash table of 52 bytes an entry that keeps neither identifiers nor
 * anything about a holder.
 */
enum issued_state { ISSUED_NOT, ISSUED_RESERVED, ISSUED_DONE };

enum { ISSUED_SALT = 16, ISSUED_DIGEST = 16 };

struct issued_entry {
    unsigned char key[16]; /* of SM3(identifier, version) */
    unsigned char salt[ISSUED_SALT];
    unsigned char digest[ISSUED_DIGEST]; /* the first half of the journal's row_sm3 */
    unsigned char state;                 /* ISSUED_NOT: it was given back */
    bool has_digest;
    bool used; /* private */
};

struct issued {
    struct issued_entry *slots;
    size_t n, size; /* size is 0 or a power of two */
};

void issued_clear(struct issued *issued);

/* The entry, or NULL; valid until the next issued_put(). */
const struct issued_entry *issued_get(const struct issued *issued, const char *identifier,
                                      size_t len, long version);

/*
 * Notes what a line says.  DONE stays DONE with the content it was done with; a
 * reservation replaces a reservation; ISSUED_NOT gives a reservation back.  What
 * has no digest keeps the one that is there.
 */
void issued_put(struct issued *issued, const char *identifier, size_t len, long version,
                const struct issued_entry *what);

#endif
