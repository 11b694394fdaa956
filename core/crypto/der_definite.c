/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/der.h"

#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "core/crypto/der_priv.h"

/*
 * X.690 8.1.3.6: 80 ... 00 00.  The rewriting walks the value once; where an
 * element is definite and holds nothing indefinite, its very bytes are kept.
 */
static enum rc rewrite(struct span *rest, int depth, struct buf *out, struct err *err);

static bool is_end(struct span rest)
{
    return rest.len >= 2 && rest.data[0] == 0 && rest.data[1] == 0;
}

static enum rc put_length(size_t n, struct buf *out, struct err *err)
{
    unsigned char bytes[1 + sizeof(n)];
    size_t at = sizeof(bytes);

    if (n < 0x80)
        return buf_add(out, &(unsigned char){(unsigned char)n}, 1, err);
    for (; n; n >>= 8)
        bytes[--at] = (unsigned char)n;
    bytes[at - 1] = (unsigned char)(0x80 | (sizeof(bytes) - at));
    at--;
    return buf_add(out, bytes + at, sizeof(bytes) - at, err);
}

/* der_next() refuses an indefinite length, so the header is looked at before. */
static enum rc split_header(struct span in, size_t *tag_len, bool *indefinite, struct err *err)
{
    struct der der;
    size_t at = 0;

    TRY(der_read_tag(in, &at, &der, err));
    *tag_len = at;
    *indefinite = at < in.len && in.data[at] == 0x80;
    return RC_OK;
}

static enum rc rewrite_indefinite(struct span *rest, size_t tag_len, int depth, struct buf *out,
                                  struct err *err)
{
    CLEANUP(buf_clear) struct buf body = BUF_INIT(out->max);
    struct span tag = {rest->data, tag_len};

    if (!(tag.data[0] & 0x20))
        return err_set(err, RC_INPUT, "X.690 8.1.3.2: an indefinite length on a primitive element");
    *rest = (struct span){rest->data + tag_len + 1, rest->len - tag_len - 1};
    while (!is_end(*rest))
        TRY(rewrite(rest, depth + 1, &body, err));
    *rest = (struct span){rest->data + 2, rest->len - 2};
    TRY(buf_add(out, tag.data, tag.len, err));
    TRY(put_length(body.len, out, err));
    return buf_add(out, body.data, body.len, err);
}

/* A definite element; its contents grow or shrink when something in them was indefinite. */
static enum rc rewrite_definite(struct span *rest, size_t tag_len, int depth, struct buf *out,
                                struct err *err)
{
    CLEANUP(buf_clear) struct buf body = BUF_INIT(out->max);
    struct der der;
    struct span inner;

    TRY(der_next(rest, &der, err));
    if (!der.constructed)
        return buf_add(out, der.whole.data, der.whole.len, err);
    for (inner = der.body; inner.len;)
        TRY(rewrite(&inner, depth + 1, &body, err));
    if (span_equals(buf_span(&body), der.body))
        return buf_add(out, der.whole.data, der.whole.len, err);
    TRY(buf_add(out, der.whole.data, tag_len, err));
    TRY(put_length(body.len, out, err));
    return buf_add(out, body.data, body.len, err);
}

static enum rc rewrite(struct span *rest, int depth, struct buf *out, struct err *err)
{
    size_t tag_len = 0;
    bool indefinite = false;

    if (depth > LIMIT_DER_DEPTH)
        return err_set(err, RC_INPUT, "nested deeper than %d", LIMIT_DER_DEPTH);
    TRY(split_header(*rest, &tag_len, &indefinite, err));
    if (indefinite)
        return rewrite_indefinite(rest, tag_len, depth, out, err);
    return rewrite_definite(rest, tag_len, depth, out, err);
}

enum rc der_definite(struct span ber, struct buf *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf done = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct span rest = ber;

    TRY(rewrite(&rest, 0, &done, err));
    if (rest.len) {
        (void)err_set(err, RC_INPUT, "X.690 8.1: %s", "trailing bytes");
        return err_at(err, "@0x%zx", ber.len - rest.len);
    }
    return buf_add(out, done.data, done.len, err);
}
