/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of time: ETSI EN 319 102-1, 5.5.4 (signatures with time) and 5.6.2 (past validation). */
#include "core/model/judge.h"

static int proof_finding(const struct judge *judge, const char *code, const struct cert *cert,
                         instant revoked)
{
    char time[21], to[21], at[21];

    instant_print(judge->proven ? *judge->proven : INSTANT_NONE, time);
    instant_print(cert_not_after(cert), to);
    instant_print(revoked, at);
    return findings_add(judge->findings, code, judge_place(judge, "time-proof"), "subject",
                        cert_subject(cert), "time", time, "to", to, "revoked", at, NULL);
}

/* The seal had ended before anything but its user's word shows that it was used. */
static int late_finding(const struct judge *judge)
{
    char time[21], to[21];

    instant_print(*judge->proven, time);
    instant_print(judge->until, to);
    return findings_add(judge->findings, "TIM118", judge_place(judge, "time-proof"), "time", time,
                        "to", to, NULL);
}

/* What was not needed is told, but does not count. */
static void unproven(const struct judge *judge, int finding, enum sub_indication sub)
{
    signature_step(judge->report, "time-proof", STEP_UNKNOWN, finding,
                   judge->level == LEVEL_BASIC ? SUB_NONE : sub);
}

/* Revoked after the time that the signer gives, but before a timestamp saw the value. */
static bool revoked_between(const struct judge *judge, const struct chain *chain, instant claimed)
{
    return chain->revocation == REVOCATION_REVOKED && chain->revoked_at > claimed &&
           chain->revoked_at <= *judge->proven;
}

void judge_time_proof(const struct judge *judge, const struct cert *cert, const struct chain *chain,
                      instant claimed)
{
    if (!judge->proven && judge->level == LEVEL_BASIC)
        return;
    if (!judge->proven)
        unproven(judge, proof_finding(judge, "TIM104", cert, INSTANT_NONE), SUB_NO_POE);
    else if (*judge->proven > cert_not_after(cert))
        unproven(judge, proof_finding(judge, "TIM113", cert, INSTANT_NONE),
                 SUB_OUT_OF_BOUNDS_NO_POE);
    else if (judge->until && *judge->proven > judge->until)
        unproven(judge, late_finding(judge), SUB_OUT_OF_BOUNDS_NO_POE);
    else if (revoked_between(judge, chain, claimed))
        unproven(judge, proof_finding(judge, "TIM114", cert, chain->revoked_at),
                 SUB_REVOKED_NO_POE);
    else
        signature_step(judge->report, "time-proof", STEP_PASSED,
                       proof_finding(judge, "TIM305", cert, INSTANT_NONE), SUB_NONE);
}

/*
 * Known not to be revoked at `at`: by a source from then or later, whatever became of it since, or
 * by one that was current then.
 */
static bool is_cleared(const struct judge *judge, const struct chain *chain, size_t i, instant at)
{
    const struct revocation_fact *fact = &chain->facts[i];
    CLEANUP(chain_clear) struct chain then = {0};

    if (i >= chain->n_facts)
        return false;
    if (fact->status == REVOCATION_REVOKED)
        return fact->revoked_at > at;
    if (fact->status == REVOCATION_GOOD ||
        (fact->status == REVOCATION_STALE && fact->this_update >= at))
        return true;
    chain_build(judge->trust, chain->path.list[i], &chain->path, at, at, &then);
    return then.revocation == REVOCATION_GOOD;
}

void judge_evidence(const struct judge *judge, struct cert *cert, const struct certs *extra,
                    instant at, struct evidence *sum)
{
    CLEANUP(chain_clear) struct chain chain = {0};
    const struct cert *lacking = NULL;
    char time[21];

    chain_build(judge->trust, cert, extra, at, judge->now, &chain);
    if (chain.status != CHAIN_OK)
        lacking = cert;
    for (size_t i = 0; !lacking && i + 1 < chain.path.n; i++) {
        if (!is_cleared(judge, &chain, i, at))
            lacking = chain.path.list[i];
    }
    if (!lacking || sum->lacks)
        return;
    instant_print(at, time);
    *sum = (struct evidence){true,
                             findings_add(judge->findings, "TIM115", judge_place(judge, "evidence"),
                                          "subject", cert_subject(lacking), "issuer",
                                          cert_issuer(lacking), "time", time, NULL)};
}

void judge_evidence_step(const struct judge *judge, const struct evidence *sum)
{
    if (judge->level != LEVEL_ARCHIVAL)
        return;
    if (!judge->proven) /* time-proof says what is missing first */
        judge_not_run(judge, "evidence", -1);
    else if (sum->lacks)
        signature_step(judge->report, "evidence", STEP_UNKNOWN, sum->finding, SUB_TRY_LATER);
    else
        judge_passed(judge, "evidence");
}

instant judge_moment(const struct verification *v, instant now)
{
    instant last = INSTANT_NONE;

    for (size_t i = 0; i < v->n_signatures; i++) {
        const struct signature_report *s = &v->signatures[i];
        instant at = s->best_time != INSTANT_NONE ? s->best_time : s->claimed_time;

        if (at > last && at <= now)
            last = at;
    }
    return last == INSTANT_NONE ? now : last;
}

void judge_tell_moment(struct verification *v, instant moment)
{
    char time[21];

    instant_print(moment, time);
    (void)findings_add(&v->findings, "TIM307", PLACE_NONE, "time", time, NULL);
}
