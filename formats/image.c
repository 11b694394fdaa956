/* SPDX-License-Identifier: Apache-2.0 */
/* Picture files, see image.h. */
#include "formats/image.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <zlib.h>

#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/reader.h"

#define CM_PER_INCH_X100 254

static const char *const format_names[] = {
    [PICTURE_PNG] = "PNG", [PICTURE_JPEG] = "JPEG", [PICTURE_BMP] = "BMP",
    [PICTURE_GIF] = "GIF", [PICTURE_TIFF] = "TIFF",
};

const char *picture_format_name(enum picture_format format)
{
    return format_names[format];
}

static unsigned per_metre_to_dpi(uint32_t per_metre)
{
    return per_metre > 10000000
               ? 0
               : (unsigned)(((uint64_t)per_metre * CM_PER_INCH_X100 + 5000) / 10000);
}

static enum rc skip(struct reader *r, size_t n, struct err *err)
{
    struct span skipped;

    return reader_take(r, n, &skipped, err);
}

/* ISO/IEC 15948 5 and 11: IHDR comes first; pHYs stands before IDAT. */
static enum rc inspect_png(struct reader *r, struct picture *out, struct err *err)
{
    uint32_t length, type, x, y;
    uint8_t unit;

    TRY(skip(r, 8, err));
    TRY(reader_be32(r, &length, err));
    TRY(reader_be32(r, &type, err));
    if (length != 13 || type != 0x49484452)
        return err_find(err, "LAY001", RC_INPUT, "ISO/IEC 15948 5.6: IHDR is not the first chunk");
    TRY(reader_be32(r, &out->width, err));
    TRY(reader_be32(r, &out->height, err));
    TRY(skip(r, 5 + 4, err));
    while (reader_left(r) >= 8) {
        TRY(reader_be32(r, &length, err));
        TRY(reader_be32(r, &type, err));
        if (type == 0x49444154) /* IDAT */
            break;
        if (type == 0x70485973 && length == 9) { /* pHYs */
            TRY(reader_be32(r, &x, err));
            TRY(reader_be32(r, &y, err));
            TRY(reader_u8(r, &unit, err));
            out->dpi = unit == 1 ? per_metre_to_dpi(x) : 0;
            break;
        }
        if (reader_left(r) < 4 || length > reader_left(r) - 4)
            break;
        TRY(skip(r, (size_t)length + 4, err));
    }
    return RC_OK;
}

/* JFIF's APP0, which begins after marker and length. */
static void read_jfif(struct span segment, struct picture *out)
{
    const unsigned char *p = segment.data;

    if (segment.len < 12 || memcmp(p, "JFIF", 5) != 0)
        return;
    if (p[7] == 1)
        out->dpi = (unsigned)p[8] << 8 | p[9];
    else if (p[7] == 2)
        out->dpi = per_metre_to_dpi(((uint32_t)p[8] << 8 | p[9]) * 100);
}

static bool is_frame_header(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* ITU-T T.81 B.1.1: segments up to the frame header, which holds the size. */
static enum rc inspect_jpeg(struct reader *r, struct picture *out, struct err *err)
{
    TRY(skip(r, 2, err));
    for (;;) {
        struct span segment;
        uint8_t marker;
        uint16_t length;

        TRY(reader_u8(r, &marker, err));
        if (marker != 0xff)
            return err_find(err, "LAY001", RC_INPUT, "ITU-T T.81 B.1.1.2: a marker is missing");
        while (marker == 0xff)
            TRY(reader_u8(r, &marker, err));
        if (marker == 0xd9 || marker == 0xda)
            return err_find(err, "LAY001", RC_INPUT, "ITU-T T.81 B.2.2: no frame header");
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7))
            continue; /* stands alone */
        TRY(reader_be16(r, &length, err));
        if (length < 2)
            return err_find(err, "LAY001", RC_INPUT, "ITU-T T.81 B.1.1.4: segment length %u",
                            length);
        TRY(reader_take(r, length - 2u, &segment, err));
        if (marker == 0xe0)
            read_jfif(segment, out);
        if (!is_frame_header(marker))
            continue;
        if (segment.len < 5)
            return err_find(err, "LAY001", RC_INPUT, "ITU-T T.81 B.2.2: frame header cut short");
        out->height = (uint32_t)segment.data[1] << 8 | segment.data[2];
        out->width = (uint32_t)segment.data[3] << 8 | segment.data[4];
        return RC_OK;
    }
}

static enum rc inspect_bmp(struct reader *r, struct picture *out, struct err *err)
{
    uint32_t header, width, height, per_metre;

    TRY(skip(r, 14, err));
    TRY(reader_le32(r, &header, err));
    if (header < 40)
        return err_find(err, "LAY001", RC_INPUT, "BMP: a header of %u bytes is not read",
                        (unsigned)header);
    TRY(reader_le32(r, &width, err));
    TRY(reader_le32(r, &height, err));
    TRY(skip(r, 12, err));
    TRY(reader_le32(r, &per_metre, err));
    out->width = width > INT32_MAX ? 0 : width;
    out->height = height > INT32_MAX ? 0 - height : height; /* negative: rows from the top */
    out->dpi = per_metre_to_dpi(per_metre);
    return RC_OK;
}

static enum rc inspect_gif(struct reader *r, struct picture *out, struct err *err)
{
    uint16_t width, height;

    TRY(skip(r, 6, err));
    TRY(reader_le16(r, &width, err));
    TRY(reader_le16(r, &height, err));
    out->width = width;
    out->height = height;
    return RC_OK;
}

static enum rc inspect_tiff(struct reader *r, struct picture *out, struct err *err)
{
    out->width = out->height = 0;
    return skip(r, 8, err);
}

static const struct magic {
    const char *bytes;
    size_t len;
    enum picture_format format;
    enum rc (*inspect)(struct reader *r, struct picture *out, struct err *err);
} magics[] = {
    {"\x89PNG\r\n\x1a\n", 8, PICTURE_PNG, inspect_png},
    {"\xff\xd8\xff", 3, PICTURE_JPEG, inspect_jpeg},
    {"BM", 2, PICTURE_BMP, inspect_bmp},
    {"GIF87a", 6, PICTURE_GIF, inspect_gif},
    {"GIF89a", 6, PICTURE_GIF, inspect_gif},
    {"II*\0", 4, PICTURE_TIFF, inspect_tiff},
    {"MM\0*", 4, PICTURE_TIFF, inspect_tiff},
};

static const struct magic *find_magic(struct span file)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
        if (file.len >= magics[i].len && !memcmp(file.data, magics[i].bytes, magics[i].len))
            return &magics[i];
    return NULL;
}

enum rc picture_inspect(struct span file, struct picture *out, struct err *err)
{
    const struct magic *magic = find_magic(file);
    struct reader r = reader_of(file);
    struct picture picture = {0};
    struct err inner = ERR_INIT;

    if (!magic)
        return err_find(err, "LAY001", RC_INPUT, "not a PNG, JPEG, BMP, GIF or TIFF picture");
    if (file.len > LIMIT_PICTURE)
        return err_find(err, "LAY001", RC_INPUT, "larger than the limit of %zu bytes",
                        LIMIT_PICTURE);
    picture.format = magic->format;
    if (magic->inspect(&r, &picture, &inner) != RC_OK)
        return err_find(err, "LAY001", RC_INPUT, "%s: the head is damaged: %s",
                        format_names[picture.format], inner.text);
    if (picture.format != PICTURE_TIFF &&
        (!picture.width || !picture.height ||
         (uint64_t)picture.width * picture.height > LIMIT_PICTURE_PIXELS))
        return err_find(err, "LAY001", RC_INPUT, "%s: a size of %u x %u pixels is not accepted",
                        format_names[picture.format], picture.width, picture.height);
    *out = picture;
    return RC_OK;
}

/* What libpng's callbacks share; an error leaves through the jump. */
struct encoder {
    struct buf *png;
    struct err *err;
    jmp_buf out;
};

static void fail_encoding(png_structp png, png_const_charp text)
{
    struct encoder *encoder = png_get_error_ptr(png);

    (void)err_set(encoder->err, RC_BUG, "libpng: %s", text);
    longjmp(encoder->out, 1);
}

static void ignore_warning(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t n)
{
    struct encoder *encoder = png_get_io_ptr(png);

    if (buf_add(encoder->png, bytes, n, encoder->err) != RC_OK)
        longjmp(encoder->out, 1);
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static int depth_of(int n_colours)
{
    return n_colours <= 2 ? 1 : n_colours <= 4 ? 2 : 4;
}

static void write_palette(png_structp png, png_infop info, const struct indexed_picture *picture)
{
    png_color palette[16];
    png_byte alphas[16];
    int n_alphas = 0;

    for (int i = 0; i < picture->n_colours; i++) {
        const struct picture_colour *c = &picture->colours[i];

        palette[i] = (png_color){.red = c->r, .green = c->g, .blue = c->b};
        alphas[i] = c->a;
        if (c->a != 255)
            n_alphas = i + 1;
    }
    png_set_PLTE(png, info, palette, picture->n_colours);
    if (n_alphas)
        png_set_tRNS(png, info, alphas, n_alphas, NULL);
}

static void write_picture(png_structp png, png_infop info, const struct indexed_picture *picture)
{
    size_t stride = picture->bits ? ((size_t)picture->width + 7) / 8 : picture->width;
    png_uint_32 per_metre = (png_uint_32)((uint64_t)picture->dpi * 10000 / CM_PER_INCH_X100);

    png_set_IHDR(png, info, picture->width, picture->height, depth_of(picture->n_colours),
                 PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    write_palette(png, info, picture);
    if (picture->dpi)
        png_set_pHYs(png, info, per_metre + 1, per_metre + 1, PNG_RESOLUTION_METER);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, picture->quick ? PNG_FILTER_UP : PNG_FILTER_NONE);
    png_set_compression_level(png, picture->quick ? 1 : 9);
    if (picture->quick) {
        png_set_compression_strategy(png, Z_RLE); /* a row like the one above is all zeros */
        png_set_compression_mem_level(png, 5);    /* zlib clears its memory first */
    }
    png_write_info(png, info);
    if (!picture->bits)
        png_set_packing(png);
    for (uint32_t y = 0; y < picture->height; y++)
        png_write_row(png, picture->pixels + y * stride);
    png_write_end(png, info);
}

enum rc picture_encode(const struct indexed_picture *picture, struct buf *png, struct err *err)
{
    struct encoder encoder = {.png = png, .err = err};
    png_structp writer =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, &encoder, fail_encoding, ignore_warning);
    png_infop info = writer ? png_create_info_struct(writer) : NULL;
    bool failed = true;

    buf_reset(png);
    if (info && setjmp(encoder.out) == 0) {
        png_set_write_fn(writer, &encoder, write_bytes, flush_nothing);
        write_picture(writer, info, picture);
        failed = false;
    }
    png_destroy_write_struct(&writer, &info);
    return failed ? err->code ? err->code : err_set(err, RC_BUG, "libpng does not start") : RC_OK;
}
