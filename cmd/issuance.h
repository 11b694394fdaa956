/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_ISSUANCE_H
#define CMD_ISSUANCE_H

#include "cmd/output.h"
#include "cmd/press.h"
#include "core/model/issued.h"
#include "core/model/journal.h"

/*
 * Records to files, many at a time.  Records are taken in groups: licences made,
 * journal asked and told (reserve), packages made, sealed and verified, files
 * staged, one sync, renamed, journal told (done).  So a crash at any moment leaves
 * nothing half-written, and a group costs two syncs instead of two a file.  While a
 * group's files are synced the next group is made.
 */
struct issuance {
    struct press *press;
    struct output *output;
    struct journal *journal; /* NULL: none is kept */
    struct span photo;
    const char *out_dir; /* NULL: the one package goes to `path` */
    const char *path;    /* may be "-" */
    unsigned file_flags;
    bool dry_run;
    int jobs;
    struct group *making, *syncing; /* private */
    struct issued claimed;          /* identifiers of this run, private */
    struct team *team;              /* private */
    size_t n_written, n_rejected;
    enum rc worst;
};

/* Takes the record; what becomes of it is told through output.  line: for messages. */
MUST_CHECK enum rc issuance_add(struct issuance *issuance, struct js *record, long line,
                                struct err *err);

/* A record that could not even be read. */
MUST_CHECK enum rc issuance_reject(struct issuance *issuance, const struct err *fault, long line,
                                   struct err *err);

/* Finishes the last group.  *status is the exit status: 0; 1 nothing issued; 6 some. */
MUST_CHECK enum rc issuance_finish(struct issuance *issuance, enum rc *status, struct err *err);
/* A run that is broken off keeps the group that was made already. */
void issuance_clear(struct issuance *issuance);

#endif
