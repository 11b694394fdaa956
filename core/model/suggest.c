/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/suggest.h"

#include <stdint.h>
#include <string.h>

#include "core/base/utf8.h"

enum { LONGEST = 64 }; /* a longer word has no typing slip that we could name */

/* ASCII letters in lower case: a word that differs in case alone is the nearest there is. */
static uint32_t fold(uint32_t code)
{
    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

/* Code points of text; LONGEST + 1 when there are more than fit. */
static size_t decode(const char *text, uint32_t out[LONGEST])
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);
    size_t n = 0;

    while (p < end) {
        if (n == LONGEST)
            return LONGEST + 1;
        out[n++] = fold(utf8_next(&p, end));
    }
    return n;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Optimal string alignment: rows of the table for i - 2, i - 1 and i. */
static size_t distance(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    size_t rows[3][LONGEST + 1];

    for (size_t k = 0; k <= n_b; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t k = 1; k <= n_b; k++) {
            now[k] = least(last[k] + 1, now[k - 1] + 1, last[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
                before[k - 2] + 1 < now[k])
                now[k] = before[k - 2] + 1;
        }
    }
    return rows[n_a % 3][n_b];
}

const char *suggest_of(const char *given, const char *const *words, size_t n)
{
    uint32_t a[LONGEST], b[LONGEST];
    size_t n_a = decode(given, a), best = SIZE_MAX;
    const char *found = NULL;

    if (n_a == 0 || n_a > LONGEST)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t n_b = decode(words[i], b), longer = n_a > n_b ? n_a : n_b, far;
        size_t allowed = longer / 3 ? longer / 3 : 1;

        if (n_b == 0 || n_b > LONGEST)
            continue;
        far = distance(a, n_a, b, n_b);
        if (far <= allowed && far < longer && far < best) {
            best = far;
            found = words[i];
        }
    }
    return found;
}

const char *suggest(const char *given, const char *const *words)
{
    size_t n = 0;

    while (words[n])
        n++;
    return suggest_of(given, words, n);
}
