/* SPDX-License-Identifier: Apache-2.0 */
/* A page's objects in the order of drawing, GB/T 33190-2016 7.7 and 15. */
#include "formats/ofd/ofd_scene.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"

#define EVERYTHING ((struct extent){-1e9, -1e9, 1e9, 1e9})

static int by_param_id(const void *a, const void *b)
{
    const struct scene_param *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int by_picture_id(const void *a, const void *b)
{
    const struct scene_picture *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static void add_params(struct scene_book *book, const struct xmlel *root)
{
    const struct xmlel *el = xmlel_child(xmlel_child(root, "DrawParams"), "DrawParam");

    for (; el; el = xmlel_same(el)) {
        unsigned id = 0;

        if (ofd_unsigned(xmlel_attr(el, "ID"), &id))
            *OFD_ADD(book->params, book->n_params) = (struct scene_param){.id = id, .el = el};
    }
}

void scene_book_open(struct scene_book *book, const struct ofd *ofd)
{
    *book = (struct scene_book){.ofd = ofd, .left = LIMIT_SCENE};
    for (size_t i = 0; i < ofd->n_resources; i++)
        add_params(book, xmldoc_root(ofd->resources[i].doc));
    if (book->n_params)
        qsort(book->params, book->n_params, sizeof(*book->params), by_param_id);
    for (size_t i = 0; i < ofd->n_media; i++)
        *OFD_ADD(book->pictures, book->n_pictures) =
            (struct scene_picture){.id = ofd->media[i].id, .member = ofd->media[i].member};
    if (book->n_pictures)
        qsort(book->pictures, book->n_pictures, sizeof(*book->pictures), by_picture_id);
}

void scene_book_clear(struct scene_book *book)
{
    free(book->params);
    free(book->pictures);
}

/* Where in the tree of a page one is. */
struct at {
    long member;
    unsigned layer_param;
    bool invisible, annotation, own;
    double x, y;
};

static bool says_false(const struct xmlel *el, const char *name)
{
    const char *value = xmlel_attr(el, name);

    return value && (strcmp(value, "false") == 0 || strcmp(value, "0") == 0);
}

static int kind_of(const struct xmlel *el)
{
    static const char *const names[] = {[SCENE_TEXT] = "TextObject",
                                        [SCENE_PATH] = "PathObject",
                                        [SCENE_IMAGE] = "ImageObject",
                                        [SCENE_COMPOSITE] = "CompositeObject"};

    for (int i = 0; i < 4; i++) {
        if (strcmp(xmlel_name(el), names[i]) == 0)
            return i;
    }
    return -1;
}

enum { COST_OF_BYTES = 64 }; /* so many cost as much as an object */

/* A long path under each of ten thousand pages is read as often. */
static size_t cost_of(const struct xmlel *el)
{
    const char *data = xmlel_child_text(el, "AbbreviatedData");
    size_t n = data ? strlen(data) : 0;

    for (const struct xmlel *code = xmlel_child(el, "TextCode"); code; code = xmlel_same(code))
        n += COST_OF_BYTES + strlen(xmlel_text_raw(code));
    return 1 + n / COST_OF_BYTES;
}

static void add_item(struct scene *scene, const struct xmlel *el, enum scene_kind kind,
                     const struct at *at)
{
    size_t cost = cost_of(el);
    struct scene_item *item;
    struct box box = {0};

    if (scene->book->left < cost) {
        scene->cut = true;
        return;
    }
    scene->book->left -= cost;
    item = OFD_ADD(scene->items, scene->n);
    *item = (struct scene_item){.kind = kind,
                                .invisible = at->invisible || says_false(el, "Visible"),
                                .annotation = at->annotation,
                                .own = at->own,
                                .layer_param = at->layer_param,
                                .member = at->member,
                                .el = el,
                                .x = at->x,
                                .y = at->y,
                                .clipped = EVERYTHING};
    (void)ofd_unsigned(xmlel_attr(el, "ID"), &item->id);
    if (!ofd_box(xmlel_attr(el, "Boundary"), &box))
        return;
    if (box.w > 0 && box.h > 0) /* of no size: the maker left it blank */
        item->clipped = extent_move(extent_of_box(box), at->x, at->y);
    item->x += (double)box.x / UM_PER_MM;
    item->y += (double)box.y / UM_PER_MM;
}

/* Depth is bounded by the parser. */
static void add_block(struct scene *scene, const struct xmlel *block, struct at at)
{
    at.invisible |= says_false(block, "Visible");
    for (const struct xmlel *el = xmlel_first(block); el && !scene->cut; el = xmlel_next(el)) {
        int kind = kind_of(el);

        if (kind >= 0)
            add_item(scene, el, (enum scene_kind)kind, &at);
        else if (strcmp(xmlel_name(el), "PageBlock") == 0)
            add_block(scene, el, at);
    }
}

enum { BACKGROUND, BODY, FOREGROUND }; /* 7.7: from below */

static int place_of(const char *name, int otherwise)
{
    if (!name)
        return otherwise;
    if (strcmp(name, "Foreground") == 0)
        return FOREGROUND;
    return strcmp(name, "Body") == 0 ? BODY : otherwise;
}

/* Layers of a page; place: of these alone, -1: of any. */
static void add_layers(struct scene *scene, const struct ofd_page *page, int place, bool own)
{
    const struct xmlel *root = page->kept ? xmldoc_root(page->kept) : NULL;
    const struct xmlel *layer = xmlel_child(xmlel_child(root, "Content"), "Layer");

    for (; layer; layer = xmlel_same(layer)) {
        const char *type = xmlel_attr(layer, "Type");
        int where = type && strcmp(type, "Background") == 0 ? BACKGROUND : place_of(type, BODY);
        struct at at = {.member = page->member, .own = own};

        if (place >= 0 && where != place)
            continue;
        (void)ofd_unsigned(xmlel_attr(layer, "DrawParam"), &at.layer_param);
        add_block(scene, layer, at);
    }
}

/* 7.7: the page may say another order for a template page than the document does. */
static void add_templates(struct scene *scene, const struct ofd_page *page, int place)
{
    const struct xmlel *root = page->kept ? xmldoc_root(page->kept) : NULL;

    for (const struct xmlel *el = xmlel_child(root, "Template"); el; el = xmlel_same(el)) {
        unsigned id = 0;
        const struct ofd_page *under = ofd_unsigned(xmlel_attr(el, "TemplateID"), &id)
                                           ? ofd_template_by_id(scene->book->ofd, id)
                                           : NULL;
        const char *order = xmlel_attr(el, "ZOrder");

        if (under && place_of(order ? order : under->z_order, BACKGROUND) == place)
            add_layers(scene, under, -1, false);
    }
}

static void add_annotation(struct scene *scene, const struct xmlel *annot, long member)
{
    const struct xmlel *appearance = xmlel_child(annot, "Appearance");
    struct at at = {
        .member = member, .annotation = true, .invisible = says_false(annot, "Visible")};
    struct box box = {0};

    if (!appearance)
        return;
    (void)ofd_box(xmlel_attr(appearance, "Boundary"), &box);
    at.x = (double)box.x / UM_PER_MM;
    at.y = (double)box.y / UM_PER_MM;
    add_block(scene, appearance, at);
}

static void add_annotations(struct scene *scene, unsigned page_id)
{
    const struct ofd *ofd = scene->book->ofd;

    for (size_t i = 0; i < ofd->n_annotation_parts; i++) {
        const struct ofd_kept *part = &ofd->annotation_parts[i];
        const struct xmlel *el = xmlel_child(xmldoc_root(part->doc), "Annot");

        for (; part->page_id == page_id && el; el = xmlel_same(el))
            add_annotation(scene, el, part->member);
    }
}

void scene_make(struct scene_book *book, int page, struct scene *out)
{
    const struct ofd_page *from = &book->ofd->pages[page - 1];

    *out = (struct scene){.book = book, .page = page, .paper = extent_of_box(from->box)};
    for (int place = BACKGROUND; place <= FOREGROUND; place++) {
        add_templates(out, from, place);
        add_layers(out, from, place, true);
    }
    add_annotations(out, from->id);
}

void scene_clear(struct scene *scene)
{
    free(scene->items);
    *scene = (struct scene){.items = NULL};
}
