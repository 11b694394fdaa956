/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ofd/ofd_stamp.h"

#include "core/base/limits.h"
#include "formats/cms/sigvalue.h"
#include "formats/ofd/ofd_bundle.h"
#include "formats/ses/ses.h"

/* A signed value that has a place for a token. */
struct value {
    enum sigvalue_kind kind;
    struct cms cms;
    struct ses_signature ses;
    struct span octets; /* what a timestamp of it is over */
};

static void value_clear(struct value *value)
{
    cms_clear(&value->cms);
    ses_signature_clear(&value->ses);
}

static enum rc parse(struct span bytes, struct value *out, struct err *err)
{
    out->kind = sigvalue_detect(bytes);
    if (out->kind == SIGVALUE_SES) {
        TRY(ses_signature_read(bytes, &out->ses, NULL, err));
        out->octets = out->ses.signature;
        return RC_OK;
    }
    if (out->kind != SIGVALUE_CMS)
        return err_find(err, "TIM222", RC_REFUSED, "a bare value has no place for a timestamp");
    TRY(cms_read(bytes, &out->cms, err));
    if (out->cms.n_signers != 1)
        return err_find(err, "TIM222", RC_REFUSED,
                        "the value has %zu signers; a timestamp is put into one of one signer",
                        out->cms.n_signers);
    out->octets = out->cms.signers[0].signature;
    return RC_OK;
}

static enum rc read_value(struct ofd *ofd, size_t i, struct value *out, struct err *err)
{
    const struct ofd_signature *signature = &ofd->signatures[i];
    struct span bytes;

    if (signature->fault.code != RC_OK) {
        *err = signature->fault;
        return err->code;
    }
    if (signature->value < 0)
        return err_find(err, "OFD003", RC_INPUT, "GB/T 33190 18.2: SignedValue '%s' names no part",
                        signature->value_loc ? signature->value_loc : "");
    TRY(zipfile_read(ofd->zip, (size_t)signature->value, &bytes, err));
    TRY_AT(parse(bytes, out, err), err, "%s", ofd_name(ofd, signature->value));
    return RC_OK;
}

enum rc ofd_stamp_request(struct ofd *ofd, enum hash_alg alg, struct buf *out, struct err *err)
{
    CLEANUP(value_clear) struct value value = {.octets = {NULL, 0}};

    if (!ofd->n_signatures)
        return err_set(err, RC_NOTHING, "there is no seal or signature to ask a timestamp for");
    TRY(read_value(ofd, ofd->n_signatures - 1, &value, err));
    return timestamp_request(value.octets, alg, out, err);
}

/* Which value is it?  One that cannot be read is none that a request was made for. */
static enum rc find_value(struct ofd *ofd, const struct timestamp *stamp, size_t *at,
                          struct err *err)
{
    for (size_t i = ofd->n_signatures; i > 0; i--) {
        CLEANUP(value_clear) struct value value = {.octets = {NULL, 0}};
        struct err ignored = ERR_INIT;

        if (read_value(ofd, i - 1, &value, &ignored) != RC_OK ||
            !timestamp_is_over(stamp, value.octets))
            continue;
        if (!timestamp_answers(stamp, value.octets))
            return err_find(err, "TIM220", RC_REFUSED,
                            "RFC 3161 2.4.2: it does not hold the nonce of the request");
        *at = i - 1;
        return RC_OK;
    }
    return err_find(err, "TIM220", RC_REFUSED,
                    "RFC 3161 2.4.2: it stamps no seal and no signature of this file");
}

static enum rc check_uncovered(const struct ofd *ofd, size_t at, struct err *err)
{
    long member = ofd->signatures[at].value;

    for (size_t i = 0; i < ofd->n_signatures; i++) {
        for (size_t r = 0; r < ofd->signatures[i].n_references; r++) {
            if (ofd->signatures[i].references[r].member == member)
                return err_find(err, "TIM221", RC_REFUSED,
                                "seal or signature %s covers the value of %s",
                                ofd->signatures[i].id, ofd->signatures[at].id);
        }
    }
    return RC_OK;
}

static enum rc put_token(const struct value *value, struct span token, struct buf *out,
                         struct err *err)
{
    if (value->kind == SIGVALUE_SES)
        return ses_with_timestamp(&value->ses, token, out, err);
    return cms_with_timestamp(&value->cms, token, out, err);
}

enum rc ofd_stamp(struct ofd *ofd, struct span token, struct ofd_stamped *out, struct err *err)
{
    CLEANUP(timestamp_clear) struct timestamp stamp = {.time = 0};
    CLEANUP(value_clear) struct value value = {.octets = {NULL, 0}};
    CLEANUP(buf_clear) struct buf changed = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(ofd_bundle_clear) struct ofd_bundle bundle = {.members = NULL};

    TRY(timestamp_read(token, &stamp, err));
    TRY(find_value(ofd, &stamp, &out->signature, err));
    TRY(check_uncovered(ofd, out->signature, err));
    TRY(read_value(ofd, out->signature, &value, err));
    TRY(put_token(&value, token, &changed, err));
    TRY(ofd_bundle_open(&bundle, ofd->zip, err));
    ofd_bundle_store(&bundle, ofd_name(ofd, ofd->signatures[out->signature].value),
                     buf_span(&changed));
    return ofd_bundle_write(&bundle, &out->package, err);
}
