/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading SignedData: GB/T 35275-2017 8, PKCS #7 1.5, RFC 5652 5.1.
 *
 *     ContentInfo { contentType, [0] SignedData { version, digestAlgorithms, contentInfo,
 *                   [0] certificates, [1] crls, signerInfos } }
 *
 * Leniently: any version, certificates that do not parse are passed over (a value
 * whose signer is not among the rest has no signer's certificate), BER with
 * indefinite lengths.
 */
#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/der_walk.h"
#include "formats/cms/cms.h"
#include "formats/cms/cms_oids.h"

/* One signature has one signer and a chain of three; more than these is no honest value. */
enum { SIGNERS_MAX = 16, CERTS_MAX = 32 };

void cms_clear(struct cms *cms)
{
    certs_clear(&cms->certs);
    free(cms->signers);
    buf_clear(&cms->own);
    buf_clear(&cms->own_content);
    *cms = (struct cms){.own = BUF_INIT(LIMIT_SIGNED_VALUE),
                        .own_content = BUF_INIT(LIMIT_SIGNED_VALUE)};
}

static enum rc read_oid(struct der_walk *walk, const char *what, char out[64], struct err *err)
{
    struct der element;

    TRY(der_walk_tag(walk, DER_OID, what, &element, err));
    if (!der_oid_text(element.body, out, 64))
        return der_walk_fault(walk, element.whole.data, what, N_("not an object identifier"), err);
    return RC_OK;
}

/* AlgorithmIdentifier: parameters NULL, absent or whatever are passed over. */
static enum rc read_algorithm(struct der_walk *walk, const char *what, char out[64],
                              struct err *err)
{
    struct der_walk inner;
    struct der element;

    TRY(der_walk_tag(walk, DER_SEQUENCE, what, &element, err));
    inner = der_walk_into(walk, &element);
    return read_oid(&inner, what, out, err);
}

/* BER cuts an OCTET STRING into pieces: they are joined, one level deep as X.690 8.7.3 has it. */
static enum rc join_pieces(const struct der_walk *walk, const struct der *element, struct cms *cms,
                           struct err *err)
{
    struct der_walk inner = der_walk_into(walk, element);

    while (der_walk_more(&inner)) {
        struct der piece;

        TRY(der_walk_tag(&inner, DER_OCTET_STRING, "contentInfo.content", &piece, err));
        TRY(buf_add(&cms->own_content, piece.body.data, piece.body.len, err));
    }
    cms->content = buf_span(&cms->own_content);
    return RC_OK;
}

static enum rc read_content(struct der_walk *walk, struct cms *cms, struct err *err)
{
    struct der_walk inner;
    struct der element;

    TRY(der_walk_tag(walk, DER_SEQUENCE, "contentInfo", &element, err));
    inner = der_walk_into(walk, &element);
    TRY(read_oid(&inner, "contentInfo.contentType", cms->content_oid, err));
    if (!der_walk_more(&inner))
        return RC_OK;
    TRY(der_walk_next(&inner, "contentInfo.content", &element, err));
    if (!der_is_context(&element, 0))
        return der_walk_fault(&inner, element.whole.data, "contentInfo.content",
                              N_("an item of another type stands here"), err);
    TRY(der_walk_end(&inner, "contentInfo", err));
    inner = der_walk_into(walk, &element);
    TRY(der_walk_next(&inner, "contentInfo.content", &element, err));
    cms->has_content = true;
    if (der_is(&element, DER_OCTET_STRING) && element.constructed)
        return join_pieces(walk, &element, cms, err);
    cms->content = der_is(&element, DER_OCTET_STRING) ? element.body : element.whole;
    return der_walk_end(&inner, "contentInfo.content", err);
}

static enum rc read_certs(struct der_walk *walk, struct cms *cms, struct err *err)
{
    struct der_walk inner;
    struct der element;

    if (!der_walk_sees_context(walk, 0))
        return RC_OK;
    TRY(der_walk_next(walk, "certificates", &element, err));
    inner = der_walk_into(walk, &element);
    for (size_t n = 0; der_walk_more(&inner); n++) {
        CLEANUP(cert_freep) struct cert *cert = NULL;
        struct err ignored = ERR_INIT;

        if (n == CERTS_MAX)
            return der_walk_fault(&inner, inner.rest.data, "certificates", N_("too many items"),
                                  err);
        TRY(der_walk_next(&inner, "certificates", &element, err));
        if (der_is(&element, DER_SEQUENCE) && cert_parse(element.whole, &cert, &ignored) == RC_OK)
            certs_add(&cms->certs, cert);
    }
    return RC_OK;
}

static enum rc read_signer(const struct der_walk *walk, const struct der *item,
                           struct cms_signer *signer, struct err *err)
{
    struct der_walk inner = der_walk_into(walk, item);
    struct der element;

    TRY(der_walk_tag(&inner, DER_INTEGER, "signerInfo.version", &element, err));
    TRY(der_walk_next(&inner, "signerInfo.sid", &element, err));
    signer->sid = element.whole;
    TRY(read_algorithm(&inner, "signerInfo.digestAlgorithm", signer->digest_oid, err));
    if (der_walk_sees_context(&inner, 0)) {
        TRY(der_walk_next(&inner, "signerInfo.authenticatedAttributes", &element, err));
        signer->attributes = element.whole;
    }
    TRY(read_algorithm(&inner, "signerInfo.digestEncryptionAlgorithm", signer->signature_oid, err));
    TRY(der_walk_tag(&inner, DER_OCTET_STRING, "signerInfo.encryptedDigest", &element, err));
    signer->signature = element.body;
    if (der_walk_sees_context(&inner, 1)) {
        TRY(der_walk_next(&inner, "signerInfo.unauthenticatedAttributes", &element, err));
        signer->unsigned_attributes = element.whole;
    }
    return der_walk_end(&inner, "signerInfo", err);
}

static enum rc read_signers(struct der_walk *walk, struct cms *cms, struct err *err)
{
    struct der_walk inner;
    struct der element;

    TRY(der_walk_tag(walk, DER_SET, "signerInfos", &element, err));
    inner = der_walk_into(walk, &element);
    cms->signers = mem_zero(SIGNERS_MAX, sizeof(*cms->signers));
    while (der_walk_more(&inner)) {
        if (cms->n_signers == SIGNERS_MAX)
            return der_walk_fault(&inner, inner.rest.data, "signerInfos", N_("too many items"),
                                  err);
        TRY(der_walk_tag(&inner, DER_SEQUENCE, "signerInfo", &element, err));
        TRY(read_signer(&inner, &element, &cms->signers[cms->n_signers++], err));
    }
    return RC_OK;
}

bool cms_lists_digest(const struct cms *cms, const struct cms_signer *signer)
{
    struct der_walk walk = {cms->digests, cms->digests.data, "SIG001", "RFC 5652 5.1"};
    struct err ignored = ERR_INIT;
    char oid[64];

    while (der_walk_more(&walk)) {
        if (read_algorithm(&walk, "digestAlgorithms", oid, &ignored) != RC_OK)
            return false;
        if (strcmp(oid, signer->digest_oid) == 0)
            return true;
    }
    return false;
}

static enum rc read_signed_data(struct der_walk *walk, struct cms *cms, struct err *err)
{
    struct der_walk inner;
    struct der element;

    TRY(der_walk_tag(walk, DER_SEQUENCE, "SignedData", &element, err));
    TRY(der_walk_end(walk, "SignedData", err));
    inner = der_walk_into(walk, &element);
    TRY(der_walk_tag(&inner, DER_INTEGER, "SignedData.version", &element, err));
    TRY(der_walk_tag(&inner, DER_SET, "digestAlgorithms", &element, err));
    cms->digests = element.body;
    TRY(read_content(&inner, cms, err));
    TRY(read_certs(&inner, cms, err));
    if (der_walk_sees_context(&inner, 1)) /* lists that come with the value are not believed */
        TRY(der_walk_next(&inner, "crls", &element, err));
    TRY(read_signers(&inner, cms, err));
    return der_walk_end(&inner, "SignedData", err);
}

static enum rc read_value(struct span der, struct cms *cms, struct err *err)
{
    struct der_walk walk = {der, der.data, "SIG001", "GB/T 35275"};
    struct der_walk inner;
    struct der element;
    char oid[64];

    TRY(der_walk_tag(&walk, DER_SEQUENCE, "ContentInfo", &element, err));
    TRY(der_walk_end(&walk, "ContentInfo", err));
    cms->whole = element.whole;
    inner = der_walk_into(&walk, &element);
    TRY(read_oid(&inner, "contentType", oid, err));
    cms->is_gbt35275 = strcmp(oid, OID_GB_SIGNED_DATA) == 0;
    if (!cms->is_gbt35275 && strcmp(oid, OID_CMS_SIGNED_DATA) != 0)
        return der_walk_fault(&walk, element.body.data, "contentType", N_("not a SignedData"), err);
    TRY(der_walk_next(&inner, "content", &element, err));
    if (!der_is_context(&element, 0))
        return der_walk_fault(&inner, element.whole.data, "content",
                              N_("an item of another type stands here"), err);
    TRY(der_walk_end(&inner, "ContentInfo", err));
    inner = der_walk_into(&walk, &element);
    return read_signed_data(&inner, cms, err);
}

enum rc cms_read(struct span ber, struct cms *out, struct err *err)
{
    CLEANUP(cms_clear)
    struct cms cms = {.own = BUF_INIT(LIMIT_SIGNED_VALUE),
                      .own_content = BUF_INIT(LIMIT_SIGNED_VALUE)};
    struct err first = ERR_INIT;

    if (ber.len > LIMIT_SIGNED_VALUE)
        return err_find(err, "SIG001", RC_INPUT, "larger than the limit of %zu bytes",
                        LIMIT_SIGNED_VALUE);
    if (read_value(ber, &cms, &first) != RC_OK) {
        /* perhaps for an indefinite length; then the offsets of the original say more */
        cms_clear(&cms);
        if (der_definite(ber, &cms.own, err) != RC_OK ||
            read_value(buf_span(&cms.own), &cms, err) != RC_OK) {
            *err = first;
            return first.code;
        }
    }
    *out = cms;
    cms = (struct cms){.own = BUF_INIT(LIMIT_SIGNED_VALUE),
                       .own_content = BUF_INIT(LIMIT_SIGNED_VALUE)};
    return RC_OK;
}

/* First value of an attribute in a SET OF Attribute. */
static bool find_attribute(struct span attributes, const char *oid, struct der *value)
{
    struct err ignored = ERR_INIT;
    struct span rest = attributes;
    struct der list, item, part;

    if (!rest.len || der_next(&rest, &list, &ignored) != RC_OK)
        return false;
    for (rest = list.body; rest.len && der_next(&rest, &item, &ignored) == RC_OK;) {
        struct span parts = item.body;
        char name[64];

        if (parts.len && der_next(&parts, &part, &ignored) == RC_OK && der_is(&part, DER_OID) &&
            der_oid_text(part.body, name, sizeof(name)) && strcmp(name, oid) == 0)
            return parts.len && der_next(&parts, &part, &ignored) == RC_OK &&
                   der_is(&part, DER_SET) && part.body.len &&
                   der_next(&part.body, value, &ignored) == RC_OK;
    }
    return false;
}

bool cms_attribute(const struct cms_signer *signer, const char *oid, struct der *value)
{
    return find_attribute(signer->attributes, oid, value);
}

bool cms_unsigned_attribute(const struct cms_signer *signer, const char *oid, struct der *value)
{
    return find_attribute(signer->unsigned_attributes, oid, value);
}
