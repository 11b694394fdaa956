/* SPDX-License-Identifier: Apache-2.0 */
/* Names and numbers of people as reports show them: cli.md section 5. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/model/report.h"

enum { PERSON_MAX = 6 }; /* Han characters of a name without a dot; organisations have more */

static bool is_dot(uint32_t code)
{
    return code == 0xb7 || code == 0x2022 || code == 0x2027 || code == 0x30fb;
}

/* The first keep and last keep_end characters stay; dots and blanks between stay too. */
static char *mask(const char *text, size_t keep, size_t keep_end, bool words)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);
    size_t n = utf8_length(text), len = 0;
    char *out = mem_zero(strlen(text) + 1, 1); /* a star is never longer than what it hides */
    bool starts = true;

    for (size_t i = 0; p < end; i++) {
        const unsigned char *from = p;
        uint32_t code = utf8_next(&p, end);
        bool gap = words && (is_dot(code) || code == ' ');
        bool shown = i < keep || i + keep_end >= n || gap || (words && starts && code < 0x80);

        starts = gap;
        if (shown) {
            memcpy(out + len, from, (size_t)(p - from));
            len += (size_t)(p - from);
        } else {
            out[len++] = '*';
        }
    }
    return out;
}

static bool ends_with_any(const char *text, const char *const *endings)
{
    size_t n = strlen(text);

    for (; *endings; endings++) {
        size_t k = strlen(*endings);

        if (n >= k && memcmp(text + n - k, *endings, k) == 0)
            return true;
    }
    return false;
}

static bool is_organisation(const char *name)
{
    static const char *const endings[] = {
        "公司", "集团", "中心", "学校", "大学", "医院", "银行", "政府", "企业", "工厂", "厂",
        "店",   "局",   "院",   "所",   "社",   "部",   "会",   "站",   "馆",   "场",   "室",
        "队",   "处",   "厅",   "委",   "行",   "园",   "户",   "司",   "校",   NULL};

    return ends_with_any(name, endings);
}

static bool is_latin_organisation(const char *name)
{
    static const char *const words[] = {"Ltd",   "Inc",  "LLC",     "Corp", "Company",    "Co.",
                                        "Group", "GmbH", "Limited", "Bank", "University", NULL};

    for (size_t i = 0; words[i]; i++) {
        if (strcasestr(name, words[i]))
            return true;
    }
    return false;
}

struct letters {
    size_t han, latin, dots, blanks, others;
};

static struct letters count(const char *name)
{
    const unsigned char *p = (const unsigned char *)name, *end = p + strlen(name);
    struct letters n = {.han = 0};

    while (p < end) {
        uint32_t code = utf8_next(&p, end);

        if (utf8_is_han(code))
            n.han++;
        else if (is_dot(code))
            n.dots++;
        else if (code == ' ')
            n.blanks++;
        else if ((code | 0x20) >= 'a' && (code | 0x20) <= 'z')
            n.latin++;
        else
            n.others++;
    }
    return n;
}

char *mask_name(const char *name)
{
    struct letters n = count(name);
    bool person = false;

    if (n.han && !n.latin && !n.others && !n.blanks)
        person = (n.dots || n.han <= PERSON_MAX) && !(n.han > 2 && is_organisation(name));
    else if (n.latin && !n.han && !n.others)
        person = n.blanks >= 1 && n.blanks <= 3 && !is_latin_organisation(name);
    return person ? mask(name, 1, 0, true) : mem_text(name);
}

char *mask_number(const char *number)
{
    size_t n = utf8_length(number);

    if (n < 3)
        return mask(number, n / 2, 0, false);
    return n < 9 ? mask(number, 1, 1, false) : mask(number, 4, 4, false);
}
