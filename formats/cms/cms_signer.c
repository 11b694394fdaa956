/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/cms/cms_signer.h"

#include "core/base/limits.h"
#include "core/crypto/der_write.h"
#include "formats/cms/cms_oids.h"

struct cert *cms_signer_cert(const struct cms *cms, const struct cms_signer *signer)
{
    struct err ignored = ERR_INIT;
    struct der sid, issuer, serial;
    struct span rest;

    if (der_only(signer->sid, &sid, &ignored) != RC_OK)
        return NULL;
    if (der_is_context(&sid, 0)) /* a key identifier: nothing we keep says it, so the one or none */
        return cms->certs.n == 1 ? cms->certs.list[0] : NULL;
    if (!der_is(&sid, DER_SEQUENCE))
        return NULL;
    rest = sid.body;
    if (der_next(&rest, &issuer, &ignored) != RC_OK || !rest.len ||
        der_next(&rest, &serial, &ignored) != RC_OK)
        return NULL;
    for (size_t i = 0; i < cms->certs.n; i++) {
        if (span_equals(issuer.whole, cert_issuer_der(cms->certs.list[i])) &&
            span_equals(serial.whole, cert_serial_der(cms->certs.list[i])))
            return cms->certs.list[i];
    }
    return NULL;
}

/* The key's algorithm where the OID names only the key, as PKCS #7 does for RSA. */
static const char *algorithm_of(const struct cms_signer *signer)
{
    if (strcmp(signer->signature_oid, OID_RSA) == 0 ||
        strcmp(signer->signature_oid, OID_EC_KEY) == 0)
        return signer->digest_oid;
    return signer->signature_oid;
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

    if (!rest.len)
        return cert_verify(cert, algorithm_of(signer), message, signer->signature, form);
    if (der_next(&rest, &attributes, &ignored) != RC_OK ||
        der_put(&set, DER_ID_SET, attributes.body, &ignored) != RC_OK)
        return SIGCHECK_UNSUPPORTED;
    return cert_verify(cert, algorithm_of(signer), buf_span(&set), signer->signature, form);
}
