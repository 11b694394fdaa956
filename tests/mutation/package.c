/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutation/package.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/zipfile.h"

void package_read(struct span file, struct package *out)
{
    struct zipfile *zip = NULL; /* for good: names and bytes are borrowed from it */
    struct err err = ERR_INIT;

    out->n = 0;
    if (zipfile_open(file, &zip, &err) != RC_OK || zipfile_count(zip) > MEMBERS_MAX / 2)
        abort();
    for (; out->n < zipfile_count(zip); out->n++) {
        struct member *member = &out->list[out->n];

        member->name = zipfile_name(zip, out->n);
        if (zipfile_read(zip, out->n, &member->bytes, &err) != RC_OK)
            abort();
    }
}

long package_find(const struct package *package, const char *name)
{
    for (size_t i = 0; i < package->n; i++) {
        if (strcmp(package->list[i].name, name) == 0)
            return (long)i;
    }
    return -1;
}

static uint32_t crc_of(struct span bytes)
{
    static uint32_t table[256];
    uint32_t crc = ~0U;

    for (uint32_t i = 0; !table[255] && i < 256; i++) {
        table[i] = i;
        for (int k = 0; k < 8; k++)
            table[i] = table[i] & 1 ? table[i] >> 1 ^ 0xedb88320 : table[i] >> 1;
    }
    for (size_t i = 0; i < bytes.len; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes.data[i]) & 255];
    return ~crc;
}

static void put(struct buf *out, uint32_t value, size_t n)
{
    unsigned char bytes[4];
    struct err err = ERR_INIT;

    for (size_t i = 0; i < n; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
    if (buf_add(out, bytes, n, &err) != RC_OK)
        abort();
}

static void put_bytes(struct buf *out, const void *bytes, size_t n)
{
    struct err err = ERR_INIT;

    if (n && buf_add(out, bytes, n, &err) != RC_OK)
        abort();
}

struct facts {
    uint32_t flags, method, crc, packed, size, name, extra;
};

/* What both kinds of header have in common, from "version needed" on. */
static void put_facts(struct buf *out, const struct facts *facts)
{
    put(out, 20, 2);
    put(out, facts->flags, 2);
    put(out, facts->method, 2);
    put(out, 0x210000, 4); /* 1980-01-01 */
    put(out, facts->crc, 4);
    put(out, facts->packed, 4);
    put(out, facts->size, 4);
    put(out, facts->name, 2);
    put(out, facts->extra, 2);
}

static struct facts true_facts(const struct member *member)
{
    uint32_t len = (uint32_t)member->bytes.len;

    return (struct facts){.flags = 0x800,
                          .crc = crc_of(member->bytes),
                          .packed = len,
                          .size = len,
                          .name = (uint32_t)strlen(member->name)};
}

static void put_local(struct buf *out, const struct member *member, enum lie lie)
{
    static const unsigned char extra[] = {0xff, 0xfe, 2, 0, 'h', 'i'};
    CLEANUP(freep) char *name = mem_text(member->name);
    struct facts facts = true_facts(member);

    name[strlen(name) - 1] ^= lie == LOCAL_NAME;
    facts.size += lie == LOCAL_SIZE;
    facts.packed -= lie == LOCAL_PACKED && facts.packed;
    facts.crc ^= lie == LOCAL_CRC;
    facts.method += lie == LOCAL_METHOD ? 8 : 0;
    facts.flags ^= lie == LOCAL_ENCRYPTED    ? 1
                   : lie == LOCAL_DESCRIPTOR ? 8
                   : lie == LOCAL_LATIN      ? 0x800
                                             : 0;
    facts.extra = lie == LOCAL_EXTRA ? sizeof(extra) : 0;
    put(out, 0x04034b50, 4);
    put_facts(out, &facts);
    put_bytes(out, name, strlen(name));
    put_bytes(out, extra, facts.extra);
    put_bytes(out, member->bytes.data, member->bytes.len);
}

static void put_central(struct buf *out, const struct member *member, size_t offset, enum lie lie)
{
    struct facts facts = true_facts(member);

    facts.size += lie == CENTRAL_SIZE;
    facts.crc ^= lie == CENTRAL_CRC;
    facts.method += lie == CENTRAL_METHOD ? 8 : 0;
    put(out, 0x02014b50, 4);
    put(out, 3 << 8 | 20, 2); /* made on Unix */
    put_facts(out, &facts);
    put(out, 0, 4);
    put(out, 0, 2);
    put(out, lie == CENTRAL_LINK ? 0xa1ff0000 : 0x81a40000, 4);
    put(out, lie == CENTRAL_FIRST ? 0 : (uint32_t)offset, 4);
    put_bytes(out, member->name, strlen(member->name));
}

void package_write(const struct package *package, enum lie lie, size_t at, struct buf *out)
{
    size_t offsets[MEMBERS_MAX], directory;
    uint32_t n = 0;

    out->len = 0;
    for (size_t i = 0; i < package->n; i++) {
        offsets[i] = out->len;
        put_local(out, &package->list[i], i == at ? lie : TRUE);
    }
    directory = out->len;
    for (size_t i = 0; i < package->n; i++) {
        int times = i != at ? 1 : lie == CENTRAL_TWICE ? 2 : lie == CENTRAL_NONE ? 0 : 1;

        for (; times--; n++)
            put_central(out, &package->list[i], offsets[i], i == at ? lie : TRUE);
    }
    n -= lie == COUNT_LESS;
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, n, 2);
    put(out, n, 2);
    put(out, (uint32_t)(out->len - 12 - directory), 4);
    put(out, (uint32_t)directory, 4);
    put(out, 0, 2);
}
