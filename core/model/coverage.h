/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_COVERAGE_H
#define CORE_MODEL_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

/* What a part of a package is to who opens it.  Of two, the first counts. */
enum part_kind {
    KIND_UNREFERENCED, /* nothing leads to it */
    KIND_PAGE,
    KIND_TEMPLATE,
    KIND_RESOURCE, /* fonts, pictures, colour profiles and the lists of them */
    KIND_ANNOTATION,
    KIND_INDEX, /* custom tags: which text of the face is which field */
    KIND_ATTACHMENT,
    KIND_DOCUMENT, /* Document.xml, extensions, versions */
    KIND_ROOT,     /* OFD.xml */
    KIND_LIST,     /* Signatures.xml, OFDEntries.xml */
    KIND_SIGNATURE /* Signature.xml, value and seal of a signature */
};
enum { KINDS = KIND_SIGNATURE + 1 };

const char *part_kind_name(enum part_kind kind); /* "page": for programs */
const char *part_kind_en(enum part_kind kind);   /* "a page" */
const char *part_kind_zh(enum part_kind kind);   /* "页面" */
const char *part_use_name(enum part_kind kind);  /* "shown", "read" or "unreferenced" */
/* "%zu page" and "%zu pages", N_() */
const char *part_kind_count(enum part_kind kind, size_t n);

enum { COVERAGE_NAMES = 200 }; /* further parts are counted alone: a package may have thousands */

struct coverage_part {
    char *name;
    enum part_kind kind;
    char *by; /* the later signature that covers it; NULL: none does */
};

/* What one signature protects, and what it does not.  Zeroed: nothing. */
struct coverage {
    unsigned covers[KINDS];      /* digest right */
    unsigned changed[KINDS];     /* named by it, and another now */
    unsigned added[KINDS];       /* covered by later signatures alone, or parts of these */
    unsigned left_out[KINDS];    /* covered by earlier signatures alone, or parts of these */
    unsigned open[KINDS];        /* covered by no signature at all */
    struct coverage_part *parts; /* of what is added and open, the first COVERAGE_NAMES */
    size_t n_parts;
};
void coverage_clear(struct coverage *coverage);

/* Notes a part that came later (by: who covers it) or that nobody covers (by NULL). */
void coverage_add(struct coverage *coverage, const char *name, enum part_kind kind, const char *by,
                  bool open);

#endif
