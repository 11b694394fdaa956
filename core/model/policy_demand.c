/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy demands beyond what is wrong: keys, algorithms, proof of time, seals, issuers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/policy_priv.h"

#define DAY 86400

/* One signature under judgement. */
struct demand {
    const struct policy *policy;
    instant now;
    struct verification *v;
    struct signature_report *s;
    instant time; /* when it was made, as well as is known */
};

static struct place place_of(const struct demand *d)
{
    return PLACE_FIELD(d->s->id);
}

/* Without room for a step the finding decides by itself. */
static void doubt(const struct demand *d, const char *step, int finding, enum sub_indication sub)
{
    if (d->s->n_steps < STEPS_MAX + STEPS_OF_POLICY)
        signature_step(d->s, step, STEP_UNKNOWN, finding, sub);
    else
        findings_decide(&d->v->findings, finding, EFFECT_UNDECIDED);
}

static void pass(const struct demand *d, const char *step)
{
    if (d->s->n_steps < STEPS_MAX + STEPS_OF_POLICY)
        signature_step(d->s, step, STEP_PASSED, -1, SUB_NONE);
}

/* The latest rule that was in force then. */
static int least_bits(const struct demand *d, const char *kind)
{
    instant since = INSTANT_NONE;
    int min = 0;

    for (size_t i = 0; i < d->policy->n_keys; i++) {
        const struct policy_key *key = &d->policy->keys[i];

        if (strcmp(key->kind, kind) == 0 && key->from <= d->time && key->from >= since) {
            since = key->from;
            min = key->min;
        }
    }
    return min;
}

static bool check_path(const struct demand *d, const struct path_report *path)
{
    char bits[16], min[16];
    bool good = true;

    for (size_t i = 0; i < path->n; i++) {
        const struct cert_report *cert = &path->list[i];
        int least = least_bits(d, cert->key);

        if (cert->bits >= least)
            continue;
        (void)snprintf(bits, sizeof(bits), "%d", cert->bits);
        (void)snprintf(min, sizeof(min), "%d", least);
        doubt(d, "key-size",
              findings_add(&d->v->findings, "CRT191", place_of(d), "subject", cert->subject, "key",
                           cert->key, "bits", bits, "min", min, NULL),
              SUB_CRYPTO_CONSTRAINTS_FAILURE);
        good = false;
    }
    return good;
}

static void demand_keys(const struct demand *d)
{
    bool signer, maker;

    if (!d->policy->n_keys || !d->s->signer_path.n)
        return;
    signer = check_path(d, &d->s->signer_path);
    maker = check_path(d, &d->s->maker_path);
    if (signer && maker)
        pass(d, "key-size");
}

static bool is_named(const char *rule, const char *used)
{
    enum hash_alg a, b;

    return strcasecmp(rule, used) == 0 ||
           (hash_by_name(rule, &a) && hash_by_name(used, &b) && a == b);
}

/* The digest of a signature algorithm, which its OID only implies. */
static const char *digest_of(const char *oid)
{
    static const struct {
        const char *oid, *digest;
    } names[] = {{"1.2.840.113549.1.1.4", "MD5"},      {"1.2.840.113549.1.1.5", "SHA-1"},
                 {"1.2.840.113549.1.1.11", "SHA-256"}, {"1.2.840.113549.1.1.12", "SHA-384"},
                 {"1.2.840.113549.1.1.13", "SHA-512"}, {"1.2.840.10045.4.3.2", "SHA-256"},
                 {"1.2.840.10045.4.1", "SHA-1"},       {"1.2.156.10197.1.501", "SM3"}};

    for (size_t i = 0; oid && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].oid, oid) == 0)
            return names[i].digest;
    }
    return NULL;
}

static bool refuse(const struct demand *d, const struct policy_algorithm *rule, const char *used)
{
    const char *digest = digest_of(used);
    char until[21];

    if (!is_named(rule->name, used) && !(digest && is_named(rule->name, digest)))
        return false;
    instant_print(rule->until, until);
    doubt(d, "algorithm",
          findings_add(&d->v->findings, "SIG191", place_of(d), "algorithm", used, "until",
                       *until ? until : "-", NULL),
          SUB_CRYPTO_CONSTRAINTS_FAILURE);
    return true;
}

/* Of several signers there are several, with blanks between them. */
static bool refuse_any(const struct demand *d, const struct policy_algorithm *rule,
                       const char *used)
{
    CLEANUP(freep) char *list = mem_text(used);
    char *rest = list, *one;

    while (rest && (one = strsep(&rest, " "))) {
        if (refuse(d, rule, one))
            return true;
    }
    return false;
}

static void demand_algorithms(const struct demand *d)
{
    const char *const used[] = {d->s->value_algorithm, d->s->seal_algorithm, d->s->digest};
    bool good = true;

    for (size_t i = 0; i < d->policy->n_algorithms; i++) {
        const struct policy_algorithm *rule = &d->policy->algorithms[i];
        bool refused = d->time <= rule->until;

        for (size_t k = 0; !refused && k < sizeof(used) / sizeof(used[0]); k++) {
            refused = refuse_any(d, rule, used[k]);
            good &= !refused;
        }
    }
    if (d->policy->n_algorithms && good)
        pass(d, "algorithm");
}

static struct step *find_step(struct signature_report *s, const char *id)
{
    for (size_t i = 0; i < s->n_steps; i++) {
        if (strcmp(s->steps[i].id, id) == 0)
            return &s->steps[i];
    }
    return NULL;
}

/* Shared decision of the design: what only the signer claims is no proof (NO_POE). */
static void demand_time(const struct demand *d)
{
    struct step *step = find_step(d->s, "time-proof");
    int finding;

    if (!d->policy->require.timestamp && d->policy->level == LEVEL_BASIC)
        return;
    if (d->s->best_time != INSTANT_NONE) {
        if (!step)
            pass(d, "time-proof");
        return;
    }
    if (step &&
        (step->result == STEP_FAILED || (step->result == STEP_UNKNOWN && step->sub != SUB_NONE)))
        return; /* said already */
    finding = step && step->finding >= 0
                  ? step->finding
                  : findings_add(&d->v->findings, "TIM190", place_of(d), "id", d->s->id, NULL);
    if (!step) {
        doubt(d, "time-proof", finding, SUB_NO_POE);
        return;
    }
    step->result = STEP_UNKNOWN;
    step->finding = finding;
    step->sub = SUB_NO_POE;
}

static bool is_fresh(const struct demand *d, const struct revocation_report *revocation, int days)
{
    return revocation->this_update == INSTANT_NONE ||
           d->now - revocation->this_update <= (instant)days * DAY;
}

static bool check_fresh(const struct demand *d, const struct revocation_report *revocation,
                        const struct path_report *path)
{
    bool ocsp = revocation->source && strcmp(revocation->source, "ocsp") == 0;
    int days = ocsp ? d->policy->ocsp_days : d->policy->crl_days;
    char since[21], allowed[16];

    if (!days || !revocation->state || is_fresh(d, revocation, days))
        return true;
    instant_print(revocation->this_update, since);
    (void)snprintf(allowed, sizeof(allowed), "%d", days);
    doubt(d, "revocation-fresh",
          findings_add(&d->v->findings, "CRT192", place_of(d), "subject",
                       path->n ? path->list[0].subject : NULL, "since", since, "days", allowed,
                       NULL),
          SUB_TRY_LATER);
    return false;
}

static void demand_fresh(const struct demand *d)
{
    bool signer, maker;

    if (!d->policy->crl_days && !d->policy->ocsp_days)
        return;
    signer = check_fresh(d, &d->s->signer_revocation, &d->s->signer_path);
    maker = check_fresh(d, &d->s->maker_revocation, &d->s->maker_path);
    if (signer && maker)
        pass(d, "revocation-fresh");
}

static void decide(struct verification *v, int finding)
{
    findings_decide(&v->findings, finding, EFFECT_UNDECIDED);
}

/* Any seal that did not fail counts: whether it is believed decides the verdict by itself. */
static void demand_seals(const struct policy *policy, struct verification *v)
{
    char valid[16], want[16];
    int n = 0;

    if (policy->require.seals <= v->seals_required || !v->n_signatures)
        return; /* what the licence itself requires was counted with it */
    for (size_t i = 0; i < v->n_signatures; i++) {
        const struct signature_report *s = &v->signatures[i];

        n += s->is_seal && s->indication != TOTAL_FAILED && !s->duplicate;
    }
    if (n >= policy->require.seals)
        return;
    (void)snprintf(valid, sizeof(valid), "%d", n);
    (void)snprintf(want, sizeof(want), "%d", policy->require.seals);
    decide(v, findings_add(&v->findings, "OFD104", PLACE_NONE, "valid", valid, "required", want,
                           NULL));
}

static void demand_coverage(struct verification *v)
{
    char n[24];

    if (v->coverage_complete || !v->n_signatures)
        return;
    (void)snprintf(n, sizeof(n), "%zu", v->n_uncovered);
    decide(v, findings_add(&v->findings, "DIG190", PLACE_NONE, "n", n, NULL));
}

static bool has_signed(const struct verification *v, const char *issuer)
{
    for (size_t i = 0; i < v->n_signatures; i++) {
        const struct signature_report *s = &v->signatures[i];

        for (size_t k = 0; s->indication != TOTAL_FAILED && k < s->n_issuers; k++) {
            if (strcmp(s->issuers[k], issuer) == 0)
                return true;
        }
    }
    return false;
}

static void demand_issuers(const struct requirements *require, struct verification *v)
{
    for (size_t i = 0; i < require->n_issuers; i++) {
        if (!has_signed(v, require->issuers[i]))
            decide(v, findings_add(&v->findings, "CRT193", PLACE_NONE, "issuer",
                                   require->issuers[i], NULL));
    }
}

static void demand_status(struct verification *v)
{
    if (v->status_known)
        return;
    for (size_t i = 0; i < v->findings.n; i++) {
        if (strcmp(v->findings.list[i].type->code, "OFD313") == 0) {
            decide(v, (int)i);
            return;
        }
    }
    decide(v, findings_add(&v->findings, "OFD313", PLACE_NONE, NULL));
}

void policy_demand(const struct policy *policy, instant now, struct verification *v)
{
    for (size_t i = 0; i < v->n_signatures; i++) {
        struct signature_report *s = &v->signatures[i];
        struct demand d = {.policy = policy, .now = now, .v = v, .s = s};

        d.time = s->best_time != INSTANT_NONE ? s->best_time : s->claimed_time;
        d.time = d.time != INSTANT_NONE ? d.time : now;
        demand_keys(&d);
        demand_algorithms(&d);
        demand_time(&d);
        demand_fresh(&d);
    }
    demand_seals(policy, v);
    if (v->facts.unreadable != RC_OK)
        return; /* there is nothing of which to demand it */
    if (policy->require.coverage)
        demand_coverage(v);
    demand_issuers(&policy->require, v);
    if (policy->require.status)
        demand_status(v);
}
