/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_VERIFICATION_H
#define CORE_MODEL_VERIFICATION_H

#include "core/base/clock.h"
#include "core/crypto/hash.h"
#include "core/model/coverage.h"
#include "core/model/finding.h"

/* Indications of ETSI EN 319 102-1. */
enum indication { TOTAL_PASSED, TOTAL_FAILED, INDETERMINATE };

/* Sub-indications of ETSI EN 319 102-1, 5.1.3: the only ones a report may print. */
enum sub_indication {
    SUB_NONE,
    SUB_FORMAT_FAILURE,
    SUB_HASH_FAILURE,
    SUB_SIG_CRYPTO_FAILURE,
    SUB_REVOKED,
    SUB_EXPIRED,
    SUB_NOT_YET_VALID,
    SUB_SIG_CONSTRAINTS_FAILURE,
    SUB_CHAIN_CONSTRAINTS_FAILURE,
    SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
    SUB_CRYPTO_CONSTRAINTS_FAILURE,
    SUB_POLICY_PROCESSING_ERROR,
    SUB_SIGNATURE_POLICY_NOT_AVAILABLE,
    SUB_TIMESTAMP_ORDER_FAILURE,
    SUB_NO_SIGNING_CERTIFICATE_FOUND,
    SUB_NO_CERTIFICATE_CHAIN_FOUND,
    SUB_REVOKED_NO_POE,
    SUB_REVOKED_CA_NO_POE,
    SUB_OUT_OF_BOUNDS_NOT_REVOKED,
    SUB_OUT_OF_BOUNDS_NO_POE,
    SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    SUB_NO_POE,
    SUB_TRY_LATER,
    SUB_SIGNED_DATA_NOT_FOUND,
};
const char *indication_name(enum indication indication);  /* "TOTAL-PASSED" */
const char *sub_indication_name(enum sub_indication sub); /* "HASH_FAILURE"; "" for none */

enum step_result { STEP_PASSED, STEP_FAILED, STEP_UNKNOWN, STEP_NOT_RUN };

/* One check of a signature, in the order of GB/T 38540; ofd-seals 3.4. */
struct step {
    const char *id; /* static: "format", "value", "seal-signature", … */
    enum step_result result;
    int finding;             /* index into the item's findings, -1 for none */
    enum sub_indication sub; /* what it says of the signature where it failed or is unknown */
};

/* What judges may note, and what a policy may add to it. */
enum { STEPS_MAX = 64, STEPS_OF_POLICY = 16 };

/* A path that holds: SM3 of the certificate it begins with and of the anchor it ends in. */
struct believed {
    bool yes;
    unsigned char leaf[SM3_LEN], anchor[SM3_LEN];
};

/* A certificate of a path, leaf first; a policy judges its key again. */
struct cert_report {
    unsigned char sm3[SM3_LEN];
    char *subject;
    const char *key; /* static: "SM2", "RSA", "EC", "other" */
    int bits;
    instant from, to;
};
struct path_report {
    struct cert_report *list;
    size_t n;
};

/* What was known of the revocation of a leaf, and from where. */
struct revocation_report {
    const char *state;  /* static: "good", "revoked", "stale", "none", "bad", "partial",
                           "unknown", "not_yet", "dropped"; NULL: not asked */
    const char *source; /* static: "crl", "ocsp"; NULL */
    instant this_update, next_update, revoked_at; /* INSTANT_NONE where there is none */
    int reason;                                   /* CRLReason */
    instant produced_at;                          /* of an OCSP answer */
    char *number;                                 /* own: of a list, hexadecimal; NULL without */
    unsigned char sm3[SM3_LEN];                   /* of the source, where there is one */
};

#define REVOCATION_REPORT_INIT                                                                \
    {                                                                                         \
        .this_update = INSTANT_NONE, .next_update = INSTANT_NONE, .revoked_at = INSTANT_NONE, \
        .produced_at = INSTANT_NONE                                                           \
    }

/* All strings are the struct's own; NULL where unknown. */
struct signature_report {
    char *id;           /* as the file names it */
    bool is_seal;       /* kind: seal or sign */
    const char *format; /* static: "SES-1", "SES-4", "SES-5", "GBT35275", "PKCS7", "RAW" */
    enum indication indication;
    enum sub_indication sub;
    instant claimed_time, best_time; /* INSTANT_NONE where there is none */
    char *signer_subject, *signer_serial, *signer_sm3;
    struct believed signer, maker; /* of the signature, and of the seal */
    char *seal_id, *seal_name;
    instant seal_valid[2];
    int page;       /* from 1, 0: nowhere */
    long box_um[4]; /* x y w h on that page, micrometres */
    struct step steps[STEPS_MAX + STEPS_OF_POLICY];
    size_t n_steps;
    /* Facts for policies. */
    char *value_algorithm, *seal_algorithm;     /* as the value, and the seal, name them */
    char *digest;                               /* of the references, as the list names it */
    struct path_report signer_path, maker_path; /* of the leaf alone where no path holds */
    struct revocation_report signer_revocation, maker_revocation;
    bool duplicate; /* a copy of an earlier one of the list: no second seal */
    char **issuers; /* codes (USCC) or names that issuers.yaml gives this certificate to */
    size_t n_issuers;
    struct coverage coverage;
};

enum answer { ANSWER_UNKNOWN, ANSWER_YES, ANSWER_NO };

enum verdict {
    VERDICT_PASSED,
    VERDICT_FAILED,
    VERDICT_INDETERMINATE,
    VERDICT_UNSIGNED,
    VERDICT_ERROR
};
const char *verdict_name(enum verdict verdict);

/*
 * What decides besides the signatures' steps and the effects of findings, and what no
 * policy can lower.
 */
struct verdict_facts {
    enum rc unreadable;
    bool structure_failed; /* a listed signature missing or malformed, empty references */
    bool licence_not_in_force;
    bool face_disagrees;
    bool undecided; /* a required seal missing, uncovered member, unlisted Sign folder */
};

/* Everything that was found about one file. */
struct verification {
    char *path;
    unsigned char sm3[SM3_LEN];
    bool has_sm3; /* false when the file could not be read at all */
    size_t size;
    char *identifier, *type_name, *number, *holder; /* of the licence, as far as it tells */
    enum verdict verdict;
    enum rc rc; /* the exit status this file alone would give */
    enum answer intact, in_force, issuer_trusted, face_agrees;
    bool coverage_complete;
    char **uncovered, **changed_after; /* names of members */
    size_t n_uncovered, n_changed_after;
    struct signature_report *signatures;
    size_t n_signatures;
    struct findings findings;
    struct verdict_facts facts; /* that the verdict was drawn from */
    int seals_required;         /* as the licence itself says; 0: it does not */
    bool status_known;          /* a status list says whether the licence was revoked */
    char **kept;                /* texts that others borrow: step ids of a facts file */
    size_t n_kept;
    char **unreferenced; /* names of members that nothing leads to */
    size_t n_unreferenced;
    char **personal; /* texts that findings quote: names among them are masked in reports */
    size_t n_personal;
};

void verification_clear(struct verification *v);

/* Adds an empty signature report; valid until the next call. */
struct signature_report *verification_add_signature(struct verification *v);
void verification_add_uncovered(struct verification *v, const char *member);
void verification_add_unreferenced(struct verification *v, const char *member);
void verification_add_changed_after(struct verification *v, const char *member);
void verification_add_personal(struct verification *v, const char *text);

/*
 * Notes a step and, with result failed or unknown, what it makes of the indication
 * if worse; of equally bad steps the first names the sub-indication, but changed
 * content goes before all but a wrong value.  Unknown with SUB_NONE is something
 * nobody required: it changes nothing.
 */
void signature_step(struct signature_report *s, const char *id, enum step_result result,
                    int finding, enum sub_indication sub);

/* Draws the indication anew from the steps, after some of them were changed. */
void signature_draw(struct signature_report *s);

/*
 * The sub-indication to print: EN 319 102-1 table 5 allows few of them beside
 * TOTAL-FAILED; a signature that breaks a rule of its own standard is a FORMAT_FAILURE.
 */
bool sub_indication_allowed(enum indication indication, enum sub_indication sub);

/* Adds to a list of texts that has its number beside it. */
void verification_add_issuer(struct signature_report *s, const char *issuer);
/* Keeps a text until the verification is cleared. */
const char *verification_keep(struct verification *v, const char *text);
/* Adds a certificate to a path. */
struct cert_report *path_report_add(struct path_report *path);
void path_report_clear(struct path_report *path);
/* Of a report that stands by itself; verification_clear() does it for its own. */
void signature_report_clear(struct signature_report *report);

/*
 * Draws verdict and rc from the signatures' indications, the effects of the findings
 * and the facts (cli.md section 6), the worst deciding, and keeps the facts.
 * A file without signatures is unsigned, even if it is undecided besides, unless
 * something failed.
 */
void verification_conclude(struct verification *v, const struct verdict_facts *facts);

#endif
