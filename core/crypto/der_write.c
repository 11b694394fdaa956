/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/der_write.h"

#include <stdlib.h>

enum { HEADER_MAX = 1 + 1 + sizeof(size_t) };

/* The shortest form of length (X.690 10.1), after the identifier. */
static size_t header(enum der_id id, size_t len, unsigned char out[HEADER_MAX])
{
    size_t n = 0;

    out[0] = (unsigned char)id;
    if (len < 0x80) {
        out[1] = (unsigned char)len;
        return 2;
    }
    for (size_t rest = len; rest; rest >>= 8)
        n++;
    out[1] = (unsigned char)(0x80 | n);
    for (size_t i = 0; i < n; i++)
        out[2 + i] = (unsigned char)(len >> (8 * (n - 1 - i)));
    return 2 + n;
}

enum rc der_put(struct buf *out, enum der_id id, struct span contents, struct err *err)
{
    unsigned char head[HEADER_MAX];
    size_t n = header(id, contents.len, head);

    TRY(buf_add(out, head, n, err));
    return buf_add(out, contents.data, contents.len, err);
}

enum rc der_wrap(struct buf *out, enum der_id id, size_t mark, struct err *err)
{
    unsigned char head[HEADER_MAX];
    size_t len = out->len - mark;
    size_t n = header(id, len, head);

    TRY(buf_add(out, head, n, err)); /* makes room; the bytes themselves go before the contents */
    memmove(out->data + mark + n, out->data + mark, len);
    memcpy(out->data + mark, head, n);
    return RC_OK;
}

enum rc der_put_raw(struct buf *out, struct span element, struct err *err)
{
    return buf_add(out, element.data, element.len, err);
}

enum rc der_put_integer(struct buf *out, int64_t value, struct err *err)
{
    unsigned char bytes[8];
    size_t skip = 0;

    for (size_t i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * (7 - i)));
    /* X.690 8.3.2: the first nine bits are neither all zero nor all one */
    while (skip < 7 && ((bytes[skip] == 0x00 && bytes[skip + 1] < 0x80) ||
                        (bytes[skip] == 0xff && bytes[skip + 1] >= 0x80)))
        skip++;
    return der_put(out, DER_ID_INTEGER, (struct span){bytes + skip, 8 - skip}, err);
}

enum rc der_put_text(struct buf *out, enum der_id id, const char *text, struct err *err)
{
    return der_put(out, id, span_of(text), err);
}

enum rc der_put_bits(struct buf *out, struct span octets, struct err *err)
{
    size_t mark = out->len;

    TRY(buf_add(out, "\0", 1, err)); /* unused bits of the last octet */
    TRY(buf_add(out, octets.data, octets.len, err));
    return der_wrap(out, DER_ID_BIT_STRING, mark, err);
}

/* Base 128, most significant first, the top bit set on all but the last.  Arcs under 2.25 are
 * UUIDs of 128 bits, so the number is worked on as decimal digits. */
static enum rc put_arc(struct buf *out, const char *digits, size_t n, struct err *err)
{
    unsigned char decimal[64], septets[128];
    size_t count = 0;
    bool left = n > 0 && n <= sizeof(decimal);

    if (!left)
        return err_set(err, RC_BUG, "not an object identifier");
    for (size_t i = 0; i < n; i++)
        decimal[i] = (unsigned char)(digits[i] - '0');
    while (left) { /* one long division by 128 gives one septet */
        unsigned rest = 0;

        left = false;
        for (size_t i = 0; i < n; i++) {
            rest = rest * 10 + decimal[i];
            decimal[i] = (unsigned char)(rest / 128);
            rest %= 128;
            left |= decimal[i] != 0;
        }
        count++;
        septets[sizeof(septets) - count] = (unsigned char)(rest | (count > 1 ? 0x80U : 0U));
    }
    return buf_add(out, septets + sizeof(septets) - count, count, err);
}

static size_t arc_len(const char *arc)
{
    return strspn(arc, "0123456789");
}

enum rc der_put_oid(struct buf *out, const char *dotted, struct err *err)
{
    size_t mark = out->len;
    size_t n = arc_len(dotted);
    const char *at = dotted + n;
    unsigned long second;
    char joint[24];

    /* X.690 8.19.4: the first two arcs share the first subidentifier */
    if (n != 1 || dotted[0] > '2' || *at != '.' || !(n = arc_len(at + 1)) || n > 9)
        return err_set(err, RC_BUG, "not an object identifier");
    second = strtoul(at + 1, NULL, 10) + 40UL * (unsigned long)(dotted[0] - '0');
    for (at += 1 + n, n = 0; n == 0 || second; second /= 10)
        joint[sizeof(joint) - ++n] = (char)('0' + second % 10);
    TRY(put_arc(out, joint + sizeof(joint) - n, n, err));
    for (; *at == '.'; at += 1 + n) {
        n = arc_len(at + 1);
        TRY(put_arc(out, at + 1, n, err));
    }
    if (*at)
        return err_set(err, RC_BUG, "not an object identifier");
    return der_wrap(out, DER_ID_OID, mark, err);
}

enum rc der_put_generalized_time(struct buf *out, instant at, struct err *err)
{
    char text[16];

    instant_print_basic(at, text);
    return der_put_text(out, DER_ID_GENERALIZED_TIME, text, err);
}

enum rc der_put_time(struct buf *out, instant at, struct err *err)
{
    char text[16];

    instant_print_basic(at, text);
    if (strncmp(text, "1950", 4) < 0 || strncmp(text, "2050", 4) >= 0)
        return der_put_text(out, DER_ID_GENERALIZED_TIME, text, err);
    return der_put_text(out, DER_ID_UTC_TIME, text + 2, err);
}
