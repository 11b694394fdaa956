/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_SEEN_H
#define FORMATS_OFD_OFD_SEEN_H

#include "formats/ofd/ofd.h"
#include "formats/xmldoc.h"

/*
 * Members that were unpacked, checked and digested in this process, to be known again by
 * their packed bytes: the licences of an archive carry the same fonts, backgrounds and seal
 * pictures.  What lies in a package byte for byte as it lay in an earlier one unpacks to the
 * same bytes, so their digest and, for XML, what they say need not be found again.
 *
 * An entry is made only from bytes that were unpacked and digested here, and believed only
 * where all packed bytes are equal; CRC and sizes merely find it.  What was met once is not
 * kept, only noted.  Memory is bounded, the entry used longest ago goes first; one serves
 * all threads.
 */
struct ofd_seen;
struct ofd_seen *ofd_seen_new(size_t bytes);
void ofd_seen_free(struct ofd_seen *seen);
CLEANUP_PTR(struct ofd_seen, ofd_seen_free);

/* A member met before; it stays as long as it is held. */
struct ofd_met;
/* The entry of member i, held for the caller; NULL: not met.  Fills sm3 when there is one. */
struct ofd_met *ofd_seen_find(struct ofd_seen *seen, struct zipfile *zip, size_t i,
                              unsigned char sm3[SM3_LEN]);
void ofd_seen_release(struct ofd_seen *seen, struct ofd_met *met);

/* The caller unpacked and digested member i just now: keeps it, if it was met before. */
void ofd_seen_learn(struct ofd_seen *seen, struct zipfile *zip, size_t i,
                    const unsigned char sm3[SM3_LEN]);

/* What it says, shared for the caller; NULL: not known. */
struct xmldoc *ofd_met_xml(struct ofd_seen *seen, struct ofd_met *met);
/* The caller parsed it just now, strictly: keeps a share. */
void ofd_met_learn_xml(struct ofd_seen *seen, struct ofd_met *met, struct xmldoc *xml);

#endif
