/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_PEM_H
#define CORE_CRYPTO_PEM_H

#include <stdbool.h>

#include "core/base/buf.h"

/* The blocks of a PEM file (RFC 7468).  A block that does not decode is skipped. */
struct pem {
    char *name;      /* "CERTIFICATE" */
    bool has_header; /* "Proc-Type: 4,ENCRYPTED": the traditional encryption */
    struct span der;
    unsigned char *bytes; /* private, wiped on release */
};

bool pem_is(struct span data);

/* Takes the next block off *rest, releasing the one before; false at the end. */
bool pem_next(struct span *rest, struct pem *block);
void pem_clear(struct pem *block);

#endif
