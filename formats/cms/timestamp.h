/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_TIMESTAMP_H
#define FORMATS_CMS_TIMESTAMP_H

#include "core/model/judge.h"
#include "formats/cms/cms.h"

/*
 * Timestamp tokens: RFC 3161 and, in the same shapes with SM2 and SM3, GB/T 20520 and
 * GM/T 0033.  A token is SignedData (either arc of OIDs) around TSTInfo, which stands
 * in an OCTET STRING, or bare as PKCS #7 has it.  What is read borrows from the bytes
 * given, or from own memory where they had indefinite lengths.
 */
struct timestamp {
    struct cms cms;
    struct span info; /* TSTInfo, header included */
    bool in_reply;    /* a whole TimeStampResp was there */
    char imprint_oid[64];
    struct span imprint;
    struct span nonce; /* contents of the INTEGER; empty if there is none */
    instant time;      /* genTime, without its fraction */
    instant accuracy;  /* seconds, rounded up; 0 where it does not say */
    char critical[64]; /* OID of a critical extension, "" if none: nobody knows any */
    struct buf own;    /* private */
};
/* RC_INPUT (finding TIM303) says what keeps it from being a token.  TimeStampResp is taken too. */
MUST_CHECK enum rc timestamp_read(struct span ber, struct timestamp *out, struct err *err);
void timestamp_clear(struct timestamp *stamp);

/* TimeStampResp (RFC 3161 2.4.2), or a token alone, which counts as granted. */
struct timestamp_reply {
    int64_t status;    /* PKIStatus: 0 and 1 are granted */
    char text[160];    /* what it says besides, "" if nothing; printable */
    struct span token; /* ContentInfo; empty where there is none */
    struct buf own;    /* private */
};
MUST_CHECK enum rc timestamp_reply_read(struct span ber, struct timestamp_reply *out,
                                        struct err *err);
void timestamp_reply_clear(struct timestamp_reply *reply);

/*
 * A request (TimeStampReq, RFC 3161 2.4.1) for the value, with certReq and a nonce that is
 * made from the value itself, so that a reply can be matched when nothing but the sealed
 * file was kept.
 */
MUST_CHECK enum rc timestamp_request(struct span value, enum hash_alg alg, struct buf *out,
                                     struct err *err);

/* Does the token stamp the value, and does it answer that request? */
bool timestamp_is_over(const struct timestamp *stamp, struct span value);
bool timestamp_answers(const struct timestamp *stamp, struct span value);

/* ---- judging ---- */

struct timestamp_question {
    const char *step;
    struct span token;
    struct span over;    /* the octets whose digest it should stamp, */
    struct span or_over; /* or these, where the standard leaves it open; or empty */
    struct span also[4]; /* other octets at hand, to tell what it stamps instead; or empty */
    instant claimed;     /* when those octets say they were made; INSTANT_NONE: they do not */
    instant slack;       /* how much later than the stamp that may be */
};

struct timestamp_answer {
    enum step_result result;
    int finding;
    enum sub_indication sub;
    instant time;             /* genTime; INSTANT_NONE: not a token */
    bool holds;               /* `time` is proven */
    struct evidence evidence; /* for its authority, where the level asks for it */
};

/* Adds findings, but no step: what a token proves decides steps that come before its own. */
void timestamp_judge(const struct judge *judge, const struct timestamp_question *question,
                     struct timestamp_answer *answer);

/* The step of an answer. */
void timestamp_step(const struct judge *judge, const char *step,
                    const struct timestamp_answer *answer);

#endif
