/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZIP records, APPNOTE 6.3.10.  One walk reads the central directory and holds each
 * local header against it; what this walk found is what is unpacked later, so no
 * second reader can see another package.  Stricter than the APPNOTE: the package
 * begins with its first member and ends with its end record, and every byte between
 * belongs to a member, because readers that go from local header to local header
 * would otherwise show other parts than those that were checked.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/reader.h"
#include "formats/zipfile/zipfile_priv.h"

enum {
    SIG_LOCAL = 0x04034b50,
    SIG_CENTRAL = 0x02014b50,
    SIG_END64 = 0x06064b50,
    SIG_LOCATOR64 = 0x07064b50,
    SIG_DESCRIPTOR = 0x08074b50,
    LEN_LOCAL = 30,
    LEN_CENTRAL = 46,
    LEN_END = 22,
    LEN_END64 = 56,
    LEN_LOCATOR64 = 20,
    LEN_DESCRIPTOR = 24,
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_DESCRIPTOR = 1 << 3,
    FLAG_PATCHED = 1 << 5,
    FLAG_STRONG = 1 << 6,
    FLAG_UTF8 = 1 << 11,
    FLAG_MASKED = 1 << 13,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    EXTRA_ZIP64 = 0x0001,
    EXTRA_UNICODE_NAME = 0x7075,
    HOST_UNIX = 3,
    HOST_MACOS = 19,
};

#define END_MARK "PK\x05\x06" /* signature of the end record */

/* The end record: where the central directory lies. */
struct directory {
    uint64_t n, offset, len;
    size_t end; /* offset of the first record after the directory */
};

/* What one header says of a member, central or local. */
struct header {
    unsigned host, flags, method;
    uint32_t crc;
    uint64_t packed, size, offset;
    unsigned long attributes;
    struct span name, extra;
};

static unsigned get16(const unsigned char *p)
{
    return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static uint32_t get32(const unsigned char *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t get64(const unsigned char *p)
{
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static enum rc fail_no_zip(struct err *err)
{
    return err_find(err, "PKG001", RC_INPUT,
                    "APPNOTE 4.3.16: there is no end of central directory record");
}

/* The first end mark, or NULL; memmem() takes ten times as long for four bytes. */
static const unsigned char *find_mark(struct span bytes)
{
    while (bytes.len >= 4) {
        const unsigned char *p = memchr(bytes.data, END_MARK[0], bytes.len - 3);

        if (!p || memcmp(p, END_MARK, 4) == 0)
            return p;
        bytes.len -= (size_t)(p + 1 - bytes.data);
        bytes.data = p + 1;
    }
    return NULL;
}

/* The end record is the one whose comment ends with the package; two of them would be a riddle. */
static enum rc find_end(struct span bytes, size_t *at, struct err *err)
{
    size_t lowest = bytes.len > LEN_END + 0xffff ? bytes.len - LEN_END - 0xffff : 0;
    size_t found = 0, odd = 0;

    if (bytes.len == 0)
        return err_find(err, "PKG001", RC_INPUT, "the file is empty");
    if (bytes.len < LEN_END)
        return fail_no_zip(err);
    for (size_t i = lowest; i + LEN_END <= bytes.len; i++) {
        const unsigned char *next = find_mark((struct span){bytes.data + i, bytes.len - i});

        if (!next)
            break;
        i = (size_t)(next - bytes.data);
        if (i + LEN_END > bytes.len || i + LEN_END + get16(next + 20) != bytes.len) {
            odd++;
            continue;
        }
        *at = i;
        found++;
    }
    if (found == 1)
        return RC_OK;
    if (found > 1)
        return err_find(err, "PKG010", RC_INPUT, "APPNOTE 4.3.16: more than one end record");
    if (odd)
        return err_find(err, "PKG010", RC_INPUT,
                        "APPNOTE 4.3.16: bytes after the end of central directory record");
    return fail_no_zip(err);
}

/* APPNOTE 4.3.14-15: where a 64-bit end record stands, it must agree with the short one. */
static enum rc read_end64(struct zipfile *zip, size_t end_at, struct directory *dir,
                          struct err *err)
{
    const struct span bytes = zip->bytes;
    const unsigned char *locator, *record;
    uint64_t at;

    dir->end = end_at;
    if (end_at < LEN_LOCATOR64 || get32(bytes.data + end_at - LEN_LOCATOR64) != SIG_LOCATOR64)
        return RC_OK;
    locator = bytes.data + end_at - LEN_LOCATOR64;
    at = get64(locator + 8);
    if (at <= end_at && end_at - at >= LEN_LOCATOR64 + LEN_END64)
        TRY(zip_need(zip, (struct span){.data = bytes.data + at, .len = LEN_END64}, err));
    if (at > end_at || end_at - at < LEN_LOCATOR64 + LEN_END64 ||
        get32(bytes.data + at) != SIG_END64)
        return err_find(err, "PKG002", RC_INPUT, "APPNOTE 4.3.15: no ZIP64 end record at 0x%llx",
                        (unsigned long long)at);
    record = bytes.data + at;
    if (get64(record + 4) != end_at - LEN_LOCATOR64 - at - 12)
        return err_find(err, "PKG010", RC_INPUT,
                        "APPNOTE 4.3.14: bytes between the ZIP64 end record and its locator");
    if ((dir->n != 0xffff && dir->n != get64(record + 32)) ||
        (dir->len != 0xffffffff && dir->len != get64(record + 40)) ||
        (dir->offset != 0xffffffff && dir->offset != get64(record + 48)))
        return err_find(err, "PKG009", RC_INPUT, "APPNOTE 4.3.14: the two end records disagree");
    dir->n = get64(record + 32);
    dir->len = get64(record + 40);
    dir->offset = get64(record + 48);
    dir->end = (size_t)at;
    return RC_OK;
}

/* Where end records can stand: the last one with the longest comment, and one of 64 bits. */
enum { TAIL = LEN_LOCATOR64 + LEN_END + 0xffff };

static enum rc read_end(struct zipfile *zip, struct directory *dir, struct err *err)
{
    const struct span bytes = zip->bytes;
    size_t tail = bytes.len < TAIL ? bytes.len : TAIL;
    const unsigned char *p;
    size_t at = 0;

    TRY(zip_need(zip, (struct span){.data = bytes.data + bytes.len - tail, .len = tail}, err));
    TRY(find_end(bytes, &at, err));
    p = bytes.data + at;
    if (get16(p + 4) != 0 || get16(p + 6) != 0 || get16(p + 8) != get16(p + 10))
        return err_find(err, "PKG002", RC_INPUT, "APPNOTE 4.3.16: split over several disks");
    dir->n = get16(p + 10);
    dir->len = get32(p + 12);
    dir->offset = get32(p + 16);
    TRY(read_end64(zip, at, dir, err));
    if (dir->len > dir->end || dir->offset > dir->end - dir->len)
        return err_find(err, "PKG002", RC_INPUT,
                        "APPNOTE 4.3.16: the central directory would lie outside the package");
    if (dir->offset + dir->len != dir->end)
        return err_find(err, "PKG010", RC_INPUT,
                        "APPNOTE 4.3.16: %llu bytes stand before the package or its end record",
                        (unsigned long long)(dir->end - dir->offset - dir->len));
    if (dir->n > LIMIT_PACKAGE_MEMBERS)
        return err_find(err, "PKG003", RC_INPUT, "%llu members, more than the limit of %d",
                        (unsigned long long)dir->n, LIMIT_PACKAGE_MEMBERS);
    return RC_OK;
}

/* The contents of an extra field; false if it is not there, or if the fields are cut. */
static bool find_extra(struct span extra, unsigned id, struct span *out)
{
    while (extra.len >= 4) {
        size_t len = get16(extra.data + 2);

        if (len > extra.len - 4)
            return false;
        if (get16(extra.data) == id) {
            *out = (struct span){.data = extra.data + 4, .len = len};
            return true;
        }
        extra.data += 4 + len;
        extra.len -= 4 + len;
    }
    return false;
}

/* APPNOTE 4.5.3: a 64-bit number stands in for a short one that is all ones, in this order. */
static enum rc widen(struct header *header, struct err *err)
{
    uint64_t *wide[] = {&header->size, &header->packed, &header->offset};
    struct span extra;

    if (!find_extra(header->extra, EXTRA_ZIP64, &extra))
        extra = (struct span){NULL, 0};
    for (size_t i = 0; i < 3; i++) {
        if (*wide[i] != 0xffffffff)
            continue;
        if (extra.len < 8)
            return err_find(err, "PKG009", RC_INPUT, "APPNOTE 4.5.3: a ZIP64 number is missing");
        *wide[i] = get64(extra.data);
        extra.data += 8;
        extra.len -= 8;
    }
    return RC_OK;
}

static enum rc read_central(struct reader *reader, struct header *out, struct err *err)
{
    struct span s = {NULL, 0}, comment = {NULL, 0};
    const unsigned char *p;

    TRY(reader_take(reader, LEN_CENTRAL, &s, err));
    p = s.data;
    if (get32(p) != SIG_CENTRAL)
        return err_set(err, RC_INPUT, "APPNOTE 4.3.12: no central directory header");
    *out = (struct header){.host = p[5],
                           .flags = get16(p + 8),
                           .method = get16(p + 10),
                           .crc = get32(p + 16),
                           .packed = get32(p + 20),
                           .size = get32(p + 24),
                           .attributes = get32(p + 38),
                           .offset = get32(p + 42)};
    TRY(reader_take(reader, get16(p + 28), &out->name, err));
    TRY(reader_take(reader, get16(p + 30), &out->extra, err));
    TRY(reader_take(reader, get16(p + 32), &comment, err));
    if (get16(p + 34) != 0)
        return err_set(err, RC_INPUT, "APPNOTE 4.3.12: split over several disks");
    return widen(out, err);
}

static enum rc read_local(struct reader *reader, struct header *out, struct err *err)
{
    struct span s = {NULL, 0};
    const unsigned char *p;

    TRY(reader_take(reader, LEN_LOCAL, &s, err));
    p = s.data;
    if (get32(p) != SIG_LOCAL)
        return err_set(err, RC_INPUT, "APPNOTE 4.3.7: no local header");
    *out = (struct header){.flags = get16(p + 6),
                           .method = get16(p + 8),
                           .crc = get32(p + 14),
                           .packed = get32(p + 18),
                           .size = get32(p + 22)};
    TRY(reader_take(reader, get16(p + 26), &out->name, err));
    TRY(reader_take(reader, get16(p + 28), &out->extra, err));
    return widen(out, err);
}

static enum rc check_kind(const struct header *central, const struct member *member,
                          struct err *err)
{
    unsigned long mode = central->attributes >> 16 & 0170000;
    bool unix_mode = central->host == HOST_UNIX || central->host == HOST_MACOS;

    if (central->flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED))
        return err_find(err, "PKG006", RC_INPUT, "APPNOTE 4.4.4: the member is encrypted");
    if ((central->flags & FLAG_PATCHED) ||
        (central->method != METHOD_STORED && central->method != METHOD_DEFLATED))
        return err_find(err, "PKG008", RC_INPUT,
                        "GB/T 33190: compression method %u is neither stored nor deflated",
                        central->method);
    if (unix_mode && mode != 0 && mode != 0100000 && mode != 0040000)
        return err_find(err, "PKG011", RC_INPUT, "the member is a link or device (mode 0%lo)",
                        central->attributes >> 16);
    if (unix_mode && mode == 0040000 && !member->folder)
        return err_find(err, "PKG011", RC_INPUT, "a folder whose name does not end with '/'");
    if (member->folder && central->size != 0)
        return err_find(err, "PKG011", RC_INPUT, "a folder that holds %llu bytes",
                        (unsigned long long)central->size);
    return RC_OK;
}

static enum rc check_size(const struct header *central, uint64_t *total, struct err *err)
{
    if (central->method == METHOD_STORED && central->packed != central->size)
        return err_find(err, "PKG009", RC_INPUT, "APPNOTE 4.4.8: stored, but of two sizes");
    if (central->size > LIMIT_MEMBER)
        return err_find(err, "PKG003", RC_INPUT, "%llu bytes, more than the limit of %zu",
                        (unsigned long long)central->size, LIMIT_MEMBER);
    if (central->size / LIMIT_MEMBER_RATIO > central->packed)
        return err_find(err, "PKG014", RC_INPUT,
                        "%llu bytes would unpack to %llu, more than %d times as many",
                        (unsigned long long)central->packed, (unsigned long long)central->size,
                        LIMIT_MEMBER_RATIO);
    *total += central->size;
    if (*total > LIMIT_PACKAGE_UNPACKED)
        return err_find(err, "PKG003", RC_INPUT, "all members together exceed the limit of %zu",
                        LIMIT_PACKAGE_UNPACKED);
    return RC_OK;
}

/* Some readers prefer the name in this extra field: it must be the same one. */
static enum rc check_unicode_name(struct span extra, const char *name, struct err *err)
{
    struct span field;

    while (find_extra(extra, EXTRA_UNICODE_NAME, &field)) { /* of several, who knows which counts */
        if (field.len < 5 || field.len - 5 != strlen(name) ||
            memcmp(field.data + 5, name, field.len - 5) != 0)
            return err_find(err, "PKG009", RC_INPUT, "APPNOTE 4.6.9: two different names");
        extra.len = (size_t)(extra.data + extra.len - (field.data + field.len));
        extra.data = field.data + field.len;
    }
    return RC_OK;
}

/* APPNOTE 4.4.4 bit 3: sizes and CRC of the local header may be left to the descriptor. */
static enum rc compare(const struct header *local, const struct header *central, struct err *err)
{
    bool later = local->flags & FLAG_DESCRIPTOR;
    unsigned same = FLAG_ENCRYPTED | FLAG_STRONG | FLAG_DESCRIPTOR;
    const char *what = NULL;

    if (!span_equals(local->name, central->name))
        what = "name";
    else if (local->method != central->method)
        what = "compression method";
    else if ((local->flags & same) != (central->flags & same))
        what = "flags";
    else if (local->crc != central->crc && !(later && local->crc == 0))
        what = "CRC";
    else if (local->packed != central->packed && !(later && local->packed == 0))
        what = "packed size";
    else if (local->size != central->size && !(later && local->size == 0))
        what = "size";
    if (what)
        return err_find(err, "PKG009", RC_INPUT,
                        "APPNOTE 4.3.7: local header and central directory disagree: %s", what);
    return RC_OK;
}

/* APPNOTE 4.3.9: with or without its signature, with short or long sizes. */
static size_t descriptor_len(struct span rest, const struct header *central)
{
    for (int form = 0; form < 4; form++) {
        size_t head = form & 1 ? 0 : 4, wide = form & 2 ? 8 : 4;
        size_t len = head + 4 + 2 * wide;
        const unsigned char *p = rest.data;

        if (rest.len < len || (head && get32(p) != SIG_DESCRIPTOR))
            continue;
        p += head;
        if (get32(p) != central->crc)
            continue;
        if (wide == 8 ? get64(p + 4) == central->packed && get64(p + 12) == central->size
                      : get32(p + 4) == (uint32_t)central->packed &&
                            get32(p + 8) == (uint32_t)central->size)
            return len;
    }
    return 0;
}

/* The next bytes, as far as there are that many. */
static enum rc need_upto(struct zipfile *zip, const struct reader *reader, size_t n,
                         struct err *err)
{
    size_t left = reader_left(reader);

    return zip_need(
        zip, (struct span){.data = zip->bytes.data + reader->at, .len = n < left ? n : left}, err);
}

/* A local header, whose names and fields are as long as it says. */
static enum rc need_local(struct zipfile *zip, const struct reader *reader, struct err *err)
{
    const unsigned char *p = zip->bytes.data + reader->at;

    TRY(need_upto(zip, reader, LEN_LOCAL, err));
    if (reader_left(reader) < LEN_LOCAL)
        return RC_OK; /* found when it is read */
    return need_upto(zip, reader, (size_t)LEN_LOCAL + get16(p + 26) + get16(p + 28), err);
}

static enum rc read_member(struct zipfile *zip, const struct header *central, size_t limit,
                           struct member *member, struct err *err)
{
    struct reader reader = reader_of((struct span){.data = zip->bytes.data, .len = limit});
    struct header local = {0};
    size_t extra = 0;

    if (central->offset > limit)
        return err_find(err, "PKG002", RC_INPUT, "APPNOTE 4.4.16: begins outside the package");
    reader.at = (size_t)central->offset;
    TRY(need_local(zip, &reader, err));
    TRY(read_local(&reader, &local, err));
    TRY(compare(&local, central, err));
    TRY(check_unicode_name(central->extra, member->name, err));
    TRY(check_unicode_name(local.extra, member->name, err));
    TRY(reader_take(&reader, (size_t)central->packed, &member->data, err));
    if (local.flags & FLAG_DESCRIPTOR) {
        TRY(need_upto(zip, &reader, LEN_DESCRIPTOR, err));
        extra = descriptor_len(
            (struct span){.data = zip->bytes.data + reader.at, .len = reader_left(&reader)},
            central);
        if (extra == 0)
            return err_find(err, "PKG009", RC_INPUT,
                            "APPNOTE 4.3.9: the data descriptor is missing or disagrees");
    }
    member->local.data = zip->bytes.data + central->offset;
    member->local.len = reader.at + extra - (size_t)central->offset;
    member->crc = central->crc;
    member->size = (size_t)central->size;
    member->deflated = central->method == METHOD_DEFLATED;
    return RC_OK;
}

static int by_offset(const void *a, const void *b)
{
    const struct member *x = *(const struct member *const *)a;
    const struct member *y = *(const struct member *const *)b;

    return (x->local.data > y->local.data) - (x->local.data < y->local.data);
}

/* Every byte before the central directory belongs to exactly one member. */
static enum rc check_tiling(const struct zipfile *zip, size_t limit, struct err *err)
{
    CLEANUP(freep) const struct member **order = mem_zero(zip->n, sizeof(const struct member *));
    const unsigned char *at = zip->bytes.data;

    for (size_t i = 0; i < zip->n; i++)
        order[i] = &zip->members[i];
    qsort(order, zip->n, sizeof(const struct member *), by_offset);
    for (size_t i = 0; i < zip->n; i++) {
        const struct span *local = &order[i]->local;
        size_t offset = (size_t)(local->data - zip->bytes.data);

        if (i == 0 && local->data != at)
            return err_find(err, "PKG010", RC_INPUT,
                            "APPNOTE 4.3.6: %zu bytes stand before the first member", offset);
        if (local->data < at)
            return err_find(err, "PKG010", RC_INPUT,
                            "APPNOTE 4.3.6: the member '%s' at 0x%zx overlaps another",
                            order[i]->name, offset);
        if (local->data > at)
            return err_find(err, "PKG010", RC_INPUT,
                            "APPNOTE 4.3.6: bytes before the member '%s' at 0x%zx belong to none",
                            order[i]->name, offset);
        at += local->len;
    }
    if (at != zip->bytes.data + limit)
        return err_find(err, zip->n ? "PKG010" : "PKG010", RC_INPUT,
                        "APPNOTE 4.3.6: bytes before the central directory belong to no member");
    return RC_OK;
}

/* A fault of the cursor has no finding of its own: the package is cut or damaged. */
static enum rc as_damaged(struct err *err)
{
    if (err->code == RC_INPUT && !err->finding[0])
        memcpy(err->finding, "PKG002", sizeof("PKG002"));
    return err->code;
}

static enum rc read_entry(struct zipfile *zip, struct reader *reader, size_t limit, uint64_t *total,
                          struct err *err)
{
    struct member *member = &zip->members[zip->n];
    struct header central = {0};

    TRY(read_central(reader, &central, err));
    TRY(zip_take_name(zip, member, central.name, central.flags & FLAG_UTF8, err));
    zip->n++; /* its name is owned from here on */
    TRY_AT(check_kind(&central, member, err), err, "%s", member->name);
    TRY_AT(check_size(&central, total, err), err, "%s", member->name);
    TRY_AT(read_member(zip, &central, limit, member, err), err, "%s", member->name);
    return RC_OK;
}

enum rc zip_walk(struct zipfile *zip, struct err *err)
{
    struct directory dir = {0};
    struct reader reader;
    uint64_t total = 0;

    if (zip->bytes.len > LIMIT_PACKAGE)
        return err_find(err, "PKG003", RC_INPUT, "%zu bytes, more than the limit of %zu",
                        zip->bytes.len, LIMIT_PACKAGE);
    TRY(read_end(zip, &dir, err));
    if (dir.n > dir.len / LEN_CENTRAL)
        return err_find(err, "PKG002", RC_INPUT,
                        "APPNOTE 4.3.16: %llu members do not fit in the central directory",
                        (unsigned long long)dir.n);
    TRY(zip_need(zip, (struct span){.data = zip->bytes.data + dir.offset, .len = (size_t)dir.len},
                 err));
    zip->members = mem_zero((size_t)dir.n, sizeof(*zip->members));
    reader = reader_of((struct span){.data = zip->bytes.data, .len = dir.end});
    reader.at = (size_t)dir.offset;
    for (uint64_t i = 0; i < dir.n; i++) {
        if (read_entry(zip, &reader, (size_t)dir.offset, &total, err) != RC_OK)
            return as_damaged(err);
    }
    if (reader_left(&reader) != 0)
        return err_find(err, "PKG010", RC_INPUT,
                        "APPNOTE 4.3.16: more central directory than the end record counts");
    if (total > LIMIT_PACKAGE_FREE && total / LIMIT_PACKAGE_RATIO > zip->bytes.len)
        return err_find(err, "PKG014", RC_INPUT,
                        "%zu bytes would unpack to %llu, more than %d times as many",
                        zip->bytes.len, (unsigned long long)total, LIMIT_PACKAGE_RATIO);
    return check_tiling(zip, (size_t)dir.offset, err);
}
