/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making seals and seal signatures: GB/T 38540-2020 (layout 4), GM/T 0031-2025 (5),
 * in the shapes of ses_seal.c and ses_signature.c, always as DER: an extension that
 * is not critical leaves its flag out, bit strings have no unused bits.
 */
#include <stdio.h>

#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/crypto/der_write.h"
#include "core/crypto/random.h"
#include "formats/ses/ses.h"

#define OID_SM2_WITH_SM3 "1.2.156.10197.1.501"
#define OID_SM3_TEXT "1.2.156.10197.1.401"

/* IA5String holds ASCII; what is printed of it must be printable. */
static bool is_ascii(const char *text)
{
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7e)
            return false;
    }
    return true;
}

static enum rc check_spec(const struct ses_seal_spec *spec, struct err *err)
{
    if (spec->layout != SES_LAYOUT_4 && spec->layout != SES_LAYOUT_5)
        return err_set(err, RC_USAGE, "a seal is made in layout 4 or 5, not %d", (int)spec->layout);
    if (!spec->name || !*spec->name || utf8_check(span_of(spec->name)) != strlen(spec->name))
        return err_set(err, RC_USAGE, "GB/T 38540: a seal needs a name in UTF-8");
    if ((spec->id && (!*spec->id || !is_ascii(spec->id))) ||
        (spec->vendor && !is_ascii(spec->vendor)) || !is_ascii(spec->picture_type))
        return err_set(err, RC_USAGE, "GB/T 38540: identifier, vendor and picture type are ASCII");
    if (!spec->signers || !spec->signers->n)
        return err_set(err, RC_USAGE, "GB/T 38540: a seal lists at least one certificate");
    if (!spec->picture.len || spec->width_mm <= 0 || spec->height_mm <= 0)
        return err_set(err, RC_USAGE, "GB/T 38540: a seal needs a picture and its size");
    if (spec->create_date == INSTANT_NONE || spec->valid_start >= spec->valid_end)
        return err_set(err, RC_USAGE, "GB/T 38540: a seal's validity ends after it starts");
    return RC_OK;
}

static enum rc put_header(const struct ses_seal_spec *spec, struct buf *out, struct err *err)
{
    size_t mark = out->len;

    TRY(der_put_text(out, DER_ID_IA5_STRING, "ES", err));
    TRY(der_put_integer(out, (int64_t)spec->layout, err));
    TRY(der_put_text(out, DER_ID_IA5_STRING, spec->vendor ? spec->vendor : "ecert", err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

static enum rc put_id(const struct ses_seal_spec *spec, struct buf *out, struct err *err)
{
    unsigned char random[16];
    char text[2 * sizeof(random) + 1];

    if (spec->id)
        return der_put_text(out, DER_ID_IA5_STRING, spec->id, err);
    TRY(random_bytes(random, sizeof(random), err));
    for (size_t i = 0; i < sizeof(random); i++)
        (void)snprintf(text + 2 * i, 3, "%02X", (unsigned)random[i]);
    return der_put_text(out, DER_ID_IA5_STRING, text, err);
}

static enum rc put_signer(const struct ses_seal_spec *spec, const struct cert *cert,
                          struct buf *out, struct err *err)
{
    size_t mark = out->len;

    if (!spec->digests)
        return der_put(out, DER_ID_OCTET_STRING, cert_der(cert), err);
    TRY(der_put_text(out, DER_ID_PRINTABLE_STRING, OID_SM3_TEXT, err));
    TRY(der_put(out, DER_ID_OCTET_STRING, (struct span){cert_sm3(cert), SM3_LEN}, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

static enum rc put_property(const struct ses_seal_spec *spec, struct buf *out, struct err *err)
{
    size_t mark = out->len, list;

    TRY(der_put_integer(out, spec->type, err));
    TRY(der_put_text(out, DER_ID_UTF8_STRING, spec->name, err));
    TRY(der_put_integer(out, spec->digests ? 2 : 1, err));
    list = out->len;
    for (size_t i = 0; i < spec->signers->n; i++)
        TRY(put_signer(spec, spec->signers->list[i], out, err));
    TRY(der_wrap(out, DER_ID_SEQUENCE, list, err));
    TRY(der_put_generalized_time(out, spec->create_date, err));
    TRY(der_put_generalized_time(out, spec->valid_start, err));
    TRY(der_put_generalized_time(out, spec->valid_end, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

static enum rc put_picture(const struct ses_seal_spec *spec, struct buf *out, struct err *err)
{
    size_t mark = out->len;

    TRY(der_put_text(out, DER_ID_IA5_STRING, spec->picture_type, err));
    TRY(der_put(out, DER_ID_OCTET_STRING, spec->picture, err));
    TRY(der_put_integer(out, spec->width_mm, err));
    TRY(der_put_integer(out, spec->height_mm, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

static enum rc put_info(const struct ses_seal_spec *spec, struct buf *out, struct err *err)
{
    size_t mark = out->len;

    TRY(put_header(spec, out, err));
    TRY(put_id(spec, out, err));
    TRY(put_property(spec, out, err));
    TRY(put_picture(spec, out, err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

/* Signs what stands after `mark` and appends cert, algorithm and value: the tail that seal and
 * signature share since GB/T 38540. */
static enum rc put_value(struct signer *signer, const char *purpose, size_t mark, struct buf *out,
                         struct err *err)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    struct span message = {(const unsigned char *)out->data + mark, out->len - mark};

    TRY(signer_sign(signer, purpose, message, &value, err));
    TRY(der_put(out, DER_ID_OCTET_STRING, cert_der(signer_cert(signer)), err));
    TRY(der_put_oid(out, OID_SM2_WITH_SM3, err));
    TRY(der_put_bits(out, buf_span(&value), err));
    return der_wrap(out, DER_ID_SEQUENCE, mark, err);
}

enum rc ses_seal_make(const struct ses_seal_spec *spec, struct signer *maker, struct buf *out,
                      struct err *err)
{
    CLEANUP(buf_clear) struct buf seal = BUF_INIT(LIMIT_SIGNED_VALUE);

    TRY(check_spec(spec, err));
    TRY(put_info(spec, &seal, err));
    TRY(put_value(maker, "seal", 0, &seal, err));
    return der_put_raw(out, buf_span(&seal), err);
}

static enum rc put_extensions(const struct ses_sign_spec *spec, struct buf *out, struct err *err)
{
    size_t mark = out->len;

    if (!spec->n_extensions)
        return RC_OK;
    for (size_t i = 0; i < spec->n_extensions; i++) {
        const struct ses_extension *extension = &spec->extensions[i];
        size_t item = out->len;

        TRY(der_put_oid(out, extension->oid, err));
        if (extension->critical) /* DEFAULT FALSE is left out */
            TRY(der_put(out, DER_ID_BOOLEAN, (struct span){(const unsigned char *)"\xff", 1}, err));
        TRY(der_put(out, DER_ID_OCTET_STRING, extension->value, err));
        TRY(der_wrap(out, DER_ID_SEQUENCE, item, err));
    }
    TRY(der_wrap(out, DER_ID_SEQUENCE, mark, err));
    return der_wrap(out, DER_ID_CONTEXT_0, mark, err);
}

static enum rc put_to_sign(const struct ses_sign_spec *spec, struct buf *out, struct err *err)
{
    TRY(der_put_integer(out, (int64_t)spec->seal->layout, err));
    TRY(der_put_raw(out, spec->seal->whole, err));
    TRY(der_put_generalized_time(out, spec->time, err));
    TRY(der_put_bits(out, (struct span){spec->data_hash, SM3_LEN}, err));
    TRY(der_put_text(out, DER_ID_IA5_STRING, spec->property, err));
    TRY(put_extensions(spec, out, err));
    return der_wrap(out, DER_ID_SEQUENCE, 0, err);
}

enum rc ses_sign(const struct ses_sign_spec *spec, struct signer *signer, struct buf *out,
                 struct err *err)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(LIMIT_SIGNED_VALUE);

    if (signer_is_ses(signer))
        return signer_ses(signer, spec->data_hash, spec->property, out, err);
    if (spec->seal->layout == SES_LAYOUT_1)
        return err_set(err, RC_REFUSED,
                       "a seal of GM/T 0031-2014 is read, but not used for new signatures");
    if (!is_ascii(spec->property))
        return err_set(err, RC_USAGE, "GB/T 38540: propertyInfo is ASCII: '%.80s'", spec->property);
    TRY(put_to_sign(spec, &value, err));
    TRY(put_value(signer, "seal signature", 0, &value, err));
    return der_put_raw(out, buf_span(&value), err);
}

/* timeStamp [0] EXPLICIT BIT STRING, the last item: GB/T 38540 7.1 */
enum rc ses_with_timestamp(const struct ses_signature *signature, struct span token,
                           struct buf *out, struct err *err)
{
    struct der top;
    size_t start = out->len, mark;

    if (signature->layout == SES_LAYOUT_1)
        return err_find(err, "TIM222", RC_REFUSED,
                        "a value of GM/T 0031-2014 has no place for a timestamp");
    if (signature->timestamp.len)
        return err_find(err, "TIM222", RC_REFUSED, "it has a timestamp already");
    TRY(der_only(signature->whole, &top, err));
    TRY(der_put_raw(out, top.body, err));
    mark = out->len;
    TRY(der_put_bits(out, token, err));
    TRY(der_wrap(out, DER_ID_CONTEXT_0, mark, err));
    return der_wrap(out, DER_ID_SEQUENCE, start, err);
}
