/* SPDX-License-Identifier: Apache-2.0 */
/* Setting a text in its box: breaking, shrinking, aligning. */
#include "formats/face/text_box.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"

#define MILLION 1000000
#define SHRINK_STEP 50 /* um */
#define EM_ASCENT 880  /* of 1,000: where the baseline of a CJK font stands in the em box */
#define CJK 0x2e80     /* the first code point of the CJK blocks */
#define LEADING_NUM 3  /* default line height: 1.5 times the size */
#define LEADING_DEN 2

/*
 * GB/T 15834-2011 5.1: closing marks, points, hyphens and the dot of names begin no line;
 * opening marks end none; dashes and ellipses, two characters each, are not torn apart.
 * What belongs to a number stays with it.
 */
static const char not_first[] = "、。，．・：；？！～）］｝〉》」』】〕〗〙〛’”·‧／ー々"
                                "％‰℃°′″,.:;?!)]}%";
static const char not_last[] = "（［｛〈《「『【〔〖〘〚‘“／￥＄￡№＃([{$#";

void text_lines_clear(struct text_lines *lines)
{
    free(lines->list);
    *lines = (struct text_lines){0};
}

static bool is_among(uint32_t code, const char *set)
{
    char text[5];

    text[utf8_put(code, text)] = '\0';
    return code && strstr(set, text) != NULL;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == 0x3000 || code == '\t';
}

/* Letters and digits that make words: ASCII, Latin, Greek, and what holds a word together. */
static bool is_word(uint32_t code)
{
    return code > ' ' && code < 0x2000 && code != 0xb7;
}

static bool may_break(uint32_t before, uint32_t after)
{
    if (utf8_is_han(before) && utf8_is_han(after))
        return true;
    if (is_space(after) || is_space(before))
        return !is_space(after);
    if (is_among(after, not_first) || is_among(before, not_last))
        return false;
    if (before == after && (before == 0x2014 || before == 0x2026))
        return false;
    return !(is_word(before) && is_word(after));
}

void letters_mark(struct letter *letters, size_t n)
{
    for (size_t i = 0; i < n; i++)
        letters[i].begins = i == 0 || may_break(letters[i - 1].code, letters[i].code);
}

/* Width of n letters in a row: whole micrometres of the sum.  One too long for a um is as long. */
static um width_of(int64_t advances, size_t n, const struct text_lines *lines,
                   const struct template_text *text)
{
    int64_t width = (advances * lines->size + MILLION / 2) / MILLION;

    width += n > 1 ? (int64_t)text->spacing * (int64_t)(n - 1) : 0;
    return width > INT32_MAX ? INT32_MAX : (um)width;
}

/* The same of a line, whose last spaces hang over. */
static um line_width(const struct letter *letters, size_t start, size_t end,
                     const struct text_lines *lines, const struct template_text *text)
{
    int64_t advances = 0;

    while (end > start && is_space(letters[end - 1].code))
        end--;
    for (size_t i = start; i < end; i++)
        advances += letters[i].advance;
    return width_of(advances, end - start, lines, text);
}

/* Where the line that begins at start ends: before a line feed, or where the box is full. */
static size_t find_end(const struct letter *letters, size_t n, size_t start,
                       const struct text_lines *lines, const struct template_text *text)
{
    int64_t advances = 0;
    size_t last_break = start;

    for (size_t i = start; i < n && letters[i].code != '\n'; i++) {
        if (i > start && letters[i].begins)
            last_break = i;
        advances += letters[i].advance;
        if (!text->wrap || is_space(letters[i].code) ||
            width_of(advances, i + 1 - start, lines, text) <= text->box.w)
            continue;
        if (last_break > start)
            return last_break;
        return i > start ? i : i + 1; /* a word wider than the box is cut, a letter is not */
    }
    for (size_t i = start; i < n; i++)
        if (letters[i].code == '\n')
            return i;
    return n;
}

static void add_line(struct text_lines *lines, struct text_line line)
{
    if (lines->n == lines->capacity) {
        lines->capacity = lines->capacity ? lines->capacity * 2 : 8;
        lines->list = mem_resize(lines->list, lines->capacity * sizeof(*lines->list));
    }
    lines->list[lines->n++] = line;
}

/* How many letters of a line too wide stand beyond the box's right edge. */
static size_t count_beyond(const struct text_lines *lines, const struct text_line *line,
                           const struct letter *letters, const struct template_text *text)
{
    int64_t advances = 0;
    size_t i;

    for (i = line->start; i < line->end; i++) {
        advances += letters[i].advance;
        if (width_of(advances, i + 1 - line->start, lines, text) > text->box.w)
            break;
    }
    return line->end - i;
}

/* How many letters stand below the box's foot or beyond its right edge. */
static size_t count_unfit(const struct text_lines *lines, const struct letter *letters,
                          const struct template_text *text)
{
    size_t unfit = 0;

    for (size_t i = 0; i < lines->n; i++) {
        const struct text_line *line = &lines->list[i];
        int64_t foot = (int64_t)lines->leading * (int64_t)i + lines->size;

        if (foot > text->box.h)
            unfit += line->end - line->start;
        else if (line->width > text->box.w)
            unfit += count_beyond(lines, line, letters, text);
    }
    return unfit;
}

static void set_at(struct text_lines *lines, const struct letter *letters, size_t n,
                   const struct template_text *text, um size)
{
    lines->n = 0;
    lines->size = size;
    lines->leading = text->line_height ? (um)((int64_t)text->line_height * size / text->size)
                                       : size * LEADING_NUM / LEADING_DEN;
    for (size_t start = 0; start < n;) {
        size_t end = find_end(letters, n, start, lines, text);

        add_line(lines,
                 (struct text_line){start, end, line_width(letters, start, end, lines, text)});
        start = end + (end < n && letters[end].code == '\n');
    }
    lines->unfit = count_unfit(lines, letters, text);
}

void text_lines_set(struct text_lines *lines, const struct letter *letters, size_t n,
                    const struct template_text *text)
{
    bool shrinks = text->overflow == OVERFLOW_SHRINK && text->min_size > 0;
    um steps = shrinks && text->min_size < text->size
                   ? (text->size - text->min_size + SHRINK_STEP - 1) / SHRINK_STEP
                   : 0;
    um fits = steps, fails = 0; /* steps down from size */

    set_at(lines, letters, n, text, text->size);
    if (!lines->unfit || !steps)
        return;
    set_at(lines, letters, n, text, text->min_size);
    if (lines->unfit)
        return;
    while (fits - fails > 1) {
        um middle = fails + (fits - fails) / 2;

        set_at(lines, letters, n, text, text->size - middle * SHRINK_STEP);
        if (lines->unfit)
            fails = middle;
        else
            fits = middle;
    }
    set_at(lines, letters, n, text,
           fits == steps ? text->min_size : text->size - fits * SHRINK_STEP);
}

/*
 * A justified paragraph leaves its last line alone; a justified label of one line is
 * spread over its box, as the labels of a form are.
 */
static bool is_stretched(const struct text_lines *lines, size_t i, const struct letter *letters,
                         const struct template_text *text)
{
    const struct text_line *line = &lines->list[i];

    if (text->align != ALIGN_JUSTIFY || line->width >= text->box.w)
        return false;
    if (!text->wrap)
        return true;
    return i + 1 < lines->n && letters[line->end].code != '\n';
}

struct text_origin text_lines_origin(const struct text_lines *lines, size_t i,
                                     const struct template_text *text)
{
    um height = lines->leading * (um)(lines->n - 1) + lines->size;
    um room = text->box.h - height, side = text->box.w - lines->list[i].width;
    um x = text->box.x, top = text->box.y;

    if (text->align == ALIGN_CENTRE)
        x += side / 2;
    else if (text->align == ALIGN_RIGHT)
        x += side;
    if (text->valign == VALIGN_MIDDLE)
        top += room / 2;
    else if (text->valign == VALIGN_BOTTOM)
        top += room;
    return (struct text_origin){x, top + lines->leading * (um)i +
                                       (um)((int64_t)lines->size * EM_ASCENT / 1000)};
}

/* Extra width goes where a line could end, and between any two characters of an em square. */
static bool is_gap(const struct letter *letters, size_t i)
{
    return letters[i + 1].begins || (letters[i].code >= CJK && letters[i + 1].code >= CJK);
}

void text_lines_offsets(const struct text_lines *lines, size_t i, const struct letter *letters,
                        const struct template_text *text, um *out)
{
    const struct text_line *line = &lines->list[i];
    size_t inked = line->end, gaps = 0, passed = 0;
    int64_t advances = 0, extra = text->box.w - line->width;

    while (inked > line->start && is_space(letters[inked - 1].code))
        inked--;
    if (is_stretched(lines, i, letters, text))
        for (size_t k = line->start; k + 1 < inked; k++)
            gaps += is_gap(letters, k);
    out[0] = 0;
    for (size_t k = line->start; k < line->end; k++) {
        size_t n = k - line->start + 1;

        advances += letters[k].advance;
        if (gaps && k + 1 < inked)
            passed += is_gap(letters, k);
        out[n] = width_of(advances, n, lines, text) + (k + 1 < line->end ? text->spacing : 0);
        if (gaps)
            out[n] += (um)(extra * (int64_t)passed / (int64_t)gaps);
    }
}
