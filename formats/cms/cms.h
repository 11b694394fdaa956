/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_CMS_H
#define FORMATS_CMS_CMS_H

#include "core/crypto/chain.h"
#include "core/crypto/der.h"
#include "core/crypto/signer.h"
#include "core/model/judge_cache.h"
#include "core/model/level.h"
#include "core/model/verification.h"

/*
 * SignedData of GB/T 35275, PKCS #7 and CMS (RFC 5652): ofd-seals section 4.
 * OpenSSL 3.0 can neither make nor check these with SM2, so the shapes are ours.
 * What is read borrows from the bytes given (or from own memory when they had
 * indefinite lengths).
 */
struct cms_signer {
    struct span sid; /* IssuerAndSerialNumber as received, or [0] key identifier */
    char digest_oid[64];
    struct span attributes; /* [0] IMPLICIT as received, header included; empty if none */
    char signature_oid[64];
    struct span signature;
    struct span unsigned_attributes;
};

struct cms {
    struct span whole;
    bool is_gbt35275; /* OID arc of GB/T 35275; else PKCS #7 / CMS */
    char content_oid[64];
    bool has_content;
    struct span
        content; /* octets of the content, or its whole element when it is no OCTET STRING */
    struct certs certs;
    struct cms_signer *signers;
    size_t n_signers;
    struct buf own, own_content; /* private */
    struct span digests;         /* contents of digestAlgorithms */
};
/* RC_INPUT (finding SIG001) says which item is wrong at which offset. */
MUST_CHECK enum rc cms_read(struct span ber, struct cms *out, struct err *err);
void cms_clear(struct cms *cms);

/* Is the signer's digest among the digestAlgorithms of the whole value?  RFC 5652 5.1. */
bool cms_lists_digest(const struct cms *cms, const struct cms_signer *signer);

/* First value of an attribute of a signer by OID; false if it is not there. */
bool cms_attribute(const struct cms_signer *signer, const char *oid, struct der *value);
bool cms_unsigned_attribute(const struct cms_signer *signer, const char *oid, struct der *value);

struct cms_attribute_spec {
    const char *oid;
    struct span value; /* DER of the one AttributeValue */
};
struct cms_spec {
    bool gbt35275;             /* else CMS OIDs */
    instant time;              /* signingTime; INSTANT_NONE: none */
    bool attached;             /* put the content in */
    const struct certs *chain; /* certificates besides the signer's own; may be NULL */
    const struct cms_attribute_spec *extra;
    size_t n_extra;
};

/* Appends the value.  Variant a of ofd-seals section 4: signed attributes contentType,
 * messageDigest, signingTime. */
MUST_CHECK enum rc cms_sign(const struct cms_spec *spec, struct span content, struct signer *signer,
                            struct buf *out, struct err *err);

/*
 * Appends the value with a timestamp token in it; cms is what cms_read() made of the value.
 * RC_REFUSED (TIM222) when it has one already, or several signers.
 */
MUST_CHECK enum rc cms_with_timestamp(const struct cms *cms, struct span token, struct buf *out,
                                      struct err *err);

struct cms_judge {
    const struct trust *trust;
    instant now;
    const char *part;
    struct judge_cache *cache; /* may be NULL */
    /* When the container says it was signed (SignatureDateTime): counts where the value holds no
     * time of its own.  0 or INSTANT_NONE: it does not say. */
    instant container_time;
    enum level level;
};

/*
 * Judges every signer over `content` (detached, or compared with what is inside):
 * variants a (attributes), b (32 octets of SM3 as content) and plain.  Steps
 * format, value, data-hash, signer-chain, signer-usage, signing-time,
 * signer-revocation, timestamp.  content.data NULL: what is inside is judged alone.
 */
void cms_judge(const struct cms_judge *judge, const struct cms *cms, struct span content,
               struct signature_report *report, struct findings *findings);

#endif
