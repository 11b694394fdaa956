/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_COURIER_H
#define CMD_COURIER_H

#include "cmd/keyopts.h"
#include "core/crypto/hash.h"

/*
 * Timestamps for rooms without a network: a request goes out with a seal or signature, a
 * reply comes back and is put in.  A command's arguments hold `struct courier_opts courier`
 * right after `struct keyed keyed`, so that the shared rows fit.
 */
struct courier_opts {
    const char *query, *reply; /* or NULL */
    int hash;                  /* index of --tsa-hash */
    struct opt_list trust;
};

struct couriered {
    struct keyed keyed;
    struct courier_opts courier;
};

extern const struct opt courier_opts[]; /* --tsa-query --tsa-hash --tsa-reply --trust */

enum hash_alg courier_hash(const struct courier_opts *opts);

/* Options that contradict each other: RC_USAGE. */
MUST_CHECK enum rc courier_check(const struct courier_opts *opts, struct err *err);

/* The request for the last value of this package; flags are file_write()'s. */
MUST_CHECK enum rc courier_ask(const char *path, enum hash_alg alg, struct span package,
                               unsigned flags, struct err *err);

/* Puts the reply into the one file given.  Returns the exit status of the command. */
MUST_CHECK enum rc courier_deliver(const struct couriered *args, const char *command,
                                   char **operands, struct err *err);

#endif
