/* SPDX-License-Identifier: Apache-2.0 */
/* A template's face on a sheet: the part that never changes, and the part that always does. */
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/face/compose.h"
#include "formats/image.h"

/* A label with {field name} in it is no constant. */
static bool has_field(const char *label)
{
    return strchr(label, '{') != NULL;
}

static void add_pages(struct sheet *sheet, const struct template_face *face)
{
    for (size_t i = 0; i < face->n_pages; i++)
        (void)sheet_add_page(sheet, face->pages[i].width, face->pages[i].height);
}

/* A photo keeps its proportions: the largest box of its shape, in the middle of the place. */
static struct box fit_inside(const struct box *place, const struct picture *picture)
{
    struct box box = *place;

    if (!picture->width || !picture->height)
        return box;
    if ((int64_t)place->w * picture->height > (int64_t)place->h * picture->width)
        box.w = (um)((int64_t)place->h * picture->width / picture->height);
    else
        box.h = (um)((int64_t)place->w * picture->height / picture->width);
    box.x += (place->w - box.w) / 2;
    box.y += (place->h - box.h) / 2;
    return box;
}

/* Puts a picture file on a page; *place is where, and becomes where exactly. */
static enum rc add_picture(struct composer *c, size_t page, struct span file,
                           const struct page_image *where, const char *what)
{
    struct err fault = ERR_INIT;
    struct picture picture;
    struct page_image *image;
    unsigned number;

    if (picture_inspect(file, &picture, &fault) != RC_OK) {
        (void)err_at(&fault, "%s", what);
        findings_add_err(c->findings, &fault);
        c->refused = true;
        return RC_OK;
    }
    if (picture.format != PICTURE_PNG && picture.format != PICTURE_JPEG) {
        findings_add(c->findings, "LAY202", PLACE_FIELD(what), "field", what, "format",
                     picture_format_name(picture.format), NULL);
        c->refused = true;
        return RC_OK;
    }
    number = sheet_add_picture(&c->sheet, picture_format_name(picture.format), file);
    image = &page_add(&c->sheet.pages[page], PAGE_IMAGE)->image;
    *image = (struct page_image){
        .box = fit_inside(&where->box, &picture), .picture = number, .field = where->field};
    return RC_OK;
}

static enum rc add_file(struct composer *c, const struct template *template, size_t page,
                        const char *name, const struct box *box, struct err *err)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PICTURE);
    CLEANUP(freep) char *path = path_join(template->folder, name);

    TRY(file_read(path, &file, err));
    return add_picture(c, page, buf_span(&file), &(struct page_image){.box = *box, .field = -1},
                       path);
}

static enum rc add_constants(struct composer *c, const struct template *template,
                             const struct template_page *from, size_t page, struct err *err)
{
    struct box whole = {0, 0, from->width, from->height};

    if (from->background)
        TRY(add_file(c, template, page, from->background, &whole, err));
    for (size_t i = 0; i < from->n_shapes; i++)
        TRY(compose_shape(&c->sheet.pages[page], &from->shapes[i], err));
    for (size_t i = 0; i < from->n_images; i++)
        if (from->images[i].field < 0 && from->images[i].file)
            TRY(add_file(c, template, page, from->images[i].file, &from->images[i].box, err));
    for (size_t i = 0; i < from->n_texts; i++) {
        const struct template_text *text = &from->texts[i];
        struct copy copy = {.text = text->label, .what = text->label, .field = -1};

        if (text->field < 0 && text->label && !has_field(text->label))
            TRY(compose_text(c, &c->sheet.pages[page], text, &copy, err));
    }
    return RC_OK;
}

enum rc face_constant(struct typesetter *typesetter, const struct template *template,
                      const struct template_face *face, struct sheet *out,
                      struct findings *findings, struct err *err)
{
    CLEANUP(composer_clear)
    struct composer c = {.typesetter = typesetter, .findings = findings};

    add_pages(&c.sheet, face);
    for (size_t i = 0; i < face->n_pages; i++)
        TRY(add_constants(&c, template, &face->pages[i], i, err));
    return compose_finish(&c, out, err);
}

static const struct licence_field *find_field(const struct licence *licence, struct span name)
{
    for (size_t i = 0; i < licence->n_fields; i++)
        if (span_equals(span_of(licence->fields[i].name), name))
            return &licence->fields[i];
    return NULL;
}

/* "第 {编号} 号" with the field's text put in; an unknown name stays as it stands. */
static enum rc fill_label(const struct licence *licence, const char *label, struct buf *out,
                          struct err *err)
{
    while (*label) {
        size_t plain = strcspn(label, "{");
        const char *close = strchr(label + plain, '}');
        const struct licence_field *field = NULL;

        TRY(buf_add(out, label, plain, err));
        label += plain;
        if (!*label)
            break;
        if (close)
            field = find_field(licence, (struct span){(const unsigned char *)label + 1,
                                                      (size_t)(close - label) - 1});
        if (field) {
            TRY(buf_puts(out, field->text, err));
            label = close + 1;
        } else {
            TRY(buf_add(out, label++, 1, err));
        }
    }
    return RC_OK;
}

/*
 * shown: which fields stand on a page already.  The data index joins a field's text
 * objects, so only its first appearance carries its number.
 */
static enum rc add_value(struct composer *c, const struct licence *licence, struct page *page,
                         const struct template_text *text, bool *shown, struct err *err)
{
    CLEANUP(buf_clear) struct buf filled = BUF_INIT(LIMIT_RECORD);
    struct copy copy = {.field = -1};

    if (text->field >= 0) {
        const struct licence_field *field = &licence->fields[text->field];

        copy = (struct copy){.text = field->text,
                             .what = field->name,
                             .field = shown[text->field] ? -1 : text->field};
        shown[text->field] = true;
    } else if (text->label && has_field(text->label)) {
        TRY(fill_label(licence, text->label, &filled, err));
        copy = (struct copy){.text = filled.data, .what = text->label, .field = -1};
    }
    if (!copy.text || !*copy.text)
        return RC_OK;
    return compose_text(c, page, text, &copy, err);
}

static enum rc add_code(struct composer *c, const struct licence *licence, size_t page,
                        const struct template_qr *code, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);

    TRY(buf_puts(&text, code->prefix ? code->prefix : "", err));
    TRY(buf_puts(&text, licence->identifier, err));
    TRY(face_qr(text.data, &png, err));
    return add_picture(c, page, buf_span(&png), &(struct page_image){.box = code->box, .field = -1},
                       text.data);
}

static enum rc add_values(struct composer *c, const struct licence *licence,
                          const struct template_page *from, size_t page, bool *shown,
                          struct err *err)
{
    for (size_t i = 0; i < from->n_images; i++) {
        const struct template_image *image = &from->images[i];
        struct page_image where = {.box = image->box, .field = image->field};
        const struct licence_field *field;

        if (image->field < 0)
            continue;
        field = &licence->fields[image->field];
        if (field->picture.len)
            TRY(add_picture(c, page, field->picture, &where, field->name));
    }
    for (size_t i = 0; i < from->n_codes; i++)
        TRY(add_code(c, licence, page, &from->codes[i], err));
    for (size_t i = 0; i < from->n_texts; i++)
        TRY(add_value(c, licence, &c->sheet.pages[page], &from->texts[i], shown, err));
    return RC_OK;
}

enum rc face_values(struct typesetter *typesetter, const struct licence *licence,
                    const struct template_face *face, struct sheet *out, struct findings *findings,
                    struct err *err)
{
    CLEANUP(composer_clear)
    struct composer c = {.typesetter = typesetter, .findings = findings};
    CLEANUP(freep) bool *shown = mem_zero(licence->n_fields, sizeof(*shown));

    add_pages(&c.sheet, face);
    for (size_t i = 0; i < face->n_pages; i++)
        TRY(add_values(&c, licence, &face->pages[i], i, shown, err));
    return compose_finish(&c, out, err);
}
