/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum { CAP_MIN = 128 }; /* what is written in pieces shall not grow byte by byte */

char buf_empty[1];

void buf_clear(struct buf *buf)
{
    if (buf->cap)
        free(buf->data);
    *buf = (struct buf)BUF_INIT(buf->max);
}

enum rc buf_reserve(struct buf *buf, size_t n, struct err *err)
{
    size_t want;

    if (n > buf->max || buf->len > buf->max - n)
        return err_set(err, RC_INPUT, "larger than the limit of %zu bytes", buf->max);
    want = buf->len + n + 1;
    if (want <= buf->cap)
        return RC_OK;
    if (want < buf->cap * 2)
        want = buf->cap * 2;
    if (want < CAP_MIN)
        want = CAP_MIN;
    buf->data = mem_resize(buf->cap ? buf->data : NULL, want);
    buf->cap = want;
    return RC_OK;
}

enum rc buf_add_growing(struct buf *buf, const void *bytes, size_t n, struct err *err)
{
    TRY(buf_reserve(buf, n, err));
    if (n)
        memcpy(buf->data + buf->len, bytes, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
    return RC_OK;
}

enum rc buf_puts(struct buf *buf, const char *text, struct err *err)
{
    return buf_add(buf, text, strlen(text), err);
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    if (buf->cap)
        buf->data[0] = '\0';
}

enum rc buf_addf(struct buf *buf, struct err *err, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return err_set(err, RC_BUG, "cannot format text");
    TRY(buf_reserve(buf, (size_t)n, err));
    va_start(ap, fmt);
    (void)vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    buf->len += (size_t)n;
    return RC_OK;
}

char *buf_take(struct buf *buf, size_t *len)
{
    char *data = buf->cap ? buf->data : mem_resize(NULL, 1);

    data[buf->len] = '\0';
    if (len)
        *len = buf->len;
    *buf = (struct buf)BUF_INIT(buf->max);
    return data;
}
