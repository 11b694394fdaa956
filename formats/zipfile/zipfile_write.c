/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing, APPNOTE 6.3.10, over libdeflate: local headers with sizes and CRC, no data
 * descriptors, no extra fields, no ZIP64.  Members come packed, so that nothing is left
 * for a ZIP library but three records; libzip took a twentieth of the time of a licence
 * for them.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "formats/zipfile/zipfile_priv.h"

enum {
    DOS_DATE_1980 = 1 << 5 | 1,    /* 1980-01-01, the earliest that can be written */
    MADE_BY = HOST_UNIX << 8 | 63, /* APPNOTE 6.3 */
    VERSION_STORED = 10,
    VERSION_DEFLATED = 20,
};
#define MODE 0100644u /* a plain file that its owner may write */

enum rc packed_make(struct span raw, enum pack_level level, struct packed *out, struct err *err)
{
    struct packed packed = {.crc = (uint32_t)libdeflate_crc32(0, raw.data, raw.len),
                            .raw_len = raw.len};

    if (level != PACK_STORE && raw.len > 0) {
        struct libdeflate_compressor *engine = zip_compressor(level);

        if (!engine)
            return err_set(err, RC_SYSTEM, "out of memory");
        packed.data = mem_resize(NULL, raw.len);
        packed.len = libdeflate_deflate_compress(engine, raw.data, raw.len, packed.data, raw.len);
        packed.deflated = packed.len > 0 && packed.len < raw.len; /* 0: it did not fit */
    }
    if (packed.deflated) {
        packed.data = mem_resize(packed.data, packed.len);
    } else {
        free(packed.data);
        packed.data = mem_copy(raw.data, raw.len);
        packed.len = raw.len;
    }
    sm3(raw, packed.sm3);
    packed.has_sm3 = true;
    *out = packed;
    return RC_OK;
}

struct packed packed_store(struct span raw)
{
    return (struct packed){.crc = (uint32_t)libdeflate_crc32(0, raw.data, raw.len),
                           .raw_len = raw.len,
                           .data = mem_copy(raw.data, raw.len),
                           .len = raw.len};
}

void packed_sm3(const struct packed *packed, unsigned char out[SM3_LEN])
{
    if (packed->has_sm3)
        memcpy(out, packed->sm3, SM3_LEN);
    else /* only what is stored is ever undigested */
        sm3((struct span){packed->data, packed->len}, out);
}

void packed_clear(struct packed *packed)
{
    free(packed->data);
    *packed = (struct packed){0};
}

/* One record, filled from the front; the largest is a central header. */
struct record {
    unsigned char bytes[LEN_CENTRAL];
    size_t n;
};

static void put(struct record *record, int width, size_t value)
{
    for (int i = 0; i < width; i++)
        record->bytes[record->n++] = (unsigned char)(value >> (8 * i));
}

static bool is_ascii(const char *text)
{
    for (; *text; text++) {
        if (*text & 0x80)
            return false;
    }
    return true;
}

/* 4.3.7 and 4.3.12: the fields that both headers have, in the same order. */
static void put_common(struct record *record, const struct zip_entry *entry)
{
    const struct packed *packed = entry->packed;

    put(record, 2, packed->deflated ? VERSION_DEFLATED : VERSION_STORED);
    put(record, 2, is_ascii(entry->name) ? 0 : FLAG_UTF8);
    put(record, 2, packed->deflated ? METHOD_DEFLATED : METHOD_STORED);
    put(record, 2, 0);
    put(record, 2, DOS_DATE_1980);
    put(record, 4, packed->crc);
    put(record, 4, packed->len);
    put(record, 4, packed->raw_len);
    put(record, 2, strlen(entry->name));
    put(record, 2, 0); /* extra field */
}

static enum rc add_local(const struct zip_entry *entry, struct buf *out, struct err *err)
{
    struct record record = {.n = 0};

    put(&record, 4, SIG_LOCAL);
    put_common(&record, entry);
    TRY(buf_add(out, record.bytes, record.n, err));
    TRY(buf_puts(out, entry->name, err));
    return buf_add(out, entry->packed->data, entry->packed->len, err);
}

static enum rc add_central(const struct zip_entry *entry, size_t offset, struct buf *out,
                           struct err *err)
{
    struct record record = {.n = 0};

    put(&record, 4, SIG_CENTRAL);
    put(&record, 2, MADE_BY);
    put_common(&record, entry);
    put(&record, 2, 0); /* comment */
    put(&record, 2, 0); /* disk */
    put(&record, 2, 0); /* internal attributes */
    put(&record, 4, (size_t)MODE << 16);
    put(&record, 4, offset);
    TRY(buf_add(out, record.bytes, record.n, err));
    return buf_puts(out, entry->name, err);
}

static enum rc add_end(size_t n, size_t start, size_t len, struct buf *out, struct err *err)
{
    struct record record = {.n = 0};

    put(&record, 4, SIG_END);
    put(&record, 4, 0); /* disks */
    put(&record, 2, n);
    put(&record, 2, n);
    put(&record, 4, len);
    put(&record, 4, start);
    put(&record, 2, 0); /* comment */
    return buf_add(out, record.bytes, record.n, err);
}

/* Room for all, so that nothing is copied twice; what the fields cannot hold is refused. */
static enum rc make_room(const struct zip_entry *entries, size_t n, struct buf *out,
                         struct err *err)
{
    size_t len = LEN_END;

    for (size_t i = 0; i < n; i++) {
        size_t name = strlen(entries[i].name);

        if (name > UINT16_MAX || entries[i].packed->raw_len > UINT32_MAX)
            return err_set(err, RC_INPUT, "%.80s: a ZIP file cannot hold it", entries[i].name);
        len += LEN_LOCAL + LEN_CENTRAL + 2 * name + entries[i].packed->len;
    }
    if (n > UINT16_MAX || len > UINT32_MAX)
        return err_set(err, RC_INPUT, "a ZIP file cannot hold so much");
    return buf_reserve(out, len, err);
}

enum rc zipfile_write(const struct zip_entry *entries, size_t n, struct buf *out, struct err *err)
{
    CLEANUP(freep) size_t *offsets = mem_zero(n, sizeof(*offsets));
    size_t from = out->len, start;

    TRY(make_room(entries, n, out, err));
    for (size_t i = 0; i < n; i++) {
        offsets[i] = out->len - from;
        TRY(add_local(&entries[i], out, err));
    }
    start = out->len - from;
    for (size_t i = 0; i < n; i++)
        TRY(add_central(&entries[i], offsets[i], out, err));
    return add_end(n, start, out->len - from - start, out, err);
}
