/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_JUDGE_CACHE_H
#define CORE_MODEL_JUDGE_CACHE_H

#include "core/crypto/chain.h"

/*
 * What judging found out before and would find again: chains built, seals whose
 * maker's signature was checked.  A batch sees the same few of them in every file,
 * so a repeated seal costs the one verification that is new.
 *
 * An answer is given again only for the very bytes, trust and times it was found
 * for; "could not be checked" is never kept.  The memory is bounded, and one cache
 * serves all threads.  A trust that something is added to is another trust.
 *
 * Every function takes NULL for a cache and then works without one.
 */
struct judge_cache;
struct judge_cache *judge_cache_new(void);
void judge_cache_free(struct judge_cache *cache);
CLEANUP_PTR(struct judge_cache, judge_cache_free);

/* The arguments of chain_build(). */
struct chain_question {
    const struct trust *trust;
    struct cert *leaf;
    const struct certs *extra; /* may be NULL */
    instant at, now;
};
void judge_cache_chain(struct judge_cache *cache, const struct chain_question *question,
                       struct chain *out);

/* The answer kept for these bytes under that kind; false if there is none. */
bool judge_cache_recall(struct judge_cache *cache, int kind, struct span bytes, int *answer);
void judge_cache_keep(struct judge_cache *cache, int kind, struct span bytes, int answer);

#endif
