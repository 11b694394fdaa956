/* SPDX-License-Identifier: Apache-2.0 */
/* A revocation list against its issuer and against a certificate. */
#include <string.h>

#include "core/crypto/crl_priv.h"
#include "core/crypto/der.h"

bool crl_is_of(const struct crl *crl, const struct cert *issuer)
{
    return span_equals(crl->issuer_der, issuer->subject) ||
           X509_NAME_cmp(crl->issuer, X509_get_subject_name(issuer->x509)) == 0;
}

static enum sigcheck verify(const struct crl *crl, const struct cert *issuer)
{
    struct sigform form;
    enum sigcheck answer;

    if (issuer->has_key_usage && !(issuer->key_usage & X509v3_KU_CRL_SIGN))
        return SIGCHECK_WRONG;
    answer = cert_verify(issuer, crl->algorithm, crl->tbs, crl->value, &form);
    return answer == SIGCHECK_GOOD && form.weak ? SIGCHECK_UNSUPPORTED : answer;
}

/* A national list has megabytes, so its digest is not computed again for each certificate. */
enum sigcheck crl_verify(struct crl *crl, const struct cert *issuer)
{
    enum sigcheck answer;

    (void)pthread_mutex_lock(&crl->lock);
    if (!crl->judged)
        sm3(crl->whole, crl->sm3);
    if (!crl->judged || memcmp(crl->judged_under, issuer->sm3, SM3_LEN) != 0) {
        crl->answer = verify(crl, issuer);
        crl->judged = true;
        memcpy(crl->judged_under, issuer->sm3, SM3_LEN);
    }
    answer = crl->answer;
    (void)pthread_mutex_unlock(&crl->lock);
    return answer;
}

static int compare(struct span want, struct span have)
{
    if (want.len != have.len)
        return want.len < have.len ? -1 : 1;
    return want.len ? memcmp(want.data, have.data, want.len) : 0;
}

const struct crl_entry *crl_find(const struct crl *crl, const struct cert *cert)
{
    struct err ignored = ERR_INIT;
    size_t low = 0, high = crl->n_entries;
    struct span serial;
    struct der der;

    if (der_only(cert->serial, &der, &ignored) != RC_OK)
        return NULL;
    serial = crl_serial(der.body);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(serial, crl_entry_serial(crl, &crl->entries[middle]));

        if (order == 0)
            return &crl->entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* One of the names is one of the list's, byte by byte. */
static bool share_name(struct span names, struct span points)
{
    struct err ignored = ERR_INIT;
    struct der name, point;

    while (names.len && der_next(&names, &name, &ignored) == RC_OK) {
        for (struct span rest = points; rest.len && der_next(&rest, &point, &ignored) == RC_OK;) {
            if (span_equals(name.whole, point.whole))
                return true;
        }
    }
    return false;
}

/* CRLDistributionPoints of RFC 5280 4.2.1.13; item takes DistributionPointName's two wrappings off.
 */
static bool names_point(const struct cert *cert, struct span points)
{
    struct err ignored = ERR_INIT;
    int at = X509_get_ext_by_NID(cert->x509, NID_crl_distribution_points, -1);
    const ASN1_OCTET_STRING *value;
    struct der list, point, item, names;

    if (at < 0)
        return false;
    value = X509_EXTENSION_get_data(X509_get_ext(cert->x509, at));
    if (der_only((struct span){ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)},
                 &list, &ignored) != RC_OK)
        return false;
    for (struct span rest = list.body; rest.len;) {
        if (der_next(&rest, &point, &ignored) != RC_OK)
            return false;
        if (point.body.len && der_next(&point.body, &item, &ignored) == RC_OK &&
            der_is_context(&item, 0) && der_only(item.body, &names, &ignored) == RC_OK &&
            der_is_context(&names, 0) && share_name(names.body, points))
            return true;
    }
    return false;
}

bool crl_covers(const struct crl *crl, const struct cert *cert)
{
    if (crl->attribute_certs_only || (crl->user_certs_only && cert->is_ca) ||
        (crl->ca_certs_only && !cert->is_ca))
        return false;
    return crl->points.len == 0 || names_point(cert, crl->points);
}
