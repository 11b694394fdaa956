/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_XMLDOC_XMLDOC_GUARD_H
#define FORMATS_XMLDOC_XMLDOC_GUARD_H

#include <stdbool.h>

#include "core/base/buf.h"

/*
 * Work that libxml2 does before anybody is asked: it compares every attribute of an
 * element with every other one of it, so that one element of a few megabytes costs
 * minutes.  Both questions are answered before an element is handed to it.
 */

/* No element has more than LIMIT_XML_ATTRIBUTES, however it is written. */
bool xmldoc_guard_attributes(struct span text);

/*
 * Whether a document may name this encoding (NULL: it names none).  Others could write
 * the characters that xmldoc_guard_attributes() counts in ways it does not see.
 */
bool xmldoc_guard_encoding(const char *name);

#endif
