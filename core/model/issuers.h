/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_ISSUERS_H
#define CORE_MODEL_ISSUERS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/cleanup.h"
#include "core/base/err.h"

/*
 * issuers.yaml of a trust folder: who may issue what, and who may make seals.  A
 * chain says that a name is right; this says that the name may issue this type.
 */
struct issuer {
    char *uscc, *name; /* uscc NULL where the file has none */
    char **types;      /* type codes, or "*"; NULL-terminated, NULL for none */
    char **certs;      /* SM3 in lower-case hex, NULL-terminated, NULL for none */
    char **anchors;
};

struct issuers {
    struct issuer *list;
    size_t n;
    char **makers; /* SM3 of seal-maker certificates or anchors; NULL: the file does not say */
};

/* A folder without issuers.yaml gives *out NULL: any signer under an anchor is trusted. */
MUST_CHECK enum rc issuers_load(const char *trust_folder, struct issuers **out, struct err *err);
void issuers_free(struct issuers *issuers);
CLEANUP_PTR(struct issuers, issuers_free);

enum issuer_answer {
    ISSUER_OK,
    ISSUER_NO_LIST,    /* issuers is NULL */
    ISSUER_UNKNOWN,    /* no entry of that code or name */
    ISSUER_WRONG_TYPE, /* may not issue this type */
    ISSUER_WRONG_CERT, /* signs with neither a certificate nor under an anchor of its entry */
};

/*
 * May whoever has this code (or, where an entry has none, this name) issue licences
 * of type, signing with the certificate under the anchor?  uscc, name and type may
 * be NULL (a type that is not known needs "*"); leaf and anchor are SM3 of 32
 * bytes, anchor NULL where there is none.
 */
struct issuer_query {
    const char *uscc, *name, *type;
    const unsigned char *leaf, *anchor;
};
enum issuer_answer issuers_ask(const struct issuers *issuers, const struct issuer_query *query);

/* Does an entry of the file let this certificate, or any under this anchor, sign? */
bool issuer_signs_with(const struct issuer *issuer, const unsigned char *leaf,
                       const unsigned char *anchor);

/* May this certificate, or any under this anchor, make seals?  True where the file does not say. */
bool issuers_allow_maker(const struct issuers *issuers, const unsigned char *leaf,
                         const unsigned char *anchor);

/*
 * The lists of several trust folders: each speaks of those who stand under the
 * anchors of its folder, and of nobody else.
 */
struct issuer_list {
    unsigned char (*anchors)[32]; /* SM3 */
    size_t n_anchors;
    struct issuers *issuers; /* NULL: the folder has no issuers.yaml */
};
struct issuer_lists {
    struct issuer_list *list;
    size_t n;
};
void issuer_lists_clear(struct issuer_lists *lists);

/* Adds a folder with n anchors, to be filled in by the caller; takes issuers. */
struct issuer_list *issuer_lists_add(struct issuer_lists *lists, struct issuers *issuers, size_t n);

/* The folder that holds the anchor, or NULL. */
const struct issuer_list *issuer_lists_find(const struct issuer_lists *lists,
                                            const unsigned char anchor[32]);

#endif
