/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_COMMAND_H
#define CORE_CRYPTO_COMMAND_H

#include "core/base/buf.h"

/*
 * Runs another program without a shell.  Its whole input lies in the pipe before
 * it starts, so nothing can block and no SIGPIPE can come; hence the limit, which
 * every pipe of Linux holds.
 */
#define COMMAND_INPUT_MAX ((size_t)16 << 10)

/* At blanks and nothing else: no quotes, no variables.  RC_USAGE when it is empty. */
MUST_CHECK enum rc command_split(const char *command, char ***argv, struct err *err);
void command_free(char **argv); /* accepts NULL */

/* Standard error stays the caller's.  RC_KEY when it cannot be started or does not end with 0. */
MUST_CHECK enum rc command_run(char *const *argv, struct span input, struct buf *out,
                               struct err *err);

#endif
