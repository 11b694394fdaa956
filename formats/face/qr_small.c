/* SPDX-License-Identifier: Apache-2.0 */
/* Versions 1 to 6 of GB/T 18284-2000, at level M: blocks of one length, at most one alignment. */
#include "formats/face/qr_small.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CODEWORDS_MAX 172

/* Table 9; data and check are codewords of one block. */
static const struct version {
    int size, n_blocks, data, check;
} versions[] = {{21, 1, 16, 10}, {25, 1, 28, 16}, {29, 1, 44, 26},
                {33, 2, 32, 18}, {37, 2, 43, 24}, {41, 4, 27, 16}};
enum { N_VERSIONS = sizeof(versions) / sizeof(versions[0]), N_MASKS = 8 };

/* A symbol in the making: bit x of a row is column x. */
struct symbol {
    int size;
    uint64_t dark[QR_SMALL_MAX];
    uint64_t fixed[QR_SMALL_MAX]; /* no data there, and no mask */
};

/* ---- 8.4: text to codewords ---- */

struct bits {
    unsigned char bytes[CODEWORDS_MAX];
    size_t n;
};

static size_t room_of(const struct version *version)
{
    return 8 * (size_t)(version->n_blocks * version->data);
}

static void put_bits(struct bits *bits, unsigned value, int n)
{
    for (int i = n - 1; i >= 0; i--, bits->n++)
        bits->bytes[bits->n / 8] |= (unsigned char)((value >> i & 1) << (7 - bits->n % 8));
}

/* Table 5. */
static int value_of(char c)
{
    static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    const char *at = c ? strchr(characters, c) : NULL;

    return at ? (int)(at - characters) : -1;
}

/* The least version with room for a text of n: a mode, a length, 11 bits for each pair. */
static const struct version *choose_version(size_t n)
{
    for (int i = 0; i < N_VERSIONS; i++) {
        if (4 + 9 + n / 2 * 11 + n % 2 * 6 <= room_of(&versions[i]))
            return &versions[i];
    }
    return NULL;
}

static void put_text(struct bits *bits, const char *text, size_t n, const struct version *version)
{
    size_t room = room_of(version);

    put_bits(bits, 2, 4); /* letters and digits */
    put_bits(bits, (unsigned)n, 9);
    for (size_t i = 0; i + 1 < n; i += 2)
        put_bits(bits, (unsigned)(value_of(text[i]) * 45 + value_of(text[i + 1])), 11);
    if (n % 2)
        put_bits(bits, (unsigned)value_of(text[n - 1]), 6);
    put_bits(bits, 0, room - bits->n < 4 ? (int)(room - bits->n) : 4);
    bits->n = (bits->n + 7) / 8 * 8;
    for (unsigned pad = 0xec; bits->n < room; pad ^= 0xec ^ 0x11)
        put_bits(bits, pad, 8);
}

/* ---- 8.5 and annex A: Reed-Solomon over GF(256) with 0x11d ---- */

struct field {
    unsigned char power[2 * 255], log[256];
};

static void fill_field(struct field *field)
{
    unsigned x = 1;

    for (int i = 0; i < 255; i++) {
        field->power[i] = field->power[i + 255] = (unsigned char)x;
        field->log[x] = (unsigned char)i;
        x = x << 1 ^ (x & 0x80 ? 0x11d : 0);
    }
}

static unsigned char multiply(const struct field *field, unsigned char a, unsigned char b)
{
    return a && b ? field->power[field->log[a] + field->log[b]] : 0;
}

/* Coefficients of (x - 1)(x - a)(x - a^2) … but the first, which is 1. */
static void make_generator(const struct field *field, int degree, unsigned char *out)
{
    memset(out, 0, (size_t)degree);
    out[degree - 1] = 1;
    for (int i = 0; i < degree; i++) {
        for (int j = 0; j < degree; j++)
            out[j] = (unsigned char)(multiply(field, out[j], field->power[i]) ^
                                     (j + 1 < degree ? out[j + 1] : 0));
    }
}

/* What the polynomial of the block leaves when the generator divides it. */
static void divide(const struct field *field, const unsigned char *block, int n_block,
                   const unsigned char *generator, int n, unsigned char *rest)
{
    memset(rest, 0, (size_t)n);
    for (int i = 0; i < n_block; i++) {
        unsigned char factor = block[i] ^ rest[0];

        memmove(rest, rest + 1, (size_t)n - 1);
        rest[n - 1] = 0;
        for (int j = 0; j < n; j++)
            rest[j] ^= multiply(field, generator[j], factor);
    }
}

/* 8.6: first codewords of all blocks, then second ones; so with the data, so with the check. */
static void put_blocks(const struct bits *data, const struct version *version, struct bits *out)
{
    unsigned char generator[CODEWORDS_MAX], rest[CODEWORDS_MAX];
    int n = version->n_blocks;
    struct field field;

    fill_field(&field);
    make_generator(&field, version->check, generator);
    for (int b = 0; b < n; b++) {
        const unsigned char *block = data->bytes + b * version->data;

        divide(&field, block, version->data, generator, version->check, rest);
        for (int i = 0; i < version->data; i++)
            out->bytes[i * n + b] = block[i];
        for (int i = 0; i < version->check; i++)
            out->bytes[(version->data + i) * n + b] = rest[i];
    }
    out->n = 8 * (size_t)(n * (version->data + version->check));
}

/* ---- 7.3 and 8.7: where what stands ---- */

static void fix(struct symbol *s, int x, int y, bool dark)
{
    uint64_t bit = (uint64_t)1 << x;

    s->fixed[y] |= bit;
    s->dark[y] = dark ? s->dark[y] | bit : s->dark[y] & ~bit;
}

/* Squares around a centre: a finder (reach 4, with its margin) or an alignment (reach 2). */
static void fix_squares(struct symbol *s, int cx, int cy, int reach)
{
    for (int dy = -reach; dy <= reach; dy++) {
        for (int dx = -reach; dx <= reach; dx++) {
            int x = cx + dx, y = cy + dy, ring = abs(dx) > abs(dy) ? abs(dx) : abs(dy);

            if (x >= 0 && x < s->size && y >= 0 && y < s->size)
                fix(s, x, y, reach == 4 ? ring != 2 && ring != 4 : ring != 1);
        }
    }
}

/* 8.9: level M and the mask, with their BCH code; both copies. */
static void fix_format(struct symbol *s, int mask)
{
    static const unsigned formats[N_MASKS] = {0x5412, 0x5125, 0x5e7c, 0x5b4b,
                                              0x45f9, 0x40ce, 0x4f97, 0x4aa0};

    for (int i = 0; i < 15; i++) {
        bool dark = formats[mask] >> i & 1;
        int along = i < 6 ? i : i < 8 ? i + 1 : 14 - i; /* past the timing pattern */

        if (i < 8)
            fix(s, 8, along, dark);
        else
            fix(s, i == 8 ? 7 : along, 8, dark);
        if (i < 8)
            fix(s, s->size - 1 - i, 8, dark);
        else
            fix(s, 8, s->size - 15 + i, dark);
    }
}

static void fix_patterns(struct symbol *s)
{
    for (int i = 0; i < s->size; i++) {
        fix(s, 6, i, i % 2 == 0);
        fix(s, i, 6, i % 2 == 0);
    }
    fix_squares(s, 3, 3, 4);
    fix_squares(s, s->size - 4, 3, 4);
    fix_squares(s, 3, s->size - 4, 4);
    if (s->size > versions[0].size)
        fix_squares(s, s->size - 7, s->size - 7, 2);
    fix_format(s, 0); /* its places; the mask is chosen later */
    fix(s, 8, s->size - 8, true);
}

/* Columns in pairs from the right, up and down in turn; the timing column is no part of one. */
static void place_bits(struct symbol *s, const struct bits *bits)
{
    size_t n = 0;
    bool upward = true;

    for (int right = s->size - 1; right > 0; right -= right == 8 ? 3 : 2, upward = !upward) {
        for (int i = 0; i < s->size; i++) {
            int y = upward ? s->size - 1 - i : i;

            for (int x = right; x > right - 2; x--) {
                if (s->fixed[y] >> x & 1)
                    continue;
                if (n < bits->n && bits->bytes[n / 8] >> (7 - n % 8) & 1)
                    s->dark[y] |= (uint64_t)1 << x;
                n++;
            }
        }
    }
}

/* ---- 8.8: the masks and what speaks against each ---- */

static bool is_masked(int mask, int x, int y)
{
    switch (mask) {
    case 0:
        return (x + y) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (x + y) % 3 == 0;
    case 4:
        return (y / 2 + x / 3) % 2 == 0;
    case 5:
        return x * y % 2 + x * y % 3 == 0;
    case 6:
        return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
        return (x * y % 3 + (x + y) % 2) % 2 == 0;
    }
}

/* Each mask repeats itself after six columns. */
static uint64_t mask_row(int mask, int y)
{
    uint64_t row = 0;

    for (int x = 0; x < 6; x++)
        row |= (uint64_t)is_masked(mask, x, y) << x;
    return row * 0x0041041041041041; /* every sixth bit */
}

static void apply_mask(const struct symbol *from, int mask, struct symbol *out)
{
    uint64_t all = ((uint64_t)1 << from->size) - 1, rows[12]; /* which then come again */

    for (int y = 0; y < 12; y++)
        rows[y] = mask_row(mask, y);
    *out = *from;
    for (int y = 0; y < from->size; y++)
        out->dark[y] ^= rows[y % 12] & ~from->fixed[y] & all;
    fix_format(out, mask);
}

/* Light for n modules from a place on. */
static bool is_light(uint64_t row, int from, int n)
{
    return from >= 0 && !(row >> from & (((uint64_t)1 << n) - 1));
}

/*
 * Dark 1 : light 1 : dark 3 : light 1 : dark 1 of any unit, and on one side light for
 * four units or nothing dark at all.  Bit x of thin, gap and thick: such a stretch
 * begins at x.
 */
static int count_like_finder(uint64_t row, int size)
{
    uint64_t light = ~row & (((uint64_t)1 << size) - 1);
    uint64_t thin = ~(uint64_t)0, gap = thin, thick = thin, found;
    int count = 0;

    for (int u = 1; 7 * u <= size; u++) {
        thin &= row >> (u - 1);
        gap &= light >> (u - 1);
        thick &= row >> (3 * u - 3) & row >> (3 * u - 2) & row >> (3 * u - 1);
        if (!thick)
            break;
        found = thin & gap >> u & thick >> 2 * u & gap >> 5 * u & thin >> 6 * u & ~(row << 1) &
                ~(row >> 7 * u);
        for (; found; found &= found - 1) {
            int begin = __builtin_ctzll(found), end = begin + 7 * u;

            count += is_light(row, 0, begin) || is_light(row, begin - 4 * u, 4 * u) ||
                     is_light(row, end, 4 * u) || is_light(row, end, size);
        }
    }
    return count;
}

/* Table 24: a run of five and more in one colour is 3 points, and 1 for each module beyond five. */
static int judge_row(uint64_t row, int size)
{
    uint64_t same = ~(row ^ row >> 1) & (((uint64_t)1 << (size - 1)) - 1);
    uint64_t five = same & same >> 1 & same >> 2 & same >> 3; /* begin there */

    return __builtin_popcountll(five) + 2 * __builtin_popcountll(five & ~(five << 1)) +
           40 * count_like_finder(row, size);
}

/* Columns become rows: halves of the square change places, then halves of the halves. */
static void turn(const struct symbol *s, uint64_t out[64])
{
    uint64_t half = 0xffffffff;

    memset(out, 0, 64 * sizeof(*out));
    memcpy(out, s->dark, (size_t)s->size * sizeof(*out));
    for (int n = 32; n; n /= 2, half ^= half << n) {
        for (int i = 0; i < 64; i = (i + n + 1) & ~n) {
            uint64_t swap = (out[i] >> n ^ out[i + n]) & half;

            out[i] ^= swap << n;
            out[i + n] ^= swap;
        }
    }
}

/* Squares of two by two in one colour. */
static int judge_squares(uint64_t row, uint64_t next, int size)
{
    uint64_t same = ~(row ^ next), flat = same & same >> 1 & ~(row ^ row >> 1);

    return 3 * __builtin_popcountll(flat & (((uint64_t)1 << (size - 1)) - 1));
}

static int judge(const struct symbol *s)
{
    int points = 0, n_dark = 0, all = s->size * s->size, percent;
    uint64_t columns[64];

    turn(s, columns);
    for (int i = 0; i < s->size; i++) {
        points += judge_row(s->dark[i], s->size) + judge_row(columns[i], s->size);
        if (i + 1 < s->size)
            points += judge_squares(s->dark[i], s->dark[i + 1], s->size);
        n_dark += __builtin_popcountll(s->dark[i]);
    }
    percent = (200 * n_dark + all) / all / 2;
    return points + abs(percent - 50) / 5 * 10;
}

static struct symbol choose_mask(const struct symbol *plain)
{
    struct symbol best, other;
    int least, points;

    apply_mask(plain, 0, &best);
    least = judge(&best);
    for (int mask = 1; mask < N_MASKS; mask++) {
        apply_mask(plain, mask, &other);
        points = judge(&other);
        if (points < least) {
            least = points;
            best = other;
        }
    }
    return best;
}

bool qr_small(const char *text, struct qr_small *out)
{
    size_t n = strlen(text);
    const struct version *version = choose_version(n);
    struct symbol plain = {.size = 0}, best;
    struct bits data = {.n = 0}, bits = {.n = 0};

    for (size_t i = 0; i < n && version; i++)
        version = value_of(text[i]) < 0 ? NULL : version;
    if (!version || n == 0)
        return false;
    put_text(&data, text, n, version);
    put_blocks(&data, version, &bits);
    plain.size = version->size;
    fix_patterns(&plain);
    place_bits(&plain, &bits);
    best = choose_mask(&plain);
    out->size = best.size;
    for (int y = 0; y < best.size; y++) {
        for (int x = 0; x < best.size; x++)
            out->modules[y * best.size + x] = best.dark[y] >> x & 1;
    }
    return true;
}
