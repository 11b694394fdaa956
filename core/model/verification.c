/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/verification.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

const char *indication_name(enum indication indication)
{
    static const char *const names[] = {
        [TOTAL_PASSED] = "TOTAL-PASSED",
        [TOTAL_FAILED] = "TOTAL-FAILED",
        [INDETERMINATE] = "INDETERMINATE",
    };

    return names[indication];
}

const char *sub_indication_name(enum sub_indication sub)
{
    static const char *const names[] = {
        [SUB_NONE] = "",
        [SUB_FORMAT_FAILURE] = "FORMAT_FAILURE",
        [SUB_HASH_FAILURE] = "HASH_FAILURE",
        [SUB_SIG_CRYPTO_FAILURE] = "SIG_CRYPTO_FAILURE",
        [SUB_REVOKED] = "REVOKED",
        [SUB_EXPIRED] = "EXPIRED",
        [SUB_NOT_YET_VALID] = "NOT_YET_VALID",
        [SUB_SIG_CONSTRAINTS_FAILURE] = "SIG_CONSTRAINTS_FAILURE",
        [SUB_CHAIN_CONSTRAINTS_FAILURE] = "CHAIN_CONSTRAINTS_FAILURE",
        [SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE] = "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        [SUB_CRYPTO_CONSTRAINTS_FAILURE] = "CRYPTO_CONSTRAINTS_FAILURE",
        [SUB_POLICY_PROCESSING_ERROR] = "POLICY_PROCESSING_ERROR",
        [SUB_SIGNATURE_POLICY_NOT_AVAILABLE] = "SIGNATURE_POLICY_NOT_AVAILABLE",
        [SUB_TIMESTAMP_ORDER_FAILURE] = "TIMESTAMP_ORDER_FAILURE",
        [SUB_NO_SIGNING_CERTIFICATE_FOUND] = "NO_SIGNING_CERTIFICATE_FOUND",
        [SUB_NO_CERTIFICATE_CHAIN_FOUND] = "NO_CERTIFICATE_CHAIN_FOUND",
        [SUB_REVOKED_NO_POE] = "REVOKED_NO_POE",
        [SUB_REVOKED_CA_NO_POE] = "REVOKED_CA_NO_POE",
        [SUB_OUT_OF_BOUNDS_NOT_REVOKED] = "OUT_OF_BOUNDS_NOT_REVOKED",
        [SUB_OUT_OF_BOUNDS_NO_POE] = "OUT_OF_BOUNDS_NO_POE",
        [SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE] = "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        [SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE] = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        [SUB_NO_POE] = "NO_POE",
        [SUB_TRY_LATER] = "TRY_LATER",
        [SUB_SIGNED_DATA_NOT_FOUND] = "SIGNED_DATA_NOT_FOUND",
    };

    return names[sub];
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PASSED] = "passed",
        [VERDICT_FAILED] = "failed",
        [VERDICT_INDETERMINATE] = "indeterminate",
        [VERDICT_UNSIGNED] = "unsigned",
        [VERDICT_ERROR] = "error",
    };

    return names[verdict];
}

static void free_names(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

void path_report_clear(struct path_report *path)
{
    for (size_t i = 0; i < path->n; i++)
        free(path->list[i].subject);
    free(path->list);
    *path = (struct path_report){.n = 0};
}

struct cert_report *path_report_add(struct path_report *path)
{
    path->list = mem_resize(path->list, (path->n + 1) * sizeof(path->list[0]));
    path->list[path->n] = (struct cert_report){.from = INSTANT_NONE, .to = INSTANT_NONE};
    return &path->list[path->n++];
}

void signature_report_clear(struct signature_report *s)
{
    free(s->id);
    free(s->signer_subject);
    free(s->signer_serial);
    free(s->signer_sm3);
    free(s->seal_id);
    free(s->seal_name);
    free(s->value_algorithm);
    free(s->seal_algorithm);
    free(s->digest);
    free(s->signer_revocation.number);
    free(s->maker_revocation.number);
    path_report_clear(&s->signer_path);
    path_report_clear(&s->maker_path);
    free_names(s->issuers, s->n_issuers);
    coverage_clear(&s->coverage);
}

void verification_clear(struct verification *v)
{
    free(v->path);
    free(v->identifier);
    free(v->type_name);
    free(v->number);
    free(v->holder);
    free_names(v->uncovered, v->n_uncovered);
    free_names(v->changed_after, v->n_changed_after);
    free_names(v->personal, v->n_personal);
    free_names(v->unreferenced, v->n_unreferenced);
    for (size_t i = 0; i < v->n_signatures; i++)
        signature_report_clear(&v->signatures[i]);
    free(v->signatures);
    free_names(v->kept, v->n_kept);
    findings_clear(&v->findings);
    *v = (struct verification){.path = NULL};
}

struct signature_report *verification_add_signature(struct verification *v)
{
    struct signature_report *s;

    v->signatures = mem_resize(v->signatures, (v->n_signatures + 1) * sizeof(v->signatures[0]));
    s = &v->signatures[v->n_signatures++];
    *s = (struct signature_report){
        .claimed_time = INSTANT_NONE,
        .best_time = INSTANT_NONE,
        .seal_valid = {INSTANT_NONE, INSTANT_NONE},
        .signer_revocation = REVOCATION_REPORT_INIT,
        .maker_revocation = REVOCATION_REPORT_INIT,
    };
    return s;
}

/* Grows at powers of two: a package may have thousands of members. */
static void add_name(char ***names, size_t *n, const char *name)
{
    if ((*n & (*n - 1)) == 0)
        *names = mem_resize(*names, (*n ? *n * 2 : 1) * sizeof(**names));
    (*names)[(*n)++] = mem_text(name);
}

void verification_add_uncovered(struct verification *v, const char *member)
{
    add_name(&v->uncovered, &v->n_uncovered, member);
}

/* Names are short, and findings quote few of them. */
enum { PERSONAL_MAX = 200, PERSONAL_LEN = 200 };

void verification_add_personal(struct verification *v, const char *text)
{
    if (!text || !*text || strlen(text) > PERSONAL_LEN || v->n_personal == PERSONAL_MAX)
        return;
    for (size_t i = 0; i < v->n_personal; i++) {
        if (strcmp(v->personal[i], text) == 0)
            return;
    }
    add_name(&v->personal, &v->n_personal, text);
}

void verification_add_changed_after(struct verification *v, const char *member)
{
    add_name(&v->changed_after, &v->n_changed_after, member);
}

void verification_add_issuer(struct signature_report *s, const char *issuer)
{
    add_name(&s->issuers, &s->n_issuers, issuer);
}

const char *verification_keep(struct verification *v, const char *text)
{
    for (size_t i = 0; i < v->n_kept; i++) {
        if (strcmp(v->kept[i], text) == 0)
            return v->kept[i];
    }
    add_name(&v->kept, &v->n_kept, text);
    return v->kept[v->n_kept - 1];
}

void verification_add_unreferenced(struct verification *v, const char *member)
{
    add_name(&v->unreferenced, &v->n_unreferenced, member);
}

static int badness(enum indication indication)
{
    return indication == TOTAL_FAILED ? 2 : indication == INDETERMINATE ? 1 : 0;
}

bool sub_indication_allowed(enum indication indication, enum sub_indication sub)
{
    bool of_failed = sub >= SUB_FORMAT_FAILURE && sub <= SUB_NOT_YET_VALID;

    if (indication == TOTAL_PASSED)
        return sub == SUB_NONE;
    return sub != SUB_NONE && of_failed == (indication == TOTAL_FAILED);
}

static enum indication means(const struct step *step)
{
    if (step->result == STEP_FAILED)
        return TOTAL_FAILED;
    return step->result == STEP_UNKNOWN && step->sub != SUB_NONE ? INDETERMINATE : TOTAL_PASSED;
}

/* Of all that is wrong with a signature, changed content is named first, after a wrong value. */
static bool names_better(const struct signature_report *s, const struct step *step)
{
    return step->result == STEP_FAILED && step->sub == SUB_HASH_FAILURE &&
           s->sub != SUB_SIG_CRYPTO_FAILURE && strcmp(step->id, "data-hash") == 0;
}

static enum sub_indication printable(enum indication indication, enum sub_indication sub)
{
    if (sub_indication_allowed(indication, sub))
        return sub;
    switch (indication) {
    case TOTAL_FAILED:
        return SUB_FORMAT_FAILURE;
    case INDETERMINATE:
        return SUB_SIG_CONSTRAINTS_FAILURE;
    case TOTAL_PASSED:
        break;
    }
    return SUB_NONE;
}

void signature_draw(struct signature_report *s)
{
    s->indication = TOTAL_PASSED;
    s->sub = SUB_NONE;
    for (size_t i = 0; i < s->n_steps; i++) {
        const struct step *step = &s->steps[i];

        if (badness(means(step)) <= badness(s->indication) && !names_better(s, step))
            continue;
        s->indication = means(step);
        s->sub = printable(s->indication, step->sub);
    }
}

void signature_step(struct signature_report *s, const char *id, enum step_result result,
                    int finding, enum sub_indication sub)
{
    assert(s->n_steps < STEPS_MAX + STEPS_OF_POLICY);
    s->steps[s->n_steps++] =
        (struct step){.id = id, .result = result, .finding = finding, .sub = sub};
    signature_draw(s);
}

static void conclude(struct verification *v, enum verdict verdict, enum rc rc)
{
    v->verdict = verdict;
    v->rc = rc;
}

void verification_conclude(struct verification *v, const struct verdict_facts *facts)
{
    enum effect effect = findings_effect(&v->findings);
    bool failed = facts->structure_failed || facts->licence_not_in_force || facts->face_disagrees ||
                  effect == EFFECT_FAILED;
    bool undecided = facts->undecided || effect == EFFECT_UNDECIDED;

    v->facts = *facts;
    for (size_t i = 0; i < v->n_signatures; i++) {
        failed |= v->signatures[i].indication == TOTAL_FAILED;
        undecided |= v->signatures[i].indication == INDETERMINATE;
    }
    if (facts->unreadable != RC_OK)
        conclude(v, VERDICT_ERROR, facts->unreadable);
    else if (failed)
        conclude(v, VERDICT_FAILED, RC_NO);
    else if (v->n_signatures ==
             0) /* seals that are missing are then all of them: nothing to judge */
        conclude(v, VERDICT_UNSIGNED, RC_NOTHING);
    else if (undecided)
        conclude(v, VERDICT_INDETERMINATE, RC_UNDECIDED);
    else
        conclude(v, VERDICT_PASSED, RC_OK);
}
