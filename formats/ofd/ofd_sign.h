/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_SIGN_H
#define FORMATS_OFD_OFD_SIGN_H

#include "core/base/clock.h"
#include "core/crypto/hash.h"
#include "core/model/page.h"
#include "formats/ofd/ofd_bundle.h"

/*
 * Putting a seal or signature into a package (GB/T 33190 ch. 18; ofd-seals 2): first
 * everything but the value is written, then somebody signs Signature.xml, then the
 * value is put in.  What is in the package already is not touched, but for
 * Signatures.xml.
 */
struct ofd_stamp {
    unsigned page_id; /* ST_ID of the page */
    struct box box;   /* on the page, micrometres */
    bool clipped;
    struct box clip; /* relative to box; a straddling seal shows a part on each page */
};

/* A signature that stands already, as Signatures.xml lists it. */
struct ofd_listed {
    const char *id, *type, *base_loc; /* type NULL: Seal */
    const char *relative;             /* or NULL */
};

struct ofd_sign_spec {
    bool is_seal;
    const struct packed
        *seal; /* SESeal for Seal.esl, lent; NULL for a signature without a picture */
    const struct ofd_stamp *stamps;
    size_t n_stamps;
    bool close;   /* cover Signatures.xml too: nobody can sign after this */
    instant time; /* SignatureDateTime */
    /* Hex of it stands in a comment, so that dataHash tells nothing about the rest (data-formats).
     */
    unsigned char comment[16];
    const char *list; /* name of Signatures.xml; must be linked from OFD.xml already */
    long max_id;      /* largest number in use among signature and stamp IDs */
    const struct ofd_listed *standing;
    size_t n_standing;
};

struct ofd_pending {
    struct buf xml;             /* Signature.xml: what is to be signed */
    unsigned char sm3[SM3_LEN]; /* of it */
    char *xml_path;             /* "/Doc_0/Signs/Sign_0/Signature.xml" */
    char *value_name;           /* member that the value goes to */
    char id[24];                /* "s001" */
};
void ofd_pending_clear(struct ofd_pending *pending);

MUST_CHECK enum rc ofd_sign_prepare(struct ofd_bundle *bundle, const struct ofd_sign_spec *spec,
                                    struct ofd_pending *out, struct err *err);
void ofd_sign_complete(struct ofd_bundle *bundle, const struct ofd_pending *pending,
                       struct span value);

#endif
