/* SPDX-License-Identifier: Apache-2.0 */
/* Reading OCSP responses: RFC 6960 4.2, GB/T 19713. */
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/der.h"
#include "core/crypto/ocsp_priv.h"
#include "core/crypto/pem.h"

/* id-pkix-ocsp (1.3.6.1.5.5.7.48.1) and one more arc, of RFC 6960 appendix B */
enum { ARC_BASIC = 1, ARC_NONCE = 2, ARC_CRL = 3, ARC_CUTOFF = 6, ARC_EXTENDED = 9 };

static bool is_arc(struct span oid, unsigned arc)
{
    static const unsigned char prefix[] = {0x2b, 0x06, 1, 5, 5, 7, 0x30, 1};

    return oid.len == sizeof(prefix) + 1 && memcmp(oid.data, prefix, sizeof(prefix)) == 0 &&
           oid.data[sizeof(prefix)] == arc;
}

static enum rc bad(struct err *err, const char *what)
{
    return err_set(err, RC_INPUT, "%s", what);
}

static enum rc read_time(struct span *rest, const char *what, instant *out, struct err *err)
{
    struct der item;

    TRY(der_expect(rest, DER_GENERALIZED_TIME, what, &item, err));
    return der_time(&item, out) ? RC_OK : err_set(err, RC_INPUT, "%s: not a time", what);
}

/* CertID of RFC 6960 4.1.1 */
static enum rc read_cert_id(struct span body, struct ocsp_single *single, struct err *err)
{
    struct der item, oid;
    char text[80];

    TRY(der_expect(&body, DER_SEQUENCE, "hashAlgorithm", &item, err));
    TRY(der_expect(&item.body, DER_OID, "hashAlgorithm", &oid, err));
    single->is_alg_known =
        der_oid_text(oid.body, text, sizeof(text)) && hash_by_name(text, &single->alg);
    TRY(der_expect(&body, DER_OCTET_STRING, "issuerNameHash", &item, err));
    single->name_hash = item.body;
    TRY(der_expect(&body, DER_OCTET_STRING, "issuerKeyHash", &item, err));
    single->key_hash = item.body;
    TRY(der_expect(&body, DER_INTEGER, "serialNumber", &item, err));
    single->serial = crl_serial(item.body);
    return body.len ? bad(err, "certID: something after serialNumber") : RC_OK;
}

/* RevokedInfo: revocationTime, and the reason in [0] */
static enum rc read_revoked(struct span body, struct ocsp_single *single, struct err *err)
{
    struct der item, reason;

    TRY(read_time(&body, "revocationTime", &single->at, err));
    if (body.len == 0)
        return RC_OK;
    TRY(der_next(&body, &item, err));
    if (!der_is_context(&item, 0) || body.len)
        return bad(err, "revokedInfo: malformed");
    TRY(der_only(item.body, &reason, err));
    if (!der_is(&reason, DER_ENUMERATED) || reason.body.len != 1)
        return bad(err, "revocationReason: not a number of RFC 5280 5.3.1");
    single->reason = reason.body.data[0];
    return RC_OK;
}

static enum rc read_status(struct span *rest, struct ocsp_single *single, struct err *err)
{
    struct der item;

    TRY(der_next(rest, &item, err));
    if (item.class != DER_CONTEXT || item.tag > OCSP_UNKNOWN ||
        (item.tag != OCSP_REVOKED && item.body.len))
        return bad(err, "certStatus: neither good nor revoked nor unknown");
    single->status = (enum ocsp_status)item.tag;
    return single->status == OCSP_REVOKED ? read_revoked(item.body, single, err) : RC_OK;
}

/* RFC 6960 4.4.4, and of RFC 5280 5.3.2 what a responder may say besides */
static enum rc read_single_extension(const struct extension *extension, struct ocsp_single *single,
                                     struct err *err)
{
    bool cutoff = is_arc(extension->oid, ARC_CUTOFF), invalid = extension_is_ce(extension, 24);
    struct der value;
    instant at;

    if (!cutoff && !invalid) {
        if (extension->critical && !is_arc(extension->oid, ARC_CRL))
            single->is_unusable = true;
        return RC_OK;
    }
    TRY(der_only(extension->value, &value, err));
    if (!der_time(&value, &at))
        return bad(err, "singleExtensions: not a time");
    if (cutoff)
        single->ended_before = at;
    else if (single->status == OCSP_REVOKED && at < single->at)
        single->at = at;
    return RC_OK;
}

static enum rc read_single_extensions(struct span body, struct ocsp_single *single, struct err *err)
{
    struct extension extension;
    struct der list;

    TRY(der_only(body, &list, err));
    while (list.body.len) {
        TRY(extension_next(&list.body, &extension, err));
        TRY(read_single_extension(&extension, single, err));
    }
    return RC_OK;
}

static enum rc read_single(struct span *rest, struct ocsp_single *single, struct err *err)
{
    struct der item, part;

    *single = (struct ocsp_single){.at = INSTANT_NONE, .next_update = INSTANT_NONE};
    TRY(der_expect(rest, DER_SEQUENCE, "singleResponse", &item, err));
    TRY(der_expect(&item.body, DER_SEQUENCE, "certID", &part, err));
    TRY(read_cert_id(part.body, single, err));
    TRY(read_status(&item.body, single, err));
    TRY(read_time(&item.body, "thisUpdate", &single->this_update, err));
    single->ended_before = single->this_update;
    while (item.body.len) {
        TRY(der_next(&item.body, &part, err));
        if (der_is_context(&part, 0) && single->next_update == INSTANT_NONE) {
            TRY(read_time(&part.body, "nextUpdate", &single->next_update, err));
        } else if (der_is_context(&part, 1) && !item.body.len) {
            TRY(read_single_extensions(part.body, single, err));
        } else {
            return bad(err, "singleResponse: malformed");
        }
    }
    return RC_OK;
}

static enum rc read_singles(struct ocsp *ocsp, struct span rest, struct err *err)
{
    size_t room = 0;

    while (rest.len) {
        if (ocsp->n_singles == room) {
            room = room ? room * 2 : 1;
            ocsp->singles = mem_resize(ocsp->singles, room * sizeof(*ocsp->singles));
        }
        TRY(read_single(&rest, &ocsp->singles[ocsp->n_singles], err));
        ocsp->n_singles++;
    }
    return RC_OK;
}

static enum rc read_responder(struct ocsp *ocsp, struct span *rest, struct err *err)
{
    struct der item, inner;
    const unsigned char *p;

    TRY(der_next(rest, &item, err));
    TRY(der_only(item.body, &inner, err));
    if (der_is_context(&item, 2) && der_is(&inner, DER_OCTET_STRING)) {
        ocsp->responder_key = inner.body;
        return RC_OK;
    }
    if (!der_is_context(&item, 1))
        return bad(err, "responderID: neither a name nor a key");
    p = inner.whole.data;
    ocsp->responder_name = d2i_X509_NAME(NULL, &p, (long)inner.whole.len);
    return ocsp->responder_name ? RC_OK : ossl_fail(err, RC_INPUT, "responderID");
}

/* The nonce answers a request that we never made; any other critical one could change the sense. */
static enum rc read_response_extensions(struct ocsp *ocsp, struct span body, struct err *err)
{
    struct extension extension;
    struct der list;

    TRY(der_only(body, &list, err));
    while (list.body.len) {
        TRY(extension_next(&list.body, &extension, err));
        ocsp->is_unusable |= extension.critical && !is_arc(extension.oid, ARC_NONCE) &&
                             !is_arc(extension.oid, ARC_EXTENDED);
    }
    return RC_OK;
}

static enum rc read_data(struct ocsp *ocsp, struct span rest, struct err *err)
{
    struct der item;

    if (rest.len && rest.data[0] == 0xa0)
        TRY(der_next(&rest, &item, err)); /* version */
    TRY(read_responder(ocsp, &rest, err));
    TRY(read_time(&rest, "producedAt", &ocsp->produced_at, err));
    TRY(der_expect(&rest, DER_SEQUENCE, "responses", &item, err));
    TRY(read_singles(ocsp, item.body, err));
    if (rest.len == 0)
        return RC_OK;
    TRY(der_next(&rest, &item, err));
    if (!der_is_context(&item, 1) || rest.len)
        return bad(err, "tbsResponseData: malformed");
    return read_response_extensions(ocsp, item.body, err);
}

static enum rc read_certs(struct ocsp *ocsp, struct span body, struct err *err)
{
    struct der list, item;

    TRY(der_only(body, &list, err));
    while (list.body.len) {
        CLEANUP(cert_freep) struct cert *cert = NULL;

        TRY(der_next(&list.body, &item, err));
        TRY(cert_parse(item.whole, &cert, err));
        certs_add(&ocsp->certs, cert);
    }
    return RC_OK;
}

/* BasicOCSPResponse of RFC 6960 4.2.1 */
static enum rc read_basic(struct ocsp *ocsp, struct span rest, struct err *err)
{
    struct der item, oid, data;

    TRY(der_expect(&rest, DER_SEQUENCE, "tbsResponseData", &data, err));
    ocsp->tbs = data.whole;
    TRY(der_expect(&rest, DER_SEQUENCE, "signatureAlgorithm", &item, err));
    TRY(der_expect(&item.body, DER_OID, "signatureAlgorithm", &oid, err));
    if (!der_oid_text(oid.body, ocsp->algorithm, sizeof(ocsp->algorithm)))
        return bad(err, "signatureAlgorithm: not an OID");
    TRY(der_expect(&rest, DER_BIT_STRING, "signature", &item, err));
    if (!der_bits(&item, &ocsp->value, NULL))
        return bad(err, "signature: not a BIT STRING");
    TRY(read_data(ocsp, data.body, err));
    if (rest.len == 0)
        return RC_OK;
    TRY(der_next(&rest, &item, err));
    if (!der_is_context(&item, 0) || rest.len)
        return bad(err, "certs: malformed");
    return read_certs(ocsp, item.body, err);
}

/* OCSPResponse around it: responseStatus, and responseBytes in [0] */
static enum rc open_response(struct span *rest, struct err *err)
{
    struct der item, bytes, basic;

    TRY(der_expect(rest, DER_ENUMERATED, "responseStatus", &item, err));
    if (item.body.len != 1 || item.body.data[0] != 0)
        return err_set(err, RC_INPUT, "responseStatus: the responder gave no answer (%u)",
                       item.body.len ? item.body.data[0] : 0U);
    TRY(der_next(rest, &item, err));
    if (!der_is_context(&item, 0) || rest->len)
        return bad(err, "responseBytes: malformed");
    TRY(der_only(item.body, &bytes, err));
    TRY(der_expect(&bytes.body, DER_OID, "responseType", &item, err));
    if (!is_arc(item.body, ARC_BASIC))
        return bad(err, "responseType: not id-pkix-ocsp-basic");
    TRY(der_expect(&bytes.body, DER_OCTET_STRING, "response", &item, err));
    TRY(der_only(item.body, &basic, err));
    if (!der_is(&basic, DER_SEQUENCE) || bytes.body.len)
        return bad(err, "response: malformed");
    *rest = basic.body;
    return RC_OK;
}

static enum rc read_response(struct ocsp *ocsp, struct err *err)
{
    struct der item;
    struct span rest;

    TRY(der_only(ocsp->whole, &item, err));
    if (!der_is(&item, DER_SEQUENCE))
        return bad(err, "not a SEQUENCE");
    rest = item.body;
    if (rest.len && rest.data[0] == DER_ENUMERATED)
        TRY(open_response(&rest, err));
    return read_basic(ocsp, rest, err);
}

enum rc ocsp_parse(struct span der, struct ocsp **out, struct err *err)
{
    CLEANUP(ocsp_freep) struct ocsp *ocsp = mem_zero(1, sizeof(*ocsp));

    atomic_init(&ocsp->refs, 1);
    (void)pthread_mutex_init(&ocsp->lock, NULL);
    if (der.len > LIMIT_OCSP)
        return err_find(err, "CRT003", RC_INPUT, "OCSP response: larger than %zu bytes",
                        LIMIT_OCSP);
    ocsp->der = mem_copy(der.data, der.len);
    ocsp->whole = (struct span){ocsp->der, der.len};
    sm3(ocsp->whole, ocsp->sm3);
    if (read_response(ocsp, err) != RC_OK) {
        struct err inner = *err;

        (void)err_find(err, "CRT003", RC_INPUT, "RFC 6960 4.2: OCSP response: %s", inner.text);
        return inner.where[0] ? err_at(err, "%s", inner.where) : RC_INPUT;
    }
    *out = MOVE(ocsp);
    return RC_OK;
}

struct ocsp *ocsp_ref(struct ocsp *ocsp)
{
    (void)atomic_fetch_add(&ocsp->refs, 1);
    return ocsp;
}

void ocsp_free(struct ocsp *ocsp)
{
    if (!ocsp || atomic_fetch_sub(&ocsp->refs, 1) != 1)
        return;
    (void)pthread_mutex_destroy(&ocsp->lock);
    X509_NAME_free(ocsp->responder_name);
    certs_clear(&ocsp->certs);
    cert_free(ocsp->responder);
    free(ocsp->singles);
    free(ocsp->der);
    free(ocsp);
}

void ocsps_free(struct ocsp **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ocsp_free(list[i]);
    free(list);
}

static enum rc add(struct span der, struct ocsp ***list, size_t *n, struct err *err)
{
    struct ocsp *ocsp = NULL;

    TRY(ocsp_parse(der, &ocsp, err));
    *list = mem_resize(*list, (*n + 1) * sizeof(struct ocsp *));
    (*list)[(*n)++] = ocsp;
    return RC_OK;
}

/* No standard names the block; "OCSP RESPONSE" is usual. */
static enum rc parse_pem(struct span pem, struct ocsp ***list, size_t *n, struct err *err)
{
    CLEANUP(pem_clear) struct pem block = {.name = NULL};

    while (pem_next(&pem, &block)) {
        if (strstr(block.name, "OCSP RESPONSE"))
            TRY(add(block.der, list, n, err));
    }
    return RC_OK;
}

enum rc ocsps_parse(struct span pem_or_der, struct ocsp ***list, size_t *n, struct err *err)
{
    enum rc rc;

    *list = NULL;
    *n = 0;
    rc = pem_is(pem_or_der) ? parse_pem(pem_or_der, list, n, err) : add(pem_or_der, list, n, err);
    if (rc == RC_OK && *n == 0)
        rc = err_find(err, "CRT003", RC_INPUT, "holds no OCSP response");
    if (rc != RC_OK) {
        ocsps_free(*list, *n);
        *list = NULL;
        *n = 0;
    }
    return rc;
}
