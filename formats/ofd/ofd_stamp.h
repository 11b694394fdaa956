/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_STAMP_H
#define FORMATS_OFD_OFD_STAMP_H

#include "formats/cms/timestamp.h"
#include "formats/ofd/ofd.h"

/*
 * Timestamps that a courier brings (RFC 3161): a request for the value of a signature in a
 * package, and the package with the token in that value.  No signature covers the place of
 * the token, so the member that holds the value changes and nothing else.
 */

/* The request for the last signature of the list; RC_NOTHING when there is none. */
MUST_CHECK enum rc ofd_stamp_request(struct ofd *ofd, enum hash_alg alg, struct buf *out,
                                     struct err *err);

struct ofd_stamped {
    size_t signature; /* which of the list */
    struct buf package;
};

/*
 * Puts the token into the value that it stamps.  RC_REFUSED: it stamps none of them or answers
 * another request (TIM220), a later signature covers that value (TIM221), the value has one
 * already or no place for one (TIM222).
 */
MUST_CHECK enum rc ofd_stamp(struct ofd *ofd, struct span token, struct ofd_stamped *out,
                             struct err *err);

#endif
