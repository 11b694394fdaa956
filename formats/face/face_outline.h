/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FACE_OUTLINE_H
#define FORMATS_FACE_FACE_OUTLINE_H

#include <cairo.h>
#include <hb.h>

/* Adds a glyph's outline, in font units with y upwards, to the current path. */
void outline_path(cairo_t *cr, hb_font_t *font, hb_codepoint_t glyph);

/* A quadratic curve from the current point, which cairo lacks. */
void outline_quadratic(cairo_t *cr, double cx, double cy, double x, double y);

#endif
