/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/decimal.h"

#include <stdbool.h>

size_t decimal_put(um value, char out[DECIMAL_MAX])
{
    uint32_t left = value < 0 ? 0u - (uint32_t)value : (uint32_t)value, whole = left / UM_PER_MM;
    uint32_t part = left % UM_PER_MM;
    char digits[10];
    size_t n = 0, len = 0;

    if (value < 0)
        out[len++] = '-';
    do
        digits[n++] = (char)('0' + whole % 10);
    while (whole /= 10);
    while (n)
        out[len++] = digits[--n];
    if (part) {
        out[len++] = '.';
        for (uint32_t unit = UM_PER_MM / 10; part; part %= unit, unit /= 10)
            out[len++] = (char)('0' + part / unit);
    }
    out[len] = '\0';
    return len;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The exponent after "e", or 0 with *text unmoved where there is none. */
static int exponent(const char **text)
{
    const char *p = *text;
    bool negative = false;
    int value = 0;

    if (*p != 'e' && *p != 'E')
        return 0;
    p++;
    if (*p == '+' || *p == '-')
        negative = *p++ == '-';
    if (!is_digit(*p))
        return 0;
    for (; is_digit(*p); p++)
        value = value < 1000 ? value * 10 + (*p - '0') : value;
    *text = p;
    return negative ? -value : value;
}

enum rc decimal_get(const char *text, um *out, const char **end, struct err *err)
{
    const char *p = text;
    bool negative = *p == '-', any = false;
    double value = 0, unit = 1;
    int power;

    if (*p == '-' || *p == '+')
        p++;
    for (; is_digit(*p); p++, any = true)
        value = value * 10 + (*p - '0');
    if (*p == '.')
        for (p++; is_digit(*p); p++, any = true)
            value += (unit /= 10) * (*p - '0');
    if (!any)
        return err_set(err, RC_INPUT, "not a number: '%.20s'", text);
    for (power = exponent(&p); power > 0 && value < 1e12; power--)
        value *= 10;
    for (; power < 0 && value > 0; power++)
        value /= 10;
    value = value * UM_PER_MM + 0.5;
    if (value >= INT32_MAX)
        return err_set(err, RC_INPUT, "number too large: '%.20s'", text);
    *out = negative ? -(um)value : (um)value;
    if (end)
        *end = p;
    return RC_OK;
}
