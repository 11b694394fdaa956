/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_POLICY_H
#define CORE_MODEL_POLICY_H

#include "core/model/level.h"
#include "core/model/verification.h"

/*
 * ecert.policy/1: how the facts of a verification are judged.  A policy may make any
 * finding weigh more.  It may not make one weigh less that says that the content was
 * altered, that a value is wrong, or that something could not be checked at all: a
 * wrong "valid" harms a citizen.  What else it lowers is said in every report.
 */
enum weight {
    WEIGHT_DEFAULT, /* as the finding table and the judge have it */
    WEIGHT_IGNORE,
    WEIGHT_INFORM,
    WEIGHT_WARN,
    WEIGHT_UNDECIDED,
    WEIGHT_FAIL
};

struct policy_rule {
    const struct finding_type *type;
    enum weight weight;
};

struct policy_algorithm {
    char *name;    /* OID, or a name as reports print it */
    instant until; /* INSTANT_NONE: never; INT64_MAX: always */
};

struct policy_key {
    char kind[8]; /* "RSA", "EC", "SM2" */
    int min;
    instant from; /* for signatures made from then on; INSTANT_NONE: ever */
};

/* What is asked for beyond what is wrong; unmet, the answer is undecided. */
struct requirements {
    int seals;
    bool coverage, timestamp, status;
    char **issuers; /* USCC, each of which must have signed */
    size_t n_issuers;
};

struct policy {
    char *name;
    unsigned char sm3[SM3_LEN]; /* of its file, as it lies there */
    struct policy_rule *rules;  /* one for a code; the last of a file's chain of `extends` */
    size_t n_rules;
    struct policy_algorithm *algorithms;
    size_t n_algorithms;
    struct policy_key *keys;
    size_t n_keys;
    int crl_days, ocsp_days; /* how old revocation data may be; 0: not asked */
    enum level level;
    struct requirements require;
};

/*
 * A policy that ecert brings along (default, strict, archive), or of a file; faults
 * are RC_USAGE with file:line:column.
 */
bool policy_is_builtin(const char *name);
MUST_CHECK enum rc policy_builtin(const char *name, struct policy **out, struct err *err);
MUST_CHECK enum rc policy_load(const char *path, struct policy **out, struct err *err);
MUST_CHECK enum rc policy_parse(struct span text, const char *file, struct policy **out,
                                struct err *err);
void policy_free(struct policy *policy);
CLEANUP_PTR(struct policy, policy_free);

/* Adds what --require lists: "seals=2,coverage=full,timestamp,issuer=USCC,status". */
MUST_CHECK enum rc policy_require(struct policy *policy, const char *list, struct err *err);

/* What the code does where no policy speaks of it. */
enum weight policy_default_weight(const struct finding_type *type);
/* The least that a policy may let it weigh. */
enum weight policy_least(const struct finding_type *type);
/* Does the policy lower anything?  Reports name such a policy insecure. */
bool policy_lowers(const struct policy *policy);

/*
 * Judges by the policy: adds what it demands as steps and findings, changes levels,
 * draws the indications anew and concludes.  `now` is the validation time.
 */
void policy_apply(const struct policy *policy, instant now, struct verification *v);

#endif
