/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that is there and cannot be seen: under something, outside, invisible, in the
 * colour of what it stands on, too small.  Judged by boxes, colours and alpha; a picture
 * is asked only whether it can be seen through at all.  What cannot be said is not said.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_scene.h"
#include "formats/ofd/ofd_verify_priv.h"

#define LEGIBLE 0.5          /* mm: smaller characters are dots; the smallest print has 1.5 */
#define TRANSPARENT 0.05     /* alpha up to which nothing is seen */
#define CLOSE 24.0           /* of 255: colours that no eye tells apart in print */
#define FAINT 12.0           /* the same, of a colour that is see-through besides */
#define INSET 0.1            /* mm by which a text may stand out of what hides it */
#define COMPARISONS 50000000 /* texts with covers, of one file */

enum why {
    WHY_COVERED,
    WHY_UNDER_PICTURE,
    WHY_OFF_PAGE,
    WHY_OFF_FRAME,
    WHY_INVISIBLE,
    WHY_TRANSPARENT,
    WHY_COLOUR,
    WHY_SIZE,
    WHY_NO_PAINT,
    WHY_ANNOTATION,
    WHYS,
    WHY_SHOWN
};

static const char *const codes[WHYS] = {
    [WHY_COVERED] = "LAY301",   [WHY_UNDER_PICTURE] = "LAY302", [WHY_OFF_PAGE] = "LAY303",
    [WHY_OFF_FRAME] = "LAY304", [WHY_INVISIBLE] = "LAY305",     [WHY_TRANSPARENT] = "LAY306",
    [WHY_COLOUR] = "LAY307",    [WHY_SIZE] = "LAY308",          [WHY_NO_PAINT] = "LAY309",
    [WHY_ANNOTATION] = "LAY311"};

/* Texts of one page that are hidden for one reason: told in one finding. */
struct told {
    size_t n;
    long member;
    struct buf texts, objects;
};
enum { TOLD_TEXTS = 3, TOLD_OBJECTS = 10, TOLD_CHARACTERS = 40 };

struct layer { /* something that covers, and its number in the order of drawing */
    size_t at;
    bool annotation, uncovered;
    size_t cost; /* of asking it about a point */
    struct scene_cover cover;
};

struct looker {
    struct ofd_case *at;
    struct scene *scene;
    struct layer *layers;
    size_t n_layers;
    const struct layer **near; /* those that meet the text that is looked at, from below */
    size_t n_near;
    size_t *left; /* comparisons */
    struct told told[WHYS];
};

static void looker_clear(struct looker *looker)
{
    for (int i = 0; i < WHYS; i++) {
        buf_clear(&looker->told[i].texts);
        buf_clear(&looker->told[i].objects);
    }
    for (size_t i = 0; i < looker->n_layers; i++)
        scene_cover_clear(&looker->layers[i].cover);
    free(looker->near);
    free(looker->layers);
}

static void note_text(struct verification *out, struct told *told, const struct scene_item *item)
{
    struct err ignored = ERR_INIT;
    size_t length = 0, start;

    if (told->n >= TOLD_TEXTS)
        return;
    (void)!buf_puts(&told->texts, told->n ? " / " : "", &ignored);
    start = told->texts.len;
    for (const struct xmlel *code = xmlel_child(item->el, "TextCode"); code;
         code = xmlel_same(code)) {
        const char *text = xmlel_text(code);
        const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);

        while (p < end && length < TOLD_CHARACTERS) {
            const unsigned char *from = p;
            bool gap = utf8_next(&p, end) < ' '; /* the maker's indentation */

            length += !gap;
            (void)!buf_add(&told->texts, from, gap ? 0 : (size_t)(p - from), &ignored);
        }
        if (p < end) {
            (void)!buf_puts(&told->texts, "…", &ignored);
            break;
        }
    }
    if (item->own) /* the form under it names nobody */
        verification_add_personal(out, told->texts.data + start);
}

static void note(struct looker *looker, enum why why, const struct scene_item *item)
{
    struct told *told = &looker->told[why];
    struct err ignored = ERR_INIT;

    if (told->n == 0)
        told->member = item->member;
    note_text(looker->at->out, told, item);
    if (told->n < TOLD_OBJECTS)
        (void)!buf_addf(&told->objects, &ignored, "%s%u", told->n ? " " : "", item->id);
    told->n++;
}

static void tell(struct looker *looker)
{
    const struct ofd *ofd = looker->at->ofd;
    char page[16], n[24];

    (void)snprintf(page, sizeof(page), "%d", looker->scene->page);
    for (int why = 0; why < WHYS; why++) {
        const struct told *told = &looker->told[why];

        if (told->n == 0)
            continue;
        (void)snprintf(n, sizeof(n), "%zu", told->n);
        findings_add(&looker->at->out->findings, codes[why],
                     PLACE_PART(ofd_name(ofd, told->member)), "page", page, "n", n, "text",
                     told->texts.data, "objects", told->objects.data, NULL);
    }
}

static bool is_uncovered(const struct verification *out, const char *member)
{
    for (size_t i = 0; i < out->n_uncovered; i++) {
        if (strcmp(out->uncovered[i], member) == 0)
            return true;
    }
    return false;
}

static void find_layers(struct looker *looker)
{
    const struct scene *scene = looker->scene;
    long asked = OFD_NO_MEMBER;
    bool uncovered = false;

    for (size_t i = 0; i < scene->n; i++) {
        const struct scene_item *item = &scene->items[i];
        struct layer layer = {
            .at = i, .annotation = item->annotation, .cover = scene_cover(scene, item)};

        if (layer.cover.kind == COVER_NOT) {
            scene_cover_clear(&layer.cover);
            continue;
        }
        if (item->annotation && item->member != asked) {
            asked = item->member;
            uncovered = is_uncovered(looker->at->out, ofd_name(looker->at->ofd, asked));
        }
        layer.uncovered = item->annotation && uncovered;
        layer.cost = 1 + scene_outline_cost(layer.cover.outline);
        *OFD_ADD(looker->layers, looker->n_layers) = layer;
    }
    looker->near = mem_zero(looker->n_layers + 1, sizeof(struct layer *));
}

/* Ten points on a text stand for it. */
enum { ACROSS = 5, DOWN = 2 };

static double point_x(const struct extent *ink, int i)
{
    double inset = fmin(INSET, (ink->x1 - ink->x0) / 4);

    return ink->x0 + inset + (ink->x1 - ink->x0 - 2 * inset) * (i % ACROSS) / (ACROSS - 1);
}

static double point_y(const struct extent *ink, int i)
{
    return ink->y0 + (ink->y1 - ink->y0) * (i / ACROSS ? 0.75 : 0.25);
}

/* First of the layers drawn after number `at`. */
static size_t first_above(const struct looker *looker, size_t at)
{
    size_t low = 0, high = looker->n_layers;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (looker->layers[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool spend(const struct looker *looker, size_t n)
{
    if (*looker->left < n) {
        *looker->left = 0;
        return false;
    }
    *looker->left -= n;
    return true;
}

/* The layers from number `from` to `to` that meet the text; false: there is too much to ask. */
static bool find_near(struct looker *looker, size_t from, size_t to, const struct extent *ink)
{
    size_t cost = to - from;

    looker->n_near = 0;
    for (size_t k = from; k < to; k++) {
        const struct layer *layer = &looker->layers[k];

        if (extent_is_empty(extent_meet(layer->cover.extent, *ink)))
            continue;
        looker->near[looker->n_near++] = layer;
        cost += layer->cost * ACROSS * DOWN;
    }
    return spend(looker, cost);
}

/* What lies over the text at one point: the worst for who wants to read it. */
static enum why over_point(const struct looker *looker, double x, double y)
{
    enum why why = WHY_SHOWN;

    for (size_t k = 0; k < looker->n_near; k++) {
        const struct layer *layer = looker->near[k];

        if (!scene_covers(&layer->cover, x, y))
            continue;
        if (layer->uncovered)
            return WHY_ANNOTATION;
        if (!layer->cover.exact)
            continue;
        if (layer->cover.kind == COVER_OPAQUE)
            why = WHY_COVERED;
        else if (why == WHY_SHOWN && !layer->cover.is_colour)
            why = WHY_UNDER_PICTURE;
    }
    return why;
}

static enum why look_above(struct looker *looker, size_t at, const struct extent *ink)
{
    enum why all = WHY_SHOWN;

    if (!find_near(looker, first_above(looker, at), looker->n_layers, ink) || !looker->n_near)
        return WHY_SHOWN;
    for (int i = 0; i < ACROSS * DOWN; i++) {
        enum why why = over_point(looker, point_x(ink, i), point_y(ink, i));

        if (why == WHY_SHOWN || why == WHY_ANNOTATION)
            return why;
        if (i == 0 || why == WHY_UNDER_PICTURE)
            all = why;
    }
    return all;
}

static bool is_close(const struct ink *ink, const double *rgb)
{
    double apart = 0;

    for (size_t i = 0; i < 3; i++)
        apart = fmax(apart, fabs(ink->rgb[i] - rgb[i]));
    return apart <= CLOSE || apart * ink->alpha <= FAINT;
}

/* Is the colour at that point, under the text, the text's own?  What cannot be known is not. */
static bool is_lost_at(const struct looker *looker, const struct ink *ink, const double *point)
{
    static const double white[3] = {255, 255, 255};

    for (size_t k = looker->n_near; k > 0; k--) {
        const struct scene_cover *cover = &looker->near[k - 1]->cover;

        if (!scene_covers(cover, point[0], point[1]))
            continue;
        if (!cover->is_colour || !is_close(ink, cover->rgb))
            return false;
        if (cover->exact && cover->kind == COVER_OPAQUE)
            return true;
    }
    return is_close(ink, white);
}

static bool is_lost(struct looker *looker, size_t at, const struct ink *ink,
                    const struct extent *extent)
{
    if (ink->paint != PAINT_FLAT || !find_near(looker, 0, first_above(looker, at), extent))
        return false;
    for (int i = 0; i < ACROSS * DOWN; i++) {
        const double point[2] = {point_x(extent, i), point_y(extent, i)};

        if (!is_lost_at(looker, ink, point))
            return false;
    }
    return true;
}

/* The origin of a page is its own corner, though makers also count from the box's. */
static bool is_off_page(const struct scene *scene, struct extent ink)
{
    struct extent paper = scene->paper;
    struct extent moved = extent_move(paper, -paper.x0, -paper.y0);

    return !extent_is_empty(paper) && extent_is_empty(extent_meet(ink, paper)) &&
           extent_is_empty(extent_meet(ink, moved));
}

static enum why judge_place(const struct looker *looker, const struct scene_item *item,
                            struct extent *ink)
{
    struct extent clip;

    if (is_off_page(looker->scene, *ink) || is_off_page(looker->scene, item->clipped))
        return WHY_OFF_PAGE;
    if (extent_is_empty(extent_meet(item->clipped, *ink)))
        return WHY_OFF_FRAME;
    if (scene_clip(item, &clip) && extent_is_empty(extent_meet(clip, *ink)))
        return WHY_OFF_FRAME;
    *ink = extent_meet(item->clipped, *ink);
    return WHY_SHOWN;
}

static enum why judge_paint(const struct looker *looker, const struct scene_item *item,
                            struct ink *ink)
{
    struct ink fill = scene_fill(looker->scene, item);
    struct ink stroke = scene_stroke(looker->scene, item);

    *ink = fill.paint == PAINT_NONE ? stroke : fill;
    if (item->invisible)
        return WHY_INVISIBLE;
    if (fill.paint == PAINT_NONE && stroke.paint == PAINT_NONE)
        return WHY_NO_PAINT;
    if ((fill.paint == PAINT_NONE || fill.alpha <= TRANSPARENT) &&
        (stroke.paint == PAINT_NONE || stroke.alpha <= TRANSPARENT))
        return WHY_TRANSPARENT;
    if (fill.paint != PAINT_NONE && stroke.paint != PAINT_NONE)
        ink->paint = PAINT_UNKNOWN; /* of two colours at once one will be seen */
    return WHY_SHOWN;
}

static enum why judge_text(struct looker *looker, size_t at)
{
    const struct scene_item *item = &looker->scene->items[at];
    double size = 0;
    struct extent ink = scene_text_ink(item, &size);
    struct ink paint;
    enum why why;

    if (extent_is_empty(ink)) /* blanks, no size, or none given: then who knows what is drawn */
        return size > 0 || isinf(ink.x0) || !xmlel_attr(item->el, "Size") ? WHY_SHOWN : WHY_SIZE;
    why = judge_paint(looker, item, &paint);
    if (why == WHY_SHOWN && size < LEGIBLE)
        why = WHY_SIZE;
    if (why == WHY_SHOWN)
        why = judge_place(looker, item, &ink);
    if (why == WHY_SHOWN && is_lost(looker, at, &paint, &ink))
        why = WHY_COLOUR;
    return why == WHY_SHOWN ? look_above(looker, at, &ink) : why;
}

static bool look_at_page(struct ofd_case *at, struct scene *scene, size_t *left)
{
    CLEANUP(looker_clear) struct looker looker = {.at = at, .scene = scene, .left = left};

    for (int i = 0; i < WHYS; i++) {
        looker.told[i].texts = (struct buf)BUF_INIT((size_t)1 << 16);
        looker.told[i].objects = (struct buf)BUF_INIT((size_t)1 << 16);
    }
    find_layers(&looker);
    for (size_t i = 0; i < scene->n; i++) {
        enum why why;

        if (scene->items[i].kind != SCENE_TEXT || scene->items[i].annotation)
            continue;
        why = judge_text(&looker, i);
        if (why != WHY_SHOWN)
            note(&looker, why, &scene->items[i]);
    }
    tell(&looker);
    return *left > 0 && !scene->cut;
}

void ofd_judge_hidden(struct ofd_case *at)
{
    CLEANUP(scene_book_clear) struct scene_book book = {.ofd = at->ofd};
    size_t left = COMPARISONS;
    bool enough = true;

    if (!at->ofd->keeps)
        return;
    scene_book_open(&book, at->ofd);
    for (size_t i = 0; i < at->ofd->n_pages && enough; i++) {
        CLEANUP(scene_clear) struct scene scene = {.items = NULL};

        scene_make(&book, (int)i + 1, &scene);
        enough = look_at_page(at, &scene, &left);
    }
    if (!enough)
        findings_add(&at->out->findings, "LAY312", PLACE_NONE, NULL);
    ofd_judge_glyphs(at);
}
