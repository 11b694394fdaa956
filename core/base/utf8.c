/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/utf8.h"

#include <string.h>

#include "core/base/mem.h"

uint32_t utf8_next(const unsigned char **p, const unsigned char *end)
{
    const unsigned char *s = *p;
    unsigned lead = s[0];
    int more = lead < 0x80   ? 0
               : lead < 0xc2 ? -1
               : lead < 0xe0 ? 1
               : lead < 0xf0 ? 2
               : lead < 0xf5 ? 3
                             : -1;
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint32_t code;

    (*p)++;
    if (more <= 0)
        return more < 0 ? UTF8_BAD : lead;
    if (end - s <= more)
        return UTF8_BAD;
    code = lead & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return UTF8_BAD;
        code = code << 6 | (s[i] & 0x3fu);
    }
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return UTF8_BAD;
    *p = s + more + 1;
    return code;
}

size_t utf8_check(struct span text)
{
    const unsigned char *p = text.data, *end = text.data + text.len;

    while (p < end) {
        const unsigned char *at = p;

        if (utf8_next(&p, end) == UTF8_BAD)
            return (size_t)(at - text.data);
    }
    return text.len;
}

char *utf8_repair(const char *text)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);
    char *out = mem_zero(3 * strlen(text) + 1, 1); /* U+FFFD is three bytes */
    size_t n = 0;

    while (p < end) {
        uint32_t code = utf8_next(&p, end);

        n += utf8_put(code == UTF8_BAD ? 0xfffd : code, out + n);
    }
    return out;
}

size_t utf8_length(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

size_t utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

bool utf8_is_shown(uint32_t code)
{
    return code >= 0x20 && (code < 0x7f || code > 0x9f) && code != 0x61c && code != 0x200e &&
           code != 0x200f && (code < 0x2028 || code > 0x202e) && (code < 0x2066 || code > 0x2069) &&
           code != UTF8_BAD;
}

bool utf8_is_han(uint32_t code)
{
    return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) ||
           (code >= 0x20000 && code <= 0x3ffff) || code == 0x3007;
}

int utf8_columns(uint32_t code)
{
    if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200d) || code == 0xfeff)
        return 0;
    if ((code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
        (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
        (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
        (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) ||
        (code >= 0x20000 && code <= 0x3fffd))
        return 2;
    return 1;
}

int utf8_width(const char *text)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);
    int width = 0;

    while (p < end)
        width += utf8_columns(utf8_next(&p, end));
    return width;
}
