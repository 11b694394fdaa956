/* SPDX-License-Identifier: Apache-2.0 */
#include <ft2build.h>
#include FT_FONT_FORMATS_H
#include FT_FREETYPE_H
#include <libgen.h>
#include <limits.h>
#include <png.h>
#include <qrencode.h>
#include <string.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/face/face.h"
#include "formats/face/face_draw.h"
#include "formats/image.h"
#include "tests/unit/unit.h"

/* The base fonts of this build, two folders above the test. */
static struct typesetter *open_fonts(void)
{
    static char exe[PATH_MAX], fonts[PATH_MAX + 16];
    const char *dirs[] = {fonts, NULL};
    struct typesetter *typesetter = NULL;
    struct err err = ERR_INIT;
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

    ck_assert_int_gt(n, 0);
    exe[n] = '\0';
    ck_assert_int_gt(snprintf(fonts, sizeof(fonts), "%s/../../fonts", dirname(exe)), 0);
    CK_OK(typesetter_open(dirs, &typesetter, &err), &err);
    return typesetter;
}

/* One field in one box of 60 by 10 mm on a page of 100 by 50. */
struct trial {
    struct template_text texts[2];
    struct template_image image;
    struct template_qr code;
    struct template_page page;
    struct template_face face;
    struct licence_field fields[2];
    struct licence licence;
    struct findings findings;
    struct sheet sheet;
};

static void trial_init(struct trial *t, char *value)
{
    static char field_name[] = "名称", short_name[] = "MC", photo[] = "照片", none[] = "";
    static char identifier[] = "1.2.156.3005.2.TEST";

    *t = (struct trial){
        .texts = {{.field = 0,
                   .box = {10000, 10000, 60000, 10000},
                   .size = 4000,
                   .min_size = 4000,
                   .wrap = true}},
        .image = {.field = 1, .box = {70000, 10000, 20000, 30000}},
        .page = {.width = 100000, .height = 50000, .n_texts = 1},
        .face = {.n_pages = 1},
        .fields = {{.name = field_name, .short_name = short_name, .value = value, .text = value},
                   {.name = photo, .short_name = photo, .value = none, .text = none}},
        .licence = {.identifier = identifier, .n_fields = 2},
    };
    t->page.texts = t->texts;
    t->page.images = &t->image;
    t->page.codes = &t->code;
    t->face.pages = &t->page;
    t->licence.fields = t->fields;
}

static void trial_clear(struct trial *t)
{
    findings_clear(&t->findings);
    sheet_clear(&t->sheet);
}

static enum rc lay_out(struct typesetter *typesetter, struct trial *t, struct err *err)
{
    return face_values(typesetter, &t->licence, &t->face, &t->sheet, &t->findings, err);
}

/* The sheet's text, object after object. */
static char *text_of(const struct sheet *sheet)
{
    CLEANUP(buf_clear) struct buf all = BUF_INIT(LIMIT_RECORD);
    struct err err = ERR_INIT;

    for (size_t i = 0; i < sheet->pages[0].n; i++)
        if (sheet->pages[0].objects[i].kind == PAGE_TEXT)
            CK_OK(buf_puts(&all, sheet->pages[0].objects[i].text.text, &err), &err);
    return buf_take(&all, NULL);
}

/* FreeType, which we use nowhere else, opens the font and finds an outline for each character. */
static void check_font(const struct sheet *sheet, const struct page_text *text)
{
    const struct page_font *font = &sheet->fonts[text->font];
    const unsigned char *p = (const unsigned char *)text->text, *end = p + strlen(text->text);
    FT_Library library;
    FT_Face face;

    ck_assert(font->truetype);
    ck_assert_int_eq(FT_Init_FreeType(&library), 0);
    ck_assert_int_eq(FT_New_Memory_Face(library, font->file, (FT_Long)font->len, 0, &face), 0);
    ck_assert_str_eq(FT_Get_Font_Format(face), "TrueType");
    while (p < end) {
        uint32_t code = utf8_next(&p, end);
        FT_UInt glyph = FT_Get_Char_Index(face, code);

        ck_assert_msg(glyph != 0, "U+%04X", (unsigned)code);
        ck_assert_int_eq(FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE), 0);
        ck_assert(code == ' ' || face->glyph->outline.n_points > 0);
    }
    FT_Done_Face(face);
    FT_Done_FreeType(library);
}

static const char *const values[] = {
    "示例市星河食品有限公司",    "阿依古丽·买买提", "𠮷野家", /* beyond the BMP, in no base font */
    "䶮水科技，Abc 123（测试）", "龍鳳呈祥𪚥", /* traditional, and one of the rarest */
};

START_TEST(every_character_of_a_value_is_in_an_embedded_truetype_font)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    CLEANUP(freep) char *value = mem_text(values[_i]);
    CLEANUP(freep) char *shown = NULL;
    struct err err = ERR_INIT;

    trial_init(&t, value);
    CK_OK(lay_out(typesetter, &t, &err), &err);
    shown = text_of(&t.sheet);
    ck_assert_str_eq(shown, value);
    for (size_t i = 0; i < t.sheet.pages[0].n; i++) {
        const struct page_text *text = &t.sheet.pages[0].objects[i].text;

        ck_assert_int_eq(text->field, 0);
        ck_assert_uint_eq(text->n, utf8_length(text->text));
        ck_assert_str_eq(t.sheet.fonts[text->font].name, "宋体");
        check_font(&t.sheet, text);
    }
    typesetter_free(typesetter);
}
END_TEST

START_TEST(a_character_that_no_font_has_is_a_finding_that_names_it)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    char value[] = "张\xee\xa1\xa3三\xee\xa1\xa3"; /* U+E863, private use */
    struct err err = ERR_INIT;

    trial_init(&t, value);
    ck_assert_int_eq(lay_out(typesetter, &t, &err), RC_NO);
    ck_assert_uint_eq(t.findings.n, 1);
    ck_assert_str_eq(t.findings.list[0].type->code, "FNT201");
    ck_assert(strstr(t.findings.list[0].en, "U+E863") && strstr(t.findings.list[0].zh, "名称"));
    ck_assert_uint_eq(t.sheet.n_pages, 0);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(a_value_that_does_not_fit_is_a_finding_and_never_clipped)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    char value[] = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五";
    struct err err = ERR_INIT;

    trial_init(&t, value); /* 35 letters; two lines of 15 at 4 mm */
    ck_assert_int_eq(lay_out(typesetter, &t, &err), RC_NO);
    ck_assert_str_eq(t.findings.list[0].type->code, "LAY201");
    ck_assert(strstr(t.findings.list[0].en, "5 of 35 characters") != NULL);
    ck_assert_str_eq(t.findings.list[0].where.field, "名称");

    findings_clear(&t.findings);
    t.texts[0].overflow = OVERFLOW_SHRINK; /* the same with leave to shrink */
    t.texts[0].min_size = 3000;
    CK_OK(lay_out(typesetter, &t, &err), &err);
    ck_assert_int_lt(t.sheet.pages[0].objects[0].text.size, 4000);
    ck_assert_uint_eq(t.findings.n, 0);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(texts_stay_inside_their_box)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    char value[] = "许可项目：食品销售；餐饮服务。一般项目：农副产品销售。";
    struct err err = ERR_INIT;

    trial_init(&t, value);
    CK_OK(lay_out(typesetter, &t, &err), &err);
    ck_assert_uint_eq(t.sheet.pages[0].n, 2);
    for (size_t i = 0; i < t.sheet.pages[0].n; i++) {
        const struct page_text *text = &t.sheet.pages[0].objects[i].text;
        um left = text->box.x + text->x, right = left, baseline = text->box.y + text->y;

        for (size_t k = 0; k + 1 < text->n; k++)
            right += text->advances[k];
        ck_assert_int_ge(left, 10000);
        ck_assert_int_le(right + text->size, 70000);
        ck_assert_int_ge(baseline - text->size * 88 / 100, 10000);
        ck_assert_int_le(baseline + text->size * 12 / 100, 20000);
    }
    typesetter_free(typesetter);
}
END_TEST

static void check_same(const struct sheet *a, const struct sheet *b)
{
    ck_assert_uint_eq(a->n_fonts, b->n_fonts);
    for (size_t i = 0; i < a->n_fonts; i++)
        ck_assert(span_equals((struct span){a->fonts[i].file, a->fonts[i].len},
                              (struct span){b->fonts[i].file, b->fonts[i].len}));
    ck_assert_uint_eq(a->n_pictures, b->n_pictures);
    for (size_t i = 0; i < a->n_pictures; i++)
        ck_assert(span_equals((struct span){a->pictures[i].file, a->pictures[i].len},
                              (struct span){b->pictures[i].file, b->pictures[i].len}));
}

START_TEST(the_same_value_gives_the_same_bytes_however_many_are_made)
{
    struct typesetter *typesetter = open_fonts();
    struct err err = ERR_INIT;
    CLEANUP(trial_clear) struct trial first;
    char value[] = "示例市星河食品有限公司 Abc 𠮷";

    trial_init(&first, value);
    first.page.n_codes = 1;
    first.code.box = (struct box){0, 0, 20000, 20000};
    CK_OK(lay_out(typesetter, &first, &err), &err);
    for (int i = 0; i < 64; i++) {
        CLEANUP(trial_clear) struct trial next;

        trial_init(&next, value);
        next.page.n_codes = 1;
        next.code.box = first.code.box;
        CK_OK(lay_out(typesetter, &next, &err), &err);
        check_same(&first.sheet, &next.sheet);
    }
    typesetter_free(typesetter);
}
END_TEST

START_TEST(a_field_shown_twice_is_indexed_once)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    char value[] = "示例";
    struct err err = ERR_INIT;

    trial_init(&t, value);
    t.texts[1] = t.texts[0];
    t.page.n_texts = 2;
    CK_OK(lay_out(typesetter, &t, &err), &err);
    ck_assert_int_eq(t.sheet.pages[0].objects[0].text.field, 0);
    ck_assert_int_eq(t.sheet.pages[0].objects[1].text.field, -1);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(labels_are_constant_unless_they_name_a_field)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    CLEANUP(sheet_clear) struct sheet constant = {0};
    CLEANUP(freep) char *fixed = NULL;
    CLEANUP(freep) char *changing = NULL;
    char value[] = "示例", label[] = "营业执照", mixed[] = "第{名称}号{别的}";
    struct template template = {0};
    struct err err = ERR_INIT;

    trial_init(&t, value);
    t.texts[1] = t.texts[0];
    t.texts[0].field = t.texts[1].field = -1;
    t.texts[0].label = label;
    t.texts[1].label = mixed;
    t.page.n_texts = 2;
    CK_OK(face_constant(typesetter, &template, &t.face, &constant, &t.findings, &err), &err);
    CK_OK(lay_out(typesetter, &t, &err), &err);
    fixed = text_of(&constant);
    changing = text_of(&t.sheet);
    ck_assert_str_eq(fixed, "营业执照");
    ck_assert_str_eq(changing, "第示例号{别的}");
    ck_assert_int_eq(t.sheet.pages[0].objects[0].text.field, -1);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(a_photo_keeps_its_shape_within_its_place)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    char value[] = "示例";
    struct err err = ERR_INIT;
    const struct page_object *object;

    trial_init(&t, value);
    t.page.n_images = 1;
    CK_OK(face_qr("a square", &png, &err), &err);
    t.fields[1].picture = buf_span(&png);
    CK_OK(lay_out(typesetter, &t, &err), &err);
    object = &t.sheet.pages[0].objects[0];
    ck_assert_int_eq(object->kind, PAGE_IMAGE);
    ck_assert_int_eq(object->image.field, 1);
    ck_assert_int_eq(object->image.box.w, 20000);
    ck_assert_int_eq(object->image.box.h, 20000);
    ck_assert_int_eq(object->image.box.y, 15000);
    typesetter_free(typesetter);
}
END_TEST

static const struct {
    const char *file, *code;
} bad_photos[] = {{"not a picture at all", "LAY001"}, {"GIF89a\x10\1\x20\1", "LAY202"}};

START_TEST(a_photo_that_cannot_stand_on_a_licence_is_a_finding)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    char value[] = "示例";
    struct err err = ERR_INIT;

    trial_init(&t, value);
    t.page.n_images = 1;
    t.fields[1].picture = span_of(bad_photos[_i].file);
    ck_assert_int_eq(lay_out(typesetter, &t, &err), RC_NO);
    ck_assert_uint_eq(t.findings.n, 1);
    ck_assert_str_eq(t.findings.list[0].type->code, bad_photos[_i].code);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(an_unknown_font_name_is_a_fault_of_the_template)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    char value[] = "示例", font[] = "comic";
    struct err err = ERR_INIT;

    trial_init(&t, value);
    t.texts[0].font = font;
    ck_assert_int_eq(lay_out(typesetter, &t, &err), RC_USAGE);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(every_role_has_a_font_under_the_name_that_readers_know)
{
    static const char *const roles[][2] = {
        {"song", "宋体"}, {"hei", "黑体"}, {"kai", "楷体"}, {"fangsong", "仿宋"}};
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    CLEANUP(freep) char *font = mem_text(roles[_i][0]);
    char value[] = "中文Aa1";
    struct err err = ERR_INIT;

    trial_init(&t, value);
    t.texts[0].font = font;
    CK_OK(lay_out(typesetter, &t, &err), &err);
    ck_assert_str_eq(t.sheet.fonts[0].name, roles[_i][1]);
    check_font(&t.sheet, &t.sheet.pages[0].objects[0].text);
    typesetter_free(typesetter);
}
END_TEST

static const char *const seal_names[] = {
    "测试局",
    "示例市行政审批服务管理局",
    "示例市市场监督管理局（测试）",
    "某某省某某市某某自治县自然资源和规划局行政审批服务专用",
};

START_TEST(a_seal_picture_is_a_square_png_of_at_most_10_kb)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    struct err err = ERR_INIT;
    struct picture picture;

    CK_OK(face_seal_picture(typesetter, seal_names[_i], "测试", 42, &png, &err), &err);
    CK_OK(picture_inspect(buf_span(&png), &picture, &err), &err);
    ck_assert_uint_le(png.len, 10240);
    ck_assert_uint_eq(picture.width, picture.height);
    ck_assert_uint_ge(picture.width, 42 * 200 * 10 / 254);
    typesetter_free(typesetter);
}
END_TEST

START_TEST(a_seal_with_a_name_that_cannot_be_drawn_is_refused)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    char name[41 * 3 + 1] = "";
    struct err err = ERR_INIT;

    for (size_t i = 0; i < 41; i++)
        memcpy(name + 3 * i, "局", 3);
    ck_assert_int_eq(face_seal_picture(typesetter, name, NULL, 42, &png, &err), RC_USAGE);
    ck_assert_int_eq(face_seal_picture(typesetter, "\xee\xa1\xa3", NULL, 42, &png, &err), RC_USAGE);
    ck_assert_int_eq(face_seal_picture(typesetter, "局", NULL, 400, &png, &err), RC_USAGE);
    typesetter_free(typesetter);
}
END_TEST

/* The picture's grey value in the middle of a module, counted from the symbol's corner. */
static int grey_at(const unsigned char *pixels, unsigned side, int scale, int x, int y)
{
    size_t column = (size_t)((x + 4) * scale + scale / 2),
           row = (size_t)((y + 4) * scale + scale / 2);

    return pixels[row * side + column];
}

START_TEST(a_code_shows_each_module_within_a_quiet_zone)
{
    static const char text[] = "1.2.156.3005.2.11100000MB0143028R001.TEST";
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    CLEANUP(freep) unsigned char *pixels = NULL;
    struct err err = ERR_INIT;
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    png_image image = {.version = PNG_IMAGE_VERSION};
    int scale;

    CK_OK(face_qr(text, &png, &err), &err);
    ck_assert(png_image_begin_read_from_memory(&image, png.data, png.len));
    image.format = PNG_FORMAT_GRAY;
    ck_assert_uint_eq(image.width, image.height);
    pixels = mem_zero(image.width, image.height);
    ck_assert(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    scale = (int)image.width / (code->width + 8);
    ck_assert_int_eq(scale * (code->width + 8), (int)image.width);
    for (int y = -4; y < code->width + 4; y++)
        for (int x = -4; x < code->width + 4; x++) {
            bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;
            bool dark = inside && code->data[y * code->width + x] & 1;

            ck_assert_int_eq(grey_at(pixels, image.width, scale, x, y), dark ? 0 : 255);
        }
    QRcode_free(code);
}
END_TEST

START_TEST(a_text_too_long_for_a_code_is_refused)
{
    static char text[3001];
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    struct err err = ERR_INIT;

    memset(text, 'x', 3000);
    ck_assert_int_eq(face_qr(text, &png, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "LAY002");
}
END_TEST

START_TEST(a_sheet_can_be_drawn)
{
    struct typesetter *typesetter = open_fonts();
    CLEANUP(trial_clear) struct trial t;
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    const struct sheet *sheets[] = {&t.sheet};
    char value[] = "示例";
    struct err err = ERR_INIT;
    struct picture picture;

    trial_init(&t, value);
    CK_OK(lay_out(typesetter, &t, &err), &err);
    CK_OK(face_draw(sheets, 1, 0, 254, &png, &err), &err);
    CK_OK(picture_inspect(buf_span(&png), &picture, &err), &err);
    ck_assert_uint_eq(picture.width, 1000);
    ck_assert_uint_eq(picture.height, 500);
    typesetter_free(typesetter);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, every_character_of_a_value_is_in_an_embedded_truetype_font, 0,
                        N_OF(values));
    tcase_add_test(tc, a_character_that_no_font_has_is_a_finding_that_names_it);
    tcase_add_test(tc, a_value_that_does_not_fit_is_a_finding_and_never_clipped);
    tcase_add_test(tc, texts_stay_inside_their_box);
    tcase_add_test(tc, the_same_value_gives_the_same_bytes_however_many_are_made);
    tcase_add_test(tc, a_field_shown_twice_is_indexed_once);
    tcase_add_test(tc, labels_are_constant_unless_they_name_a_field);
    tcase_add_test(tc, a_photo_keeps_its_shape_within_its_place);
    tcase_add_loop_test(tc, a_photo_that_cannot_stand_on_a_licence_is_a_finding, 0,
                        N_OF(bad_photos));
    tcase_add_test(tc, an_unknown_font_name_is_a_fault_of_the_template);
    tcase_add_loop_test(tc, every_role_has_a_font_under_the_name_that_readers_know, 0, 4);
    tcase_add_loop_test(tc, a_seal_picture_is_a_square_png_of_at_most_10_kb, 0, N_OF(seal_names));
    tcase_add_test(tc, a_seal_with_a_name_that_cannot_be_drawn_is_refused);
    tcase_add_test(tc, a_code_shows_each_module_within_a_quiet_zone);
    tcase_add_test(tc, a_text_too_long_for_a_code_is_refused);
    tcase_add_test(tc, a_sheet_can_be_drawn);
}
