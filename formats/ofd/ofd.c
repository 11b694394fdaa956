/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in an opened OFD file, and letting go of it. */
#include <stdlib.h>
#include <string.h>

#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_seen.h"

const char *ofd_custom(const struct ofd *ofd, const char *name)
{
    for (size_t i = 0; i < ofd->n_custom; i++) {
        if (strcmp(ofd->custom[i].key, name) == 0)
            return ofd->custom[i].value;
    }
    return NULL;
}

const struct ofd_attachment *ofd_attachment(const struct ofd *ofd, const char *name)
{
    for (size_t i = 0; i < ofd->n_attachments; i++) {
        if (ofd->attachments[i].name && strcmp(ofd->attachments[i].name, name) == 0)
            return &ofd->attachments[i];
    }
    return NULL;
}

int ofd_page_number(const struct ofd *ofd, unsigned id)
{
    size_t low = 0, high = ofd->order ? ofd->n_pages : 0;

    while (low < high) { /* to the first one that is not smaller */
        size_t middle = low + (high - low) / 2;

        if (ofd->pages[ofd->order[middle]].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (id == 0 || !ofd->order || low == ofd->n_pages || ofd->pages[ofd->order[low]].id != id)
        return 0;
    return (int)ofd->order[low] + 1;
}

const struct ofd_page *ofd_page_by_id(const struct ofd *ofd, unsigned id)
{
    int number = ofd_page_number(ofd, id);

    return number ? &ofd->pages[number - 1] : NULL;
}

static int compare_id(const void *id, const void *page)
{
    unsigned want = *(const unsigned *)id, have = ((const struct ofd_page *)page)->id;

    return (want > have) - (want < have);
}

const struct ofd_page *ofd_template_by_id(const struct ofd *ofd, unsigned id)
{
    if (ofd->n_templates == 0)
        return NULL;
    return bsearch(&id, ofd->templates, ofd->n_templates, sizeof(*ofd->templates), compare_id);
}

struct ofd_text *ofd_page_text(const struct ofd_page *page, unsigned id)
{
    size_t low = 0, high = page->n_texts;

    while (low < high) { /* to the first one that is not smaller */
        size_t middle = low + (high - low) / 2;

        if (page->texts[page->by_id[middle]].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == page->n_texts || page->texts[page->by_id[low]].id != id)
        return NULL;
    return &page->texts[page->by_id[low]];
}

bool ofd_page_has_other(const struct ofd_page *page, unsigned id)
{
    size_t low = 0, high = page->n_others;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (page->others[middle] == id)
            return true;
        if (page->others[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

const struct ofd_field *ofd_field(const struct ofd *ofd, const char *name)
{
    for (size_t i = 0; i < ofd->n_fields; i++) {
        if (strcmp(ofd->fields[i].name, name) == 0)
            return &ofd->fields[i];
    }
    return NULL;
}

static void clear_pages(struct ofd_page *pages, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < pages[i].n_texts; k++)
            free(pages[i].texts[k].text);
        free(pages[i].texts);
        free(pages[i].by_id);
        free(pages[i].others);
        free(pages[i].templates);
        free(pages[i].z_order);
        xmldoc_free(pages[i].kept);
    }
    free(pages);
}

void ofd_signature_clear(struct ofd_signature *signature)
{
    for (size_t i = 0; i < signature->n_references; i++) {
        free(signature->references[i].loc);
        free(signature->references[i].name);
        free(signature->references[i].check_value);
    }
    for (size_t i = 0; i < signature->n_stamps; i++)
        free(signature->stamps[i].id);
    free(signature->references);
    free(signature->stamps);
    free(signature->id);
    free(signature->type);
    free(signature->relative);
    free(signature->base_loc);
    free(signature->xml_name);
    free(signature->provider);
    free(signature->provider_version);
    free(signature->company);
    free(signature->method);
    free(signature->date_time);
    free(signature->check_method);
    free(signature->seal_loc);
    free(signature->value_loc);
}

static void clear_resources(struct ofd *ofd)
{
    for (size_t i = 0; i < ofd->n_fonts; i++) {
        free(ofd->fonts[i].name);
        free(ofd->fonts[i].family);
    }
    for (size_t i = 0; i < ofd->n_media; i++) {
        free(ofd->media[i].type);
        free(ofd->media[i].format);
    }
    for (size_t i = 0; i < ofd->n_annotations; i++) {
        free(ofd->annotations[i].type);
        free(ofd->annotations[i].subtype);
        free(ofd->annotations[i].creator);
    }
    for (size_t i = 0; i < ofd->n_attachments; i++) {
        free(ofd->attachments[i].id);
        free(ofd->attachments[i].name);
        free(ofd->attachments[i].format);
    }
    free(ofd->fonts);
    free(ofd->media);
    free(ofd->annotations);
    free(ofd->attachments);
}

static void clear_info(struct ofd *ofd)
{
    char *const texts[] = {ofd->version,         ofd->doc_type, ofd->doc_id,   ofd->title,
                           ofd->author,          ofd->subject,  ofd->abstract, ofd->creator,
                           ofd->creator_version, ofd->created,  ofd->modified, ofd->list_name};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    for (size_t i = 0; i < ofd->n_custom; i++) {
        free(ofd->custom[i].key);
        free(ofd->custom[i].value);
    }
    free(ofd->custom);
    for (size_t i = 0; i < ofd->n_versions; i++) {
        free(ofd->versions[i].id);
        free(ofd->versions[i].index);
    }
    free(ofd->versions);
}

static void clear_kept(struct ofd_kept *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        xmldoc_free(list[i].doc);
    free(list);
}

void ofd_free(struct ofd *ofd)
{
    if (!ofd)
        return;
    clear_info(ofd);
    clear_pages(ofd->pages, ofd->n_pages);
    clear_pages(ofd->templates, ofd->n_templates);
    clear_resources(ofd);
    for (size_t i = 0; i < ofd->n_fields; i++) {
        free(ofd->fields[i].name);
        free(ofd->fields[i].text);
        free(ofd->fields[i].own);
    }
    clear_kept(ofd->resources, ofd->n_resources);
    clear_kept(ofd->annotation_parts, ofd->n_annotation_parts);
    free(ofd->fields);
    for (size_t i = 0; i < ofd->n_signatures; i++)
        ofd_signature_clear(&ofd->signatures[i]);
    free(ofd->signatures);
    for (size_t i = 0; ofd->seen && ofd->parts && i < zipfile_count(ofd->zip); i++)
        ofd_seen_release(ofd->seen, ofd->parts[i].met);
    zipfile_free(ofd->zip);
    free(ofd->parts);
    free(ofd->order);
    free(ofd);
}
