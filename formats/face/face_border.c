/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames, lines and rectangles as paths.  The ornamental frame is the project's own:
 * a strong and a fine line, a chain of lozenges between them, a flower in each corner,
 * and a fine line with stepped corners inside.
 */
#include "core/base/decimal.h"
#include "formats/face/compose.h"

#define DATA_MAX ((size_t)1 << 20)

/* A point of path data, after its operator. */
static enum rc put(struct buf *data, const char *op, um x, um y, struct err *err)
{
    char dx[DECIMAL_MAX], dy[DECIMAL_MAX];

    decimal_put(x, dx);
    decimal_put(y, dy);
    return buf_addf(data, err, "%s%s%s %s", data->len ? " " : "", op, dx, dy);
}

static enum rc put_rect(struct buf *data, struct box b, struct err *err)
{
    TRY(put(data, "M ", b.x, b.y, err));
    TRY(put(data, "L ", b.x + b.w, b.y, err));
    TRY(put(data, "L ", b.x + b.w, b.y + b.h, err));
    TRY(put(data, "L ", b.x, b.y + b.h, err));
    return buf_puts(data, " C", err);
}

/* A lozenge about (x, y) of half width rx and half height ry. */
static enum rc put_lozenge(struct buf *data, struct box c, struct err *err)
{
    TRY(put(data, "M ", c.x - c.w, c.y, err));
    TRY(put(data, "L ", c.x, c.y - c.h, err));
    TRY(put(data, "L ", c.x + c.w, c.y, err));
    TRY(put(data, "L ", c.x, c.y + c.h, err));
    return buf_puts(data, " C", err);
}

static void add_path(struct page *page, struct box box, um line_width, struct colour colour,
                     struct buf *data)
{
    struct page_path *path = &page_add(page, PAGE_PATH)->path;

    path->box = box;
    path->line_width = line_width;
    path->filled = line_width == 0;
    path->stroke = path->fill = colour;
    path->data = buf_take(data, NULL);
}

static struct box inset(struct box box, um by)
{
    return (struct box){box.x + by, box.y + by, box.w - 2 * by, box.h - 2 * by};
}

/* Large and small lozenges in turn along one side of the band; along is the side's length. */
static enum rc put_chain(struct buf *data, struct box whole, um band, int side, struct err *err)
{
    bool upright = side % 2;
    um along = (upright ? whole.h : whole.w) - 2 * band;
    um n = along / (band * 3 / 2), across = band / 2;

    for (um i = 0; i <= 2 * n; i++) {
        um at = band + (um)((int64_t)along * i / (2 * (n ? n : 1)));
        um large = i % 2 ? band / 2 : band / 9, small = i % 2 ? band / 5 : band / 9;
        struct box c = {.x = upright ? across : at,
                        .y = upright ? at : across,
                        .w = upright ? small : large,
                        .h = upright ? large : small};

        if (i == 0 || i == 2 * n)
            continue; /* the corner's own */
        if (side == 1)
            c.x = whole.w - across;
        if (side == 2)
            c.y = whole.h - across;
        TRY(put_lozenge(data, c, err));
    }
    return RC_OK;
}

/* Four petals about the middle of a corner's square, each two curves from the middle and back. */
static enum rc put_flower(struct buf *data, um x, um y, um reach, struct err *err)
{
    static const int turns[4][2] = {{1, 1}, {1, -1}, {-1, -1}, {-1, 1}};

    for (int i = 0; i < 4; i++) {
        um dx = turns[i][0] * reach, dy = turns[i][1] * reach;

        TRY(put(data, "M ", x, y, err));
        TRY(put(data, "B ", x + dx, y, err));
        TRY(put(data, "", x + dx, y + dy / 2, err));
        TRY(put(data, "", x + dx, y + dy, err));
        TRY(put(data, "B ", x + dx / 2, y + dy, err));
        TRY(put(data, "", x, y + dy, err));
        TRY(put(data, "", x, y, err));
        TRY(buf_puts(data, " C", err));
    }
    return RC_OK;
}

/* A rectangle whose corners are stepped inwards by s. */
static enum rc put_stepped(struct buf *data, struct box b, um s, struct err *err)
{
    const um x[] = {b.x, b.x + s, b.x + b.w - s, b.x + b.w};
    const um y[] = {b.y, b.y + s, b.y + b.h - s, b.y + b.h};
    static const int steps[12][2] = {{1, 0}, {2, 0}, {2, 1}, {3, 1}, {3, 2}, {2, 2},
                                     {2, 3}, {1, 3}, {1, 2}, {0, 2}, {0, 1}, {1, 1}};

    for (int i = 0; i < 12; i++)
        TRY(put(data, i ? "L " : "M ", x[steps[i][0]], y[steps[i][1]], err));
    return buf_puts(data, " C", err);
}

static enum rc add_ornaments(struct page *page, const struct template_shape *shape, um band,
                             struct err *err)
{
    CLEANUP(buf_clear) struct buf data = BUF_INIT(DATA_MAX);
    um half = band / 2, reach = band * 2 / 5;
    const um x[2] = {half, shape->box.w - half}, y[2] = {half, shape->box.h - half};

    for (int side = 0; side < 4; side++)
        TRY(put_chain(&data, shape->box, band, side, err));
    for (int corner = 0; corner < 4; corner++)
        TRY(put_flower(&data, x[corner & 1], y[corner >> 1], reach, err));
    add_path(page, shape->box, 0, shape->colour, &data);
    return RC_OK;
}

static enum rc add_border(struct page *page, const struct template_shape *shape, struct err *err)
{
    CLEANUP(buf_clear) struct buf data = BUF_INIT(DATA_MAX);
    um shorter = shape->box.w < shape->box.h ? shape->box.w : shape->box.h;
    um band = shorter / 34, fine = shape->line_width / 2 ? shape->line_width / 2 : 1;
    struct box local = {0, 0, shape->box.w, shape->box.h};

    TRY(put_rect(&data, inset(local, shape->line_width), err));
    add_path(page, shape->box, 2 * shape->line_width, shape->colour, &data);
    TRY(add_ornaments(page, shape, band, err));
    TRY(put_rect(&data, inset(local, band), err));
    add_path(page, shape->box, fine, shape->colour, &data);
    TRY(put_stepped(&data, inset(local, band * 8 / 5), band, err));
    add_path(page, shape->box, fine, shape->colour, &data);
    return RC_OK;
}

/* A stroke lies half outside its line, and a reader may clip at the boundary: make room. */
static enum rc add_stroke(struct page *page, const struct template_shape *shape, struct err *err)
{
    CLEANUP(buf_clear) struct buf data = BUF_INIT(DATA_MAX);
    um room = shape->line_width;
    struct box outer = inset(shape->box, -room), local = {room, room, shape->box.w, shape->box.h};

    if (shape->kind == SHAPE_RECT) {
        TRY(put_rect(&data, local, err));
    } else {
        TRY(put(&data, "M ", room, room, err));
        TRY(put(&data, "L ", room + shape->box.w, room + shape->box.h, err));
    }
    add_path(page, outer, shape->line_width, shape->colour, &data);
    return RC_OK;
}

enum rc compose_shape(struct page *page, const struct template_shape *shape, struct err *err)
{
    if (shape->kind == SHAPE_BORDER)
        return add_border(page, shape, err);
    return add_stroke(page, shape, err);
}
