/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_XMLDOC_XMLDOC_REWRITE_H
#define FORMATS_XMLDOC_XMLDOC_REWRITE_H

#include <stdbool.h>

#include "core/base/buf.h"

/*
 * A document written again by an XML library, as software does that digests what it
 * wrote instead of what it read.  Only for explaining a digest that differs.
 */
enum xml_rewrite {
    XML_REWRITE_C14N,          /* Canonical XML 1.0, without comments */
    XML_REWRITE_C14N_COMMENTS, /* with them */
    XML_REWRITE_C14N_EXCLUSIVE,
    XML_REWRITE_DUMP,     /* as libxml2 writes a tree */
    XML_REWRITE_INDENTED, /* the same with line breaks of its own */
};

/* False for what is no XML that xmldoc_parse() reads. */
bool xmldoc_rewrite(struct span text, enum xml_rewrite how, struct buf *out);

/* The bytes of the first element of that local name, tags included; false if there is none. */
bool xmldoc_slice(struct span text, const char *name, struct span *out);

#endif
