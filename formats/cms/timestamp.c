/* SPDX-License-Identifier: Apache-2.0 */
/* Reading timestamp tokens and replies, and writing requests. */
#include "formats/cms/timestamp.h"

#include <stdio.h>

#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/crypto/der_walk.h"
#include "core/crypto/der_write.h"
#include "formats/cms/cms_oids.h"

#define ACCURACY_MAX ((int64_t)366 * 86400) /* a clock less exact than that stamps nothing */

enum { NONCE_LEN = 8 };

static void set_finding(struct err *err)
{
    memcpy(err->finding, "TIM303", sizeof("TIM303"));
}

void timestamp_clear(struct timestamp *stamp)
{
    cms_clear(&stamp->cms);
    buf_clear(&stamp->own);
    *stamp = (struct timestamp){.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
}

void timestamp_reply_clear(struct timestamp_reply *reply)
{
    buf_clear(&reply->own);
    *reply = (struct timestamp_reply){.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
}

/* ---- reply ---- */

/* Text for people out of a file of anybody's: one line, cut where it fits no more. */
static void keep_text(struct span text, char *out, size_t size)
{
    size_t n = utf8_check(text), at = 0;

    for (size_t i = 0; i < n && at + 1 < size; i++)
        out[at++] = text.data[i] < 0x20 || text.data[i] == 0x7f ? ' ' : (char)text.data[i];
    if (n > at) {
        while (at && ((unsigned char)out[at - 1] & 0xc0) == 0x80)
            at--;
        at -= at > 0;
    }
    out[at] = '\0';
}

/* PKIStatusInfo { status, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo OPTIONAL } */
static enum rc read_status(struct der_walk *walk, struct timestamp_reply *reply, struct err *err)
{
    struct der_walk inner, texts;
    struct der element;

    TRY(der_walk_tag(walk, DER_SEQUENCE, "PKIStatusInfo", &element, err));
    inner = der_walk_into(walk, &element);
    TRY(der_walk_tag(&inner, DER_INTEGER, "PKIStatusInfo.status", &element, err));
    if (!der_integer(&element, &reply->status))
        return der_walk_fault(&inner, element.whole.data, "PKIStatusInfo.status",
                              N_("number out of range"), err);
    if (der_walk_sees(&inner, DER_SEQUENCE)) {
        TRY(der_walk_next(&inner, "PKIStatusInfo.statusString", &element, err));
        texts = der_walk_into(&inner, &element);
        if (der_walk_more(&texts)) {
            TRY(der_walk_next(&texts, "PKIStatusInfo.statusString", &element, err));
            keep_text(element.body, reply->text, sizeof(reply->text));
        }
    }
    return RC_OK;
}

static enum rc read_reply(struct span der, struct timestamp_reply *reply, struct err *err)
{
    struct der_walk walk = {der, der.data, "TIM303", "RFC 3161"};
    struct der_walk inner;
    struct der top, token;

    TRY(der_walk_tag(&walk, DER_SEQUENCE, "TimeStampResp", &top, err));
    TRY(der_walk_end(&walk, "TimeStampResp", err));
    inner = der_walk_into(&walk, &top);
    if (!der_walk_sees(&inner, DER_SEQUENCE)) { /* ContentInfo begins with an OID */
        reply->token = top.whole;
        return RC_OK;
    }
    TRY(read_status(&inner, reply, err));
    if (!der_walk_more(&inner))
        return RC_OK;
    TRY(der_walk_tag(&inner, DER_SEQUENCE, "timeStampToken", &token, err));
    reply->token = token.whole;
    return der_walk_end(&inner, "TimeStampResp", err);
}

enum rc timestamp_reply_read(struct span ber, struct timestamp_reply *out, struct err *err)
{
    CLEANUP(timestamp_reply_clear)
    struct timestamp_reply reply = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
    struct err first = ERR_INIT;

    if (ber.len > LIMIT_SIGNED_VALUE)
        return err_find(err, "TIM303", RC_INPUT, "larger than the limit of %zu bytes",
                        LIMIT_SIGNED_VALUE);
    if (read_reply(ber, &reply, &first) != RC_OK) {
        /* perhaps for an indefinite length; then the offsets of the original say more */
        timestamp_reply_clear(&reply);
        if (der_definite(ber, &reply.own, err) != RC_OK ||
            read_reply(buf_span(&reply.own), &reply, err) != RC_OK) {
            *err = first;
            return first.code;
        }
    }
    *out = reply;
    reply = (struct timestamp_reply){.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
    return RC_OK;
}

/* ---- token ---- */

static enum rc read_imprint(struct der_walk *walk, struct timestamp *stamp, struct err *err)
{
    struct der_walk inner, alg;
    struct der element;

    TRY(der_walk_tag(walk, DER_SEQUENCE, "messageImprint", &element, err));
    inner = der_walk_into(walk, &element);
    TRY(der_walk_tag(&inner, DER_SEQUENCE, "messageImprint.hashAlgorithm", &element, err));
    alg = der_walk_into(&inner, &element);
    TRY(der_walk_tag(&alg, DER_OID, "messageImprint.hashAlgorithm", &element, err));
    if (!der_oid_text(element.body, stamp->imprint_oid, sizeof(stamp->imprint_oid)))
        return der_walk_fault(&alg, element.whole.data, "messageImprint.hashAlgorithm",
                              N_("not an object identifier"), err);
    TRY(der_walk_tag(&inner, DER_OCTET_STRING, "messageImprint.hashedMessage", &element, err));
    stamp->imprint = element.body;
    return der_walk_end(&inner, "messageImprint", err);
}

/* RFC 3161 2.4.2: always in Greenwich time. */
static enum rc read_time(struct der_walk *walk, struct timestamp *stamp, struct err *err)
{
    struct der element;

    TRY(der_walk_tag(walk, DER_GENERALIZED_TIME, "genTime", &element, err));
    if (!element.body.len || element.body.data[element.body.len - 1] != 'Z' ||
        !der_time(&element, &stamp->time))
        return der_walk_fault(walk, element.whole.data, "genTime", N_("not a time"), err);
    return RC_OK;
}

/* Accuracy { seconds INTEGER, millis [0], micros [1] }, each optional */
static enum rc read_accuracy(struct der_walk *walk, struct timestamp *stamp, struct err *err)
{
    struct der_walk inner;
    struct der element;

    TRY(der_walk_next(walk, "accuracy", &element, err));
    inner = der_walk_into(walk, &element);
    if (der_walk_sees(&inner, DER_INTEGER)) {
        TRY(der_walk_next(&inner, "accuracy.seconds", &element, err));
        if (!der_integer(&element, &stamp->accuracy) || stamp->accuracy < 0 ||
            stamp->accuracy > ACCURACY_MAX)
            return der_walk_fault(&inner, element.whole.data, "accuracy.seconds",
                                  N_("number out of range"), err);
    }
    stamp->accuracy += der_walk_more(&inner); /* parts of a second make one more at most */
    return RC_OK;
}

/* Extension { extnID, critical DEFAULT FALSE, extnValue } */
static enum rc read_extensions(struct der_walk *walk, struct timestamp *stamp, struct err *err)
{
    struct der_walk list, item;
    struct der element, oid;

    TRY(der_walk_next(walk, "extensions", &element, err));
    for (list = der_walk_into(walk, &element); der_walk_more(&list);) {
        TRY(der_walk_tag(&list, DER_SEQUENCE, "extensions", &element, err));
        item = der_walk_into(&list, &element);
        TRY(der_walk_tag(&item, DER_OID, "extensions.extnID", &oid, err));
        if (!der_walk_sees(&item, DER_BOOLEAN))
            continue;
        TRY(der_walk_next(&item, "extensions.critical", &element, err));
        if (element.body.len == 1 && !element.body.data[0])
            continue;
        if (!stamp->critical[0] &&
            !der_oid_text(oid.body, stamp->critical, sizeof(stamp->critical)))
            return der_walk_fault(&item, oid.whole.data, "extensions.extnID",
                                  N_("not an object identifier"), err);
    }
    return RC_OK;
}

static enum rc read_optional(struct der_walk *walk, struct timestamp *stamp, struct err *err)
{
    struct der element;

    if (der_walk_sees(walk, DER_SEQUENCE))
        TRY(read_accuracy(walk, stamp, err));
    if (der_walk_sees(walk, DER_BOOLEAN))
        TRY(der_walk_next(walk, "ordering", &element, err));
    if (der_walk_sees(walk, DER_INTEGER)) {
        TRY(der_walk_next(walk, "nonce", &element, err));
        stamp->nonce = element.body;
    }
    if (der_walk_sees_context(walk, 0))
        TRY(der_walk_next(walk, "tsa", &element, err));
    if (der_walk_sees_context(walk, 1))
        TRY(read_extensions(walk, stamp, err));
    return der_walk_end(walk, "TSTInfo", err);
}

/* GB/T 20520 has the same TSTInfo; whatever version it gives itself is read. */
static enum rc read_info(struct span der, struct timestamp *stamp, struct err *err)
{
    struct der_walk walk = {der, der.data, "TIM303", "RFC 3161"};
    struct der_walk inner;
    struct der element;

    TRY(der_walk_tag(&walk, DER_SEQUENCE, "TSTInfo", &element, err));
    TRY(der_walk_end(&walk, "TSTInfo", err));
    stamp->info = element.whole;
    inner = der_walk_into(&walk, &element);
    TRY(der_walk_tag(&inner, DER_INTEGER, "TSTInfo.version", &element, err));
    TRY(der_walk_tag(&inner, DER_OID, "TSTInfo.policy", &element, err));
    TRY(read_imprint(&inner, stamp, err));
    TRY(der_walk_tag(&inner, DER_INTEGER, "TSTInfo.serialNumber", &element, err));
    TRY(read_time(&inner, stamp, err));
    return read_optional(&inner, stamp, err);
}

static enum rc read_token(struct timestamp *stamp, struct err *err)
{
    const struct cms *cms = &stamp->cms;

    if (strcmp(cms->content_oid, OID_TST_INFO) != 0)
        return err_find(err, "TIM303", RC_INPUT,
                        "RFC 3161 2.4.2: content type %s is not that of TSTInfo", cms->content_oid);
    if (!cms->has_content)
        return err_find(err, "TIM303", RC_INPUT, "RFC 3161 2.4.2: there is no TSTInfo inside");
    if (cms->n_signers != 1)
        return err_find(err, "TIM303", RC_INPUT,
                        "RFC 3161 2.4.2: one signature is expected, there are %zu", cms->n_signers);
    return read_info(cms->content, stamp, err);
}

enum rc timestamp_read(struct span ber, struct timestamp *out, struct err *err)
{
    CLEANUP(timestamp_clear) struct timestamp stamp = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
    CLEANUP(timestamp_reply_clear)
    struct timestamp_reply reply = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)};

    TRY(timestamp_reply_read(ber, &reply, err));
    if (!reply.token.len)
        return err_find(err, "TIM303", RC_INPUT, "RFC 3161 2.4.2: a reply without a token");
    stamp.in_reply = reply.token.len != ber.len && !reply.own.len;
    stamp.own = reply.own;
    reply.own = (struct buf)BUF_INIT(LIMIT_SIGNED_VALUE);
    if (cms_read(reply.token, &stamp.cms, err) != RC_OK) {
        set_finding(err);
        return err->code;
    }
    TRY(read_token(&stamp, err));
    *out = stamp;
    stamp = (struct timestamp){.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
    return RC_OK;
}

/* ---- request ---- */

/* A positive INTEGER, never begun by a zero octet: the same length always. */
static void make_nonce(struct span value, unsigned char out[NONCE_LEN])
{
    static const char label[] = "ecert timestamp request";
    unsigned char digest[SM3_LEN];

    sm3_parts((const struct span[]){span_of(label), value}, 2, digest);
    memcpy(out, digest, NONCE_LEN);
    out[0] = (unsigned char)((out[0] & 0x7f) | 0x40);
}

static const char *oid_of(enum hash_alg alg)
{
    return alg == HASH_SHA256 ? OID_SHA256 : OID_SM3;
}

static enum rc put_imprint(struct span value, enum hash_alg alg, struct buf *out, struct err *err)
{
    size_t mark = out->len, inner = out->len;
    struct hash digest;

    TRY(hash_compute(alg, value, &digest, err));
    TRY(der_put_oid(out, oid_of(alg), err));
    TRY(der_put(out, DER_ID_NULL, (struct span){NULL, 0}, err));
    TRY(der_wrap(out, DER_ID_SEQUENCE, inner, err));
    TRY(der_put(out, DER_ID_OCTET_STRING, (struct span){digest.bytes, digest.len}, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

enum rc timestamp_request(struct span value, enum hash_alg alg, struct buf *out, struct err *err)
{
    unsigned char nonce[NONCE_LEN];
    size_t mark = out->len;

    make_nonce(value, nonce);
    TRY(der_put_integer(out, 1, err));
    TRY(put_imprint(value, alg, out, err));
    TRY(der_put(out, DER_ID_INTEGER, (struct span){nonce, NONCE_LEN}, err));
    TRY(der_put(out, DER_ID_BOOLEAN, (struct span){(const unsigned char *)"\xff", 1}, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

bool timestamp_is_over(const struct timestamp *stamp, struct span value)
{
    enum hash_alg alg;
    struct hash digest;
    struct err ignored = ERR_INIT;

    return hash_by_name(stamp->imprint_oid, &alg) &&
           hash_compute(alg, value, &digest, &ignored) == RC_OK &&
           hash_equals((struct span){digest.bytes, digest.len}, stamp->imprint);
}

bool timestamp_answers(const struct timestamp *stamp, struct span value)
{
    unsigned char nonce[NONCE_LEN];

    make_nonce(value, nonce);
    return span_equals(stamp->nonce, (struct span){nonce, NONCE_LEN});
}
