/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_TEMPLATE_PRIV_H
#define CORE_MODEL_TEMPLATE_PRIV_H

#include "core/model/loader.h"
#include "core/model/template.h"

/* Shared by template*.c alone: the parts of template.yaml, each into template. */
MUST_CHECK enum rc template_read_fields(const struct node *root, struct template *template,
                                        struct err *err);
MUST_CHECK enum rc template_read_rules(const struct node *root, struct template *template,
                                       struct err *err);
MUST_CHECK enum rc template_read_faces(const struct node *root, struct template *template,
                                       struct err *err);

/* The field that a node names; a name that is none is a fault with a suggestion. */
MUST_CHECK enum rc template_need_field(const struct template *template, const struct node *node,
                                       int *out, struct err *err);

/* The list under key, at most `most` long, with memory for its items of `size` bytes. */
struct items {
    const struct node *list; /* NULL: none */
    size_t n;
    void *memory; /* the caller owns it */
};
MUST_CHECK enum rc template_items(const struct node *map, const char *key, size_t size,
                                  struct items *out, struct err *err);

void template_clear_field(struct template_field *field);
void template_clear_face(struct template_face *face);

#endif
