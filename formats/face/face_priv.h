/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FACE_PRIV_H
#define FORMATS_FACE_FACE_PRIV_H

#include <hb.h>
#include <stdatomic.h>

#include "formats/face/face.h"

/*
 * Needs HarfBuzz 6.0 (hb_subset_preprocess, glyph outlines), cairo 1.16 and
 * libqrencode 4.1.  Outlines and widths come from HarfBuzz alone, so that nothing
 * here depends on the machine's font configuration.
 */

/*
 * One font file, shared by threads; immutable but for source: the thread that cuts
 * subset number PREPARE_AT prepares the face and then swaps it in for all.
 */
struct font {
    char *path, *family;
    hb_face_t *face;             /* widths and outlines */
    _Atomic(hb_face_t *) source; /* what subsets are cut from: face, or face prepared */
    atomic_uint cuts;
    hb_font_t *metrics;
    unsigned upem;
    bool cubic; /* CFF outlines: subsets are rewritten as TrueType */
};

#define PREPARE_AT 60 /* preparing costs as much as it saves on so many subsets */
MUST_CHECK enum rc font_open(const char *path, struct font **out, struct err *err);
void font_free(struct font *font);
CLEANUP_PTR(struct font, font_free);

/* The glyph of a character, 0 if the font has none, and its width in millionths of an em. */
hb_codepoint_t font_glyph(const struct font *font, uint32_t code, int32_t *advance);

/* Cuts the font down to some characters; always TrueType outlines.  The caller destroys the blob.
 */
MUST_CHECK enum rc font_subset(struct font *font, const hb_set_t *characters, hb_blob_t **out,
                               struct err *err);

/* What a template calls a font. */
enum font_role { ROLE_SONG, ROLE_HEI, ROLE_KAI, ROLE_FANGSONG, FONT_ROLES };
#define FONT_TIERS 4 /* the role's own font, the whole typeface, then fonts of rare characters */

int font_role(const char *name);                 /* -1 if there is none; NULL is song */
const char *font_role_name(enum font_role role); /* 宋体 … */

/*
 * The role's font of a tier, opened at its first use; NULL in *out when the machine
 * has none.  Tier 0 is always there, or RC_SYSTEM names the package that has it.
 */
MUST_CHECK enum rc typesetter_font(struct typesetter *typesetter, enum font_role role,
                                   unsigned tier, struct font **out, struct err *err);

#endif
