/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FONT_QUADRATIC_H
#define FORMATS_FACE_FONT_QUADRATIC_H

#include <hb.h>

#include "core/base/err.h"

/*
 * Rewrites a font with cubic outlines (CFF) as TrueType: the same glyphs, numbers
 * and widths, outlines within one unit, no hints.  Readers of OFD exist that
 * load no CFF.  The caller destroys the blob.
 */
MUST_CHECK enum rc font_quadratic(hb_face_t *cubic, hb_blob_t **out, struct err *err);

#endif
