/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_MUTATION_PACKAGE_H
#define TESTS_MUTATION_PACKAGE_H

#include <stdint.h>

#include "core/base/buf.h"

/*
 * A package taken apart, and a writer that, unlike ours, writes whatever it is told: the same
 * name twice, headers that disagree.  Members are stored.
 */
enum { MEMBERS_MAX = 200 };

struct member {
    const char *name;
    struct span bytes;
};
struct package {
    struct member list[MEMBERS_MAX];
    size_t n;
};

/* One lie in the headers of member `at`. */
enum lie {
    TRUE,
    LOCAL_NAME,
    LOCAL_SIZE,
    LOCAL_PACKED,
    LOCAL_CRC,
    LOCAL_METHOD,
    LOCAL_ENCRYPTED,
    LOCAL_DESCRIPTOR,
    LOCAL_LATIN,
    LOCAL_EXTRA,
    CENTRAL_SIZE,
    CENTRAL_CRC,
    CENTRAL_METHOD,
    CENTRAL_FIRST, /* where it says the member lies, the first one does */
    CENTRAL_TWICE,
    CENTRAL_NONE,
    CENTRAL_LINK,
    COUNT_LESS,
    N_LIES
};

/* The file's bytes must outlive the package. */
void package_read(struct span file, struct package *out);
void package_write(const struct package *package, enum lie lie, size_t at, struct buf *out);
long package_find(const struct package *package, const char *name); /* -1: not there */

#endif
