/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is inside of a filled path, GB/T 33190-2016 9.3: straight lines and Bézier
 * curves, these as eight straight pieces.  Arcs are left: where one is, nothing is said.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_scene.h"

enum { PIECES = 8, POINTS_MAX = 100000 };

struct loop { /* one closed line */
    size_t from, n;
    struct extent box;
};

struct scene_outline {
    double (*points)[2];
    size_t n_points;
    struct loop *loops;
    size_t n_loops;
    bool even_odd;
};

void scene_outline_free(struct scene_outline *outline)
{
    if (!outline)
        return;
    free(outline->points);
    free(outline->loops);
    free(outline);
}

static void add_point(struct scene_outline *out, const double *at)
{
    struct loop *loop = &out->loops[out->n_loops - 1];
    double *point = *OFD_ADD(out->points, out->n_points);

    point[0] = at[0];
    point[1] = at[1];
    loop->box = (struct extent){fmin(loop->box.x0, at[0]), fmin(loop->box.y0, at[1]),
                                fmax(loop->box.x1, at[0]), fmax(loop->box.y1, at[1])};
    loop->n++;
}

static void begin_loop(struct scene_outline *out)
{
    struct loop *loop = OFD_ADD(out->loops, out->n_loops);

    *loop = (struct loop){.from = out->n_points, .box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
}

/* n points after where one is: a curve of that degree. */
static void add_curve(struct scene_outline *out, double (*p)[2], size_t n)
{
    for (int i = 1; i <= PIECES; i++) {
        double work[4][2], t = (double)i / PIECES;

        memcpy(work, p, (n + 1) * sizeof(work[0]));
        for (size_t left = n; left > 0; left--) { /* de Casteljau */
            for (size_t k = 0; k < left; k++) {
                work[k][0] += (work[k + 1][0] - work[k][0]) * t;
                work[k][1] += (work[k + 1][1] - work[k][1]) * t;
            }
        }
        add_point(out, work[0]);
    }
}

static size_t degree_of(char letter)
{
    return letter == 'B' ? 3 : letter == 'Q' ? 2 : 1;
}

/* Reads one command's points behind p[0]; false for what is none. */
static bool read_points(const char **data, const struct matrix *by, double (*p)[2], size_t n)
{
    for (size_t i = 1; i <= n; i++) {
        double x, y;

        if (!scene_number(data, &x) || !scene_number(data, &y))
            return false;
        p[i][0] = by->a * x + by->c * y + by->e;
        p[i][1] = by->b * x + by->d * y + by->f;
    }
    return true;
}

static bool read_outline(const char *data, const struct matrix *by, struct scene_outline *out)
{
    double p[4][2] = {{0}};

    for (;;) {
        size_t n;
        char letter;

        data += strspn(data, " \t\r\n,");
        letter = *data;
        if (!letter)
            return out->n_loops > 0;
        if (!strchr("MSLQBC", letter) || out->n_points > POINTS_MAX)
            return false;
        data++;
        if (letter == 'C')
            continue;
        n = degree_of(letter);
        if (!read_points(&data, by, p, n))
            return false;
        if (letter == 'M' || letter == 'S' || out->n_loops == 0)
            begin_loop(out);
        if (n == 1)
            add_point(out, p[1]);
        else
            add_curve(out, p, n);
        memcpy(p[0], p[n], sizeof(p[0]));
    }
}

struct scene_outline *scene_outline(const struct scene_item *item)
{
    const char *data = xmlel_child_text(item->el, "AbbreviatedData");
    const char *rule = xmlel_attr(item->el, "Rule");
    struct matrix matrix = scene_matrix(item);
    size_t n = 0;
    struct scene_outline *out = ofd_grow(NULL, &n, sizeof(*out));

    matrix.e += item->x;
    matrix.f += item->y;
    out->even_odd = rule && strcmp(rule, "Even-Odd") == 0;
    if (data && read_outline(data, &matrix, out))
        return out;
    scene_outline_free(out);
    return NULL;
}

size_t scene_outline_cost(const struct scene_outline *outline)
{
    return outline ? outline->n_loops + outline->n_points / 4 : 0;
}

/* How often, and to which side, the closed line runs round the point. */
static int winding(const struct scene_outline *outline, const struct loop *loop, double x, double y)
{
    int times = 0;

    for (size_t i = 0; i < loop->n; i++) {
        const double *a = outline->points[loop->from + i];
        const double *b = outline->points[loop->from + (i + 1) % loop->n];
        double side = (b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1]);

        if (a[1] <= y && b[1] > y && side > 0)
            times++;
        else if (a[1] > y && b[1] <= y && side < 0)
            times--;
    }
    return times;
}

bool scene_outline_holds(const struct scene_outline *outline, double x, double y)
{
    int times = 0;

    for (size_t i = 0; i < outline->n_loops; i++) {
        const struct loop *loop = &outline->loops[i];

        if (x >= loop->box.x0 && x <= loop->box.x1 && y >= loop->box.y0 && y <= loop->box.y1)
            times += winding(outline, loop, x, y);
    }
    return outline->even_odd ? times % 2 != 0 : times != 0;
}
