/* SPDX-License-Identifier: Apache-2.0 */
/* Two-dimensional codes: drawn, and read back. */
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/face/face.h"
#include "formats/image.h"
#include "tests/unit/unit.h"

#define IDENTIFIER "1.2.156.3005.2.11000000MB0TE5T951001.11330199MB0TE5T1X6.A1.001.I"

/* A code of the library itself, a module two pixels wide, in a margin of three modules. */
static void draw(const QRcode *code, unsigned flip, struct buf *png)
{
    static const struct picture_colour colours[] = {{255, 255, 255, 255}, {20, 0, 0, 255}};
    unsigned side = (unsigned)(code->width + 6) * 2;
    CLEANUP(freep) unsigned char *pixels = mem_zero(side, side);
    struct indexed_picture picture = {
        .width = side, .height = side, .pixels = pixels, .colours = colours, .n_colours = 2};
    struct err err = ERR_INIT;

    for (unsigned i = 0; i < (unsigned)(code->width * code->width); i++) {
        unsigned x = (i % (unsigned)code->width + 3) * 2, y = (i / (unsigned)code->width + 3) * 2;
        unsigned char dark = (code->data[i] & 1) ^ (i == flip);

        pixels[y * side + x] = pixels[y * side + x + 1] = dark;
        pixels[(y + 1) * side + x] = pixels[(y + 1) * side + x + 1] = dark;
    }
    CK_OK(picture_encode(&picture, png, &err), &err);
}

START_TEST(what_we_draw_reads_as_it_was)
{
    static const char *const texts[] = {
        IDENTIFIER, "1", "A", "12345678901", "https://例.示/?" IDENTIFIER, "证照标识：" IDENTIFIER};
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);
    struct err err = ERR_INIT;

    for (int i = 0; i < N_OF(texts); i++) {
        buf_reset(&text);
        CK_OK(face_qr(texts[i], &png, &err), &err);
        ck_assert(face_qr_read(buf_span(&png), &text));
        ck_assert_str_eq(text.data, texts[i]);
    }
}
END_TEST

/* Versions 1 to 20 of every level, all modes, all masks that the library picks. */
START_TEST(every_version_and_level_is_read)
{
    for (int version = 1; version <= 20; version++) {
        for (int level = QR_ECLEVEL_L; level <= QR_ECLEVEL_H; level++) {
            CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
            CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);
            QRcode *code =
                QRcode_encodeString("12345ABC:abc", version, (QRecLevel)level, QR_MODE_8, 1);

            ck_assert_ptr_nonnull(code);
            draw(code, UINT32_MAX, &png);
            ck_assert_msg(face_qr_read(buf_span(&png), &text), "%d %d", code->version, level);
            ck_assert_str_eq(text.data, "12345ABC:abc");
            QRcode_free(code);
        }
    }
}
END_TEST

START_TEST(a_code_of_one_wrong_module_is_not_read)
{
    QRcode *code = QRcode_encodeString(IDENTIFIER, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    unsigned n = (unsigned)(code->width * code->width);

    for (unsigned flip = 0; flip < n; flip += 7) {
        CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
        CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);

        draw(code, flip, &png);
        if (face_qr_read(buf_span(&png), &text)) /* timing or alignment, which nobody needs */
            ck_assert_str_eq(text.data, IDENTIFIER);
    }
    QRcode_free(code);
}
END_TEST

START_TEST(another_picture_is_no_code)
{
    static const struct picture_colour colours[] = {{255, 255, 255, 255}, {0, 0, 0, 255}};
    CLEANUP(freep) unsigned char *pixels = mem_zero(200, 200);
    struct indexed_picture picture = {
        .width = 200, .height = 200, .pixels = pixels, .colours = colours, .n_colours = 2};
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PICTURE);
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);
    struct err err = ERR_INIT;

    ck_assert(!face_qr_read(span_of("no picture"), &text));
    CK_OK(picture_encode(&picture, &png, &err), &err);
    ck_assert(!face_qr_read(buf_span(&png), &text));
    memset(pixels, 1, (size_t)200 * 200);
    CK_OK(picture_encode(&picture, &png, &err), &err);
    ck_assert(!face_qr_read(buf_span(&png), &text));
    for (size_t i = 0; i < (size_t)200 * 200; i++)
        pixels[i] = i / 7 % 2;
    CK_OK(picture_encode(&picture, &png, &err), &err);
    ck_assert(!face_qr_read(buf_span(&png), &text));
    ck_assert_uint_eq(text.len, 0);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, what_we_draw_reads_as_it_was);
    tcase_add_test(tc, every_version_and_level_is_read);
    tcase_add_test(tc, a_code_of_one_wrong_module_is_not_read);
    tcase_add_test(tc, another_picture_is_no_code);
}
