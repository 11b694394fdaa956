/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "core/base/mem.h"

static iconv_t kept;

void charset_prepare(void)
{
    if (!kept)
        kept = iconv_open("UTF-8", "GB18030");
}

enum rc charset_from_gb18030(struct span text, struct buf *out, struct err *err)
{
    iconv_t conversion = iconv_open("UTF-8", "GB18030");
    size_t in_left = text.len;
    char *in = mem_copy_text((const char *)text.data, text.len);
    char *at = in;
    enum rc rc = RC_OK;

    if (conversion == (iconv_t)-1) {
        free(in);
        return err_set(err, RC_SYSTEM, "this C library cannot convert GB18030");
    }
    while (in_left > 0 && rc == RC_OK) {
        char piece[1024];
        char *to = piece;
        size_t room = sizeof(piece);
        size_t done = iconv(conversion, &at, &in_left, &to, &room);

        if (done == (size_t)-1 && errno != E2BIG)
            rc =
                err_set(err, RC_INPUT, "GB18030: byte %zu begins no character", text.len - in_left);
        else
            rc = buf_add(out, piece, sizeof(piece) - room, err);
    }
    iconv_close(conversion);
    free(in);
    return rc;
}
