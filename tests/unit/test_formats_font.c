/* SPDX-License-Identifier: Apache-2.0 */
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_BBOX_H
#include FT_OUTLINE_H
#include <pthread.h>
#include <stdlib.h>

#include "core/base/file.h"
#include "formats/face/face_priv.h"
#include "tests/unit/unit.h"

#define NOTO "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
#define NOTO_SC 2 /* the face of mainland forms in that collection */

static const uint32_t codes[] = {0x4e00, 0x4e66, 0x8bc1, 0x7167, 0x9f98,
                                 'A',    'g',    '@',    0xff0c, 0x20bb7};

static struct font *open_noto(void)
{
    struct font *font = NULL;
    struct err err = ERR_INIT;

    if (!file_exists(NOTO))
        return NULL; /* Debian's fonts-noto-cjk is not installed: nothing to compare with */
    CK_OK(font_open(NOTO, &font, &err), &err);
    return font;
}

static hb_blob_t *cut(struct font *font)
{
    hb_set_t *set = hb_set_create();
    hb_blob_t *blob = NULL;
    struct err err = ERR_INIT;

    for (int i = 0; i < N_OF(codes); i++)
        hb_set_add(set, codes[i]);
    CK_OK(font_subset(font, set, &blob, &err), &err);
    hb_set_destroy(set);
    return blob;
}

static FT_Face open_blob(FT_Library library, hb_blob_t *blob)
{
    FT_Face face = NULL;
    unsigned len;
    const char *bytes = hb_blob_get_data(blob, &len);

    ck_assert_int_eq(FT_New_Memory_Face(library, (const FT_Byte *)bytes, (FT_Long)len, 0, &face),
                     0);
    return face;
}

/* The extent of a glyph, in font units. */
static FT_BBox load(FT_Face face, uint32_t code)
{
    FT_BBox box;

    ck_assert_int_eq(FT_Load_Glyph(face, FT_Get_Char_Index(face, code), FT_LOAD_NO_SCALE), 0);
    ck_assert_int_eq(FT_Outline_Get_BBox(&face->glyph->outline, &box), 0);
    return box;
}

START_TEST(a_rewritten_outline_keeps_its_extent_and_width)
{
    struct font *font = open_noto();
    FT_Library library;
    FT_Face ours, theirs;
    hb_blob_t *blob;

    if (!font)
        return;
    blob = cut(font);
    ck_assert_int_eq(FT_Init_FreeType(&library), 0);
    ours = open_blob(library, blob);
    ck_assert_int_eq(FT_New_Face(library, NOTO, NOTO_SC, &theirs), 0);
    for (int i = 0; i < N_OF(codes); i++) {
        FT_BBox a = load(ours, codes[i]), b = load(theirs, codes[i]);

        ck_assert_int_le(labs(a.xMin - b.xMin) | labs(a.xMax - b.xMax), 1);
        ck_assert_int_le(labs(a.yMin - b.yMin) | labs(a.yMax - b.yMax), 1);
        ck_assert_int_eq(ours->glyph->metrics.horiAdvance, theirs->glyph->metrics.horiAdvance);
        ck_assert_int_ne(FT_Outline_Get_Orientation(&ours->glyph->outline),
                         FT_Outline_Get_Orientation(&theirs->glyph->outline));
    }
    FT_Done_Face(ours);
    FT_Done_Face(theirs);
    FT_Done_FreeType(library);
    hb_blob_destroy(blob);
    font_free(font);
}
END_TEST

START_TEST(a_subset_has_the_tables_that_readers_ask_for_and_no_others)
{
    static const char want[][5] = {"OS/2", "cmap", "glyf", "head", "hhea",
                                   "hmtx", "loca", "maxp", "name", "post"};
    struct font *font = open_noto();
    hb_blob_t *blob;
    hb_face_t *face;
    hb_tag_t tags[32];
    unsigned n = N_OF(tags);

    if (!font)
        return;
    blob = cut(font);
    face = hb_face_create(blob, 0);
    hb_face_get_table_tags(face, 0, &n, tags);
    ck_assert_uint_eq(n, N_OF(want));
    for (int i = 0; i < N_OF(want); i++) {
        hb_blob_t *table = hb_face_reference_table(face, hb_tag_from_string(want[i], 4));

        ck_assert_msg(hb_blob_get_length(table) > 0, "%s", want[i]);
        hb_blob_destroy(table);
    }
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    font_free(font);
}
END_TEST

START_TEST(what_is_no_font_is_refused)
{
    struct font *font = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(font_open("/nonexistent.ttf", &font, &err), RC_SYSTEM);
    ck_assert_int_eq(font_open("Makefile", &font, &err), RC_INPUT);
    ck_assert_ptr_null(font);
}
END_TEST

START_TEST(fonts_are_found_by_role_and_by_their_chinese_name)
{
    struct typesetter *typesetter = NULL;
    struct font *font = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(font_role("小标宋"), -1);
    ck_assert_int_eq(font_role(NULL), ROLE_SONG);
    ck_assert_int_eq(font_role("仿宋"), ROLE_FANGSONG);
    CK_OK(typesetter_open(NULL, &typesetter, &err), &err);
    CK_OK(typesetter_font(typesetter, ROLE_HEI, 0, &font, &err), &err);
    ck_assert_ptr_nonnull(font);
    typesetter_free(typesetter);
}
END_TEST

static void *cut_many(void *data)
{
    hb_blob_t *last = NULL;

    for (int i = 0; i < 20; i++) {
        hb_blob_destroy(last);
        last = cut(data);
    }
    return last;
}

START_TEST(threads_share_a_font_while_it_is_being_prepared)
{
    struct font *kai = NULL;
    struct err err = ERR_INIT;
    pthread_t threads[4];
    hb_blob_t *first = NULL;

    if (font_open("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", &kai, &err) !=
        RC_OK)
        return; /* not installed */
    atomic_store(&kai->cuts, PREPARE_AT - 10);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, cut_many, kai), 0);
    for (int i = 0; i < 4; i++) {
        void *blob;
        unsigned a, b;

        pthread_join(threads[i], &blob);
        if (first) {
            const char *x = hb_blob_get_data(first, &a), *y = hb_blob_get_data(blob, &b);

            ck_assert(a == b && memcmp(x, y, a) == 0);
        }
        hb_blob_destroy(first);
        first = blob;
    }
    ck_assert(atomic_load(&kai->source) != kai->face);
    hb_blob_destroy(first);
    font_free(kai);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_rewritten_outline_keeps_its_extent_and_width);
    tcase_add_test(tc, a_subset_has_the_tables_that_readers_ask_for_and_no_others);
    tcase_add_test(tc, what_is_no_font_is_refused);
    tcase_add_test(tc, fonts_are_found_by_role_and_by_their_chinese_name);
    tcase_add_test(tc, threads_share_a_font_while_it_is_being_prepared);
}
