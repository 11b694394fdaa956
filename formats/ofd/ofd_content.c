/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ofd/ofd_content.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/ofd/ofd_build.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS " xmlns:ofd=\"" OFD_NAMESPACE "\""

void ofd_index_clear(struct ofd_index *index)
{
    free(index->entries);
    *index = (struct ofd_index){.entries = NULL};
}

static void index_add(struct ofd_index *index, int field, unsigned page, unsigned object)
{
    if (!index || field < 0)
        return;
    if (index->n == index->capacity) {
        index->capacity = index->capacity ? index->capacity * 2 : 64;
        index->entries = mem_resize(index->entries, index->capacity * sizeof(*index->entries));
    }
    index->entries[index->n++] = (struct ofd_index_entry){field, page, object};
}

static void number_attr(struct xmlout *x, const char *name, unsigned long value)
{
    xmlout_raw(x, " ");
    xmlout_raw(x, name);
    xmlout_raw(x, "=\"");
    xmlout_number(x, value);
    xmlout_raw(x, "\"");
}

static void mm_attr(struct xmlout *x, const char *name, um value)
{
    xmlout_raw(x, " ");
    xmlout_raw(x, name);
    xmlout_raw(x, "=\"");
    xmlout_mm(x, value);
    xmlout_raw(x, "\"");
}

static void box_attr(struct xmlout *x, struct box box)
{
    xmlout_raw(x, " Boundary=\"");
    xmlout_box(x, box);
    xmlout_raw(x, "\"");
}

static void colour(struct xmlout *x, const char *element, struct colour c)
{
    xmlout_raw(x, "<ofd:");
    xmlout_raw(x, element);
    xmlout_raw(x, " Value=\"");
    xmlout_number(x, c.r);
    xmlout_raw(x, " ");
    xmlout_number(x, c.g);
    xmlout_raw(x, " ");
    xmlout_number(x, c.b);
    xmlout_raw(x, "\"/>");
}

enum rc ofd_content_res(const struct sheet *sheet, const char *prefix, struct ofd_ids *ids,
                        struct buf *out, struct err *err)
{
    struct xmlout x = xmlout_begin(out, err);
    char file[64];

    ids->fonts = ids->next;
    ids->pictures = ids->fonts + (unsigned)sheet->n_fonts;
    ids->next = ids->pictures + (unsigned)sheet->n_pictures;
    xmlout_raw(&x, XML_HEAD "<ofd:Res" XMLNS " BaseLoc=\"Res\">");
    if (sheet->n_fonts)
        xmlout_raw(&x, "<ofd:Fonts>");
    for (size_t i = 0; i < sheet->n_fonts; i++) {
        const struct page_font *font = &sheet->fonts[i];

        (void)snprintf(file, sizeof(file), "%sfont_%zu.%s", prefix, i,
                       font->truetype ? "ttf" : "otf");
        xmlout_raw(&x, "<ofd:Font");
        number_attr(&x, "ID", ids->fonts + i);
        xmlout_attr(&x, "FontName", font->name);
        xmlout_attr(&x, "FamilyName", font->family);
        xmlout_raw(&x, ">");
        xmlout_element(&x, "ofd:FontFile", file);
        xmlout_raw(&x, "</ofd:Font>");
    }
    xmlout_raw(&x, sheet->n_fonts ? "</ofd:Fonts>" : "");
    if (sheet->n_pictures)
        xmlout_raw(&x, "<ofd:MultiMedias>");
    for (size_t i = 0; i < sheet->n_pictures; i++) {
        bool jpeg = strcmp(sheet->pictures[i].format, "JPEG") == 0;

        (void)snprintf(file, sizeof(file), "%simage_%zu.%s", prefix, i, jpeg ? "jpg" : "png");
        xmlout_raw(&x, "<ofd:MultiMedia");
        number_attr(&x, "ID", ids->pictures + i);
        xmlout_attr(&x, "Type", "Image");
        xmlout_attr(&x, "Format", sheet->pictures[i].format);
        xmlout_raw(&x, ">");
        xmlout_element(&x, "ofd:MediaFile", file);
        xmlout_raw(&x, "</ofd:MultiMedia>");
    }
    xmlout_raw(&x, sheet->n_pictures ? "</ofd:MultiMedias></ofd:Res>" : "</ofd:Res>");
    return xmlout_end(&x);
}

/* Equal neighbours are written "g count value" (table 46), which halves the page of a Chinese text.
 */
static void advances(struct xmlout *x, const struct page_text *text)
{
    xmlout_raw(x, " DeltaX=\"");
    for (size_t i = 0; i + 1 < text->n;) {
        size_t same = 1;

        while (i + same + 1 < text->n && text->advances[i + same] == text->advances[i])
            same++;
        if (i)
            xmlout_raw(x, " ");
        if (same > 2) {
            xmlout_raw(x, "g ");
            xmlout_number(x, same);
            xmlout_raw(x, " ");
        } else {
            same = 1;
        }
        xmlout_mm(x, text->advances[i]);
        i += same;
    }
    xmlout_raw(x, "\"");
}

static void write_text(struct xmlout *x, const struct page_text *text, unsigned id,
                       const struct ofd_ids *ids)
{
    static const struct colour black = {0, 0, 0};

    xmlout_raw(x, "<ofd:TextObject");
    number_attr(x, "ID", id);
    box_attr(x, text->box);
    number_attr(x, "Font", ids->fonts + text->font);
    mm_attr(x, "Size", text->size);
    xmlout_raw(x, ">");
    if (memcmp(&text->colour, &black, sizeof(black)) != 0)
        colour(x, "FillColor", text->colour);
    xmlout_raw(x, "<ofd:TextCode");
    mm_attr(x, "X", text->x);
    mm_attr(x, "Y", text->y);
    if (text->n > 1)
        advances(x, text);
    xmlout_raw(x, ">");
    xmlout_text(x, text->text);
    xmlout_raw(x, "</ofd:TextCode></ofd:TextObject>");
}

static void write_path(struct xmlout *x, const struct page_path *path, unsigned id)
{
    xmlout_raw(x, "<ofd:PathObject");
    number_attr(x, "ID", id);
    box_attr(x, path->box);
    if (path->line_width)
        mm_attr(x, "LineWidth", path->line_width);
    else
        xmlout_raw(x, " Stroke=\"false\"");
    xmlout_raw(x, path->filled ? " Fill=\"true\">" : ">");
    if (path->line_width)
        colour(x, "StrokeColor", path->stroke);
    if (path->filled)
        colour(x, "FillColor", path->fill);
    xmlout_element(x, "ofd:AbbreviatedData", path->data);
    xmlout_raw(x, "</ofd:PathObject>");
}

static void write_image(struct xmlout *x, const struct page_image *image, unsigned id,
                        const struct ofd_ids *ids)
{
    xmlout_raw(x, "<ofd:ImageObject");
    number_attr(x, "ID", id);
    box_attr(x, image->box);
    xmlout_raw(x, " CTM=\""); /* a picture is the unit square: the matrix gives it its size */
    xmlout_mm(x, image->box.w);
    xmlout_raw(x, " 0 0 ");
    xmlout_mm(x, image->box.h);
    xmlout_raw(x, " 0 0\"");
    number_attr(x, "ResourceID", ids->pictures + image->picture);
    xmlout_raw(x, "/>");
}

static void write_object(struct xmlout *x, const struct ofd_page_frame *frame,
                         const struct page_object *object, struct ofd_ids *ids,
                         struct ofd_index *index)
{
    unsigned id = ids->next++;

    switch (object->kind) {
    case PAGE_TEXT:
        write_text(x, &object->text, id, ids);
        index_add(index, object->text.field, frame->page_id, id);
        break;
    case PAGE_PATH:
        write_path(x, &object->path, id);
        break;
    case PAGE_IMAGE:
        write_image(x, &object->image, id, ids);
        index_add(index, object->image.field, frame->page_id, id);
        break;
    }
}

enum rc ofd_content_page(const struct ofd_page_frame *frame, struct ofd_ids *ids,
                         struct ofd_index *index, struct buf *out, struct err *err)
{
    struct xmlout x = xmlout_begin(out, err);
    struct box paper = {0, 0, frame->page->width, frame->page->height};

    xmlout_raw(&x, XML_HEAD "<ofd:Page" XMLNS ">");
    if (frame->template_id) {
        xmlout_raw(&x, "<ofd:Template");
        number_attr(&x, "TemplateID", frame->template_id);
        xmlout_raw(&x, "/>");
    }
    xmlout_raw(&x, "<ofd:Area><ofd:PhysicalBox>");
    xmlout_box(&x, paper);
    xmlout_raw(&x, "</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer");
    xmlout_attr(&x, "Type", frame->layer);
    number_attr(&x, "ID", ids->next++);
    xmlout_raw(&x, ">");
    for (size_t i = 0; i < frame->page->n; i++)
        write_object(&x, frame, &frame->page->objects[i], ids, index);
    xmlout_raw(&x, "</ofd:Layer></ofd:Content></ofd:Page>");
    return xmlout_end(&x);
}

static bool is_shown(const struct ofd_index *index, int field)
{
    for (size_t i = 0; i < index->n; i++) {
        if (index->entries[i].field == field)
            return true;
    }
    return false;
}

enum rc ofd_content_tags(const struct licence *licence, const struct ofd_index *index,
                         struct buf *out, struct err *err)
{
    struct xmlout x = xmlout_begin(out, err);

    xmlout_raw(&x, XML_HEAD "<l:licence xmlns:l=\"urn:ecert:licence\"" XMLNS ">");
    for (size_t f = 0; f < licence->n_fields; f++) {
        if (!is_shown(index, (int)f))
            continue;
        xmlout_raw(&x, "<l:");
        xmlout_raw(&x, licence->fields[f].name); /* a template's field name is an XML name: FLD */
        xmlout_raw(&x, ">");
        for (size_t i = 0; i < index->n; i++) {
            if (index->entries[i].field != (int)f)
                continue;
            xmlout_raw(&x, "<ofd:ObjectRef");
            number_attr(&x, "PageRef", index->entries[i].page_id);
            xmlout_raw(&x, ">");
            xmlout_number(&x, index->entries[i].object_id);
            xmlout_raw(&x, "</ofd:ObjectRef>");
        }
        xmlout_raw(&x, "</l:");
        xmlout_raw(&x, licence->fields[f].name);
        xmlout_raw(&x, ">");
    }
    xmlout_raw(&x, "</l:licence>");
    return xmlout_end(&x);
}
