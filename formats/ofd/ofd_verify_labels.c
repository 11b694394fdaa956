/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The constant texts of a licence of ours.  Its data name the template by its digest:
 * where that very template is at hand, what its template pages print must be the labels
 * of one of its faces, no more and no less.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_verify_priv.h"

/* Blanks fall away in setting a text. */
static enum rc add_plain(struct buf *out, const char *text, struct err *err)
{
    while (*text) {
        size_t n = strcspn(text, " \t\r\n");

        TRY(buf_add(out, text, n, err));
        text += n;
        text += *text != '\0';
    }
    return RC_OK;
}

static enum rc add_labels(struct buf *out, const struct template_page *page, struct err *err)
{
    for (size_t i = 0; i < page->n_texts; i++) {
        const struct template_text *text = &page->texts[i];

        if (text->field < 0 && text->label && !strchr(text->label, '{'))
            TRY(add_plain(out, text->label, err));
    }
    return RC_OK;
}

static enum rc add_shown(const struct ofd *ofd, const struct ofd_page *page, struct buf *out,
                         struct err *err)
{
    for (size_t i = 0; i < page->n_templates; i++) {
        const struct ofd_page *under = ofd_template_by_id(ofd, page->templates[i]);

        for (size_t k = 0; under && k < under->n_texts; k++)
            TRY(add_plain(out, under->texts[k].text, err));
    }
    return RC_OK;
}

/* Is what page p prints under its values just the labels of the face's page p? */
static bool page_agrees(const struct ofd *ofd, const struct template_face *face, size_t p)
{
    CLEANUP(buf_clear) struct buf labels = BUF_INIT(LIMIT_RECORD);
    CLEANUP(buf_clear) struct buf shown = BUF_INIT(LIMIT_RECORD);
    struct err ignored = ERR_INIT;

    return add_labels(&labels, &face->pages[p], &ignored) == RC_OK &&
           add_shown(ofd, &ofd->pages[p], &shown, &ignored) == RC_OK &&
           span_equals(buf_span(&labels), buf_span(&shown));
}

static bool face_agrees(const struct ofd *ofd, const struct template_face *face)
{
    if (face->n_pages != ofd->n_pages)
        return false;
    for (size_t p = 0; p < face->n_pages; p++) {
        if (!page_agrees(ofd, face, p))
            return false;
    }
    return true;
}

/* Is the text, or the line of it that this object holds, in a label of any face? */
static bool is_label(const struct template *template, const char *text)
{
    CLEANUP(buf_clear) struct buf wanted = BUF_INIT(LIMIT_RECORD);
    struct err ignored = ERR_INIT;

    if (add_plain(&wanted, text, &ignored) != RC_OK)
        return false;
    for (size_t f = 0; f < template->n_faces; f++) {
        for (size_t p = 0; p < template->faces[f].n_pages; p++) {
            CLEANUP(buf_clear) struct buf labels = BUF_INIT(LIMIT_RECORD);

            if (add_labels(&labels, &template->faces[f].pages[p], &ignored) == RC_OK &&
                strstr(labels.data, wanted.data))
                return true;
        }
    }
    return false;
}

/* Names the texts that no label has; where all are labels, one is missing or moved. */
static void tell(struct ofd_case *at, const struct template *template)
{
    struct findings *findings = &at->out->findings;
    size_t before = findings->n, looked = 0;

    for (size_t t = 0; t < at->ofd->n_templates; t++) {
        const struct ofd_page *under = &at->ofd->templates[t];

        for (size_t k = 0; k < under->n_texts && findings->n < before + 20 && ++looked < 2000;
             k++) {
            if (!is_label(template, under->texts[k].text))
                findings_add(findings, "OFD235", PLACE_PART(ofd_name(at->ofd, under->member)),
                             "text", under->texts[k].text, "template", template->id, NULL);
        }
    }
    if (findings->n == before)
        findings_add(findings, "OFD236", PLACE_NONE, "template", template->id, NULL);
    at->facts.face_disagrees = true;
}

static const struct template *find_template(const struct ofd_judge *judge,
                                            const struct licence *licence)
{
    char digest[2 * SM3_LEN + 1];

    for (size_t i = 0; licence->template_sm3 && i < judge->n_templates; i++) {
        hex_encode(judge->templates[i]->sm3, SM3_LEN, digest);
        if (strcmp(digest, licence->template_sm3) == 0)
            return judge->templates[i];
    }
    return NULL;
}

void ofd_compare_labels(struct ofd_case *at, const struct licence *licence)
{
    const struct template *template = find_template(at->judge, licence);

    if (!template) {
        findings_add(&at->out->findings, "OFD331", PLACE_NONE, "template",
                     licence->template_id ? licence->template_id : "?", NULL);
        return;
    }
    for (size_t f = 0; f < template->n_faces; f++) {
        if (face_agrees(at->ofd, &template->faces[f]))
            return;
    }
    tell(at, template);
}
