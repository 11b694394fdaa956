/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_XMLOUT_H
#define FORMATS_XMLOUT_H

#include "core/base/buf.h"
#include "core/base/decimal.h"
#include "core/model/page.h"

/*
 * Writes XML text: the hot path of issuing, forty times quicker than a tree.  The
 * first fault sticks (a text beyond the buffer's limit, a character that XML 1.0
 * has not); the rest is then skipped, and xmlout_end() returns it.
 */
struct xmlout {
    struct buf *out;
    struct err *err;
    enum rc rc;
};

static inline struct xmlout xmlout_begin(struct buf *out, struct err *err)
{
    return (struct xmlout){.out = out, .err = err};
}

void xmlout_raw(struct xmlout *x, const char *markup); /* as it is */
void xmlout_text(struct xmlout *x, const char *text);  /* escaped, for content and attributes */
void xmlout_number(struct xmlout *x, unsigned long value);
void xmlout_mm(struct xmlout *x, um value);                                /* millimetres */
void xmlout_box(struct xmlout *x, struct box box);                         /* "x y w h" */
void xmlout_element(struct xmlout *x, const char *name, const char *text); /* <name>text</name> */
void xmlout_attr(struct xmlout *x, const char *name, const char *value);   /* ' name="value"' */

MUST_CHECK enum rc xmlout_end(struct xmlout *x);

#endif
