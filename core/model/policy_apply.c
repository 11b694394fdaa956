/* SPDX-License-Identifier: Apache-2.0 */
/* Levels of a policy on findings, and on the steps that they are the reason of. */
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/model/policy_priv.h"

/* The hundreds of a code say what it is about: 0 malformed, 1 undecided, 2 no, 3 good to know. */
enum weight policy_default_weight(const struct finding_type *type)
{
    switch (type->code[3]) {
    case '0':
    case '2':
        return WEIGHT_FAIL;
    case '1':
        return WEIGHT_UNDECIDED;
    default:
        break;
    }
    return type->severity == SEVERITY_INFO ? WEIGHT_INFORM : WEIGHT_WARN;
}

static bool is_among(const char *code, const char *const *codes)
{
    for (; *codes; codes++) {
        if (strncmp(code, *codes, strlen(*codes)) == 0)
            return true;
    }
    return false;
}

/*
 * All of it for what says that content is other than it was signed, or that nobody could
 * check it or tell who signed.  A revoked certificate, one for another use, a time outside
 * of its validity and a timestamp that is wrong may be doubted, but not passed.  Whether a
 * weak algorithm is still good enough, whether an expired seal or licence may pass, and
 * what may be missing, is for the policy.
 */
enum weight policy_least(const struct finding_type *type)
{
    static const char *const never[] = {"CMD301", "CRT101", "CRT102", "CRT103", "CRT104", "CRT201",
                                        "CRT202", "DIG104", "DIG2",   "FLD2",   "IDN2",   "OFD105",
                                        "OFD2",   "PKG2",   "PKG304", "SEA1",   "SEA201", "SIG1",
                                        "SIG2",   "XML2",   NULL};
    static const char *const doubted[] = {"CRT204", "CRT205", "TIM20", "TIM210", NULL};
    static const char *const weak[] = {"SEA102", "SEA103", "SIG103", "SIG106", "SIG191", NULL};

    if (type->code[3] != '0' && is_among(type->code, weak))
        return WEIGHT_IGNORE;
    if (type->code[3] == '0' || is_among(type->code, never))
        return policy_default_weight(type);
    return is_among(type->code, doubted) ? WEIGHT_UNDECIDED : WEIGHT_IGNORE;
}

static bool is_lowered(const struct policy_rule *rule)
{
    enum weight usual = policy_default_weight(rule->type);

    return rule->weight < usual && usual > WEIGHT_INFORM;
}

bool policy_lowers(const struct policy *policy)
{
    for (size_t i = 0; i < policy->n_rules; i++) {
        if (is_lowered(&policy->rules[i]))
            return true;
    }
    return false;
}

/* What a step that was good so far says of the signature once its finding counts. */
static enum sub_indication sub_for(const struct step *step, const struct finding_type *type)
{
    if (step->sub != SUB_NONE)
        return step->sub;
    if (strncmp(type->code, "TIM", 3) == 0)
        return SUB_NO_POE;
    return strncmp(type->code, "CRT3", 4) == 0 ? SUB_TRY_LATER : SUB_SIG_CONSTRAINTS_FAILURE;
}

/* EN 319 102-1 5.1.3: what is no longer proven to be wrong. */
static enum sub_indication doubt(enum sub_indication sub)
{
    if (sub == SUB_REVOKED)
        return SUB_REVOKED_NO_POE;
    return sub == SUB_EXPIRED || sub == SUB_NOT_YET_VALID ? SUB_OUT_OF_BOUNDS_NO_POE : sub;
}

/* A step whose result is worse than the finding alone explains has another reason: it stays. */
static bool explains(const struct step *step, const struct finding_type *type)
{
    enum weight usual = policy_default_weight(type);

    if (step->result == STEP_FAILED)
        return usual == WEIGHT_FAIL;
    return step->result != STEP_UNKNOWN || step->sub == SUB_NONE || usual >= WEIGHT_UNDECIDED;
}

static bool is_bad(const struct step *step)
{
    return step->result == STEP_FAILED || (step->result == STEP_UNKNOWN && step->sub != SUB_NONE);
}

static void apply_to_step(struct step *step, const struct finding_type *type, enum weight weight)
{
    bool lower = weight < policy_default_weight(type);

    if (lower && !explains(step, type))
        return;
    switch (weight) {
    case WEIGHT_FAIL:
        step->sub = sub_for(step, type);
        step->result = STEP_FAILED;
        break;
    case WEIGHT_UNDECIDED:
        step->sub = doubt(sub_for(step, type));
        step->result = STEP_UNKNOWN;
        break;
    case WEIGHT_WARN:
    case WEIGHT_INFORM:
        if (is_bad(step))
            step->result = STEP_UNKNOWN;
        step->sub = SUB_NONE;
        break;
    case WEIGHT_IGNORE:
        if (is_bad(step))
            step->result = STEP_NOT_RUN;
        step->sub = SUB_NONE;
        step->finding = -1;
        break;
    case WEIGHT_DEFAULT:
        break;
    }
}

/* Says whether the finding is the reason of any step. */
static bool apply_to_steps(struct verification *v, int finding, const struct finding_type *type,
                           enum weight weight)
{
    bool any = false;

    for (size_t i = 0; i < v->n_signatures; i++) {
        struct signature_report *s = &v->signatures[i];

        for (size_t k = 0; k < s->n_steps; k++) {
            if (s->steps[k].finding != finding)
                continue;
            any = true;
            apply_to_step(&s->steps[k], type, weight);
        }
    }
    return any;
}

static void apply_to_finding(struct finding *finding, enum weight weight, bool of_step)
{
    static const enum severity severities[] = {[WEIGHT_IGNORE] = SEVERITY_INFO,
                                               [WEIGHT_INFORM] = SEVERITY_INFO,
                                               [WEIGHT_WARN] = SEVERITY_WARNING,
                                               [WEIGHT_UNDECIDED] = SEVERITY_WARNING,
                                               [WEIGHT_FAIL] = SEVERITY_ERROR};
    static const enum effect effects[] = {[WEIGHT_IGNORE] = EFFECT_NONE,
                                          [WEIGHT_INFORM] = EFFECT_NONE,
                                          [WEIGHT_WARN] = EFFECT_NONE,
                                          [WEIGHT_UNDECIDED] = EFFECT_UNDECIDED,
                                          [WEIGHT_FAIL] = EFFECT_FAILED};
    bool usual = weight == policy_default_weight(finding->type);

    if (!usual)
        finding->severity = severities[weight];
    finding->ignored = weight == WEIGHT_IGNORE;
    if (!of_step && !usual)
        finding->effect = effects[weight];
}

static void apply_rule(const struct policy_rule *rule, struct verification *v)
{
    for (size_t i = 0; i < v->findings.n; i++) {
        struct finding *finding = &v->findings.list[i];

        if (finding->type == rule->type)
            apply_to_finding(finding, rule->weight,
                             apply_to_steps(v, (int)i, rule->type, rule->weight));
    }
}

/* Findings beyond the limit were not kept: who judges more strictly cannot pass what he has not
 * seen. */
static bool may_have_missed(const struct policy *policy, const struct verification *v)
{
    for (size_t i = 0; v->findings.dropped && i < policy->n_rules; i++) {
        if (policy->rules[i].weight > policy_default_weight(policy->rules[i].type))
            return true;
    }
    return false;
}

/* A reader of the report must see that this answer is milder than ecert's own. */
static void say_what_was_lowered(const struct policy *policy, struct verification *v)
{
    CLEANUP(buf_clear) struct buf codes = BUF_INIT(4096);
    struct err ignored = ERR_INIT;

    for (size_t i = 0; i < policy->n_rules; i++) {
        const struct policy_rule *rule = &policy->rules[i];

        if (is_lowered(rule) && findings_has(&v->findings, rule->type->code) &&
            buf_addf(&codes, &ignored, codes.len ? " %s" : "%s", rule->type->code) != RC_OK)
            break; /* thousands of codes do not exist */
    }
    if (codes.len)
        (void)findings_add(&v->findings, "CMD301", PLACE_NONE, "policy", policy->name, "codes",
                           codes.data, NULL);
}

void policy_apply(const struct policy *policy, instant now, struct verification *v)
{
    struct verdict_facts facts = v->facts;

    policy_demand(policy, now, v);
    say_what_was_lowered(policy, v);
    for (size_t i = 0; i < policy->n_rules; i++)
        apply_rule(&policy->rules[i], v);
    if (may_have_missed(policy, v))
        facts.undecided = true;
    for (size_t i = 0; i < v->n_signatures; i++)
        signature_draw(&v->signatures[i]);
    verification_conclude(v, &facts);
}
