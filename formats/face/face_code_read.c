/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a two-dimensional code back, GB/T 18284-2000 (QR).  Only codes as a program
 * draws them: upright, square modules of whole pixels, not one of them wrong.  No error
 * is corrected: a code that was painted over is not read, which is an answer too.
 * Versions 1 to 20 hold any identifier with a prefix several times over.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/face/face_priv.h"
#include "formats/image.h"

enum { VERSIONS = 20, SIDE_MAX = 17 + 4 * VERSIONS, CODEWORDS_MAX = 1085, FINDER = 7 };

/* Table 9 of the standard: codewords of error correction in a block, and blocks. */
static const unsigned char correction[4][VERSIONS] = {
    /* L */ {7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28},
    /* M */ {10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26},
    /* Q */ {13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30},
    /* H */ {17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28}};
static const unsigned char blocks[4][VERSIONS] = {
    /* L */ {1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8},
    /* M */ {1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16},
    /* Q */ {1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20},
    /* H */ {1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25}};

struct symbol {
    int side, version, level, mask;
    bool dark[SIDE_MAX][SIDE_MAX], fixed[SIDE_MAX][SIDE_MAX]; /* row, column */
    unsigned char words[CODEWORDS_MAX];
    size_t n_words;
    unsigned char data[CODEWORDS_MAX];
    size_t n_data;
};

static bool is_dark(const struct grey_picture *picture, uint32_t x, uint32_t y)
{
    return picture->pixels[(size_t)y * picture->width + x] < 128;
}

/* Where the first dark pixel is, and how many pixels a module has: the finder's edge has seven. */
static bool find_grid(const struct grey_picture *picture, uint32_t *left, uint32_t *top,
                      uint32_t *unit)
{
    size_t n = (size_t)picture->width * picture->height, at = 0;
    uint32_t run = 0;

    while (at < n && picture->pixels[at] >= 128)
        at++;
    if (at == n)
        return false;
    *left = (uint32_t)(at % picture->width);
    *top = (uint32_t)(at / picture->width);
    while (*left + run < picture->width && is_dark(picture, *left + run, *top))
        run++;
    *unit = run / FINDER;
    return run % FINDER == 0 && run > 0;
}

/* The side: to the last dark column of the top row, which ends the second finder. */
static bool read_modules(const struct grey_picture *picture, struct symbol *out)
{
    uint32_t left, top, unit, right;

    if (!find_grid(picture, &left, &top, &unit))
        return false;
    for (right = picture->width; right > left && !is_dark(picture, right - 1, top);)
        right--;
    if ((right - left) % unit != 0 || (right - left) / unit > SIDE_MAX)
        return false;
    out->side = (int)((right - left) / unit);
    if (out->side < 21 || out->side % 4 != 1 || top + (uint32_t)out->side * unit > picture->height)
        return false;
    out->version = (out->side - 17) / 4;
    for (int y = 0; y < out->side; y++) {
        for (int x = 0; x < out->side; x++)
            out->dark[y][x] = is_dark(picture, left + (uint32_t)x * unit + unit / 2,
                                      top + (uint32_t)y * unit + unit / 2);
    }
    return true;
}

static bool has_finder(const struct symbol *s, int top, int left)
{
    for (int y = 0; y < FINDER; y++) {
        for (int x = 0; x < FINDER; x++) {
            int ring = abs(y - 3) > abs(x - 3) ? abs(y - 3) : abs(x - 3);

            if (s->dark[top + y][left + x] != (ring != 2))
                return false;
        }
    }
    return true;
}

/* 7.9: fifteen bits, of which five say level and mask; only an exact copy is taken. */
static bool read_format(struct symbol *s)
{
    static const int levels[] = {1, 0, 3, 2}; /* 00 is M, 01 L, 10 H, 11 Q */
    unsigned read = 0;

    for (int i = 0; i < 15; i++) { /* the highest bit lies at the left of row 8 */
        int x = i < 6 ? i : i == 6 ? 7 : 8, y = i < 8 ? 8 : i == 8 ? 7 : 14 - i;

        read = read << 1 | s->dark[y][x];
    }
    read ^= 0x5412;
    for (unsigned five = 0; five < 32; five++) {
        unsigned rest = five << 10;

        for (int i = 14; i >= 10; i--)
            rest ^= rest >> i & 1 ? 0x537U << (i - 10) : 0;
        if (read == (five << 10 | rest)) {
            s->level = levels[five >> 3];
            s->mask = (int)(five & 7);
            return true;
        }
    }
    return false;
}

static void fix(struct symbol *s, int top, int left, int height, int width)
{
    for (int y = top; y < top + height; y++) {
        for (int x = left; x < left + width; x++)
            s->fixed[y][x] = true;
    }
}

/* Annex E: the middles of the alignment patterns, evenly apart from 6 to side - 7. */
static int alignment_at(const struct symbol *s, int i)
{
    int n = s->version / 7 + 2, span = s->side - 13;
    int step = (span + n - 2) / (n - 1);

    step += step % 2;
    return i == 0 ? 6 : s->side - 7 - (n - 1 - i) * step;
}

static void mark_fixed(struct symbol *s)
{
    int last = s->version / 7 + 1;

    fix(s, 0, 0, 9, 9);
    fix(s, 0, s->side - 8, 9, 8);
    fix(s, s->side - 8, 0, 8, 9);
    fix(s, 6, 0, 1, s->side);
    fix(s, 0, 6, s->side, 1);
    if (s->version >= 7) {
        fix(s, 0, s->side - 11, 6, 3);
        fix(s, s->side - 11, 0, 3, 6);
    }
    for (int i = 0; s->version > 1 && i <= last; i++) {
        for (int k = 0; k <= last; k++) {
            bool corner = (i == 0 && k == 0) || (i == 0 && k == last) || (i == last && k == 0);

            if (!corner)
                fix(s, alignment_at(s, i) - 2, alignment_at(s, k) - 2, 5, 5);
        }
    }
}

static bool is_masked(int mask, int y, int x)
{
    switch (mask) {
    case 0:
        return (y + x) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (y + x) % 3 == 0;
    case 4:
        return (y / 2 + x / 3) % 2 == 0;
    case 5:
        return y * x % 2 + y * x % 3 == 0;
    case 6:
        return (y * x % 2 + y * x % 3) % 2 == 0;
    default:
        return ((y + x) % 2 + y * x % 3) % 2 == 0;
    }
}

/* 7.7.3: pairs of columns from the right, up and down in turn, past the timing column. */
static void read_words(struct symbol *s)
{
    size_t bits = 0;

    for (int right = s->side - 1; right > 0; right -= right == 8 ? 3 : 2) {
        bool up = (right > 6 ? s->side - 1 - right : s->side - 2 - right) / 2 % 2 == 0;

        for (int i = 0; i < 2 * s->side; i++) {
            int y = up ? s->side - 1 - i / 2 : i / 2, x = right - i % 2;

            if (s->fixed[y][x] || bits / 8 == CODEWORDS_MAX)
                continue;
            s->words[bits / 8] = (unsigned char)(s->words[bits / 8] << 1 |
                                                 (s->dark[y][x] != is_masked(s->mask, y, x)));
            bits++;
        }
    }
    s->n_words = bits / 8;
}

/* GF(256) over x^8 + x^4 + x^3 + x^2 + 1. */
static unsigned char times(unsigned char a, unsigned char b)
{
    unsigned product = 0;

    for (int i = 7; i >= 0; i--) {
        product = product << 1 ^ (product >> 7) * 0x11dU;
        product ^= ((unsigned)b >> i & 1U) * a;
    }
    return (unsigned char)product;
}

/* Nothing is wrong where every power of 2 up to their number is a root. */
static bool is_whole(const unsigned char *block, size_t n, size_t n_correction)
{
    unsigned char root = 1;

    for (size_t i = 0; i < n_correction; i++, root = times(root, 2)) {
        unsigned char sum = 0;

        for (size_t k = 0; k < n; k++)
            sum = times(sum, root) ^ block[k];
        if (sum)
            return false;
    }
    return true;
}

/* 7.6: blocks take their codewords in turn; the last ones may have one more of data. */
static bool take_data(struct symbol *s)
{
    size_t n = blocks[s->level][s->version - 1], fix_n = correction[s->level][s->version - 1];
    size_t total = s->n_words / n, longer = s->n_words % n, n_short = total - fix_n;

    if (total <= fix_n)
        return false;
    for (size_t b = 0; b < n; b++) {
        unsigned char block[256];
        size_t data = n_short + (b >= n - longer), len = 0;

        if (data + fix_n > sizeof(block))
            return false;
        for (size_t k = 0; k < data; k++)
            block[len++] = s->words[k < n_short ? k * n + b : n_short * n + b - (n - longer)];
        for (size_t k = 0; k < fix_n; k++)
            block[len++] = s->words[n_short * n + longer + k * n + b];
        if (!is_whole(block, len, fix_n))
            return false;
        memcpy(s->data + s->n_data, block, data);
        s->n_data += data;
    }
    return true;
}

struct bits {
    const struct symbol *symbol;
    size_t at;
};

static size_t bits_left(const struct bits *bits)
{
    return bits->symbol->n_data * 8 - bits->at;
}

static unsigned take_bits(struct bits *bits, size_t n)
{
    unsigned value = 0;

    for (; n > 0; n--, bits->at++)
        value =
            value << 1 | ((unsigned)bits->symbol->data[bits->at / 8] >> (7 - bits->at % 8) & 1U);
    return value;
}

enum { MODE_NUMERIC = 1, MODE_ALPHANUMERIC = 2, MODE_BYTE = 4 };
static const char alphanumeric[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* Table 3: how long the number of characters is. */
static size_t count_length(unsigned mode, int version)
{
    if (mode == MODE_BYTE)
        return version < 10 ? 8 : 16;
    return (mode == MODE_NUMERIC ? 10U : 9U) + (version < 10 ? 0U : 2U);
}

/* Characters that one group of bits holds, and the bits of a group of that many. */
static size_t group_bits(unsigned mode, size_t characters)
{
    static const unsigned char numeric[] = {0, 4, 7, 10}, mixed[] = {0, 6, 11};

    return mode == MODE_NUMERIC ? numeric[characters] : mode == MODE_BYTE ? 8 : mixed[characters];
}

static bool put_group(unsigned mode, unsigned value, size_t characters, struct buf *out)
{
    unsigned base = mode == MODE_NUMERIC ? 10 : mode == MODE_BYTE ? 256 : 45;
    char text[3];
    struct err ignored = ERR_INIT;

    for (size_t i = characters; i > 0; i--, value /= base) {
        unsigned digit = value % base;

        text[i - 1] = mode == MODE_BYTE ? (char)digit : alphanumeric[digit];
    }
    return value == 0 && buf_add(out, text, characters, &ignored) == RC_OK;
}

static bool read_segment(struct bits *bits, unsigned mode, struct buf *out)
{
    size_t most = mode == MODE_NUMERIC ? 3 : mode == MODE_BYTE ? 1 : 2;
    size_t length = count_length(mode, bits->symbol->version), n;

    if (bits_left(bits) < length)
        return false;
    for (n = take_bits(bits, length); n > 0;) {
        size_t characters = n < most ? n : most;

        if (bits_left(bits) < group_bits(mode, characters) ||
            !put_group(mode, take_bits(bits, group_bits(mode, characters)), characters, out))
            return false;
        n -= characters;
    }
    return true;
}

static bool read_segments(const struct symbol *s, struct buf *out)
{
    struct bits bits = {.symbol = s};

    while (bits_left(&bits) >= 4) {
        unsigned mode = take_bits(&bits, 4);

        if (mode == 0)
            break;
        if ((mode != MODE_NUMERIC && mode != MODE_ALPHANUMERIC && mode != MODE_BYTE) ||
            !read_segment(&bits, mode, out))
            return false;
    }
    return out->len > 0;
}

bool face_qr_read(struct span png, struct buf *text)
{
    CLEANUP(grey_picture_clear) struct grey_picture picture = {.width = 0};
    CLEANUP(freep) struct symbol *s = NULL;
    struct err ignored = ERR_INIT;
    struct picture head;

    if (picture_inspect(png, &head, &ignored) != RC_OK || head.format != PICTURE_PNG ||
        head.width != head.height || picture_decode_grey(png, &picture, &ignored) != RC_OK)
        return false;
    s = mem_zero(1, sizeof(*s));
    if (!read_modules(&picture, s) || !has_finder(s, 0, 0) || !has_finder(s, 0, s->side - 7) ||
        !has_finder(s, s->side - 7, 0) || !read_format(s))
        return false;
    mark_fixed(s);
    read_words(s);
    return take_data(s) && read_segments(s, text);
}
