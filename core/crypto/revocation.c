/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "core/crypto/trust_priv.h"

/* What the lists of one issuer add up to for one certificate. */
struct tally {
    const struct cert *cert, *issuer;
    instant now;
    bool fresh, stale, bad;
    instant cleared;               /* thisUpdate of the newest fresh list that is silent */
    const struct crl_entry *entry; /* the earliest that stands */
    const struct crl_entry *hold;  /* the earliest hold, and when it was last said */
    instant held;
};

/* A list signed by another key of the same name is none of ours; any other wrong one is noted. */
static bool is_usable(struct crl *crl, struct tally *tally)
{
    if (!crl_is_of(crl, tally->issuer))
        return false;
    if (crl_verify(crl, tally->issuer) == SIGCHECK_GOOD)
        return true;
    if (!crl->authority_key_id || !tally->issuer->subject_key_id[0] ||
        strcasecmp(crl->authority_key_id, tally->issuer->subject_key_id) == 0)
        tally->bad = true;
    return false;
}

/* A list from after `now` (a check as of the past) tells only of what had happened by then. */
static const struct crl_entry *listed(const struct crl *crl, const struct tally *tally)
{
    const struct crl_entry *entry = crl_find(crl, tally->cert);

    if (!entry || entry->reason == REASON_REMOVE ||
        (crl->this_update > tally->now && entry->at > tally->now))
        return NULL;
    return entry;
}

static void count(const struct crl *crl, struct tally *tally)
{
    const struct crl_entry *entry = listed(crl, tally);
    bool fresh = crl->next_update == INSTANT_NONE || crl->next_update >= tally->now;

    if (entry && entry->reason == REASON_HOLD) {
        if (!tally->hold || entry->at < tally->hold->at)
            tally->hold = entry;
        if (crl->this_update > tally->held)
            tally->held = crl->this_update;
    } else if (entry) {
        if (!tally->entry || entry->at < tally->entry->at)
            tally->entry = entry;
    } else if (crl_covers(crl, tally->cert)) {
        tally->fresh |= fresh;
        tally->stale |= !fresh;
        if (fresh && crl->this_update > tally->cleared)
            tally->cleared = crl->this_update;
    }
}

enum revocation trust_revocation(const struct trust *trust, const struct cert *cert,
                                 const struct cert *issuer, instant now, struct crl_entry *revoked)
{
    struct tally tally = {
        .cert = cert, .issuer = issuer, .now = now, .cleared = INSTANT_NONE, .held = INSTANT_NONE};

    for (size_t i = 0; i < trust->n_crls; i++) {
        if (is_usable(trust->crls[i], &tally))
            count(trust->crls[i], &tally);
    }
    /* A revocation is never taken back, whatever a later list omits; a hold may be. */
    if (!tally.entry && tally.hold && tally.held >= tally.cleared)
        tally.entry = tally.hold;
    if (tally.entry) {
        *revoked = *tally.entry;
        return REVOCATION_REVOKED;
    }
    if (tally.fresh)
        return REVOCATION_GOOD;
    if (tally.stale)
        return REVOCATION_STALE;
    return tally.bad ? REVOCATION_BAD_CRL : REVOCATION_NONE;
}
