/* SPDX-License-Identifier: Apache-2.0 */
/* The coverage map for people: one line a signature, and with --detailed its parts. */
#include "cmd/output.h"

static bool is_none(const unsigned *counts)
{
    for (size_t kind = 0; kind < KINDS; kind++) {
        if (counts[kind])
            return false;
    }
    return true;
}

/* "; added after it: 1 page, 2 parts of other signatures" */
static void print_counts(FILE *out, const char *before, const unsigned *counts)
{
    const char *separator = before;

    for (int i = 1; i <= KINDS; i++) {
        enum part_kind kind = (enum part_kind)(i % KINDS); /* the unreferenced last */

        if (!counts[kind])
            continue;
        fprintf(out, "%s", separator);
        fprintf(out, tr(part_kind_count(kind, counts[kind])), (size_t)counts[kind]);
        separator = tr(N_(", "));
    }
}

static void print_part(FILE *out, const struct coverage_part *part)
{
    fprintf(out, "        ");
    output_text(out, part->name);
    if (part->by) {
        fprintf(out, "%s", tr(N_(": came with signature ")));
        output_text(out, part->by);
    } else {
        fprintf(out, "%s", tr(N_(": no signature covers it")));
    }
    fprintf(out, "\n");
}

static void print_signature(const struct output *output, const struct signature_report *s,
                            size_t number)
{
    const struct coverage *coverage = &s->coverage;
    FILE *out = output->stream;

    fprintf(out,
            tr(s->is_seal ? N_("    seal %zu in the list (ID ")
                          : N_("    signature %zu in the list (ID ")),
            number);
    output_text(out, s->id ? s->id : "");
    if (is_none(coverage->covers))
        fprintf(out, "%s", tr(N_(") covers nothing")));
    print_counts(out, tr(N_(") covers ")), coverage->covers);
    print_counts(out, tr(N_("; changed since: ")), coverage->changed);
    print_counts(out, tr(N_("; left to earlier signatures: ")), coverage->left_out);
    if (is_none(coverage->added))
        fprintf(out, "%s", tr(N_("; nothing was added after it")));
    print_counts(out, tr(N_("; added after it: ")), coverage->added);
    print_counts(out, tr(N_("; covered by nobody: ")), coverage->open);
    fprintf(out, "\n");
    for (size_t i = 0; output->coverage > 1 && i < coverage->n_parts; i++)
        print_part(out, &coverage->parts[i]);
}

void output_coverage(const struct output *output, const struct verification *item)
{
    for (size_t i = 0; i < item->n_signatures; i++)
        print_signature(output, &item->signatures[i], i + 1);
}
