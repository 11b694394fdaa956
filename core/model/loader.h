/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_LOADER_H
#define CORE_MODEL_LOADER_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/cleanup.h"
#include "core/model/page.h"

/*
 * A strict reader of YAML: one document of mappings, lists and scalars in UTF-8, at
 * most LIMIT_CONFIG bytes and LIMIT_YAML_DEPTH levels.  Duplicate keys, anchors,
 * aliases, tags and keys that are not plain text are refused.  Scalars stay the
 * text that was written: 01 is not 1.  Every fault is RC_USAGE with where
 * "file:line:column".
 */
enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    bool quoted;       /* a scalar in quotes or a block: never null */
    long line, column; /* from 1 */
    const char *file;  /* as given to the loader; the root owns it */
    char *text;        /* scalar: NUL-terminated UTF-8 without NUL inside */
    size_t n;
    struct node **keys;   /* map: scalars, in the order of the file */
    struct node **values; /* map and list */
    bool is_root;         /* private */
};

/* path "-" is standard input. */
MUST_CHECK enum rc loader_file(const char *path, struct node **out, struct err *err);
/* file names the text in messages; it is copied. */
MUST_CHECK enum rc loader_parse(struct span text, const char *file, struct node **out,
                                struct err *err);
void node_free(struct node *root);
CLEANUP_PTR(struct node, node_free);

/* A fault at the node: RC_USAGE, "file:line:column". */
enum rc node_fail(const struct node *node, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

bool node_is_null(const struct node *node); /* NULL, or nothing, ~ or null without quotes */

/* The value of a key of a map, borrowed; NULL where the key is absent or its value null. */
const struct node *node_get(const struct node *map, const char *key);

/* It is a map and has no key but those of known, which ends with NULL; says what was meant. */
MUST_CHECK enum rc node_check_keys(const struct node *map, const char *const *known,
                                   struct err *err);
MUST_CHECK enum rc node_check_kind(const struct node *node, enum node_kind kind, struct err *err);

/* The value itself, whatever it belongs to. */
MUST_CHECK enum rc node_text(const struct node *node, const char **out, struct err *err);
MUST_CHECK enum rc node_int(const struct node *node, long least, long most, long *out,
                            struct err *err);
MUST_CHECK enum rc node_bool(const struct node *node, bool *out, struct err *err);
MUST_CHECK enum rc node_mm(const struct node *node, um *out, struct err *err); /* to micrometres */
MUST_CHECK enum rc node_mm_list(const struct node *node, size_t n, um *out, struct err *err);
MUST_CHECK enum rc node_choice(const struct node *node, const char *const *choices, int *out,
                               struct err *err); /* number of the choice; choices end with NULL */

/*
 * The same by key.  A key that is absent or null leaves *out as it was.  Texts are
 * copies for the caller to free; node_get_list and node_get_map give NULL for none.
 */
MUST_CHECK enum rc node_get_text(const struct node *map, const char *key, char **out,
                                 struct err *err);
MUST_CHECK enum rc node_need_text(const struct node *map, const char *key, char **out,
                                  struct err *err); /* absent, null or empty is an error */
MUST_CHECK enum rc node_get_int(const struct node *map, const char *key, long least, long most,
                                long *out, struct err *err);
MUST_CHECK enum rc node_get_bool(const struct node *map, const char *key, bool *out,
                                 struct err *err);
MUST_CHECK enum rc node_get_mm(const struct node *map, const char *key, um *out, struct err *err);
MUST_CHECK enum rc node_get_box(const struct node *map, const char *key, struct box *out,
                                struct err *err); /* [x, y, w, h] in millimetres */
MUST_CHECK enum rc node_get_choice(const struct node *map, const char *key,
                                   const char *const *choices, int *out, struct err *err);
MUST_CHECK enum rc node_get_list(const struct node *map, const char *key, const struct node **out,
                                 struct err *err);
MUST_CHECK enum rc node_get_map(const struct node *map, const char *key, const struct node **out,
                                struct err *err);
/* A list of texts, or one text alone, to a NULL-terminated array; n may be NULL. */
MUST_CHECK enum rc node_get_texts(const struct node *map, const char *key, char ***out, size_t *n,
                                  struct err *err);

#endif
