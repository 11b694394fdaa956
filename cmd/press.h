/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_PRESS_H
#define CMD_PRESS_H

#include "cmd/sealing.h"
#include "core/model/licence.h"
#include "core/model/verification.h"
#include "formats/face/face.h"
#include "formats/ofd/ofd_build.h"
#include "formats/ofd/ofd_verify.h"

/*
 * Record in, verified package out: what issue, batch-import and convert-legacy have
 * in common, so that they cannot differ in what they make.  Set up once a process,
 * then shared by the worker threads.
 */
struct press {
    const struct template *template; /* borrowed, as all below but constant */
    const struct template_face *face;
    struct typesetter *typesetter;
    struct ofd_constant *constant; /* own */
    struct ofd_known *known;       /* own: what need not be unpacked to be verified */
    const struct sealer *sealer;   /* NULL: the package stays unsealed */
    bool close;
    const struct span *salt_key; /* NULL: random salts */
    bool reproducible;           /* DocID from the identifier */
    struct issue_options options;
    struct ofd_judge judge; /* how the result is verified */
};

/* Lays out the template's constant part.  A face that cannot be laid out is RC_NO with findings. */
MUST_CHECK enum rc press_open(struct press *press, struct findings *findings, struct err *err);
void press_close(struct press *press);

struct pressed {
    struct licence *licence;
    struct buf package;        /* the file */
    struct verification check; /* what verifying it said */
};
#define PRESSED_INIT                       \
    {                                      \
        .package = BUF_INIT(LIMIT_PACKAGE) \
    }
void pressed_clear(struct pressed *pressed);

/*
 * Makes the licence of a record in memory.  What is wrong with the record is RC_NO
 * with findings.  In two steps, because the journal is asked between them whether
 * the identifier stands for other content already.
 */
MUST_CHECK enum rc press_licence(const struct press *press, const struct js *record,
                                 struct span photo, struct pressed *out, struct findings *findings,
                                 struct err *err);
/*
 * What the journal knows an identifier by: the record as it came, with template and photo; not
 * licence.json, whose date of making differs when the same record is issued again tomorrow.
 */
MUST_CHECK enum rc press_digest_record(const struct press *press, const struct js *record,
                                       struct span photo, unsigned char out[SM3_LEN],
                                       struct err *err);
/* Page, package, seal, and the package verified as it is; a package that fails is RC_BUG. */
MUST_CHECK enum rc press_package(const struct press *press, struct pressed *out,
                                 struct findings *findings, struct err *err);

/*
 * Is what was just made good?  Its seals must verify and face and data agree; an
 * unknown anchor or a licence that is no longer in force is no fault of its making.
 */
MUST_CHECK enum rc press_prove(const struct verification *check, bool sealed, struct err *err);

/* What only a verifier must decide (a seal still to come, no anchor) is a mere note to the maker.
 */
void press_excuse(struct verification *check);

#endif
