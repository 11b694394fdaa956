/* SPDX-License-Identifier: Apache-2.0 */
/* Colours, alpha and what covers what: GB/T 33190-2016 8.2 to 8.4, 9 and 10. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_scene.h"

enum { PARAM_CHAIN = 8 }; /* DrawParams that build on one another; two are usual */

static const struct xmlel *find_param(const struct scene_book *book, unsigned id)
{
    size_t low = 0, high = book->n_params;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (book->params[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < book->n_params && book->params[low].id == id ? book->params[low].el : NULL;
}

/* FillColor or StrokeColor of a DrawParam, its own or of those it builds on. */
static const struct xmlel *param_child(const struct scene_book *book, unsigned id, const char *name)
{
    const struct xmlel *el = id ? find_param(book, id) : NULL;

    for (int i = 0; el && i < PARAM_CHAIN; i++) {
        const struct xmlel *child = xmlel_child(el, name);
        unsigned base = 0;

        if (child)
            return child;
        el = ofd_unsigned(xmlel_attr(el, "Relative"), &base) ? find_param(book, base) : NULL;
    }
    return NULL;
}

static const struct xmlel *find_colour(const struct scene *scene, const struct scene_item *item,
                                       const char *name)
{
    const struct xmlel *el = xmlel_child(item->el, name);
    unsigned param = 0;

    if (!el && ofd_unsigned(xmlel_attr(item->el, "DrawParam"), &param))
        el = param_child(scene->book, param, name);
    return el ? el : param_child(scene->book, item->layer_param, name);
}

static double alpha_of(const struct xmlel *el)
{
    const char *text = xmlel_attr(el, "Alpha");
    double alpha;

    if (!text || !scene_number(&text, &alpha))
        return 1;
    return alpha < 0 ? 0 : alpha > 255 ? 1 : alpha / 255;
}

/* Components are of 0 to 255, or hexadecimal after #; one is grey, three RGB, four CMYK. */
static size_t read_components(const char *text, double *out)
{
    size_t n = 0;

    while (*text && n < 4) {
        text += strspn(text, " \t\r\n,");
        if (*text == '#') {
            char *end = NULL;

            out[n] = (double)strtoul(text + 1, &end, 16);
            if (end == text + 1)
                return 0;
            text = end;
        } else if (!scene_number(&text, &out[n])) {
            break;
        }
        n++;
    }
    text += strspn(text, " \t\r\n");
    return *text ? 0 : n;
}

static bool to_rgb(const char *value, double rgb[3])
{
    double c[4] = {0};
    size_t n = read_components(value, c);

    for (size_t i = 0; i < n; i++) {
        if (c[i] < 0 || c[i] > 255)
            return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (n == 1)
            rgb[i] = c[0];
        else if (n == 3)
            rgb[i] = c[i];
        else
            rgb[i] = (255 - c[i]) * (255 - c[3]) / 255;
    }
    return n == 1 || n == 3 || n == 4;
}

static struct ink read_ink(const struct xmlel *el, double alpha)
{
    struct ink ink = {.paint = PAINT_UNKNOWN, .alpha = alpha * alpha_of(el)};
    const char *value = xmlel_attr(el, "Value");

    /* a pattern or shade stands inside; an index means a palette; a colour space may be any */
    if (!xmlel_first(el) && !xmlel_attr(el, "Index") && value && to_rgb(value, ink.rgb))
        ink.paint = PAINT_FLAT;
    return ink;
}

static bool attr_bool(const struct xmlel *el, const char *name, bool otherwise)
{
    const char *value = xmlel_attr(el, name);

    if (!value)
        return otherwise;
    return strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

/* A text is filled black where nothing is said; a path is filled only where both are said. */
struct ink scene_fill(const struct scene *scene, const struct scene_item *item)
{
    bool is_text = item->kind == SCENE_TEXT;
    const struct xmlel *colour = find_colour(scene, item, "FillColor");
    double alpha = alpha_of(item->el);

    if (!attr_bool(item->el, "Fill", is_text))
        return (struct ink){.paint = PAINT_NONE};
    if (colour)
        return read_ink(colour, alpha);
    return (struct ink){.paint = is_text ? PAINT_FLAT : PAINT_UNKNOWN,
                        .alpha = is_text ? alpha : 0};
}

struct ink scene_stroke(const struct scene *scene, const struct scene_item *item)
{
    bool is_text = item->kind == SCENE_TEXT;
    const struct xmlel *colour = find_colour(scene, item, "StrokeColor");
    double alpha = alpha_of(item->el);

    if (!attr_bool(item->el, "Stroke", !is_text))
        return (struct ink){.paint = PAINT_NONE};
    return colour ? read_ink(colour, alpha) : (struct ink){.paint = PAINT_FLAT, .alpha = alpha};
}

/* The corners of a path of straight lines; 0 where it has curves or more than can be a rectangle.
 */
enum { CORNERS = 6 };

static size_t read_corners(const struct xmlel *el, const struct matrix *by, double corners[][2])
{
    const char *data = xmlel_child_text(el, "AbbreviatedData");
    size_t n = 0;

    while (data && *data) {
        double x, y;

        data += strspn(data, " \t\r\n,");
        if (!*data)
            break;
        if (strchr("MLSC", *data)) {
            data++;
            continue;
        }
        if (n == CORNERS || !scene_number(&data, &x) || !scene_number(&data, &y))
            return 0;
        corners[n][0] = by->a * x + by->c * y + by->e;
        corners[n++][1] = by->b * x + by->d * y + by->f;
    }
    return n;
}

#define NEAR 0.02 /* mm: what rounding may move a corner by */

static bool same(const double *a, const double *b)
{
    return fabs(a[0] - b[0]) < NEAR && fabs(a[1] - b[1]) < NEAR;
}

/* Four sides, each along an axis. */
static bool is_rectangle(double corners[][2], size_t n)
{
    if (n == 5 && same(corners[0], corners[4]))
        n = 4;
    if (n != 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        const double *a = corners[i], *b = corners[(i + 1) % 4];

        if (fabs(a[0] - b[0]) >= NEAR && fabs(a[1] - b[1]) >= NEAR)
            return false;
    }
    return fabs(corners[0][0] - corners[2][0]) >= NEAR &&
           fabs(corners[0][1] - corners[2][1]) >= NEAR;
}

static struct extent hull(double corners[][2], size_t n)
{
    struct extent out = {INFINITY, INFINITY, -INFINITY, -INFINITY};

    for (size_t i = 0; i < n; i++)
        out = (struct extent){fmin(out.x0, corners[i][0]), fmin(out.y0, corners[i][1]),
                              fmax(out.x1, corners[i][0]), fmax(out.y1, corners[i][1])};
    return out;
}

#define OPAQUE 0.97 /* alpha from which nothing is seen through */

static void take_colour(struct scene_cover *cover, const struct ink *ink)
{
    cover->is_colour = ink->paint == PAINT_FLAT;
    cover->kind = cover->is_colour && ink->alpha >= OPAQUE ? COVER_OPAQUE : COVER_MAYBE;
    memcpy(cover->rgb, ink->rgb, sizeof(cover->rgb));
}

static double line_width(const struct scene_item *item, const struct matrix *matrix)
{
    const char *text = xmlel_attr(item->el, "LineWidth");
    double width = 0.353; /* table 24 */

    if (text)
        (void)scene_number(&text, &width);
    return width * sqrt(fabs(matrix->a * matrix->d - matrix->b * matrix->c));
}

static void cover_by_path(const struct scene *scene, const struct scene_item *item,
                          struct scene_cover *cover)
{
    struct matrix matrix = scene_matrix(item);
    struct ink fill = scene_fill(scene, item);
    double corners[CORNERS][2];
    size_t n = read_corners(item->el, &matrix, corners);

    if (fill.paint != PAINT_NONE && fill.alpha > 0.05) {
        take_colour(cover, &fill);
        cover->exact = is_rectangle(corners, n);
        cover->extent =
            cover->exact ? extent_move(hull(corners, n), item->x, item->y) : item->clipped;
        if (cover->exact)
            return;
        cover->outline = scene_outline(item); /* without, it covers who knows what of its frame */
        cover->exact = cover->outline != NULL;
        return;
    }
    fill = scene_stroke(scene, item);
    if (n == 2 && fill.paint != PAINT_NONE && fill.alpha > 0.05) { /* a thick line is a bar */
        double half = line_width(item, &matrix) / 2;
        bool level = fabs(corners[0][1] - corners[1][1]) < NEAR;
        bool upright = fabs(corners[0][0] - corners[1][0]) < NEAR;

        if (half < 0.25 || level == upright)
            return;
        take_colour(cover, &fill);
        cover->exact = true;
        cover->extent = hull(corners, n);
        cover->extent.x0 -= upright ? half : 0;
        cover->extent.x1 += upright ? half : 0;
        cover->extent.y0 -= level ? half : 0;
        cover->extent.y1 += level ? half : 0;
        cover->extent = extent_move(cover->extent, item->x, item->y);
    }
}

/* Can a picture be seen through?  Its head tells for JPEG and BMP, and mostly for PNG. */
static bool may_see_through(struct span file)
{
    static const unsigned char png[] = "\x89PNG\r\n\x1a\n";

    if (file.len > 3 &&
        (memcmp(file.data, "\xff\xd8\xff", 3) == 0 || memcmp(file.data, "BM", 2) == 0))
        return false;
    if (file.len < 33 || memcmp(file.data, png, 8) != 0)
        return true;
    if (file.data[25] == 4 || file.data[25] == 6) /* IHDR: grey or colour with alpha */
        return true;
    for (size_t at = 33; at + 8 <= file.len;) { /* chunks before the pixels */
        size_t n = (size_t)file.data[at] << 24 | (size_t)file.data[at + 1] << 16 |
                   (size_t)file.data[at + 2] << 8 | file.data[at + 3];

        if (memcmp(file.data + at + 4, "tRNS", 4) == 0)
            return true;
        if (memcmp(file.data + at + 4, "IDAT", 4) == 0 || n > file.len)
            break;
        at += n + 12;
    }
    return false;
}

static struct scene_picture *find_picture(const struct scene_book *book, unsigned id)
{
    size_t low = 0, high = book->n_pictures;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (book->pictures[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < book->n_pictures && book->pictures[low].id == id ? &book->pictures[low] : NULL;
}

static bool picture_see_through(const struct scene *scene, unsigned id)
{
    struct scene_picture *picture = find_picture(scene->book, id);
    struct err ignored = ERR_INIT;
    struct span file = {NULL, 0};

    if (!picture || picture->member < 0)
        return true; /* shows nothing at all */
    if (!picture->known) {
        picture->known = true;
        picture->see_through = zipfile_read(scene->book->ofd->zip, (size_t)picture->member, &file,
                                            &ignored) != RC_OK ||
                               may_see_through(file);
    }
    return picture->see_through;
}

static bool invert(const struct matrix *m, struct matrix *out)
{
    double det = m->a * m->d - m->b * m->c;

    if (!(fabs(det) > 1e-9))
        return false;
    *out = (struct matrix){m->d / det,
                           -m->b / det,
                           -m->c / det,
                           m->a / det,
                           (m->c * m->f - m->d * m->e) / det,
                           (m->b * m->e - m->a * m->f) / det};
    return true;
}

/* 10: a picture is the unit square, which the matrix gives its size. */
static void cover_by_image(const struct scene *scene, const struct scene_item *item,
                           struct scene_cover *cover)
{
    struct matrix matrix = scene_matrix(item);
    unsigned id = 0;

    (void)ofd_unsigned(xmlel_attr(item->el, "ResourceID"), &id);
    cover->exact = true;
    cover->extent = item->clipped;
    if (xmlel_attr(item->el, "CTM")) {
        matrix.e += item->x;
        matrix.f += item->y;
        cover->extent =
            extent_meet(cover->extent, extent_map(&matrix, (struct extent){0, 0, 1, 1}));
        cover->turned =
            (fabs(matrix.b) > 1e-6 || fabs(matrix.c) > 1e-6) && invert(&matrix, &cover->to_unit);
    }
    cover->kind = alpha_of(item->el) < OPAQUE || xmlel_attr(item->el, "ImageMask") ||
                          picture_see_through(scene, id)
                      ? COVER_MAYBE
                      : COVER_OPAQUE;
}

struct scene_cover scene_cover(const struct scene *scene, const struct scene_item *item)
{
    struct scene_cover cover = {.kind = COVER_NOT};

    if (item->invisible || item->kind == SCENE_TEXT || alpha_of(item->el) < 0.05)
        return cover;
    if (item->kind == SCENE_PATH)
        cover_by_path(scene, item, &cover);
    else if (item->kind == SCENE_IMAGE)
        cover_by_image(scene, item, &cover);
    else
        cover = (struct scene_cover){.kind = COVER_MAYBE, .extent = item->clipped};
    if (xmlel_child(item->el, "Clips"))
        cover.exact = false;
    cover.extent = extent_meet(cover.extent, item->clipped);
    if (extent_is_empty(cover.extent))
        cover.kind = COVER_NOT;
    return cover;
}

void scene_cover_clear(struct scene_cover *cover)
{
    scene_outline_free(cover->outline);
    cover->outline = NULL;
}

bool scene_covers(const struct scene_cover *cover, double x, double y)
{
    const struct matrix *m = &cover->to_unit;
    double u, v;

    if (x < cover->extent.x0 || x > cover->extent.x1 || y < cover->extent.y0 ||
        y > cover->extent.y1)
        return false;
    if (cover->outline)
        return scene_outline_holds(cover->outline, x, y);
    if (!cover->turned)
        return true;
    u = m->a * x + m->c * y + m->e;
    v = m->b * x + m->d * y + m->f;
    return u >= 0 && u <= 1 && v >= 0 && v <= 1;
}
