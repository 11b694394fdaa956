/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/cms/cms_signer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/crypto/der_write.h"
#include "formats/cms/cms_oids.h"

/* The name that a signer goes by. */
struct signer_name {
    struct span issuer, serial; /* DER; empty where there is a key identifier */
    char key_id[2 * 64 + 1];
};

static bool read_name(const struct cms_signer *signer, struct signer_name *out)
{
    struct err ignored = ERR_INIT;
    struct der sid, issuer, serial;
    struct span rest;

    *out = (struct signer_name){.key_id = ""};
    if (der_only(signer->sid, &sid, &ignored) != RC_OK)
        return false;
    rest = sid.body;
    if (der_is_context(&sid, 0)) {
        if (sid.constructed || !rest.len || rest.len > 64)
            return false;
        hex_encode(rest.data, rest.len, out->key_id);
        return true;
    }
    if (!der_is(&sid, DER_SEQUENCE) || !rest.len || der_next(&rest, &issuer, &ignored) != RC_OK ||
        !rest.len || der_next(&rest, &serial, &ignored) != RC_OK || rest.len)
        return false;
    out->issuer = issuer.whole;
    out->serial = serial.whole;
    return true;
}

static bool answers_to(const struct cert *cert, const struct signer_name *name)
{
    if (name->key_id[0])
        return strcasecmp(cert_subject_key_id(cert), name->key_id) == 0;
    return span_equals(name->issuer, cert_issuer_der(cert)) &&
           span_equals(name->serial, cert_serial_der(cert));
}

enum cms_found cms_find_signer(const struct cms *cms, const struct cms_signer *signer,
                               struct cert **out)
{
    struct signer_name name;
    struct cert *found = NULL;

    *out = NULL;
    if (!read_name(signer, &name))
        return CMS_NOT_FOUND;
    for (size_t i = 0; i < cms->certs.n; i++) {
        if (!answers_to(cms->certs.list[i], &name))
            continue;
        if (found && !cert_equals(found, cms->certs.list[i]))
            return CMS_AMBIGUOUS;
        found = cms->certs.list[i];
    }
    if (!found && name.key_id[0] && cms->certs.n == 1) {
        *out = cms->certs.list[0];
        return CMS_FOUND_ALONE;
    }
    *out = found;
    return found ? CMS_FOUND : CMS_NOT_FOUND;
}

struct cert *cms_signer_cert(const struct cms *cms, const struct cms_signer *signer)
{
    struct cert *cert;

    (void)cms_find_signer(cms, signer, &cert);
    return cert;
}

/* The key's algorithm where the OID names only the key, as PKCS #7 does for RSA. */
static const char *algorithm_of(const struct cms_signer *signer)
{
    if (strcmp(signer->signature_oid, OID_RSA) == 0 ||
        strcmp(signer->signature_oid, OID_EC_KEY) == 0)
        return signer->digest_oid;
    return signer->signature_oid;
}

/* ---- attributes ---- */

enum { ATTRIBUTES_MAX = 64 };

struct attributes {
    struct span items[ATTRIBUTES_MAX];
    size_t n;
};

static bool list_attributes(const struct cms_signer *signer, struct attributes *out)
{
    struct err ignored = ERR_INIT;
    struct der list, item;
    struct span rest;

    out->n = 0;
    if (!signer->attributes.len || der_only(signer->attributes, &list, &ignored) != RC_OK)
        return false;
    for (rest = list.body; rest.len;) {
        if (out->n == ATTRIBUTES_MAX || der_next(&rest, &item, &ignored) != RC_OK)
            return false;
        out->items[out->n++] = item.whole;
    }
    return true;
}

/* X.690 11.6 */
static int compare_items(const void *a, const void *b)
{
    const struct span *left = a, *right = b;
    size_t n = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->data, right->data, n);

    return order ? order : (left->len > right->len) - (left->len < right->len);
}

bool cms_attributes_sorted(const struct cms_signer *signer)
{
    struct attributes list;

    if (!list_attributes(signer, &list))
        return true;
    for (size_t i = 1; i < list.n; i++) {
        if (compare_items(&list.items[i - 1], &list.items[i]) > 0)
            return false;
    }
    return true;
}

/* Values of the attribute; 0 where it is another one. */
static size_t count_values(struct span item, const char *oid)
{
    struct err ignored = ERR_INIT;
    struct der attribute, type, values, value;
    char name[64];
    size_t n = 0;

    if (der_only(item, &attribute, &ignored) != RC_OK || !attribute.body.len ||
        der_next(&attribute.body, &type, &ignored) != RC_OK || !der_is(&type, DER_OID) ||
        !der_oid_text(type.body, name, sizeof(name)) || strcmp(name, oid) != 0)
        return 0;
    if (!attribute.body.len || der_next(&attribute.body, &values, &ignored) != RC_OK)
        return 1;
    while (values.body.len && der_next(&values.body, &value, &ignored) == RC_OK)
        n++;
    return n ? n : 1;
}

bool cms_attribute_twice(const struct cms_signer *signer, const char *oid)
{
    struct attributes list;
    size_t n = 0;

    if (!list_attributes(signer, &list))
        return signer->attributes.len > 0; /* more of them than anybody needs: who knows */
    for (size_t i = 0; i < list.n; i++)
        n += count_values(list.items[i], oid);
    return n > 1;
}

static enum sigcheck verify_sorted(const struct cms_signer *signer, const struct cert *cert,
                                   struct sigform *form)
{
    CLEANUP(buf_clear) struct buf set = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct err ignored = ERR_INIT;
    struct attributes list;

    if (!list_attributes(signer, &list))
        return SIGCHECK_WRONG;
    qsort(list.items, list.n, sizeof(list.items[0]), compare_items);
    for (size_t i = 0; i < list.n; i++) {
        if (der_put_raw(&set, list.items[i], &ignored) != RC_OK)
            return SIGCHECK_WRONG;
    }
    if (der_wrap(&set, DER_ID_SET, 0, &ignored) != RC_OK)
        return SIGCHECK_WRONG;
    return cert_verify(cert, algorithm_of(signer), buf_span(&set), signer->signature, form);
}

/* With attributes the value is over them as a SET OF: same contents, tag 31 for A0 (RFC 5652 5.4).
 */
enum sigcheck cms_signer_verify(const struct cms_signer *signer, const struct cert *cert,
                                struct span message, struct sigform *form)
{
    CLEANUP(buf_clear) struct buf set = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct span rest = signer->attributes;
    struct err ignored = ERR_INIT;
    struct der attributes;
    enum sigcheck check;

    if (!rest.len)
        return cert_verify(cert, algorithm_of(signer), message, signer->signature, form);
    if (der_next(&rest, &attributes, &ignored) != RC_OK ||
        der_put(&set, DER_ID_SET, attributes.body, &ignored) != RC_OK)
        return SIGCHECK_UNSUPPORTED;
    check = cert_verify(cert, algorithm_of(signer), buf_span(&set), signer->signature, form);
    return check == SIGCHECK_WRONG && !cms_attributes_sorted(signer)
               ? verify_sorted(signer, cert, form)
               : check;
}
