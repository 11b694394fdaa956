/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and unpacking, over libdeflate (1.10 or later for zlib-free whole-buffer
 * inflation; what is too large for that is streamed over zlib).  libzip does not read here: it does
 * not look at all that is checked by zip_walk(), and two readers of one package may disagree.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "formats/zipfile/zipfile_priv.h"

static void member_clear(struct member *member)
{
    free(member->name);
    free(member->folded);
    free(member->unpacked);
}

void zipfile_free(struct zipfile *zip)
{
    if (!zip)
        return;
    for (size_t i = 0; i < zip->n; i++)
        member_clear(&zip->members[i]);
    free(zip->members);
    free(zip->by_name);
    free(zip);
}

/* Folders matter to no reader of OFD: only their names are checked, with all the others. */
static void drop_folders(struct zipfile *zip)
{
    size_t kept = 0;

    for (size_t i = 0; i < zip->n; i++) {
        if (zip->members[i].folder)
            member_clear(&zip->members[i]);
        else
            zip->members[kept++] = zip->members[i];
    }
    zip->n = kept;
}

static int by_folded(const void *a, const void *b, void *members)
{
    const struct member *list = members;

    return strcmp(list[*(const size_t *)a].folded, list[*(const size_t *)b].folded);
}

static enum rc index_names(struct zipfile *zip, struct err *err)
{
    zip->by_name = mem_zero(zip->n, sizeof(*zip->by_name));
    for (size_t i = 0; i < zip->n; i++)
        zip->by_name[i] = i;
    qsort_r(zip->by_name, zip->n, sizeof(*zip->by_name), by_folded, zip->members);
    for (size_t i = 1; i < zip->n; i++) {
        const struct member *a = &zip->members[zip->by_name[i - 1]];
        const struct member *b = &zip->members[zip->by_name[i]];

        if (strcmp(a->folded, b->folded) != 0)
            continue;
        if (strcmp(a->name, b->name) == 0)
            return err_find(err, "PKG004", RC_INPUT, "GB/T 33190: two members are named '%s'",
                            a->name);
        return err_find(err, "PKG004", RC_INPUT,
                        "GB/T 33190: the names '%s' and '%s' differ in letter case alone", a->name,
                        b->name);
    }
    return RC_OK;
}

enum rc zip_need(struct zipfile *zip, struct span range, struct err *err)
{
    return zip->lazy ? lazy_need(zip->lazy, range, err) : RC_OK;
}

void zip_forget(struct zipfile *zip, struct span range)
{
    if (zip->lazy)
        lazy_forget(zip->lazy, range);
}

enum rc zipfile_open(struct span bytes, struct zipfile **out, struct err *err)
{
    struct lazy lazy = lazy_of(bytes);

    TRY(zipfile_open_lazy(&lazy, out, err));
    zipfile_settle(*out);
    return RC_OK;
}

void zipfile_settle(struct zipfile *zip)
{
    zip->lazy = NULL;
}

enum rc zipfile_open_lazy(struct lazy *lazy, struct zipfile **out, struct err *err)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = mem_zero(1, sizeof(*zip));

    zip->bytes = lazy_span(lazy);
    zip->lazy = lazy;
    TRY(zip_walk(zip, err));
    drop_folders(zip);
    TRY(index_names(zip, err));
    *out = MOVE(zip);
    return RC_OK;
}

size_t zipfile_count(const struct zipfile *zip)
{
    return zip->n;
}

const char *zipfile_name(const struct zipfile *zip, size_t i)
{
    return zip->members[i].name;
}

size_t zipfile_size(const struct zipfile *zip, size_t i)
{
    return zip->members[i].size;
}

struct zip_notes zipfile_notes(const struct zipfile *zip)
{
    return zip->notes;
}

long zipfile_find_like(const struct zipfile *zip, const char *name)
{
    CLEANUP(freep) char *folded = zip_fold_name(name);
    size_t low = 0, high = zip->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(folded, zip->members[zip->by_name[middle]].folded);

        if (order == 0)
            return (long)zip->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

long zipfile_find(const struct zipfile *zip, const char *name)
{
    long i = zipfile_find_like(zip, name);

    return i >= 0 && strcmp(zip->members[i].name, name) == 0 ? i : -1;
}

enum rc zip_fail_data(const struct member *member, const char *why, struct err *err)
{
    (void)err_find(err, "PKG012", RC_INPUT, why, member->name);
    return err_at(err, "%s", member->name);
}

/*
 * One maker cuts the head off a zlib stream and leaves its Adler-32 (RFC 1950) at the
 * end: four bytes that say nothing but what the contents say already.
 */
bool zip_is_adler(struct span tail, uint32_t adler)
{
    const unsigned char *p = tail.data;

    return tail.len == 4 &&
           adler == ((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

static enum rc unpack(struct member *member, struct err *err)
{
    CLEANUP(freep) unsigned char *room = mem_resize(NULL, member->size + 1);
    struct libdeflate_decompressor *engine = zip_decompressor();
    size_t used = 0, made = 0;
    struct span tail;
    enum libdeflate_result result;

    if (!engine)
        return err_set(err, RC_SYSTEM, "out of memory");
    result = libdeflate_deflate_decompress_ex(engine, member->data.data, member->data.len, room,
                                              member->size, &used, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
        return zip_fail_data(
            member, N_("APPNOTE 4.4.9: '%s' unpacks to more than the directory says"), err);
    if (result != LIBDEFLATE_SUCCESS)
        return zip_fail_data(member, N_("RFC 1951: '%s' does not hold a deflate stream"), err);
    if (made != member->size)
        return zip_fail_data(
            member, N_("APPNOTE 4.4.9: '%s' unpacks to less than the directory says"), err);
    tail = (struct span){.data = member->data.data + used, .len = member->data.len - used};
    if (tail.len && !zip_is_adler(tail, libdeflate_adler32(1, room, made)))
        return zip_fail_data(member, N_("RFC 1951: '%s' has bytes after its deflate stream"), err);
    room[member->size] = '\0';
    member->unpacked = MOVE(room);
    return RC_OK;
}

enum rc zipfile_read(struct zipfile *zip, size_t i, struct span *out, struct err *err)
{
    struct member *member = &zip->members[i];
    struct span bytes;

    if (!member->unpacked)
        TRY(zip_need(zip, member->data, err));
    if (member->deflated && !member->unpacked) {
        TRY(unpack(member, err));
        zip_forget(zip, member->data);
    }
    bytes.data = member->deflated ? member->unpacked : member->data.data;
    bytes.len = member->size;
    if (!member->checked && libdeflate_crc32(0, bytes.data, bytes.len) != member->crc)
        return zip_fail_data(member, N_("APPNOTE 4.4.7: the CRC of '%s' is wrong"), err);
    member->checked = true;
    *out = bytes;
    return RC_OK;
}

bool zipfile_is_unpacked(const struct zipfile *zip, size_t i)
{
    return zip->members[i].unpacked != NULL;
}

enum rc zipfile_packed(struct zipfile *zip, size_t i, struct packed *out, struct err *err)
{
    unsigned char digest[SM3_LEN];
    struct span raw;

    TRY(zipfile_read(zip, i, &raw, err));
    sm3(raw, digest);
    zipfile_keep(zip, i, digest, out);
    return RC_OK;
}

struct zip_key zipfile_key(const struct zipfile *zip, size_t i)
{
    const struct member *member = &zip->members[i];

    return (struct zip_key){.crc = member->crc,
                            .deflated = member->deflated,
                            .len = member->data.len,
                            .raw_len = member->size};
}

void zipfile_keep(const struct zipfile *zip, size_t i, const unsigned char digest[SM3_LEN],
                  struct packed *out)
{
    const struct member *member = &zip->members[i];

    *out = (struct packed){.deflated = member->deflated,
                           .crc = member->crc,
                           .raw_len = member->size,
                           .has_sm3 = true,
                           .data = mem_copy(member->data.data, member->data.len),
                           .len = member->data.len};
    memcpy(out->sm3, digest, SM3_LEN);
}

bool zipfile_is_packed(struct zipfile *zip, size_t i, const struct packed *packed)
{
    const struct member *member = &zip->members[i];
    struct err ignored = ERR_INIT;

    return member->deflated == packed->deflated && member->crc == packed->crc &&
           member->size == packed->raw_len && member->data.len == packed->len &&
           zip_need(zip, member->data, &ignored) == RC_OK &&
           memcmp(member->data.data, packed->data, packed->len) == 0;
}
