/* SPDX-License-Identifier: Apache-2.0 */
/* From a text and its box to lines of glyphs on a page, and to the fonts that they need. */
#include "formats/face/compose.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"

/*
 * A reader may clip a text object to its boundary (GB/T 33190 8.5), so the boundary
 * leaves room for accents, descenders and glyphs that lean out, in 1,000ths of an em.
 */
#define ROOM_ABOVE 1000
#define ROOM_BELOW 320
#define ROOM_ASIDE 100

void composer_clear(struct composer *composer)
{
    for (unsigned i = 0; i < composer->n_used; i++)
        hb_set_destroy(composer->used[i].characters);
    sheet_clear(&composer->sheet);
    text_lines_clear(&composer->lines);
    free(composer->letters);
    free(composer->offsets);
}

static enum rc font_of(struct composer *c, enum font_role role, unsigned tier, struct font **out,
                       struct err *err)
{
    if (!c->fonts[role][tier].sought) {
        TRY(typesetter_font(c->typesetter, role, tier, &c->fonts[role][tier].font, err));
        c->fonts[role][tier].sought = true;
    }
    *out = c->fonts[role][tier].font;
    return RC_OK;
}

static void report_missing(struct composer *c, const struct copy *copy, size_t i)
{
    const struct letter *letter = &c->letters[i];
    char character[5], code[16];

    c->refused = true;
    if (c->findings->n >= FINDINGS_MAX)
        return;
    for (size_t k = 0; k < i; k++)
        if (c->letters[k].code == letter->code)
            return; /* said already */
    character[utf8_put(letter->code, character)] = '\0';
    (void)snprintf(code, sizeof(code), "U+%04X", (unsigned)letter->code);
    findings_add(c->findings, "FNT201", PLACE_FIELD(copy->what), "field", copy->what, "character",
                 character, "code", code, NULL);
}

/* Finds the letter's glyph in the first font of the role that has it. */
static enum rc find_glyph(struct composer *c, enum font_role role, struct letter *letter,
                          bool *found, struct err *err)
{
    *found = true;
    if (letter->code == '\n')
        return RC_OK;
    for (unsigned tier = 0; tier < FONT_TIERS; tier++) {
        struct font *font;

        TRY(font_of(c, role, tier, &font, err));
        if (font && font_glyph(font, letter->code, &letter->advance)) {
            letter->tier = (uint8_t)tier;
            return RC_OK;
        }
    }
    *found = false;
    return RC_OK;
}

static enum rc measure(struct composer *c, enum font_role role, const struct copy *copy, size_t *n,
                       struct err *err)
{
    const unsigned char *p = (const unsigned char *)copy->text;
    const unsigned char *end = p + strlen(copy->text);
    size_t most = (size_t)(end - p);

    if (most > c->capacity) {
        c->capacity = most;
        c->letters = mem_resize(c->letters, most * sizeof(*c->letters));
        c->offsets = mem_resize(c->offsets, (most + 1) * sizeof(*c->offsets));
    }
    for (*n = 0; p < end; ++*n) {
        struct letter *letter = &c->letters[*n];
        const unsigned char *before = p;
        bool found;

        *letter = (struct letter){.code = utf8_next(&p, end)};
        letter->bytes = (uint8_t)(p - before);
        TRY(find_glyph(c, role, letter, &found, err));
        if (!found)
            report_missing(c, copy, *n);
    }
    letters_mark(c->letters, *n);
    return RC_OK;
}

static unsigned use_font(struct composer *c, enum font_role role, unsigned tier)
{
    unsigned i;

    for (i = 0; i < c->n_used; i++)
        if (c->used[i].role == role && c->used[i].tier == tier)
            return i;
    c->used[i] = (struct used_font){.role = role,
                                    .tier = tier,
                                    .font = c->fonts[role][tier].font,
                                    .characters = hb_set_create()};
    c->n_used++;
    return i;
}

/* A stretch of one line in one font. */
struct run {
    size_t start, end; /* letters */
    size_t byte;       /* where its text begins */
    struct text_origin origin;
    const um *offsets; /* of letters[start] and on */
};

static void place_run(struct composer *c, struct page *page, const struct template_text *box,
                      const struct copy *copy, const struct run *run)
{
    size_t n = run->end - run->start, bytes = 0;
    um width = run->offsets[n] - run->offsets[0], size = c->lines.size;
    int role = font_role(box->font);
    struct page_text *text = &page_add(page, PAGE_TEXT)->text;

    text->font = use_font(c, (enum font_role)role, c->letters[run->start].tier);
    text->size = size;
    text->colour = box->colour;
    text->field = copy->field;
    text->n = n;
    text->x = size * ROOM_ASIDE / 1000;
    text->y = size * ROOM_ABOVE / 1000;
    text->box = (struct box){.x = run->origin.x + run->offsets[0] - text->x,
                             .y = run->origin.baseline - text->y,
                             .w = width + 2 * text->x,
                             .h = text->y + size * ROOM_BELOW / 1000};
    text->advances = n > 1 ? mem_zero(n - 1, sizeof(*text->advances)) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n)
            text->advances[i] = run->offsets[i + 1] - run->offsets[i];
        hb_set_add(c->used[text->font].characters, c->letters[run->start + i].code);
        bytes += c->letters[run->start + i].bytes;
    }
    text->text = mem_copy_text(copy->text + run->byte, bytes);
}

static void place_line(struct composer *c, struct page *page, const struct template_text *box,
                       const struct copy *copy, size_t line, size_t *byte)
{
    const struct text_line *l = &c->lines.list[line];
    struct run run = {.start = l->start,
                      .byte = *byte,
                      .origin = text_lines_origin(&c->lines, line, box),
                      .offsets = c->offsets};

    text_lines_offsets(&c->lines, line, c->letters, box, c->offsets);
    for (size_t i = l->start; i < l->end; i++) {
        *byte += c->letters[i].bytes;
        if (i + 1 < l->end && c->letters[i + 1].tier == c->letters[run.start].tier)
            continue;
        run.end = i + 1;
        place_run(c, page, box, copy, &run);
        run.start = i + 1;
        run.byte = *byte;
        run.offsets = c->offsets + (i + 1 - l->start);
    }
}

static void report_unfit(struct composer *c, const struct template_text *box,
                         const struct copy *copy, size_t n)
{
    char w[DECIMAL_MAX], h[DECIMAL_MAX], size[DECIMAL_MAX], where[2 * DECIMAL_MAX + 8];
    char unfit[24], length[24];
    struct place place = PLACE_FIELD(copy->what);

    c->refused = true;
    decimal_put(box->box.w, w);
    decimal_put(box->box.h, h);
    decimal_put(c->lines.size, size);
    (void)snprintf(where, sizeof(where), "%s × %s", w, h);
    (void)snprintf(unfit, sizeof(unfit), "%zu", c->lines.unfit);
    (void)snprintf(length, sizeof(length), "%zu", n);
    findings_add(c->findings, "LAY201", place, "field", copy->what, "box", where, "unfit", unfit,
                 "length", length, "size", size, NULL);
}

enum rc compose_text(struct composer *c, struct page *page, const struct template_text *box,
                     const struct copy *copy, struct err *err)
{
    int role = font_role(box->font);
    size_t n, byte = 0;

    if (role < 0)
        return err_set(err, RC_USAGE, "line %ld: '%s' is no font: song, hei, kai, fangsong",
                       box->line, box->font);
    TRY(measure(c, (enum font_role)role, copy, &n, err));
    text_lines_set(&c->lines, c->letters, n, box);
    if (c->lines.unfit)
        report_unfit(c, box, copy, n);
    if (c->refused)
        return RC_OK; /* further texts are looked at for findings only */
    for (size_t i = 0; i < c->lines.n; i++) {
        place_line(c, page, box, copy, i, &byte);
        byte += copy->text[byte] == '\n';
    }
    return RC_OK;
}

static enum rc cut_font(const struct used_font *used, struct page_font *out, struct err *err)
{
    hb_blob_t *blob = NULL;
    const char *bytes;
    unsigned len;

    TRY(font_subset(used->font, used->characters, &blob, err));
    bytes = hb_blob_get_data(blob, &len);
    *out = (struct page_font){.name = mem_text(font_role_name(used->role)),
                              .family = mem_text(used->font->family),
                              .truetype = true,
                              .file = mem_copy(bytes, len),
                              .len = len};
    hb_blob_destroy(blob);
    return RC_OK;
}

enum rc compose_finish(struct composer *c, struct sheet *out, struct err *err)
{
    if (c->refused)
        return err_set(err, RC_NO, "the face cannot be drawn as the findings say");
    c->sheet.fonts = mem_zero(c->n_used, sizeof(*c->sheet.fonts));
    for (unsigned i = 0; i < c->n_used; i++) {
        TRY(cut_font(&c->used[i], &c->sheet.fonts[i], err));
        c->sheet.n_fonts++;
    }
    *out = c->sheet;
    c->sheet = (struct sheet){0};
    return RC_OK;
}
