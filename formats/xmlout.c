/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xmlout.h"

#include <string.h>

static void add(struct xmlout *x, const char *bytes, size_t n)
{
    if (x->rc == RC_OK)
        x->rc = buf_add(x->out, bytes, n, x->err);
}

void xmlout_raw(struct xmlout *x, const char *markup)
{
    add(x, markup, strlen(markup));
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

void xmlout_text(struct xmlout *x, const char *text)
{
    const char *from = text;

    for (; *text; text++) {
        const char *escape = escape_of(*text);

        if (!escape && (unsigned char)*text < 0x20 && x->rc == RC_OK)
            x->rc = err_find(x->err, "XML001", RC_INPUT, "XML 1.0 2.2: no such character: U+%04X",
                             (unsigned)*text);
        if (!escape)
            continue;
        add(x, from, (size_t)(text - from));
        xmlout_raw(x, escape);
        from = text + 1;
    }
    add(x, from, (size_t)(text - from));
}

void xmlout_number(struct xmlout *x, unsigned long value)
{
    char digits[20];
    size_t n = sizeof(digits);

    do
        digits[--n] = (char)('0' + value % 10);
    while (value /= 10);
    add(x, digits + n, sizeof(digits) - n);
}

void xmlout_mm(struct xmlout *x, um value)
{
    char text[DECIMAL_MAX];

    add(x, text, decimal_put(value, text));
}

void xmlout_box(struct xmlout *x, struct box box)
{
    xmlout_mm(x, box.x);
    add(x, " ", 1);
    xmlout_mm(x, box.y);
    add(x, " ", 1);
    xmlout_mm(x, box.w);
    add(x, " ", 1);
    xmlout_mm(x, box.h);
}

void xmlout_element(struct xmlout *x, const char *name, const char *text)
{
    xmlout_raw(x, "<");
    xmlout_raw(x, name);
    xmlout_raw(x, ">");
    xmlout_text(x, text);
    xmlout_raw(x, "</");
    xmlout_raw(x, name);
    xmlout_raw(x, ">");
}

void xmlout_attr(struct xmlout *x, const char *name, const char *value)
{
    xmlout_raw(x, " ");
    xmlout_raw(x, name);
    xmlout_raw(x, "=\"");
    xmlout_text(x, value);
    xmlout_raw(x, "\"");
}

enum rc xmlout_end(struct xmlout *x)
{
    return x->rc;
}
