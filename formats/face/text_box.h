/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_TEXT_BOX_H
#define FORMATS_FACE_TEXT_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/template.h"

/*
 * Setting one text in one box: pure arithmetic on widths, so that the rules can be
 * tested without a font.  Horizontal lines only; a vertical setting would share the
 * line breaker and differ in text_lines_place.
 */
struct letter {
    uint32_t code;
    int32_t advance; /* width in millionths of an em; 0 for a line feed */
    uint8_t bytes;   /* of its UTF-8 */
    uint8_t tier;    /* which font of its role has it */
    bool begins;     /* may a line begin here?  By letters_mark(). */
};

/* letters[start] to letters[end - 1]; spaces at its end hang over and have no width. */
struct text_line {
    size_t start, end;
    um width;
};

struct text_lines {
    struct text_line *list;
    size_t n, capacity;
    um size;      /* what the letters were set at */
    um leading;   /* from baseline to baseline */
    size_t unfit; /* letters that do not fit the box at that size; 0: all is well */
};
void text_lines_clear(struct text_lines *lines);

/*
 * Marks where a line may begin by the rules of Chinese setting: no closing mark at a
 * line's head, no opening mark at its end, words and numbers whole.
 */
void letters_mark(struct letter *letters, size_t n);

/*
 * Breaks marked letters into lines that fit text's box, at the largest size between size
 * and min_size at which they do (steps of 0.05 mm), or at the smallest, with unfit set.
 */
void text_lines_set(struct text_lines *lines, const struct letter *letters, size_t n,
                    const struct template_text *text);

/* Where line i's first letter stands: left edge and baseline, on the page. */
struct text_origin {
    um x, baseline;
};
struct text_origin text_lines_origin(const struct text_lines *lines, size_t i,
                                     const struct template_text *text);

/*
 * Offsets of line i's letters from its left edge: out[0] = 0 … out[end - start] = its
 * width, whole micrometres, rounded as a sum so that no error grows along the line.
 */
void text_lines_offsets(const struct text_lines *lines, size_t i, const struct letter *letters,
                        const struct template_text *text, um *out);

#endif
