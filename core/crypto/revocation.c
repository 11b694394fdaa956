/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all sources of one issuer, lists and OCSP answers, add up to for one
 * certificate.  A revocation is believed from wherever it comes, be it old; good is
 * believed only from a source that is fresh, authentic and tells all.
 */
#include <string.h>
#include <strings.h>

#include "core/crypto/trust_priv.h"

/* Without a nextUpdate a source is believed for a week. */
#define MAX_AGE ((instant)7 * 86400)
/* The clock of a responder may run a little ahead of ours. */
#define CLOCK_SKEW ((instant)600)

/* What one source says; those below REVOKED, HOLD and RELEASED in the order in which they count. */
enum say {
    SAY_NOTHING,
    SAY_REVOKED,
    SAY_HOLD,
    SAY_CLEAR,
    SAY_RELEASED, /* a delta took it off the list again */
    SAY_PARTIAL,
    SAY_UNKNOWN,
    SAY_STALE,
    SAY_DROPPED,
    SAY_NOT_YET,
    SAY_BAD_OCSP,
    SAY_BAD_CRL,
    N_SAYS,
};

static const enum revocation meanings[N_SAYS] = {
    [SAY_RELEASED] = REVOCATION_PARTIAL, [SAY_CLEAR] = REVOCATION_GOOD,
    [SAY_PARTIAL] = REVOCATION_PARTIAL,  [SAY_UNKNOWN] = REVOCATION_UNKNOWN,
    [SAY_STALE] = REVOCATION_STALE,      [SAY_DROPPED] = REVOCATION_DROPPED,
    [SAY_NOT_YET] = REVOCATION_NOT_YET,  [SAY_BAD_OCSP] = REVOCATION_BAD_OCSP,
    [SAY_BAD_CRL] = REVOCATION_BAD_CRL,
};

/* Of each kind of saying the one that counts most: the earliest revocation, else the newest. */
struct tally {
    const struct trust *trust;
    const struct cert *cert;
    struct cert *issuer;
    instant now;
    bool said[N_SAYS];
    struct revocation_fact facts[N_SAYS];
};

/* Lists of one issuer are in the order of their numbers (RFC 5280 5.2.3), others in that of time.
 */
static bool is_newer(const struct revocation_fact *a, const struct revocation_fact *b)
{
    size_t left = strlen(a->number), right = strlen(b->number);

    if (!left || !right || strcmp(a->number, b->number) == 0)
        return a->this_update > b->this_update;
    return left != right ? left > right : strcmp(a->number, b->number) > 0;
}

bool reason_is_compromise(int reason)
{
    return reason == REASON_KEY_COMPROMISE || reason == REASON_CA_COMPROMISE ||
           reason == REASON_AA_COMPROMISE;
}

/* A theft that one source knows of counts, though another tells of an earlier revocation. */
static void note(struct tally *tally, enum say say, const struct revocation_fact *fact)
{
    struct revocation_fact *kept = &tally->facts[say], before = *kept;
    bool first = !tally->said[say], earlier = first || fact->revoked_at < before.revoked_at;

    if (say == SAY_NOTHING)
        return;
    if (first || (say == SAY_REVOKED ? earlier : is_newer(fact, kept)))
        *kept = *fact;
    if (!first && say == SAY_HOLD)
        kept->revoked_at = earlier ? fact->revoked_at : before.revoked_at;
    if (!first && say == SAY_REVOKED)
        kept->reason = reason_is_compromise(fact->reason)    ? fact->reason
                       : reason_is_compromise(before.reason) ? before.reason
                                                             : kept->reason;
    tally->said[say] = true;
}

/* Is a source of that time still believed at `now`? */
static bool is_fresh(instant this_update, instant next_update, instant now)
{
    return next_update == INSTANT_NONE ? now - this_update <= MAX_AGE : next_update >= now;
}

/* A list signed by another key of the same name is none of ours; any other wrong one is noted. */
static bool is_of_other_key(const struct crl *crl, const struct cert *issuer)
{
    return crl->authority_key_id && issuer->subject_key_id[0] &&
           strcasecmp(crl->authority_key_id, issuer->subject_key_id) != 0;
}

/*
 * RFC 5280 4.4: a CA that has a new key keeps its name, and the new key signs the lists of
 * the old one's certificates.  The two are one authority if the old key, or an anchor
 * above both, vouches for the new one.
 */
static bool is_new_key_of(const struct trust *trust, const struct cert *other,
                          const struct cert *issuer)
{
    if (!other->is_ca || cert_equals(other, issuer) ||
        X509_NAME_cmp(X509_get_subject_name(other->x509), X509_get_subject_name(issuer->x509)) != 0)
        return false;
    if (cert_names_equal(other, issuer) && trust_issued_by(trust, other, issuer) == SIGCHECK_GOOD)
        return true;
    for (size_t i = 0; i < trust->anchors.n; i++) {
        const struct cert *anchor = trust->anchors.list[i];

        if (cert_names_equal(other, anchor) && cert_names_equal(issuer, anchor) &&
            trust_issued_by(trust, other, anchor) == SIGCHECK_GOOD &&
            trust_issued_by(trust, issuer, anchor) == SIGCHECK_GOOD)
            return true;
    }
    return false;
}

static enum sigcheck check_list(struct crl *crl, const struct tally *tally)
{
    const struct certs *others = &tally->trust->intermediates;
    enum sigcheck check = crl_verify(crl, tally->issuer);

    for (size_t i = 0; i < others->n && check == SIGCHECK_WRONG; i++) {
        if (is_new_key_of(tally->trust, others->list[i], tally->issuer) &&
            crl_verify(crl, others->list[i]) == SIGCHECK_GOOD)
            check = SIGCHECK_GOOD;
    }
    return check;
}

/*
 * What is listed counts, whatever the list leaves out.  A list from after `now` (a
 * check as of the past) tells only of what had happened by then.
 */
static enum say say_listed(const struct crl *crl, const struct crl_entry *entry,
                           const struct tally *tally, struct revocation_fact *fact)
{
    if (entry->reason == REASON_REMOVE)
        return crl->is_delta ? SAY_RELEASED : SAY_PARTIAL;
    if (crl->this_update > tally->now && entry->at > tally->now)
        return SAY_NOTHING;
    fact->revoked_at = entry->at;
    fact->reason = entry->reason;
    return entry->reason == REASON_HOLD ? SAY_HOLD : SAY_REVOKED;
}

static enum say say_unlisted(const struct crl *crl, const struct tally *tally)
{
    if (!crl_covers(crl, tally->cert))
        return SAY_NOTHING;
    if (crl->use != CRL_COMPLETE)
        return SAY_PARTIAL;
    if (tally->cert->not_after < crl->ended_before)
        return SAY_DROPPED;
    return is_fresh(crl->this_update, crl->next_update, tally->now) ? SAY_CLEAR : SAY_STALE;
}

static void count_list(struct crl *crl, struct tally *tally)
{
    struct revocation_fact fact = {.revoked_at = INSTANT_NONE, .source = SOURCE_CRL};
    const struct crl_entry *entry;
    enum sigcheck check;
    enum say say;

    if (!crl_is_of(crl, tally->issuer))
        return;
    check = check_list(crl, tally);
    fact.produced_at = fact.this_update = crl->this_update;
    fact.next_update = crl->next_update;
    memcpy(fact.number, crl->number, sizeof(fact.number));
    memcpy(fact.sm3, crl->sm3, SM3_LEN);
    entry = crl_find(crl, tally->cert);
    if (check == SIGCHECK_WRONG)
        say = is_of_other_key(crl, tally->issuer) ? SAY_NOTHING : SAY_BAD_CRL;
    else if (check == SIGCHECK_UNSUPPORTED || crl->use == CRL_UNUSABLE)
        say = crl_covers(crl, tally->cert) ? SAY_PARTIAL : SAY_NOTHING;
    else
        say = entry ? say_listed(crl, entry, tally, &fact) : SAY_NOTHING;
    /* what was listed only later was not yet then, as if the list were silent */
    if (say == SAY_NOTHING && check == SIGCHECK_GOOD && crl->use != CRL_UNUSABLE)
        say = say_unlisted(crl, tally);
    note(tally, say, &fact);
}

/*
 * A responder that is not the issuer may itself have been revoked; only its issuer's
 * lists are asked, since asking another responder could go round in a circle.
 */
static bool is_responder_revoked(const struct tally *tally, const struct cert *responder,
                                 instant produced_at)
{
    struct tally own = {
        .trust = tally->trust, .cert = responder, .issuer = tally->issuer, .now = tally->now};
    const struct revocation_fact *fact = &own.facts[SAY_REVOKED];

    if (cert_equals(responder, tally->issuer) || responder->never_revoked)
        return false;
    for (size_t i = 0; i < tally->trust->n_crls; i++)
        count_list(tally->trust->crls[i], &own);
    if (!own.said[SAY_REVOKED])
        return own.said[SAY_HOLD] && own.facts[SAY_HOLD].revoked_at <= produced_at;
    return fact->revoked_at <= produced_at || reason_is_compromise(fact->reason);
}

static enum say say_revoked(const struct ocsp_single *single, const struct tally *tally,
                            struct revocation_fact *fact)
{
    if (single->this_update > tally->now && single->at > tally->now)
        return SAY_NOT_YET;
    fact->revoked_at = single->at;
    fact->reason = single->reason;
    /* RFC 6960 2.2: a hold since 1970 is how a responder says "never issued" */
    if (single->reason == REASON_HOLD && single->at == 0)
        fact->reason = 0;
    return fact->reason == REASON_HOLD ? SAY_HOLD : SAY_REVOKED;
}

static enum say say_answer(const struct ocsp *ocsp, const struct ocsp_single *single,
                           const struct tally *tally, struct revocation_fact *fact)
{
    if (ocsp->is_unusable || single->is_unusable)
        return SAY_PARTIAL;
    if (single->status == OCSP_REVOKED)
        return say_revoked(single, tally, fact);
    if (single->this_update > tally->now + CLOCK_SKEW)
        return SAY_NOT_YET;
    if (!is_fresh(single->this_update, single->next_update, tally->now))
        return SAY_STALE;
    if (single->status == OCSP_UNKNOWN)
        return SAY_UNKNOWN;
    return tally->cert->not_after < single->ended_before ? SAY_DROPPED : SAY_CLEAR;
}

static void count_answer(struct ocsp *ocsp, struct tally *tally)
{
    const struct ocsp_single *single = ocsp_find(ocsp, tally->cert, tally->issuer);
    struct revocation_fact fact = {.revoked_at = INSTANT_NONE, .source = SOURCE_OCSP};
    CLEANUP(cert_freep) struct cert *responder = NULL;
    enum sigcheck check;

    if (!single)
        return;
    fact.produced_at = ocsp->produced_at;
    fact.this_update = single->this_update;
    fact.next_update = single->next_update;
    memcpy(fact.sm3, ocsp->sm3, SM3_LEN);
    check = ocsp_verify(ocsp, tally->issuer, &tally->trust->intermediates, &responder);
    if (check == SIGCHECK_UNSUPPORTED)
        note(tally, SAY_PARTIAL, &fact);
    else if (check == SIGCHECK_WRONG || is_responder_revoked(tally, responder, ocsp->produced_at))
        note(tally, SAY_BAD_OCSP, &fact);
    else
        note(tally, say_answer(ocsp, single, tally, &fact), &fact);
}

/* A revocation is never taken back, whatever a later source omits; a hold may be. */
static bool is_held(const struct tally *tally)
{
    static const enum say ends[] = {SAY_CLEAR, SAY_RELEASED};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (tally->said[ends[i]] && is_newer(&tally->facts[ends[i]], &tally->facts[SAY_HOLD]))
            return false;
    }
    return tally->said[SAY_HOLD];
}

static void conclude(const struct tally *tally, struct revocation_fact *out)
{
    *out = (struct revocation_fact){.status = REVOCATION_NONE,
                                    .revoked_at = INSTANT_NONE,
                                    .produced_at = INSTANT_NONE,
                                    .this_update = INSTANT_NONE,
                                    .next_update = INSTANT_NONE};
    if (tally->said[SAY_REVOKED] || is_held(tally)) {
        *out = tally->facts[tally->said[SAY_REVOKED] ? SAY_REVOKED : SAY_HOLD];
        out->status = REVOCATION_REVOKED;
        return;
    }
    for (enum say say = SAY_CLEAR; say < N_SAYS; say++) {
        if (tally->said[say]) {
            *out = tally->facts[say];
            out->status = meanings[say];
            return;
        }
    }
}

void trust_revocation(const struct trust *trust, const struct cert *cert, struct cert *issuer,
                      instant now, struct revocation_fact *out)
{
    struct tally tally = {.trust = trust, .cert = cert, .issuer = issuer, .now = now};

    for (size_t i = 0; i < trust->n_crls; i++)
        count_list(trust->crls[i], &tally);
    for (size_t i = 0; i < trust->n_ocsps; i++)
        count_answer(trust->ocsps[i], &tally);
    conclude(&tally, out);
}
