/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Putting a timestamp token into SignedData: the unauthenticated attribute of RFC 3161,
 * appendix A.  No signature covers it, so every other octet stays as it was; only the
 * lengths around it grow.
 */
#include "core/base/limits.h"
#include "core/crypto/der_write.h"
#include "formats/cms/cms.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/cms_write.h"

/* Where the one SignerInfo lies: what stands before it in each element around it. */
struct nesting {
    struct span oid;        /* contentType */
    struct span before;     /* items of SignedData ahead of signerInfos */
    struct span signer;     /* items of SignerInfo, without unauthenticated attributes */
    struct span attributes; /* contents of those; empty if none */
};

/* Moves to the last item in data and gives what is before it. */
static enum rc last_item(struct span data, struct span *before, struct der *last, struct err *err)
{
    struct span rest = data;

    do
        TRY(der_next(&rest, last, err));
    while (rest.len);
    *before = (struct span){data.data, (size_t)(last->whole.data - data.data)};
    return RC_OK;
}

static enum rc find_signer(struct span value, struct nesting *out, struct err *err)
{
    struct der element, item;
    struct span ignored;

    TRY(der_only(value, &element, err));
    TRY(last_item(element.body, &out->oid, &item, err));
    TRY(der_only(item.body, &element, err)); /* [0] holds SignedData */
    TRY(last_item(element.body, &out->before, &item, err));
    TRY(der_only(item.body, &element, err)); /* signerInfos, one in it */
    TRY(last_item(element.body, &ignored, &item, err));
    out->signer = element.body;
    if (der_is_context(&item, 1)) {
        out->signer = ignored;
        out->attributes = item.body;
    }
    return RC_OK;
}

static enum rc put_attributes(const struct nesting *around, struct span token, struct buf *out,
                              struct err *err)
{
    CLEANUP(buf_clear) struct buf items = BUF_INIT(LIMIT_SIGNED_VALUE);

    TRY(der_put_raw(&items, around->attributes, err));
    TRY(cms_put_attribute(&items, OID_TIMESTAMP_TOKEN, token, err));
    return cms_put_set(out, DER_ID_CONTEXT_1, buf_span(&items), err);
}

static enum rc put_around(const struct nesting *around, struct span token, struct buf *out,
                          struct err *err)
{
    size_t start = out->len, content, inner, signers;

    TRY(der_put_raw(out, around->oid, err));
    content = out->len;
    TRY(der_put_raw(out, around->before, err));
    signers = out->len;
    inner = out->len;
    TRY(der_put_raw(out, around->signer, err));
    TRY(put_attributes(around, token, out, err));
    TRY(der_wrap(out, DER_ID_SEQUENCE, inner, err));
    TRY(der_wrap(out, DER_ID_SET, signers, err));
    TRY(der_wrap(out, DER_ID_SEQUENCE, content, err));
    TRY(der_wrap(out, DER_ID_CONTEXT_0, content, err));
    return der_wrap(out, DER_ID_SEQUENCE, start, err);
}

enum rc cms_with_timestamp(const struct cms *cms, struct span token, struct buf *out,
                           struct err *err)
{
    struct nesting around = {.attributes = {NULL, 0}};
    struct der standing;

    if (cms->n_signers != 1)
        return err_find(err, "TIM222", RC_REFUSED,
                        "the value has %zu signers; a timestamp is put into one of one signer",
                        cms->n_signers);
    if (cms_unsigned_attribute(&cms->signers[0], OID_TIMESTAMP_TOKEN, &standing))
        return err_find(err, "TIM222", RC_REFUSED, "it has a timestamp already");
    TRY(find_signer(cms->whole, &around, err));
    return put_around(&around, token, out, err);
}
