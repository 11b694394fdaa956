/* SPDX-License-Identifier: Apache-2.0 */
/* Reading revocation lists: GB/T 20518-2018 ch. 6, RFC 5280 ch. 5. */
#include "core/crypto/chain.h"

#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/crl_priv.h"
#include "core/crypto/der.h"

static enum rc bad(struct err *err, const char *what)
{
    return err_set(err, RC_INPUT, "%s", what);
}

static void use_at_most(struct crl *crl, enum crl_use use)
{
    if (use > crl->use)
        crl->use = use;
}

/* [0] around a CHOICE of [0] fullName and [1] a name relative to the issuer's */
static enum rc read_points(struct crl *crl, struct span body, struct err *err)
{
    struct der names;

    TRY(der_only(body, &names, err));
    if (der_is_context(&names, 0) && names.body.len)
        crl->points = names.body;
    else
        use_at_most(crl, CRL_PARTIAL);
    return RC_OK;
}

/* IssuingDistributionPoint of RFC 5280 5.2.5: what the list speaks of. */
static enum rc read_scope(struct crl *crl, struct span value, struct err *err)
{
    struct der list, item;

    TRY(der_only(value, &list, err));
    for (struct span rest = list.body; rest.len;) {
        bool set;

        TRY(der_next(&rest, &item, err));
        if (item.class != DER_CONTEXT)
            return bad(err, "issuingDistributionPoint: malformed");
        set = item.body.len == 1 && item.body.data[0];
        if (item.tag == 0)
            TRY(read_points(crl, item.body, err));
        else if (item.tag == 1)
            crl->user_certs_only = set;
        else if (item.tag == 2)
            crl->ca_certs_only = set;
        else if (item.tag == 3)
            use_at_most(crl, CRL_PARTIAL); /* onlySomeReasons */
        else if (item.tag == 4)
            crl->is_indirect |= set;
        else if (item.tag == 5)
            crl->attribute_certs_only = set;
        else
            use_at_most(crl, CRL_UNUSABLE);
    }
    return RC_OK;
}

static enum rc read_authority(struct crl *crl, struct span value, struct err *err)
{
    struct err ignored = ERR_INIT;
    struct der list, item;

    TRY(der_only(value, &list, err));
    if (der_next(&list.body, &item, &ignored) != RC_OK || !der_is_context(&item, 0))
        return RC_OK;
    free(crl->authority_key_id);
    crl->authority_key_id = mem_zero(2 * item.body.len + 1, 1);
    hex_encode(item.body.data, item.body.len, crl->authority_key_id);
    return RC_OK;
}

static enum rc read_number(struct crl *crl, struct span value, struct err *err)
{
    struct der integer;
    struct span body;

    TRY(der_only(value, &integer, err));
    if (!der_is(&integer, DER_INTEGER))
        return bad(err, "cRLNumber: not a number");
    body = integer.body;
    for (; body.len > 1 && body.data[0] == 0; body.data++)
        body.len--;
    if (body.len && body.len * 2 < sizeof(crl->number))
        hex_encode(body.data, body.len, crl->number);
    return RC_OK;
}

/* X.509 expiredCertsOnCRL: who ended since then is still on the list. */
static enum rc read_expired(struct crl *crl, struct span value, struct err *err)
{
    struct der time;

    TRY(der_only(value, &time, err));
    return der_time(&time, &crl->ended_before) ? RC_OK : bad(err, "expiredCertsOnCRL: not a time");
}

static enum rc read_extension(struct crl *crl, const struct extension *extension, struct err *err)
{
    if (extension_is_ce(extension, 28))
        return read_scope(crl, extension->value, err);
    if (extension_is_ce(extension, 35))
        return read_authority(crl, extension->value, err);
    if (extension_is_ce(extension, 20))
        return read_number(crl, extension->value, err);
    if (extension_is_ce(extension, 60))
        return read_expired(crl, extension->value, err);
    if (extension_is_ce(extension, 27)) {
        crl->is_delta = true;
        use_at_most(crl, CRL_PARTIAL);
    } else if (extension->critical) {
        use_at_most(crl, CRL_UNUSABLE);
    }
    return RC_OK;
}

static enum rc read_extensions(struct crl *crl, const struct der *tagged, struct err *err)
{
    struct extension extension;
    struct der list;

    TRY(der_only(tagged->body, &list, err));
    for (struct span rest = list.body; rest.len;) {
        TRY(extension_next(&rest, &extension, err));
        TRY(read_extension(crl, &extension, err));
    }
    return RC_OK;
}

static enum rc read_issuer(struct crl *crl, const struct der *name, struct err *err)
{
    const unsigned char *p = name->whole.data;

    crl->issuer_der = name->whole;
    crl->issuer = d2i_X509_NAME(NULL, &p, (long)name->whole.len);
    if (!crl->issuer)
        return ossl_fail(err, RC_INPUT, "issuer");
    crl->issuer_text = cert_name_text(crl->issuer);
    return RC_OK;
}

/* nextUpdate, the entries and the extensions may each be missing. */
static enum rc read_optional(struct crl *crl, struct span rest, struct err *err)
{
    struct der item;

    crl->ended_before = crl->this_update;
    while (rest.len) {
        TRY(der_next(&rest, &item, err));
        if (crl->next_update == INSTANT_NONE && der_time(&item, &crl->next_update))
            continue;
        if (der_is(&item, DER_SEQUENCE) && !crl->entries)
            TRY(crl_read_entries(crl, item.body, err));
        else if (der_is_context(&item, 0))
            TRY(read_extensions(crl, &item, err));
        else
            return bad(err, "tbsCertList: malformed");
    }
    if (crl->is_indirect)
        use_at_most(crl, CRL_PARTIAL);
    return RC_OK;
}

static enum rc read_tbs(struct crl *crl, const struct der *tbs, struct err *err)
{
    struct span rest = tbs->body;
    struct der item, oid;
    char inner[80];

    if (rest.len && rest.data[0] == DER_INTEGER)
        TRY(der_next(&rest, &item, err));
    TRY(der_expect(&rest, DER_SEQUENCE, "signature", &item, err));
    TRY(der_expect(&item.body, DER_OID, "signature", &oid, err));
    if (!der_oid_text(oid.body, inner, sizeof(inner)) || strcmp(inner, crl->algorithm) != 0)
        return bad(err, "signature: not the algorithm outside");
    TRY(der_expect(&rest, DER_SEQUENCE, "issuer", &item, err));
    TRY(read_issuer(crl, &item, err));
    TRY(der_next(&rest, &item, err));
    if (!der_time(&item, &crl->this_update))
        return bad(err, "thisUpdate: not a time");
    return read_optional(crl, rest, err);
}

static enum rc read_list(struct crl *crl, size_t len, struct err *err)
{
    struct der item, oid, tbs;
    struct span rest;

    TRY(der_only((struct span){crl->der, len}, &item, err));
    rest = item.body;
    TRY(der_expect(&rest, DER_SEQUENCE, "tbsCertList", &tbs, err));
    TRY(der_expect(&rest, DER_SEQUENCE, "signatureAlgorithm", &item, err));
    TRY(der_expect(&item.body, DER_OID, "signatureAlgorithm", &oid, err));
    if (!der_oid_text(oid.body, crl->algorithm, sizeof(crl->algorithm)))
        return bad(err, "signatureAlgorithm: not an OID");
    TRY(der_expect(&rest, DER_BIT_STRING, "signatureValue", &item, err));
    if (!der_bits(&item, &crl->value, NULL))
        return bad(err, "signatureValue: not a BIT STRING");
    crl->tbs = tbs.whole;
    return read_tbs(crl, &tbs, err);
}

enum rc crl_take(unsigned char *der, size_t len, struct crl **out, struct err *err)
{
    CLEANUP(crl_freep) struct crl *crl = mem_zero(1, sizeof(*crl));

    atomic_init(&crl->refs, 1);
    (void)pthread_mutex_init(&crl->lock, NULL);
    crl->next_update = INSTANT_NONE;
    crl->der = der;
    crl->whole = (struct span){der, len};
    if (len > LIMIT_CRL)
        return err_find(err, "CRT002", RC_INPUT, "revocation list: larger than %zu bytes",
                        LIMIT_CRL);
    if (read_list(crl, len, err) != RC_OK) {
        struct err inner = *err;

        (void)err_find(err, "CRT002", RC_INPUT, "GB/T 20518 6: revocation list: %s", inner.text);
        return inner.where[0] ? err_at(err, "%s", inner.where) : RC_INPUT;
    }
    *out = MOVE(crl);
    return RC_OK;
}

enum rc crl_parse(struct span der, struct crl **out, struct err *err)
{
    return crl_take(mem_copy(der.data, der.len), der.len, out, err);
}

struct crl *crl_ref(struct crl *crl)
{
    (void)atomic_fetch_add(&crl->refs, 1);
    return crl;
}

void crl_free(struct crl *crl)
{
    if (!crl || atomic_fetch_sub(&crl->refs, 1) != 1)
        return;
    (void)pthread_mutex_destroy(&crl->lock);
    X509_NAME_free(crl->issuer);
    free(crl->issuer_text);
    free(crl->authority_key_id);
    free(crl->entries);
    free(crl->der);
    free(crl);
}
