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

/*
 * Whom we believe: the folder of data-formats (anchors, intermediates, crls) with
 * what the options add.  What is added is counted once more.  Read-only once
 * filled, so that threads may share it.
 */
struct trust;
struct trust *trust_new(void);
void trust_free(struct trust *trust);
CLEANUP_PTR(struct trust, trust_free);
void trust_add_anchor(struct trust *trust, struct cert *cert);
void trust_add_intermediate(struct trust *trust, struct cert *cert);
void trust_add_crl(struct trust *trust, struct crl *crl);
/* A subfolder may be missing; the folder itself missing is RC_USAGE. */
MUST_CHECK enum rc trust_load(struct trust *trust, const char *folder, struct err *err);
size_t trust_n_anchors(const struct trust *trust);
const struct cert *trust_anchor(const struct trust *trust, size_t i); /* borrowed */

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

/* Revocation of the leaf, judged apart because signing time decides what it means. */
enum revocation {
    REVOCATION_GOOD,
    REVOCATION_REVOKED, /* when and why: below */
    REVOCATION_STALE,   /* a CRL without it, whose nextUpdate is before `now` */
    REVOCATION_NONE,    /* no CRL of that issuer */
    REVOCATION_BAD_CRL, /* a CRL of that issuer whose signature is wrong */
};

struct chain {
    enum chain_status status;
    struct certs path; /* leaf first, anchor last; as far as it could be built */
    char missing[256]; /* CHAIN_NO_ANCHOR: the issuer's name */
    char missing_key_id[64];
    enum revocation revocation;
    instant revoked_at;
    int reason; /* CRLReason, 0 unspecified */
};
void chain_clear(struct chain *chain);

/*
 * Builds and judges the path of leaf: extra are certificates that came with the
 * value and are never trusted by themselves.  `at` is the time issuers must be
 * valid at; the leaf's own validity is not judged here.  A leaf that is itself an
 * anchor is a path of one.  Revocation is looked up as known at `now`: an entry counts from every
 * CRL of the issuer, be it stale; only a hold ends with a newer CRL that omits it.
 */
void chain_build(const struct trust *trust, struct cert *leaf, const struct certs *extra,
                 instant at, instant now, struct chain *out);

#endif
