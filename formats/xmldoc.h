/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_XMLDOC_H
#define FORMATS_XMLDOC_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/cleanup.h"

/*
 * Reading XML over libxml2: UTF-8, UTF-16 and GB18030 documents, no DTD (a DOCTYPE
 * is an error), no entities but the five, no network, bounded depth and size.
 */
struct xmldoc;
struct xmlel; /* an element; belongs to its document */

enum xml_strict {
    XML_STRICT,
    XML_LENIENT
}; /* lenient: namespace errors are no fault (tag files) */

/* RC_INPUT with finding XML… and where ":line:col". */
MUST_CHECK enum rc xmldoc_parse(struct span text, enum xml_strict strict, struct xmldoc **out,
                                struct err *err);
void xmldoc_free(struct xmldoc *doc);
/* One more owner of a document, which nobody changes: it goes when each has freed it. */
struct xmldoc *xmldoc_share(struct xmldoc *doc);
CLEANUP_PTR(struct xmldoc, xmldoc_free);
size_t xmldoc_size(const struct xmldoc *doc);     /* bytes of memory it takes, about */
size_t xmldoc_elements(const struct xmldoc *doc); /* how many it has */
bool xmldoc_ns_broken(const struct xmldoc *doc);  /* lenient: there were namespace errors */

const struct xmlel *xmldoc_root(const struct xmldoc *doc);
const char *xmlel_name(const struct xmlel *el);      /* local name */
const char *xmlel_namespace(const struct xmlel *el); /* URI, "" if none */
long xmlel_line(const struct xmlel *el);
const struct xmlel *xmlel_first(const struct xmlel *el); /* first child element, or NULL */
const struct xmlel *xmlel_next(const struct xmlel *el);  /* next sibling element, or NULL */
/* First child element of that local name, in any namespace; NULL el or none: NULL. */
const struct xmlel *xmlel_child(const struct xmlel *el, const char *name);
/* Next sibling of the same local name. */
const struct xmlel *xmlel_same(const struct xmlel *el);
/* Attribute by local name, or NULL.  Borrowed. */
const char *xmlel_attr(const struct xmlel *el, const char *name);
/* Text right inside, without that of child elements, trimmed of white space; "" if none. */
const char *xmlel_text(const struct xmlel *el);
const char *xmlel_text_raw(const struct xmlel *el); /* untrimmed */
/* Text of a child, or NULL when there is no such child. */
const char *xmlel_child_text(const struct xmlel *el, const char *name);

/* Writing: fixed strings and escaped values into a buf.  Used by every XML writer of ours. */
MUST_CHECK enum rc xml_escape(struct buf *out, const char *text, struct err *err);

/*
 * The document with an element <name>value</name>, in the parent's namespace, put
 * at the end of the first element `parent`.  Everything else keeps its meaning, not
 * its bytes: only for parts that no signature covers.
 */
MUST_CHECK enum rc xmldoc_add_child(struct span text, const char *parent, const char *name,
                                    const char *value, struct buf *out, struct err *err);

#endif
