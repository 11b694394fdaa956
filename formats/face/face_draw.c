/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet to pixels by cairo; glyph outlines come from the sheet's own subset fonts. */
#include "formats/face/face_draw.h"

#include <cairo.h>
#include <hb.h>
#include <math.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/decimal.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "formats/face/face_outline.h"

#define MM_PER_INCH 25.4

CLEANUP_PTR(cairo_t, cairo_destroy);
CLEANUP_PTR(cairo_surface_t, cairo_surface_destroy);

static double mm(um length)
{
    return (double)length / UM_PER_MM;
}

static void use_colour(cairo_t *cr, struct colour c)
{
    cairo_set_source_rgb(cr, c.r / 255.0, c.g / 255.0, c.b / 255.0);
}

static enum rc draw_text(cairo_t *cr, const struct sheet *sheet, const struct page_text *text,
                         struct err *err)
{
    const struct page_font *file = &sheet->fonts[text->font];
    const unsigned char *p = (const unsigned char *)text->text, *end = p + strlen(text->text);
    hb_blob_t *blob = hb_blob_create((const char *)file->file, (unsigned)file->len,
                                     HB_MEMORY_MODE_READONLY, NULL, NULL);
    hb_face_t *face = hb_face_create(blob, 0);
    hb_font_t *font = hb_font_create(face);
    double x = mm(text->x), size = mm(text->size) / hb_face_get_upem(face);

    (void)err;
    use_colour(cr, text->colour);
    for (size_t i = 0; p < end; i++) {
        hb_codepoint_t glyph = 0;

        hb_font_get_nominal_glyph(font, utf8_next(&p, end), &glyph);
        cairo_save(cr);
        cairo_translate(cr, x, mm(text->y));
        cairo_scale(cr, size, -size);
        outline_path(cr, font, glyph);
        cairo_restore(cr);
        x += i + 1 < text->n ? mm(text->advances[i]) : 0;
    }
    cairo_fill(cr);
    hb_font_destroy(font);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    return RC_OK;
}

/* GB/T 33190 table 37: M x y, L x y, Q, B, C; arcs come with the rendering of foreign pages. */
static enum rc trace(cairo_t *cr, const char *data, struct err *err)
{
    while (*data) {
        static const char ops[] = "SMLQB";
        static const int counts[] = {2, 2, 2, 4, 6};
        const char *op = strchr(ops, *data);
        double v[6] = {0};

        if (*data == ' ' || *data == 'C') {
            if (*data++ == 'C')
                cairo_close_path(cr);
            continue;
        }
        if (!op)
            return err_set(err, RC_INPUT, "path data: '%c' is not drawn", *data);
        data++;
        for (int i = 0; i < counts[op - ops]; i++) {
            um value;

            data += strspn(data, " ");
            TRY(decimal_get(data, &value, &data, err));
            v[i] = mm(value);
        }
        if (*op == 'S' || *op == 'M')
            cairo_move_to(cr, v[0], v[1]);
        else if (*op == 'L')
            cairo_line_to(cr, v[0], v[1]);
        else if (*op == 'Q')
            outline_quadratic(cr, v[0], v[1], v[2], v[3]);
        else
            cairo_curve_to(cr, v[0], v[1], v[2], v[3], v[4], v[5]);
    }
    return RC_OK;
}

static enum rc draw_path(cairo_t *cr, const struct page_path *path, struct err *err)
{
    TRY(trace(cr, path->data, err));
    if (path->filled) {
        use_colour(cr, path->fill);
        cairo_fill_preserve(cr);
    }
    if (path->line_width) {
        use_colour(cr, path->stroke);
        cairo_set_line_width(cr, mm(path->line_width));
        cairo_stroke_preserve(cr);
    }
    cairo_new_path(cr);
    return RC_OK;
}

static cairo_status_t read_bytes(void *closure, unsigned char *to, unsigned n)
{
    struct span *rest = closure;

    if (rest->len < n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, rest->data, n);
    *rest = (struct span){rest->data + n, rest->len - n};
    return CAIRO_STATUS_SUCCESS;
}

static void draw_image(cairo_t *cr, const struct sheet *sheet, const struct page_image *image)
{
    const struct page_picture *file = &sheet->pictures[image->picture];
    struct span rest = {file->file, file->len};
    CLEANUP(cairo_surface_destroyp)
    cairo_surface_t *picture = cairo_image_surface_create_from_png_stream(read_bytes, &rest);

    if (cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS) {
        use_colour(cr, (struct colour){200, 200, 200});
        cairo_rectangle(cr, 0, 0, mm(image->box.w), mm(image->box.h));
        cairo_fill(cr);
        return;
    }
    cairo_scale(cr, mm(image->box.w) / cairo_image_surface_get_width(picture),
                mm(image->box.h) / cairo_image_surface_get_height(picture));
    cairo_set_source_surface(cr, picture, 0, 0);
    cairo_paint(cr);
}

static enum rc draw_object(cairo_t *cr, const struct sheet *sheet, const struct page_object *o,
                           struct err *err)
{
    const struct box *box = o->kind == PAGE_TEXT   ? &o->text.box
                            : o->kind == PAGE_PATH ? &o->path.box
                                                   : &o->image.box;
    enum rc rc = RC_OK;

    cairo_save(cr);
    cairo_translate(cr, mm(box->x), mm(box->y));
    cairo_rectangle(cr, 0, 0, mm(box->w), mm(box->h));
    cairo_clip(cr);
    if (o->kind == PAGE_TEXT)
        rc = draw_text(cr, sheet, &o->text, err);
    else if (o->kind == PAGE_PATH)
        rc = draw_path(cr, &o->path, err);
    else
        draw_image(cr, sheet, &o->image);
    cairo_restore(cr);
    return rc;
}

struct sink {
    struct buf *png;
    struct err *err;
};

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned n)
{
    struct sink *sink = closure;

    return buf_add(sink->png, bytes, n, sink->err) == RC_OK ? CAIRO_STATUS_SUCCESS
                                                            : CAIRO_STATUS_WRITE_ERROR;
}

enum rc face_draw(const struct sheet *const *sheets, size_t n, size_t page, int dpi,
                  struct buf *png, struct err *err)
{
    double scale = dpi / MM_PER_INCH;
    const struct page *first = &sheets[0]->pages[page];
    double w = ceil(mm(first->width) * scale), h = ceil(mm(first->height) * scale);
    CLEANUP(cairo_surface_destroyp) cairo_surface_t *surface = NULL;
    CLEANUP(cairo_destroyp) cairo_t *cr = NULL;
    struct sink sink = {png, err};

    if (w * h > (double)LIMIT_PICTURE_PIXELS)
        return err_set(err, RC_INPUT, "a picture of %.0f x %.0f pixels is not drawn", w, h);
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w, (int)h);
    cr = cairo_create(surface);
    use_colour(cr, (struct colour){255, 255, 255});
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; page < sheets[i]->n_pages && k < sheets[i]->pages[page].n; k++)
            TRY(draw_object(cr, sheets[i], &sheets[i]->pages[page].objects[k], err));
    buf_reset(png);
    if (cairo_surface_write_to_png_stream(surface, write_bytes, &sink) != CAIRO_STATUS_SUCCESS)
        return err->code ? err->code : err_set(err, RC_SYSTEM, "cairo cannot draw the page");
    return RC_OK;
}
