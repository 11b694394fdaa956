/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_ZIPFILE_H
#define FORMATS_ZIPFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/cleanup.h"
#include "core/base/lazy.h"

/*
 * A ZIP package (APPNOTE 6.3) in memory.  Opening refuses, with findings PKG…:
 * what is no ZIP, encrypted members, duplicate names (also when only case
 * differs), absolute names, backslashes, "..", links, names that are not UTF-8
 * or GB18030, more members or bytes than limits.h allows, local headers that
 * contradict the central directory, and bytes that belong to no member.  Folder
 * entries are left out.  Separate packages may be used by separate threads.
 */
struct zipfile;

struct zip_notes {  /* odd but read */
    bool gbk_names; /* names without the UTF-8 flag that are GB18030 */
};

/* bytes are borrowed until zipfile_free. */
MUST_CHECK enum rc zipfile_open(struct span bytes, struct zipfile **out, struct err *err);
/* The same for a file that may be large: of what is not asked for, nothing is read. */
MUST_CHECK enum rc zipfile_open_lazy(struct lazy *lazy, struct zipfile **out, struct err *err);
/* The struct lazy goes; its bytes are all in memory and stay. */
void zipfile_settle(struct zipfile *zip);
void zipfile_free(struct zipfile *zip);
CLEANUP_PTR(struct zipfile, zipfile_free);

size_t zipfile_count(const struct zipfile *zip);
const char *zipfile_name(const struct zipfile *zip, size_t i);  /* UTF-8 */
long zipfile_find(const struct zipfile *zip, const char *name); /* index, or -1 */
/* The member whose name differs in letter case alone, or -1: for hints, never for reading. */
long zipfile_find_like(const struct zipfile *zip, const char *name);
size_t zipfile_size(const struct zipfile *zip, size_t i); /* unpacked */
struct zip_notes zipfile_notes(const struct zipfile *zip);

/* Unpacks a member once and keeps it: the same bytes are digested and parsed.  CRC is checked. */
MUST_CHECK enum rc zipfile_read(struct zipfile *zip, size_t i, struct span *out, struct err *err);
/* Whether reading the member unpacked it. */
bool zipfile_is_unpacked(const struct zipfile *zip, size_t i);

/* A member a piece at a time, none of it kept; sizes and CRC are checked at its end. */
MUST_CHECK enum rc zipfile_stream(struct zipfile *zip, size_t i,
                                  enum rc (*take)(void *context, struct span piece,
                                                  struct err *err),
                                  void *context, struct err *err);

/*
 * A member ready to be written: deflated once, CRC and SM3 computed once, used in
 * any number of packages.
 */
struct packed {
    bool deflated;
    bool has_sm3;
    uint32_t crc;
    size_t raw_len;
    unsigned char sm3[32]; /* read with packed_sm3() */
    unsigned char *data;   /* own */
    size_t len;
};
/* Fast: what gains little is stored. */
enum pack_level { PACK_STORE = 0, PACK_FAST = 1, PACK_SMALL = 9 };
MUST_CHECK enum rc packed_make(struct span raw, enum pack_level level, struct packed *out,
                               struct err *err);
/* The same, stored and undigested: for a member that no signature made now refers to. */
struct packed packed_store(struct span raw);
/* SM3 of the unpacked bytes. */
void packed_sm3(const struct packed *packed, unsigned char out[32]);
void packed_clear(struct packed *packed);

struct zip_entry {
    const char *name;
    const struct packed *packed; /* borrowed */
};

/*
 * Writes a package with the entries in the order given, fixed time 1980-01-01,
 * mode 0644, UTF-8 names: the same entries give the same bytes.
 */
MUST_CHECK enum rc zipfile_write(const struct zip_entry *entries, size_t n, struct buf *out,
                                 struct err *err);

/* The member's compressed bytes as they lie in the package, for writing them again unchanged. */
MUST_CHECK enum rc zipfile_packed(struct zipfile *zip, size_t i, struct packed *out,
                                  struct err *err);

/* What tells members apart at a glance; that two have one key does not make them the same. */
struct zip_key {
    uint32_t crc;
    bool deflated;
    size_t len, raw_len;
};
struct zip_key zipfile_key(const struct zipfile *zip, size_t i);
/* zipfile_packed() of a member that was read and digested already. */
void zipfile_keep(const struct zipfile *zip, size_t i, const unsigned char sm3[32],
                  struct packed *out);

/*
 * Does the member lie in the package exactly as packed holds it?  Then its unpacked
 * bytes are those that packed->sm3 was computed over.  Nothing is unpacked.
 */
bool zipfile_is_packed(struct zipfile *zip, size_t i, const struct packed *packed);

#endif
