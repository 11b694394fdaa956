/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading SES_Signature: GM/T 0031-2014 5.3 (layout 1), GB/T 38540-2020 7.2 (4), GM/T 0031-2025
 * (5).
 *
 *     layout 1   { toSign { version, eseal, timeInfo, dataHash, propertyInfo, cert, algorithm },
 *                  signature }
 *     layout 4,5 { toSign { version, eseal, timeInfo, dataHash, propertyInfo, [0] extDatas },
 *                  cert, signatureAlgID, signature, [0] timeStamp }
 *
 * The signature covers toSign as it lies there.
 */
#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "formats/ses/ses_read.h"

void ses_signature_clear(struct ses_signature *signature)
{
    ses_seal_clear(&signature->seal);
    free(signature->property);
    *signature = (struct ses_signature){.seal = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)}};
}

static enum rc read_version(struct ses_reader *sign, struct ses_signature *signature,
                            struct err *err)
{
    return ses_integer(sign, "toSign.version", &signature->version, err);
}

static enum rc read_eseal(struct ses_reader *sign, struct ses_signature *signature, struct err *err)
{
    size_t offset = (size_t)(sign->walk.rest.data - sign->walk.base);
    struct der element;

    TRY(der_walk_tag(&sign->walk, DER_SEQUENCE, "toSign.eseal", &element, err));
    TRY_AT(ses_seal_read(element.whole, &signature->seal, sign->notes, err), err, "eseal@0x%zx",
           offset);
    return RC_OK;
}

/* timeInfo of layout 1: text, a DER time or a timestamp token inside a BIT STRING. */
static void read_time_payload(struct ses_reader *sign, const struct der *element,
                              struct span payload, struct ses_signature *signature)
{
    struct span rest = payload;
    struct err ignored = ERR_INIT;
    struct der inner;

    if (ses_text_time(payload, &signature->time)) {
        ses_note(sign, REMARK_TEXT_TIME, element, "toSign.timeInfo", NULL, NULL);
        return;
    }
    if (payload.len && der_next(&rest, &inner, &ignored) == RC_OK && !rest.len) {
        if (ses_der_time(sign, &inner, "toSign.timeInfo", &signature->time))
            return;
        if (der_is(&inner, DER_SEQUENCE)) {
            signature->time_token = inner.whole;
            return;
        }
    }
    ses_note(sign, REMARK_BAD_TIME, element, "toSign.timeInfo", NULL, NULL);
}

static enum rc read_time(struct ses_reader *sign, struct ses_signature *signature, struct err *err)
{
    struct span payload;
    struct der element = {0}, again;
    struct span ahead = sign->walk.rest;
    struct err ignored = ERR_INIT;

    signature->time = INSTANT_NONE;
    if (signature->layout != SES_LAYOUT_1 && !der_walk_sees(&sign->walk, DER_BIT_STRING) &&
        !der_walk_sees(&sign->walk, DER_OCTET_STRING))
        return ses_time(sign, "toSign.timeInfo", DER_GENERALIZED_TIME, &signature->time, err);
    if (der_next(&ahead, &element, &ignored) == RC_OK &&
        ses_der_time(sign, &element, "toSign.timeInfo", &signature->time)) {
        ses_expect_type(sign, &element, "toSign.timeInfo", DER_BIT_STRING);
        return der_walk_next(&sign->walk, "toSign.timeInfo", &again, err);
    }
    TRY(ses_bits(sign, "toSign.timeInfo", &payload, err));
    if (signature->layout != SES_LAYOUT_1)
        ses_expect_type(sign, &element, "toSign.timeInfo", DER_GENERALIZED_TIME);
    read_time_payload(sign, &element, payload, signature);
    return RC_OK;
}

static enum rc read_hash(struct ses_reader *sign, struct ses_signature *signature, struct err *err)
{
    signature->malformed =
        signature->layout != SES_LAYOUT_1 && !der_walk_sees(&sign->walk, DER_BIT_STRING);
    return ses_bits(sign, "toSign.dataHash", &signature->data_hash, err);
}

static enum rc read_sign_extensions(struct ses_reader *sign, struct ses_signature *signature,
                                    struct err *err)
{
    struct ses_reader inner;
    struct der wrapped, sequence;

    if (der_walk_sees(&sign->walk, DER_SEQUENCE)) { /* as seals have it: without its tag */
        TRY(der_walk_next(&sign->walk, "toSign.extDatas", &sequence, err));
        ses_note(sign, REMARK_TYPE, &sequence, "toSign.extDatas", "SEQUENCE", "[0] EXPLICIT");
    } else if (der_walk_sees_context(&sign->walk, 0)) {
        TRY(der_walk_next(&sign->walk, "toSign.extDatas", &wrapped, err));
        inner = ses_into(sign, &wrapped);
        TRY(der_walk_tag(&inner.walk, DER_SEQUENCE, "toSign.extDatas", &sequence, err));
        TRY(der_walk_end(&inner.walk, "toSign.extDatas", err));
    } else {
        return RC_OK;
    }
    signature->ext_datas = sequence.whole;
    return ses_extensions(sign, &sequence, signature->critical, err);
}

static enum rc read_to_sign(const struct ses_reader *reader, const struct der *element,
                            struct ses_signature *signature, struct err *err)
{
    struct ses_reader sign = ses_into(reader, element);

    signature->to_sign = element->whole;
    TRY(read_version(&sign, signature, err));
    TRY(read_eseal(&sign, signature, err));
    TRY(read_time(&sign, signature, err));
    TRY(read_hash(&sign, signature, err));
    TRY(ses_text(&sign, "toSign.propertyInfo", DER_IA5_STRING, &signature->property, err));
    if (signature->layout == SES_LAYOUT_1) {
        TRY(ses_cert(&sign, "toSign.cert", &signature->cert, err));
        TRY(ses_oid(&sign, "toSign.signatureAlgorithm", signature->algorithm, err));
    } else {
        TRY(read_sign_extensions(&sign, signature, err));
    }
    return der_walk_end(&sign.walk, "toSign", err);
}

/* Items after toSign: one is layout 1, three or four are layout 4 or 5. */
static enum rc find_layout(const struct ses_reader *items, enum ses_layout *layout, struct err *err)
{
    struct der_walk ahead = items->walk;
    struct der skipped;
    size_t n = 0;

    for (; der_walk_more(&ahead) && n < 5; n++)
        TRY(der_walk_next(&ahead, "SES_Signature", &skipped, err));
    if (n != 1 && n != 3 && n != 4)
        return der_walk_fault(&items->walk, items->walk.base, "SES_Signature",
                              N_("2, 4 or 5 items are expected"), err);
    *layout = n == 1 ? SES_LAYOUT_1 : SES_LAYOUT_4;
    return RC_OK;
}

static void note_versions(const struct ses_reader *reader, const struct der *top,
                          struct ses_signature *signature)
{
    bool first = signature->layout == SES_LAYOUT_1;
    bool differs = first ? signature->version == 4 || signature->version == 5
                         : signature->version != (int64_t)signature->layout;

    if (differs || first != (signature->seal.layout == SES_LAYOUT_1))
        ses_note(reader, REMARK_VERSION, top, "toSign.version", NULL, NULL);
}

static enum rc read_signature(struct ses_reader *reader, struct ses_signature *signature,
                              struct err *err)
{
    struct ses_reader items;
    struct der top, to_sign;

    TRY(der_walk_tag(&reader->walk, DER_SEQUENCE, "SES_Signature", &top, err));
    TRY(der_walk_end(&reader->walk, "SES_Signature", err));
    signature->whole = top.whole;
    items = ses_into(reader, &top);
    TRY(der_walk_tag(&items.walk, DER_SEQUENCE, "toSign", &to_sign, err));
    TRY(find_layout(&items, &signature->layout, err));
    TRY(read_to_sign(&items, &to_sign, signature, err));
    if (signature->layout == SES_LAYOUT_4) {
        if (signature->seal.layout == SES_LAYOUT_5)
            signature->layout = SES_LAYOUT_5;
        TRY(ses_cert(&items, "cert", &signature->cert, err));
        TRY(ses_oid(&items, "signatureAlgID", signature->algorithm, err));
    }
    TRY(ses_bits(&items, "signature", &signature->signature, err));
    if (signature->layout != SES_LAYOUT_1)
        TRY(ses_timestamp(&items, &signature->timestamp, err));
    note_versions(&items, &top, signature);
    return der_walk_end(&items.walk, "SES_Signature", err);
}

enum rc ses_signature_read(struct span der, struct ses_signature *out, struct findings *notes,
                           struct err *err)
{
    struct ses_reader reader = {
        .walk = {der, der.data, "SIG001", "GB/T 38540"}, .notes = notes, .of_seal = false};
    CLEANUP(ses_signature_clear)
    struct ses_signature signature = {.seal = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)}};

    if (der.len > LIMIT_SIGNED_VALUE)
        return err_find(err, "SIG001", RC_INPUT, "larger than the limit of %zu bytes",
                        LIMIT_SIGNED_VALUE);
    TRY(read_signature(&reader, &signature, err));
    *out = signature;
    signature = (struct ses_signature){.seal = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)}};
    return RC_OK;
}

bool ses_extension(const struct ses_signature *signature, const char *oid, struct span *value)
{
    struct err ignored = ERR_INIT;
    struct span rest = signature->ext_datas;
    struct der list, item, part;

    if (!rest.len || der_next(&rest, &list, &ignored) != RC_OK)
        return false;
    for (rest = list.body; rest.len && der_next(&rest, &item, &ignored) == RC_OK;) {
        struct span parts = item.body;
        char name[64];

        if (der_next(&parts, &part, &ignored) != RC_OK ||
            !der_oid_text(part.body, name, sizeof(name)) || strcmp(name, oid) != 0)
            continue;
        while (parts.len && der_next(&parts, &part, &ignored) == RC_OK) {
            if (der_is(&part, DER_OCTET_STRING)) {
                *value = part.body;
                return true;
            }
        }
    }
    return false;
}
