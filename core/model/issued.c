/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/issued.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/crypto/hash.h"

void issued_clear(struct issued *issued)
{
    free(issued->slots);
    *issued = (struct issued){.n = 0};
}

/* Identifiers come from rosters; SM3 leaves nobody a way to choose colliding ones. */
static void make_key(const char *identifier, size_t len, long version, unsigned char key[16])
{
    unsigned char whole[SM3_LEN];
    char number[24];
    int n = snprintf(number, sizeof(number), "\n%ld", version);
    struct span parts[] = {{(const unsigned char *)identifier, len},
                           {(const unsigned char *)number, (size_t)n}};

    sm3_parts(parts, 2, whole);
    memcpy(key, whole, 16);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct issued_entry *slot_of(const struct issued *issued, const unsigned char key[16])
{
    uint64_t start;

    memcpy(&start, key, sizeof(start));
    for (size_t i = (size_t)start;; i++) {
        struct issued_entry *slot = &issued->slots[i & (issued->size - 1)];

        if (!slot->used || memcmp(slot->key, key, sizeof(slot->key)) == 0)
            return slot;
    }
}

static void grow(struct issued *issued)
{
    struct issued larger = {.n = issued->n, .size = issued->size ? issued->size * 2 : 64};

    larger.slots = mem_zero(larger.size, sizeof(larger.slots[0]));
    for (size_t i = 0; i < issued->size; i++) {
        if (issued->slots[i].used)
            *slot_of(&larger, issued->slots[i].key) = issued->slots[i];
    }
    free(issued->slots);
    *issued = larger;
}

const struct issued_entry *issued_get(const struct issued *issued, const char *identifier,
                                      size_t len, long version)
{
    unsigned char key[16];
    const struct issued_entry *slot;

    if (!issued->size)
        return NULL;
    make_key(identifier, len, version, key);
    slot = slot_of(issued, key);
    return slot->used && slot->state != ISSUED_NOT ? slot : NULL;
}

void issued_put(struct issued *issued, const char *identifier, size_t len, long version,
                const struct issued_entry *what)
{
    unsigned char key[16];
    struct issued_entry *slot;

    if (issued->n * 4 >= issued->size * 3)
        grow(issued);
    make_key(identifier, len, version, key);
    slot = slot_of(issued, key);
    if (slot->state == ISSUED_DONE)
        return;
    issued->n += !slot->used;
    if (slot->used && !what->has_digest) {
        slot->state = what->state;
        return;
    }
    *slot = *what;
    memcpy(slot->key, key, sizeof(slot->key));
    slot->used = true;
}
