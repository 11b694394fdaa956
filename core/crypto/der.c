/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/der_priv.h"

#include <string.h>

#include "core/base/limits.h"
#include "core/crypto/ossl.h"

/* A header as it was read: an indefinite length is told apart from an empty body. */
struct header {
    size_t len;  /* of the header itself */
    size_t body; /* of the contents; 0 when indefinite */
    bool indefinite;
};

static enum rc cut(struct err *err, const char *what, size_t at)
{
    (void)err_set(err, RC_INPUT, "X.690 8.1: %s", what);
    return err_at(err, "@0x%zx", at);
}

/* X.690 8.1.2: the tag number is in the first byte, or in base 128 behind it. */
enum rc der_read_tag(struct span in, size_t *at, struct der *out, struct err *err)
{
    unsigned char first;

    if (in.len == 0)
        return cut(err, "an element is missing", 0);
    first = in.data[(*at)++];
    out->class = (enum der_class)(first >> 6);
    out->constructed = first & 0x20;
    out->tag = first & 0x1f;
    if (out->tag != 0x1f)
        return RC_OK;
    out->tag = 0;
    for (;;) {
        unsigned char c;

        if (*at >= in.len)
            return cut(err, "cut in a tag", *at);
        if (out->tag > UINT32_MAX >> 8)
            return cut(err, "tag number too large", *at);
        c = in.data[(*at)++];
        out->tag = out->tag << 7 | (c & 0x7f);
        if (!(c & 0x80))
            return RC_OK;
    }
}

/* X.690 8.1.3, 10.1 */
static enum rc read_length(struct span in, size_t at, struct header *header, struct der *out,
                           struct err *err)
{
    unsigned char first;
    int n;

    if (at >= in.len)
        return cut(err, "cut in a length", at);
    first = in.data[at++];
    header->indefinite = first == 0x80;
    header->body = first < 0x80 ? first : 0;
    n = first > 0x80 ? first & 0x7f : 0;
    for (int i = 0; i < n; i++) {
        if (at >= in.len)
            return cut(err, "cut in a length", at);
        if (header->body > SIZE_MAX >> 8)
            return cut(err, "length too large", at);
        header->body = header->body << 8 | in.data[at++];
    }
    out->is_der = n == 0 || (header->body >= 0x80 && in.data[at - (size_t)n] != 0);
    header->len = at;
    return header->body > in.len - at ? cut(err, "contents are cut", in.len) : RC_OK;
}

static enum rc read_header(struct span in, struct header *header, struct der *out, struct err *err)
{
    size_t at = 0;

    TRY(der_read_tag(in, &at, out, err));
    return read_length(in, at, header, out, err);
}

enum rc der_next(struct span *rest, struct der *out, struct err *err)
{
    struct header header = {0};
    struct der der = {0};

    TRY(read_header(*rest, &header, &der, err));
    if (header.indefinite)
        return cut(err, "indefinite length", header.len - 1);
    der.whole = (struct span){rest->data, header.len + header.body};
    der.body = (struct span){rest->data + header.len, header.body};
    rest->data += der.whole.len;
    rest->len -= der.whole.len;
    *out = der;
    return RC_OK;
}

enum rc der_expect(struct span *rest, enum der_tag tag, const char *what, struct der *out,
                   struct err *err)
{
    struct span after = *rest;
    struct der der;

    if (rest->len == 0)
        return err_set(err, RC_INPUT, "%s: missing", what);
    if (der_next(&after, &der, err) != RC_OK) {
        struct err inner = *err;

        (void)err_set(err, RC_INPUT, "%s: %s", what, inner.text);
        return inner.where[0] ? err_at(err, "%s", inner.where) : err->code;
    }
    if (!der_is(&der, tag))
        return err_set(err, RC_INPUT, "%s: want tag %d, got %s%u", what, (int)tag,
                       der.class == DER_UNIVERSAL ? "" : "class-specific ", der.tag);
    *rest = after;
    *out = der;
    return RC_OK;
}

enum rc der_only(struct span data, struct der *out, struct err *err)
{
    struct span rest = data;
    struct der der;

    TRY(der_next(&rest, &der, err));
    if (rest.len)
        return cut(err, "trailing bytes", data.len - rest.len);
    *out = der;
    return RC_OK;
}

bool der_is(const struct der *element, enum der_tag tag)
{
    bool list = tag == DER_SEQUENCE || tag == DER_SET; /* always constructed: X.690 8.9, 8.11 */

    return element->class == DER_UNIVERSAL && element->tag == (unsigned)tag &&
           (!list || element->constructed);
}

bool der_is_context(const struct der *element, unsigned tag)
{
    return element->class == DER_CONTEXT && element->tag == tag;
}

/* Arcs may be of any size (those under 2.25 are UUIDs), so libcrypto takes them apart. */
bool der_oid_text(struct span body, char *out, size_t size)
{
    unsigned char whole[2 + 127] = {DER_OID, (unsigned char)body.len};
    const unsigned char *p = whole;
    ASN1_OBJECT *oid;
    int n;

    if (body.len == 0 || body.len > 127)
        return false;
    memcpy(whole + 2, body.data, body.len);
    oid = d2i_ASN1_OBJECT(NULL, &p, (long)body.len + 2);
    n = oid ? OBJ_obj2txt(out, (int)size, oid, 1) : -1;
    ASN1_OBJECT_free(oid);
    ERR_clear_error();
    return n > 0 && (size_t)n < size;
}

bool der_integer(const struct der *element, int64_t *out)
{
    struct span body = element->body;
    uint64_t value;

    if (!der_is(element, DER_INTEGER) || element->constructed || body.len == 0)
        return false;
    value = body.data[0] & 0x80 ? UINT64_MAX : 0;
    while (body.len > 1 && body.data[0] == (value & 0xff) &&
           (body.data[1] & 0x80) == (value & 0x80)) {
        body.data++;
        body.len--;
    }
    if (body.len > 8)
        return false;
    for (size_t i = 0; i < body.len; i++)
        value = value << 8 | body.data[i];
    *out = (int64_t)value;
    return true;
}

bool der_bits(const struct der *element, struct span *out, unsigned *unused)
{
    struct span body = element->body;

    if (!der_is(element, DER_BIT_STRING) || element->constructed || body.len == 0 ||
        body.data[0] > 7 || (body.len == 1 && body.data[0] != 0))
        return false;
    *out = (struct span){body.data + 1, body.len - 1};
    if (unused)
        *unused = body.data[0];
    return true;
}
