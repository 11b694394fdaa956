/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths from a leaf to an anchor.  They are built here and not by X509_verify_cert():
 * that one needs the id on each certificate, cannot check the lists of SM2 issuers,
 * and does not tell "revoked since" from "revoked before".
 */
#include "core/crypto/chain.h"

#include <string.h>

#include "core/crypto/trust_priv.h"

/* Signatures looked at for one leaf: bounds hostile sets of cross certificates. */
enum { MAX_CHECKS = 200 };

struct search {
    const struct trust *trust;
    const struct certs *extra;
    instant at, now;
    struct cert *path[CHAIN_PATH_MAX];
    size_t n;
    int checks;
    bool complete; /* out holds a path that ends in an anchor */
    struct chain *out;
};

/* A candidate of that name for the issuer of the last certificate, or for another key of it. */
enum fit { FIT_NONE, FIT_OTHER_KEY, FIT_LIKELY };

void chain_clear(struct chain *chain)
{
    certs_clear(&chain->path);
    *chain = (struct chain){.status = CHAIN_NO_ANCHOR, .revocation = REVOCATION_NONE};
}

static bool is_in_path(const struct search *search, const struct cert *cert)
{
    for (size_t i = 0; i < search->n; i++) {
        if (cert_equals(search->path[i], cert))
            return true;
    }
    return false;
}

/* A root need not say which key signed it: its own. */
static const char *issuing_key_id(const struct cert *cert)
{
    bool silent_root = !cert->authority_key_id[0] && cert_is_self_issued(cert);

    return silent_root ? cert->subject_key_id : cert->authority_key_id;
}

static enum fit fit_of(const struct search *search, const struct cert *candidate)
{
    const struct cert *last = search->path[search->n - 1];
    const char *id = issuing_key_id(last);

    if (!cert_names_equal(last, candidate) || is_in_path(search, candidate))
        return FIT_NONE;
    if (id[0] && candidate->subject_key_id[0] && strcmp(id, candidate->subject_key_id) != 0)
        return FIT_OTHER_KEY;
    return FIT_LIKELY;
}

/* RFC 5280 6.1.4 k to n.  An anchor of version 1 is a CA because someone chose to trust it. */
static bool may_issue(const struct search *search, size_t i)
{
    const struct cert *cert = search->path[i];
    bool old_anchor = cert->is_v1 && i + 1 == search->n && cert_is_self_issued(cert);
    long below = 0;

    if ((!cert->is_ca && !old_anchor) || !cert_may_sign_certs(cert))
        return false;
    for (size_t k = 1; k < i; k++)
        below += !cert_is_self_issued(search->path[k]);
    return cert->path_length < 0 || below <= cert->path_length;
}

/* A compromised key may have signed at any time; any other revocation counts from its date. */
static bool is_revoked(const struct search *search, size_t i)
{
    struct revocation_fact fact;

    if (i == 0 || i + 1 >= search->n)
        return false;
    trust_revocation(search->trust, search->path[i], search->path[i + 1], search->now, &fact);
    return fact.status == REVOCATION_REVOKED &&
           (fact.revoked_at <= search->at || reason_is_compromise(fact.reason));
}

/* What is wrong with a path, and with which of its certificates. */
struct fault {
    enum chain_status status;
    size_t at;
};

static void blame(struct fault *fault, enum chain_status status, size_t at)
{
    if (fault->status == CHAIN_OK || status < fault->status) /* the enum lists the worst first */
        *fault = (struct fault){status, at};
}

/* All signatures of the path are good and it ends in an anchor: may it be believed? */
static struct fault judge(const struct search *search)
{
    struct fault fault = {CHAIN_OK, 0};

    for (size_t i = 0; i < search->n; i++) {
        const struct cert *cert = search->path[i];

        if (i > 0 && !may_issue(search, i))
            blame(&fault, CHAIN_BAD_CA, i);
        if (cert->has_unknown_critical)
            blame(&fault, CHAIN_CRITICAL, i);
        if (i > 0 && (search->at < cert->not_before || search->at > cert->not_after))
            blame(&fault, CHAIN_ISSUER_EXPIRED, i);
        if (is_revoked(search, i))
            blame(&fault, CHAIN_ISSUER_REVOKED, i);
    }
    return fault;
}

static void keep(struct search *search, struct fault fault)
{
    certs_clear(&search->out->path);
    for (size_t i = 0; i < search->n; i++)
        certs_add(&search->out->path, search->path[i]);
    search->out->status = fault.status;
    search->out->fault = fault.at;
}

/* Of several paths that do not hold, the one with the smallest fault is reported. */
static bool arrive(struct search *search)
{
    enum chain_status before = search->out->status;
    struct fault fault = judge(search);

    if (!search->complete || fault.status == CHAIN_OK || fault.status > before)
        keep(search, fault);
    search->complete = true;
    return fault.status == CHAIN_OK;
}

static void stop_short(struct search *search, enum chain_status status)
{
    if (!search->complete && search->n > search->out->path.n)
        keep(search, (struct fault){status, search->n - 1});
}

/* What was met while the issuers of one certificate were tried. */
struct step {
    bool any_good;
    enum chain_status fault; /* of the likely ones, CHAIN_NO_ANCHOR while there is none */
};

static bool extend(struct search *search);

/* By its key identifier: another key of the same name would not explain a wrong signature. */
static bool is_named_by_key(const struct search *search, const struct cert *candidate)
{
    return issuing_key_id(search->path[search->n - 1])[0] && candidate->subject_key_id[0];
}

static bool try_issuer(struct search *search, struct cert *candidate, enum fit want,
                       struct step *step)
{
    enum sigcheck answer;
    bool found;

    if (search->n == CHAIN_PATH_MAX || fit_of(search, candidate) != want ||
        ++search->checks > MAX_CHECKS)
        return false;
    answer = trust_issued_by(search->trust, search->path[search->n - 1], candidate);
    if (answer != SIGCHECK_GOOD) {
        if (want == FIT_LIKELY && step->fault == CHAIN_NO_ANCHOR &&
            (answer == SIGCHECK_UNSUPPORTED || is_named_by_key(search, candidate)))
            step->fault = answer == SIGCHECK_WRONG ? CHAIN_BAD_SIGNATURE : CHAIN_UNSUPPORTED;
        return false;
    }
    step->any_good = true;
    search->path[search->n++] = candidate;
    found = extend(search);
    search->n--;
    return found;
}

static bool try_issuers(struct search *search, const struct certs *candidates, enum fit want,
                        struct step *step)
{
    for (size_t i = 0; candidates && i < candidates->n; i++) {
        if (try_issuer(search, candidates->list[i], want, step))
            return true;
    }
    return false;
}

/* Grows the path at its end; true when a path was found that holds. */
static bool extend(struct search *search)
{
    static const enum fit order[] = {FIT_LIKELY, FIT_OTHER_KEY};
    struct step step = {.fault = CHAIN_NO_ANCHOR};

    if (trust_is_anchor(search->trust, search->path[search->n - 1]))
        return arrive(search);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (try_issuers(search, &search->trust->anchors, order[i], &step) ||
            try_issuers(search, &search->trust->intermediates, order[i], &step) ||
            try_issuers(search, search->extra, order[i], &step))
            return true;
    }
    if (!step.any_good)
        stop_short(search, step.fault);
    return false;
}

/* As much of text as fits, cut between characters. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t n = strnlen(text, size - 1);

    while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    memcpy(out, text, n);
    out[n] = '\0';
}

/* Whom to ask for: the issuer of the last certificate, or that root itself. */
static void name_missing(struct chain *out)
{
    const struct cert *last = out->path.list[out->path.n - 1];
    bool root = cert_is_self_issued(last);

    copy_text(out->missing, sizeof(out->missing), last->issuer_text);
    copy_text(out->missing_key_id, sizeof(out->missing_key_id),
              root && last->subject_key_id[0] ? last->subject_key_id : last->authority_key_id);
}

/* Of each certificate under the one that issued it; an anchor answers to nobody. */
static void look_up_revocation(const struct search *search, struct chain *out)
{
    for (size_t i = 0; i + 1 < out->path.n; i++)
        trust_revocation(search->trust, out->path.list[i], out->path.list[i + 1], search->now,
                         &out->facts[out->n_facts++]);
    if (out->n_facts == 0)
        return;
    out->revocation = out->facts[0].status;
    out->revoked_at = out->facts[0].revoked_at;
    out->reason = out->facts[0].reason;
}

void chain_build(const struct trust *trust, struct cert *leaf, const struct certs *extra,
                 instant at, instant now, struct chain *out)
{
    struct search search = {
        .trust = trust, .extra = extra, .at = at, .now = now, .path = {leaf}, .n = 1, .out = out};

    *out = (struct chain){
        .status = CHAIN_NO_ANCHOR, .revocation = REVOCATION_NONE, .revoked_at = INSTANT_NONE};
    (void)extend(&search);
    if (out->path.n == 0)
        keep(&search, (struct fault){CHAIN_NO_ANCHOR, 0});
    if (out->status == CHAIN_NO_ANCHOR)
        name_missing(out);
    look_up_revocation(&search, out);
}
