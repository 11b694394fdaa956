/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Document.xml (GB/T 33190-2016 7.5), resources (7.9), annotations (15), attachments (20)
 * and extensions (17): what the document is made of, and so what a signature must cover.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"

/* The member named by a child's text, marked as a part of that kind. */
static long follow_child(const struct ofd_reader *reader, const char *from, const struct xmlel *el,
                         enum part_kind kind)
{
    long member = ofd_follow(reader, from, el, xmlel_text(el));

    ofd_mark_as(reader, member, kind);
    return member;
}

/* A file that `el` of the part `from` names in a folder and that is not there: says so. */
static long say_missing(const struct ofd_reader *reader, const char *from, const char *start,
                        const struct xmlel *el)
{
    CLEANUP(freep) char *name = ofd_resolve(start, xmlel_text(el)), *loc = NULL;

    if (name && asprintf(&loc, "/%s", name) < 0)
        abort();
    return ofd_follow(reader, from, el, loc ? loc : xmlel_text(el));
}

/*
 * GB/T 33190 7.9: files of a resource part lie in its BaseLoc.  Some makers count from
 * the folder of the part, or from the root.
 */
static long follow_resource(const struct ofd_reader *reader, long res, const char *base,
                            const struct xmlel *el)
{
    const char *from = ofd_name(reader->ofd, res);
    CLEANUP(freep) char *folder = base && *base ? ofd_resolve(from, base) : NULL;
    CLEANUP(freep) char *in_folder = NULL;
    const char *starts[] = {NULL, from, ""};
    long member;

    if (folder) {
        in_folder = path_join(folder, "-"); /* any name in that folder */
        starts[0] = in_folder;
    } else if (base && *base) {
        starts[0] = ""; /* "/" */
    }
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(freep) char *name = starts[i] ? ofd_resolve(starts[i], xmlel_text(el)) : NULL;

        member = name ? zipfile_find(reader->ofd->zip, name) : OFD_NO_MEMBER;
        if (member < 0)
            continue;
        ofd_mark_as(reader, member, KIND_RESOURCE);
        return member;
    }
    return say_missing(reader, from, starts[0] ? starts[0] : from, el);
}

static void read_fonts(const struct ofd_reader *reader, long res, const char *base,
                       const struct xmlel *list)
{
    struct ofd *ofd = reader->ofd;

    for (const struct xmlel *el = xmlel_child(list, "Font"); el; el = xmlel_same(el)) {
        const struct xmlel *file = xmlel_child(el, "FontFile");
        long member = file ? follow_resource(reader, res, base, file) : OFD_NO_MEMBER;
        struct ofd_font *font;

        if (reader->quiet)
            continue;
        font = OFD_ADD(ofd->fonts, ofd->n_fonts);
        (void)ofd_unsigned(xmlel_attr(el, "ID"), &font->id);
        font->name = ofd_copy(xmlel_attr(el, "FontName"));
        font->family = ofd_copy(xmlel_attr(el, "FamilyName"));
        font->embedded = file != NULL;
        font->member = member;
    }
}

static void read_media(const struct ofd_reader *reader, long res, const char *base,
                       const struct xmlel *list)
{
    struct ofd *ofd = reader->ofd;

    for (const struct xmlel *el = xmlel_child(list, "MultiMedia"); el; el = xmlel_same(el)) {
        const struct xmlel *file = xmlel_child(el, "MediaFile");
        long member = file ? follow_resource(reader, res, base, file) : OFD_NO_MEMBER;
        struct ofd_media *media;

        if (reader->quiet)
            continue;
        media = OFD_ADD(ofd->media, ofd->n_media);
        (void)ofd_unsigned(xmlel_attr(el, "ID"), &media->id);
        media->type = ofd_copy(xmlel_attr(el, "Type"));
        media->format = ofd_copy(xmlel_attr(el, "Format"));
        media->member = member;
    }
}

static void read_profiles(const struct ofd_reader *reader, long res, const char *base,
                          const struct xmlel *list)
{
    for (const struct xmlel *el = xmlel_child(list, "ColorSpace"); el; el = xmlel_same(el)) {
        const struct xmlel *file = xmlel_child(el, "Profile");
        const char *loc = xmlel_attr(el, "Profile");
        const char *from = ofd_name(reader->ofd, res);

        if (file)
            (void)follow_resource(reader, res, base, file);
        else if (loc)
            ofd_mark_as(reader, ofd_follow(reader, from, el, loc), KIND_RESOURCE);
    }
}

/* Takes the document. */
static void keep(struct ofd_kept **list, size_t *n, const struct ofd_kept *part)
{
    *list = ofd_grow(*list, n, sizeof(**list));
    (*list)[*n - 1] = *part;
}

void ofd_read_resources(const struct ofd_reader *reader, long member)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    const struct xmlel *root;
    const char *base;

    ofd_mark_as(reader, member, KIND_RESOURCE);
    doc = ofd_xml_soft(reader, member, "Res");
    if (!doc)
        return;
    root = xmldoc_root(doc);
    base = xmlel_attr(root, "BaseLoc");
    for (const struct xmlel *el = xmlel_first(root); el; el = xmlel_next(el)) {
        if (strcmp(xmlel_name(el), "Fonts") == 0)
            read_fonts(reader, member, base, el);
        else if (strcmp(xmlel_name(el), "MultiMedias") == 0)
            read_media(reader, member, base, el);
        else if (strcmp(xmlel_name(el), "ColorSpaces") == 0)
            read_profiles(reader, member, base, el);
    }
    if (reader->ofd->keeps && !reader->quiet)
        keep(&reader->ofd->resources, &reader->ofd->n_resources,
             &(struct ofd_kept){.member = member, .doc = MOVE(doc)});
}

static void read_page_annotations(const struct ofd_reader *reader, const char *page_id, long member)
{
    struct ofd *ofd = reader->ofd;
    CLEANUP(xmldoc_freep) struct xmldoc *doc = ofd_xml_soft(reader, member, "PageAnnot");
    const struct xmlel *el = doc ? xmlel_child(xmldoc_root(doc), "Annot") : NULL;

    for (; el && !reader->quiet; el = xmlel_same(el)) {
        struct ofd_annotation *annotation = OFD_ADD(ofd->annotations, ofd->n_annotations);

        (void)ofd_unsigned(page_id, &annotation->page_id);
        annotation->type = ofd_copy(xmlel_attr(el, "Type"));
        annotation->subtype = ofd_copy(xmlel_attr(el, "Subtype"));
        annotation->creator = ofd_copy(xmlel_attr(el, "Creator"));
        annotation->member = member;
    }
    if (doc && ofd->keeps && !reader->quiet) {
        struct ofd_kept part = {.member = member};

        (void)ofd_unsigned(page_id, &part.page_id);
        part.doc = MOVE(doc);
        keep(&ofd->annotation_parts, &ofd->n_annotation_parts, &part);
    }
}

static void read_annotations(const struct ofd_reader *reader, long member)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = ofd_xml_soft(reader, member, "Annotations");
    const struct xmlel *el = doc ? xmlel_child(xmldoc_root(doc), "Page") : NULL;

    for (; el; el = xmlel_same(el)) {
        const struct xmlel *file = xmlel_child(el, "FileLoc");
        long annotations;

        if (!file)
            continue;
        annotations = follow_child(reader, ofd_name(reader->ofd, member), file, KIND_ANNOTATION);
        read_page_annotations(reader, xmlel_attr(el, "PageID"), annotations);
    }
}

static void read_attachments(const struct ofd_reader *reader, long member)
{
    struct ofd *ofd = reader->ofd;
    CLEANUP(xmldoc_freep) struct xmldoc *doc = ofd_xml_soft(reader, member, "Attachments");
    const struct xmlel *el = doc ? xmlel_child(xmldoc_root(doc), "Attachment") : NULL;

    for (; el; el = xmlel_same(el)) {
        const struct xmlel *file = xmlel_child(el, "FileLoc");
        long at = file ? follow_child(reader, ofd_name(ofd, member), file, KIND_ATTACHMENT)
                       : OFD_NO_MEMBER;
        const char *visible = xmlel_attr(el, "Visible");
        struct ofd_attachment *attachment;

        if (reader->quiet)
            continue;
        attachment = OFD_ADD(ofd->attachments, ofd->n_attachments);
        attachment->id = ofd_copy(xmlel_attr(el, "ID"));
        attachment->name = ofd_copy(xmlel_attr(el, "Name"));
        attachment->format = ofd_copy(xmlel_attr(el, "Format"));
        attachment->visible = !visible || strcmp(visible, "false") != 0;
        attachment->member = at;
    }
}

static void read_extensions(const struct ofd_reader *reader, long member)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = ofd_xml_soft(reader, member, "Extensions");
    const struct xmlel *el = doc ? xmlel_child(xmldoc_root(doc), "Extension") : NULL;

    for (; el; el = xmlel_same(el)) {
        for (const struct xmlel *data = xmlel_child(el, "ExtendData"); data;
             data = xmlel_same(data))
            (void)follow_child(reader, ofd_name(reader->ofd, member), data, KIND_DOCUMENT);
    }
}

static void read_template(const struct ofd_reader *reader, const char *from, const struct xmlel *el)
{
    struct ofd *ofd = reader->ofd;
    const char *loc = xmlel_attr(el, "BaseLoc");
    long member = ofd_follow(reader, from, el, loc ? loc : "");
    struct ofd_page passing = {.member = member}, *page = &passing;

    ofd_mark_as(reader, member, KIND_TEMPLATE);
    if (!reader->quiet) {
        page = OFD_ADD(ofd->templates, ofd->n_templates);
        (void)ofd_unsigned(xmlel_attr(el, "ID"), &page->id);
        page->member = member;
        page->z_order = ofd_copy(xmlel_attr(el, "ZOrder"));
    }
    ofd_read_page(reader, page);
    free(passing.templates);
}

static int by_page_id(const void *a, const void *b)
{
    const struct ofd_page *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static void read_common(const struct ofd_reader *reader, const char *from,
                        const struct xmlel *common)
{
    const struct xmlel *area = xmlel_child(common, "PageArea");
    const char *max = xmlel_child_text(common, "MaxUnitID");
    unsigned id = 0;

    if (!reader->quiet) {
        (void)ofd_box(xmlel_child_text(area, "PhysicalBox"), &reader->ofd->area);
        if (ofd_unsigned(max, &id))
            reader->ofd->max_unit_id = id;
    }
    for (const struct xmlel *el = xmlel_first(common); el; el = xmlel_next(el)) {
        if (strcmp(xmlel_name(el), "PublicRes") == 0 || strcmp(xmlel_name(el), "DocumentRes") == 0)
            ofd_read_resources(reader, ofd_follow(reader, from, el, xmlel_text(el)));
        else if (strcmp(xmlel_name(el), "TemplatePage") == 0)
            read_template(reader, from, el);
    }
    if (!reader->quiet && reader->ofd->n_templates > 0)
        qsort(reader->ofd->templates, reader->ofd->n_templates, sizeof(*reader->ofd->templates),
              by_page_id);
}

static int by_id(const void *a, const void *b, void *pages)
{
    const struct ofd_page *list = pages;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;

    if (list[i].id != list[k].id)
        return list[i].id < list[k].id ? -1 : 1;
    return (i > k) - (i < k);
}

/* Thousands of stamps and annotations may each name one of thousands of pages. */
static void index_pages(struct ofd *ofd)
{
    ofd->order = mem_zero(ofd->n_pages, sizeof(*ofd->order));
    for (size_t i = 0; i < ofd->n_pages; i++)
        ofd->order[i] = i;
    qsort_r(ofd->order, ofd->n_pages, sizeof(*ofd->order), by_id, ofd->pages);
}

static enum rc read_pages(const struct ofd_reader *reader, const char *from,
                          const struct xmlel *pages, struct err *err)
{
    struct ofd *ofd = reader->ofd;
    size_t n = 0;

    for (const struct xmlel *el = xmlel_child(pages, "Page"); el; el = xmlel_same(el)) {
        const char *loc = xmlel_attr(el, "BaseLoc");
        struct ofd_page passing = {0}, *page = &passing;

        if (++n > LIMIT_PAGES)
            return err_find(err, "OFD002", RC_INPUT, "more pages than the limit of %d",
                            LIMIT_PAGES);
        if (!reader->quiet)
            page = OFD_ADD(ofd->pages, ofd->n_pages);
        (void)ofd_unsigned(xmlel_attr(el, "ID"), &page->id);
        page->box = ofd->area;
        page->member = ofd_follow(reader, from, el, loc ? loc : "");
        ofd_mark_as(reader, page->member, KIND_PAGE);
        ofd_read_page(reader, page);
        if (reader->quiet)
            free(page->templates);
    }
    if (!reader->quiet)
        index_pages(ofd);
    return RC_OK;
}

enum rc ofd_read_document(const struct ofd_reader *reader, long document, struct err *err)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    const char *from = ofd_name(reader->ofd, document);
    const struct xmlel *root, *tags;

    ofd_mark_as(reader, document, KIND_DOCUMENT);
    TRY(ofd_xml(reader, document, "Document", &doc, err));
    root = xmldoc_root(doc);
    ofd_only_one(reader, document, root, (const char *const[]){"CommonData", "Pages", NULL});
    read_common(reader, from, xmlel_child(root, "CommonData"));
    TRY(read_pages(reader, from, xmlel_child(root, "Pages"), err));
    for (const struct xmlel *el = xmlel_first(root); el; el = xmlel_next(el)) {
        if (strcmp(xmlel_name(el), "Annotations") == 0)
            read_annotations(reader, follow_child(reader, from, el, KIND_ANNOTATION));
        else if (strcmp(xmlel_name(el), "Attachments") == 0)
            read_attachments(reader, follow_child(reader, from, el, KIND_ATTACHMENT));
        else if (strcmp(xmlel_name(el), "Extensions") == 0)
            read_extensions(reader, follow_child(reader, from, el, KIND_DOCUMENT));
    }
    for (tags = xmlel_child(root, "CustomTags"); tags; tags = xmlel_same(tags))
        ofd_read_tags(reader, follow_child(reader, from, tags, KIND_INDEX));
    return RC_OK;
}
