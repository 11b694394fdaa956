/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The known deviations, each with the code of its finding, in the order in which they
 * are tried: the simple before the far-fetched, since the first that fits is named.
 * What each does stands in diagnose_value.c, diagnose_form.c and diagnose_digest.c.
 */
#include "formats/ofd/diagnose_priv.h"

#include <stdio.h>

#include "core/base/limits.h"

/* A value: how e was computed, how r and s are written, whose key, which bytes. */
static const struct value_trial {
    const char *code;
    bool (*fits)(struct suspect *s);
} value_trials[] = {
    {"SIG330", value_empty_id},      {"SIG331", value_other_id},
    {"SIG332", value_no_za},         {"SIG333", value_swapped},
    {"SIG334", value_little_endian}, {"SIG335", value_encoding},
    {"SIG336", value_other_hash},    {"SIG337", value_other_cert},
    {"SIG338", value_other_layout},  {"SIG339", value_encoded_again},
    {"SIG340", value_attributes},    {"SIG341", value_of_file},
    {"SIG342", value_of_stated},     {"SIG343", value_of_signed_info},
    {"SIG344", value_of_digest},     {"SIG345", value_of_digest_text},
};

/* A text that was changed between being read and being digested or signed. */
static const struct text_form {
    const char *code;
    bool (*make)(struct span text, struct buf *out);
} text_forms[] = {
    {"DIG330", form_without_bom},
    {"DIG331", form_with_bom},
    {"DIG332", form_lf},
    {"DIG333", form_crlf},
    {"DIG334", form_without_declaration},
    {"DIG334", form_with_declaration},
    {"DIG334", form_with_declaration_line},
    {"DIG335", form_declaration_line},
    {"DIG336", form_end_cut},
    {"DIG336", form_end_newline},
    {"DIG336", form_end_crlf},
    {"DIG337", form_namespace},
    {"DIG338", form_c14n},
    {"DIG338", form_c14n_comments},
    {"DIG338", form_c14n_exclusive},
    {"DIG339", form_dump},
    {"DIG339", form_dump_cut},
    {"DIG339", form_indented},
    {"DIG339", form_indented_cut},
    {"DIG340", form_signed_info},
};

/* A digest of the right bytes. */
static const struct digest_trial {
    const char *code;
    bool (*fits)(struct digest_suspect *q);
} digest_trials[] = {
    {"DIG341", digest_other_hash}, {"DIG342", digest_as_text},   {"DIG343", digest_with_za},
    {"DIG344", digest_of_digest},  {"DIG345", digest_of_packed}, {"DIG346", digest_reversed},
};

enum {
    N_VALUE_TRIALS = sizeof(value_trials) / sizeof(value_trials[0]),
    N_TEXT_FORMS = sizeof(text_forms) / sizeof(text_forms[0]),
    N_DIGEST_TRIALS = sizeof(digest_trials) / sizeof(digest_trials[0]),
};

/* Larger ones are no text that somebody writes again; two deviations together are tried on pages.
 */
#define FORM_MAX ((size_t)4 << 20)
#define PAIR_MAX ((size_t)256 << 10)

size_t diagnosis_cost(size_t bytes)
{
    return bytes <= PAIR_MAX ? 8 * bytes : bytes;
}

bool diagnosis_affords(struct diagnosis_budget *budget, size_t bytes)
{
    if (bytes > budget->bytes)
        budget->bytes = 0;
    else
        budget->bytes -= bytes;
    return budget->bytes > 0;
}

/*
 * Text forms of the file where it is signed itself, as bare values and plain SignedData have
 * it; where it is not, that is a second deviation.
 */
static const char *try_forms(struct suspect *s)
{
    for (size_t i = 0; i < N_TEXT_FORMS && s->file.len && s->file.len <= FORM_MAX; i++) {
        CLEANUP(buf_clear) struct buf form = BUF_INIT(2 * FORM_MAX);

        if (!text_forms[i].make(s->file, &form) || !suspect_good(s, buf_span(&form)))
            continue;
        if (span_equals(s->file, s->message))
            return text_forms[i].code;
        (void)snprintf(s->how, sizeof(s->how), "SIG341 + %s", text_forms[i].code);
        return "SIG346";
    }
    return NULL;
}

/* Nobody says whose key it is, and none that came with the file fits. */
static const char *unexplained(const struct suspect *s)
{
    return s->cert ? "SIG349" : "SIG347";
}

void diagnose_value(struct suspect *s, struct place place, struct findings *findings)
{
    const char *code = NULL;

    for (size_t i = 0; i < N_VALUE_TRIALS && !code; i++) {
        if (value_trials[i].fits(s))
            code = value_trials[i].code;
    }
    if (!code)
        code = try_forms(s);
    (void)findings_add(findings, code ? code : unexplained(s), place, "how", s->how, "names",
                       place.part, NULL);
}

static const char *try_digests(struct digest_suspect *q)
{
    for (size_t i = 0; i < N_DIGEST_TRIALS && !q->whole; i++) {
        if (digest_trials[i].fits(q))
            return digest_trials[i].code;
    }
    return NULL;
}

/* One form alone, or, where `pairs`, with another way to digest it besides. */
static const char *try_text_forms(struct digest_suspect *q, bool pairs)
{
    for (size_t i = 0; i < N_TEXT_FORMS && q->bytes.len <= FORM_MAX; i++) {
        CLEANUP(buf_clear) struct buf form = BUF_INIT(2 * FORM_MAX);
        struct digest_suspect other = *q;
        const char *second;

        if (!text_forms[i].make(q->bytes, &form))
            continue;
        if (!pairs && digest_good(q, buf_span(&form)))
            return text_forms[i].code;
        other.bytes = buf_span(&form);
        other.packed.len = 0;
        second = pairs ? try_digests(&other) : NULL;
        if (!second)
            continue;
        (void)snprintf(q->how, sizeof(q->how), "%s + %s", text_forms[i].code, second);
        return "DIG352";
    }
    return NULL;
}

const char *diagnose_digest(struct digest_suspect *q)
{
    const char *code = try_digests(q);

    if (!code)
        code = try_text_forms(q, false);
    return code || q->bytes.len > PAIR_MAX ? code : try_text_forms(q, true);
}

void diagnose_content(struct digest_suspect *q, const char *name, struct place place,
                      struct findings *findings)
{
    const char *code = diagnose_digest(q);

    (void)findings_add(findings, code ? code : "DIG349", place, "how", q->how, "names", name, "n",
                       "1", NULL);
}
