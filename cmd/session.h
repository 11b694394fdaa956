/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "cmd/keyopts.h"
#include "cmd/sealing.h"
#include "core/crypto/chain.h"
#include "core/model/config.h"

/* What a command needs of its surroundings: configuration, trust, keys by name, the clock. */
struct session {
    const struct common *common;
    struct config *config;
};

/*
 * Makes libcrypto ready, reads the configuration, and pins the clock for document
 * dates: --at, else SOURCE_DATE_EPOCH.
 */
MUST_CHECK enum rc session_open(struct session *session, const struct common *common,
                                struct err *err);
void session_close(struct session *session);

/*
 * Trust: the folders or names given, else the configuration's `default`, else
 * nobody.  The CRLs are added to it.
 */
MUST_CHECK enum rc session_trust(const struct session *session, const struct opt_list *trust,
                                 const struct opt_list *crls, struct trust **out, struct err *err);

/*
 * Key, and seal when wanted, by name or path; checked (sealer_check) before the
 * PIN is asked for.  RC_USAGE when one is not named and cannot be told.
 */
MUST_CHECK enum rc session_sealer(const struct session *session, const struct keyopts *keys,
                                  bool with_seal, struct sealer *out, struct err *err);

/* The journal's path: --journal, else the configuration's, else NULL. */
const char *session_journal(const struct session *session);
const char *session_operator(const struct session *session); /* or NULL */

#endif
