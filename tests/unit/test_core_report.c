/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <string.h>
#include <time.h>

#include "core/base/cleanup.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/report.h"
#include "tests/unit/unit.h"

static void fill_signatures(struct verification *v)
{
    struct signature_report *s = verification_add_signature(v);

    s->id = mem_text("1");
    s->is_seal = true;
    s->format = "SES-4";
    s->claimed_time = 1772323200;
    s->signer_subject = mem_text("CN=Test Agency (TEST)");
    s->signer_serial = mem_text("01AB");
    s->signer_sm3 = mem_text("00ff");
    s->seal_id = mem_text("TEST-1");
    s->seal_name = mem_text("测试专用章");
    s->seal_valid[0] = 1767225600;
    s->page = 1;
    memcpy(s->box_um, (long[]){120000, 230500, 40000, 41123}, sizeof(s->box_um));
    signature_step(s, "format", STEP_PASSED, -1, SUB_NONE);
    signature_step(s, "value", STEP_FAILED, 0, SUB_HASH_FAILURE);
    signature_step(s, "time", STEP_NOT_RUN, 7, SUB_NONE);
    s = verification_add_signature(v);
    s->format = "RAW";
    signature_step(s, "signer", STEP_UNKNOWN, 1, SUB_NO_SIGNING_CERTIFICATE_FOUND);
}

static void fill_item(struct verification *v)
{
    *v = (struct verification){.path = mem_text("a.ofd"),
                               .has_sm3 = true,
                               .sm3 = {0xab, 0x01},
                               .size = 48213,
                               .identifier = mem_text("1.2.156.3005.2.X"),
                               .type_name = mem_text("营业执照"),
                               .number = mem_text("330102199001011234"),
                               .holder = mem_text("张三丰"),
                               .intact = ANSWER_NO,
                               .issuer_trusted = ANSWER_YES};
    verification_add_uncovered(v, "Doc_0/Annots/\xff.xml");
    (void)findings_add(&v->findings, "JNL001",
                       (struct place){.part = "Doc_0/x.xml",
                                      .line = 3,
                                      .column = 7,
                                      .row = -1,
                                      .field = "名称",
                                      .offset = 28},
                       "line", "12", "detail", "张三丰 330102199001011234 11010119900307123X",
                       NULL);
    (void)findings_add(&v->findings, "CMD006", PLACE_NONE, "detail", "cut \xe5\xbc", NULL);
    fill_signatures(v);
    verification_conclude(v, &(struct verdict_facts){.unreadable = RC_OK});
}

/* Two items, one with everything in it and one with nothing, to be cleared by the caller. */
static char *print_report(bool show_personal)
{
    CLEANUP(verification_clear) struct verification full = {.path = NULL};
    CLEANUP(verification_clear) struct verification bare = {.path = NULL};
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1 << 20);
    CLEANUP(js_freep) struct js *js = NULL;
    const struct verification *items[] = {&full, &bare};
    struct report report = {.command = "verify",
                            .exit_status = RC_INPUT,
                            .validation_time = 1795316400,
                            .policy_name = "default",
                            .policy_sm3 = "00aa",
                            .insecure = {"insecure-time"},
                            .show_personal = show_personal,
                            .items = items,
                            .n_items = 2};
    struct err err = ERR_INIT;

    fill_item(&full);
    verification_conclude(&bare, &(struct verdict_facts){.unreadable = RC_INPUT});
    js = report_json(&report);
    CK_OK(js_print(js, true, &out, &err), &err);
    CK_OK(buf_puts(&out, "\n", &err), &err);
    return buf_take(&out, NULL);
}

START_TEST(a_report_is_the_golden_one_to_the_byte_in_any_locale_and_zone)
{
    static const char *const locales[] = {"C", "zh_CN.UTF-8", "de_DE.UTF-8", "C.UTF-8"};
    CLEANUP(buf_clear) struct buf want = BUF_INIT(1 << 20);
    CLEANUP(freep) char *got = NULL;
    struct err err = ERR_INIT;

    (void)setlocale(LC_ALL, locales[_i]);
    (void)setenv("TZ", _i % 2 ? "Asia/Shanghai" : "America/New_York", 1);
    tzset();
    got = print_report(false);
    if (getenv("GOLDEN_UPDATE"))
        CK_OK(file_write("tests/unit/golden/report.json", span_of(got), FILE_FORCE, &err), &err);
    CK_OK(file_read("tests/unit/golden/report.json", &want, &err), &err);
    ck_assert_msg(strcmp(got, want.data) == 0, "differs from tests/unit/golden/report.json");
}
END_TEST

START_TEST(names_and_numbers_are_in_full_only_when_asked_for)
{
    CLEANUP(freep) char *masked = print_report(false);
    CLEANUP(freep) char *full = print_report(true);

    ck_assert_ptr_null(strstr(masked, "张三丰"));
    ck_assert_ptr_null(strstr(masked, "19900101"));
    ck_assert_ptr_null(strstr(masked, "19900307"));
    ck_assert_ptr_nonnull(strstr(full, "张三丰 330102199001011234 11010119900307123X"));
    ck_assert_ptr_nonnull(strstr(full, "\"holder\": \"张三丰\""));
}
END_TEST

static const struct {
    enum rc rc;
    const char *want;
} statuses[] = {
    {RC_OK, "passed"},        {RC_NO, "failed"},    {RC_PARTIAL, "failed"},
    {RC_NOTHING, "unsigned"}, {RC_INPUT, "error"},  {RC_UNDECIDED, "indeterminate"},
    {RC_USAGE, "error"},      {RC_SYSTEM, "error"}, {RC_REFUSED, "error"},
};

START_TEST(the_verdict_of_a_report_follows_its_exit_status)
{
    struct report report = {.command = "verify", .exit_status = statuses[_i].rc};
    CLEANUP(js_freep) struct js *js = report_json(&report);

    ck_assert_str_eq(js_get_text(js, "verdict"), statuses[_i].want);
    ck_assert_int_eq(js_integer(js_get(js, "exit_status")), statuses[_i].rc);
}
END_TEST

START_TEST(a_summary_says_when_findings_were_left_out)
{
    struct verification v = {.findings = {.dropped = 1}};
    struct report_counts counts = {0};
    CLEANUP(js_freep) struct js *without = report_summary(&counts);
    CLEANUP(js_freep) struct js *with = NULL;

    report_count(&counts, &v);
    with = report_summary(&counts);

    ck_assert(js_bool(js_get(with, "truncated")));
    ck_assert(!js_bool(js_get(without, "truncated")));
    ck_assert_int_eq(js_integer(js_get(with, "passed")), 1);
}
END_TEST

static const struct {
    const char *name, *want;
} names[] = {
    {"张三", "张*"},
    {"张三丰", "张**"},
    {"𠮷野", "𠮷*"},
    {"欧阳修远", "欧***"},
    {"阿卜杜拉·买买提", "阿***·***"},
    {"John Smith", "J*** S****"},
    {"ACME Ltd", "ACME Ltd"},
    {"ACME", "ACME"},
    {"示例公司", "示例公司"},
    {"某某市示例贸易有限公司", "某某市示例贸易有限公司"},
    {"示例（某某）有限公司", "示例（某某）有限公司"},
    {"", ""},
};

START_TEST(names_of_people_are_masked_and_those_of_organisations_are_not)
{
    CLEANUP(freep) char *got = mask_name(names[_i].name);

    ck_assert_str_eq(got, names[_i].want);
}
END_TEST

static const struct {
    const char *number, *want;
} numbers[] = {
    {"330102199001011234", "3301**********1234"},
    {"123456789", "1234*6789"},
    {"12345678", "1******8"},
    {"123", "1*3"},
    {"12", "1*"},
    {"1", "*"},
    {"", ""},
    {"浙字第2026001号", "浙字第2***001号"},
};

START_TEST(numbers_keep_their_ends)
{
    CLEANUP(freep) char *got = mask_number(numbers[_i].number);

    ck_assert_str_eq(got, numbers[_i].want);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, a_report_is_the_golden_one_to_the_byte_in_any_locale_and_zone, 0, 4);
    tcase_add_test(tc, names_and_numbers_are_in_full_only_when_asked_for);
    tcase_add_loop_test(tc, the_verdict_of_a_report_follows_its_exit_status, 0, N_OF(statuses));
    tcase_add_test(tc, a_summary_says_when_findings_were_left_out);
    tcase_add_loop_test(tc, names_of_people_are_masked_and_those_of_organisations_are_not, 0,
                        N_OF(names));
    tcase_add_loop_test(tc, numbers_keep_their_ends, 0, N_OF(numbers));
}
