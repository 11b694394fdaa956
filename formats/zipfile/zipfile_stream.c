/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A large member a piece at a time, over zlib, for libdeflate unpacks whole members only.
 * What is checked is the same as in zipfile_read().
 */
#include <stdlib.h>
#include <zlib.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "formats/zipfile/zipfile_priv.h"

#define PIECE ((size_t)256 << 10)

struct stream {
    struct zipfile *zip;
    const struct member *member;
    enum rc (*take)(void *context, struct span piece, struct err *err);
    void *context;
    size_t made;
    uint32_t crc, adler;
    z_stream z;
    unsigned char *out;
};

static enum rc give(struct stream *s, struct span piece, struct err *err)
{
    s->made += piece.len;
    s->crc = libdeflate_crc32(s->crc, piece.data, piece.len);
    s->adler = libdeflate_adler32(s->adler, piece.data, piece.len);
    return s->take(s->context, piece, err);
}

/* What lies before `end` is not needed again; a little more, since only whole blocks can go. */
static void forget(struct stream *s, const unsigned char *end)
{
    const unsigned char *begin = s->member->data.data;

    if ((size_t)(end - begin) > 2 * PIECE)
        begin = end - 2 * PIECE;
    zip_forget(s->zip, (struct span){.data = begin, .len = (size_t)(end - begin)});
}

static enum rc give_stored(struct stream *s, struct err *err)
{
    struct span rest = s->member->data;

    while (rest.len) {
        struct span piece = {.data = rest.data, .len = rest.len < PIECE ? rest.len : PIECE};

        TRY(zip_need(s->zip, piece, err));
        TRY(give(s, piece, err));
        forget(s, rest.data + piece.len);
        rest.data += piece.len;
        rest.len -= piece.len;
    }
    return RC_OK;
}

/* Unpacks what there is of input; *ended: the deflate stream did. */
static enum rc inflate_piece(struct stream *s, struct span piece, bool *ended, struct err *err)
{
    s->z.next_in = (unsigned char *)(uintptr_t)piece.data; /* only read */
    s->z.avail_in = (unsigned)piece.len;
    do {
        int result;

        s->z.next_out = s->out;
        s->z.avail_out = PIECE;
        result = inflate(&s->z, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return zip_fail_data(s->member, N_("RFC 1951: '%s' does not hold a deflate stream"),
                                 err);
        *ended = result == Z_STREAM_END;
        if (PIECE - s->z.avail_out > s->member->size - s->made)
            return zip_fail_data(
                s->member, N_("APPNOTE 4.4.9: '%s' unpacks to more than the directory says"), err);
        TRY(give(s, (struct span){.data = s->out, .len = PIECE - s->z.avail_out}, err));
    } while (!*ended && (s->z.avail_in > 0 || s->z.avail_out == 0));
    return RC_OK;
}

static enum rc check_rest(const struct stream *s, size_t used, struct err *err)
{
    struct span rest = s->member->data;

    if (s->made != s->member->size)
        return zip_fail_data(
            s->member, N_("APPNOTE 4.4.9: '%s' unpacks to less than the directory says"), err);
    rest.data += used;
    rest.len -= used;
    TRY(zip_need(s->zip, rest, err));
    if (rest.len && !zip_is_adler(rest, s->adler))
        return zip_fail_data(s->member, N_("RFC 1951: '%s' has bytes after its deflate stream"),
                             err);
    return RC_OK;
}

static enum rc give_deflated(struct stream *s, struct err *err)
{
    struct span rest = s->member->data;
    bool ended = false;

    while (rest.len && !ended) {
        struct span piece = {.data = rest.data, .len = rest.len < PIECE ? rest.len : PIECE};

        TRY(zip_need(s->zip, piece, err));
        TRY(inflate_piece(s, piece, &ended, err));
        forget(s, rest.data + piece.len - s->z.avail_in);
        rest.data += piece.len - s->z.avail_in;
        rest.len -= piece.len - s->z.avail_in;
    }
    if (!ended)
        return zip_fail_data(s->member, N_("RFC 1951: '%s' does not hold a deflate stream"), err);
    return check_rest(s, s->member->data.len - rest.len, err);
}

enum rc zipfile_stream(struct zipfile *zip, size_t i,
                       enum rc (*take)(void *context, struct span piece, struct err *err),
                       void *context, struct err *err)
{
    struct member *member = &zip->members[i];
    struct stream s = {.zip = zip, .member = member, .take = take, .context = context, .adler = 1};
    enum rc rc;

    if (member->unpacked || (member->checked && !member->deflated)) /* it is held, and stays */
        return take(context,
                    (struct span){.data = member->unpacked ? member->unpacked : member->data.data,
                                  .len = member->size},
                    err);
    if (!member->deflated) {
        rc = give_stored(&s, err);
    } else {
        if (inflateInit2(&s.z, -MAX_WBITS) != Z_OK)
            return err_set(err, RC_SYSTEM, "out of memory");
        s.out = mem_resize(NULL, PIECE);
        rc = give_deflated(&s, err);
        (void)inflateEnd(&s.z);
        free(s.out);
    }
    if (rc == RC_OK && s.crc != member->crc)
        return zip_fail_data(member, N_("APPNOTE 4.4.7: the CRC of '%s' is wrong"), err);
    return rc;
}
