/* SPDX-License-Identifier: Apache-2.0 */
/* Content.xml of pages and template pages, GB/T 33190-2016 7.7: their texts and links. */
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"

/* Line breaks and tabs come from the maker's indentation, never from what is drawn. */
static enum rc add_code(struct buf *out, const char *text, struct err *err)
{
    while (*text) {
        size_t n = strcspn(text, "\r\n\t");

        TRY(buf_add(out, text, n, err));
        text += n;
        text += *text != '\0';
    }
    return RC_OK;
}

/* Ways in which GB/T 33190 8.5, 8.6 and 11 let a text be drawn as another, or not at all. */
static bool is_odd(const struct xmlel *el)
{
    static const char *const attrs[] = {"Visible", "Alpha", "Fill", "CTM", "DrawParam"};
    static const char *const children[] = {"CGTransform", "Clips", "Actions"};

    for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
        if (xmlel_attr(el, attrs[i]))
            return true;
    }
    for (size_t i = 0; i < sizeof(children) / sizeof(children[0]); i++) {
        if (xmlel_child(el, children[i]))
            return true;
    }
    return xmlel_attr(xmlel_child(el, "FillColor"), "Alpha") != NULL;
}

static void read_text(const struct xmlel *el, struct ofd_page *page)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    struct ofd_text *object = OFD_ADD(page->texts, page->n_texts);
    const char *size = xmlel_attr(el, "Size"), *end = NULL;
    struct err err = ERR_INIT;

    (void)ofd_unsigned(xmlel_attr(el, "ID"), &object->id);
    (void)ofd_box(xmlel_attr(el, "Boundary"), &object->box);
    if (!size || decimal_get(size, &object->size, &end, &err) != RC_OK)
        object->size = 0;
    for (const struct xmlel *code = xmlel_child(el, "TextCode"); code; code = xmlel_same(code)) {
        if (add_code(&text, xmlel_text_raw(code), &err) != RC_OK)
            break; /* cannot be: the part itself met the same limit */
    }
    object->text = buf_take(&text, NULL);
    object->odd = is_odd(el);
}

/* Depth is bounded by the parser. */
static void read_block(const struct xmlel *block, struct ofd_page *page)
{
    for (const struct xmlel *el = xmlel_first(block); el; el = xmlel_next(el)) {
        unsigned id = 0;

        if (strcmp(xmlel_name(el), "TextObject") == 0)
            read_text(el, page);
        else if (strcmp(xmlel_name(el), "PageBlock") == 0)
            read_block(el, page);
        else if (ofd_unsigned(xmlel_attr(el, "ID"), &id))
            *OFD_ADD(page->others, page->n_others) = id;
    }
}

static void read_links(const struct ofd_reader *reader, const struct xmlel *root,
                       struct ofd_page *page)
{
    const char *from = ofd_name(reader->ofd, page->member);

    for (const struct xmlel *el = xmlel_first(root); el; el = xmlel_next(el)) {
        unsigned id = 0;

        if (strcmp(xmlel_name(el), "PageRes") == 0)
            ofd_read_resources(reader, ofd_follow(reader, from, el, xmlel_text(el)));
        else if (strcmp(xmlel_name(el), "Template") == 0 &&
                 page->n_templates < LIMIT_PAGE_TEMPLATES &&
                 ofd_unsigned(xmlel_attr(el, "TemplateID"), &id))
            *OFD_ADD(page->templates, page->n_templates) = id;
    }
}

static int by_id(const void *a, const void *b, void *texts)
{
    const struct ofd_text *list = texts;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;

    if (list[i].id != list[k].id)
        return list[i].id < list[k].id ? -1 : 1;
    return (i > k) - (i < k);
}

static int by_value(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

    return (x > y) - (x < y);
}

/* Tag files refer to objects by ID, and a page may hold a million. */
static void index_objects(struct ofd_page *page)
{
    page->by_id = mem_zero(page->n_texts, sizeof(*page->by_id));
    for (size_t i = 0; i < page->n_texts; i++)
        page->by_id[i] = i;
    qsort_r(page->by_id, page->n_texts, sizeof(*page->by_id), by_id, page->texts);
    if (page->n_others)
        qsort(page->others, page->n_others, sizeof(*page->others), by_value);
}

void ofd_read_page(const struct ofd_reader *reader, struct ofd_page *page)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = ofd_xml_soft(reader, page->member, "Page");
    const struct xmlel *root, *layer;

    if (!doc)
        return;
    root = xmldoc_root(doc);
    (void)ofd_box(xmlel_child_text(xmlel_child(root, "Area"), "PhysicalBox"), &page->box);
    ofd_only_one(reader, page->member, root, (const char *const[]){"Area", "Content", NULL});
    read_links(reader, root, page);
    if (reader->quiet)
        return;
    for (layer = xmlel_child(xmlel_child(root, "Content"), "Layer"); layer;
         layer = xmlel_same(layer))
        read_block(layer, page);
    index_objects(page);
    if (reader->ofd->keeps)
        page->kept = MOVE(doc);
}
