/* SPDX-License-Identifier: Apache-2.0 */
/* The seal by itself: GB/T 38540-2020 6.3, with what GM/T 0031-2025 changes for layout 5. */
#include "formats/ses/ses_judge.h"

#include "core/base/mem.h"
#include "formats/cms/timestamp.h"
#include "formats/ses/ses_value.h"

/* Live seals mark the local time of China with Z; a day's slack lets no forgery in. */
#define ZONE_SLACK (14 * 3600)

enum { KIND_SEAL_VALUE = 1 }; /* of judge_cache */
enum { BIT_GOOD = 1, BIT_RAW = 2, BIT_SURPLUS = 4, BIT_WEAK = 8, BIT_C0119 = 16 };

static int pack(const struct ses_verdict *verdict)
{
    return (verdict->check == SIGCHECK_GOOD ? BIT_GOOD : 0) | (verdict->form.raw ? BIT_RAW : 0) |
           (verdict->form.not_minimal ? BIT_SURPLUS : 0) | (verdict->form.weak ? BIT_WEAK : 0) |
           (verdict->c0119 ? BIT_C0119 : 0);
}

static struct ses_verdict unpack(int bits)
{
    return (struct ses_verdict){
        .check = bits & BIT_GOOD ? SIGCHECK_GOOD : SIGCHECK_WRONG,
        .form = {.raw = bits & BIT_RAW, .not_minimal = bits & BIT_SURPLUS, .weak = bits & BIT_WEAK},
        .c0119 = bits & BIT_C0119};
}

/* The answer hangs on the bytes of the seal alone: the maker's certificate is among them. */
static struct ses_verdict verify_seal(const struct judge *judge, const struct ses_seal *seal,
                                      const struct cert *maker)
{
    struct ses_value value = {
        .message = seal->signed_bytes, .algorithm = seal->algorithm, .value = seal->signature};
    struct ses_verdict verdict;
    int bits;

    if (judge_cache_recall(judge->cache, KIND_SEAL_VALUE, seal->whole, &bits))
        return unpack(bits);
    if (seal->layout != SES_LAYOUT_1) {
        value.after.data = seal->signed_bytes.data + seal->signed_bytes.len;
        value.after.len = (size_t)(seal->whole.data + seal->whole.len - value.after.data);
    }
    verdict = ses_verify(maker, &value);
    if (verdict.check != SIGCHECK_UNSUPPORTED)
        judge_cache_keep(judge->cache, KIND_SEAL_VALUE, seal->whole, pack(&verdict));
    return verdict;
}

static void judge_maker_value(const struct judge *judge, const struct ses_seal *seal,
                              const struct cert *maker)
{
    struct ses_verdict verdict = verify_seal(judge, seal, maker);
    const struct judge_value value = {verdict.check, verdict.form, seal->algorithm,
                                      cert_is_sm2(maker), true};

    if (verdict.c0119)
        (void)findings_add(judge->findings, "SEA310", judge_place(judge, "seal-signature"), NULL);
    judge_value(judge, "seal-signature", &value);
}

struct window {
    instant from, to;
};

static int window_finding(const struct judge *judge, const char *code, const char *step, instant at,
                          struct window window)
{
    char time[21], from[21], to[21];

    instant_print(at, time);
    instant_print(window.from, from);
    instant_print(window.to, to);
    return findings_add(judge->findings, code, judge_place(judge, step), "time", time, "from", from,
                        "to", to, NULL);
}

/* A step that fails when `at` is outside the window. */
static bool judge_window(const struct judge *judge, const char *code, const char *step, instant at,
                         struct window window)
{
    if (window.from <= at && at <= window.to)
        return true;
    signature_step(judge->report, step, STEP_FAILED, window_finding(judge, code, step, at, window),
                   at < window.from ? SUB_NOT_YET_VALID : SUB_EXPIRED);
    return false;
}

/* GB/T 38540 6.3: the maker's certificate holds when the seal is used.  GM/T 0031-2025: when the
 * seal was made; that it ended since is a notice. */
static void judge_maker_validity(const struct judge *judge, const struct cert *maker, bool layout_5,
                                 instant at, instant made)
{
    const char *step = "maker-validity";
    struct window window = {cert_not_before(maker), cert_not_after(maker)};
    int notice = -1;

    if (!judge_window(judge, layout_5 ? "SEA206" : "SEA204", step, layout_5 ? made : at, window))
        return;
    if (at > window.to)
        notice = window_finding(judge, "SEA318", step, at, window);
    signature_step(judge->report, step, STEP_PASSED, notice, SUB_NONE);
}

static void judge_maker(const struct judge *judge, const struct ses_seal *seal, struct cert *maker,
                        instant at)
{
    bool layout_5 = seal->layout == SES_LAYOUT_5 && seal->create_date != INSTANT_NONE;
    instant made = layout_5 ? seal->create_date : at;
    CLEANUP(chain_clear) struct chain chain = {0};

    judge_chain(judge, "maker-chain", maker, NULL, made, &chain);
    judge_usage(judge, "maker-usage", maker);
    judge_maker_validity(judge, maker, layout_5, at, made);
    judge_revocation(judge, "maker-revocation", maker, &chain, made);
    if (ses_seal_lists(seal, maker))
        (void)findings_add(judge->findings, "SEA317", judge_place(judge, "maker-chain"), "subject",
                           cert_subject(maker), NULL);
}

/* GM/T 0031-2025: createDate must be plausible, so not ahead of us. */
static void judge_created(const struct judge *judge, const struct ses_seal *seal)
{
    struct window window = {INSTANT_NONE, judge->now + ZONE_SLACK};

    if (seal->layout != SES_LAYOUT_5)
        return;
    if (seal->create_date == INSTANT_NONE)
        signature_step(
            judge->report, "seal-created", STEP_UNKNOWN,
            findings_add(judge->findings, "SEA102", judge_place(judge, "seal-created"), NULL),
            SUB_SIG_CONSTRAINTS_FAILURE);
    else if (judge_window(judge, "SEA207", "seal-created", seal->create_date, window))
        judge_passed(judge, "seal-created");
}

static void judge_validity(const struct judge *judge, const struct ses_seal *seal, instant at)
{
    const char *step = "seal-validity";
    struct window window = {seal->valid_start, seal->valid_end};

    if (seal->valid_start == INSTANT_NONE || seal->valid_end == INSTANT_NONE)
        signature_step(judge->report, step, STEP_UNKNOWN,
                       findings_add(judge->findings, "SEA102", judge_place(judge, step), NULL),
                       SUB_SIG_CONSTRAINTS_FAILURE);
    else if (judge_window(judge, at < window.from ? "SEA202" : "SEA203", step, at, window))
        judge_passed(judge, step);
}

static void name_seal(struct signature_report *report, const struct ses_seal *seal)
{
    free(report->seal_id);
    free(report->seal_name);
    report->seal_id = mem_text(seal->id);
    report->seal_name = mem_text(seal->name);
    report->seal_valid[0] = seal->valid_start;
    report->seal_valid[1] = seal->valid_end;
}

/* GM/T 0031-2025: a timestamp over the maker's value, not from before the seal was made. */
static void judge_seal_token(const struct judge *judge, const struct ses_seal *seal)
{
    const struct timestamp_question question = {.step = "seal-timestamp",
                                                .token = seal->timestamp,
                                                .over = seal->signature,
                                                .also = {seal->signed_bytes},
                                                .claimed = seal->create_date,
                                                .slack = ZONE_SLACK};
    struct timestamp_answer answer;

    timestamp_judge(judge, &question, &answer);
    timestamp_step(judge, question.step, &answer);
}

void ses_judge_seal(const struct judge *judge, const struct ses_seal *seal, instant at)
{
    CLEANUP(cert_freep) struct cert *maker = NULL;
    struct err err = ERR_INIT;

    name_seal(judge->report, seal);
    judge_passed(judge, "seal-format");
    if (seal->critical[0])
        signature_step(judge->report, "seal-extensions", STEP_UNKNOWN,
                       findings_add(judge->findings, "SEA104", judge_place(judge, "eSealInfo"),
                                    "oid", seal->critical, NULL),
                       SUB_SIG_CONSTRAINTS_FAILURE);
    if (cert_parse(seal->maker_cert, &maker, &err) != RC_OK) {
        (void)err_at(&err, "%s", judge->part ? judge->part : "SESeal.cert");
        signature_step(judge->report, "seal-signature", STEP_FAILED,
                       findings_add_err(judge->findings, &err), SUB_FORMAT_FAILURE);
    } else {
        judge_maker_value(judge, seal, maker);
        judge_created(judge, seal);
        judge_maker(judge, seal, maker, at);
    }
    judge_validity(judge, seal, at);
    if (seal->timestamp.len)
        judge_seal_token(judge, seal);
}

void ses_seal_judge(const struct ses_judge *judge, const struct ses_seal *seal, instant at,
                    struct signature_report *report, struct findings *findings)
{
    const struct judge inner = {.trust = judge->trust,
                                .cache = judge->cache,
                                .now = judge->now,
                                .part = judge->part,
                                .report = report,
                                .findings = findings,
                                .level = judge->level};

    ses_judge_seal(&inner, seal, at);
}
