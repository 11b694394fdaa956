/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A package from anywhere: opening it and reading every member, whole and a piece at a time,
 * never crashes, leaks or runs away; and where both ways read it, they read the same.
 */
#include <stdint.h>

#include "core/base/cleanup.h"
#include "core/crypto/hash.h"
#include "formats/zipfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc add_piece(void *context, struct span piece, struct err *err)
{
    return hash_stream_add(context, piece, err);
}

/* Before it is read whole: what is held would only be given again. */
static bool digest(struct zipfile *zip, size_t i, struct hash *out)
{
    CLEANUP(hash_stream_freep) struct hash_stream *stream = NULL;
    struct err err = ERR_INIT;

    return hash_stream_new(HASH_SHA1, &stream, &err) == RC_OK &&
           zipfile_stream(zip, i, add_piece, stream, &err) == RC_OK &&
           hash_stream_end(stream, out, &err) == RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;
    size_t total = 0;

    if (zipfile_open((struct span){data, size}, &zip, &err) != RC_OK)
        return 0;
    for (size_t i = 0; i < zipfile_count(zip) && total < (size_t)8 << 20; i++) {
        struct span member;
        struct hash streamed, whole;
        bool had = digest(zip, i, &streamed);

        if (zipfile_read(zip, i, &member, &err) != RC_OK)
            continue;
        if (zipfile_find(zip, zipfile_name(zip, i)) != (long)i ||
            member.len != zipfile_size(zip, i))
            __builtin_trap();
        if (had && hash_compute(HASH_SHA1, member, &whole, &err) == RC_OK &&
            !hash_equals((struct span){streamed.bytes, streamed.len},
                         (struct span){whole.bytes, whole.len}))
            __builtin_trap();
        total += member.len;
    }
    return 0;
}
