/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_LICENCE_PRIV_H
#define CORE_MODEL_LICENCE_PRIV_H

#include "core/base/clock.h"
#include "core/model/licence.h"

/* Shared by licence*.c alone. */

#define OPEN_END "长期"
#define PARTY_SEPARATOR '^' /* joins several issuers or holders in one value */

/* A record on its way to a licence. */
struct draft {
    const struct template *template;
    const struct js *record;
    const struct issue_options *options;
    struct span photo;
    struct date today; /* of options->issued_at, in China */
    struct licence *licence;
    struct findings *findings;
    bool refused; /* a finding of severity error was added */
};

/* Adds an error finding about a field; after code come pairs of key and value, ended by NULL. */
void draft_refuse(struct draft *draft, const char *field, const char *code, const char *key,
                  const char *value);

/* Fills licence->fields from the record, with a finding for each field that is not as it should be.
 */
void draft_read_fields(struct draft *draft);
/* The template's rules over the fields read. */
void draft_check_rules(struct draft *draft);

/* The nth of the values that ^ joins, from 1; NULL if there are fewer.  The caller frees. */
char *party_copy(const char *joined, int nth);
int party_count(const char *joined); /* 0 for "" */

/* 2026-03-01 or, in the basic form of GB/T 7408, 20260301. */
bool date_read(const char *text, struct date *out);
/* 2026-03-01, 2026年3月1日 or 二〇二六年三月一日.  The caller frees. */
char *date_text(struct date date, enum date_form form);
/* "100万元" and the like: digits, an optional fraction, the unit. */
bool money_is_good(const char *text);
/* 壹佰万元整 of 100万元; as it is where that is not usual (fractions below 分).  The caller frees.
 */
char *money_text(const char *text, enum money_form form);

#endif
