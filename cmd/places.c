/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/places.h"

#include <string.h>

#include "cmd/owner.h"

/* Centre of b within a: seals may touch and their corners overlap, but not lie on each other. */
static bool is_on(struct box a, struct box b)
{
    um x = b.x + b.w / 2, y = b.y + b.h / 2;

    return x >= a.x && x <= a.x + a.w && y >= a.y && y <= a.y + a.h;
}

static bool is_taken(const struct ofd *ofd, int page, struct box box)
{
    for (size_t i = 0; i < ofd->n_signatures; i++) {
        for (size_t k = 0; k < ofd->signatures[i].n_stamps; k++) {
            const struct ofd_stamp_annot *stamp = &ofd->signatures[i].stamps[k];

            if (stamp->page == page && (is_on(stamp->box, box) || is_on(box, stamp->box)))
                return true;
        }
    }
    return false;
}

/* The seal must lie on its page: part of a seal is no seal. */
static enum rc put(const struct ofd *ofd, int page, struct box box, struct ofd_stamp *out,
                   struct err *err)
{
    const struct ofd_page *p;

    if (page < 1 || (size_t)page > ofd->n_pages)
        return err_set(err, RC_USAGE, "there is no page %d: the file has %zu", page, ofd->n_pages);
    p = &ofd->pages[page - 1];
    if (box.x < 0 || box.y < 0 ||
        (p->box.w && (box.x + box.w > p->box.w || box.y + box.h > p->box.h)))
        return err_set(err, RC_USAGE, "the seal would not lie on page %d as a whole", page);
    if (is_taken(ofd, page, box))
        return err_find(err, "SIG224", RC_REFUSED, "there is a seal at that place already");
    out->page_id = p->id;
    out->box = box;
    return RC_OK;
}

/*
 * An issuer that is named has its own place: where that is taken it has sealed, and a
 * second seal of it would stand in for another's.
 */
static enum rc choose_free(const struct stamping *s, const struct ofd *ofd,
                           const struct licence *licence, struct ofd_stamp *out, struct err *err)
{
    const struct seal_place *first = NULL, *own = NULL;
    bool has_own = false;

    for (size_t i = 0; licence && i < licence->n_seal_places; i++) {
        const struct seal_place *place = &licence->seal_places[i];
        bool is_own = owner_has_place(s->sealer, licence, place);

        has_own = has_own || is_own;
        if (is_taken(ofd, place->page, place->box))
            continue;
        first = first ? first : place;
        own = own ? own : is_own ? place : NULL;
    }
    if (has_own && !own && !s->on_behalf)
        return err_find(err, "SIG224", RC_REFUSED, "the issuer's own seal place is taken");
    if (own || first)
        return put(ofd, (own ? own : first)->page,
                   sealing_box(&s->sealer->seal, (own ? own : first)->box), out, err);
    if (licence && licence->n_seal_places)
        return err_find(err, "SIG224", RC_REFUSED, "every seal place of the licence is taken");
    return err_set(err, RC_USAGE,
                   "the file names no place for a seal: --place, --place-field or "
                   "--place-keyword");
}

/* The first text of a page that holds the keyword, or NULL. */
static const struct ofd_text *find_keyword(const struct ofd_page *page, const char *keyword)
{
    for (size_t i = 0; i < page->n_texts; i++) {
        if (strstr(page->texts[i].text, keyword))
            return &page->texts[i];
    }
    return NULL;
}

/* On the page itself, else on the template pages under it. */
static const struct ofd_text *find_on_page(const struct ofd *ofd, const struct ofd_page *page,
                                           const char *keyword)
{
    const struct ofd_text *text = find_keyword(page, keyword);

    for (size_t t = 0; !text && t < page->n_templates; t++) {
        for (size_t k = 0; !text && k < ofd->n_templates; k++) {
            if (ofd->templates[k].id == page->templates[t])
                text = find_keyword(&ofd->templates[k], keyword);
        }
    }
    return text;
}

static enum rc choose_keyword(const struct stamping *s, const struct ofd *ofd,
                              struct ofd_stamp *out, struct err *err)
{
    for (size_t p = 0; p < ofd->n_pages; p++) {
        const struct ofd_text *text = find_on_page(ofd, &ofd->pages[p], s->text);

        if (text)
            return put(ofd, (int)p + 1, sealing_box(&s->sealer->seal, text->box), out, err);
    }
    return err_set(err, RC_USAGE, "no page says '%s'", s->text);
}

enum rc places_choose(const struct stamping *s, const struct ofd *ofd,
                      const struct licence *licence, struct ofd_stamp *out, struct err *err)
{
    const struct ofd_field *field;
    struct box at = {s->x, s->y, (um)(s->sealer->seal.width_mm * UM_PER_MM),
                     (um)(s->sealer->seal.height_mm * UM_PER_MM)};

    switch (s->place) {
    case PLACE_AT:
        return put(ofd, s->page, at, out, err);
    case PLACE_OF_FIELD:
        field = ofd_field(ofd, s->text);
        if (!field || !field->page)
            return err_set(err, RC_USAGE, "no page shows the field '%s'", s->text);
        return put(ofd, field->page, sealing_box(&s->sealer->seal, field->box), out, err);
    case PLACE_KEYWORD:
        return choose_keyword(s, ofd, out, err);
    case PLACE_FREE:
        break;
    }
    return choose_free(s, ofd, licence, out, err);
}
