/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static instant pinned = INSTANT_NONE;

instant clock_system(void)
{
    return (instant)time(NULL);
}

instant clock_now(void)
{
    return pinned == INSTANT_NONE ? clock_system() : pinned;
}

void clock_pin(instant at)
{
    pinned = at;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool date_is_valid(struct date date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    return date.day <= days[date.month - 1] + (date.month == 2 && is_leap(date.year));
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

/* Takes exactly n digits from *p. */
static bool digits(const char **p, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static bool skip(const char **p, char c)
{
    return **p == c ? (*p)++, true : false;
}

bool date_parse(const char *text, struct date *out)
{
    struct date date;

    if (!digits(&text, 4, &date.year) || !skip(&text, '-') || !digits(&text, 2, &date.month) ||
        !skip(&text, '-') || !digits(&text, 2, &date.day) || *text || !date_is_valid(date))
        return false;
    *out = date;
    return true;
}

void date_print(struct date date, char out[11])
{
    (void)snprintf(out, 11, "%04u-%02u-%02u", (unsigned)date.year % 10000,
                   (unsigned)date.month % 100, (unsigned)date.day % 100);
}

/* Days since 1970-01-01, by counting years from March (so that February ends them). */
static int64_t days_of(struct date d)
{
    int64_t y = d.month <= 2 ? d.year - 1 : d.year, era = y / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

instant date_start(struct date date, int offset)
{
    return days_of(date) * 86400 - offset;
}

struct date date_at(instant at, int offset)
{
    time_t shifted = (time_t)(at + offset);
    struct tm tm;

    if (!gmtime_r(&shifted, &tm))
        return (struct date){1, 1, 1};
    return (struct date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
}

static void print(instant at, const char *format, char *out, size_t size)
{
    time_t seconds = (time_t)at;
    struct tm tm;

    if (at == INSTANT_NONE || !gmtime_r(&seconds, &tm) || tm.tm_year < 1000 - 1900 ||
        tm.tm_year > 9999 - 1900 || strftime(out, size, format, &tm) == 0)
        out[0] = '\0';
}

void instant_print(instant at, char out[21])
{
    print(at, "%Y-%m-%dT%H:%M:%SZ", out, 21);
}

void instant_print_basic(instant at, char out[16])
{
    print(at, "%Y%m%d%H%M%SZ", out, 16);
}

/* "Z", "+08:00", "-0500" or nothing (China). */
static bool zone(const char **p, int *offset)
{
    int sign, hours, minutes;

    *offset = CHINA_OFFSET;
    if (**p == '\0')
        return true;
    if (skip(p, 'Z')) {
        *offset = 0;
        return **p == '\0';
    }
    if (**p != '+' && **p != '-')
        return false;
    sign = *(*p)++ == '+' ? 1 : -1;
    if (!digits(p, 2, &hours))
        return false;
    (void)skip(p, ':');
    if (!digits(p, 2, &minutes) || hours > 14 || minutes > 59)
        return false;
    *offset = sign * (hours * 3600 + minutes * 60);
    return **p == '\0';
}

/* Time of day after a date: "08:00:00" or "080000", seconds may carry a fraction, which is dropped.
 */
static bool time_of_day(const char **p, bool colons, int *seconds)
{
    int hour, minute, second;

    if (!digits(p, 2, &hour) || (colons && !skip(p, ':')) || !digits(p, 2, &minute) ||
        (colons && !skip(p, ':')) || !digits(p, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (skip(p, '.'))
        *p += strspn(*p, "0123456789");
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

static bool parse(const char *p, instant *out)
{
    struct date date;
    int seconds = 0, offset = CHINA_OFFSET;
    bool dashes;

    if (!digits(&p, 4, &date.year))
        return false;
    dashes = skip(&p, '-');
    if (!digits(&p, 2, &date.month) || (dashes && !skip(&p, '-')) || !digits(&p, 2, &date.day) ||
        !date_is_valid(date))
        return false;
    if (*p && dashes && !skip(&p, 'T') && !skip(&p, ' '))
        return false;
    if (*p && (!time_of_day(&p, dashes, &seconds) || !zone(&p, &offset)))
        return false;
    *out = date_start(date, offset) + seconds;
    return true;
}

enum rc instant_parse(const char *text, instant *out, struct err *err)
{
    char *end;

    if (*text == '@') {
        errno = 0;
        *out = (instant)strtoll(text + 1, &end, 10);
        if (!errno && end != text + 1 && !*end)
            return RC_OK;
    } else if (parse(text, out)) {
        return RC_OK;
    }
    return err_set(err, RC_USAGE, "not a time: '%.40s' (want 2026-03-01T08:00:00+08:00)", text);
}
