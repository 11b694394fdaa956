/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_PAGE_H
#define CORE_MODEL_PAGE_H

#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/decimal.h"

/*
 * A page of placed objects: what the layout engine (formats/face) fills and the
 * package writer (formats/ofd) writes.  Lengths are integer micrometres, origin
 * top left, y down, as in GB/T 33190.  A sheet owns everything in it.
 */
struct box {
    um x, y, w, h;
};

struct colour {
    uint8_t r, g, b;
};

/* One line of text in one font: an OFD TextObject with one TextCode. */
struct page_text {
    struct box box; /* Boundary */
    um x, y;        /* baseline origin of the first character, relative to box */
    unsigned font;  /* index into the sheet's fonts */
    um size;
    struct colour colour;
    char *text;   /* UTF-8, no line breaks */
    um *advances; /* of characters 0 … n-2; NULL for n < 2 */
    size_t n;     /* characters (code points) */
    int field;    /* index of the licence field that it shows, -1 for a label */
};

/* Lines and filled shapes: ornamental borders, rules, tables.  Path in GB/T 33190 AbbreviatedData.
 */
struct page_path {
    struct box box;
    char *data;    /* "M 0 0 L 10 0 C", millimetres relative to box */
    um line_width; /* 0: not stroked */
    bool filled;
    struct colour stroke, fill;
};

struct page_image {
    struct box box;
    unsigned picture; /* index into the sheet's pictures */
    int field;        /* -1 for none */
};

enum page_kind { PAGE_TEXT, PAGE_PATH, PAGE_IMAGE };

struct page_object {
    enum page_kind kind;
    union {
        struct page_text text;
        struct page_path path;
        struct page_image image;
    };
};

struct page {
    um width, height;
    struct page_object *objects;
    size_t n, capacity;
};

/* A subset font to be embedded. */
struct page_font {
    char *name;          /* FontName that readers know: 宋体 … */
    char *family;        /* of the file behind it */
    bool truetype;       /* glyf outlines; else OpenType with CFF */
    unsigned char *file; /* own */
    size_t len;
};

struct page_picture {
    char *format;        /* "PNG", "JPEG" */
    unsigned char *file; /* own */
    size_t len;
};

struct sheet {
    struct page *pages;
    size_t n_pages;
    struct page_font *fonts;
    size_t n_fonts;
    struct page_picture *pictures;
    size_t n_pictures;
};

void sheet_clear(struct sheet *sheet);
struct page *sheet_add_page(struct sheet *sheet, um width, um height);
struct page_object *page_add(struct page *page, enum page_kind kind);
unsigned sheet_add_picture(struct sheet *sheet, const char *format, struct span file); /* copies */

#endif
