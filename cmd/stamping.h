/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_STAMPING_H
#define CMD_STAMPING_H

#include "cmd/sealing.h"
#include "formats/ofd/ofd_verify.h"

/*
 * A seal or signature put on a file that exists: what may be refused is refused
 * before anything is signed, and what comes out has been verified.  Set up once,
 * then shared by the worker threads.
 */
enum place_kind { PLACE_FREE, PLACE_AT, PLACE_OF_FIELD, PLACE_KEYWORD };

struct stamping {
    const struct sealer *sealer;
    bool as_seal;
    bool close;
    enum place_kind place;
    int page;              /* PLACE_AT: from 1 */
    um x, y;               /* PLACE_AT: top left corner */
    const char *text;      /* field name or keyword */
    const char *on_behalf; /* reason, or NULL */
    struct ofd_judge judge;
};

/* "page,x,y": page from 1, millimetres from the top left corner.  RC_USAGE. */
MUST_CHECK enum rc stamping_place(const char *text, struct stamping *stamping, struct err *err);

struct stamped {
    struct buf package;
    struct verification check; /* of the new file */
    unsigned char before[SM3_LEN];
};
#define STAMPED_INIT                       \
    {                                      \
        .package = BUF_INIT(LIMIT_PACKAGE) \
    }
void stamped_clear(struct stamped *stamped);

/*
 * RC_REFUSED: a standing seal is broken or closes the list, the place is taken, the
 * seal's owner is no issuer of the licence, closing comes too early.  RC_USAGE: no
 * place.  RC_INPUT: not an OFD that can be read; findings say more.
 */
MUST_CHECK enum rc stamping_apply(const struct stamping *stamping, struct span file,
                                  struct stamped *out, struct findings *findings, struct err *err);

#endif
