/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "cmd/keyopts.h"
#include "cmd/sealing.h"
#include "core/crypto/chain.h"
#include "core/model/config.h"
#include "core/model/issuers.h"
#include "core/model/journal.h"

/* What a command needs of its surroundings: configuration, trust, keys by name, the clock. */
struct session {
    const struct common *common;
    struct config *config;
    struct issuer_lists lists; /* of the trust folders that session_trust() opened */
};

/*
 * Makes libcrypto ready, reads the configuration, and pins the clock for document
 * dates: --at, else SOURCE_DATE_EPOCH.
 */
MUST_CHECK enum rc session_open(struct session *session, const struct common *common,
                                struct err *err);
void session_close(struct session *session);

/* What the options say of trust; crls and ocsps are files, and either may be NULL. */
struct trust_opts {
    const struct opt_list *trust, *crls, *ocsps;
};

/*
 * Trust: the folders or names given, else the configuration's `default`, else
 * nobody.  CRLs and OCSP responses are added to it.  Where
 * ocsps is given, -v says what was loaded.
 */
MUST_CHECK enum rc session_trust(struct session *session, const struct trust_opts *opts,
                                 struct trust **out, struct err *err);

/*
 * Key, and seal when wanted, by name or path; checked (sealer_check) before the
 * PIN is asked for.  RC_USAGE when one is not named and cannot be told.
 */
MUST_CHECK enum rc session_sealer(const struct session *session, const struct keyopts *keys,
                                  bool with_seal, struct sealer *out, struct err *err);

/*
 * Opens the journal of --journal, else the configuration's, and notes that a run of
 * `command` begins; *out NULL when none is kept.
 */
MUST_CHECK enum rc session_open_journal(const struct session *session, const char *command,
                                        struct journal **out, struct err *err);
/* Notes how the run ended.  journal may be NULL. */
MUST_CHECK enum rc session_end_journal(struct journal *journal, size_t done, size_t rejected,
                                       struct err *err);

#endif
