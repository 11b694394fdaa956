/* SPDX-License-Identifier: Apache-2.0 */
/* Two-dimensional codes, GB/T 18284 (QR), by libqrencode. */
#include <qrencode.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/face/face_priv.h"
#include "formats/image.h"

#define QUIET 4 /* modules of white on each side, GB/T 18284-2000 6.3.8 */
#define SCALE 4 /* pixels a module: crisp where a reader smooths when it enlarges */

_Static_assert(SCALE == 4, "draw_modules puts two modules into a byte");

static void draw_modules(const QRcode *code, size_t stride, unsigned char *bits)
{
    for (int y = 0; y < code->width; y++) {
        unsigned char *row = bits + stride * SCALE * (unsigned)(y + QUIET);

        for (int x = 0; x < code->width; x++)
            if (code->data[y * code->width + x] & 1)
                row[(x + QUIET) / 2] |= (x + QUIET) % 2 ? 0x0f : 0xf0;
        for (size_t k = 1; k < SCALE; k++)
            memcpy(row + k * stride, row, stride);
    }
}

CLEANUP_PTR(QRinput, QRinput_free);

/*
 * Digits, capitals and points, as identifiers are, go into one segment: libqrencode's
 * own splitting at each run of digits makes the symbol a size larger.
 */
static QRcode *encode(const char *text)
{
    CLEANUP(QRinput_freep) QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);

    if (input &&
        QRinput_append(input, QR_MODE_AN, (int)strlen(text), (const unsigned char *)text) == 0)
        return QRcode_encodeInput(input);
    return QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
}

enum rc face_qr(const char *text, struct buf *png, struct err *err)
{
    static const struct picture_colour colours[] = {{255, 255, 255, 255}, {0, 0, 0, 255}};
    QRcode *code = encode(text);
    CLEANUP(freep) unsigned char *bits = NULL;
    struct indexed_picture picture = {
        .colours = colours, .n_colours = 2, .bits = true, .quick = true};
    size_t stride;

    if (!code)
        return err_find(err, "LAY002", RC_INPUT, "%zu bytes do not go into one code", strlen(text));
    picture.width = picture.height = (unsigned)(code->width + 2 * QUIET) * SCALE;
    stride = (picture.width + 7) / 8;
    bits = mem_zero(picture.height, stride);
    draw_modules(code, stride, bits);
    QRcode_free(code);
    picture.pixels = bits;
    return picture_encode(&picture, png, err);
}
