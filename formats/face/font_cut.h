/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FONT_CUT_H
#define FORMATS_FACE_FONT_CUT_H

#include <stdbool.h>

#include "formats/face/face_priv.h"

/*
 * Cuts subsets from TrueType outlines that stand alone: what nearly every licence
 * needs.  HarfBuzz's subsetter, which can do much more, takes ten times as long.
 */
struct cutter;

/* NULL for a face without such outlines.  `model` is any subset of the face: what does not
 * differ between subsets is taken from it. */
struct cutter *cutter_new(hb_face_t *face, hb_face_t *model);
void cutter_free(struct cutter *cutter);

/*
 * *done is false where HarfBuzz has to cut: glyphs put together from others, outlines
 * that are not as they should be, thousands of characters.  The caller destroys the blob.
 */
MUST_CHECK enum rc font_cut(const struct font *font, const hb_set_t *characters, hb_blob_t **out,
                            bool *done, struct err *err);

#endif
