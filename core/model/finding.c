/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

static size_t n_types(void)
{
    size_t n = 0;

    while (finding_types[n].code)
        n++;
    return n;
}

static int compare_code(const void *key, const void *row)
{
    return strcmp(key, ((const struct finding_type *)row)->code);
}

const struct finding_type *finding_type(const char *code)
{
    return bsearch(code, finding_types, n_types(), sizeof(finding_types[0]), compare_code);
}

static const char *value_of(const struct finding_param *params, size_t n, const char *key,
                            size_t len)
{
    for (size_t i = 0; i < n; i++) {
        if (strlen(params[i].key) == len && memcmp(params[i].key, key, len) == 0)
            return params[i].value;
    }
    return "?";
}

/* Puts the values in the place of {name}; the longest text there can be bounds the buffer. */
static char *fill(const char *text, const struct finding_param *params, size_t n)
{
    size_t room = strlen(text) + 1, len = 0;
    char *out;

    for (const char *p = text; (p = strchr(p, '{')); p++) {
        const char *end = strchr(p, '}');

        if (end)
            room += strlen(value_of(params, n, p + 1, (size_t)(end - p - 1)));
    }
    out = mem_zero(room, 1);
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;

        if (end) {
            const char *value = value_of(params, n, text + 1, (size_t)(end - text - 1));

            memcpy(out + len, value, strlen(value));
            len += strlen(value);
            text = end + 1;
        } else {
            out[len++] = *text++;
        }
    }
    return out;
}

static struct place copy_place(struct place where)
{
    where.part = mem_text(where.part);
    where.field = mem_text(where.field);
    return where;
}

/* Room for one more, counted as dropped when the item has too many already. */
static struct finding *next_finding(struct findings *findings, const struct finding_type *type,
                                    struct place where)
{
    struct finding *finding;

    if (findings->n == FINDINGS_MAX) {
        findings->dropped++;
        return NULL;
    }
    if (findings->n == findings->capacity) {
        findings->capacity = findings->capacity ? findings->capacity * 2 : 8;
        findings->list = mem_resize(findings->list, findings->capacity * sizeof(findings->list[0]));
    }
    finding = &findings->list[findings->n++];
    *finding =
        (struct finding){.type = type, .severity = type->severity, .where = copy_place(where)};
    return finding;
}

void finding_add_param(struct finding *finding, const char *key, const char *value)
{
    finding->params =
        mem_resize(finding->params, (finding->n_params + 1) * sizeof(finding->params[0]));
    finding->params[finding->n_params++] =
        (struct finding_param){.key = mem_text(key), .value = mem_text(value ? value : "?")};
}

struct finding *findings_add_bare(struct findings *findings, const struct finding_type *type)
{
    return next_finding(findings, type, PLACE_NONE);
}

int findings_add(struct findings *findings, const char *code, struct place where, ...)
{
    const struct finding_type *type = finding_type(code);
    struct finding *finding;
    const char *key;
    va_list ap;

    assert(type);
    finding = next_finding(findings, type, where);
    if (!finding)
        return -1;
    va_start(ap, where);
    while ((key = va_arg(ap, const char *)))
        finding_add_param(finding, key, va_arg(ap, const char *));
    va_end(ap);
    finding->en = fill(type->en, finding->params, finding->n_params);
    finding->zh = fill(type->zh, finding->params, finding->n_params);
    return (int)findings->n - 1;
}

void findings_decide(struct findings *findings, int finding, enum effect effect)
{
    enum effect *of = finding < 0 ? &findings->dropped_effect : &findings->list[finding].effect;

    if (effect > *of)
        *of = effect;
}

enum effect findings_effect(const struct findings *findings)
{
    enum effect worst = findings->dropped_effect;

    for (size_t i = 0; i < findings->n; i++) {
        if (findings->list[i].effect > worst)
            worst = findings->list[i].effect;
    }
    return worst;
}

static const char *code_by_rc(enum rc rc)
{
    switch (rc) {
    case RC_USAGE:
        return "CMD001";
    case RC_SYSTEM:
        return "CMD002";
    case RC_UNDECIDED:
        return "CMD003";
    case RC_REFUSED:
        return "CMD004";
    case RC_KEY:
        return "CMD005";
    case RC_INPUT:
        return "CMD006";
    case RC_NO:
        return "CMD008";
    case RC_NOTHING:
        return "CMD009";
    case RC_PARTIAL:
        return "CMD010";
    case RC_OK:
    case RC_BUG:
        break;
    }
    return "CMD007";
}

/* Takes ":digits" off the end of where. */
static bool take_number(char *where, long *out)
{
    char *colon = strrchr(where, ':'), *end;
    long value;

    if (!colon || colon[1] < '0' || colon[1] > '9')
        return false;
    value = strtol(colon + 1, &end, 10);
    if (*end)
        return false;
    *out = value;
    *colon = '\0';
    return true;
}

/* Takes a marker and what follows it off where; the number is in base 10, or 16 after "0x". */
static bool take_marked(char *where, const char *mark, long long *out)
{
    char *at = strstr(where, mark), *end;
    long long value;

    if (!at)
        return false;
    value = strtoll(at + strlen(mark), &end, 0);
    if (end == at + strlen(mark) || (*end && *end != ',' && *end != ':'))
        return false;
    *out = value;
    *at = '\0';
    return true;
}

static char *trim(char *where)
{
    size_t n;

    where += strspn(where, ": ");
    for (n = strlen(where); n && strchr(": ,", where[n - 1]); n--)
        where[n - 1] = '\0';
    return where;
}

/* Takes "column "idNo"" off where and gives the name between the quotes. */
static const char *take_column(char *where)
{
    char *at = strstr(where, "column \""), *end;

    if (!at)
        return NULL;
    end = strchr(at + 8, '"');
    if (!end || end[1])
        return NULL;
    *at = *end = '\0';
    return at + 8;
}

/* "a.ofd: Doc_0/x.xml:3:7", "seal.esl@0x1c" or "rows.csv: line 12, column "idNo"", in work. */
static struct place place_of(char *work)
{
    struct place place = PLACE_NONE;
    long long row;
    long last, before;

    place.field = take_column(work);
    (void)take_marked(work, "@", &place.offset);
    if (take_marked(work, "line ", &row))
        place.row = (long)row;
    else if (take_number(work, &last)) {
        place.line = last;
        if (take_number(work, &before)) {
            place.line = before;
            place.column = last;
        }
    }
    work = trim(work);
    place.part = *work ? work : NULL;
    return place;
}

int findings_add_err(struct findings *findings, const struct err *err)
{
    const struct finding_type *type = err->finding[0] ? finding_type(err->finding) : NULL;
    char work[sizeof(err->where)];
    struct finding *finding;

    if (!type)
        type = finding_type(code_by_rc(err->code));
    memcpy(work, err->where, sizeof(work));
    finding = next_finding(findings, type, place_of(work));
    if (!finding)
        return -1;
    if (strstr(type->en, "{detail}")) {
        struct finding_param zh = {.key = (char[]){"detail"}, .value = mem_text(err->zh)};

        finding_add_param(finding, "detail", err->text);
        finding->en = fill(type->en, finding->params, 1);
        finding->zh = fill(type->zh, &zh, 1);
        free(zh.value);
    } else { /* the row wants parameters that an error does not have: its own text says more */
        finding_add_param(finding, "detail", err->text);
        finding->en = mem_text(err->text);
        finding->zh = mem_text(err->zh);
    }
    return (int)findings->n - 1;
}

int findings_worst(const struct findings *findings)
{
    int worst = -1;

    for (size_t i = 0; i < findings->n; i++) {
        if ((int)findings->list[i].severity > worst)
            worst = (int)findings->list[i].severity;
    }
    return worst;
}

bool findings_has(const struct findings *findings, const char *code)
{
    for (size_t i = 0; i < findings->n; i++) {
        if (strcmp(findings->list[i].type->code, code) == 0)
            return true;
    }
    return false;
}

/* The place's strings are the finding's own, though others only read them. */
static void free_text(const char *text)
{
    union {
        const char *outside;
        char *inside;
    } own = {.outside = text};

    free(own.inside);
}

void findings_clear(struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        struct finding *finding = &findings->list[i];

        for (size_t k = 0; k < finding->n_params; k++) {
            free(finding->params[k].key);
            free(finding->params[k].value);
        }
        free(finding->params);
        free_text(finding->where.part);
        free_text(finding->where.field);
        free(finding->en);
        free(finding->zh);
    }
    free(findings->list);
    *findings = (struct findings){.n = 0};
}

const char *finding_text(const struct finding *finding, enum lang lang)
{
    return lang == LANG_ZH ? finding->zh : finding->en;
}

const char *finding_hint(const struct finding *finding, enum lang lang)
{
    return lang == LANG_ZH ? finding->type->hint_zh : finding->type->hint_en;
}
