/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_SES_SES_H
#define FORMATS_SES_SES_H

#include "core/crypto/chain.h"
#include "core/crypto/der.h"
#include "core/crypto/signer.h"
#include "core/model/judge_cache.h"
#include "core/model/level.h"
#include "core/model/verification.h"

/*
 * Electronic seals (印章) and seal signatures (签章): GM/T 0031-2014 (layout 1),
 * GB/T 38540-2020 (4), GM/T 0031-2025 (5).  Layout is told by the number of
 * items, never by the version field.  Everything read borrows from the bytes it
 * was read from: the caller keeps them as long as the struct.
 */
enum ses_layout { SES_LAYOUT_1 = 1, SES_LAYOUT_4 = 4, SES_LAYOUT_5 = 5 };

struct ses_seal {
    struct span whole;        /* SESeal as received */
    struct span signed_bytes; /* what the maker signed; for layout 1 built into own memory */
    enum ses_layout layout;
    int64_t version; /* header.version as written */
    char *vendor;    /* Vid; own memory, as all char * here: UTF-8, NULL-free */
    char *id;        /* esID */
    char *name;
    int64_t type;
    bool digests;           /* certList holds digests instead of certificates */
    struct span *cert_list; /* DER of each certificate, or the digest octets */
    char **digest_types;    /* with digests: the type of each */
    size_t n_certs;
    instant create_date, valid_start, valid_end; /* INSTANT_NONE when unreadable */
    char *picture_type;                          /* as written: "PNG", "png", "ofd" … */
    struct span picture;
    int64_t width_mm, height_mm;
    struct span maker_cert; /* DER */
    char algorithm[64];     /* OID of the maker's signature, dotted */
    struct span signature;  /* its value without the count of unused bits */
    struct span timestamp;  /* layout 5, empty if none */
    char critical[64];      /* OID of a critical extension that nobody here knows, "" if none */
    struct buf own;         /* private: bytes built for signed_bytes of layout 1 */
};

/*
 * RC_INPUT (finding SEA001) says which item is wrong at which offset.  Departures
 * from the standard that leave the meaning clear are read and go to notes (may be
 * NULL) as warnings, without a part: judge_place_notes() gives them one.
 */
MUST_CHECK enum rc ses_seal_read(struct span der, struct ses_seal *out, struct findings *notes,
                                 struct err *err);
void ses_seal_clear(struct ses_seal *seal);

struct ses_signature {
    struct span whole;
    struct span to_sign; /* TBS_Sign as received: what the signature covers */
    enum ses_layout layout;
    int64_t version;
    struct ses_seal seal;
    instant time;           /* timeInfo; INSTANT_NONE when it is not a readable time */
    struct span time_token; /* timeInfo that is a timestamp token, empty if not */
    struct span data_hash;  /* octets */
    bool malformed;         /* layouts 4 and 5: dataHash is no BIT STRING */
    char *property;         /* propertyInfo, UTF-8 */
    struct span ext_datas;  /* the SEQUENCE OF ExtData, empty if none */
    char critical[64];      /* as in the seal */
    struct span cert;       /* DER of the signer's certificate */
    char algorithm[64];
    struct span signature;
    struct span timestamp;
};
MUST_CHECK enum rc ses_signature_read(struct span der, struct ses_signature *out,
                                      struct findings *notes, struct err *err);
void ses_signature_clear(struct ses_signature *signature);

/* The extnValue octets of the extension with that OID (dotted); false if it is not there. */
bool ses_extension(const struct ses_signature *signature, const char *oid, struct span *value);

/* Is the certificate in the seal's list, by bytes or digest? */
bool ses_seal_lists(const struct ses_seal *seal, const struct cert *cert);

/* ---- making ---- */

struct ses_seal_spec {
    enum ses_layout layout;         /* 4 or 5 */
    const char *id, *name, *vendor; /* id NULL: made at random; vendor NULL: "ecert" */
    int64_t type;                   /* 1: of an organisation */
    const struct certs *signers;    /* who may seal with it */
    bool digests;                   /* list SM3 digests instead of certificates */
    instant create_date, valid_start, valid_end;
    const char *picture_type; /* "PNG" */
    struct span picture;
    int width_mm, height_mm;
};
MUST_CHECK enum rc ses_seal_make(const struct ses_seal_spec *spec, struct signer *maker,
                                 struct buf *out, struct err *err);

struct ses_extension {
    const char *oid;
    bool critical;
    struct span value;
};
struct ses_sign_spec {
    const struct ses_seal *seal; /* its layout decides that of the signature */
    instant time;
    unsigned char data_hash[SM3_LEN];
    const char *property; /* "/Doc_0/Signs/Sign_0/Signature.xml" */
    const struct ses_extension *extensions;
    size_t n_extensions;
};
MUST_CHECK enum rc ses_sign(const struct ses_sign_spec *spec, struct signer *signer,
                            struct buf *out, struct err *err);

/*
 * Appends the value with a timestamp token in it, which no signature covers; signature is what
 * ses_signature_read() made of the value.  RC_REFUSED (TIM222) when it has one already, and for
 * layout 1, which has no place for one.
 */
MUST_CHECK enum rc ses_with_timestamp(const struct ses_signature *signature, struct span token,
                                      struct buf *out, struct err *err);

/* ---- judging: the steps of ofd-seals 3.4, each with its finding ---- */

struct ses_judge {
    const struct trust *trust;
    instant now;               /* validation time */
    struct judge_cache *cache; /* may be NULL; core/model/judge_cache.h */
    const char *part;          /* name for findings */
    enum level level;
};

/*
 * Seal alone, as `eseal check` does, judged at `at`: steps seal-format,
 * [seal-extensions], seal-signature, [seal-created], maker-chain, maker-usage,
 * maker-validity, maker-revocation, seal-validity, [seal-timestamp].
 */
void ses_seal_judge(const struct ses_judge *judge, const struct ses_seal *seal, instant at,
                    struct signature_report *report, struct findings *findings);

/*
 * Steps format, [extensions], value, signer-in-seal, those of the seal, [time-info],
 * signer-chain, signer-usage, signing-time, signer-revocation, data-hash (against the
 * given digest of Signature.xml), [timestamp] and property-path; those in brackets
 * only where there is something to say.  expected_property NULL: it is not compared.
 * report->indication starts TOTAL_PASSED and gets worse; format, signer, seal and
 * claimed time are filled in.
 */
void ses_signature_judge(const struct ses_judge *judge, const struct ses_signature *signature,
                         const unsigned char xml_sm3[SM3_LEN], struct span signature_xml,
                         const char *expected_property, struct signature_report *report,
                         struct findings *findings);

#endif
