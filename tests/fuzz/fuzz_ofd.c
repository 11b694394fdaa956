/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole verification of a file from anywhere: a verdict, never a crash, leak or endless
 * run.  An input that does not begin like a ZIP is taken as parts, each after a line
 * "--- name", and packed first, so that mutations reach the parts behind the CRCs.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS_MAX = 40 };

/* The parts of a text; the names are own memory. */
static size_t split(struct span text, char *names[PARTS_MAX], struct span parts[PARTS_MAX])
{
    const unsigned char *at = text.data, *end = text.data + text.len;
    size_t n = 0;

    while (at < end && n < PARTS_MAX) {
        const unsigned char *name, *next;

        if (end - at < 5 || memcmp(at, "--- ", 4) != 0)
            break;
        name = at + 4;
        at = memchr(name, '\n', (size_t)(end - name));
        if (!at)
            break;
        names[n] = mem_copy_text((const char *)name, (size_t)(at - name));
        at++;
        next = memmem(at, (size_t)(end - at), "\n--- ", 5);
        parts[n].data = at;
        parts[n].len = (size_t)((next ? next : end) - at);
        at = next ? next + 1 : end;
        n++;
    }
    return n;
}

static void pack(struct span text, struct buf *out)
{
    char *names[PARTS_MAX];
    struct span parts[PARTS_MAX];
    struct packed packed[PARTS_MAX];
    struct zip_entry entries[PARTS_MAX];
    size_t n = split(text, names, parts);
    struct err err = ERR_INIT;

    for (size_t i = 0; i < n; i++) {
        if (packed_make(parts[i], PACK_STORE, &packed[i], &err) != RC_OK)
            abort();
        entries[i] = (struct zip_entry){.name = names[i], .packed = &packed[i]};
    }
    (void)!zipfile_write(entries, n, out, &err); /* libzip refuses some names */
    for (size_t i = 0; i < n; i++) {
        packed_clear(&packed[i]);
        free(names[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trust *trust; /* empty: nobody is believed, so nothing may pass */
    CLEANUP(verification_clear) struct verification out = {0};
    CLEANUP(buf_clear) struct buf package = BUF_INIT((size_t)1 << 24);
    struct span file = {data, size};
    struct err err = ERR_INIT;

    if (!trust && crypto_init(&err) == RC_OK)
        trust = trust_new();
    if (!trust)
        return 0;
    if (size < 2 || memcmp(data, "PK", 2) != 0) {
        pack(file, &package);
        file = buf_span(&package);
    }
    ofd_verify(&(struct ofd_judge){.trust = trust, .now = 1795341600}, file, &out);
    if (out.rc == RC_OK || out.rc == RC_BUG)
        __builtin_trap();
    return 0;
}
