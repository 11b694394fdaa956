/* SPDX-License-Identifier: Apache-2.0 */
/* Values by other rules than the standard's: one deviation each. */
#include <stdio.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/crypto/der_write.h"
#include "core/crypto/oddvalue.h"
#include "formats/ofd/diagnose_priv.h"
#include "formats/xmldoc/xmldoc_rewrite.h"

bool suspect_good(const struct suspect *s, struct span message)
{
    return s->cert && message.data &&
           cert_verify(s->cert, s->algorithm ? s->algorithm : "-", message, s->value, NULL) ==
               SIGCHECK_GOOD;
}

static bool say(struct suspect *s, const char *how)
{
    (void)snprintf(s->how, sizeof(s->how), "%s", how);
    return true;
}

/* ---- the digest that is signed ---- */

static bool good_e(const struct suspect *s, const unsigned char e[SM3_LEN])
{
    return s->cert && cert_verify_e(s->cert, e, s->value, NULL) == SIGCHECK_GOOD;
}

static bool good_id(const struct suspect *s, unsigned entl, struct span id)
{
    unsigned char za[SM3_LEN], e[SM3_LEN];

    if (!s->cert || !s->message.data || !oddvalue_za(s->cert, entl, id, za))
        return false;
    sm3_parts((const struct span[]){{za, SM3_LEN}, s->message}, 2, e);
    return good_e(s, e);
}

static bool good_text_id(const struct suspect *s, const char *id)
{
    return good_id(s, (unsigned)(8 * strlen(id)), span_of(id));
}

bool value_empty_id(struct suspect *s)
{
    return good_text_id(s, "") && say(s, "\"\"");
}

/*
 * The examples of GM/T 0003 and RFC 8998, the standard's id cut, doubled as text, or read
 * as hexadecimal, its length in octets instead of bits.
 */
static const struct known_id {
    const char *name;
    struct span id;
    unsigned entl;
} known_ids[] = {
#define ID_OF(text, n)                     \
    {                                      \
        (const unsigned char *)(text), (n) \
    }
    {"ALICE123@YAHOO.COM", ID_OF("ALICE123@YAHOO.COM", 18), 144},
    {"BILL456@YAHOO.COM", ID_OF("BILL456@YAHOO.COM", 17), 136},
    {"TLSv1.3+GM+Cipher+Suite", ID_OF("TLSv1.3+GM+Cipher+Suite", 23), 184},
    {"12345678", ID_OF("12345678", 8), 64},
    {"1234567812345678 + NUL", ID_OF("1234567812345678", 17), 136},
    {"0x1234567812345678", ID_OF("\x12\x34\x56\x78\x12\x34\x56\x78", 8), 64},
    {"31323334353637383132333435363738", ID_OF("31323334353637383132333435363738", 32), 256},
    {"1234567812345678, ENTL = 16", ID_OF("1234567812345678", 16), 16},
    {"16 x 00", ID_OF("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16), 128},
    {"SM2", ID_OF("SM2", 3), 24},
    {"China", ID_OF("China", 5), 40},
#undef ID_OF
};

bool value_other_id(struct suspect *s)
{
    for (size_t i = 0; i < sizeof(known_ids) / sizeof(known_ids[0]); i++) {
        if (good_id(s, known_ids[i].entl, known_ids[i].id))
            return say(s, known_ids[i].name);
    }
    if (!s->cert)
        return false;
    if (good_text_id(s, cert_common_name(s->cert)))
        return say(s, "CN");
    if (good_text_id(s, cert_subject(s->cert)) ||
        good_id(s, (unsigned)(8 * cert_subject_der(s->cert).len), cert_subject_der(s->cert)))
        return say(s, "subject");
    return (good_text_id(s, cert_serial(s->cert)) ||
            good_id(s, (unsigned)(8 * cert_serial_der(s->cert).len), cert_serial_der(s->cert))) &&
           say(s, "serialNumber");
}

bool value_no_za(struct suspect *s)
{
    unsigned char e[SM3_LEN];

    if (!s->message.data)
        return false;
    sm3(s->message, e);
    return good_e(s, e) && say(s, "e = SM3(M)");
}

/* Under SM2 the digest takes SM3's place as it is, without ZA or after it; else another OID. */
static bool good_hash(const struct suspect *s, enum hash_alg alg)
{
    CLEANUP(buf_clear) struct buf joined = BUF_INIT(LIMIT_SIGNED_VALUE);
    unsigned char za[SM3_LEN];
    struct err ignored = ERR_INIT;
    struct hash hash;

    if (!cert_sm2_za(s->cert, za))
        return cert_verify(s->cert, hash_name(alg), s->message, s->value, NULL) == SIGCHECK_GOOD;
    if (hash_compute(alg, s->message, &hash, &ignored) == RC_OK && hash.len == SM3_LEN &&
        good_e(s, hash.bytes))
        return true;
    return buf_add(&joined, za, SM3_LEN, &ignored) == RC_OK &&
           buf_add(&joined, s->message.data, s->message.len, &ignored) == RC_OK &&
           hash_compute(alg, buf_span(&joined), &hash, &ignored) == RC_OK && hash.len == SM3_LEN &&
           good_e(s, hash.bytes);
}

static const enum hash_alg hash_algs[] = {HASH_SM3,    HASH_SHA256, HASH_SHA1,
                                          HASH_SHA384, HASH_SHA512, HASH_MD5};

bool value_other_hash(struct suspect *s)
{
    if (!s->cert || !s->message.data)
        return false;
    for (size_t i = cert_is_sm2(s->cert) ? 1 : 0; i < sizeof(hash_algs) / sizeof(hash_algs[0]);
         i++) {
        if (good_hash(s, hash_algs[i]))
            return say(s, hash_name(hash_algs[i]));
    }
    return false;
}

/* ---- how r and s are written ---- */

static bool good_form(const struct suspect *s, enum oddvalue_form form)
{
    struct suspect other = *s;
    unsigned char rs[64];

    for (unsigned guess = 0; oddvalue_read(s->value, form, guess, rs); guess++) {
        other.value = (struct span){rs, sizeof(rs)};
        if (suspect_good(&other, s->message))
            return true;
    }
    return false;
}

bool value_swapped(struct suspect *s)
{
    return good_form(s, ODDVALUE_SWAPPED) && say(s, "s || r");
}

bool value_little_endian(struct suspect *s)
{
    return good_form(s, ODDVALUE_LITTLE_ENDIAN) && say(s, "little-endian");
}

bool value_encoding(struct suspect *s)
{
    static const char *const names[ODDVALUE_FORMS] = {
        [ODDVALUE_STRIPPED] = "r || s - 00",
        [ODDVALUE_FIELDS] = "GM/T 0018 64 + 64",
        [ODDVALUE_POINT] = "00/04 || r || s",
        [ODDVALUE_WRAPPED] = "OCTET STRING/BIT STRING",
        [ODDVALUE_HEX] = "hex",
        [ODDVALUE_BASE64] = "base64",
    };

    for (int form = ODDVALUE_STRIPPED; form < ODDVALUE_FORMS; form++) {
        if (good_form(s, (enum oddvalue_form)form))
            return say(s, names[form]);
    }
    return false;
}

bool value_other_cert(struct suspect *s)
{
    for (size_t i = 0; s->others && i < s->others->n; i++) {
        struct suspect other = *s;

        other.cert = s->others->list[i];
        if ((!s->cert || !cert_equals(s->cert, other.cert)) && suspect_good(&other, s->message))
            return say(s, cert_subject(other.cert));
    }
    return false;
}

/* ---- the bytes that are signed ---- */

/* The items of a SEQUENCE without the last `less`, as one again. */
static bool shortened(struct span whole, size_t less, struct buf *out)
{
    struct span starts[16], rest;
    struct err ignored = ERR_INIT;
    struct der top, item;
    size_t n = 0;

    if (der_only(whole, &top, &ignored) != RC_OK)
        return false;
    for (rest = top.body; rest.len && n < 16; n++) {
        starts[n] = rest;
        if (der_next(&rest, &item, &ignored) != RC_OK)
            return false;
    }
    if (rest.len || n <= less)
        return false;
    return der_put(out, DER_ID_SEQUENCE,
                   (struct span){top.body.data, (size_t)(starts[n - less].data - top.body.data)},
                   &ignored) == RC_OK;
}

/*
 * Layout 1 signs certificate and algorithm too, layout 4 does not (whose values in the form
 * of C0119-2018, with them, are read anyway).  Some sign the items without their SEQUENCE.
 */
bool value_other_layout(struct suspect *s)
{
    CLEANUP(buf_clear) struct buf less = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct err ignored = ERR_INIT;
    struct der top, first;
    struct span rest;

    if (!s->message.len || der_only(s->message, &top, &ignored) != RC_OK ||
        !der_is(&top, DER_SEQUENCE))
        return false;
    if (suspect_good(s, top.body))
        return say(s, "SEQUENCE -");
    rest = top.body;
    if (rest.len && der_next(&rest, &first, &ignored) == RC_OK && der_is(&first, DER_SEQUENCE) &&
        suspect_good(s, first.whole))
        return say(s, "GB/T 38540 eSealInfo");
    return shortened(s->message, 2, &less) && suspect_good(s, buf_span(&less)) &&
           say(s, "GB/T 38540 toSign");
}

enum again { AGAIN_PLAIN, AGAIN_WITHOUT_FALSE, AGAIN_WITH_FALSE };

/* DER anew: the shortest lengths, and FALSE of extensions left out or written out. */
static bool encode(struct span items, enum again how, unsigned depth, struct buf *out)
{
    static const unsigned char no[] = {DER_ID_BOOLEAN, 1, 0};
    struct err ignored = ERR_INIT;
    bool after_oid = false;
    struct der item;

    while (items.len) {
        size_t mark = out->len;

        if (depth == LIMIT_DER_DEPTH || der_next(&items, &item, &ignored) != RC_OK)
            return false;
        if (how == AGAIN_WITHOUT_FALSE && after_oid && der_is(&item, DER_BOOLEAN) &&
            item.body.len == 1 && !item.body.data[0])
            continue;
        if (how == AGAIN_WITH_FALSE && after_oid && der_is(&item, DER_OCTET_STRING) &&
            buf_add(out, no, sizeof(no), &ignored) != RC_OK)
            return false;
        mark = out->len;
        after_oid = der_is(&item, DER_OID);
        if (item.tag > 30) {
            if (der_put_raw(out, item.whole, &ignored) != RC_OK)
                return false;
            continue;
        }
        if (item.constructed ? !encode(item.body, how, depth + 1, out)
                             : der_put_raw(out, item.body, &ignored) != RC_OK)
            return false;
        if (der_wrap(out, (enum der_id)item.whole.data[0], mark, &ignored) != RC_OK)
            return false;
    }
    return true;
}

bool value_encoded_again(struct suspect *s)
{
    static const char *const names[] = {"DER", "DER, FALSE -", "DER, FALSE +"};

    for (int how = AGAIN_PLAIN; s->message.len && how <= AGAIN_WITH_FALSE; how++) {
        CLEANUP(buf_clear) struct buf again = BUF_INIT(LIMIT_SIGNED_VALUE);

        if (encode(s->message, (enum again)how, 0, &again) &&
            !span_equals(buf_span(&again), s->message) && suspect_good(s, buf_span(&again)))
            return say(s, names[how]);
    }
    return false;
}

/* RFC 5652 5.4 has the attributes signed as a SET OF; some sign [0] as it lies there, or a
 * SEQUENCE. */
bool value_attributes(struct suspect *s)
{
    CLEANUP(buf_clear) struct buf sequence = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct err ignored = ERR_INIT;
    struct der list;

    if (!s->attributes.len || der_only(s->attributes, &list, &ignored) != RC_OK)
        return false;
    if (suspect_good(s, s->attributes))
        return say(s, "[0]");
    if (suspect_good(s, list.body))
        return say(s, "SET -");
    return der_put(&sequence, DER_ID_SEQUENCE, list.body, &ignored) == RC_OK &&
           suspect_good(s, buf_span(&sequence)) && say(s, "SEQUENCE");
}

bool value_of_file(struct suspect *s)
{
    return !span_equals(s->file, s->message) && suspect_good(s, s->file) && say(s, "M");
}

bool value_of_signed_info(struct suspect *s)
{
    struct span slice;

    return s->file.len && xmldoc_slice(s->file, "SignedInfo", &slice) && suspect_good(s, slice) &&
           say(s, "SignedInfo");
}

bool value_of_stated(struct suspect *s)
{
    return s->stated.len && suspect_good(s, s->stated) && say(s, "dataHash");
}

/* Runs `ask` over the digests of what is signed and of the file. */
static bool any_digest(struct suspect *s, bool (*ask)(struct suspect *, const struct hash *))
{
    const struct span of[] = {s->message, s->file};
    static const enum hash_alg algs[] = {HASH_SM3, HASH_SHA256, HASH_SHA1};
    struct err ignored = ERR_INIT;
    struct hash hash;

    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; of[i].data && k < 3; k++) {
            if (hash_compute(algs[k], of[i], &hash, &ignored) == RC_OK && ask(s, &hash)) {
                (void)snprintf(s->how + strlen(s->how), sizeof(s->how) - strlen(s->how), "%s",
                               hash_name(algs[k]));
                return true;
            }
        }
    }
    return false;
}

static bool ask_octets(struct suspect *s, const struct hash *hash)
{
    return suspect_good(s, (struct span){hash->bytes, hash->len}) && say(s, "");
}

bool value_of_digest(struct suspect *s)
{
    return any_digest(s, ask_octets);
}

static bool ask_text(struct suspect *s, const struct hash *hash)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(256);
    struct err ignored = ERR_INIT;
    char hex[2 * 64 + 1];

    hex_encode(hash->bytes, hash->len, hex);
    if (suspect_good(s, span_of(hex)))
        return say(s, "hex ");
    for (char *p = hex; *p; p++)
        *p = (char)(*p >= 'a' ? *p - 'a' + 'A' : *p);
    if (suspect_good(s, span_of(hex)))
        return say(s, "HEX ");
    return base64_encode((struct span){hash->bytes, hash->len}, &text, &ignored) == RC_OK &&
           suspect_good(s, buf_span(&text)) && say(s, "base64 ");
}

bool value_of_digest_text(struct suspect *s)
{
    return any_digest(s, ask_text);
}
