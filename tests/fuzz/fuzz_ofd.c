/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole verification of a file from anywhere: a verdict, never a crash, leak or endless
 * run.  An input that does not begin like a ZIP is taken as parts (parts.h), which are changed
 * one at a time, left out, doubled, exchanged, and packed again.
 */
#include <stdint.h>
#include <stdio.h>

#include "tests/fuzz/judge.h"
#include "tests/fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
/* libFuzzer's own; a replay has none and needs none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_clear) struct buf package = BUF_INIT((size_t)1 << 24);
    struct span file = {data, size};
    struct parts parts;

    if (size < 2 || memcmp(data, "PK", 2) != 0) {
        parts_split(file, &parts);
        parts_pack(&parts, &package);
        parts_clear(&parts);
        file = buf_span(&package);
    }
    fuzz_judge(file);
    return 0;
}

/* A ZIP that can be read becomes its parts. */
static bool take_apart(struct span file, struct buf *out)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct span member;
    struct err err = ERR_INIT;

    if (zipfile_open(file, &zip, &err) != RC_OK)
        return false;
    for (size_t i = 0; i < zipfile_count(zip); i++) {
        if (zipfile_read(zip, i, &member, &err) != RC_OK ||
            buf_addf(out, &err, "%s--- %s\n", i ? "\n" : "", zipfile_name(zip, i)) != RC_OK ||
            buf_add(out, member.data, member.len, &err) != RC_OK)
            return false;
    }
    return true;
}

static void change(struct parts *parts, struct buf *own, size_t max, unsigned seed)
{
    size_t at = seed / 16 % parts->n, other = seed / 1024 % parts->n, n = parts->bytes[at].len;
    struct err err = ERR_INIT;
    char *name;

    switch (seed % 16) {
    case 0: /* left out */
        free(parts->names[at]);
        parts->names[at] = parts->names[--parts->n];
        parts->bytes[at] = parts->bytes[parts->n];
        break;
    case 1: /* in another's place */
        parts->bytes[at] = parts->bytes[other];
        break;
    case 2: /* under another's name, almost */
        name = mem_text(parts->names[other]);
        if (name[0])
            name[strlen(name) - 1] ^= 1;
        free(parts->names[at]);
        parts->names[at] = name;
        break;
    default:
        max = max > n + 4096 ? n + 4096 : max;
        if (n > max || buf_reserve(own, max, &err) != RC_OK)
            return;
        memcpy(own->data, parts->bytes[at].data, n);
        parts->bytes[at] = (struct span){(unsigned char *)own->data,
                                         LLVMFuzzerMutate((uint8_t *)own->data, n, max)};
    }
}

static size_t put_together(const struct parts *parts, uint8_t *data, size_t max)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(max);
    struct err err = ERR_INIT;

    for (size_t i = 0; i < parts->n; i++) {
        if (buf_addf(&text, &err, "%s--- %s\n", i ? "\n" : "", parts->names[i]) != RC_OK ||
            buf_add(&text, parts->bytes[i].data, parts->bytes[i].len, &err) != RC_OK)
            break;
    }
    memcpy(data, text.data, text.len);
    return text.len;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT((size_t)1 << 20);
    CLEANUP(buf_clear) struct buf own = BUF_INIT((size_t)1 << 24);
    CLEANUP(parts_clear) struct parts parts = {.n = 0};
    struct span whole = {data, size};
    struct err err = ERR_INIT;
    bool zip = size > 1 && memcmp(data, "PK", 2) == 0;

    if (zip ? seed % 4 || !take_apart(whole, &text) : buf_add(&text, data, size, &err) != RC_OK)
        return LLVMFuzzerMutate(data, size, max); /* the container itself */
    parts_split(buf_span(&text), &parts);
    if (!parts.n)
        return LLVMFuzzerMutate(data, size, max);
    change(&parts, &own, max, seed / 4);
    return put_together(&parts, data, max);
}
