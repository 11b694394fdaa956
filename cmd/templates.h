/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_TEMPLATES_H
#define CMD_TEMPLATES_H

#include "cmd/session.h"
#include "core/model/template.h"

/*
 * Where templates are looked for: the folders given first (NULL: none), $ECERT_TEMPLATES,
 * the configuration's, ./templates, the installed ones, in that order.  The list and its
 * strings are the struct's own.
 */
struct template_folders {
    char **list; /* NULL-terminated */
    size_t n;
};
void template_folders_make(const struct session *session, const struct opt_list *first,
                           struct template_folders *out);
void template_folders_clear(struct template_folders *folders);

/* All the templates that are there and in order. */
struct template_set {
    struct template **list;
    size_t n;
};
void template_set_load(const struct template_folders *folders, struct template_set *out);
void template_set_clear(struct template_set *set);

#endif
