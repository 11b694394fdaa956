/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/oddvalue.h"

#include <string.h>

#include "core/base/codec.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/der.h"

enum { HALF = SM2_RS_LEN / 2, STRIPPED_MAX = 4 };

bool oddvalue_za(const struct cert *cert, unsigned entl, struct span id, unsigned char za[SM3_LEN])
{
    return cert->is_sm2 && sm2_za_as(cert->key, entl, id, za);
}

static void reverse(unsigned char *bytes)
{
    for (int i = 0; i < HALF / 2; i++) {
        unsigned char kept = bytes[i];

        bytes[i] = bytes[HALF - 1 - i];
        bytes[HALF - 1 - i] = kept;
    }
}

static bool read_plain(struct span value, unsigned char rs[SM2_RS_LEN])
{
    return sm2_value_read(value, rs, NULL);
}

static bool read_swapped(struct span value, unsigned char rs[SM2_RS_LEN])
{
    unsigned char plain[SM2_RS_LEN];

    if (!read_plain(value, plain))
        return false;
    memcpy(rs, plain + HALF, HALF);
    memcpy(rs + HALF, plain, HALF);
    return true;
}

static bool read_little_endian(struct span value, unsigned char rs[SM2_RS_LEN])
{
    if (!read_plain(value, rs))
        return false;
    reverse(rs);
    reverse(rs + HALF);
    return true;
}

/* r takes HALF - guess octets, s what is left. */
static bool read_stripped(struct span value, unsigned guess, unsigned char rs[SM2_RS_LEN])
{
    size_t r = HALF - guess, s;

    if (guess > STRIPPED_MAX || value.len >= SM2_RS_LEN || value.len < SM2_RS_LEN - STRIPPED_MAX)
        return false;
    s = value.len - r;
    if (s > HALF) /* nothing more to guess: fewer octets of r leave more than s can hold */
        return false;
    memset(rs, 0, SM2_RS_LEN);
    memcpy(rs + HALF - r, value.data, r);
    memcpy(rs + SM2_RS_LEN - s, value.data + r, s);
    return true;
}

static bool read_fields(struct span value, unsigned char rs[SM2_RS_LEN])
{
    if (value.len != (size_t)2 * SM2_RS_LEN)
        return false;
    memcpy(rs, value.data + HALF, HALF);
    memcpy(rs + HALF, value.data + SM2_RS_LEN + HALF, HALF);
    return true;
}

static bool read_point(struct span value, unsigned char rs[SM2_RS_LEN])
{
    if (value.len != SM2_RS_LEN + 1 || (value.data[0] != 0 && value.data[0] != 4))
        return false;
    memcpy(rs, value.data + 1, SM2_RS_LEN);
    return true;
}

static bool read_wrapped(struct span value, unsigned char rs[SM2_RS_LEN])
{
    struct err ignored = ERR_INIT;
    struct span inner;
    struct der outer;

    if (der_only(value, &outer, &ignored) != RC_OK)
        return false;
    inner = outer.body;
    if (der_is(&outer, DER_BIT_STRING) && !der_bits(&outer, &inner, NULL))
        return false;
    return (der_is(&outer, DER_OCTET_STRING) || der_is(&outer, DER_BIT_STRING)) &&
           read_plain(inner, rs);
}

enum { TEXT_MAX = 256 };

static bool copy_text(struct span value, char out[TEXT_MAX])
{
    if (value.len >= TEXT_MAX || memchr(value.data, 0, value.len))
        return false;
    memcpy(out, value.data, value.len);
    out[value.len] = '\0';
    return true;
}

static bool read_hex(struct span value, unsigned char rs[SM2_RS_LEN])
{
    unsigned char bytes[TEXT_MAX / 2];
    char text[TEXT_MAX];

    return copy_text(value, text) && value.len % 2 == 0 && hex_decode(text, value.len / 2, bytes) &&
           read_plain((struct span){bytes, value.len / 2}, rs);
}

static bool read_base64(struct span value, unsigned char rs[SM2_RS_LEN])
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(TEXT_MAX);
    struct err ignored = ERR_INIT;
    char text[TEXT_MAX];

    return copy_text(value, text) && base64_decode(text, &bytes, &ignored) == RC_OK &&
           read_plain(buf_span(&bytes), rs);
}

bool oddvalue_read(struct span value, enum oddvalue_form form, unsigned guess,
                   unsigned char rs[SM2_RS_LEN])
{
    if (form == ODDVALUE_STRIPPED)
        return value.len && read_stripped(value, guess, rs);
    if (!value.len || guess > 0)
        return false;
    switch (form) {
    case ODDVALUE_SWAPPED:
        return read_swapped(value, rs);
    case ODDVALUE_LITTLE_ENDIAN:
        return read_little_endian(value, rs);
    case ODDVALUE_FIELDS:
        return read_fields(value, rs);
    case ODDVALUE_POINT:
        return read_point(value, rs);
    case ODDVALUE_WRAPPED:
        return read_wrapped(value, rs);
    case ODDVALUE_HEX:
        return read_hex(value, rs);
    case ODDVALUE_BASE64:
        return read_base64(value, rs);
    case ODDVALUE_STRIPPED:
        break;
    }
    return false;
}
