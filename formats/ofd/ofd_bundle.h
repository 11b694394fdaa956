/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_BUNDLE_H
#define FORMATS_OFD_OFD_BUNDLE_H

#include "formats/zipfile.h"

/*
 * The members of a package in the making, in the order in which they will be
 * written.  A member is packed (deflated, CRC, SM3) once; constant members of a
 * template are lent by their owner and used in any number of bundles.
 */
struct ofd_member {
    char *name;
    struct packed own;         /* when the bundle packed it itself */
    const struct packed *lent; /* else borrowed */
};

struct ofd_bundle {
    struct ofd_member *members;
    size_t n, capacity;
};

void ofd_bundle_clear(struct ofd_bundle *bundle);

static inline const struct packed *ofd_member_packed(const struct ofd_member *member)
{
    return member->lent ? member->lent : &member->own;
}

/* Packs a copy of raw; a member of that name is replaced where it stands. */
MUST_CHECK enum rc ofd_bundle_put(struct ofd_bundle *bundle, const char *name, struct span raw,
                                  enum pack_level level, struct err *err);
/* The same for a member that no signature made now refers to: stored, and not digested. */
void ofd_bundle_store(struct ofd_bundle *bundle, const char *name, struct span raw);
/* Borrows packed for the bundle's life. */
void ofd_bundle_lend(struct ofd_bundle *bundle, const char *name, const struct packed *packed);

/* Adds all members of a package as they lie in it, still compressed, in its order. */
MUST_CHECK enum rc ofd_bundle_open(struct ofd_bundle *bundle, struct zipfile *zip, struct err *err);

long ofd_bundle_find(const struct ofd_bundle *bundle, const char *name); /* -1: not there */

MUST_CHECK enum rc ofd_bundle_write(const struct ofd_bundle *bundle, struct buf *out,
                                    struct err *err);

#endif
