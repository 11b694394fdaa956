/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The picture of a round seal, after the proportions of paper seals: ring, star in the
 * middle, name from left to right over the top, a purpose straight below.  Lengths are
 * millimetres of a seal of 42 mm, y downwards, the middle at 0, 0.
 */
#include <cairo.h>
#include <math.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/face/face_outline.h"
#include "formats/face/face_priv.h"
#include "formats/image.h"

#define DIAMETER 42.0
#define RING 1.2
#define STAR 7.0         /* from the middle to a point */
#define ARC_GAP 1.0      /* between ring and name */
#define ARC_MOST 290.0   /* degrees that the name may take; the rest stays open below */
#define BELOW_MIDDLE 9.7 /* of the line under the star */
#define BELOW_HEIGHT 3.4
#define BOLD 0.13      /* 宋体 of a seal is a little stronger than that of a page */
#define EM_MIDDLE 0.38 /* of an em box above its baseline */
#define DIAMETER_MOST 100
/* Each licence carries the picture twice and has it digested twice; a long name takes more. */
#define BYTES_GOAL 7168
#define BYTES_MAX 10240
#define DPI_GOAL 200 /* not given up for the goal */
#define NAME_MAX_LETTERS 40
#define RED 230, 0, 18

CLEANUP_PTR(cairo_t, cairo_destroy);
CLEANUP_PTR(cairo_surface_t, cairo_surface_destroy);

struct sign {
    struct font *font;
    hb_codepoint_t glyph;
    double middle; /* of what is centred in its place, em from its left edge */
    double share;  /* of a letter's room along the arc */
};

struct signs {
    struct sign list[NAME_MAX_LETTERS];
    int n;
};

/* Brackets and points fill half a square: they take less room, and their ink is centred. */
static void weigh(struct sign *sign, uint32_t code, int32_t advance)
{
    static const uint32_t narrow[] = {0xff08, 0xff09, 0xb7, '(', ')', '-', '.'};
    hb_glyph_extents_t ink;

    sign->share = 1;
    sign->middle = advance / 2e6;
    for (size_t i = 0; i < sizeof(narrow) / sizeof(*narrow); i++) {
        if (code != narrow[i] || !hb_font_get_glyph_extents(sign->font->metrics, sign->glyph, &ink))
            continue;
        sign->share = 0.6;
        sign->middle = (ink.x_bearing + ink.width / 2.0) / sign->font->upem;
    }
}

static enum rc find_signs(struct typesetter *typesetter, const char *text, struct signs *signs,
                          struct err *err)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);

    while (p < end) {
        struct sign *sign = &signs->list[signs->n];
        uint32_t code = utf8_next(&p, end);
        int32_t advance = 0;

        if (code == ' ' || code == 0x3000)
            continue;
        if (signs->n == NAME_MAX_LETTERS)
            return err_set(err, RC_USAGE, "'%s' is too long for a seal: at most %d characters",
                           text, NAME_MAX_LETTERS);
        for (unsigned tier = 0; tier < FONT_TIERS && !sign->glyph; tier++) {
            TRY(typesetter_font(typesetter, ROLE_SONG, tier, &sign->font, err));
            sign->glyph = sign->font ? font_glyph(sign->font, code, &advance) : 0;
        }
        if (!sign->glyph)
            return err_find(err, "FNT001", RC_USAGE, "'%s': no font has the character U+%04X", text,
                            (unsigned)code);
        weigh(sign, code, advance);
        signs->n++;
    }
    return RC_OK;
}

/* One letter upright about the current origin, its em box w by h. */
static void draw_sign(cairo_t *cr, const struct sign *sign, double w, double h)
{
    double em = sign->font->upem;

    cairo_save(cr);
    cairo_scale(cr, w / em, -h / em);
    cairo_translate(cr, -sign->middle * em, -EM_MIDDLE * em);
    outline_path(cr, sign->font->metrics, sign->glyph);
    cairo_restore(cr);
}

static void ink(cairo_t *cr)
{
    cairo_set_line_width(cr, BOLD);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_fill_preserve(cr);
    cairo_stroke(cr);
}

/*
 * The more letters, the lower and narrower they are and the further the name reaches
 * round; the angle from letter to letter is the same for all.
 */
static void draw_name(cairo_t *cr, const struct signs *name)
{
    double room = 0, at = 0;

    for (int i = 0; i < name->n; i++)
        room += name->list[i].share;
    if (name->n == 0)
        return;
    double height = room <= 10 ? 6.4 : fmax(6.4 - (room - 10) * 0.16, 3.6);
    double radius = DIAMETER / 2 - RING - ARC_GAP - height / 2;
    double step = fmin(84 + 12.5 * room, ARC_MOST) / fmax(room - 1, 1) * M_PI / 180;
    double width = fmin(height * 0.86, radius * step * 0.9);

    for (int i = 0; i < name->n; i++) {
        const struct sign *sign = &name->list[i];

        cairo_save(cr);
        cairo_rotate(cr, (at + sign->share / 2 - room / 2) * step);
        cairo_translate(cr, 0, -radius);
        draw_sign(cr, sign, width, height);
        cairo_restore(cr);
        at += sign->share;
    }
    ink(cr);
}

static void draw_below(cairo_t *cr, const struct signs *below)
{
    double room = 14.5, n = below->n, pitch = fmin(BELOW_HEIGHT * 1.25, room / n);
    double width = fmin(BELOW_HEIGHT, pitch * 0.96);

    for (int i = 0; i < below->n; i++) {
        cairo_save(cr);
        cairo_translate(cr, (i - (n - 1) / 2) * pitch, BELOW_MIDDLE);
        draw_sign(cr, &below->list[i], width, BELOW_HEIGHT);
        cairo_restore(cr);
    }
    ink(cr);
}

static void draw_frame(cairo_t *cr)
{
    cairo_set_line_width(cr, RING);
    cairo_arc(cr, 0, 0, DIAMETER / 2 - RING / 2 - 0.1, 0, 2 * M_PI);
    cairo_stroke(cr);
    for (int i = 0; i < 10; i++) {
        /* sin 18° / sin 54°: the inner corners of a star whose edges run straight on */
        double reach = i % 2 ? STAR * 0.381966 : STAR;

        cairo_line_to(cr, reach * sin(i * M_PI / 5), -reach * cos(i * M_PI / 5));
    }
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* Cairo's coverage to at most `levels` strengths of one red. */
static enum rc encode(cairo_surface_t *surface, int levels, struct buf *png, struct err *err)
{
    int side = cairo_image_surface_get_width(surface);
    int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *rows = cairo_image_surface_get_data(surface);
    CLEANUP(freep) unsigned char *pixels = mem_zero((size_t)side * (size_t)side, 1);
    struct picture_colour colours[16];
    struct indexed_picture picture = {.width = (uint32_t)side,
                                      .height = (uint32_t)side,
                                      .pixels = pixels,
                                      .colours = colours,
                                      .n_colours = levels};

    for (int i = 0; i < levels; i++)
        colours[i] = (struct picture_colour){RED, (uint8_t)(i * 255 / (levels - 1))};
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            pixels[y * side + x] =
                (unsigned char)((rows[y * stride + x] * (levels - 1) + 127) / 255);
    return picture_encode(&picture, png, err);
}

static enum rc draw(const struct signs *name, const struct signs *below, int side, int levels,
                    struct buf *png, struct err *err)
{
    CLEANUP(cairo_surface_destroyp)
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, side, side);
    CLEANUP(cairo_destroyp) cairo_t *cr = cairo_create(surface);

    cairo_scale(cr, side / DIAMETER, side / DIAMETER);
    cairo_translate(cr, DIAMETER / 2, DIAMETER / 2);
    cairo_set_source_rgba(cr, 0, 0, 0, 1);
    draw_frame(cr);
    draw_name(cr, name);
    draw_below(cr, below);
    cairo_surface_flush(surface);
    return encode(surface, levels, png, err);
}

enum rc face_seal_picture(struct typesetter *typesetter, const char *name, const char *below,
                          int diameter_mm, struct buf *png, struct err *err)
{
    /* From the best to what always fits; smooth edges matter more than the last dot. */
    static const struct {
        int dpi, levels;
    } tries[] = {{300, 16}, {300, 8}, {300, 6}, {280, 5}, {260, 5},
                 {240, 5},  {220, 5}, {200, 5}, {150, 4}, {100, 2}};
    struct signs arc = {0}, line = {0};
    double mm = diameter_mm > 0 ? diameter_mm : DIAMETER;

    if (mm > DIAMETER_MOST)
        return err_set(err, RC_USAGE, "a seal of %d mm: at most %d", diameter_mm, DIAMETER_MOST);
    TRY(find_signs(typesetter, name, &arc, err));
    TRY(find_signs(typesetter, below ? below : "", &line, err));
    for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
        TRY(draw(&arc, &line, (int)lround(mm * tries[i].dpi / 25.4), tries[i].levels, png, err));
        if (png->len <= (tries[i].dpi > DPI_GOAL ? BYTES_GOAL : BYTES_MAX))
            break;
    }
    return RC_OK;
}
