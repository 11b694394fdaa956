/* SPDX-License-Identifier: Apache-2.0 */
/* The faces of template.yaml: what stands where on the page. */
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/template_priv.h"

enum { PAGES_MAX = 100, SIDE_MAX = 2000 * UM_PER_MM };

static void clear_page(struct template_page *page)
{
    for (size_t i = 0; i < page->n_texts; i++) {
        free(page->texts[i].label);
        free(page->texts[i].font);
    }
    for (size_t i = 0; i < page->n_images; i++)
        free(page->images[i].file);
    for (size_t i = 0; i < page->n_codes; i++)
        free(page->codes[i].prefix);
    for (size_t i = 0; i < page->n_seals; i++) {
        free(page->seals[i].name);
        free(page->seals[i].role);
        free(page->seals[i].issuer);
    }
    free(page->background);
    free(page->texts);
    free(page->images);
    free(page->shapes);
    free(page->codes);
    free(page->seals);
}

void template_clear_face(struct template_face *face)
{
    for (size_t i = 0; i < face->n_pages; i++)
        clear_page(&face->pages[i]);
    free(face->pages);
    free(face->id);
}

/* What reading one page needs to know. */
struct place_on {
    const struct template *template;
    const struct template_page *page;
};

static enum rc read_box(const struct node *node, const struct template_page *page, struct box *out,
                        struct err *err)
{
    const struct node *at = node_get(node, "box_mm");
    um side[4];

    if (!at)
        return node_fail(node, err, "key 'box_mm' is missing");
    TRY(node_mm_list(at, 4, side, err));
    *out = (struct box){side[0], side[1], side[2], side[3]};
    if (out->x < 0 || out->y < 0 || out->w < 0 || out->h < 0 || out->w > page->width - out->x ||
        out->h > page->height - out->y)
        return node_fail(at, err, "the box does not lie on the page");
    return RC_OK;
}

static enum rc read_area(const struct node *node, const struct template_page *page, struct box *out,
                         struct err *err)
{
    TRY(read_box(node, page, out, err));
    if (out->w == 0 || out->h == 0)
        return node_fail(node_get(node, "box_mm"), err, "the box has no area");
    return RC_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum rc read_colour(const struct node *node, struct colour *out, struct err *err)
{
    const struct node *at = node_get(node, "colour");
    uint8_t rgb[3] = {0};
    const char *text;

    if (!at)
        return RC_OK;
    TRY(node_text(at, &text, err));
    if (text[0] != '#' || strlen(text) != 7)
        return node_fail(at, err, "want '#rrggbb', got '%.40s'", text);
    for (size_t i = 0; i < 3; i++) {
        int high = hex_digit(text[1 + 2 * i]), low = hex_digit(text[2 + 2 * i]);

        if (high < 0 || low < 0)
            return node_fail(at, err, "want '#rrggbb', got '%.40s'", text);
        rgb[i] = (uint8_t)(high * 16 + low);
    }
    *out = (struct colour){rgb[0], rgb[1], rgb[2]};
    return RC_OK;
}

/* "共 {页数} 页": each name in braces is a field's. */
static enum rc check_label(const struct node *node, const struct template *template,
                           const char *label, struct err *err)
{
    for (const char *open = strchr(label, '{'); open; open = strchr(open, '{')) {
        size_t n = strcspn(++open, "{}");
        CLEANUP(freep) char *name = mem_copy_text(open, n);

        if (open[n] != '}')
            return node_fail(node, err, "'{' without '}'");
        if (template_field(template, name) < 0)
            return node_fail(node, err, "no field is called '%.80s'", name);
        open += n;
    }
    return RC_OK;
}

static enum rc read_content(const struct node *node, const struct template *template,
                            struct template_text *out, struct err *err)
{
    const struct node *field = node_get(node, "field"), *label = node_get(node, "label");

    out->field = -1;
    if (!field == !label)
        return node_fail(node, err, "want one of the keys 'field' and 'label'");
    if (field)
        return template_need_field(template, field, &out->field, err);
    TRY(node_need_text(node, "label", &out->label, err));
    return check_label(label, template, out->label, err);
}

static enum rc read_choices(const struct node *node, struct template_text *out, struct err *err)
{
    static const char *const fonts[] = {"song", "hei", "kai", "fangsong", NULL};
    static const char *const aligns[] = {[ALIGN_LEFT] = "left",
                                         [ALIGN_CENTRE] = "centre",
                                         [ALIGN_RIGHT] = "right",
                                         [ALIGN_JUSTIFY] = "justify",
                                         NULL};
    static const char *const valigns[] = {
        [VALIGN_TOP] = "top", [VALIGN_MIDDLE] = "middle", [VALIGN_BOTTOM] = "bottom", NULL};
    static const char *const overflows[] = {
        [OVERFLOW_ERROR] = "error", [OVERFLOW_SHRINK] = "shrink", NULL};
    int font = 0, align = ALIGN_LEFT, valign = VALIGN_MIDDLE, overflow = OVERFLOW_ERROR;

    TRY(node_get_choice(node, "font", fonts, &font, err));
    TRY(node_get_choice(node, "align", aligns, &align, err));
    TRY(node_get_choice(node, "valign", valigns, &valign, err));
    TRY(node_get_choice(node, "overflow", overflows, &overflow, err));
    out->font = mem_text(fonts[font]);
    out->align = (enum text_align)align;
    out->valign = (enum text_valign)valign;
    out->overflow = (enum text_overflow)overflow;
    return RC_OK;
}

static enum rc read_sizes(const struct node *node, struct template_text *out, struct err *err)
{
    const um least = UM_PER_MM / 2, most = 200 * UM_PER_MM;

    TRY(node_get_mm(node, "size_mm", &out->size, err));
    if (out->size < least || out->size > most)
        return node_fail(node, err, "size_mm: want 0.5 to 200 millimetres");
    out->min_size = out->size;
    TRY(node_get_mm(node, "min_mm", &out->min_size, err));
    if (out->min_size < least || out->min_size > out->size)
        return node_fail(node, err, "min_mm: want 0.5 millimetres to size_mm");
    if ((out->overflow == OVERFLOW_SHRINK) != (out->min_size < out->size))
        return node_fail(node, err, "'overflow: shrink' and a min_mm below size_mm go together");
    TRY(node_get_mm(node, "line_mm", &out->line_height, err));
    TRY(node_get_mm(node, "spacing_mm", &out->spacing, err));
    if (out->line_height < 0 || out->line_height > most || out->spacing < -out->size ||
        out->spacing > most)
        return node_fail(node, err, "line_mm or spacing_mm is out of range");
    return RC_OK;
}

static enum rc read_text(const struct node *node, const struct place_on *on, void *item,
                         struct err *err)
{
    static const char *const keys[] = {"field",  "label",    "box_mm",     "font", "size_mm",
                                       "min_mm", "line_mm",  "spacing_mm", "wrap", "align",
                                       "valign", "overflow", "colour",     NULL};
    struct template_text *out = item;

    TRY(node_check_keys(node, keys, err));
    out->line = node->line;
    TRY(read_content(node, on->template, out, err));
    TRY(read_area(node, on->page, &out->box, err));
    TRY(read_choices(node, out, err));
    TRY(read_sizes(node, out, err));
    TRY(node_get_bool(node, "wrap", &out->wrap, err));
    return read_colour(node, &out->colour, err);
}

/* A picture lies beside template.yaml: a plain name that is there. */
static enum rc check_picture(const struct node *node, const struct template *template,
                             const char *name, struct err *err)
{
    CLEANUP(freep) char *path = path_join(template->folder, name);

    if (strchr(name, '/') || name[0] == '.')
        return node_fail(node, err, "want the name of a file in the template's folder, got '%.80s'",
                         name);
    if (!file_exists(path))
        return node_fail(node, err, "no file '%.80s' in the template's folder", name);
    return RC_OK;
}

static enum rc read_image(const struct node *node, const struct place_on *on, void *item,
                          struct err *err)
{
    static const char *const keys[] = {"field", "file", "box_mm", NULL};
    struct template_image *out = item;
    const struct node *field = node_get(node, "field"), *file = node_get(node, "file");

    TRY(node_check_keys(node, keys, err));
    out->line = node->line;
    out->field = -1;
    TRY(read_area(node, on->page, &out->box, err));
    if (!field == !file)
        return node_fail(node, err, "want one of the keys 'field' and 'file'");
    if (!field) {
        TRY(node_need_text(node, "file", &out->file, err));
        return check_picture(file, on->template, out->file, err);
    }
    TRY(template_need_field(on->template, field, &out->field, err));
    if (on->template->fields[out->field].type != FIELD_IMAGE)
        return node_fail(field, err, "want a field of type 'image'");
    return RC_OK;
}

static enum rc read_shape(const struct node *node, const struct place_on *on, void *item,
                          struct err *err)
{
    static const char *const keys[] = {"shape", "box_mm", "line_mm", "colour", NULL};
    static const char *const shapes[] = {
        [SHAPE_BORDER] = "border", [SHAPE_LINE] = "line", [SHAPE_RECT] = "rect", NULL};
    struct template_shape *out = item;
    int kind = SHAPE_RECT;

    TRY(node_check_keys(node, keys, err));
    TRY(node_get_choice(node, "shape", shapes, &kind, err));
    out->kind = (enum shape_kind)kind;
    out->line_width = UM_PER_MM / 4;
    TRY(node_get_mm(node, "line_mm", &out->line_width, err));
    if (out->line_width <= 0 || out->line_width > 20 * UM_PER_MM)
        return node_fail(node_get(node, "line_mm"), err, "line_mm: want above 0 to 20 millimetres");
    TRY(read_colour(node, &out->colour, err));
    return out->kind == SHAPE_LINE ? read_box(node, on->page, &out->box, err)
                                   : read_area(node, on->page, &out->box, err);
}

static enum rc read_code(const struct node *node, const struct place_on *on, void *item,
                         struct err *err)
{
    static const char *const keys[] = {"prefix", "box_mm", NULL};
    struct template_qr *out = item;

    TRY(node_check_keys(node, keys, err));
    TRY(node_get_text(node, "prefix", &out->prefix, err));
    if (!out->prefix)
        out->prefix = mem_text("");
    if (strlen(out->prefix) > 200)
        return node_fail(node_get(node, "prefix"), err, "longer than 200 bytes");
    return read_area(node, on->page, &out->box, err);
}

/* issuer: 2 is the second of the issuers, 发证机关 a field's value, anything else itself. */
static enum rc read_seal_issuer(const struct node *node, struct template_seal *out, struct err *err)
{
    const struct node *issuer = node_get(node, "issuer");
    long nth = 1;

    if (issuer && issuer->kind == NODE_SCALAR && !issuer->quoted &&
        strspn(issuer->text, "0123456789") == strlen(issuer->text))
        TRY(node_int(issuer, 1, 20, &nth, err));
    else
        TRY(node_get_text(node, "issuer", &out->issuer, err));
    out->nth_issuer = (int)nth;
    return RC_OK;
}

static enum rc read_seal(const struct node *node, const struct place_on *on, void *item,
                         struct err *err)
{
    static const char *const keys[] = {"name", "role", "issuer", "required", "box_mm", NULL};
    struct template_seal *out = item;

    TRY(node_check_keys(node, keys, err));
    TRY(node_need_text(node, "name", &out->name, err));
    TRY(node_need_text(node, "role", &out->role, err));
    TRY(read_seal_issuer(node, out, err));
    out->required = true;
    TRY(node_get_bool(node, "required", &out->required, err));
    return read_area(node, on->page, &out->box, err);
}

typedef enum rc item_reader(const struct node *node, const struct place_on *on, void *item,
                            struct err *err);

static enum rc read_each(const struct items *items, size_t size, item_reader *read,
                         const struct place_on *on, struct err *err)
{
    char *at = items->memory;

    for (size_t i = 0; i < items->n; i++, at += size) {
        TRY(node_check_kind(items->list->values[i], NODE_MAP, err));
        TRY(read(items->list->values[i], on, at, err));
    }
    return RC_OK;
}

/* The memory is the page's before anything is read into it, so that a fault leaks none. */
#define READ_LIST(key, member, count, read)                                 \
    do {                                                                    \
        TRY(template_items(node, key, sizeof(*page->member), &items, err)); \
        page->member = items.memory;                                        \
        page->count = items.n;                                              \
        TRY(read_each(&items, sizeof(*page->member), read, &on, err));      \
    } while (0)

static enum rc read_page(const struct node *node, const struct template *template,
                         struct template_page *page, struct err *err)
{
    static const char *const keys[] = {"size_mm", "background", "texts", "images",
                                       "shapes",  "codes",      "seals", NULL};
    struct place_on on = {.template = template, .page = page};
    const struct node *size = node_get(node, "size_mm");
    struct items items;
    um sides[2];

    TRY(node_check_kind(node, NODE_MAP, err));
    TRY(node_check_keys(node, keys, err));
    if (!size)
        return node_fail(node, err, "key 'size_mm' is missing");
    TRY(node_mm_list(size, 2, sides, err));
    if (sides[0] <= 0 || sides[1] <= 0 || sides[0] > SIDE_MAX || sides[1] > SIDE_MAX)
        return node_fail(size, err, "a page has sides above 0 and up to 2000 millimetres");
    page->width = sides[0];
    page->height = sides[1];
    TRY(node_get_text(node, "background", &page->background, err));
    if (page->background)
        TRY(check_picture(node_get(node, "background"), template, page->background, err));
    READ_LIST("texts", texts, n_texts, read_text);
    READ_LIST("images", images, n_images, read_image);
    READ_LIST("shapes", shapes, n_shapes, read_shape);
    READ_LIST("codes", codes, n_codes, read_code);
    READ_LIST("seals", seals, n_seals, read_seal);
    return RC_OK;
}

/* `ecert seal --place-field` finds a place by its name. */
static enum rc check_seal_names(const struct node *node, const struct template_face *face,
                                struct err *err)
{
    for (size_t p = 0; p < face->n_pages; p++) {
        for (size_t i = 0; i < face->pages[p].n_seals; i++) {
            const char *name = face->pages[p].seals[i].name;
            int same = 0;

            for (size_t q = 0; q < face->n_pages; q++) {
                for (size_t k = 0; k < face->pages[q].n_seals; k++)
                    same += strcmp(face->pages[q].seals[k].name, name) == 0;
            }
            if (same > 1)
                return node_fail(node, err, "two seal places are called '%.80s'", name);
        }
    }
    return RC_OK;
}

static enum rc read_face(const struct node *node, const struct template *template,
                         struct template_face *face, struct err *err)
{
    static const char *const keys[] = {"id", "pages", NULL};
    struct items items;

    TRY(node_check_kind(node, NODE_MAP, err));
    TRY(node_check_keys(node, keys, err));
    TRY(node_need_text(node, "id", &face->id, err));
    TRY(template_items(node, "pages", sizeof(*face->pages), &items, err));
    face->pages = items.memory;
    face->n_pages = items.n;
    if (items.n == 0 || items.n > PAGES_MAX)
        return node_fail(node, err, "a face has 1 to %d pages", PAGES_MAX);
    for (size_t i = 0; i < items.n; i++)
        TRY(read_page(items.list->values[i], template, &face->pages[i], err));
    return check_seal_names(node, face, err);
}

enum rc template_read_faces(const struct node *root, struct template *template, struct err *err)
{
    struct items items;

    TRY(template_items(root, "faces", sizeof(*template->faces), &items, err));
    template->faces = items.memory;
    template->n_faces = items.n;
    if (items.n == 0)
        return node_fail(root, err, "key 'faces' is missing or empty");
    for (size_t i = 0; i < items.n; i++)
        TRY(read_face(items.list->values[i], template, &template->faces[i], err));
    return RC_OK;
}
