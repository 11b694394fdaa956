/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/err.h"

/* Bytes someone else owns.  Valid for as long as the owner says. */
struct span {
    const unsigned char *data;
    size_t len;
};

/*
 * Bytes we own: text or binary.
 *
 * Invariants: data is never NULL and data[len] is NUL, so it can be handed to
 * any C string function when it holds no NUL of its own.  A buf never grows
 * past max; an append that would do so fails with RC_INPUT and changes nothing.
 * Running out of memory ends the process (core/base/mem.h).
 */
struct buf {
    char *data;
    size_t len;
    size_t cap; /* private: 0 while data is the shared empty string */
    size_t max;
};

extern char buf_empty[1];
#define BUF_INIT(limit)                   \
    {                                     \
        .data = buf_empty, .max = (limit) \
    }

void buf_clear(struct buf *buf); /* frees; leaves the buf as BUF_INIT made it */

/* Texts are written in thousands of short pieces: only what needs room or is refused is a call. */
MUST_CHECK enum rc buf_add_growing(struct buf *buf, const void *bytes, size_t n, struct err *err);
MUST_CHECK static inline enum rc buf_add(struct buf *buf, const void *bytes, size_t n,
                                         struct err *err)
{
    if (n == 0 || n >= buf->cap - buf->len || n > buf->max - buf->len)
        return buf_add_growing(buf, bytes, n, err);
    memcpy(buf->data + buf->len, bytes, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
    return RC_OK;
}
MUST_CHECK enum rc buf_addf(struct buf *buf, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes room for n more bytes, so that adding them moves nothing. */
MUST_CHECK enum rc buf_reserve(struct buf *buf, size_t n, struct err *err);

/* The text up to its NUL, which is not added. */
MUST_CHECK enum rc buf_puts(struct buf *buf, const char *text, struct err *err);

void buf_reset(struct buf *buf); /* empties, keeps the memory for the next use */

/* Gives the bytes to the caller, who frees them, and empties the buf. */
char *buf_take(struct buf *buf, size_t *len);

static inline struct span span_of(const char *text)
{
    return (struct span){.data = (const unsigned char *)text, .len = strlen(text)};
}

static inline bool span_equals(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline struct span buf_span(const struct buf *buf)
{
    return (struct span){.data = (const unsigned char *)buf->data, .len = buf->len};
}

#endif
