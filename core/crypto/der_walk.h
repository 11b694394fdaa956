/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_DER_WALK_H
#define CORE_CRYPTO_DER_WALK_H

#include "core/crypto/der.h"

/*
 * A walk through the items of one constructed value, for readers of signed
 * structures: each item is named, so that a fault says which one, at which
 * offset from the start of the whole value, under the reader's finding code.
 */
struct der_walk {
    struct span rest;
    const unsigned char *base; /* offset 0 of messages */
    const char *finding;       /* "SEA001" */
    const char *standard;      /* "GB/T 38540" */
};

/* Walks inside an element that the parent's walk came to. */
struct der_walk der_walk_into(const struct der_walk *parent, const struct der *element);

static inline bool der_walk_more(const struct der_walk *walk)
{
    return walk->rest.len > 0;
}

MUST_CHECK enum rc der_walk_next(struct der_walk *walk, const char *what, struct der *out,
                                 struct err *err);
MUST_CHECK enum rc der_walk_tag(struct der_walk *walk, enum der_tag tag, const char *what,
                                struct der *out, struct err *err);

/* Is the next item there and of that tag?  Takes nothing. */
bool der_walk_sees(const struct der_walk *walk, enum der_tag tag);
/* The same of a constructed [tag]. */
bool der_walk_sees_context(const struct der_walk *walk, unsigned tag);

/* Nothing may be left of `what`. */
MUST_CHECK enum rc der_walk_end(const struct der_walk *walk, const char *what, struct err *err);

/* RC_INPUT at an element: "GB/T 38540: what: problem". */
MUST_CHECK enum rc der_walk_fault(const struct der_walk *walk, const unsigned char *at,
                                  const char *what, const char *problem, struct err *err);

#endif
