/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/facecheck.h"

#include "core/base/limits.h"
#include "formats/face/face.h"

enum answer facecheck_code(void *state, struct ofd *ofd, const struct licence *licence,
                           struct ofd_code *found)
{
    CLEANUP(buf_clear) struct buf code = BUF_INIT(LIMIT_PICTURE);
    struct err ignored = ERR_INIT;

    (void)state;
    if (face_qr(licence->identifier, &code, &ignored) != RC_OK)
        return ANSWER_UNKNOWN;
    for (size_t i = 0; i < ofd->n_media; i++) {
        long member = ofd->media[i].member;
        struct span picture;

        if (member >= 0 && zipfile_size(ofd->zip, (size_t)member) == code.len &&
            zipfile_read(ofd->zip, (size_t)member, &picture, &ignored) == RC_OK &&
            span_equals(picture, buf_span(&code))) {
            found->member = member;
            return ANSWER_YES;
        }
    }
    return ANSWER_UNKNOWN;
}
