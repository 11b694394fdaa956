/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_ZIPFILE_ZIPFILE_PRIV_H
#define FORMATS_ZIPFILE_ZIPFILE_PRIV_H

#include <libdeflate.h>

#include "formats/zipfile.h"

/* One entry of the central directory, after its local header was found to agree. */
struct member {
    char *name;        /* UTF-8, own */
    char *folded;      /* name in lower case, own: one name to people, one name to some systems */
    struct span local; /* local header, data and descriptor as they lie in the package */
    struct span data;  /* compressed */
    uint32_t crc;
    size_t size; /* unpacked */
    bool deflated;
    bool folder;
    unsigned char *unpacked; /* own; NULL until read, or for stored members */
    bool checked;            /* CRC seen to be right */
};

struct zipfile {
    struct span bytes;
    struct lazy *lazy;      /* that they are of; borrowed, NULL: all are there */
    struct member *members; /* files first, in the order of the central directory */
    size_t n;               /* files */
    size_t *by_name;        /* indexes of files, sorted by folded name */
    struct zip_notes notes;
};

/* The calling thread's engines, borrowed; NULL: out of memory. */
struct libdeflate_compressor *zip_compressor(enum pack_level level);
struct libdeflate_decompressor *zip_decompressor(void);

/* Before bytes of the package are looked at; and when they will not be again. */
MUST_CHECK enum rc zip_need(struct zipfile *zip, struct span range, struct err *err);
void zip_forget(struct zipfile *zip, struct span range);

/* RC_INPUT about a member's contents; why is a format with its name. */
MUST_CHECK enum rc zip_fail_data(const struct member *member, const char *why, struct err *err);
/* Is what follows a deflate stream the Adler-32 of what it unpacks to? */
bool zip_is_adler(struct span tail, uint32_t adler);

/* Fills members from the bytes; zip->n then counts folders too. */
MUST_CHECK enum rc zip_walk(struct zipfile *zip, struct err *err);

/* Decodes and judges a name, and makes its folded form. */
MUST_CHECK enum rc zip_take_name(struct zipfile *zip, struct member *member, struct span raw,
                                 bool utf8, struct err *err);
char *zip_fold_name(const char *name); /* the caller frees */

#endif
