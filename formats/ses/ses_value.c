/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ses/ses_value.h"

#include "core/base/limits.h"
#include "core/crypto/der_write.h"

/* GM/T 0009: e = SM3(ZA || message); ZA comes with the certificate, so a message is hashed once. */
static enum sigcheck verify(const struct cert *cert, const struct ses_value *value,
                            struct span message, struct sigform *form)
{
    unsigned char za[SM3_LEN], e[SM3_LEN];

    *form = (struct sigform){0};
    if (!cert_sm2_za(cert, za))
        return cert_verify(cert, value->algorithm, message, value->value, form);
    sm3_resumed((struct span){za, SM3_LEN}, message, e);
    return cert_verify_e(cert, e, value->value, form);
}

/* The certificate and the algorithm behind the message, as they lie there. */
static bool tail(const struct ses_value *value, struct span *out)
{
    struct span rest = value->after;
    struct err ignored = ERR_INIT;
    struct der cert, algorithm;

    if (!rest.len || der_next(&rest, &cert, &ignored) != RC_OK ||
        der_next(&rest, &algorithm, &ignored) != RC_OK)
        return false;
    *out = (struct span){value->after.data, value->after.len - rest.len};
    return true;
}

static bool verify_joined(const struct cert *cert, const struct ses_value *value, struct span head,
                          struct sigform *form)
{
    CLEANUP(buf_clear) struct buf joined = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct err ignored = ERR_INIT;
    struct span end;

    return tail(value, &end) && der_put_raw(&joined, head, &ignored) == RC_OK &&
           der_put_raw(&joined, end, &ignored) == RC_OK &&
           der_wrap(&joined, DER_ID_SEQUENCE, 0, &ignored) == RC_OK &&
           verify(cert, value, buf_span(&joined), form) == SIGCHECK_GOOD;
}

struct ses_verdict ses_verify(const struct cert *cert, const struct ses_value *value)
{
    struct ses_verdict verdict = {0};
    struct err ignored = ERR_INIT;
    struct sigform form;
    struct der message;

    verdict.check = verify(cert, value, value->message, &verdict.form);
    if (verdict.check != SIGCHECK_WRONG || !value->after.len ||
        der_only(value->message, &message, &ignored) != RC_OK)
        return verdict;
    if (verify_joined(cert, value, message.body, &form) ||
        verify_joined(cert, value, message.whole, &form))
        verdict = (struct ses_verdict){SIGCHECK_GOOD, form, true};
    return verdict;
}
