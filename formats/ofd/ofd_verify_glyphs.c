/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CGTransform, GB/T 33190-2016 11.4: a page may say itself which glyphs of an embedded
 * font stand for its characters.  Then the text that is searched and the shapes that
 * are seen are two things.  No font is opened; but one font that draws a character now
 * with this glyph and now with that, or two characters with one, is worth a look.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_scene.h"
#include "formats/ofd/ofd_verify_priv.h"

struct use {
    unsigned font, glyph;
    uint32_t code;
    unsigned object;
    long member;
};

struct uses {
    struct use *list;
    size_t n;
};

enum { USES_MAX = 200000, CODES_MAX = 65536, TOLD_MAX = 10 };

/* Where two characters are one shape, or one has several, by custom: points, signs, letters. */
static bool matters(uint32_t code)
{
    return utf8_is_han(code) || (code >= '0' && code <= '9');
}

static size_t read_codes(const struct xmlel *text, uint32_t *codes)
{
    size_t n = 0;

    for (const struct xmlel *el = xmlel_child(text, "TextCode"); el; el = xmlel_same(el)) {
        const char *raw = xmlel_text_raw(el);
        const unsigned char *p = (const unsigned char *)raw, *end = p + strlen(raw);

        while (p < end && n < CODES_MAX)
            codes[n++] = utf8_next(&p, end);
    }
    return n;
}

static size_t attr_count(const struct xmlel *el, const char *name, size_t otherwise)
{
    unsigned value = 0;

    return ofd_unsigned(xmlel_attr(el, name), &value) ? value : otherwise;
}

static void read_transform(const struct xmlel *el, const uint32_t *codes, size_t n,
                           const struct use *base, struct uses *out)
{
    const char *glyphs = xmlel_child_text(el, "Glyphs");
    size_t from = attr_count(el, "CodePosition", 0), count = attr_count(el, "CodeCount", 1);

    if (!glyphs || count != attr_count(el, "GlyphCount", 1))
        return; /* ligatures: which glyph is whose cannot be said */
    for (size_t i = 0; i < count && from + i < n && from < n && out->n < USES_MAX; i++) {
        double glyph;
        struct use use = *base;

        if (!scene_number(&glyphs, &glyph) || glyph < 0 || glyph > 65535)
            return;
        use.code = codes[from + i];
        use.glyph = (unsigned)glyph;
        if (use.glyph && matters(use.code))
            *OFD_ADD(out->list, out->n) = use;
    }
}

static void read_block(const struct xmlel *block, long member, uint32_t *codes, struct uses *out)
{
    for (const struct xmlel *el = xmlel_first(block); el; el = xmlel_next(el)) {
        const struct xmlel *transform = xmlel_child(el, "CGTransform");
        struct use use = {.member = member};
        size_t n;

        if (strcmp(xmlel_name(el), "PageBlock") == 0)
            read_block(el, member, codes, out);
        if (strcmp(xmlel_name(el), "TextObject") != 0 || !transform)
            continue;
        (void)ofd_unsigned(xmlel_attr(el, "Font"), &use.font);
        (void)ofd_unsigned(xmlel_attr(el, "ID"), &use.object);
        n = read_codes(el, codes);
        for (; transform; transform = xmlel_same(transform))
            read_transform(transform, codes, n, &use, out);
    }
}

static void read_page(const struct ofd_page *page, uint32_t *codes, struct uses *out)
{
    const struct xmlel *root = page->kept ? xmldoc_root(page->kept) : NULL;
    const struct xmlel *layer = xmlel_child(xmlel_child(root, "Content"), "Layer");

    for (; layer; layer = xmlel_same(layer))
        read_block(layer, page->member, codes, out);
}

static int compare(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int by_code(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = compare(x->font, y->font);

    order = order ? order : compare(x->code, y->code);
    return order ? order : compare(x->glyph, y->glyph);
}

static int by_glyph(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = compare(x->font, y->font);

    order = order ? order : compare(x->glyph, y->glyph);
    return order ? order : compare(x->code, y->code);
}

static void tell(struct ofd_case *at, const struct use *a, const struct use *b)
{
    char object[16], first[8] = "", second[8] = "";
    CLEANUP(buf_clear) struct buf text = BUF_INIT((size_t)1 << 10);
    struct err ignored = ERR_INIT;

    (void)snprintf(object, sizeof(object), "%u", b->object);
    first[utf8_put(a->code, first)] = '\0';
    second[utf8_put(b->code, second)] = '\0';
    (void)!buf_addf(&text, &ignored, "%s%s%s", first, a->code == b->code ? "" : " / ",
                    a->code == b->code ? "" : second);
    findings_add(&at->out->findings, "LAY310", PLACE_PART(ofd_name(at->ofd, b->member)), "text",
                 text.data, "object", object, NULL);
}

static void compare_uses(struct ofd_case *at, struct uses *uses)
{
    size_t told = 0;

    qsort(uses->list, uses->n, sizeof(*uses->list), by_code);
    for (size_t i = 1; i < uses->n && told < TOLD_MAX; i++) {
        const struct use *a = &uses->list[i - 1], *b = &uses->list[i];

        if (a->font == b->font && a->code == b->code && a->glyph != b->glyph && ++told)
            tell(at, a, b);
    }
    qsort(uses->list, uses->n, sizeof(*uses->list), by_glyph);
    for (size_t i = 1; i < uses->n && told < TOLD_MAX; i++) {
        const struct use *a = &uses->list[i - 1], *b = &uses->list[i];

        if (a->font == b->font && a->code != b->code && a->glyph == b->glyph && ++told)
            tell(at, a, b);
    }
}

void ofd_judge_glyphs(struct ofd_case *at)
{
    struct uses uses = {.list = NULL};
    CLEANUP(freep) uint32_t *codes = mem_zero(CODES_MAX, sizeof(*codes));

    for (size_t i = 0; i < at->ofd->n_templates; i++)
        read_page(&at->ofd->templates[i], codes, &uses);
    for (size_t i = 0; i < at->ofd->n_pages; i++)
        read_page(&at->ofd->pages[i], codes, &uses);
    if (uses.n)
        compare_uses(at, &uses);
    free(uses.list);
}
