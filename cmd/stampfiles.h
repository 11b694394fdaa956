/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_STAMPFILES_H
#define CMD_STAMPFILES_H

#include "cmd/courier.h"
#include "cmd/inputs.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "cmd/stamping.h"
#include "core/model/journal.h"

/* The run that `seal` and `sign` have in common: files in, files with one more value out. */
struct stampfiles {
    const struct common *common;
    const char *command; /* "seal" or "sign" */
    struct session session;
    struct sealer sealer;
    struct trust *trust;
    struct judge_cache *cache;
    struct journal *journal;
    struct stamping stamping;
    struct inputs inputs;
    struct output output;
    const struct courier_opts *courier;
};
void stampfiles_clear(struct stampfiles *run);

/* Opens all of it; stamping's choices (place, close, on_behalf) are filled in by the caller. */
MUST_CHECK enum rc stampfiles_open(struct stampfiles *run, const struct couriered *args,
                                   bool as_seal, char **operands, struct err *err);

/* Works through the inputs.  Returns the exit status of the command. */
MUST_CHECK enum rc stampfiles_run(struct stampfiles *run, struct err *err);

#endif
