/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "formats/image.h"
#include "tests/unit/unit.h"

/* 6 by 4 pixels, three strengths of red. */
static enum rc encode(struct buf *png, struct err *err)
{
    static const unsigned char pixels[24] = {0, 1, 2, 0, 1, 2, 2, 1, 0};
    static const struct picture_colour colours[] = {
        {230, 0, 18, 0}, {230, 0, 18, 128}, {230, 0, 18, 255}};
    static const struct indexed_picture picture = {
        .width = 6, .height = 4, .pixels = pixels, .colours = colours, .n_colours = 3, .dpi = 300};

    return picture_encode(&picture, png, err);
}

START_TEST(a_png_we_write_says_what_it_is)
{
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    struct err err = ERR_INIT;
    struct picture picture;

    CK_OK(encode(&png, &err), &err);
    CK_OK(picture_inspect(buf_span(&png), &picture, &err), &err);
    ck_assert_int_eq(picture.format, PICTURE_PNG);
    ck_assert_uint_eq(picture.width, 6);
    ck_assert_uint_eq(picture.height, 4);
    ck_assert_uint_eq(picture.dpi, 300);
}
END_TEST

START_TEST(the_same_picture_gives_the_same_bytes)
{
    CLEANUP(buf_clear) struct buf a = BUF_INIT(LIMIT_PICTURE);
    CLEANUP(buf_clear) struct buf b = BUF_INIT(LIMIT_PICTURE);
    struct err err = ERR_INIT;

    CK_OK(encode(&a, &err), &err);
    CK_OK(encode(&b, &err), &err);
    ck_assert(span_equals(buf_span(&a), buf_span(&b)));
}
END_TEST

START_TEST(a_picture_that_does_not_fit_its_buf_is_refused)
{
    CLEANUP(buf_clear) struct buf png = BUF_INIT(40);
    struct err err = ERR_INIT;

    ck_assert_int_eq(encode(&png, &err), RC_INPUT);
}
END_TEST

START_TEST(a_head_cut_short_is_refused_at_every_length)
{
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    struct err err = ERR_INIT;
    struct picture picture;

    CK_OK(encode(&png, &err), &err);
    for (size_t n = 0; n < 8 + 8 + 13 + 4; n++) {
        struct span cut = {buf_span(&png).data, n};

        ck_assert_int_eq(picture_inspect(cut, &picture, &err), RC_INPUT);
        ck_assert_str_eq(err.finding, "LAY001");
    }
}
END_TEST

#define BYTES(s) ((struct span){(const unsigned char *)(s), sizeof(s) - 1})
#define JFIF "\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x96\0\x96\0\0"
#define FRAME "\xff\xc0\0\x0b\x08\0\x20\0\x10\x01\x01\x11\0"
#define BMP(w, h)                                           \
    "BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0" w h "\1\0\x18\0" \
    "\0\0\0\0\0\0\0\0\x13\x0b\0\0\x13\x0b\0\0"

static const struct {
    struct span file;
    enum picture_format format;
    uint32_t width, height;
    unsigned dpi;
} heads[] = {
    {BYTES("\xff\xd8" JFIF FRAME), PICTURE_JPEG, 16, 32, 150},
    {BYTES("\xff\xd8" FRAME), PICTURE_JPEG, 16, 32, 0},
    {BYTES("\xff\xd8\xff\xfe\0\4ab\xff" FRAME), PICTURE_JPEG, 16, 32, 0}, /* comment, fill byte */
    {BYTES(BMP("\x10\0\0\0", "\x20\0\0\0")), PICTURE_BMP, 16, 32, 72},
    {BYTES(BMP("\x10\0\0\0", "\xe0\xff\xff\xff")), PICTURE_BMP, 16, 32, 72}, /* rows from the top */
    {BYTES("GIF89a\x10\0\x20\0"), PICTURE_GIF, 16, 32, 0},
    {BYTES("II*\0\x08\0\0\0"), PICTURE_TIFF, 0, 0, 0},
    {BYTES("MM\0*\0\0\0\x08"), PICTURE_TIFF, 0, 0, 0},
};

START_TEST(each_format_is_known_by_its_first_bytes)
{
    struct err err = ERR_INIT;
    struct picture picture;

    CK_OK(picture_inspect(heads[_i].file, &picture, &err), &err);
    ck_assert_int_eq(picture.format, heads[_i].format);
    ck_assert_uint_eq(picture.width, heads[_i].width);
    ck_assert_uint_eq(picture.height, heads[_i].height);
    ck_assert_uint_eq(picture.dpi, heads[_i].dpi);
}
END_TEST

static const struct span refused[] = {
    BYTES(""),
    BYTES("hello, this is no picture"),
    BYTES("\xff\xd8\xff\xd9"),                /* ends without a frame */
    BYTES("\xff\xd8\xff\xe0\0\1"),            /* a segment of no length */
    BYTES("\xff\xd8\xff\xc0\0\x04\x08\0"),    /* a frame header of two bytes */
    BYTES("\xff\xd8" JFIF "x"),               /* no marker */
    BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT"), /* no IHDR */
    BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\0\1\1\0\0\0\0abcd"), /* no width */
    BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\1\0\0\0\1\0\0\1\0\0\0\0abcd"), /* 4 gigapixels */
    BYTES(BMP("\0\0\0\x80", "\x20\0\0\0")),                                 /* a negative width */
    BYTES("BM\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\0\0\x10\0\x20\0"),              /* OS/2's old header */
    BYTES("GIF87a\0\0\x20\0"),
};

START_TEST(what_is_no_usable_picture_is_refused)
{
    struct err err = ERR_INIT;
    struct picture picture;

    ck_assert_int_eq(picture_inspect(refused[_i], &picture, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "LAY001");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, a_png_we_write_says_what_it_is);
    tcase_add_test(tc, the_same_picture_gives_the_same_bytes);
    tcase_add_test(tc, a_picture_that_does_not_fit_its_buf_is_refused);
    tcase_add_test(tc, a_head_cut_short_is_refused_at_every_length);
    tcase_add_loop_test(tc, each_format_is_known_by_its_first_bytes, 0, N_OF(heads));
    tcase_add_loop_test(tc, what_is_no_usable_picture_is_refused, 0, N_OF(refused));
}
