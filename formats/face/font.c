/* SPDX-License-Identifier: Apache-2.0 */
/* One font file: opening, widths, subsets. */
#include <hb-ot.h>
#include <hb-subset.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/face/face_priv.h"
#include "formats/face/font_quadratic.h"

#define MILLION 1000000

static char *family_of(hb_face_t *face)
{
    char name[128];
    unsigned size = sizeof(name);

    if (!hb_ot_name_get_utf8(face, HB_OT_NAME_ID_FONT_FAMILY, hb_language_from_string("en", -1),
                             &size, name))
        return mem_text("unnamed");
    return mem_text(name);
}

/* A collection of regional forms (Noto CJK) is asked for those of mainland China. */
static hb_face_t *pick_face(hb_blob_t *blob)
{
    unsigned n = hb_face_count(blob);

    for (unsigned i = 0; n > 1 && i < n; i++) {
        hb_face_t *face = hb_face_create(blob, i);
        CLEANUP(freep) char *family = family_of(face);
        size_t len = strlen(family);

        if (len > 3 && !strcmp(family + len - 3, " SC"))
            return face;
        hb_face_destroy(face);
    }
    return hb_face_create(blob, 0);
}

static bool has_table(hb_face_t *face, hb_tag_t tag)
{
    hb_blob_t *blob = hb_face_reference_table(face, tag);
    bool there = hb_blob_get_length(blob) > 0;

    hb_blob_destroy(blob);
    return there;
}

enum rc font_open(const char *path, struct font **out, struct err *err)
{
    CLEANUP(font_freep) struct font *font = mem_zero(1, sizeof(*font));
    struct stat st;
    hb_blob_t *blob;

    if (stat(path, &st) != 0)
        return err_errno(err, path);
    if ((size_t)st.st_size > LIMIT_FONT)
        return err_set(err, RC_INPUT, "'%s' is larger than the limit of %zu bytes", path,
                       LIMIT_FONT);
    blob = hb_blob_create_from_file_or_fail(path);
    if (!blob)
        return err_errno(err, path);
    font->face = pick_face(blob);
    hb_blob_destroy(blob);
    font->cubic = !has_table(font->face, HB_TAG('g', 'l', 'y', 'f'));
    if (!hb_face_get_glyph_count(font->face) ||
        (font->cubic && !has_table(font->face, HB_TAG('C', 'F', 'F', ' '))))
        return err_set(err, RC_INPUT, "'%s' is not a font with TrueType or CFF outlines", path);
    font->path = mem_text(path);
    font->family = family_of(font->face);
    font->upem = hb_face_get_upem(font->face);
    hb_face_make_immutable(font->face);
    atomic_init(&font->source, hb_face_reference(font->face));
    font->metrics = hb_font_create(font->face);
    hb_font_make_immutable(font->metrics);
    *out = MOVE(font);
    return RC_OK;
}

void font_free(struct font *font)
{
    if (!font)
        return;
    hb_font_destroy(font->metrics);
    hb_face_destroy(font->source);
    hb_face_destroy(font->face);
    free(font->path);
    free(font->family);
    free(font);
}

hb_codepoint_t font_glyph(const struct font *font, uint32_t code, int32_t *advance)
{
    hb_codepoint_t glyph = 0;

    if (!hb_font_get_nominal_glyph(font->metrics, code, &glyph))
        return 0;
    *advance = (int32_t)((int64_t)hb_font_get_glyph_h_advance(font->metrics, glyph) * MILLION /
                         font->upem);
    return glyph;
}

static void choose_tables(hb_subset_input_t *input)
{
    /* Kept: cmap head hhea hmtx maxp name OS/2 post loca glyf; readers fail without name and OS/2.
     */
    static const hb_tag_t dropped[] = {
        HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
        HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'), HB_TAG('V', 'O', 'R', 'G'),
        HB_TAG('B', 'A', 'S', 'E'), HB_TAG('D', 'S', 'I', 'G'), HB_TAG('E', 'B', 'D', 'T'),
        HB_TAG('E', 'B', 'L', 'C'), HB_TAG('g', 'a', 's', 'p'), HB_TAG('k', 'e', 'r', 'n'),
        HB_TAG('m', 'e', 't', 'a'), HB_TAG('F', 'F', 'T', 'M'),
    };
    hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);

    for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++)
        hb_set_add(drop, dropped[i]);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
}

/* What to cut from.  A CFF face takes seconds to prepare, and few licences need one. */
static hb_face_t *source_of(struct font *font)
{
    hb_face_t *prepared;

    if (font->cubic || atomic_fetch_add(&font->cuts, 1) + 1 != PREPARE_AT)
        return atomic_load(&font->source);
    prepared = hb_subset_preprocess(font->face);
    hb_face_make_immutable(prepared);
    hb_face_destroy(font->face); /* the reference that source held; face keeps its own */
    atomic_store(&font->source, prepared);
    return prepared;
}

enum rc font_subset(struct font *font, const hb_set_t *characters, hb_blob_t **out, struct err *err)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    hb_face_t *cut = NULL;
    enum rc rc = RC_OK;

    if (input) {
        hb_set_union(hb_subset_input_unicode_set(input), characters);
        choose_tables(input);
        cut = hb_subset_or_fail(source_of(font), input);
        hb_subset_input_destroy(input);
    }
    if (!cut)
        return err_set(err, RC_SYSTEM, "'%s': no subset can be cut from this font", font->path);
    if (font->cubic)
        rc = font_quadratic(cut, out, err);
    else
        *out = hb_face_reference_blob(cut);
    hb_face_destroy(cut);
    return rc;
}
