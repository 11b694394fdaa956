/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_CHAIN_H
#define CORE_CRYPTO_CHAIN_H

#include <stdbool.h>

#include "core/crypto/cert.h"

/* A certificate revocation list (GB/T 20518 ch. 6). */
struct crl;
MUST_CHECK enum rc crl_parse(struct span der, struct crl **out, struct err *err);
MUST_CHECK enum rc crl_load(const char *path, struct crl **out, struct err *err); /* PEM or DER */
struct crl *crl_ref(struct crl *crl);
void crl_free(struct crl *crl);
CLEANUP_PTR(struct crl, crl_free);
instant crl_this_update(const struct crl *crl);
instant crl_next_update(const struct crl *crl); /* INSTANT_NONE where it has none */
const char *crl_issuer(const struct crl *crl);

/* Answers of one OCSP responder (RFC 6960), given as a file: nothing is ever asked for. */
struct ocsp;
MUST_CHECK enum rc ocsp_parse(struct span der, struct ocsp **out, struct err *err);
struct ocsp *ocsp_ref(struct ocsp *ocsp);
void ocsp_free(struct ocsp *ocsp);
CLEANUP_PTR(struct ocsp, ocsp_free);

/*
 * Whom we believe: the folder of data-formats (anchors, intermediates, crls, ocsp)
 * with what the options add.  What is added is counted once more.  Read-only once
 * filled, so that threads may share it.
 */
struct trust;
struct trust *trust_new(void);
void trust_free(struct trust *trust);
CLEANUP_PTR(struct trust, trust_free);
void trust_add_anchor(struct trust *trust, struct cert *cert);
void trust_add_intermediate(struct trust *trust, struct cert *cert);
void trust_add_crl(struct trust *trust, struct crl *crl);
void trust_add_ocsp(struct trust *trust, struct ocsp *ocsp);
/* All lists of a file, PEM or DER; none at all is RC_INPUT. */
MUST_CHECK enum rc trust_load_crls(struct trust *trust, const char *path, struct err *err);
/* One or more OCSPResponse or BasicOCSPResponse of a file, PEM or DER; none at all is RC_INPUT. */
MUST_CHECK enum rc trust_load_ocsp(struct trust *trust, const char *path, struct err *err);
/* A subfolder may be missing; the folder itself missing is RC_USAGE. */
MUST_CHECK enum rc trust_load(struct trust *trust, const char *folder, struct err *err);
size_t trust_n_anchors(const struct trust *trust);
const struct cert *trust_anchor(const struct trust *trust, size_t i); /* borrowed */

/* Changes with whatever is added and is never used twice: two equal ones are the same trust. */
uint64_t trust_identity(const struct trust *trust);

/* What was loaded, to be told to whoever asks. */
struct trust_counts {
    size_t anchors, intermediates, crls, ocsps;
    size_t not_ca;  /* anchors that may issue nothing: each is trusted for itself alone */
    size_t expired; /* anchors that ended before `now` */
};
struct trust_counts trust_count(const struct trust *trust, instant now);

/* Why a path did or did not hold, worst first. */
enum chain_status {
    CHAIN_OK,
    CHAIN_NO_ANCHOR,      /* no path to an anchor: undecided; `missing` names the issuer sought */
    CHAIN_BAD_SIGNATURE,  /* a certificate's signature is wrong under its issuer's key */
    CHAIN_BAD_CA,         /* an issuer may not issue: basic constraints, key usage, path length */
    CHAIN_CRITICAL,       /* an unknown critical extension */
    CHAIN_ISSUER_EXPIRED, /* an issuer was not valid at the time asked for */
    CHAIN_ISSUER_REVOKED,
    CHAIN_UNSUPPORTED, /* an algorithm that this libcrypto does not know, or too weak to believe */
};

/* Revocation of a certificate, judged apart because signing time decides what it means. */
enum revocation {
    REVOCATION_GOOD,
    REVOCATION_REVOKED,  /* when and why: below; reason 6 is a hold that stands */
    REVOCATION_STALE,    /* a source without it, whose nextUpdate is before `now` */
    REVOCATION_NONE,     /* no source of that issuer */
    REVOCATION_BAD_CRL,  /* a CRL of that issuer whose signature is wrong */
    REVOCATION_BAD_OCSP, /* an OCSP answer about it that none entitled to it has signed */
    REVOCATION_PARTIAL,  /* sources that do not tell all, or cannot be evaluated */
    REVOCATION_UNKNOWN,  /* the issuer's responder does not know the certificate */
    REVOCATION_NOT_YET,  /* an OCSP answer from after `now` */
    REVOCATION_DROPPED,  /* sources from after its end, which need not name it any more */
};

/* CRLReason of RFC 5280 5.3.1, where it matters */
enum {
    REASON_KEY_COMPROMISE = 1,
    REASON_CA_COMPROMISE = 2,
    REASON_HOLD = 6,
    REASON_REMOVE = 8,
    REASON_AA_COMPROMISE = 10,
};
bool reason_is_compromise(int reason); /* whoever has the key can write any time */

/* What is known about the revocation of one certificate, and from where. */
enum revocation_source { SOURCE_NONE, SOURCE_CRL, SOURCE_OCSP };
struct revocation_fact {
    enum revocation status;
    instant revoked_at; /* the earlier of revocationDate and invalidityDate, or INSTANT_NONE */
    int reason;         /* CRLReason, 0 unspecified */
    enum revocation_source source;
    char number[44]; /* cRLNumber in hexadecimal, "" where the source has none */
    instant produced_at, this_update, next_update; /* INSTANT_NONE where it has none */
    unsigned char sm3[SM3_LEN];                    /* of the source as received */
};

enum { CHAIN_PATH_MAX = 12 }; /* real ones have three or four */

/* revocation, revoked_at and reason are those of the leaf, facts[0]. */
struct chain {
    enum chain_status status;
    struct certs path; /* leaf first, anchor last; as far as it could be built */
    size_t fault;      /* not CHAIN_OK: which of them is at fault */
    char missing[256]; /* CHAIN_NO_ANCHOR: the issuer's name */
    char missing_key_id[64];
    enum revocation revocation;
    instant revoked_at;
    int reason;
    struct revocation_fact facts[CHAIN_PATH_MAX]; /* of path.list[i], under path.list[i + 1] */
    size_t n_facts;
};
void chain_clear(struct chain *chain);

/*
 * Builds and judges the path of leaf: extra are certificates that came with the
 * value and are never trusted by themselves.  `at` is the time issuers must be
 * valid at; the leaf's own validity is not judged here.  A leaf that is itself an
 * anchor is a path of one.  Revocation is looked up as known at `now`: an authentic
 * revocation counts from every source, be it stale; only a hold ends with a newer
 * source that omits it.  Good needs a fresh source that tells all.
 */
void chain_build(const struct trust *trust, struct cert *leaf, const struct certs *extra,
                 instant at, instant now, struct chain *out);

#endif
