/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_IMAGE_H
#define FORMATS_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

/* Picture files: what they say of themselves, and small indexed PNGs.  Needs libpng 1.6. */
enum picture_format { PICTURE_PNG, PICTURE_JPEG, PICTURE_BMP, PICTURE_GIF, PICTURE_TIFF };

const char *picture_format_name(enum picture_format format); /* "PNG" … */

struct picture {
    enum picture_format format;
    uint32_t width, height; /* pixels; 0 for a TIFF, which is recognised only */
    unsigned dpi;           /* 0: not said */
};

/*
 * Reads the head of a picture file: format by its magic number, size, resolution.
 * Nothing is decoded.  RC_INPUT (LAY001) for another format, a cut head, a size of
 * nothing, or one beyond LIMIT_PICTURE and LIMIT_PICTURE_PIXELS.
 */
MUST_CHECK enum rc picture_inspect(struct span file, struct picture *out, struct err *err);

struct picture_colour {
    uint8_t r, g, b, a;
};

/* At most 16 colours; pixels holds an index a byte, rows from the top, or (bits) PNG's own
 * rows of two colours. */
struct indexed_picture {
    uint32_t width, height;
    const unsigned char *pixels;
    const struct picture_colour *colours;
    int n_colours;
    unsigned dpi; /* 0: not said */
    bool bits;    /* a bit a pixel, the first one highest; rows begin with a byte */
    bool quick;   /* made for each licence: half the time for a fifth more bytes */
};

/* The same picture gives the same bytes.  out is emptied first. */
MUST_CHECK enum rc picture_encode(const struct indexed_picture *picture, struct buf *png,
                                  struct err *err);

#endif
