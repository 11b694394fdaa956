/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_KEYOPTS_H
#define CMD_KEYOPTS_H

#include "cmd/common.h"

/*
 * The rows by which a command is told key and seal.  A command's arguments hold
 * `struct keyopts keys` right after `struct common common`, so that the shared rows
 * fit every command.
 */
struct keyopts {
    const char *key, *cert;
    struct opt_list chain;
    const char *seal;
    int ses; /* SES_ANY, SES_4, SES_5: the version that the seal must have */
    const char *pin_file;
    int pin_fd; /* -1: not given */
    instant insecure_time;
};

enum { SES_ANY, SES_4, SES_5 };

struct keyed {
    struct common common;
    struct keyopts keys;
};

#define KEYOPTS_INIT                                \
    {                                               \
        .pin_fd = -1, .insecure_time = INSTANT_NONE \
    }

extern const struct opt key_opts[];  /* --key --cert --chain --pin-file --pin-fd --no-input … */
extern const struct opt seal_opts[]; /* --seal */

#endif
