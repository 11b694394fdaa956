/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_COMPOSE_H
#define FORMATS_FACE_COMPOSE_H

#include "formats/face/face_priv.h"
#include "formats/face/text_box.h"

/* One sheet in the making: its fonts and the characters that each must hold. */
struct used_font {
    enum font_role role;
    unsigned tier;
    struct font *font;
    hb_set_t *characters;
};

struct composer {
    struct typesetter *typesetter;
    struct findings *findings;
    struct sheet sheet;
    bool refused; /* a finding says that this sheet must not be issued */
    struct used_font used[FONT_ROLES * FONT_TIERS]; /* the sheet's fonts, in its order */
    unsigned n_used;
    struct {
        bool sought;
        struct font *font;
    } fonts[FONT_ROLES][FONT_TIERS];
    struct letter *letters; /* working space, reused from text to text */
    um *offsets;
    size_t capacity;
    struct text_lines lines;
};
void composer_clear(struct composer *composer);

/* A text to be set: what for, where from. */
struct copy {
    const char *text;
    const char *what; /* field name or label, for findings */
    int field;        /* for page_text.field */
};

/* Sets a text in its box on a page.  What does not fit or cannot be drawn is a finding. */
MUST_CHECK enum rc compose_text(struct composer *composer, struct page *page,
                                const struct template_text *box, const struct copy *copy,
                                struct err *err);

/* Cuts the fonts and hands the sheet over; RC_NO if it was refused. */
MUST_CHECK enum rc compose_finish(struct composer *composer, struct sheet *out, struct err *err);

/* A frame, line or rectangle as paths (face_border.c). */
MUST_CHECK enum rc compose_shape(struct page *page, const struct template_shape *shape,
                                 struct err *err);

#endif
