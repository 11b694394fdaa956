/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing, over libzip (1.6 or later for zip_file_set_dostime) and libdeflate.
 * libzip is handed ready-deflated entries and copies them; it trusts the size and
 * CRC it is told, so both come from the bytes that were just deflated.
 */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "formats/zipfile/zipfile_priv.h"

CLEANUP_PTR(zip_t, zip_discard);
CLEANUP_PTR(zip_source_t, zip_source_free);

enum { DOS_DATE_1980 = 1 << 5 | 1 }; /* 1980-01-01, the earliest that can be written */

/* However short the text, libdeflate first clears a table of 128 kB: 20 µs, and 5 to unpack. */
#define FAST_MIN 1536

enum rc packed_make(struct span raw, enum pack_level level, struct packed *out, struct err *err)
{
    struct packed packed = {.crc = (uint32_t)libdeflate_crc32(0, raw.data, raw.len),
                            .raw_len = raw.len};

    if (level != PACK_STORE && raw.len >= (level == PACK_FAST ? FAST_MIN : 1)) {
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

/* The state of one entry while libzip reads it. */
struct feed {
    const struct packed *packed;
    size_t at;
    zip_error_t error;
};

static zip_int64_t feed_read(struct feed *feed, void *to, zip_uint64_t room)
{
    size_t left = feed->packed->len - feed->at;
    size_t n = room < left ? (size_t)room : left;

    if (n)
        memcpy(to, feed->packed->data + feed->at, n);
    feed->at += n;
    return (zip_int64_t)n;
}

static zip_int64_t feed_stat(const struct feed *feed, void *to)
{
    zip_stat_t *stat = to;

    zip_stat_init(stat);
    stat->valid = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD |
                  ZIP_STAT_ENCRYPTION_METHOD;
    stat->size = feed->packed->raw_len;
    stat->comp_size = feed->packed->len;
    stat->crc = feed->packed->crc;
    stat->comp_method = feed->packed->deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
    stat->encryption_method = ZIP_EM_NONE;
    return sizeof(*stat);
}

/* The callback of zip_source_function: an unlisted command is answered "not supported". */
static zip_int64_t feed_command(void *state, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct feed *feed = state;

    if (command == ZIP_SOURCE_OPEN) {
        feed->at = 0;
        return 0;
    }
    if (command == ZIP_SOURCE_READ)
        return feed_read(feed, data, len);
    if (command == ZIP_SOURCE_STAT)
        return feed_stat(feed, data);
    if (command == ZIP_SOURCE_CLOSE)
        return 0;
    if (command == ZIP_SOURCE_ERROR)
        return zip_error_to_data(&feed->error, data, len);
    if (command == ZIP_SOURCE_FREE) {
        free(feed);
        return 0;
    }
    if (command == ZIP_SOURCE_SUPPORTS)
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              ZIP_SOURCE_SUPPORTS, -1);
    zip_error_set(&feed->error, ZIP_ER_OPNOTSUPP, 0);
    return -1;
}

static enum rc zip_fail(struct err *err, const char *what, const char *reason)
{
    return err_set(err, RC_BUG, "libzip: %s: %s", what, reason);
}

static enum rc add_entry(zip_t *zip, const struct zip_entry *entry, struct err *err)
{
    struct feed *feed = mem_zero(1, sizeof(*feed));
    zip_source_t *source;
    zip_int64_t i;

    feed->packed = entry->packed;
    zip_error_init(&feed->error);
    source = zip_source_function(zip, feed_command, feed);
    if (!source) {
        free(feed);
        return zip_fail(err, entry->name, zip_strerror(zip));
    }
    i = zip_file_add(zip, entry->name, source, ZIP_FL_ENC_UTF_8);
    if (i < 0) {
        zip_source_free(source);
        return zip_fail(err, entry->name, zip_strerror(zip));
    }
    if (zip_file_set_dostime(zip, (zip_uint64_t)i, 0, DOS_DATE_1980, 0) != 0 ||
        zip_file_set_external_attributes(zip, (zip_uint64_t)i, 0, ZIP_OPSYS_UNIX,
                                         (zip_uint32_t)0100644 << 16) != 0 ||
        (!entry->packed->deflated &&
         zip_set_file_compression(zip, (zip_uint64_t)i, ZIP_CM_STORE, 0) != 0))
        return zip_fail(err, entry->name, zip_strerror(zip));
    return RC_OK;
}

static enum rc take_bytes(zip_source_t *source, struct buf *out, struct err *err)
{
    zip_int64_t n;
    zip_stat_t stat;

    if (zip_source_open(source) != 0 || zip_source_stat(source, &stat) != 0 ||
        !(stat.valid & ZIP_STAT_SIZE))
        return zip_fail(err, "reading back", zip_error_strerror(zip_source_error(source)));
    TRY(buf_reserve(out, (size_t)stat.size, err));
    n = zip_source_read(source, out->data + out->len, stat.size);
    if (n != (zip_int64_t)stat.size)
        return zip_fail(err, "reading back", zip_error_strerror(zip_source_error(source)));
    zip_source_close(source);
    out->len += stat.size;
    out->data[out->len] = '\0';
    return RC_OK;
}

enum rc zipfile_write(const struct zip_entry *entries, size_t n, struct buf *out, struct err *err)
{
    CLEANUP(zip_source_freep) zip_source_t *source = NULL;
    CLEANUP(zip_discardp) zip_t *zip = NULL;
    zip_error_t error;

    zip_error_init(&error);
    source = zip_source_buffer_create(NULL, 0, 0, &error);
    if (!source)
        return zip_fail(err, "buffer", zip_error_strerror(&error));
    zip_source_keep(source); /* one reference is the archive's, one is ours */
    zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    if (!zip) {
        zip_source_free(source);
        return zip_fail(err, "open", zip_error_strerror(&error));
    }
    for (size_t i = 0; i < n; i++)
        TRY(add_entry(zip, &entries[i], err));
    if (zip_close(zip) != 0)
        return zip_fail(err, "close", zip_strerror(zip));
    zip = NULL;
    return take_bytes(source, out, err);
}
