/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/facecheck.h"

#include <string.h>

#include "core/base/limits.h"
#include "formats/face/face.h"

enum { PNG_HEAD = 24 /* signature, length and name of IHDR, width, height */ };

/* Only a code that stands on a page counts. */
static bool is_drawn(const struct ofd_code *found, unsigned id)
{
    for (size_t i = 0; i < found->n_drawn; i++) {
        if (found->drawn[i] == id)
            return true;
    }
    return false;
}

static bool read_picture(struct ofd *ofd, const struct ofd_media *media, struct span *out)
{
    struct err ignored = ERR_INIT;

    return media->member >= 0 && zipfile_size(ofd->zip, (size_t)media->member) <= LIMIT_PICTURE &&
           zipfile_read(ofd->zip, (size_t)media->member, out, &ignored) == RC_OK;
}

/* As wide and high as ours, by their headers (PNG 11.2.2): pictures themselves are not decoded
 * here, since they may be hostile. */
static bool is_as_large(struct span picture, struct span code)
{
    return picture.len >= PNG_HEAD && memcmp(picture.data, code.data, PNG_HEAD) == 0;
}

/*
 * One in the code's place stands for another identifier, or another library wrote it: nobody can
 * say here.
 */
static void remark_other(struct ofd *ofd, const char *identifier, struct span code,
                         struct ofd_code *found)
{
    for (size_t i = 0; found->member < 0 && i < ofd->n_media; i++) {
        const struct ofd_media *media = &ofd->media[i];
        struct span picture;

        if (!is_drawn(found, media->id) || !read_picture(ofd, media, &picture) ||
            !is_as_large(picture, code))
            continue;
        found->member = media->member;
        findings_add(found->findings, "OFD333", PLACE_PART(ofd_name(ofd, media->member)),
                     "identifier", identifier, NULL);
    }
}

enum answer facecheck_code(void *state, struct ofd *ofd, const struct licence *licence,
                           struct ofd_code *found)
{
    CLEANUP(buf_clear) struct buf code = BUF_INIT(LIMIT_PICTURE);
    struct err ignored = ERR_INIT;

    (void)state;
    if (face_qr(licence->identifier, &code, &ignored) != RC_OK)
        return ANSWER_UNKNOWN;
    for (size_t i = 0; i < ofd->n_media; i++) {
        const struct ofd_media *media = &ofd->media[i];
        struct span picture;

        if (!is_drawn(found, media->id) || media->member < 0 ||
            zipfile_size(ofd->zip, (size_t)media->member) != code.len ||
            !read_picture(ofd, media, &picture) || !span_equals(picture, buf_span(&code)))
            continue;
        found->member = media->member;
        return ANSWER_YES;
    }
    remark_other(ofd, licence->identifier, buf_span(&code), found);
    return ANSWER_UNKNOWN;
}
