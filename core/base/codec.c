/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/codec.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void hex_encode(const unsigned char *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(const char *text, size_t n, unsigned char *out)
{
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(text[2 * i]);
        int low = high < 0 ? -1 : hex_value(text[2 * i + 1]);

        if (low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return text[2 * n] == '\0';
}

enum rc base64_encode(struct span bytes, struct buf *out, struct err *err)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        const unsigned char *p = bytes.data + i;
        size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
        unsigned v = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
        char quad[4] = {alphabet[v >> 18], alphabet[v >> 12 & 63],
                        n > 1 ? alphabet[v >> 6 & 63] : '=', n > 2 ? alphabet[v & 63] : '='};

        TRY(buf_add(out, quad, 4, err));
    }
    return RC_OK;
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum rc base64_decode(const char *text, struct buf *out, struct err *err)
{
    unsigned bits = 0, n = 0, pads = 0;

    for (; *text; text++) {
        int value = sextet(*text);

        if (is_blank(*text))
            continue;
        if (*text == '=') {
            pads++;
            continue;
        }
        if (value < 0 || pads)
            return err_set(err, RC_INPUT, "not base64: '%.20s'", text);
        bits = bits << 6 | (unsigned)value;
        if (++n == 4) {
            TRY(buf_add(out, (char[]){(char)(bits >> 16), (char)(bits >> 8), (char)bits}, 3, err));
            bits = n = 0;
        }
    }
    if ((n == 0 && pads) || n == 1 || (n > 1 && pads != 4 - n) ||
        (n > 1 && (bits & (n == 2 ? 0xf : 0x3))))
        return err_set(err, RC_INPUT, "base64: wrong ending");
    if (n > 1)
        TRY(buf_add(out, (char[]){(char)(n == 2 ? bits >> 4 : bits >> 10), (char)(bits >> 2)},
                    n - 1, err));
    return RC_OK;
}
