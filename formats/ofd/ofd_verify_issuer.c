/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether those who sealed may issue the licence: data-formats, "Trust folder".  A chain
 * says that a name is right, issuers.yaml that the name may issue this type.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/judge.h"
#include "formats/ofd/ofd_verify_priv.h"

/* What the file says of its issue; several issuers are joined by ^ (GB/T 36903). */
struct claim {
    const char *names, *codes, *type;
};

static const char *said(const struct ofd_case *at, const struct licence *licence, const char *key)
{
    return licence ? licence_metadata(licence, key) : ofd_custom(at->ofd, key);
}

/* The next part of a list that ^ joins, or NULL; the caller frees. */
static char *next_part(const char **list)
{
    const char *start = *list;
    size_t len;

    if (!start)
        return NULL;
    len = strcspn(start, "^");
    *list = start[len] ? start + len + 1 : NULL;
    return mem_copy_text(start, len);
}

/* Of several issuers one that may is enough; of those who may not the last known says why. */
static enum issuer_answer ask(const struct issuers *issuers, const struct claim *claim,
                              const struct believed *signer)
{
    enum issuer_answer answer = ISSUER_UNKNOWN;
    const char *names = claim->names, *codes = claim->codes;

    while ((names || codes) && answer != ISSUER_OK) {
        CLEANUP(freep) char *name = next_part(&names), *code = next_part(&codes);
        struct issuer_query query = {.uscc = code,
                                     .name = name,
                                     .type = claim->type,
                                     .leaf = signer->leaf,
                                     .anchor = signer->anchor};
        enum issuer_answer one = issuers_ask(issuers, &query);

        if (one != ISSUER_UNKNOWN)
            answer = one;
    }
    return answer;
}

static void judge_issuer(struct ofd_case *at, size_t i, const struct issuers *issuers,
                         const struct claim *said_of)
{
    static const char *const codes[] = {[ISSUER_UNKNOWN] = "CRT105",
                                        [ISSUER_WRONG_TYPE] = "CRT106",
                                        [ISSUER_WRONG_CERT] = "CRT107"};
    struct signature_report *report = &at->out->signatures[i];
    struct claim claim = *said_of;
    enum issuer_answer answer;
    int finding;

    if (!claim.names && !claim.codes) /* of a file that names no issuer, the seal does */
        claim.names = report->seal_name;
    answer = ask(issuers, &claim, &report->signer);
    if (answer == ISSUER_OK) {
        signature_step(report, "issuer", STEP_PASSED, -1, SUB_NONE);
        return;
    }
    finding =
        findings_add(&at->out->findings, codes[answer], PLACE_PART(at->ofd->signatures[i].xml_name),
                     "subject", report->signer_subject, "issuers",
                     claim.names ? claim.names : claim.codes, "type", claim.type, NULL);
    signature_step(report, "issuer", STEP_UNKNOWN, finding, SUB_SIG_CONSTRAINTS_FAILURE);
}

/* Does the list that ^ joins hold this text? */
static bool is_named(const char *list, const char *text)
{
    bool found = false;

    while (list && !found) {
        CLEANUP(freep) char *part = next_part(&list);

        found = strcmp(part, text) == 0;
    }
    return found;
}

/*
 * Whom the list knows the certificate of: a policy may ask for one of them.  One that
 * is told by its anchor alone is meant only if the file names it, since the
 * certificates of many bodies may stand under that anchor.
 */
static void note_issuers(struct signature_report *report, const struct issuers *issuers,
                         const struct claim *claim)
{
    for (size_t i = 0; i < issuers->n; i++) {
        const struct issuer *issuer = &issuers->list[i];
        const char *text = issuer->uscc ? issuer->uscc : issuer->name;

        if (issuer_signs_with(issuer, report->signer.leaf, NULL) ||
            (issuer_signs_with(issuer, report->signer.leaf, report->signer.anchor) &&
             is_named(issuer->uscc ? claim->codes : claim->names, text)))
            verification_add_issuer(report, text);
    }
}

static bool has_seal(const struct verification *v)
{
    for (size_t i = 0; i < v->n_signatures; i++) {
        if (v->signatures[i].is_seal)
            return true;
    }
    return false;
}

/* Seals speak for issuers; signatures only where there is no seal. */
void ofd_judge_issuers(struct ofd_case *at, const struct licence *licence)
{
    const struct claim claim = {.names = said(at, licence, "ZZBFJG"),
                                .codes = said(at, licence, "ZZBFJGDM"),
                                .type = said(at, licence, "ZZLXDM")};
    bool sealed = has_seal(at->out), unlisted = false;

    for (size_t i = 0; at->judge->lists && i < at->out->n_signatures; i++) {
        struct signature_report *report = &at->out->signatures[i];
        const struct issuer_list *list;

        if (report->is_seal)
            judge_maker_listed(at->judge->lists, at->ofd->signatures[i].xml_name, report,
                               &at->out->findings);
        if (!report->signer.yes)
            continue;
        list = issuer_lists_find(at->judge->lists, report->signer.anchor);
        if (list && list->issuers)
            note_issuers(report, list->issuers, &claim);
        if (report->is_seal != sealed)
            continue;
        if (list && list->issuers)
            judge_issuer(at, i, list->issuers, &claim);
        unlisted |= list && !list->issuers;
    }
    if (unlisted)
        findings_add(&at->out->findings, "CRT306", PLACE_NONE, NULL);
}
