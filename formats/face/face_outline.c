/* SPDX-License-Identifier: Apache-2.0 */
/* Glyph outlines from HarfBuzz to cairo. */
#include "formats/face/face_outline.h"

#include <stddef.h>

void outline_quadratic(cairo_t *cr, double cx, double cy, double x, double y)
{
    double x0, y0;

    cairo_get_current_point(cr, &x0, &y0);
    cairo_curve_to(cr, x0 + (cx - x0) * 2 / 3, y0 + (cy - y0) * 2 / 3, x + (cx - x) * 2 / 3,
                   y + (cy - y) * 2 / 3, x, y);
}

static void move_to(hb_draw_funcs_t *funcs, void *cr, hb_draw_state_t *state, float x, float y,
                    void *user)
{
    (void)funcs, (void)state, (void)user;
    cairo_move_to(cr, (double)x, (double)y);
}

static void line_to(hb_draw_funcs_t *funcs, void *cr, hb_draw_state_t *state, float x, float y,
                    void *user)
{
    (void)funcs, (void)state, (void)user;
    cairo_line_to(cr, (double)x, (double)y);
}

static void quadratic_to(hb_draw_funcs_t *funcs, void *cr, hb_draw_state_t *state, float cx,
                         float cy, float x, float y, void *user)
{
    (void)funcs, (void)state, (void)user;
    outline_quadratic(cr, (double)cx, (double)cy, (double)x, (double)y);
}

static void cubic_to(hb_draw_funcs_t *funcs, void *cr, hb_draw_state_t *state, float ax, float ay,
                     float bx, float by, float x, float y, void *user)
{
    (void)funcs, (void)state, (void)user;
    cairo_curve_to(cr, (double)ax, (double)ay, (double)bx, (double)by, (double)x, (double)y);
}

static void close_path(hb_draw_funcs_t *funcs, void *cr, hb_draw_state_t *state, void *user)
{
    (void)funcs, (void)state, (void)user;
    cairo_close_path(cr);
}

void outline_path(cairo_t *cr, hb_font_t *font, hb_codepoint_t glyph)
{
    hb_draw_funcs_t *pen = hb_draw_funcs_create();

    hb_draw_funcs_set_move_to_func(pen, move_to, NULL, NULL);
    hb_draw_funcs_set_line_to_func(pen, line_to, NULL, NULL);
    hb_draw_funcs_set_quadratic_to_func(pen, quadratic_to, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(pen, cubic_to, NULL, NULL);
    hb_draw_funcs_set_close_path_func(pen, close_path, NULL, NULL);
    hb_font_get_glyph_shape(font, glyph, pen, cr);
    hb_draw_funcs_destroy(pen);
}
