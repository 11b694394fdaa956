/* SPDX-License-Identifier: Apache-2.0 */
/* Links between parts: ST_Loc of GB/T 33190-2016 7.3, and the small basic types. */
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"

/* Appends the components of path to out, which is a folder or empty; false if it climbs out. */
static bool walk(char *out, const char *path)
{
    while (*path) {
        size_t len = strcspn(path, "/");

        if (len == 2 && memcmp(path, "..", 2) == 0) {
            char *slash = strrchr(out, '/');

            if (!*out)
                return false;
            *(slash ? slash : out) = '\0';
        } else if (len > 0 && !(len == 1 && *path == '.')) {
            size_t n = strlen(out);

            if (n)
                out[n++] = '/';
            memcpy(out + n, path, len);
            out[n + len] = '\0';
        }
        path += len;
        path += *path == '/';
    }
    return true;
}

char *ofd_resolve(const char *from, const char *loc)
{
    size_t loc_len = strlen(loc);
    const char *slash = strrchr(from, '/');
    CLEANUP(freep) char *out = NULL;

    if (loc_len == 0 || loc_len > 4 * LIMIT_MEMBER_NAME || strchr(loc, '\\'))
        return NULL;
    out = mem_zero(strlen(from) + loc_len + 3, 1);
    if (loc[0] != '/' && slash)
        memcpy(out, from, (size_t)(slash - from));
    if (!walk(out, loc) || !*out)
        return NULL;
    return MOVE(out);
}

static enum part_kind first_of(enum part_kind a, enum part_kind b)
{
    if (a == KIND_UNREFERENCED || b == KIND_UNREFERENCED)
        return a == KIND_UNREFERENCED ? b : a;
    return a < b ? a : b;
}

static enum part_kind kind_of(enum ofd_use use)
{
    switch (use) {
    case OFD_LIST:
    case OFD_ENTRIES:
        return KIND_LIST;
    case OFD_SIGNATURE:
    case OFD_VALUE:
    case OFD_SEAL:
    case OFD_STRAY:
        return KIND_SIGNATURE;
    case OFD_USED:
        return KIND_DOCUMENT;
    case OFD_UNUSED:
        break;
    }
    return KIND_UNREFERENCED;
}

void ofd_mark(const struct ofd_reader *reader, long member, enum ofd_use use)
{
    struct ofd_part *part;

    if (member < 0)
        return;
    part = &reader->ofd->parts[member];
    if (part->use == OFD_UNUSED || use == OFD_USED)
        part->use = use; /* what the document shows needs coverage, whatever else it is */
    part->kind = first_of(part->kind, kind_of(use));
}

void ofd_mark_as(const struct ofd_reader *reader, long member, enum part_kind kind)
{
    if (member < 0)
        return;
    reader->ofd->parts[member].use = OFD_USED;
    reader->ofd->parts[member].kind = first_of(reader->ofd->parts[member].kind, kind);
}

long ofd_follow(const struct ofd_reader *reader, const char *from, const struct xmlel *at,
                const char *loc)
{
    CLEANUP(freep) char *name = ofd_resolve(from, loc);
    struct place place = PLACE_PART(from);
    long member, like;

    place.line = at ? xmlel_line(at) : -1;
    if (!name) {
        if (*loc)
            findings_add(reader->findings, "OFD102", place, "loc", loc, NULL);
        return OFD_NO_MEMBER;
    }
    member = zipfile_find(reader->ofd->zip, name);
    if (member >= 0)
        return member;
    like = zipfile_find_like(reader->ofd->zip, name);
    if (like >= 0)
        findings_add(reader->findings, "OFD302", place, "name", name, "like",
                     zipfile_name(reader->ofd->zip, (size_t)like), NULL);
    else
        findings_add(reader->findings, "OFD301", place, "name", name, NULL);
    return OFD_NO_MEMBER;
}

void ofd_only_one(const struct ofd_reader *reader, long member, const struct xmlel *parent,
                  const char *const *names)
{
    for (; *names; names++) {
        const struct xmlel *second = xmlel_same(xmlel_child(parent, *names));
        struct place place = PLACE_PART(ofd_name(reader->ofd, member));

        if (!second)
            continue;
        place.line = xmlel_line(second);
        findings_add(reader->findings, "OFD004", place, "name", *names, NULL);
        reader->ofd->damaged = RC_INPUT;
    }
}

bool ofd_unsigned(const char *text, unsigned *out)
{
    unsigned long value = 0;

    if (!text || !*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned long)(*text - '0');
        if (value > 0xffffffff)
            return false;
    }
    *out = (unsigned)value;
    return true;
}

bool ofd_box(const char *text, struct box *out)
{
    um *const to[] = {&out->x, &out->y, &out->w, &out->h};
    struct box keep = *out;

    for (size_t i = 0; i < 4; i++) {
        struct err err = ERR_INIT;
        const char *end = NULL;

        text = text ? text + strspn(text, " \t\r\n") : "";
        if (decimal_get(text, to[i], &end, &err) != RC_OK) {
            *out = keep;
            return false;
        }
        text = end;
    }
    return true;
}

char *ofd_copy(const char *text)
{
    return text ? mem_text(text) : NULL;
}

void *ofd_grow(void *list, size_t *n, size_t size)
{
    if ((*n & (*n - 1)) == 0) /* 0 and the powers of two: full */
        list = mem_resize(list, (*n ? *n * 2 : 1) * size);
    memset((char *)list + *n * size, 0, size);
    (*n)++;
    return list;
}
