/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification of an OFD file, cli.md section 6: each listed signature by the order of
 * GB/T 38540, then coverage, then what the licence says of itself.  Nothing stops at the
 * first fault; what could not be checked is said to be so.
 */
#include "formats/ofd/ofd_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/judge.h"
#include "formats/ofd/diagnose.h"
#include "formats/ofd/ofd_verify_priv.h"

/* Steps that say "not altered", and steps that say "from who it says". */
static const char *const integrity_steps[] = {"structure", "references", "format", "value",
                                              "data-hash", "seal-file",  "type",   NULL};
static const char *const trust_steps[] = {"signer-chain",      "signer-usage",
                                          "signer-revocation", "signer-in-seal",
                                          "seal-signature",    "maker-chain",
                                          "maker-usage",       "issuer",
                                          "maker-listed",      NULL};

static bool is_listed(const char *id, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(id, *list) == 0)
            return true;
    }
    return false;
}

/* The worst answer of the steps listed; unknown where none of them was run. */
static enum answer ask(const struct signature_report *report, const char *const *steps)
{
    bool any = false, unknown = false;

    for (size_t i = 0; i < report->n_steps; i++) {
        const struct step *step = &report->steps[i];

        if (!is_listed(step->id, steps) || step->result == STEP_NOT_RUN)
            continue;
        if (step->result == STEP_FAILED)
            return ANSWER_NO;
        any = true;
        unknown |= step->result == STEP_UNKNOWN;
    }
    return any && !unknown ? ANSWER_YES : ANSWER_UNKNOWN;
}

/* A file is what its worst signature is. */
static enum answer ask_all(const struct verification *out, const char *const *steps)
{
    enum answer worst = out->n_signatures ? ANSWER_YES : ANSWER_UNKNOWN;

    for (size_t i = 0; i < out->n_signatures; i++) {
        enum answer answer = ask(&out->signatures[i], steps);

        if (answer == ANSWER_NO)
            return ANSWER_NO;
        if (answer == ANSWER_UNKNOWN)
            worst = ANSWER_UNKNOWN;
    }
    return worst;
}

static void note_list(struct ofd_case *at)
{
    const struct ofd *ofd = at->ofd;

    ofd_judge_list(at);
    if (ofd->n_signatures == 0 && (!ofd->names_list || ofd->list >= 0))
        findings_add(&at->out->findings, "OFD106", PLACE_NONE, NULL);
    if (!ofd->names_list || ofd->list >= 0)
        return;
    findings_add(&at->out->findings, "OFD204", PLACE_PART("OFD.xml"), "name",
                 ofd->list_name ? ofd->list_name : "?", NULL);
    at->facts.structure_failed = true;
}

static void note_annotations(struct ofd_case *at)
{
    const struct ofd *ofd = at->ofd;
    struct findings *findings = &at->out->findings;

    for (size_t i = 0; i < ofd->n_annotations && findings->n < FINDINGS_MAX; i++) {
        const struct ofd_annotation *annotation = &ofd->annotations[i];
        char page[16];

        if (!annotation->type || strcmp(annotation->type, "Stamp") != 0)
            continue;
        (void)snprintf(page, sizeof(page), "%d", ofd_page_number(ofd, annotation->page_id));
        findings_add(findings, "OFD307", PLACE_PART(ofd_name(ofd, annotation->member)), "page",
                     page, NULL);
    }
}

static void judge_all(struct ofd_case *at)
{
    at->protected = mem_zero(at->ofd->n_signatures, sizeof(*at->protected));
    for (size_t i = 0; i < at->ofd->n_signatures; i++) {
        ofd_judge_signature(at, i);
        at->protected[i].intact = ask(&at->out->signatures[i], integrity_steps) == ANSWER_YES;
    }
    ofd_judge_pages(at);
    ofd_judge_bases(at);
    ofd_judge_coverage(at);
    ofd_chart_coverage(at);
    ofd_judge_licence(at);
    if (at->judge->content)
        ofd_judge_hidden(at);
    for (size_t i = 0; i < at->ofd->n_signatures; i++) {
        free(at->protected[i].members);
        free(at->protected[i].listed);
    }
    for (size_t i = 0; i < sizeof(at->digests) / sizeof(at->digests[0]); i++)
        free(at->digests[i]);
    free(at->protected);
}

void ofd_verify_opened(const struct ofd_judge *judge, struct ofd *ofd, struct verification *out)
{
    struct ofd_case at = {.judge = judge, .ofd = ofd, .out = out};

    at.facts.unreadable = ofd->damaged;
    note_list(&at);
    note_annotations(&at);
    judge_all(&at);
    out->intact = ask_all(out, integrity_steps);
    out->issuer_trusted = ask_all(out, trust_steps);
    verification_conclude(out, &at.facts);
    if (judge->diagnose) /* last: it explains the verdict and must not touch it */
        diagnose_ofd(&at);
}

/* When it was signed is known only once it has been judged: so it is judged twice. */
static void verify_at_signing(const struct ofd_judge *judge, struct lazy *file,
                              struct verification *out)
{
    struct ofd_judge as_of = *judge;
    CLEANUP(verification_clear) struct verification first = {.path = NULL};

    as_of.at_signing = false;
    as_of.diagnose = false; /* once is enough */
    as_of.no_file_sm3 = true;
    ofd_verify_lazy(&as_of, file, &first);
    as_of.diagnose = judge->diagnose;
    as_of.no_file_sm3 = judge->no_file_sm3;
    as_of.now = judge_moment(&first, judge->now);
    ofd_verify_lazy(&as_of, file, out);
    judge_tell_moment(out, as_of.now);
}

static enum rc add_piece(void *context, struct span piece, struct err *err)
{
    return hash_stream_add(context, piece, err);
}

static enum rc digest_file(struct lazy *file, struct verification *out, struct err *err)
{
    CLEANUP(hash_stream_freep) struct hash_stream *stream = NULL;
    struct hash hash;

    TRY(hash_stream_new(HASH_SM3, &stream, err));
    TRY(lazy_each(file, add_piece, stream, err));
    TRY(hash_stream_end(stream, &hash, err));
    memcpy(out->sm3, hash.bytes, SM3_LEN);
    out->has_sm3 = true;
    return RC_OK;
}

void ofd_verify(const struct ofd_judge *judge, struct span file, struct verification *out)
{
    struct lazy all = lazy_of(file);

    ofd_verify_lazy(judge, &all, out);
}

void ofd_verify_lazy(const struct ofd_judge *judge, struct lazy *file, struct verification *out)
{
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    struct err err = ERR_INIT;
    const struct ofd_opening how = {.known = judge->known,
                                    .n_known = judge->n_known,
                                    .seen = judge->seen,
                                    .keeps = judge->content};

    if (judge->at_signing) {
        verify_at_signing(judge, file, out);
        return;
    }
    *out = (struct verification){.size = file->len};
    if ((!judge->no_file_sm3 && digest_file(file, out, &err) != RC_OK) ||
        ofd_open_with(file, &how, &ofd, &out->findings, &err) != RC_OK) {
        const struct verdict_facts facts = {.unreadable = err.code};

        findings_add_err(&out->findings, &err);
        verification_conclude(out, &facts);
        return;
    }
    ofd_verify_opened(judge, ofd, out);
}
