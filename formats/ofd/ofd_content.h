/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_CONTENT_H
#define FORMATS_OFD_OFD_CONTENT_H

#include "core/model/licence.h"
#include "formats/xmlout.h"

/* Pages, resources and the data index as XML: the parts of ofd_build.c that follow the sheets. */

/* Hands out ST_IDs; the resources of the sheet being written have theirs from res on. */
struct ofd_ids {
    unsigned next;
    unsigned fonts, pictures; /* ID of font 0 and picture 0 of the sheet */
};

/* Which object of which page shows which field. */
struct ofd_index {
    struct ofd_index_entry {
        int field;
        unsigned page_id, object_id;
    } * entries;
    size_t n, capacity;
};
void ofd_index_clear(struct ofd_index *index);

struct ofd_page_frame {
    const struct page *page;
    const char *layer;    /* Background, Body */
    unsigned template_id; /* 0: none */
    unsigned page_id;
};

/* Res: fonts and pictures of a sheet, whose IDs it notes in ids; files are <prefix>font_<i>.ttf ….
 */
MUST_CHECK enum rc ofd_content_res(const struct sheet *sheet, const char *prefix,
                                   struct ofd_ids *ids, struct buf *out, struct err *err);

/* Page; index may be NULL. */
MUST_CHECK enum rc ofd_content_page(const struct ofd_page_frame *frame, struct ofd_ids *ids,
                                    struct ofd_index *index, struct buf *out, struct err *err);

/* The tag file: one element a field, named as the field, with the objects that show it. */
MUST_CHECK enum rc ofd_content_tags(const struct licence *licence, const struct ofd_index *index,
                                    struct buf *out, struct err *err);

#endif
