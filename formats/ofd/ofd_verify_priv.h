/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_VERIFY_PRIV_H
#define FORMATS_OFD_OFD_VERIFY_PRIV_H

#include "formats/ofd/ofd_verify.h"

/* What one signature was found to protect.  Private to formats/ofd. */
struct ofd_protected {
    bool *members; /* whose digests it has right, one for each member */
    bool *listed;  /* which it names, right or wrong */
    bool intact;   /* the parts, Signature.xml and the value are all right */
    bool binds;    /* the value holds a digest of digests.json */
    unsigned char binding[SM3_LEN];
};

/* One file on its way to a verdict. */
struct ofd_case {
    const struct ofd_judge *judge;
    struct ofd *ofd;
    struct verification *out;
    struct verdict_facts facts;
    struct ofd_protected *protected; /* one for each signature */
    /* Digests of members under algorithms other than SM3, NULL until one is used. */
    struct hash *digests[HASH_MD5 + 1];
};

/* What Signatures.xml says of itself: IDs, and the largest of them. */
void ofd_judge_list(struct ofd_case *at);
/* Judges signature i of the list: its parts, its value, its seal file. */
void ofd_judge_signature(struct ofd_case *at, size_t i);
/* Step references: fills protected->members. */
void ofd_judge_references(struct ofd_case *at, size_t i, struct signature_report *report);
/* Step base: signatures that build on others, after all were judged. */
void ofd_judge_bases(struct ofd_case *at);
/* Step coverage: does each signature name a page?  A seal on no page is a failure. */
void ofd_judge_pages(struct ofd_case *at);
/* What each signature covers, for the report; judges nothing. */
void ofd_chart_coverage(struct ofd_case *at);
/* Which members no good signature covers; what nothing refers to; strays. */
void ofd_judge_coverage(struct ofd_case *at);
/* Steps issuer and maker-listed: may they, by the lists of the trust folders? */
void ofd_judge_issuers(struct ofd_case *at, const struct licence *licence);
/* Identity, and for a licence of ours whether all that it says of itself agrees. */
void ofd_judge_licence(struct ofd_case *at);

/* --content: of licences of ours (code: the member that is their two-dimensional code, or
 * OFD_NO_MEMBER), of other files, and of what any file hides. */
void ofd_compare_content(struct ofd_case *at, const struct licence *licence, long code);
/* ResourceIDs that pages themselves draw as pictures, those of fields apart.  The caller frees. */
size_t ofd_drawn_pictures(const struct ofd *ofd, unsigned **out);
void ofd_compare_labels(struct ofd_case *at, const struct licence *licence);
void ofd_compare_foreign(struct ofd_case *at);
void ofd_judge_hidden(struct ofd_case *at);
void ofd_judge_glyphs(struct ofd_case *at);

#endif
