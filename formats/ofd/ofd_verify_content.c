/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --content for licences of ours: what the comparison of every verification
 * (ofd_verify_licence.c) leaves out because it wants the pages once more, or the
 * template.  Pictures, whatever else is drawn on the page, the constant texts under it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_verify_priv.h"

static struct findings *findings_of(struct ofd_case *at)
{
    return &at->out->findings;
}

static struct place place_of(struct ofd_case *at, int page, const char *field)
{
    long member = page ? at->ofd->pages[page - 1].member : OFD_NO_MEMBER;
    struct place place = member < 0 ? PLACE_NONE : PLACE_PART(ofd_name(at->ofd, member));

    place.field = field;
    return place;
}

/* One element a field, as we write it: of two, a reader may take either. */
static void find_repeated(struct ofd_case *at)
{
    char n[24];

    for (size_t i = 0; i < at->ofd->n_fields; i++) {
        const struct ofd_field *field = &at->ofd->fields[i];

        if (field->n_elements < 2)
            continue;
        (void)snprintf(n, sizeof(n), "%zu", field->n_elements);
        findings_add(findings_of(at), "OFD231", PLACE_FIELD(field->name), "name", field->name, "n",
                     n, NULL);
        at->facts.face_disagrees = true;
    }
}

static const struct xmlel *find_object(const struct xmlel *block, unsigned id)
{
    for (const struct xmlel *el = xmlel_first(block); el; el = xmlel_next(el)) {
        const struct xmlel *inside = NULL;
        unsigned own = 0;

        if (strcmp(xmlel_name(el), "PageBlock") == 0 || strcmp(xmlel_name(el), "Layer") == 0)
            inside = find_object(el, id);
        else if (ofd_unsigned(xmlel_attr(el, "ID"), &own) && own == id)
            return el;
        if (inside)
            return inside;
    }
    return NULL;
}

static long media_member(const struct ofd *ofd, const struct xmlel *image)
{
    unsigned id = 0;

    if (!ofd_unsigned(xmlel_attr(image, "ResourceID"), &id))
        return OFD_NO_MEMBER;
    for (size_t i = 0; i < ofd->n_media; i++) {
        if (ofd->media[i].id == id)
            return ofd->media[i].member;
    }
    return OFD_NO_MEMBER;
}

/* The picture that the face shows for a field: its member. */
static long shown_picture(const struct ofd *ofd, const struct ofd_field *field)
{
    const struct ofd_page *page;
    const struct xmlel *object;

    if (!field || !field->picture || !field->picture_page)
        return OFD_NO_MEMBER;
    page = &ofd->pages[field->picture_page - 1];
    if (!page->kept)
        return OFD_NO_MEMBER;
    object = find_object(xmlel_child(xmldoc_root(page->kept), "Content"), field->picture);
    return object && strcmp(xmlel_name(object), "ImageObject") == 0 ? media_member(ofd, object)
                                                                    : OFD_NO_MEMBER;
}

/* The value of a picture is its digest (data-formats): the one shown must have it. */
static void compare_picture(struct ofd_case *at, const struct licence_field *field)
{
    const struct ofd_field *shown = ofd_field(at->ofd, field->name);
    long member = shown_picture(at->ofd, shown);
    unsigned char digest[SM3_LEN];
    const unsigned char *actual = NULL;
    struct err err = ERR_INIT;

    if (member < 0)
        return; /* the face of this licence may have no place for it */
    if (hex_decode(field->value, SM3_LEN, digest) &&
        ofd_sm3(at->ofd, member, &actual, &err) == RC_OK &&
        hash_equals((struct span){digest, SM3_LEN}, (struct span){actual, SM3_LEN}))
        return;
    findings_add(findings_of(at), "OFD233", place_of(at, shown->picture_page, field->name), "name",
                 field->name, "part", ofd_name(at->ofd, member), NULL);
    at->facts.face_disagrees = true;
}

static bool is_picture(const struct licence_field *field)
{
    return field->value && strlen(field->value) == 2 * SM3_LEN && (!field->text || !*field->text) &&
           strspn(field->value, "0123456789abcdef") == 2 * SM3_LEN;
}

static bool is_of_field(const struct ofd *ofd, const struct xmlel *el)
{
    unsigned id = 0;

    (void)ofd_unsigned(xmlel_attr(el, "ID"), &id);
    for (size_t i = 0; id && i < ofd->n_fields; i++) {
        if (ofd->fields[i].picture == id)
            return true;
    }
    return false;
}

/* May this object stand on the page?  The pictures of fields and our code. */
static bool is_explained(struct ofd_case *at, const struct xmlel *el, long code)
{
    return strcmp(xmlel_name(el), "ImageObject") == 0 &&
           ((code >= 0 && media_member(at->ofd, el) == code) || is_of_field(at->ofd, el));
}

enum { LOOKED_MAX = 5000 }; /* pictures of ours: two or three */

static void look_for_strangers(struct ofd_case *at, const struct xmlel *block, int page, long code,
                               size_t *looked)
{
    for (const struct xmlel *el = xmlel_first(block); el && findings_of(at)->n < FINDINGS_MAX;
         el = xmlel_next(el)) {
        char number[16];
        const char *id = xmlel_attr(el, "ID");

        if (strcmp(xmlel_name(el), "PageBlock") == 0 || strcmp(xmlel_name(el), "Layer") == 0) {
            look_for_strangers(at, el, page, code, looked);
            continue;
        }
        if (strcmp(xmlel_name(el), "TextObject") == 0 ||
            (++*looked < LOOKED_MAX && is_explained(at, el, code)))
            continue;
        (void)snprintf(number, sizeof(number), "%d", page);
        findings_add(findings_of(at), "OFD234", place_of(at, page, NULL), "page", number, "object",
                     id ? id : "?", "kind", xmlel_name(el), NULL);
        at->facts.face_disagrees = true;
    }
}

enum { DRAWN_MAX = 1000, PICTURES_MAX = 50 /* of fields; each is looked for on its page */ };

static void add_drawn(const struct ofd *ofd, const struct xmlel *block, unsigned **out, size_t *n,
                      size_t *looked)
{
    for (const struct xmlel *el = xmlel_first(block); el; el = xmlel_next(el)) {
        unsigned id = 0;

        if (strcmp(xmlel_name(el), "ImageObject") != 0)
            add_drawn(ofd, el, out, n, looked);
        else if (*n < DRAWN_MAX && ++*looked < LOOKED_MAX && !is_of_field(ofd, el) &&
                 ofd_unsigned(xmlel_attr(el, "ResourceID"), &id))
            *OFD_ADD(*out, *n) = id;
    }
}

size_t ofd_drawn_pictures(const struct ofd *ofd, unsigned **out)
{
    size_t n = 0, looked = 0;

    for (size_t i = 0; i < ofd->n_pages; i++) {
        const struct xmldoc *doc = ofd->pages[i].kept;

        if (doc)
            add_drawn(ofd, xmlel_child(xmldoc_root(doc), "Content"), out, &n, &looked);
    }
    return n;
}

void ofd_compare_content(struct ofd_case *at, const struct licence *licence, long code)
{
    size_t pictures = 0, looked = 0;

    find_repeated(at);
    for (size_t i = 0; i < licence->n_fields && pictures < PICTURES_MAX; i++) {
        if (is_picture(&licence->fields[i]) && ++pictures)
            compare_picture(at, &licence->fields[i]);
    }
    for (size_t i = 0; i < at->ofd->n_pages; i++) {
        const struct xmldoc *doc = at->ofd->pages[i].kept;

        if (doc)
            look_for_strangers(at, xmlel_child(xmldoc_root(doc), "Content"), (int)i + 1, code,
                               &looked);
    }
    ofd_compare_labels(at, licence);
}
