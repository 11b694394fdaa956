/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_JUDGE_H
#define CORE_MODEL_JUDGE_H

#include "core/model/issuers.h"
#include "core/model/judge_cache.h"
#include "core/model/level.h"
#include "core/model/verification.h"

/* data-formats: the signed item that holds SM3(digests.json) of a licence of ours. */
#define LICENCE_DIGESTS_OID "2.25.29353619050806531945260022755333030025"

/* A clock of a sealing or timestamping service may run a little ahead of ours. */
#define JUDGE_CLOCK_SKEW ((instant)600)

/*
 * What seal signatures and SignedData have in common: a certificate that made a
 * value at some time, judged by trust, usage, validity and revocation.
 */
struct judge {
    const struct trust *trust;
    struct judge_cache *cache; /* may be NULL */
    instant now;               /* validation time */
    const char *part;          /* name for findings */
    struct signature_report *report;
    struct findings *findings;
    enum level level;
    const instant *proven; /* a timestamp proves that the value was there by then; NULL: none */
    instant until;         /* proof from after it is too late (the seal's end); 0: no such end */
};

/* Where a finding about `field` of the value is. */
struct place judge_place(const struct judge *judge, const char *field);

/* Notes a step that passed without a finding. */
void judge_passed(const struct judge *judge, const char *step);
/* Notes a step that was not run; finding -1: without one.  The indication stays. */
void judge_not_run(const struct judge *judge, const char *step, int finding);

/* Step `step`: the path to an anchor at `at`.  The caller clears *out. */
void judge_chain(const struct judge *judge, const char *step, struct cert *cert,
                 const struct certs *extra, instant at, struct chain *out);

/* What a path that does not hold means: its finding, and what it makes of a step. */
struct chain_fault {
    enum step_result result;
    int finding;
    enum sub_indication sub;
};
struct chain_fault judge_chain_fault(const struct judge *judge, const char *step,
                                     const struct cert *cert, const struct chain *chain,
                                     instant at);

/* Step `step`: key usage allows signatures (never a certificate for encryption alone). */
void judge_usage(const struct judge *judge, const char *step, const struct cert *cert);

/* Step `step`: what the chain found out about revocation, seen from `time`. */
void judge_revocation(const struct judge *judge, const char *step, const struct cert *cert,
                      const struct chain *chain, instant time);

/* Step `maker-listed`, where a trust folder says who may make seals. */
void judge_maker_listed(const struct issuer_lists *lists, const char *part,
                        struct signature_report *report, struct findings *findings);

/* What verifying a value gave, as steps and findings. */
struct judge_value {
    enum sigcheck check;
    struct sigform form;
    const char *algorithm; /* OID as written */
    bool sm2;              /* the key is an SM2 key */
    bool of_seal;          /* the maker's value in a seal, else that of a document */
};
void judge_value(const struct judge *judge, const char *step, const struct judge_value *value);

/*
 * Steps signer-chain, signer-usage, signing-time, signer-revocation of the
 * certificate that made the value at `time` (INSTANT_NONE: nobody says when; then
 * it is judged at the validation time, and only a certificate valid then passes).
 */
void judge_signer(const struct judge *judge, struct cert *cert, const struct certs *extra,
                  instant time);

/*
 * Step time-proof: a timestamp proves that the value was there while its certificate was valid
 * and not revoked.  At level basic nobody needs that: then there is no step without a timestamp
 * that holds, and unknown leaves the indication as it is.
 */
void judge_time_proof(const struct judge *judge, const struct cert *cert, const struct chain *chain,
                      instant claimed);

/*
 * When a file was signed, for judging it as of then: the latest of its signatures' times, proven
 * or else claimed, that is not after `now`; `now` where there is none.
 */
instant judge_moment(const struct verification *v, instant now);
/* Says so: TIM307. */
void judge_tell_moment(struct verification *v, instant moment);

/* What is at hand to show again, later and offline, that paths held. */
struct evidence {
    bool lacks;
    int finding; /* TIM115 of the first that is missing */
};
/*
 * Adds what a certificate needs: its whole path, and for each certificate of it an answer about
 * revocation that was current at `at`, or is newer.
 */
void judge_evidence(const struct judge *judge, struct cert *cert, const struct certs *extra,
                    instant at, struct evidence *sum);
/* Step evidence, at level archival alone. */
void judge_evidence_step(const struct judge *judge, const struct evidence *sum);

/* Step data-hash failed: of all that is wrong with a signature, changed content is named first,
 * after a wrong value. */
void judge_hash_failed(const struct judge *judge, int finding);

/* Gives a part to the findings from number `first` on that have none. */
void judge_place_notes(struct findings *findings, size_t first, const char *part);

/* Fills in who signed. */
void judge_name_signer(struct signature_report *report, const struct cert *cert);

#endif
