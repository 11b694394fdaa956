/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xmldoc/xmldoc_guard.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "core/base/limits.h"

/* Characters of one or two bytes; what is beyond Latin matters to nobody here. */
struct units {
    const unsigned char *at, *end;
    size_t width, low; /* low: which byte of a unit holds a Latin character */
};

static struct units units_of(struct span text)
{
    struct units units = {text.data, text.data + text.len, 1, 0};
    const unsigned char *p = text.data;

    if (text.len < 2)
        return units;
    if ((p[0] == 0xff && p[1] == 0xfe) || (p[0] && !p[1]))
        units.width = 2;
    else if ((p[0] == 0xfe && p[1] == 0xff) || (!p[0] && p[1])) {
        units.width = 2;
        units.low = 1;
    }
    return units;
}

/* The next Latin character, else 0x80; -1 at the end. */
static int next(struct units *units)
{
    int c;

    if ((size_t)(units->end - units->at) < units->width)
        return -1;
    c = units->at[units->low];
    if (c > 0x7f || (units->width == 2 && units->at[1 - units->low]))
        c = 0x80;
    units->at += units->width;
    return c;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* No more than one element may have attributes, in all of the text: the common case. */
static bool has_few(struct span text, int byte)
{
    const unsigned char *p = text.data, *end = text.data + text.len;
    size_t n = 0;

    while (p < end && (p = memchr(p, byte, (size_t)(end - p)))) {
        if (++n > LIMIT_XML_ATTRIBUTES)
            return false;
        p++;
    }
    return true;
}

/*
 * An attribute is '=' and a quote, and a '<' stands in no value (XML 1.0 2.3).  What a
 * text holds between two elements is counted with the first: no licence is written so.
 */
bool xmldoc_guard_attributes(struct span text)
{
    struct units units = units_of(text);
    size_t n = 0;
    bool equals = false;

    if (has_few(text, '='))
        return true;
    for (int c = next(&units); c >= 0; c = next(&units)) {
        if (c == '<')
            n = 0;
        else if (equals && (c == '"' || c == '\'') && ++n > LIMIT_XML_ATTRIBUTES)
            return false;
        equals = c == '=' || (equals && is_space(c));
    }
    return true;
}

bool xmldoc_guard_encoding(const char *name)
{
    static const char *const families[] = {"UTF-8", "UTF8", "UTF-16", "ASCII", "US-ASCII", "GB"};

    for (size_t i = 0; name && i < sizeof(families) / sizeof(families[0]); i++) {
        if (strncasecmp(name, families[i], strlen(families[i])) == 0)
            return true;
    }
    return !name;
}
