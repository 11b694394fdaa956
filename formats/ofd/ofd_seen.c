/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ofd/ofd_seen.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum { CHAINS = 1024, NOTED = 16384 };
#define COST_OF_ENTRY 512

struct ofd_met {
    struct zip_key key;
    struct packed packed; /* its bytes, and the digest of what they unpack to */
    struct xmldoc *xml;   /* own share; NULL: not parsed since */
    size_t cost;
    unsigned holders;     /* with the table, while it is in there */
    struct ofd_met *next; /* of one chain */
    struct ofd_met *older, *newer;
};

struct ofd_seen {
    pthread_mutex_t lock;
    size_t limit, used;
    struct ofd_met *chains[CHAINS];
    struct ofd_met *newest, *oldest;
    atomic_uint noted[NOTED]; /* what was met once: by a mark of its key */
};

struct ofd_seen *ofd_seen_new(size_t bytes)
{
    struct ofd_seen *seen = mem_zero(1, sizeof(*seen));

    (void)pthread_mutex_init(&seen->lock, NULL);
    seen->limit = bytes;
    return seen;
}

static void drop_hold(struct ofd_met *met)
{
    if (--met->holders > 0)
        return;
    packed_clear(&met->packed);
    xmldoc_free(met->xml);
    free(met);
}

void ofd_seen_free(struct ofd_seen *seen)
{
    if (!seen)
        return;
    while (seen->oldest) {
        struct ofd_met *met = seen->oldest;

        seen->oldest = met->newer;
        drop_hold(met);
    }
    (void)pthread_mutex_destroy(&seen->lock);
    free(seen);
}

static unsigned mark_of(struct zip_key key)
{
    return key.crc ^ (unsigned)key.len * 0x9e3779b1u ^ (unsigned)key.raw_len * 0x85ebca6bu;
}

static bool same_key(struct zip_key a, struct zip_key b)
{
    return a.crc == b.crc && a.len == b.len && a.raw_len == b.raw_len && a.deflated == b.deflated;
}

static void unlink_age(struct ofd_seen *seen, struct ofd_met *met)
{
    *(met->older ? &met->older->newer : &seen->oldest) = met->newer;
    *(met->newer ? &met->newer->older : &seen->newest) = met->older;
}

static void link_newest(struct ofd_seen *seen, struct ofd_met *met)
{
    met->older = seen->newest;
    met->newer = NULL;
    *(seen->newest ? &seen->newest->newer : &seen->oldest) = met;
    seen->newest = met;
}

static void remove_met(struct ofd_seen *seen, struct ofd_met *met)
{
    struct ofd_met **at = &seen->chains[mark_of(met->key) % CHAINS];

    while (*at != met)
        at = &(*at)->next;
    *at = met->next;
    unlink_age(seen, met);
    seen->used -= met->cost;
    drop_hold(met);
}

static struct ofd_met *look_up(struct ofd_seen *seen, struct zip_key key)
{
    struct ofd_met *met = seen->chains[mark_of(key) % CHAINS];

    while (met && !same_key(met->key, key))
        met = met->next;
    return met;
}

void ofd_seen_release(struct ofd_seen *seen, struct ofd_met *met)
{
    if (!met)
        return;
    pthread_mutex_lock(&seen->lock);
    drop_hold(met);
    pthread_mutex_unlock(&seen->lock);
}

struct ofd_met *ofd_seen_find(struct ofd_seen *seen, struct zipfile *zip, size_t i,
                              unsigned char sm3[SM3_LEN])
{
    struct ofd_met *met;

    pthread_mutex_lock(&seen->lock);
    met = look_up(seen, zipfile_key(zip, i));
    if (met) {
        met->holders++;
        unlink_age(seen, met);
        link_newest(seen, met);
    }
    pthread_mutex_unlock(&seen->lock);
    if (!met)
        return NULL;
    if (!zipfile_is_packed(zip, i, &met->packed)) { /* another one of the same CRC */
        ofd_seen_release(seen, met);
        return NULL;
    }
    memcpy(sm3, met->packed.sm3, SM3_LEN);
    return met;
}

/* Room for `more`; an entry that is held leaves the table and is freed by its holder. */
static void make_room(struct ofd_seen *seen, size_t more, const struct ofd_met *but)
{
    struct ofd_met *met = seen->oldest;

    while (met && seen->used + more > seen->limit) {
        struct ofd_met *newer = met->newer;

        if (met != but)
            remove_met(seen, met);
        met = newer;
    }
}

static bool was_noted(struct ofd_seen *seen, struct zip_key key)
{
    unsigned mark = mark_of(key);

    return atomic_exchange_explicit(&seen->noted[mark % NOTED], mark, memory_order_relaxed) == mark;
}

void ofd_seen_learn(struct ofd_seen *seen, struct zipfile *zip, size_t i,
                    const unsigned char sm3[SM3_LEN])
{
    struct zip_key key = zipfile_key(zip, i);
    struct ofd_met *met, *old;

    if (key.len > seen->limit / 4 || !was_noted(seen, key))
        return;
    met = mem_zero(1, sizeof(*met));
    *met = (struct ofd_met){.key = key, .cost = key.len + COST_OF_ENTRY, .holders = 1};
    zipfile_keep(zip, i, sm3, &met->packed);
    pthread_mutex_lock(&seen->lock);
    old = look_up(seen, key); /* made by another thread, or of other bytes */
    if (old)
        remove_met(seen, old);
    make_room(seen, met->cost, NULL);
    met->next = seen->chains[mark_of(key) % CHAINS];
    seen->chains[mark_of(key) % CHAINS] = met;
    link_newest(seen, met);
    seen->used += met->cost;
    pthread_mutex_unlock(&seen->lock);
}

struct xmldoc *ofd_met_xml(struct ofd_seen *seen, struct ofd_met *met)
{
    struct xmldoc *xml;

    pthread_mutex_lock(&seen->lock);
    xml = met->xml ? xmldoc_share(met->xml) : NULL;
    pthread_mutex_unlock(&seen->lock);
    return xml;
}

void ofd_met_learn_xml(struct ofd_seen *seen, struct ofd_met *met, struct xmldoc *xml)
{
    size_t cost = xmldoc_size(xml);

    if (cost > seen->limit / 4)
        return;
    pthread_mutex_lock(&seen->lock);
    if (!met->xml && look_up(seen, met->key) == met) {
        met->xml = xmldoc_share(xml);
        met->cost += cost;
        seen->used += cost;
        make_room(seen, 0, met);
    }
    pthread_mutex_unlock(&seen->lock);
}
