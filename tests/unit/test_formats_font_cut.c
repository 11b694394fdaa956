/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/face/font_cut.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include <hb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/unit.h"

#define KAI "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
#define HANA "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf"
#define COMPOSITE 0x2212 /* in KAI, of another glyph */

/* A run, single ones, a space, and one beyond U+FFFF where the font has it. */
static const uint32_t codes[] = {' ', 'A', 'B', 'C', 'g', 0x4e00, 0x4e66, 0x9f98, 0xff0c, 0x20bb7};

static struct font *open_font(const char *path)
{
    struct font *font = NULL;
    struct err err = ERR_INIT;

    if (!file_exists(path))
        return NULL; /* not installed: nothing to cut from */
    CK_OK(font_open(path, &font, &err), &err);
    return font;
}

static hb_blob_t *cut(const struct font *font, const uint32_t *list, size_t n, bool *done)
{
    hb_set_t *set = hb_set_create();
    hb_blob_t *blob = NULL;
    struct err err = ERR_INIT;

    for (size_t i = 0; i < n; i++)
        hb_set_add(set, list[i]);
    CK_OK(font_cut(font, set, &blob, done, &err), &err);
    hb_set_destroy(set);
    return blob;
}

static FT_Face open_face(FT_Library library, hb_blob_t *blob)
{
    FT_Face face = NULL;
    unsigned len;
    const char *bytes = hb_blob_get_data(blob, &len);

    ck_assert_int_eq(FT_New_Memory_Face(library, (const FT_Byte *)bytes, (FT_Long)len, 0, &face),
                     0);
    return face;
}

static void check_glyph(FT_Face a, FT_Face b, uint32_t code)
{
    FT_Outline *x = &a->glyph->outline, *y = &b->glyph->outline;

    ck_assert_int_eq(FT_Load_Char(a, code, FT_LOAD_NO_SCALE), 0);
    ck_assert_int_eq(FT_Load_Char(b, code, FT_LOAD_NO_SCALE), 0);
    ck_assert_int_eq(a->glyph->metrics.horiAdvance, b->glyph->metrics.horiAdvance);
    ck_assert_int_eq(a->glyph->metrics.horiBearingX, b->glyph->metrics.horiBearingX);
    ck_assert_int_eq(x->n_points, y->n_points);
    ck_assert_int_eq(x->n_contours, y->n_contours);
    if (x->n_points)
        ck_assert_mem_eq(x->points, y->points, (size_t)x->n_points * sizeof(*x->points));
}

/* Exactly these characters, and each looks as it did. */
static void check_cut(const char *path, size_t n)
{
    struct font *font = open_font(path);
    FT_Library library;
    FT_Face ours, theirs;
    FT_UInt glyph;
    FT_ULong code;
    hb_blob_t *blob;
    bool done = false;

    if (!font)
        return;
    blob = cut(font, codes, n, &done);
    ck_assert(done);
    ck_assert_int_eq(FT_Init_FreeType(&library), 0);
    ours = open_face(library, blob);
    ck_assert_int_eq(FT_New_Face(library, path, 0, &theirs), 0);
    code = FT_Get_First_Char(ours, &glyph);
    for (size_t i = 0; i < n; i++, code = FT_Get_Next_Char(ours, code, &glyph)) {
        ck_assert_uint_eq(code, codes[i]);
        ck_assert_uint_eq(glyph, i + 1);
        check_glyph(ours, theirs, codes[i]);
    }
    ck_assert_uint_eq(glyph, 0);
    FT_Done_Face(ours);
    FT_Done_Face(theirs);
    FT_Done_FreeType(library);
    hb_blob_destroy(blob);
    font_free(font);
}

START_TEST(a_cut_has_exactly_the_characters_asked_for_and_they_look_as_before)
{
    check_cut(KAI, N_OF(codes));     /* long loca, two kinds of cmap */
    check_cut(KAI, N_OF(codes) - 1); /* nothing beyond U+FFFF */
    check_cut(HANA, N_OF(codes) - 1);
}
END_TEST

START_TEST(characters_that_the_font_lacks_are_left_out)
{
    static const uint32_t lacking[] = {'A', 0xe863, 0xffff, 0x10fffd};
    struct font *font = open_font(KAI);
    hb_blob_t *blob;
    hb_face_t *face;
    bool done = false;

    if (!font)
        return;
    blob = cut(font, lacking, N_OF(lacking), &done);
    ck_assert(done);
    face = hb_face_create(blob, 0);
    ck_assert_uint_eq(hb_face_get_glyph_count(face), 2);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    font_free(font);
}
END_TEST

START_TEST(a_glyph_made_of_others_is_left_to_harfbuzz)
{
    static const uint32_t composite[] = {'A', COMPOSITE};
    struct font *font = open_font(KAI);
    hb_set_t *set = hb_set_create();
    hb_blob_t *blob;
    hb_face_t *face;
    struct err err = ERR_INIT;
    bool done = true;

    if (!font)
        return;
    blob = cut(font, composite, N_OF(composite), &done);
    ck_assert(!done);
    ck_assert_ptr_null(blob);
    hb_set_add(set, COMPOSITE);
    CK_OK(font_subset(font, set, &blob, &err), &err);
    face = hb_face_create(blob, 0);
    ck_assert_uint_ge(hb_face_get_glyph_count(face), 3); /* .notdef, the glyph and its part */
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    hb_set_destroy(set);
    font_free(font);
}
END_TEST

/* Where a table begins and how long it is, from the table directory. */
static size_t find_table(const unsigned char *font, const char *tag, size_t *len)
{
    for (size_t i = 0; i < font[5]; i++) {
        const unsigned char *record = font + 12 + 16 * i;

        if (memcmp(record, tag, 4) == 0) {
            *len = (size_t)record[14] << 8 | record[15];
            return (size_t)record[9] << 16 | (size_t)record[10] << 8 | record[11];
        }
    }
    ck_abort_msg("no table %s", tag);
}

/* What the fonts of the system are not: one of whose tables lies. */
static const struct damage {
    const char *tag;
    int at; /* from the end when negative */
    unsigned char byte;
    bool done;
} damages[] = {
    {"loca", 4, 0xff, false},  /* an outline begins behind its end */
    {"loca", -2, 0xff, false}, /* and ends behind the table */
    {"glyf", 0, 0xff, false},  /* said to be made of others */
    {"glyf", 0, 0x7f, false},  /* more contours than there are bytes */
    {"hhea", 35, 0xff, true},  /* more widths than hmtx has */
};

START_TEST(a_font_that_lies_is_not_read_beyond_its_tables)
{
    const struct damage *damage = &damages[_i];
    static const uint32_t list[] = {'A', 'B'};
    struct font *whole = open_font(KAI), *font = NULL;
    char path[] = "/tmp/ecert-font-XXXXXX";
    int fd = mkstemp(path);
    struct err err = ERR_INIT;
    unsigned char *copy;
    unsigned len;
    const char *bytes;
    hb_blob_t *blob;
    size_t start, size;
    bool done = false;

    ck_assert_int_ge(fd, 0);
    close(fd);
    if (whole) {
        blob = cut(whole, list, N_OF(list), &done);
        bytes = hb_blob_get_data(blob, &len);
        copy = malloc(len);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, bytes, len);
        hb_blob_destroy(blob);
        start = find_table(copy, damage->tag, &size);
        copy[damage->at < 0 ? start + size - (size_t)-damage->at : start + (size_t)damage->at] =
            damage->byte;
        CK_OK(file_write(path, (struct span){copy, len}, FILE_FORCE | FILE_NOSYNC, &err), &err);
        free(copy);
        CK_OK(font_open(path, &font, &err), &err);
        blob = cut(font, list, N_OF(list), &done);
        ck_assert(done == damage->done);
        hb_blob_destroy(blob);
        font_free(font);
        font_free(whole);
    }
    unlink(path);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, a_cut_has_exactly_the_characters_asked_for_and_they_look_as_before);
    tcase_add_test(tc, characters_that_the_font_lacks_are_left_out);
    tcase_add_test(tc, a_glyph_made_of_others_is_left_to_harfbuzz);
    tcase_add_loop_test(tc, a_font_that_lies_is_not_read_beyond_its_tables, 0, N_OF(damages));
}
