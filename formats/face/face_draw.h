/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FACE_DRAW_H
#define FORMATS_FACE_FACE_DRAW_H

#include "core/model/page.h"

/*
 * Draws a page as a PNG: the same page of each sheet, one over the other (constant
 * part, values, seals).  JPEG pictures are drawn as a grey field.
 */
MUST_CHECK enum rc face_draw(const struct sheet *const *sheets, size_t n, size_t page, int dpi,
                             struct buf *png, struct err *err);

#endif
