/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_FINDING_H
#define CORE_MODEL_FINDING_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

/*
 * What ecert can find, one row a code, in finding_table.c.  Codes are stable and
 * never reused: three letters of the group and three digits.  Texts hold
 * parameters as {name}; both languages use the same ones.  "detail" is filled
 * from an error's own text.
 */
struct finding_type {
    const char *code; /* "SIG201" */
    enum severity severity;
    const char *en, *zh;           /* one line, no full stop */
    const char *clause;            /* "GB/T 38540-2020 6.2", or "" */
    const char *hint_en, *hint_zh; /* what to do about it, or "" */
};

extern const struct finding_type finding_types[];          /* sorted by code; ends with code NULL */
const struct finding_type *finding_type(const char *code); /* NULL if there is none */

/* Where in the input.  Numbers are from 1; -1 (0 for offset's absence: -1 too) says unknown. */
struct place {
    const char *part; /* member of a package, or NULL */
    long line, column, row;
    const char *field;
    long long offset;
};
#define PLACE_NONE ((struct place){.line = -1, .column = -1, .row = -1, .offset = -1})
#define PLACE_PART(p) \
    ((struct place){.part = (p), .line = -1, .column = -1, .row = -1, .offset = -1})
#define PLACE_FIELD(f) \
    ((struct place){.field = (f), .line = -1, .column = -1, .row = -1, .offset = -1})

struct finding_param {
    char *key, *value;
};

/* What a finding that belongs to no step makes of the verdict. */
enum effect { EFFECT_NONE, EFFECT_UNDECIDED, EFFECT_FAILED };

struct finding {
    const struct finding_type *type;
    enum severity severity; /* the type's, unless a policy or the caller changed it */
    struct place where;     /* its strings are the finding's own */
    struct finding_param *params;
    size_t n_params;
    char *en, *zh; /* the text with parameters filled in */
    enum effect effect;
    bool ignored; /* by the policy: kept among the facts, not reported */
};

#define FINDINGS_MAX 1000 /* of one item; further ones are counted, and `truncated` says so */

struct findings {
    struct finding *list;
    size_t n, capacity;
    size_t dropped;
    enum effect dropped_effect; /* the worst of those dropped */
};

/*
 * Adds a finding and returns its number, from 0; -1 when it was dropped.  After
 * where come pairs of key and value, ended by NULL; a NULL value reads "?".  Every
 * string is copied.  An unknown code is a fault in ecert (assert).
 */
int findings_add(struct findings *findings, const char *code, struct place where, ...)
    __attribute__((sentinel));

/*
 * The finding with that number (what findings_add gave, -1 included) decides by itself:
 * for what is found about the file and is no step of a signature.
 */
void findings_decide(struct findings *findings, int finding, enum effect effect);
enum effect findings_effect(const struct findings *findings); /* the worst there is */

/* For who reads findings back: one of a type without texts, NULL where there is no room. */
struct finding *findings_add_bare(struct findings *findings, const struct finding_type *type);
void finding_add_param(struct finding *finding, const char *key, const char *value);

/*
 * Adds an error as a finding: its own code, else one by its rc (CMD001 …).  where
 * is taken apart as far as it goes ("part:line:col", "@0x1c", "line 12").
 */
int findings_add_err(struct findings *findings, const struct err *err);

/* The worst severity there is; -1 when there is no finding. */
int findings_worst(const struct findings *findings);
bool findings_has(const struct findings *findings, const char *code);
void findings_clear(struct findings *findings);

const char *finding_text(const struct finding *finding, enum lang lang);
const char *finding_hint(const struct finding *finding, enum lang lang); /* "" if none */

#endif
