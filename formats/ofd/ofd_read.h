/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_READ_H
#define FORMATS_OFD_OFD_READ_H

#include "formats/ofd/ofd.h"
#include "formats/xmldoc.h"

/* What the readers of the parts share; private to formats/ofd. */
struct ofd_reader {
    struct ofd *ofd;
    struct findings *findings;
    bool quiet; /* an old version: parts are marked, nothing is kept */
};

/* Grows an array by one zeroed item, in steps of powers of two, and gives the new item. */
void *ofd_grow(void *list, size_t *n, size_t size);
#define OFD_ADD(list, n) (&(list = ofd_grow(list, &(n), sizeof(*(list))))[(n)-1])

/* The member that loc leads to from the part `from`; says so when it is not there. */
long ofd_follow(const struct ofd_reader *reader, const char *from, const struct xmlel *at,
                const char *loc);
void ofd_mark(const struct ofd_reader *reader, long member, enum ofd_use use);
/* Marks a part that the document uses, and as what. */
void ofd_mark_as(const struct ofd_reader *reader, long member, enum part_kind kind);

MUST_CHECK enum rc ofd_parse(const struct ofd_reader *reader, struct span bytes,
                             enum xml_strict strict, struct xmldoc **out, struct err *err);

/* Reads and parses a member.  Its root must have the local name; a foreign namespace is said. */
MUST_CHECK enum rc ofd_xml(const struct ofd_reader *reader, long member, const char *root,
                           struct xmldoc **out, struct err *err);
/* The same for a part without which the rest can still be judged: NULL, a finding, `damaged`. */
struct xmldoc *ofd_xml_soft(const struct ofd_reader *reader, long member, const char *root);

/*
 * Names (the last one NULL) that may stand but once under an element: of two, one reader
 * takes the first and another the last, or looks at namespaces where the next does not.
 * A second one is a finding, and `damaged`.
 */
void ofd_only_one(const struct ofd_reader *reader, long member, const struct xmlel *parent,
                  const char *const *names);

bool ofd_unsigned(const char *text, unsigned *out); /* ST_ID or ST_RefID */
bool ofd_box(const char *text, struct box *out);    /* ST_Box; false: malformed */
char *ofd_copy(const char *text);                   /* NULL stays NULL */

/* The parts.  `document` is a member. */
MUST_CHECK enum rc ofd_read_document(const struct ofd_reader *reader, long document,
                                     struct err *err);
void ofd_read_resources(const struct ofd_reader *reader, long member);
void ofd_read_page(const struct ofd_reader *reader, struct ofd_page *page);
void ofd_read_tags(const struct ofd_reader *reader, long member);
MUST_CHECK enum rc ofd_read_signatures(const struct ofd_reader *reader, struct err *err);
void ofd_find_strays(const struct ofd_reader *reader);

void ofd_signature_clear(struct ofd_signature *signature);

#endif
