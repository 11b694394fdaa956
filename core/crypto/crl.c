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

/* Extension of RFC 5280 4.1; value is what the OCTET STRING holds. */
struct extension {
    char oid[40];
    bool critical;
    struct der value;
};

static enum rc next_extension(struct span *rest, struct extension *out, struct err *err)
{
    struct der item, part;

    TRY(der_expect(rest, DER_SEQUENCE, "extension", &item, err));
    TRY(der_expect(&item.body, DER_OID, "extension", &part, err));
    if (!der_oid_text(part.body, out->oid, sizeof(out->oid)))
        out->oid[0] = '\0'; /* none that we know */
    TRY(der_next(&item.body, &part, err));
    out->critical = der_is(&part, DER_BOOLEAN) && part.body.len == 1 && part.body.data[0];
    if (der_is(&part, DER_BOOLEAN))
        TRY(der_next(&item.body, &part, err));
    if (!der_is(&part, DER_OCTET_STRING))
        return bad(err, "extension: no value");
    return der_only(part.body, &out->value, err);
}

static struct span serial_number(const struct der *integer)
{
    struct span body = integer->body;

    for (; body.len > 1 && body.data[0] == 0; body.data++)
        body.len--;
    return body;
}

static enum rc read_entry_extensions(struct span rest, struct crl_entry *entry, struct err *err)
{
    struct extension extension;

    while (rest.len) {
        TRY(next_extension(&rest, &extension, err));
        if (strcmp(extension.oid, "2.5.29.21") == 0) { /* reasonCode, ENUMERATED */
            if (extension.value.body.len != 1)
                return bad(err, "reasonCode: not a number of RFC 5280 5.3.1");
            entry->reason = extension.value.body.data[0];
        } else if (strcmp(extension.oid, "2.5.29.29") == 0) {
            return bad(err, "RFC 5280 5.3.3: lists of several issuers are not supported");
        } else if (extension.critical) {
            return bad(err, "an unknown critical extension in an entry");
        }
    }
    return RC_OK;
}

static enum rc read_entry(struct span *rest, struct crl_entry *entry, struct err *err)
{
    struct der item, part;

    TRY(der_expect(rest, DER_SEQUENCE, "entry", &item, err));
    TRY(der_expect(&item.body, DER_INTEGER, "userCertificate", &part, err));
    *entry = (struct crl_entry){.serial = serial_number(&part)};
    TRY(der_next(&item.body, &part, err));
    if (!der_time(&part, &entry->at))
        return bad(err, "revocationDate: not a time");
    if (item.body.len == 0)
        return RC_OK;
    TRY(der_expect(&item.body, DER_SEQUENCE, "crlEntryExtensions", &part, err));
    return read_entry_extensions(part.body, entry, err);
}

/* Revoked for good, on hold, taken off the list. */
static int weight(const struct crl_entry *entry)
{
    return entry->reason == REASON_REMOVE ? 2 : entry->reason == REASON_HOLD ? 1 : 0;
}

static int compare_serials(const void *a, const void *b)
{
    const struct crl_entry *left = a, *right = b;

    int order = 0;

    if (left->serial.len != right->serial.len)
        return left->serial.len < right->serial.len ? -1 : 1;
    if (left->serial.len)
        order = memcmp(left->serial.data, right->serial.data, left->serial.len);
    return order ? order : weight(left) - weight(right);
}

/* A list that names a certificate twice means the gravest it says, the earliest of that. */
static void keep_gravest(struct crl *crl)
{
    size_t kept = 0;

    for (size_t i = 0; i < crl->n_entries; i++) {
        struct crl_entry *last = kept ? &crl->entries[kept - 1] : NULL;

        if (!last || !span_equals(last->serial, crl->entries[i].serial))
            crl->entries[kept++] = crl->entries[i];
        else if (weight(last) == weight(&crl->entries[i]) && crl->entries[i].at < last->at)
            last->at = crl->entries[i].at;
    }
    crl->n_entries = kept;
}

static enum rc read_entries(struct crl *crl, struct span rest, struct err *err)
{
    size_t room = 0;

    while (rest.len) {
        if (crl->n_entries == room) {
            room = room ? room * 2 : 64;
            crl->entries = mem_resize(crl->entries, room * sizeof(*crl->entries));
        }
        TRY(read_entry(&rest, &crl->entries[crl->n_entries], err));
        crl->n_entries++;
    }
    if (crl->n_entries)
        qsort(crl->entries, crl->n_entries, sizeof(*crl->entries), compare_serials);
    keep_gravest(crl);
    return RC_OK;
}

/* IssuingDistributionPoint of RFC 5280 5.2.5: what the list speaks of. */
static enum rc read_scope(struct crl *crl, const struct der *value, struct err *err)
{
    struct span rest = value->body;
    struct der item, names;

    while (rest.len) {
        TRY(der_next(&rest, &item, err));
        if (item.class != DER_CONTEXT)
            return bad(err, "issuingDistributionPoint: malformed");
        if (item.tag == 0) { /* [0] around a CHOICE of [0] fullName and [1] a relative name */
            TRY(der_only(item.body, &names, err));
            if (!der_is_context(&names, 0))
                return bad(err, "issuingDistributionPoint: a relative name is not supported");
            crl->points = names.body;
        } else if (item.tag == 1 || item.tag == 2) {
            bool set = item.body.len == 1 && item.body.data[0];

            *(item.tag == 1 ? &crl->user_certs_only : &crl->ca_certs_only) = set;
        } else if (item.tag == 3 || (item.body.len == 1 && item.body.data[0])) {
            return bad(err, "RFC 5280 5.2.5: indirect lists and lists of some reasons only are "
                            "not supported");
        }
    }
    return RC_OK;
}

static void read_authority(struct crl *crl, const struct der *value)
{
    struct err ignored = ERR_INIT;
    struct span rest = value->body;
    struct der item;

    if (der_next(&rest, &item, &ignored) != RC_OK || !der_is_context(&item, 0))
        return;
    free(crl->authority_key_id);
    crl->authority_key_id = mem_zero(2 * item.body.len + 1, 1);
    hex_encode(item.body.data, item.body.len, crl->authority_key_id);
}

static enum rc read_extensions(struct crl *crl, const struct der *tagged, struct err *err)
{
    struct extension extension;
    struct der list;

    TRY(der_only(tagged->body, &list, err));
    for (struct span rest = list.body; rest.len;) {
        TRY(next_extension(&rest, &extension, err));
        if (strcmp(extension.oid, "2.5.29.28") == 0)
            TRY(read_scope(crl, &extension.value, err));
        else if (strcmp(extension.oid, "2.5.29.35") == 0)
            read_authority(crl, &extension.value);
        else if (strcmp(extension.oid, "2.5.29.27") == 0)
            return bad(err, "RFC 5280 5.2.4: delta lists are not supported");
        else if (extension.critical && strcmp(extension.oid, "2.5.29.20") != 0)
            return bad(err, "an unknown critical extension");
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

    while (rest.len) {
        TRY(der_next(&rest, &item, err));
        if (der_time(&item, &crl->next_update))
            continue;
        if (der_is(&item, DER_SEQUENCE))
            TRY(read_entries(crl, item.body, err));
        else if (der_is_context(&item, 0))
            TRY(read_extensions(crl, &item, err));
        else
            return bad(err, "tbsCertList: malformed");
    }
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

enum rc crl_parse(struct span der, struct crl **out, struct err *err)
{
    CLEANUP(crl_freep) struct crl *crl = mem_zero(1, sizeof(*crl));

    atomic_init(&crl->refs, 1);
    (void)pthread_mutex_init(&crl->lock, NULL);
    crl->next_update = INSTANT_NONE;
    if (der.len > LIMIT_CRL)
        return err_find(err, "CRT002", RC_INPUT, "revocation list: larger than %zu bytes",
                        LIMIT_CRL);
    crl->der = mem_copy(der.data, der.len);
    if (read_list(crl, der.len, err) != RC_OK) {
        struct err inner = *err;

        (void)err_find(err, "CRT002", RC_INPUT, "GB/T 20518 6: revocation list: %s", inner.text);
        return inner.where[0] ? err_at(err, "%s", inner.where) : RC_INPUT;
    }
    *out = MOVE(crl);
    return RC_OK;
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
