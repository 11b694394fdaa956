/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_BUILD_H
#define FORMATS_OFD_OFD_BUILD_H

#include "core/model/licence.h"
#include "formats/ofd/ofd.h"
#include "formats/ofd/ofd_bundle.h"

/*
 * A licence to an OFD package (GB/T 33190; what goes where: data-formats "Inside a
 * licence").  What depends on the template alone is made and packed once.
 */
struct ofd_constant;

/* constant: the sheet of face_constant(), one page for each page of the face.  Copied. */
MUST_CHECK enum rc ofd_constant_make(const struct sheet *constant, struct ofd_constant **out,
                                     struct err *err);
void ofd_constant_free(struct ofd_constant *constant);
CLEANUP_PTR(struct ofd_constant, ofd_constant_free);

/* The constant members, for a verifier that knows them already; borrowed. */
size_t ofd_constant_known(const struct ofd_constant *constant, const struct ofd_known **list);

/* ST_ID of a page, counted from 1. */
unsigned ofd_constant_page_id(const struct ofd_constant *constant, int page);

struct ofd_content {
    const struct licence *licence;
    const struct sheet *values; /* the sheet of face_values() */
    struct span digests, salts; /* digests.json and salts.json */
    unsigned char doc_id[16];
    bool will_be_sealed; /* put Signatures into OFD.xml at once */
};

/*
 * Fills an empty bundle.  The bundle borrows from constant, which must outlive it.
 * OFD.xml comes first.
 */
MUST_CHECK enum rc ofd_build(const struct ofd_constant *constant, const struct ofd_content *content,
                             struct ofd_bundle *out, struct err *err);

#define OFD_NAMESPACE "http://www.ofdspec.org/2016"
#define OFD_SIGNATURES "Doc_0/Signs/Signatures.xml" /* where our packages have their list */

#endif
