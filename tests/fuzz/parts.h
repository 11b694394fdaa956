/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_PARTS_H
#define TESTS_FUZZ_PARTS_H

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "formats/zipfile.h"

/*
 * A package as text, for fuzzing behind the container: each part after a line "--- name".  It is
 * packed with right lengths and CRCs, so that what was changed in a part is read.
 */
enum { PARTS_MAX = 60 };

struct parts {
    char *names[PARTS_MAX]; /* own */
    struct span bytes[PARTS_MAX];
    size_t n;
};

static inline void parts_clear(struct parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        free(parts->names[i]);
    parts->n = 0;
}

static inline void parts_split(struct span text, struct parts *out)
{
    const unsigned char *at = text.data, *end = text.data + text.len;

    for (out->n = 0; at < end && out->n < PARTS_MAX;) {
        const unsigned char *name = at + 4, *next;

        if (end - at < 5 || memcmp(at, "--- ", 4) != 0)
            break;
        at = memchr(name, '\n', (size_t)(end - name));
        if (!at)
            break;
        out->names[out->n] = mem_copy_text((const char *)name, (size_t)(at - name));
        at++;
        next = memmem(at, (size_t)(end - at), "\n--- ", 5);
        out->bytes[out->n++] = (struct span){at, (size_t)((next ? next : end) - at)};
        at = next ? next + 1 : end;
    }
}

static inline void parts_pack(const struct parts *parts, struct buf *out)
{
    struct packed packed[PARTS_MAX];
    struct zip_entry entries[PARTS_MAX] = {{.name = NULL}};
    struct err err = ERR_INIT;

    for (size_t i = 0; i < parts->n; i++) {
        if (packed_make(parts->bytes[i], PACK_STORE, &packed[i], &err) != RC_OK)
            abort();
        entries[i] = (struct zip_entry){.name = parts->names[i], .packed = &packed[i]};
    }
    (void)!zipfile_write(entries, parts->n, out, &err); /* libzip refuses some names */
    for (size_t i = 0; i < parts->n; i++)
        packed_clear(&packed[i]);
}

static inline long parts_find(const struct parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->n; i++) {
        if (strcmp(parts->names[i], name) == 0)
            return (long)i;
    }
    return -1;
}

#endif
