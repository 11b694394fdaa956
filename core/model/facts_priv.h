/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_FACTS_PRIV_H
#define CORE_MODEL_FACTS_PRIV_H

#include <stddef.h>

#include "core/model/facts.h"

/*
 * One row describes one plain value of ecert.facts/1: its key, what it is, and where it
 * stands in its struct.  Writer and reader go by the same rows, so they cannot differ.
 */
enum fact_kind {
    FACT_TEXT,   /* char *, own; null for NULL */
    FACT_KEPT,   /* const char *, kept with the verification */
    FACT_TIME,   /* instant; null for INSTANT_NONE */
    FACT_INT,    /* int */
    FACT_LONG,   /* long */
    FACT_OFFSET, /* long long */
    FACT_SIZE,   /* size_t */
    FACT_BOOL,
    FACT_SM3,    /* 32 bytes */
    FACT_CHOICE, /* enum: one of names */
};

struct fact {
    const char *key;
    enum fact_kind kind;
    size_t at;                /* offset in the struct */
    long long least, most;    /* of a number */
    const char *const *names; /* of a choice, ends with NULL */
};

#define FACT_END    \
    {               \
        .key = NULL \
    }

/* The plain values of each struct; what is nested is written and read by hand beside them. */
extern const struct fact facts_of_item[], facts_of_identity[], facts_of_answers[],
    facts_of_verdict[], facts_of_signature[], facts_of_step[], facts_of_cert[],
    facts_of_revocation[], facts_of_finding[], facts_of_place[];

#endif
