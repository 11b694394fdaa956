/* SPDX-License-Identifier: Apache-2.0 */
/* Cubic outlines to a TrueType font: glyf, loca, hmtx, maxp, head of ISO/IEC 14496-22. */
#include "formats/face/font_quadratic.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "core/base/mem.h"

/* Font units that a curve may move, as other converters allow; an em has 1,000. */
#define TOLERANCE 1.0
#define PIECES_MAX 16

struct point {
    int x, y;
    bool on; /* on the curve, else a control point */
};

/* One glyph while it is taken down: the points of all contours, and each contour's first. */
struct outline {
    struct point *points;
    size_t n, capacity;
    size_t *starts;
    size_t n_starts, starts_capacity;
};

struct limits {
    int x_min, y_min, x_max, y_max;
};

/* The tables being written. */
struct tables {
    struct buf glyf, loca, hmtx;
    size_t points_max, contours_max;
    struct limits all;
};

static void outline_clear(struct outline *outline)
{
    free(outline->points);
    free(outline->starts);
}

static void tables_clear(struct tables *tables)
{
    buf_clear(&tables->glyf);
    buf_clear(&tables->loca);
    buf_clear(&tables->hmtx);
}

static void add_point(struct outline *outline, double x, double y, bool on)
{
    if (outline->n == outline->capacity) {
        outline->capacity = outline->capacity ? outline->capacity * 2 : 256;
        outline->points = mem_resize(outline->points, outline->capacity * sizeof(*outline->points));
    }
    outline->points[outline->n++] =
        (struct point){.x = (int)lround(x), .y = (int)lround(y), .on = on};
}

static void draw_move(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x, float y,
                      void *user)
{
    struct outline *outline = data;

    (void)funcs, (void)state, (void)user;
    if (outline->n_starts == outline->starts_capacity) {
        outline->starts_capacity = outline->starts_capacity ? outline->starts_capacity * 2 : 32;
        outline->starts =
            mem_resize(outline->starts, outline->starts_capacity * sizeof(*outline->starts));
    }
    outline->starts[outline->n_starts++] = outline->n;
    add_point(outline, (double)x, (double)y, true);
}

static void draw_line(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x, float y,
                      void *user)
{
    (void)funcs, (void)state, (void)user;
    add_point(data, (double)x, (double)y, true);
}

static void draw_quadratic(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float cx,
                           float cy, float x, float y, void *user)
{
    (void)funcs, (void)state, (void)user;
    add_point(data, (double)cx, (double)cy, false);
    add_point(data, (double)x, (double)y, true);
}

/*
 * The best quadratic of a cubic p0 p1 p2 p3 has the control point
 * (3(p1 + p2) - p0 - p3) / 4 and is off by at most sqrt(3)/36 |p3 - 3 p2 + 3 p1 - p0|;
 * cut into n pieces of equal parameter length that shrinks by n cubed.
 */
static int pieces_of(const double x[4], const double y[4])
{
    double dx = x[3] - 3 * x[2] + 3 * x[1] - x[0];
    double dy = y[3] - 3 * y[2] + 3 * y[1] - y[0];
    double n = ceil(cbrt(hypot(dx, dy) * sqrt(3) / 36 / TOLERANCE));

    return n < 1 ? 1 : n > PIECES_MAX ? PIECES_MAX : (int)n;
}

static double at(const double p[4], double t)
{
    double s = 1 - t;

    return s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3];
}

/* The control point of the piece between t and u, from the cubic's values and slopes there. */
static double control(const double p[4], double t, double u)
{
    double a = at(p, t), b = at(p, u);
    double slope_a = 3 * ((1 - t) * (1 - t) * (p[1] - p[0]) + 2 * (1 - t) * t * (p[2] - p[1]) +
                          t * t * (p[3] - p[2]));
    double slope_b = 3 * ((1 - u) * (1 - u) * (p[1] - p[0]) + 2 * (1 - u) * u * (p[2] - p[1]) +
                          u * u * (p[3] - p[2]));
    double third = (u - t) / 3;

    return (3 * (a + slope_a * third + b - slope_b * third) - a - b) / 4;
}

static void draw_cubic(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float ax,
                       float ay, float bx, float by, float to_x, float to_y, void *user)
{
    const double x[4] = {(double)state->current_x, (double)ax, (double)bx, (double)to_x};
    const double y[4] = {(double)state->current_y, (double)ay, (double)by, (double)to_y};
    int n = pieces_of(x, y);

    (void)funcs, (void)user;
    for (int i = 0; i < n; i++) {
        double t = (double)i / n, u = (double)(i + 1) / n;

        add_point(data, control(x, t, u), control(y, t, u), false);
        add_point(data, at(x, u), at(y, u), true);
    }
}

/* A point on the curve half-way between two control points need not be stored. */
static bool is_implied(const struct point *p, const struct point *before, const struct point *after)
{
    return p->on && !before->on && !after->on && abs(2 * p->x - before->x - after->x) <= 1 &&
           abs(2 * p->y - before->y - after->y) <= 1;
}

/*
 * Brings one contour into TrueType's form at `to`: the other direction (the inside
 * lies to the right), not closed by a repeated point, implied points left out.
 */
static size_t tidy_contour(const struct point *from, size_t n, struct point *to)
{
    size_t kept = 0;

    while (n > 1 && from[n - 1].on && from[n - 1].x == from[0].x && from[n - 1].y == from[0].y)
        n--;
    if (n < 3)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const struct point *p = &from[i ? n - i : 0];
        const struct point *before = &from[i > 1 ? n - i + 1 : 0];
        const struct point *after = &from[n - 1 - i];

        if (i && is_implied(p, before, after))
            continue;
        if (kept && p->on && to[kept - 1].on && p->x == to[kept - 1].x && p->y == to[kept - 1].y)
            continue;
        to[kept++] = *p;
    }
    return kept;
}

static enum rc put16(struct buf *buf, int value, struct err *err)
{
    unsigned char bytes[2] = {(unsigned char)((unsigned)value >> 8), (unsigned char)value};

    return buf_add(buf, bytes, sizeof(bytes), err);
}

static enum rc put32(struct buf *buf, size_t value, struct err *err)
{
    TRY(put16(buf, (int)(value >> 16), err));
    return put16(buf, (int)(value & 0xffff), err);
}

enum { ON = 1, X_BYTE = 2, Y_BYTE = 4, REPEAT = 8, X_SAME = 16, Y_SAME = 32 };

static unsigned char flag_of(const struct point *p, const struct point *last)
{
    int dx = p->x - last->x, dy = p->y - last->y;
    int flag = p->on ? ON : 0;

    if (dx == 0)
        flag |= X_SAME;
    else if (abs(dx) < 256)
        flag |= X_BYTE | (dx > 0 ? X_SAME : 0);
    if (dy == 0)
        flag |= Y_SAME;
    else if (abs(dy) < 256)
        flag |= Y_BYTE | (dy > 0 ? Y_SAME : 0);
    return (unsigned char)flag;
}

static enum rc put_flags(struct buf *glyf, const struct point *points, size_t n, struct err *err)
{
    struct point last = {0};
    unsigned char run[2] = {0, 0}; /* flag, how often more */
    bool open = false;

    for (size_t i = 0; i <= n; i++) {
        unsigned char flag = i < n ? flag_of(&points[i], &last) : 0;

        if (open && i < n && flag == run[0] && run[1] < 255) {
            run[1]++;
        } else {
            if (open) {
                unsigned char bytes[2] = {(unsigned char)(run[0] | (run[1] ? REPEAT : 0)), run[1]};

                TRY(buf_add(glyf, bytes, run[1] ? 2 : 1, err));
            }
            run[0] = flag, run[1] = 0, open = true;
        }
        if (i < n)
            last = points[i];
    }
    return RC_OK;
}

static enum rc put_delta(struct buf *glyf, int delta, struct err *err)
{
    unsigned char byte = (unsigned char)abs(delta);

    if (delta == 0)
        return RC_OK;
    if (abs(delta) < 256)
        return buf_add(glyf, &byte, 1, err);
    return put16(glyf, delta, err);
}

static struct limits limits_of(const struct point *points, size_t n)
{
    struct limits l = {points[0].x, points[0].y, points[0].x, points[0].y};

    for (size_t i = 1; i < n; i++) {
        l.x_min = points[i].x < l.x_min ? points[i].x : l.x_min;
        l.y_min = points[i].y < l.y_min ? points[i].y : l.y_min;
        l.x_max = points[i].x > l.x_max ? points[i].x : l.x_max;
        l.y_max = points[i].y > l.y_max ? points[i].y : l.y_max;
    }
    return l;
}

static void note_limits(struct tables *t, const struct limits *l)
{
    t->all.x_min = l->x_min < t->all.x_min ? l->x_min : t->all.x_min;
    t->all.y_min = l->y_min < t->all.y_min ? l->y_min : t->all.y_min;
    t->all.x_max = l->x_max > t->all.x_max ? l->x_max : t->all.x_max;
    t->all.y_max = l->y_max > t->all.y_max ? l->y_max : t->all.y_max;
}

/* Simple glyph description, ISO/IEC 14496-22 5.3.3: points are tidy, ends are of contours. */
static enum rc put_glyph(struct tables *t, const struct point *points, const size_t *ends,
                         size_t n_ends, struct err *err)
{
    size_t n = ends[n_ends - 1] + 1;
    struct limits l = limits_of(points, n);

    TRY(put16(&t->glyf, (int)n_ends, err));
    TRY(put16(&t->glyf, l.x_min, err));
    TRY(put16(&t->glyf, l.y_min, err));
    TRY(put16(&t->glyf, l.x_max, err));
    TRY(put16(&t->glyf, l.y_max, err));
    for (size_t i = 0; i < n_ends; i++)
        TRY(put16(&t->glyf, (int)ends[i], err));
    TRY(put16(&t->glyf, 0, err)); /* no instructions */
    TRY(put_flags(&t->glyf, points, n, err));
    for (size_t i = 0; i < n; i++)
        TRY(put_delta(&t->glyf, points[i].x - (i ? points[i - 1].x : 0), err));
    for (size_t i = 0; i < n; i++)
        TRY(put_delta(&t->glyf, points[i].y - (i ? points[i - 1].y : 0), err));
    while (t->glyf.len % 4)
        TRY(buf_add(&t->glyf, "", 1, err));
    note_limits(t, &l);
    if (n > t->points_max)
        t->points_max = n;
    if (n_ends > t->contours_max)
        t->contours_max = n_ends;
    return RC_OK;
}

/* Writes the outline, and sets where its ink begins: the side bearing that hmtx must repeat. */
static enum rc put_outline(struct tables *t, const struct outline *o, int *left, struct err *err)
{
    CLEANUP(freep) struct point *points = mem_zero(o->n, sizeof(*points));
    CLEANUP(freep) size_t *ends = mem_zero(o->n_starts, sizeof(*ends));
    size_t n = 0, n_ends = 0;

    *left = 0;
    for (size_t i = 0; i < o->n_starts; i++) {
        size_t stop = i + 1 < o->n_starts ? o->starts[i + 1] : o->n;
        size_t kept = tidy_contour(o->points + o->starts[i], stop - o->starts[i], points + n);

        n += kept;
        if (kept)
            ends[n_ends++] = n - 1;
    }
    if (!n)
        return RC_OK;
    *left = limits_of(points, n).x_min;
    return put_glyph(t, points, ends, n_ends, err);
}

static hb_draw_funcs_t *make_pen(void)
{
    hb_draw_funcs_t *pen = hb_draw_funcs_create();

    hb_draw_funcs_set_move_to_func(pen, draw_move, NULL, NULL);
    hb_draw_funcs_set_line_to_func(pen, draw_line, NULL, NULL);
    hb_draw_funcs_set_quadratic_to_func(pen, draw_quadratic, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(pen, draw_cubic, NULL, NULL);
    hb_draw_funcs_make_immutable(pen);
    return pen;
}

static enum rc put_glyphs(struct tables *t, hb_font_t *font, unsigned n_glyphs, struct err *err)
{
    CLEANUP(outline_clear) struct outline outline = {0};
    hb_draw_funcs_t *pen = make_pen();
    enum rc rc = RC_OK;

    for (unsigned glyph = 0; glyph < n_glyphs && rc == RC_OK; glyph++) {
        int left = 0;

        outline.n = outline.n_starts = 0;
        hb_font_get_glyph_shape(font, glyph, pen, &outline);
        rc = put32(&t->loca, t->glyf.len, err);
        if (rc == RC_OK)
            rc = put_outline(t, &outline, &left, err);
        if (rc == RC_OK)
            rc = put16(&t->hmtx, hb_font_get_glyph_h_advance(font, glyph), err);
        if (rc == RC_OK)
            rc = put16(&t->hmtx, left, err);
    }
    hb_draw_funcs_destroy(pen);
    TRY(rc);
    return put32(&t->loca, t->glyf.len, err);
}

static void set16(unsigned char *table, size_t offset, int value)
{
    table[offset] = (unsigned char)((unsigned)value >> 8);
    table[offset + 1] = (unsigned char)value;
}

static void add_table(hb_face_t *builder, hb_tag_t tag, const void *bytes, size_t n)
{
    hb_blob_t *blob = hb_blob_create(bytes, (unsigned)n, HB_MEMORY_MODE_DUPLICATE, NULL, NULL);

    hb_face_builder_add_table(builder, tag, blob);
    hb_blob_destroy(blob);
}

#define HEAD_SIZE 54
#define HHEA_SIZE 36
#define MAXP_SIZE 32

static enum rc copy_table(hb_face_t *from, hb_tag_t tag, unsigned char *out, unsigned n,
                          struct err *err)
{
    hb_blob_t *blob = hb_face_reference_table(from, tag);
    unsigned len;
    const char *bytes = hb_blob_get_data(blob, &len);
    bool whole = len >= n;

    if (whole)
        memcpy(out, bytes, n);
    hb_blob_destroy(blob);
    return whole ? RC_OK : err_set(err, RC_SYSTEM, "ISO/IEC 14496-22 5.2: a table is missing");
}

static enum rc add_changed(hb_face_t *builder, hb_face_t *from, const struct tables *t,
                           unsigned n_glyphs, struct err *err)
{
    unsigned char head[HEAD_SIZE], hhea[HHEA_SIZE], maxp[MAXP_SIZE] = {0, 1, 0, 0};

    TRY(copy_table(from, HB_TAG('h', 'e', 'a', 'd'), head, sizeof(head), err));
    TRY(copy_table(from, HB_TAG('h', 'h', 'e', 'a'), hhea, sizeof(hhea), err));
    set16(head, 16, 2); /* lsb at x = 0; no other promise, since there are no instructions */
    set16(head, 36, t->all.x_min);
    set16(head, 38, t->all.y_min);
    set16(head, 40, t->all.x_max);
    set16(head, 42, t->all.y_max);
    set16(head, 50, 1); /* long offsets in loca */
    set16(head, 52, 0);
    set16(hhea, 34, (int)n_glyphs);
    set16(maxp, 4, (int)n_glyphs);
    set16(maxp, 6, (int)t->points_max);
    set16(maxp, 8, (int)t->contours_max);
    set16(maxp, 14, 2); /* zones */
    add_table(builder, HB_TAG('h', 'e', 'a', 'd'), head, sizeof(head));
    add_table(builder, HB_TAG('h', 'h', 'e', 'a'), hhea, sizeof(hhea));
    add_table(builder, HB_TAG('m', 'a', 'x', 'p'), maxp, sizeof(maxp));
    return RC_OK;
}

static void add_kept(hb_face_t *builder, hb_face_t *from)
{
    static const hb_tag_t tags[] = {HB_TAG('c', 'm', 'a', 'p'), HB_TAG('n', 'a', 'm', 'e'),
                                    HB_TAG('O', 'S', '/', '2'), HB_TAG('p', 'o', 's', 't')};

    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
        hb_blob_t *blob = hb_face_reference_table(from, tags[i]);

        hb_face_builder_add_table(builder, tags[i], blob);
        hb_blob_destroy(blob);
    }
}

enum rc font_quadratic(hb_face_t *cubic, hb_blob_t **out, struct err *err)
{
    CLEANUP(tables_clear)
    struct tables t = {
        .glyf = BUF_INIT(LIMIT_FONT), .loca = BUF_INIT(LIMIT_FONT), .hmtx = BUF_INIT(LIMIT_FONT)};
    unsigned n_glyphs = hb_face_get_glyph_count(cubic);
    hb_font_t *font = hb_font_create(cubic);
    enum rc rc = put_glyphs(&t, font, n_glyphs, err);
    hb_face_t *builder;

    hb_font_destroy(font);
    TRY(rc);
    builder = hb_face_builder_create();
    rc = add_changed(builder, cubic, &t, n_glyphs, err);
    if (rc == RC_OK) {
        add_kept(builder, cubic);
        add_table(builder, HB_TAG('g', 'l', 'y', 'f'), t.glyf.data, t.glyf.len);
        add_table(builder, HB_TAG('l', 'o', 'c', 'a'), t.loca.data, t.loca.len);
        add_table(builder, HB_TAG('h', 'm', 't', 'x'), t.hmtx.data, t.hmtx.len);
        *out = hb_face_reference_blob(builder);
    }
    hb_face_destroy(builder);
    return rc;
}
