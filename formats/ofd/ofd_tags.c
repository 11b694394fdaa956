/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Custom tags, GB/T 33190-2016 16: which text objects show which field.  A tag file is
 * XML of its maker's own; live ones are often ill-formed under Namespaces in XML, which
 * is noted and never held against a signature.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"

/* One text object that a field refers to, with what orders it. */
struct hit {
    int page;
    const struct ofd_text *text;
};

/* The hits of one field, until all elements of its name have been seen. */
struct tag {
    const char *name;
    struct hit *hits;
    size_t n_hits, n_lost, n_elements;
    unsigned picture;
    int picture_page;
    const char *own;
};

struct tags {
    struct tag *list;
    size_t n;
};

enum { REFERENCES_MAX = 5000 }; /* of all tag files; a form of several pages has some hundred */

static void tags_clear(struct tags *tags)
{
    for (size_t i = 0; i < tags->n; i++)
        free(tags->list[i].hits);
    free(tags->list);
}

/* On the page itself, else on the template pages under it. */
static struct ofd_text *find_object(const struct ofd *ofd, const struct ofd_page *page, unsigned id)
{
    struct ofd_text *text = ofd_page_text(page, id);

    for (size_t i = 0; !text && i < page->n_templates; i++) {
        const struct ofd_page *under = ofd_template_by_id(ofd, page->templates[i]);

        text = under ? ofd_page_text(under, id) : NULL;
    }
    return text;
}

/* ":证号" of an ill-formed tag file is 证号. */
static const char *plain_name(const struct xmlel *el)
{
    const char *name = xmlel_name(el);

    return name + strspn(name, ":");
}

static struct tag *tag_named(struct tags *tags, const char *name)
{
    struct tag *tag;

    for (size_t i = 0; i < tags->n; i++) {
        if (strcmp(tags->list[i].name, name) == 0)
            return &tags->list[i];
    }
    tag = OFD_ADD(tags->list, tags->n);
    tag->name = name;
    return tag;
}

static void read_reference(const struct ofd *ofd, const struct xmlel *ref, struct tag *tag)
{
    unsigned page_id = 0, id = 0;
    struct ofd_text *text = NULL;
    int page = 0;

    if (ofd_unsigned(xmlel_attr(ref, "PageRef"), &page_id) && ofd_unsigned(xmlel_text(ref), &id))
        page = ofd_page_number(ofd, page_id);
    if (page)
        text = find_object(ofd, &ofd->pages[page - 1], id);
    if (text)
        text->named = true;
    if (text) {
        *OFD_ADD(tag->hits, tag->n_hits) = (struct hit){.page = page, .text = text};
    } else if (!page || !ofd_page_has_other(&ofd->pages[page - 1], id)) {
        tag->n_lost++;
    } else if (!tag->picture) { /* a picture has no text to take */
        tag->picture = id;
        tag->picture_page = page;
    }
}

static void read_element(struct ofd *ofd, const struct xmlel *el, struct tags *tags)
{
    bool counted = false;

    for (const struct xmlel *child = xmlel_first(el); child; child = xmlel_next(child)) {
        struct tag *tag;

        if (ofd->n_refs == REFERENCES_MAX)
            return;
        if (strcmp(plain_name(child), "ObjectRef") != 0) {
            read_element(ofd, child, tags);
            continue;
        }
        ofd->n_refs++;
        tag = tag_named(tags, plain_name(el));
        read_reference(ofd, child, tag);
        tag->n_elements += !counted;
        if (!counted && *xmlel_text(el))
            tag->own = xmlel_text(el);
        counted = true;
    }
}

/* By page, line and column: boxes whose middles are less than half a height apart share a line. */
static bool comes_before(const struct hit *a, const struct hit *b)
{
    const struct box *p = &a->text->box, *q = &b->text->box;
    int64_t apart = ((int64_t)p->y + p->h / 2) - ((int64_t)q->y + q->h / 2);
    int64_t tolerance = (p->h < q->h ? p->h : q->h) / 2;

    if (a->page != b->page)
        return a->page < b->page;
    if (apart < -tolerance || apart > tolerance)
        return apart < 0;
    return p->x < q->x;
}

/* Makers list 年, 月 and 日 of one date in any order.  Insertion sort: stable, and never long. */
static void sort_hits(struct hit *hits, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct hit hit = hits[i];
        size_t k = i;

        for (; k > 0 && comes_before(&hit, &hits[k - 1]); k--)
            hits[k] = hits[k - 1];
        hits[k] = hit;
    }
}

static void keep_field(struct ofd *ofd, struct tag *tag)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    struct ofd_field *field = OFD_ADD(ofd->fields, ofd->n_fields);
    struct err err = ERR_INIT;

    sort_hits(tag->hits, tag->n_hits);
    for (size_t i = 0; i < tag->n_hits; i++) {
        ofd->tagged += strlen(tag->hits[i].text->text);
        if (ofd->tagged > LIMIT_TAGGED || buf_puts(&text, tag->hits[i].text->text, &err) != RC_OK)
            break;
    }
    field->name = mem_text(tag->name);
    field->text = buf_take(&text, NULL);
    field->n_objects = tag->n_hits;
    field->n_lost = tag->n_lost;
    field->n_elements = tag->n_elements;
    field->picture = tag->picture;
    field->picture_page = tag->picture_page;
    field->own = ofd_copy(tag->own);
    if (tag->n_hits) {
        field->page = tag->hits[0].page;
        field->box = tag->hits[0].text->box;
    }
}

static void read_tag_file(const struct ofd_reader *reader, long member)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    CLEANUP(tags_clear) struct tags tags = {0};
    struct span bytes = {NULL, 0};
    struct err err = ERR_INIT;
    const char *name = ofd_name(reader->ofd, member);

    if (zipfile_read(reader->ofd->zip, (size_t)member, &bytes, &err) != RC_OK ||
        ofd_parse(reader, bytes, XML_LENIENT, &doc, &err) != RC_OK) {
        findings_add(reader->findings, "OFD304", PLACE_PART(name), "detail", err.text, NULL);
        return;
    }
    if (xmldoc_ns_broken(doc))
        findings_add(reader->findings, "STD304", PLACE_PART(name), NULL);
    read_element(reader->ofd, xmldoc_root(doc), &tags);
    for (size_t i = 0; i < tags.n; i++) {
        keep_field(reader->ofd, &tags.list[i]);
        if (tags.list[i].n_lost)
            findings_add(reader->findings, "OFD305", PLACE_PART(name), "name", tags.list[i].name,
                         NULL);
    }
    if (reader->ofd->n_refs == REFERENCES_MAX || reader->ofd->tagged > LIMIT_TAGGED)
        findings_add(reader->findings, "OFD308", PLACE_PART(name), NULL);
}

void ofd_read_tags(const struct ofd_reader *reader, long member)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = ofd_xml_soft(reader, member, "CustomTags");
    const char *from = ofd_name(reader->ofd, member);
    const struct xmlel *el = doc ? xmlel_child(xmldoc_root(doc), "CustomTag") : NULL;

    for (; el; el = xmlel_same(el)) {
        static const char *const links[] = {"FileLoc", "SchemaLoc"};

        for (size_t i = 0; i < 2; i++) {
            const struct xmlel *link = xmlel_child(el, links[i]);
            long at = link ? ofd_follow(reader, from, link, xmlel_text(link)) : OFD_NO_MEMBER;

            ofd_mark_as(reader, at, KIND_INDEX);
            if (i == 0 && at >= 0 && !reader->quiet)
                read_tag_file(reader, at);
        }
    }
}
