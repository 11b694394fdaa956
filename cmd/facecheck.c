/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/facecheck.h"

#include <string.h>

#include "core/base/limits.h"
#include "formats/face/face.h"

enum { CODE_MAX = 1 << 20 /* bytes of a picture that may be a code */, CODES_MAX = 16 };

static bool ends_in(const char *text, const char *ending)
{
    size_t n = strlen(text), k = strlen(ending);

    return n >= k && strcmp(text + n - k, ending) == 0;
}

/* With --content only a code that stands on a page counts. */
static bool is_drawn(const struct ofd_code *found, unsigned id)
{
    for (size_t i = 0; i < found->n_drawn; i++) {
        if (found->drawn[i] == id)
            return true;
    }
    return !found->looked;
}

static bool read_picture(struct ofd *ofd, const struct ofd_media *media, struct span *out)
{
    struct err ignored = ERR_INIT;

    return media->member >= 0 && zipfile_size(ofd->zip, (size_t)media->member) <= CODE_MAX &&
           zipfile_read(ofd->zip, (size_t)media->member, out, &ignored) == RC_OK;
}

/*
 * Other libraries write other bytes, and templates put a prefix before the identifier: then the
 * code is read.  One that stands on the page and says something else is the wrong one.
 */
static enum answer read_code(struct ofd *ofd, const struct ofd_media *media, const char *identifier,
                             struct ofd_code *found)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);
    struct span picture;

    if (!read_picture(ofd, media, &picture) || !face_qr_read(picture, &text))
        return ANSWER_UNKNOWN;
    if (ends_in(text.data, identifier)) {
        found->member = media->member;
        return ANSWER_YES;
    }
    if (!found->looked) /* perhaps a part of the form */
        return ANSWER_UNKNOWN;
    findings_add(found->findings, "OFD237", PLACE_PART(ofd_name(ofd, media->member)), "text",
                 text.data, "identifier", identifier, NULL);
    return ANSWER_NO;
}

static enum answer read_codes(struct ofd *ofd, const char *identifier, struct ofd_code *found)
{
    enum answer all = ANSWER_UNKNOWN;
    size_t read = 0;

    for (size_t i = 0; i < ofd->n_media && all != ANSWER_NO && read < CODES_MAX; i++) {
        enum answer answer;

        if (!is_drawn(found, ofd->media[i].id))
            continue;
        read++;
        answer = read_code(ofd, &ofd->media[i], identifier, found);
        if (answer != ANSWER_UNKNOWN)
            all = answer;
        if (answer == ANSWER_YES && !found->looked)
            break;
    }
    return all;
}

enum answer facecheck_code(void *state, struct ofd *ofd, const struct licence *licence,
                           struct ofd_code *found)
{
    CLEANUP(buf_clear) struct buf code = BUF_INIT(LIMIT_PICTURE);
    struct err ignored = ERR_INIT;

    (void)state;
    if (face_qr(licence->identifier, &code, &ignored) != RC_OK)
        return ANSWER_UNKNOWN;
    for (size_t i = 0; i < ofd->n_media && found->n_drawn < 2; i++) {
        const struct ofd_media *media = &ofd->media[i];
        struct span picture;

        if (!is_drawn(found, media->id) || media->member < 0 ||
            zipfile_size(ofd->zip, (size_t)media->member) != code.len ||
            !read_picture(ofd, media, &picture) || !span_equals(picture, buf_span(&code)))
            continue;
        found->member = media->member;
        return ANSWER_YES;
    }
    return read_codes(ofd, licence->identifier, found);
}
