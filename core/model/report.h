/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_REPORT_H
#define CORE_MODEL_REPORT_H

#include "core/base/json.h"
#include "core/model/verification.h"

/* How many items there were of each verdict: what a summary needs of a thousand files. */
struct report_counts {
    size_t items, verdicts[VERDICT_ERROR + 1];
    bool truncated; /* findings of one were left out */
};
void report_count(struct report_counts *counts, const struct verification *item);
/* The summary object. */
struct js *report_summary(const struct report_counts *counts);

/*
 * The report of cli.md section 5, ecert.report/1: every key always there, in fixed
 * order, both languages, the same bytes in every locale and time zone.
 */
struct report {
    const char *command;
    enum rc exit_status;
    instant validation_time;
    const char *policy_name;
    char policy_sm3[2 * SM3_LEN + 1];
    bool network;
    const char *insecure[8]; /* names of insecure options in use, NULL-terminated */
    bool show_personal;      /* names and numbers in full instead of masked */
    const struct verification *const *items;
    size_t n_items;
    const struct report_counts *counts; /* of items printed otherwise; NULL: of these */
};

/* The caller frees. */
struct js *report_json(const struct report *report);

/* One item as a JSON object, for --jsonl and for report_json. */
struct js *report_item(const struct verification *item, bool show_personal);

/* Its coverage object: what each signature covers, by kinds of parts. */
struct js *report_coverage(const struct verification *item);

/* Text of a finding as reports show it: without the holder's name and number.  The caller frees. */
char *report_text(const char *text, const struct verification *item, bool show_personal);

/* 张三 -> 张*, 张三丰 -> 张**, "ACME Ltd" (an organisation) unchanged; the caller frees. */
char *mask_name(const char *name);
/* 330102199001011234 -> 3301**********1234; shorter than 9: all but the first and last. */
char *mask_number(const char *number);

/* A time as reports have it, "2026-03-01T08:00:00Z", null for INSTANT_NONE.  The caller frees. */
struct js *report_time(instant at);

#endif
