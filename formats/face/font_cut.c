/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A subset in which glyph 1 is that of the first character and so on: cmap then is
 * short, and all else of ISO/IEC 14496-22 5 is copied glyph by glyph.
 */
#include "formats/face/font_cut.h"

#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/face/font_table.h"

#define CODES_MAX 4000      /* each may be a segment of cmap's format 4, which has room for 8,000 */
#define TYPICAL_OUTLINE 280 /* bytes of a Chinese character */

struct cutter {
    hb_face_t *model;
    hb_blob_t *blobs[4];
    struct span glyf, loca, hmtx, os2;
    bool long_loca;
    size_t n_advances; /* that hmtx gives; the last is that of all further glyphs */
};

/* One subset in the making. */
struct cut {
    const struct cutter *from;
    struct glyph {
        hb_codepoint_t code; /* of the first one, .notdef: none */
        hb_codepoint_t glyph;
        size_t start; /* in the new glyf */
    } * glyphs;
    size_t n;
    struct buf glyf, loca, hmtx, cmap;
    size_t n_advances;
};

static void cut_clear(struct cut *cut)
{
    free(cut->glyphs);
    buf_clear(&cut->glyf);
    buf_clear(&cut->loca);
    buf_clear(&cut->hmtx);
    buf_clear(&cut->cmap);
}

static unsigned get16(struct span table, size_t at)
{
    return at + 2 <= table.len ? (unsigned)table.data[at] << 8 | table.data[at + 1] : 0;
}

static size_t get32(struct span table, size_t at)
{
    return (size_t)get16(table, at) << 16 | get16(table, at + 2);
}

static struct span open_table(hb_face_t *face, hb_tag_t tag, hb_blob_t **blob)
{
    unsigned len;
    const char *bytes;

    *blob = hb_face_reference_table(face, tag);
    bytes = hb_blob_get_data(*blob, &len);
    return (struct span){(const unsigned char *)bytes, len};
}

/* Two bytes of a short table. */
static unsigned peek16(hb_face_t *face, hb_tag_t tag, size_t at)
{
    hb_blob_t *blob;
    unsigned value = get16(open_table(face, tag, &blob), at);

    hb_blob_destroy(blob);
    return value;
}

struct cutter *cutter_new(hb_face_t *face, hb_face_t *model)
{
    struct cutter *cutter = mem_zero(1, sizeof(*cutter));

    cutter->model = hb_face_reference(model);
    cutter->glyf = open_table(face, HB_TAG('g', 'l', 'y', 'f'), &cutter->blobs[0]);
    cutter->loca = open_table(face, HB_TAG('l', 'o', 'c', 'a'), &cutter->blobs[1]);
    cutter->hmtx = open_table(face, HB_TAG('h', 'm', 't', 'x'), &cutter->blobs[2]);
    cutter->os2 = open_table(face, HB_TAG('O', 'S', '/', '2'), &cutter->blobs[3]);
    cutter->long_loca = peek16(face, HB_TAG('h', 'e', 'a', 'd'), 50) != 0;
    cutter->n_advances = peek16(face, HB_TAG('h', 'h', 'e', 'a'), 34);
    if (!cutter->glyf.len || !cutter->n_advances || cutter->os2.len < OS2_SIZE) {
        cutter_free(cutter);
        return NULL;
    }
    return cutter;
}

void cutter_free(struct cutter *cutter)
{
    if (!cutter)
        return;
    for (int i = 0; i < 4; i++)
        hb_blob_destroy(cutter->blobs[i]);
    hb_face_destroy(cutter->model);
    free(cutter);
}

static void list_glyphs(struct cut *cut, const struct font *font, const hb_set_t *characters)
{
    hb_codepoint_t code = HB_SET_VALUE_INVALID;

    cut->glyphs = mem_zero(hb_set_get_population(characters) + 1, sizeof(*cut->glyphs));
    cut->n = 1;
    while (hb_set_next(characters, &code)) {
        int32_t advance;
        hb_codepoint_t glyph = font_glyph(font, code, &advance);

        if (glyph)
            cut->glyphs[cut->n++] = (struct glyph){.code = code, .glyph = glyph};
    }
}

/* ---- outlines ---- */

/* Empty for a space; false if there is none where loca says. */
static bool find_outline(const struct cutter *from, hb_codepoint_t glyph, struct span *out)
{
    size_t size = from->long_loca ? 4 : 2, start, end;

    if ((glyph + 2) * size > from->loca.len)
        return false;
    start = from->long_loca ? get32(from->loca, glyph * size)
                            : 2 * (size_t)get16(from->loca, glyph * size);
    end = from->long_loca ? get32(from->loca, (glyph + 1) * size)
                          : 2 * (size_t)get16(from->loca, (glyph + 1) * size);
    if (start > end || end > from->glyf.len)
        return false;
    *out = (struct span){from->glyf.data + start, end - start};
    return true;
}

/*
 * 5.3.3: head, number of the last point of each contour, hints, points.  The hints are
 * left out, for the tables that they need are.
 */
static enum rc put_outline(struct cut *cut, struct span outline, bool *simple, struct err *err)
{
    unsigned n_contours = get16(outline, 0);
    size_t hints = 10 + 2 * (size_t)n_contours, points = hints + 2 + get16(outline, hints);

    *simple = outline.len == 0 || (n_contours < 0x8000 && points <= outline.len);
    if (outline.len == 0 || !*simple)
        return RC_OK;
    TRY(buf_add(&cut->glyf, outline.data, hints, err));
    TRY(font_put16(&cut->glyf, 0, err));
    TRY(buf_add(&cut->glyf, outline.data + points, outline.len - points, err));
    return cut->glyf.len % 2 ? buf_add(&cut->glyf, "", 1, err) : RC_OK;
}

/* But that of .notdef, which nobody draws: whatever has no glyph is refused before. */
static enum rc put_outlines(struct cut *cut, bool *simple, struct err *err)
{
    *simple = true;
    for (size_t i = 1; i < cut->n; i++) {
        struct span outline;

        cut->glyphs[i].start = cut->glyf.len;
        *simple = find_outline(cut->from, cut->glyphs[i].glyph, &outline);
        if (*simple)
            TRY(put_outline(cut, outline, simple, err));
        if (!*simple)
            return RC_OK;
    }
    return RC_OK;
}

/* 5.3.4: halved where that fits into 16 bits. */
static bool has_short_loca(const struct cut *cut)
{
    return cut->glyf.len / 2 <= UINT16_MAX;
}

static enum rc put_loca(struct cut *cut, struct err *err)
{
    for (size_t i = 0; i <= cut->n; i++) {
        size_t start = i < cut->n ? cut->glyphs[i].start : cut->glyf.len;

        if (has_short_loca(cut))
            TRY(font_put16(&cut->loca, (int)(start / 2), err));
        else
            TRY(font_put32(&cut->loca, start, err));
    }
    return RC_OK;
}

/* ---- widths ---- */

static unsigned advance_of(const struct cutter *from, hb_codepoint_t glyph)
{
    return get16(from->hmtx, 4 * (glyph < from->n_advances ? glyph : from->n_advances - 1));
}

static unsigned bearing_of(const struct cutter *from, hb_codepoint_t glyph)
{
    return get16(from->hmtx, glyph < from->n_advances
                                 ? 4 * (size_t)glyph + 2
                                 : 4 * from->n_advances + 2 * (glyph - from->n_advances));
}

/* 5.2.4: the width that all glyphs at the end share is given once. */
static enum rc put_widths(struct cut *cut, struct err *err)
{
    unsigned last = advance_of(cut->from, cut->glyphs[cut->n - 1].glyph);

    cut->n_advances = cut->n;
    while (cut->n_advances > 1 &&
           advance_of(cut->from, cut->glyphs[cut->n_advances - 2].glyph) == last)
        cut->n_advances--;
    for (size_t i = 0; i < cut->n; i++) {
        hb_codepoint_t glyph = cut->glyphs[i].glyph;

        if (i < cut->n_advances)
            TRY(font_put16(&cut->hmtx, (int)advance_of(cut->from, glyph), err));
        TRY(font_put16(&cut->hmtx, (int)bearing_of(cut->from, glyph), err));
    }
    return RC_OK;
}

/* ---- cmap: characters that follow each other, as their glyphs do, are one segment ---- */

struct segment {
    hb_codepoint_t first, last;
    size_t glyph; /* of the first */
};

struct segments {
    struct segment *list;
    size_t n, n_low; /* low: below U+FFFF, where 16 bits do */
};

static void segments_clear(struct segments *segments)
{
    free(segments->list);
}

static void list_segments(const struct cut *cut, struct segments *out)
{
    out->list = mem_zero(cut->n, sizeof(*out->list));
    for (size_t i = 1; i < cut->n; i++) {
        hb_codepoint_t code = cut->glyphs[i].code;
        struct segment *last = out->n ? &out->list[out->n - 1] : NULL;

        if (last && last->last + 1 == code && code != 0xffff && code != 0x10000)
            last->last = code;
        else
            out->list[out->n++] = (struct segment){code, code, i};
        if (code < 0xffff)
            out->n_low = out->n;
    }
}

static size_t size_of_format4(const struct segments *segments)
{
    return 16 + 8 * (segments->n_low + 1); /* one more marks the end */
}

/* 5.2.1.3.3: the ends, the beginnings, what to add for the glyph, nothing. */
static enum rc put_format4(struct buf *out, const struct segments *segments, struct err *err)
{
    const struct segment *list = segments->list;
    size_t n = segments->n_low, log = 0;

    while ((size_t)2 << log <= n + 1)
        log++;
    TRY(font_put16(out, 4, err));
    TRY(font_put16(out, (int)size_of_format4(segments), err));
    TRY(font_put16(out, 0, err)); /* language */
    TRY(font_put16(out, (int)(2 * (n + 1)), err));
    TRY(font_put16(out, 2 << log, err)); /* how to look it up by halves */
    TRY(font_put16(out, (int)log, err));
    TRY(font_put16(out, (int)(2 * (n + 1)) - (2 << log), err));
    for (size_t i = 0; i < n; i++)
        TRY(font_put16(out, (int)list[i].last, err));
    TRY(font_put32(out, 0xffff0000, err));
    for (size_t i = 0; i < n; i++)
        TRY(font_put16(out, (int)list[i].first, err));
    TRY(font_put16(out, 0xffff, err));
    for (size_t i = 0; i < n; i++)
        TRY(font_put16(out, (int)list[i].glyph - (int)list[i].first, err));
    TRY(font_put16(out, 1, err));
    for (size_t i = 0; i <= n; i++)
        TRY(font_put16(out, 0, err));
    return RC_OK;
}

/* 5.2.1.3.8 */
static enum rc put_format12(struct buf *out, const struct segments *segments, struct err *err)
{
    TRY(font_put32(out, 12 << 16, err));
    TRY(font_put32(out, 16 + 12 * segments->n, err));
    TRY(font_put32(out, 0, err)); /* language */
    TRY(font_put32(out, segments->n, err));
    for (size_t i = 0; i < segments->n; i++) {
        TRY(font_put32(out, segments->list[i].first, err));
        TRY(font_put32(out, segments->list[i].last, err));
        TRY(font_put32(out, segments->list[i].glyph, err));
    }
    return RC_OK;
}

/*
 * For Unicode's own platform, 0, and that of Windows, 3: readers exist that know only
 * one.  Encodings 3 and 1 are of 16 bits, 4 and 10 of all characters.
 */
static enum rc put_cmap(struct cut *cut, struct err *err)
{
    static const struct {
        int platform, encoding;
        bool all;
    } records[] = {{0, 3, false}, {0, 4, true}, {3, 1, false}, {3, 10, true}};
    CLEANUP(segments_clear) struct segments segments = {.list = NULL};
    struct buf *out = &cut->cmap;
    size_t n, format4;

    list_segments(cut, &segments);
    n = segments.n > segments.n_low ? 4 : 2;
    format4 = 4 + 8 * n;
    TRY(font_put16(out, 0, err));
    TRY(font_put16(out, (int)n, err));
    for (size_t i = 0; i < 4; i++) {
        if (records[i].all && n == 2)
            continue;
        TRY(font_put16(out, records[i].platform, err));
        TRY(font_put16(out, records[i].encoding, err));
        TRY(font_put32(out, format4 + (records[i].all ? size_of_format4(&segments) : 0), err));
    }
    TRY(put_format4(out, &segments, err));
    return n == 4 ? put_format12(out, &segments, err) : RC_OK;
}

/* ---- the whole ---- */

/* A table of the model in which one number differs. */
static void add_with(hb_face_t *builder, const struct cut *cut, hb_tag_t tag, size_t at, int value)
{
    unsigned char table[HEAD_SIZE] = {0}; /* the longest of head, hhea, maxp */
    hb_blob_t *blob;
    struct span old = open_table(cut->from->model, tag, &blob);
    size_t n = old.len < sizeof(table) ? old.len : sizeof(table);

    memcpy(table, old.data, n);
    hb_blob_destroy(blob);
    font_set16(table, at, value);
    font_add_bytes(builder, tag, table, n);
}

/* The first and the last character, as far as there is room to say it. */
static void add_os2(hb_face_t *builder, const struct cut *cut)
{
    unsigned char table[128];
    struct span old = cut->from->os2;
    size_t n = old.len < sizeof(table) ? old.len : sizeof(table);
    hb_codepoint_t first = cut->n > 1 ? cut->glyphs[1].code : 0;
    hb_codepoint_t last = cut->glyphs[cut->n - 1].code;

    memcpy(table, old.data, n);
    font_set16(table, 64, first > 0xffff ? 0xffff : (int)first);
    font_set16(table, 66, last > 0xffff ? 0xffff : (int)last);
    font_add_bytes(builder, HB_TAG('O', 'S', '/', '2'), table, n);
}

static hb_blob_t *put_together(const struct cut *cut)
{
    hb_face_t *builder = hb_face_builder_create();
    hb_blob_t *blob;

    add_with(builder, cut, HB_TAG('h', 'e', 'a', 'd'), 50, !has_short_loca(cut));
    add_with(builder, cut, HB_TAG('h', 'h', 'e', 'a'), 34, (int)cut->n_advances);
    add_with(builder, cut, HB_TAG('m', 'a', 'x', 'p'), 4, (int)cut->n);
    add_os2(builder, cut);
    font_add_table_of(builder, HB_TAG('n', 'a', 'm', 'e'), cut->from->model);
    font_add_table_of(builder, HB_TAG('p', 'o', 's', 't'), cut->from->model);
    font_add_bytes(builder, HB_TAG('c', 'm', 'a', 'p'), cut->cmap.data, cut->cmap.len);
    font_add_bytes(builder, HB_TAG('g', 'l', 'y', 'f'), cut->glyf.data, cut->glyf.len);
    font_add_bytes(builder, HB_TAG('l', 'o', 'c', 'a'), cut->loca.data, cut->loca.len);
    font_add_bytes(builder, HB_TAG('h', 'm', 't', 'x'), cut->hmtx.data, cut->hmtx.len);
    blob = hb_face_reference_blob(builder);
    hb_face_destroy(builder);
    return blob;
}

enum rc font_cut(const struct font *font, const hb_set_t *characters, hb_blob_t **out, bool *done,
                 struct err *err)
{
    CLEANUP(cut_clear)
    struct cut cut = {.from = font->cutter,
                      .glyf = BUF_INIT(LIMIT_FONT),
                      .loca = BUF_INIT(LIMIT_FONT),
                      .hmtx = BUF_INIT(LIMIT_FONT),
                      .cmap = BUF_INIT(LIMIT_FONT)};

    *done = false;
    if (!font->cutter || hb_set_get_population(characters) > CODES_MAX)
        return RC_OK;
    list_glyphs(&cut, font, characters);
    TRY(buf_reserve(&cut.glyf, cut.n * TYPICAL_OUTLINE, err));
    TRY(put_outlines(&cut, done, err));
    if (!*done)
        return RC_OK;
    TRY(put_loca(&cut, err));
    TRY(put_widths(&cut, err));
    TRY(put_cmap(&cut, err));
    *out = put_together(&cut);
    return RC_OK;
}
