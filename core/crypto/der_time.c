/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/der.h"

/* A cursor over the digits of a time. */
struct digits {
    struct span rest;
    bool bad;
};

static bool ahead(const struct digits *in)
{
    return in->rest.len && in->rest.data[0] >= '0' && in->rest.data[0] <= '9';
}

static int two(struct digits *in)
{
    int value = 0;

    for (int i = 0; i < 2; i++) {
        if (!ahead(in)) {
            in->bad = true;
            return 0;
        }
        value = value * 10 + (in->rest.data[0] - '0');
        in->rest.data++;
        in->rest.len--;
    }
    return value;
}

static bool take(struct digits *in, char c)
{
    if (!in->rest.len || in->rest.data[0] != (unsigned char)c)
        return false;
    in->rest.data++;
    in->rest.len--;
    return true;
}

/* "Z", "+hhmm", "-hhmm"; nothing at all is the official time of China, as in instant_parse(). */
static int zone(struct digits *in)
{
    int sign, hours, minutes;

    if (in->rest.len == 0)
        return CHINA_OFFSET;
    if (take(in, 'Z'))
        return 0;
    sign = take(in, '-') ? -1 : 1;
    if (sign == 1 && !take(in, '+'))
        in->bad = true;
    hours = two(in);
    minutes = two(in);
    if (hours > 14 || minutes > 59)
        in->bad = true;
    return sign * (hours * 3600 + minutes * 60);
}

bool der_time(const struct der *element, instant *out)
{
    struct digits in = {.rest = element->body};
    bool utc = der_is(element, DER_UTC_TIME);
    int high, year, hour, minute, second, offset;
    struct date date;

    if (element->constructed || (!utc && !der_is(element, DER_GENERALIZED_TIME)))
        return false;
    high = utc ? 0 : two(&in);
    year = two(&in);
    if (utc) /* RFC 5280 4.1.2.5.1 */
        high = year < 50 ? 20 : 19;
    date.year = high * 100 + year;
    date.month = two(&in);
    date.day = two(&in);
    hour = two(&in);
    minute = ahead(&in) ? two(&in) : 0;
    second = ahead(&in) ? two(&in) : 0;
    if (!utc && (take(&in, '.') || take(&in, ','))) {
        in.bad |= !ahead(&in);
        for (; ahead(&in); in.rest.data++)
            in.rest.len--;
    }
    offset = zone(&in);
    if (in.bad || in.rest.len || !date_is_valid(date) || hour > 23 || minute > 59 || second > 60)
        return false;
    *out = date_start(date, offset) + hour * 3600 + minute * 60 + second;
    return true;
}
