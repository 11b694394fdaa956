/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_SECRET_H
#define CORE_CRYPTO_SECRET_H

#include "core/base/buf.h"

/* A PIN or pass phrase: NUL-terminated, in memory of its own, wiped when it is released. */
struct secret {
    char *text; /* NULL: there is none */
    size_t len;
};

#define SECRET_INIT  \
    {                \
        .text = NULL \
    }

void secret_clear(struct secret *secret);
void secret_set(struct secret *secret, const char *text, size_t len);

/* The first line of a file, of an open descriptor; RC_KEY if it is empty or longer than LIMIT_PIN.
 */
MUST_CHECK enum rc secret_from_file(const char *path, struct secret *out, struct err *err);
MUST_CHECK enum rc secret_from_fd(int fd, struct secret *out, struct err *err);
/* Asks on the terminal without echo; RC_KEY when there is no terminal. */
MUST_CHECK enum rc secret_prompt(const char *prompt, struct secret *out, struct err *err);

#endif
