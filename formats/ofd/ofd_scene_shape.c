/* SPDX-License-Identifier: Apache-2.0 */
/* Where objects of a page lie: GB/T 33190-2016 8.3 (boundaries, matrices, clips), 9, 11. */
#include <math.h>
#include <string.h>

#include "core/base/utf8.h"
#include "formats/ofd/ofd_scene.h"

bool extent_is_empty(struct extent extent)
{
    return !(extent.x1 > extent.x0 && extent.y1 > extent.y0);
}

struct extent extent_of_box(struct box box)
{
    double x = (double)box.x / UM_PER_MM, y = (double)box.y / UM_PER_MM;

    return (struct extent){x, y, x + (double)box.w / UM_PER_MM, y + (double)box.h / UM_PER_MM};
}

struct extent extent_meet(struct extent a, struct extent b)
{
    return (struct extent){fmax(a.x0, b.x0), fmax(a.y0, b.y0), fmin(a.x1, b.x1), fmin(a.y1, b.y1)};
}

struct extent extent_move(struct extent extent, double x, double y)
{
    return (struct extent){extent.x0 + x, extent.y0 + y, extent.x1 + x, extent.y1 + y};
}

static void map(const struct matrix *by, double *x, double *y)
{
    double from = *x;

    *x = by->a * from + by->c * *y + by->e;
    *y = by->b * from + by->d * *y + by->f;
}

static const struct extent nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static void include(struct extent *extent, double x, double y)
{
    *extent = (struct extent){fmin(extent->x0, x), fmin(extent->y0, y), fmax(extent->x1, x),
                              fmax(extent->y1, y)};
}

static void unite(struct extent *extent, struct extent other)
{
    *extent = (struct extent){fmin(extent->x0, other.x0), fmin(extent->y0, other.y0),
                              fmax(extent->x1, other.x1), fmax(extent->y1, other.y1)};
}

struct extent extent_map(const struct matrix *by, struct extent extent)
{
    struct extent out = nothing;

    for (int i = 0; i < 4; i++) {
        double x = i & 1 ? extent.x1 : extent.x0, y = i & 2 ? extent.y1 : extent.y0;

        map(by, &x, &y);
        include(&out, x, y);
    }
    return out;
}

static double digits(const char **text, size_t *n)
{
    double value = 0;

    for (; **text >= '0' && **text <= '9'; (*text)++, (*n)++)
        value = value * 10 + (**text - '0');
    return value;
}

bool scene_number(const char **text, double *out)
{
    const char *p = *text + strspn(*text, " \t\r\n,");
    bool minus = *p == '-';
    size_t whole = 0, decimals = 0, power = 0;
    double value;

    p += *p == '-' || *p == '+';
    value = digits(&p, &whole);
    if (*p == '.') {
        p++;
        value += digits(&p, &decimals) / pow(10, (double)decimals);
    }
    if (whole + decimals == 0 || decimals > 300)
        return false;
    if ((*p == 'e' || *p == 'E') && p[1]) {
        bool down = p[1] == '-';
        const char *q = p + 1 + (p[1] == '-' || p[1] == '+');
        double exponent = digits(&q, &power);

        if (power > 0 && power < 4) {
            value *= pow(10, down ? -exponent : exponent);
            p = q;
        }
    }
    if (!isfinite(value))
        return false;
    *out = minus ? -value : value;
    *text = p;
    return true;
}

bool scene_numbers(const char *text, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!text || !scene_number(&text, &out[i]))
            return false;
    }
    return true;
}

struct matrix scene_matrix(const struct scene_item *item)
{
    double n[6];

    if (!scene_numbers(xmlel_attr(item->el, "CTM"), n, 6))
        return MATRIX_NONE;
    return (struct matrix){n[0], n[1], n[2], n[3], n[4], n[5]};
}

/* A list of distances, 11.3: "3 g 4 2.5" is 3 2.5 2.5 2.5 2.5.  More than there are: the last. */
struct steps {
    const char *text;
    double repeated;
    size_t repeats;
};

static bool next_step(struct steps *steps, double *out)
{
    double n = 0;

    if (steps->repeats == 0) {
        const char *p = steps->text ? steps->text + strspn(steps->text, " \t\r\n,") : "";

        if (*p == 'g') {
            p++;
            if (!scene_number(&p, &n) || n < 1 || n > 1e6 || !scene_number(&p, &steps->repeated))
                return false;
            steps->repeats = (size_t)n;
        } else {
            if (!scene_number(&p, &steps->repeated))
                return false;
            steps->repeats = 1;
        }
        steps->text = p;
    }
    steps->repeats--;
    *out = steps->repeated;
    return true;
}

/* One TextCode's characters, each a square on the line; blanks draw nothing. */
static void include_code(struct extent *ink, const struct xmlel *code, double size, double wide)
{
    struct steps right = {.text = xmlel_attr(code, "DeltaX")};
    struct steps down = {.text = xmlel_attr(code, "DeltaY")};
    const char *text = xmlel_text_raw(code), *xs = xmlel_attr(code, "X"),
               *ys = xmlel_attr(code, "Y");
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);
    double x = 0, y = 0;
    bool falls = down.text != NULL;

    if (xs)
        (void)scene_number(&xs, &x);
    if (ys)
        (void)scene_number(&ys, &y);
    while (p < end) {
        uint32_t c = utf8_next(&p, end);
        double width = (c < 0x80 ? 0.5 : 1) * size * wide, step = 0;

        if (c == '\r' || c == '\n' || c == '\t')
            continue;
        if (c != ' ' && c != 0x3000) {
            include(ink, x, y - 0.8 * size);
            include(ink, x + width, y + 0.15 * size);
        }
        if (next_step(&right, &step))
            x += step;
        else if (!falls)
            x += width;
        if (next_step(&down, &step))
            y += step;
    }
}

struct extent scene_text_ink(const struct scene_item *item, double *size)
{
    const char *given = xmlel_attr(item->el, "Size"), *scale = xmlel_attr(item->el, "HScale");
    struct matrix matrix = scene_matrix(item);
    struct extent ink = nothing;
    double points = 0, wide = 1;

    if (given)
        (void)scene_number(&given, &points);
    if (scale)
        (void)scene_number(&scale, &wide);
    for (const struct xmlel *code = xmlel_child(item->el, "TextCode"); code;
         code = xmlel_same(code))
        include_code(&ink, code, points, wide);
    *size = points * sqrt(fabs(matrix.a * matrix.d - matrix.b * matrix.c));
    if (xmlel_attr(item->el, "CharDirection") || xmlel_attr(item->el, "ReadDirection"))
        ink = (struct extent){ink.x0 - points, ink.y0 - points, ink.x1 + points, ink.y1 + points};
    if (extent_is_empty(ink))
        return ink;
    return extent_move(extent_map(&matrix, ink), item->x, item->y);
}

/* The points of a path, control points of its curves among them. */
static struct extent path_extent(const struct xmlel *path, const struct matrix *by)
{
    const char *data = xmlel_child_text(path, "AbbreviatedData");
    struct extent out = nothing;

    while (data && *data) {
        double x, y;

        if (!scene_number(&data, &x)) {
            data += strspn(data, " \t\r\n,");
            data += *data != '\0'; /* a letter: which kind of line */
        } else if (scene_number(&data, &y)) {
            map(by, &x, &y);
            include(&out, x, y);
        }
    }
    return out;
}

/* Areas of one clip add up; several clips cut one after another. */
static struct extent area_extent(const struct xmlel *area, const struct matrix *by)
{
    const struct xmlel *path = xmlel_child(area, "Path");
    struct matrix own = *by;
    double n[6];
    struct extent out;

    if (!path) /* cut to the shape of a text: where that is cannot be said here */
        return (struct extent){-INFINITY, -INFINITY, INFINITY, INFINITY};
    if (scene_numbers(xmlel_attr(area, "CTM"), n, 6))
        own = (struct matrix){n[0], n[1], n[2], n[3], n[4], n[5]};
    out = path_extent(path, &own);
    if (scene_numbers(xmlel_attr(path, "Boundary"), n, 4))
        out = extent_move(out, n[0], n[1]);
    return out;
}

static bool meet_clips(const struct scene_item *item, const struct matrix *by, struct extent *out)
{
    const struct xmlel *clip = xmlel_child(xmlel_child(item->el, "Clips"), "Clip");
    bool any = false;

    *out = (struct extent){-INFINITY, -INFINITY, INFINITY, INFINITY};
    for (; clip; clip = xmlel_same(clip)) {
        const struct xmlel *area = xmlel_child(clip, "Area");
        struct extent whole = nothing;

        for (; area; area = xmlel_same(area)) {
            struct extent one = area_extent(area, by);

            unite(&whole, one);
            any = true;
        }
        *out = extent_meet(*out, whole);
    }
    return any;
}

/* Whether CTM moves the clip along is read both ways in the field: what either shows, shows. */
bool scene_clip(const struct scene_item *item, struct extent *out)
{
    struct matrix matrix = scene_matrix(item), none = MATRIX_NONE;
    struct extent other;

    if (!meet_clips(item, &none, out))
        return false;
    (void)meet_clips(item, &matrix, &other);
    if (extent_is_empty(*out))
        *out = nothing;
    if (!extent_is_empty(other))
        unite(out, other);
    *out = extent_move(*out, item->x, item->y);
    return true;
}
