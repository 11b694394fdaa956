/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/judge_cache.h"

#include <pthread.h>

#include "core/base/mem.h"

/* Issuing agencies of one batch are few; what is pushed out is merely found again. */
enum { CHAINS_KEPT = 128, ANSWERS_KEPT = 32 };
#define ANSWER_BYTES_MAX ((size_t)1 << 20) /* a larger seal is checked anew each time */

struct kept_chain {
    struct cert *leaf; /* NULL: unused */
    uint64_t trust;    /* trust_identity() */
    unsigned char extra[SM3_LEN];
    instant from, to, now; /* the answer holds for from <= at <= to, at this very `now` */
    struct chain chain;
};

struct kept_answer {
    int kind, answer;
    unsigned char *bytes; /* NULL: unused */
    size_t len;
};

struct judge_cache {
    pthread_mutex_t lock;
    struct kept_chain chains[CHAINS_KEPT];
    struct kept_answer answers[ANSWERS_KEPT];
    size_t next_chain, next_answer; /* the oldest is replaced */
};

struct judge_cache *judge_cache_new(void)
{
    struct judge_cache *cache = mem_zero(1, sizeof(*cache));

    (void)pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void drop_chain(struct kept_chain *kept)
{
    if (!kept->leaf)
        return;
    cert_free(kept->leaf);
    chain_clear(&kept->chain);
    kept->leaf = NULL;
}

void judge_cache_free(struct judge_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < CHAINS_KEPT; i++)
        drop_chain(&cache->chains[i]);
    for (size_t i = 0; i < ANSWERS_KEPT; i++)
        free(cache->answers[i].bytes);
    (void)pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static void copy_chain(const struct chain *from, struct chain *to)
{
    *to = *from;
    to->path = (struct certs){0};
    for (size_t i = 0; i < from->path.n; i++)
        certs_add(&to->path, from->path.list[i]);
}

/* One digest for certificates in their order; all zero for none. */
static void digest_extra(const struct certs *extra, unsigned char out[SM3_LEN])
{
    struct span *parts;

    memset(out, 0, SM3_LEN);
    if (!extra || !extra->n)
        return;
    parts = mem_zero(extra->n, sizeof(*parts));
    for (size_t i = 0; i < extra->n; i++)
        parts[i] = (struct span){cert_sm3(extra->list[i]), SM3_LEN};
    sm3_parts(parts, extra->n, out);
    free(parts);
}

static bool recall_chain(struct judge_cache *cache, const struct chain_question *q,
                         const unsigned char extra[SM3_LEN], struct chain *out)
{
    for (size_t i = 0; i < CHAINS_KEPT; i++) {
        const struct kept_chain *kept = &cache->chains[i];

        if (kept->leaf && kept->trust == trust_identity(q->trust) && kept->now == q->now &&
            kept->from <= q->at && q->at <= kept->to && cert_equals(kept->leaf, q->leaf) &&
            hash_equals((struct span){kept->extra, SM3_LEN}, (struct span){extra, SM3_LEN})) {
            copy_chain(&kept->chain, out);
            return true;
        }
    }
    return false;
}

/* Does the path hold at another time too? */
static bool holds_at(const struct chain_question *q, instant at)
{
    CLEANUP(chain_clear) struct chain chain = {0};

    chain_build(q->trust, q->leaf, q->extra, at, q->now, &chain);
    return chain.status == CHAIN_OK;
}

/*
 * A path that holds at one time holds at any earlier one at which its issuers were
 * valid, and until they end unless one of them is revoked before: that is asked
 * once.  Any other answer is kept for the very second it was asked for.
 */
static void span_of_answer(const struct chain_question *q, const struct chain *chain,
                           struct kept_chain *kept)
{
    kept->from = kept->to = q->at;
    if (chain->status != CHAIN_OK || chain->path.n < 2)
        return;
    kept->from = INSTANT_NONE;
    kept->to = INT64_MAX;
    for (size_t i = 1; i < chain->path.n; i++) {
        instant from = cert_not_before(chain->path.list[i]);
        instant to = cert_not_after(chain->path.list[i]);

        kept->from = from > kept->from ? from : kept->from;
        kept->to = to < kept->to ? to : kept->to;
    }
    if (kept->to > q->at && !holds_at(q, kept->to))
        kept->to = q->at;
}

/* Takes what `made` holds. */
static void keep_chain(struct judge_cache *cache, const struct kept_chain *made)
{
    struct kept_chain *kept = &cache->chains[cache->next_chain];

    cache->next_chain = (cache->next_chain + 1) % CHAINS_KEPT;
    drop_chain(kept);
    *kept = *made;
}

void judge_cache_chain(struct judge_cache *cache, const struct chain_question *q, struct chain *out)
{
    struct kept_chain made = {.trust = trust_identity(q->trust), .now = q->now};
    bool known;

    if (!cache) {
        chain_build(q->trust, q->leaf, q->extra, q->at, q->now, out);
        return;
    }
    digest_extra(q->extra, made.extra);
    pthread_mutex_lock(&cache->lock);
    known = recall_chain(cache, q, made.extra, out);
    pthread_mutex_unlock(&cache->lock);
    if (known)
        return;
    chain_build(q->trust, q->leaf, q->extra, q->at, q->now, out);
    if (out->status == CHAIN_UNSUPPORTED)
        return;
    made.leaf = cert_ref(q->leaf);
    span_of_answer(q, out, &made);
    copy_chain(out, &made.chain);
    pthread_mutex_lock(&cache->lock);
    keep_chain(cache, &made);
    pthread_mutex_unlock(&cache->lock);
}

bool judge_cache_recall(struct judge_cache *cache, int kind, struct span bytes, int *answer)
{
    bool found = false;

    if (!cache)
        return false;
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < ANSWERS_KEPT && !found; i++) {
        const struct kept_answer *kept = &cache->answers[i];

        found = kept->bytes && kept->kind == kind &&
                span_equals((struct span){kept->bytes, kept->len}, bytes);
        if (found)
            *answer = kept->answer;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

void judge_cache_keep(struct judge_cache *cache, int kind, struct span bytes, int answer)
{
    struct kept_answer *kept;

    if (!cache || !bytes.len || bytes.len > ANSWER_BYTES_MAX)
        return;
    pthread_mutex_lock(&cache->lock);
    kept = &cache->answers[cache->next_answer];
    cache->next_answer = (cache->next_answer + 1) % ANSWERS_KEPT;
    free(kept->bytes);
    *kept = (struct kept_answer){
        .kind = kind, .answer = answer, .bytes = mem_copy(bytes.data, bytes.len), .len = bytes.len};
    pthread_mutex_unlock(&cache->lock);
}
