/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_VERIFY_H
#define FORMATS_OFD_OFD_VERIFY_H

#include "core/crypto/chain.h"
#include "core/model/issuers.h"
#include "core/model/judge_cache.h"
#include "core/model/level.h"
#include "core/model/verification.h"
#include "formats/ofd/ofd.h"

/* What a judge of the face found out about the licence's two-dimensional code. */
struct ofd_code {
    struct findings *findings;
    long member;           /* the picture; OFD_NO_MEMBER */
    const unsigned *drawn; /* the resources that the pages themselves draw as pictures */
    size_t n_drawn;
};

/*
 * Is it intact, in force, from who it says?  cli.md section 6, ofd-seals 3.4.  A judge
 * is set up once and only read afterwards: any number of files may be judged with
 * it, by any number of threads.
 */
struct ofd_judge {
    const struct trust *trust;
    const struct issuer_lists *lists; /* who may issue what; NULL: not asked */
    struct judge_cache *cache;        /* may be NULL */
    instant now;                      /* validation time */
    const struct ofd_known *known;    /* for ofd_open_with() */
    size_t n_known;
    bool diagnose;    /* say under which known deviation a value that fails would be right */
    bool no_file_sm3; /* the caller has the digest of the whole file, or needs none */
    /*
     * With content: compares what only the face can tell (the QR code of ours, drawn again);
     * NULL: reported as not run.  formats/face is no sibling to include, so cmd/ lends it.
     */
    enum answer (*face)(void *state, struct ofd *ofd, const struct licence *licence,
                        struct ofd_code *code);
    void *face_state;
    enum level level;
    bool at_signing; /* judge as of each file's time of signing, which is never after `now` */
    bool content;    /* --content: what is drawn is looked at too; ofd_opening.keeps */
    const struct template *const *templates; /* those at hand, for their constant texts */
    size_t n_templates;
    struct ofd_seen *seen; /* members met in other files; may be NULL */
};

/*
 * Judges a file: always fills *out, which the caller clears, and whose rc is the exit
 * status that this file alone would give.  out->path is the caller's to set.
 */
void ofd_verify(const struct ofd_judge *judge, struct span file, struct verification *out);

/* The same for a file of which only what is needed is read. */
void ofd_verify_lazy(const struct ofd_judge *judge, struct lazy *file, struct verification *out);

/* The same for a package that is open already; opening findings are in out->findings. */
void ofd_verify_opened(const struct ofd_judge *judge, struct ofd *ofd, struct verification *out);

/*
 * licence.json of a licence of ours, NULL if there is none; RC_INPUT if there is one
 * that cannot be read.  The caller frees.
 */
MUST_CHECK enum rc ofd_licence(struct ofd *ofd, struct licence **out, struct err *err);

#endif
