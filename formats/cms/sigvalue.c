/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/cms/sigvalue.h"

#include "core/base/limits.h"
#include "core/model/judge.h"

static enum sigvalue_kind by_items(const struct der *top)
{
    struct span rest = top->body;
    struct err ignored = ERR_INIT;
    struct der first, second;

    if (!der_is(top, DER_SEQUENCE) || !rest.len || der_next(&rest, &first, &ignored) != RC_OK)
        return SIGVALUE_UNKNOWN;
    if (der_is(&first, DER_OID))
        return SIGVALUE_CMS;
    if (der_is(&first, DER_SEQUENCE))
        return SIGVALUE_SES;
    if (der_is(&first, DER_INTEGER) && rest.len && der_next(&rest, &second, &ignored) == RC_OK &&
        der_is(&second, DER_INTEGER))
        return SIGVALUE_RAW;
    return SIGVALUE_UNKNOWN;
}

/* r||s of SM2, or a value of RSA with 1024 to 4096 bits: no structure, only a size. */
static bool is_bare_size(size_t len)
{
    return len == 64 || len == 128 || len == 256 || len == 384 || len == 512;
}

enum sigvalue_kind sigvalue_detect(struct span value)
{
    CLEANUP(buf_clear) struct buf definite = BUF_INIT(LIMIT_SIGNED_VALUE);
    enum sigvalue_kind kind = SIGVALUE_UNKNOWN;
    struct err ignored = ERR_INIT;
    struct span rest = value;
    struct der top;

    if (!value.len || value.len > LIMIT_SIGNED_VALUE)
        return SIGVALUE_UNKNOWN;
    if (der_next(&rest, &top, &ignored) == RC_OK) {
        kind = by_items(&top);
    } else if (der_definite(value, &definite, &ignored) == RC_OK) {
        rest = buf_span(&definite);
        if (rest.len && der_next(&rest, &top, &ignored) == RC_OK)
            kind = by_items(&top);
    }
    return kind == SIGVALUE_UNKNOWN && is_bare_size(value.len) ? SIGVALUE_RAW : kind;
}

void sigvalue_judge_raw(const struct cms_judge *question, struct span value, const char *algorithm,
                        struct cert *cert, struct span content, struct signature_report *report,
                        struct findings *findings)
{
    const struct judge judge = {.trust = question->trust,
                                .cache = question->cache,
                                .now = question->now,
                                .part = question->part,
                                .report = report,
                                .findings = findings,
                                .level = question->level};
    struct judge_value outcome = {.algorithm = algorithm ? algorithm : "-"};

    report->format = "RAW";
    report->claimed_time = question->container_time ? question->container_time : INSTANT_NONE;
    judge_passed(&judge, "format");
    if (!cert) {
        signature_step(report, "value", STEP_UNKNOWN,
                       findings_add(findings, "SIG111", judge_place(&judge, "value"), NULL),
                       SUB_NO_SIGNING_CERTIFICATE_FOUND);
        return;
    }
    judge_name_signer(report, cert);
    outcome.check = cert_verify(cert, outcome.algorithm, content, value, &outcome.form);
    judge_value(&judge, "value", &outcome); /* SignatureMethod may be a name: no remark on it */
    judge_signer(&judge, cert, NULL, report->claimed_time);
}
