/* SPDX-License-Identifier: Apache-2.0 */
/* A seal (GB/T 38540) or signature (GB/T 35275) put on a package: what seal, sign and press share.
 */
#include "cmd/sealing.h"

#include <string.h>

#include "core/base/limits.h"
#include "core/crypto/random.h"
#include "core/model/judge.h"
#include "formats/cms/cms.h"

void sealer_clear(struct sealer *sealer)
{
    signer_free(sealer->signer);
    certs_clear(&sealer->chain);
    ses_seal_clear(&sealer->seal);
    packed_clear(&sealer->packed);
    buf_clear(&sealer->esl);
    *sealer = (struct sealer)SEALER_INIT;
}

instant sealer_time(const struct sealer *sealer)
{
    return sealer->insecure_time != INSTANT_NONE ? sealer->insecure_time : clock_system();
}

static enum rc check_cert(const struct cert *cert, instant now, struct err *err)
{
    char text[21];

    if (now < cert_not_before(cert)) {
        instant_print(cert_not_before(cert), text);
        return err_find(err, "CRT221", RC_REFUSED, "the key's certificate is not valid before %s",
                        text);
    }
    if (now > cert_not_after(cert)) {
        instant_print(cert_not_after(cert), text);
        return err_find(err, "CRT222", RC_REFUSED, "the key's certificate expired at %s", text);
    }
    if (!cert_may_sign(cert))
        return err_find(err, "CRT223", RC_REFUSED, "the key's certificate is not for signing");
    return RC_OK;
}

static enum rc check_seal(const struct ses_seal *seal, instant now, struct err *err)
{
    char text[21];

    if (now < seal->valid_start) {
        instant_print(seal->valid_start, text);
        return err_find(err, "SEA222", RC_REFUSED, "the seal is not valid before %s", text);
    }
    if (now > seal->valid_end) {
        instant_print(seal->valid_end, text);
        return err_find(err, "SEA223", RC_REFUSED, "the seal expired at %s", text);
    }
    return RC_OK;
}

/* Trial keys alone may lie about the time, and the report says that they did. */
static enum rc check_time(const struct sealer *sealer, const struct cert *cert, struct err *err)
{
    if (sealer->insecure_time == INSTANT_NONE || (cert && strstr(cert_subject(cert), "TEST")))
        return RC_OK;
    return err_set(err, RC_REFUSED, "--insecure-time is for keys whose certificate says TEST");
}

enum rc sealer_check(const struct sealer *sealer, const struct cert *cert, struct err *err)
{
    instant now = sealer_time(sealer);

    TRY(check_time(sealer, cert, err));
    if (cert)
        TRY(check_cert(cert, now, err));
    if (!sealer->esl.len)
        return RC_OK;
    TRY(check_seal(&sealer->seal, now, err));
    if (cert && !ses_seal_lists(&sealer->seal, cert))
        return err_find(err, "SEA224", RC_REFUSED,
                        "GB/T 38540: the seal '%s' does not list the key's certificate (%s)",
                        sealer->seal.name, cert_subject(cert));
    return RC_OK;
}

/* A seal service makes the whole value: what it answers is looked at before it is used. */
static enum rc prove_answer(const struct sealer *sealer, const struct ofd_pending *pending,
                            struct span value, struct err *err)
{
    CLEANUP(ses_signature_clear) struct ses_signature answer = {.whole = {NULL, 0}};
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(trust_freep) struct trust *nobody = trust_new();
    struct ses_judge judge = {.trust = nobody, .now = clock_system(), .part = "SignedValue.dat"};
    struct signature_report *report = verification_add_signature(&v);
    struct err why = ERR_INIT;

    if (ses_signature_read(value, &answer, &v.findings, &why) != RC_OK)
        return err_find(err, "CMD005", RC_KEY, "what it answered is no seal signature: %.200s",
                        why.text);
    if (!hash_equals(answer.seal.whole, buf_span(&sealer->esl)))
        return err_find(err, "CMD005", RC_KEY, "what it answered was made with another seal");
    ses_signature_judge(&judge, &answer, pending->sm3, buf_span(&pending->xml), NULL, report,
                        &v.findings);
    if (report->indication == TOTAL_FAILED)
        return err_find(err, "CMD005", RC_KEY, "what it answered does not verify: %s",
                        sub_indication_name(report->sub));
    return RC_OK;
}

static enum rc ask_service(const struct sealer *sealer, const struct ofd_pending *pending,
                           struct buf *value, struct err *err)
{
    TRY(signer_ses(sealer->signer, pending->sm3, pending->xml_path, value, err));
    TRY_AT(prove_answer(sealer, pending, buf_span(value), err), err, "%s",
           signer_program(sealer->signer));
    return RC_OK;
}

static enum rc seal_value(const struct sealing *sealing, const struct ofd_pending *pending,
                          struct buf *value, struct err *err)
{
    const struct sealer *sealer = sealing->sealer;
    struct ses_extension binding = {.oid = LICENCE_DIGESTS_OID,
                                    .value = {sealing->digests_sm3, SM3_LEN}};
    struct ses_sign_spec spec = {.seal = &sealer->seal,
                                 .time = sealer_time(sealer),
                                 .property = pending->xml_path,
                                 .extensions = &binding,
                                 .n_extensions = sealing->digests_sm3 ? 1 : 0};

    if (signer_is_ses(sealer->signer))
        return ask_service(sealer, pending, value, err);
    memcpy(spec.data_hash, pending->sm3, SM3_LEN);
    return ses_sign(&spec, sealer->signer, value, err);
}

static enum rc sign_value(const struct sealing *sealing, const struct ofd_pending *pending,
                          struct buf *value, struct err *err)
{
    unsigned char octets[2 + SM3_LEN] = {0x04, SM3_LEN}; /* OCTET STRING SM3(digests.json) */
    struct cms_attribute_spec binding = {.oid = LICENCE_DIGESTS_OID,
                                         .value = {octets, sizeof(octets)}};
    struct cms_spec spec = {.gbt35275 = true,
                            .time = sealer_time(sealing->sealer),
                            .chain = &sealing->sealer->chain,
                            .extra = &binding,
                            .n_extra = sealing->digests_sm3 ? 1 : 0};

    if (sealing->digests_sm3)
        memcpy(octets + 2, sealing->digests_sm3, SM3_LEN);
    return cms_sign(&spec, buf_span(&pending->xml), sealing->sealer->signer, value, err);
}

enum rc sealing_apply(const struct sealing *sealing, struct ofd_bundle *bundle, struct err *err)
{
    CLEANUP(ofd_pending_clear) struct ofd_pending pending = {.xml = BUF_INIT(0)};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct ofd_sign_spec spec = {.is_seal = sealing->as_seal,
                                 .seal = sealing->as_seal ? &sealing->sealer->packed : NULL,
                                 .stamps = sealing->stamps,
                                 .n_stamps = sealing->n_stamps,
                                 .close = sealing->close,
                                 .time = sealer_time(sealing->sealer),
                                 .list = sealing->list,
                                 .max_id = sealing->max_id,
                                 .standing = sealing->standing,
                                 .n_standing = sealing->n_standing};

    TRY(random_bytes(spec.comment, sizeof(spec.comment), err));
    TRY(ofd_sign_prepare(bundle, &spec, &pending, err));
    if (sealing->as_seal)
        TRY(seal_value(sealing, &pending, &value, err));
    else
        TRY(sign_value(sealing, &pending, &value, err));
    ofd_sign_complete(bundle, &pending, buf_span(&value));
    return RC_OK;
}

struct box sealing_box(const struct ses_seal *seal, struct box on)
{
    um w = (um)(seal->width_mm * UM_PER_MM), h = (um)(seal->height_mm * UM_PER_MM);

    return (struct box){on.x + (on.w - w) / 2, on.y + (on.h - h) / 2, w, h};
}
