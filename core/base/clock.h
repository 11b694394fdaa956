/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

/* Seconds since 1970-01-01T00:00:00Z, without leap seconds: all times inside ecert. */
typedef int64_t instant;

#define INSTANT_NONE INT64_MIN

/* The system clock, or what clock_pin() fixed. */
instant clock_now(void);

/* The system clock even when pinned: what signing goes by, whatever --at says. */
instant clock_system(void);

/* Fixes clock_now(); INSTANT_NONE lets it run again. */
void clock_pin(instant at);

/* A day in a calendar, without a zone: what licences are dated by. */
struct date {
    int year, month, day;
};

bool date_is_valid(struct date date); /* of the Gregorian calendar, years 1 to 9999 */
int date_compare(struct date a, struct date b);

/* "2026-11-22" and nothing after it. */
bool date_parse(const char *text, struct date *out);
void date_print(struct date date, char out[11]);

/* Licences are dated by the official time of China, UTC+8 without summer time. */
#define CHINA_OFFSET (8 * 3600)
struct date date_at(instant at, int offset);
instant date_start(struct date date, int offset); /* 00:00:00 of that day */

/* "2026-03-01T08:00:00Z"; out holds 21 bytes.  INSTANT_NONE prints "". */
void instant_print(instant at, char out[21]);
/* "20260301080000Z", as ASN.1 GeneralizedTime and SignatureDateTime. */
void instant_print_basic(instant at, char out[16]);

/*
 * Reads the forms that users write: RFC 3339 with zone, "2026-03-01 08:00:00" and
 * "2026-03-01" (taken as China time), "20260301080000Z" with optional fraction and
 * with or without the zone (no zone: China time), and "@seconds".
 */
MUST_CHECK enum rc instant_parse(const char *text, instant *out, struct err *err);

#endif
