/* SPDX-License-Identifier: Apache-2.0 */
/* The coverage object of a report, cli.md section 5. */
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/model/report.h"

static struct js *text_json(const char *text)
{
    CLEANUP(freep) char *good = text ? utf8_repair(text) : NULL;

    return js_string(good);
}

static struct js *names_json(char *const *names, size_t n)
{
    struct js *js = js_array();

    for (size_t i = 0; i < n; i++)
        js_push(js, text_json(names[i]));
    return js;
}

static struct js *counts_json(const unsigned *counts)
{
    struct js *js = js_object();

    for (size_t kind = 0; kind < KINDS; kind++)
        js_set(js, part_kind_name((enum part_kind)kind), js_number(counts[kind]));
    return js;
}

static struct js *parts_json(const struct coverage *coverage)
{
    struct js *js = js_array();

    for (size_t i = 0; i < coverage->n_parts; i++) {
        const struct coverage_part *part = &coverage->parts[i];
        struct js *one = js_object();

        js_set(one, "part", text_json(part->name));
        js_set(one, "kind", js_string(part_kind_name(part->kind)));
        js_set(one, "covered_by", text_json(part->by));
        js_push(js, one);
    }
    return js;
}

static struct js *signature_json(const struct signature_report *s)
{
    struct js *js = js_object();

    js_set(js, "id", text_json(s->id));
    js_set(js, "covers", counts_json(s->coverage.covers));
    js_set(js, "changed", counts_json(s->coverage.changed));
    js_set(js, "added_after", counts_json(s->coverage.added));
    js_set(js, "left_out", counts_json(s->coverage.left_out));
    js_set(js, "uncovered", counts_json(s->coverage.open));
    js_set(js, "not_covered_here", parts_json(&s->coverage));
    return js;
}

struct js *report_coverage(const struct verification *item)
{
    struct js *js = js_object(), *signatures = js_array();

    for (size_t i = 0; i < item->n_signatures; i++)
        js_push(signatures, signature_json(&item->signatures[i]));
    js_set(js, "complete", js_boolean(item->coverage_complete));
    js_set(js, "uncovered", names_json(item->uncovered, item->n_uncovered));
    js_set(js, "changed_after", names_json(item->changed_after, item->n_changed_after));
    js_set(js, "unreferenced", names_json(item->unreferenced, item->n_unreferenced));
    js_set(js, "signatures", signatures);
    return js;
}
