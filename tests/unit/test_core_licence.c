/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/identifier.h"
#include "core/model/licence.h"
#include "core/model/trial.h"
#include "tests/unit/unit.h"

/* Everything a test needs; freed at its end. */
struct bench {
    struct template *template;
    struct js *record;
    struct licence *licence;
    struct findings findings;
    struct issue_options options;
    struct span photo;
    struct err err;
};

static void bench_clear(struct bench *bench)
{
    template_free(bench->template);
    js_free(bench->record);
    licence_free(bench->licence);
    findings_clear(&bench->findings);
}

static void setup(struct bench *bench, const char *template)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_RECORD);
    CLEANUP(freep) char *folder = path_join("templates", template);
    CLEANUP(freep) char *sample = path_join(folder, "sample.json");

    *bench = (struct bench){.options = {.version = 1, .issued_at = 1790000000}};
    CK_OK(crypto_init(&bench->err), &bench->err);
    CK_OK(template_load(folder, &bench->template, &bench->err), &bench->err);
    CK_OK(file_read(sample, &text, &bench->err), &bench->err);
    CK_OK(js_parse(buf_span(&text), &bench->record, &bench->err), &bench->err);
}

static enum rc make(struct bench *bench)
{
    return licence_make(bench->template, bench->record, bench->photo, &bench->options,
                        &bench->licence, &bench->findings, &bench->err);
}

static const struct licence_field *field(const struct bench *bench, const char *name)
{
    int i = template_field(bench->template, name);

    ck_assert_int_ge(i, 0);
    return &bench->licence->fields[i];
}

static const char *const templates[] = {"business-license", "land-site-opinion"};

START_TEST(each_sample_becomes_a_licence_of_the_trial_agency)
{
    CLEANUP(bench_clear) struct bench bench;
    CLEANUP(findings_clear) struct findings findings = {0};
    struct identifier id;

    setup(&bench, templates[_i]);
    CK_OK(make(&bench), &bench.err);
    ck_assert_uint_eq(bench.findings.n, 0);
    ck_assert_str_eq(licence_metadata(bench.licence, "ZZBFJG"), TRIAL_AGENCY_NAME);
    ck_assert_str_eq(licence_metadata(bench.licence, "ZZBFJGDM"), TRIAL_AGENCY_USCC);
    ck_assert_str_eq(licence_metadata(bench.licence, "ZZBS"), bench.licence->identifier);
    ck_assert_ptr_null(licence_metadata(bench.licence, "ZZLXMC"));
    ck_assert(identifier_check(bench.licence->identifier, &id, &findings));
    ck_assert_str_eq(id.part[PART_ISSUER], TRIAL_AGENCY_USCC);
    ck_assert_int_eq(bench.licence->seals_required, 1);
    ck_assert_str_eq(bench.licence->made, "2026-09-21");
}
END_TEST

START_TEST(dates_and_amounts_are_written_for_the_face_and_kept_canonical)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "成立日期", js_string("20200301"));
    CK_OK(make(&bench), &bench.err);
    ck_assert_str_eq(field(&bench, "成立日期")->value, "2020-03-01");
    ck_assert_str_eq(field(&bench, "成立日期")->text, "2020年3月1日");
    ck_assert_str_eq(field(&bench, "营业期限至")->value, "长期");
    ck_assert_str_eq(field(&bench, "注册资本")->value, "100万元");
    ck_assert_str_eq(field(&bench, "注册资本")->text, "壹佰万元整");
}
END_TEST

/* What a record may hold in a field, and the finding that answers it. */
static const struct {
    const char *field, *value, *code;
} faults[] = {
    {"统一社会信用代码", "91330199MA0TE5T16M", "FLD209"},
    {"统一社会信用代码", "91330199MA0TE5T16", "FLD208"},
    {"统一社会信用代码", "91330199MA0TEST16L", "FLD208"},
    {"统一社会信用代码", "９1330199MA0TE5T16L", "FLD208"},
    {"证照编号", "12-34", "FLD206"},
    {"证照编号", "123", "FLD206"},
    {"名称", "甲", "FLD205"},
    {"名称", "", "FLD203"},
    {"名称", " 甲公司", "FLD217"},
    {"名称", "甲公司　", "FLD217"},
    {"名称", "甲\n公司", "FLD216"},
    {"名称", "甲\u200b公司", "FLD216"},
    {"名称", "甲\u202e公司", "FLD216"},
    {"成立日期", "2023-02-29", "FLD213"},
    {"成立日期", "2023年2月28日", "FLD213"},
    {"成立日期", "长期", "FLD213"},
    {"营业期限至", "永久", "FLD213"},
    {"注册资本", "100", "FLD214"},
    {"注册资本", "1,000元", "FLD214"},
    {"注册资本", "-5万元", "FLD214"},
    {"登记机关代码", "11330199MB0TE5T1X6^11330199MB0TE5T286", "FLD224"},
    {"登记机关代码", "11330199MB0TE5T1X6^", "FLD208"},
    {"经营范团", "食品销售", "FLD201"},
    {"电话", "123", "FLD202"},
    {"统一社会信用代码", "91990199MA0TE5T16M", "FLD222"},
};

START_TEST(a_record_that_breaks_its_template_gets_a_finding_and_no_licence)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, faults[_i].field, js_string(faults[_i].value));
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert_ptr_null(bench.licence);
    ck_assert_msg(findings_has(&bench.findings, faults[_i].code), "%s: want %s, got %s: %s",
                  faults[_i].value, faults[_i].code, bench.findings.list[0].type->code,
                  bench.findings.list[0].en);
    ck_assert_str_eq(bench.findings.list[0].where.field, faults[_i].field);
    ck_assert_uint_eq(bench.findings.n, 1);
}
END_TEST

/* A fault between fields may be told of the other one. */
static const struct {
    const char *field, *value, *code;
} between[] = {
    {"成立日期", "2027-01-01", "FLD220"},
    {"营业期限至", "2019-01-01", "FLD220"},
    {"登记机关", TRIAL_AGENCY_NAME "^" TRIAL_SECOND_AGENCY_NAME, "FLD224"},
};

START_TEST(fields_that_do_not_go_together_are_refused)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, between[_i].field, js_string(between[_i].value));
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert_ptr_null(bench.licence);
    ck_assert_str_eq(bench.findings.list[0].type->code, between[_i].code);
}
END_TEST

START_TEST(a_misspelt_field_is_answered_with_the_one_meant)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "经营范团", js_string("食品销售"));
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert_ptr_nonnull(strstr(bench.findings.list[0].en, "did you mean '经营范围'?"));
    ck_assert_ptr_nonnull(strstr(bench.findings.list[0].zh, "是否应为“经营范围”"));
}
END_TEST

START_TEST(every_bad_field_gets_its_own_finding)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "名称", js_string(""));
    js_set(bench.record, "成立日期", js_string("昨天"));
    js_set(bench.record, "注册资本", js_string("很多"));
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert_uint_eq(bench.findings.n, 3);
}
END_TEST

START_TEST(a_record_that_is_no_object_is_refused)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_free(bench.record);
    bench.record = js_array();
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert(findings_has(&bench.findings, "FLD003"));
}
END_TEST

START_TEST(values_of_another_kind_than_text_are_refused)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "名称", js_boolean(true));
    js_set(bench.record, "类型", js_array());
    js_set(bench.record, "住所", js_null());
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert_uint_eq(bench.findings.n, 3);
    ck_assert_str_eq(bench.findings.list[0].type->code, "FLD215");
    ck_assert_str_eq(bench.findings.list[1].type->code, "FLD215");
    ck_assert_str_eq(bench.findings.list[2].type->code, "FLD203");
}
END_TEST

static struct js *missing(const char *reason)
{
    struct js *object = js_object();

    js_set(object, "missing", js_string(reason));
    return object;
}

START_TEST(a_value_may_be_missing_for_a_reason_that_the_template_lists)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "注册资本", missing("01"));
    CK_OK(make(&bench), &bench.err);
    ck_assert_str_eq(field(&bench, "注册资本")->value, "");
    ck_assert_str_eq(field(&bench, "注册资本")->missing, "01");
}
END_TEST

START_TEST(another_reason_or_another_field_may_not_be_missing)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "注册资本", missing("99"));
    js_set(bench.record, "住所", missing("01"));
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert_uint_eq(bench.findings.n, 2);
    ck_assert_str_eq(bench.findings.list[0].type->code, "FLD218");
    ck_assert_str_eq(bench.findings.list[1].type->code, "FLD218");
}
END_TEST

/* 𠮷 U+20BB7, 䶮 U+4DAE, the dot of names U+00B7 */
static const char *const rare[] = {"𠮷野家", "䶮某", "买买提·艾力", "𬎆𬱟"};

START_TEST(rare_characters_are_kept_as_they_are)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "法定代表人", js_string(rare[_i]));
    CK_OK(make(&bench), &bench.err);
    ck_assert_str_eq(field(&bench, "法定代表人")->value, rare[_i]);
    ck_assert_str_eq(field(&bench, "法定代表人")->text, rare[_i]);
    ck_assert_uint_eq(bench.findings.n, 0);
}
END_TEST

START_TEST(a_character_of_private_use_is_kept_with_a_warning)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "法定代表人", js_string("张\ue863"));
    CK_OK(make(&bench), &bench.err);
    ck_assert_uint_eq(bench.findings.n, 1);
    ck_assert_str_eq(bench.findings.list[0].type->code, "FLD302");
}
END_TEST

static char *repeat(const char *character, size_t n)
{
    size_t len = strlen(character);
    char *text = mem_zero(n * len + 1, 1);

    for (size_t i = 0; i < n; i++)
        memcpy(text + i * len, character, len);
    return text;
}

START_TEST(a_scope_of_300_characters_is_taken_and_one_past_the_limit_is_not)
{
    CLEANUP(bench_clear) struct bench bench;
    CLEANUP(freep) char *scope = repeat("营", _i ? 2001 : 300);

    setup(&bench, "business-license");
    js_set(bench.record, "经营范围", js_string(scope));
    ck_assert_int_eq(make(&bench), _i ? RC_NO : RC_OK);
    ck_assert_int_eq(findings_has(&bench.findings, "FLD204"), _i);
}
END_TEST

/* The serial by the template's rule: licence number → serial. */
static const struct {
    const char *number, *serial;
} serials[] = {
    {"33019900202603010001", ".33019900202603010001."},
    {NULL, ".91330199MA0TE5T16L."}, /* no number: the holder's code is the licence number */
};

START_TEST(the_serial_comes_from_the_licence_number)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "证照编号", js_string(serials[_i].number));
    CK_OK(make(&bench), &bench.err);
    ck_assert_ptr_nonnull(strstr(bench.licence->identifier, serials[_i].serial));
    ck_assert_str_eq(licence_metadata(bench.licence, "ZZBH"),
                     serials[_i].number ? serials[_i].number : "91330199MA0TE5T16L");
}
END_TEST

static char *opinion_identifier(const char *number)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "land-site-opinion");
    js_set(bench.record, "用字第号", js_string(number));
    CK_OK(make(&bench), &bench.err);
    return mem_text(bench.licence->identifier);
}

START_TEST(a_number_with_chinese_characters_gives_a_serial_of_its_own_each_time)
{
    CLEANUP(freep) char *first = opinion_identifier("用字第330199202600001号");
    CLEANUP(freep) char *again = opinion_identifier("用字第330199202600001号");
    CLEANUP(freep) char *other = opinion_identifier("用字第330199202600002号");

    ck_assert_str_eq(first, again);
    ck_assert_str_ne(first, other);
    ck_assert_ptr_null(strstr(first, "330199202600001"));
}
END_TEST

START_TEST(a_serial_can_be_given_or_drawn)
{
    CLEANUP(bench_clear) struct bench given;
    CLEANUP(bench_clear) struct bench drawn;

    setup(&given, "business-license");
    given.options.serial = "ABC123";
    CK_OK(make(&given), &given.err);
    ck_assert_ptr_nonnull(strstr(given.licence->identifier, ".ABC123.001."));

    setup(&drawn, "business-license");
    drawn.options.serial = "auto";
    CK_OK(make(&drawn), &drawn.err);
    ck_assert_uint_eq(strlen(drawn.licence->identifier),
                      strlen(given.licence->identifier) + 20 - 6);
}
END_TEST

START_TEST(a_serial_that_is_not_allowed_is_refused)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    bench.options.serial = "abc";
    ck_assert_int_eq(make(&bench), RC_USAGE);
    ck_assert_str_eq(bench.err.finding, "IDN006");
}
END_TEST

START_TEST(a_later_version_names_the_one_before)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    bench.options.version = 2;
    CK_OK(make(&bench), &bench.err);
    ck_assert_ptr_nonnull(strstr(bench.licence->identifier, ".002."));
    ck_assert_ptr_nonnull(strstr(bench.licence->replaces, ".001."));
}
END_TEST

START_TEST(several_issuers_each_get_their_seal_place_and_the_leading_one_the_identifier)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "land-site-opinion");
    js_set(bench.record, "发证机关",
           js_string(TRIAL_SECOND_AGENCY_NAME "^" TRIAL_THIRD_AGENCY_NAME));
    js_set(bench.record, "发证机关代码",
           js_string(TRIAL_SECOND_AGENCY_USCC "^" TRIAL_THIRD_AGENCY_USCC));
    CK_OK(make(&bench), &bench.err);
    ck_assert_ptr_nonnull(strstr(bench.licence->identifier, "." TRIAL_SECOND_AGENCY_USCC "."));
    ck_assert_int_eq(bench.licence->seals_required, 2);
    ck_assert_str_eq(bench.licence->seal_places[0].issuer, TRIAL_SECOND_AGENCY_NAME);
    ck_assert_str_eq(bench.licence->seal_places[1].issuer, TRIAL_THIRD_AGENCY_NAME);
    ck_assert_str_eq(field(&bench, "发证机关")->text,
                     TRIAL_SECOND_AGENCY_NAME "、" TRIAL_THIRD_AGENCY_NAME);
}
END_TEST

START_TEST(a_place_for_an_issuer_that_is_not_named_is_not_required)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "land-site-opinion");
    CK_OK(make(&bench), &bench.err);
    ck_assert_uint_eq(bench.licence->n_seal_places, 2);
    ck_assert(bench.licence->seal_places[0].required);
    ck_assert(!bench.licence->seal_places[1].required);
    ck_assert_str_eq(bench.licence->seal_places[1].issuer, "");
}
END_TEST

START_TEST(the_document_date_stands_in_for_a_date_of_issue)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "business-license");
    js_set(bench.record, "核准日期", js_null());
    CK_OK(make(&bench), &bench.err);
    ck_assert_str_eq(field(&bench, "核准日期")->value, "2026-09-21");
}
END_TEST

START_TEST(an_opinion_of_more_than_three_years_is_refused)
{
    CLEANUP(bench_clear) struct bench bench;

    setup(&bench, "land-site-opinion");
    js_set(bench.record, "有效期至", js_string("2029-03-02"));
    ck_assert_int_eq(make(&bench), RC_NO);
    ck_assert(findings_has(&bench.findings, "FLD223"));
}
END_TEST

START_TEST(licence_json_is_canonical_and_reads_back_the_same)
{
    CLEANUP(bench_clear) struct bench bench;
    CLEANUP(licence_freep) struct licence *back = NULL;
    CLEANUP(buf_clear) struct buf first = BUF_INIT(LIMIT_RECORD);
    CLEANUP(buf_clear) struct buf again = BUF_INIT(LIMIT_RECORD);
    CLEANUP(buf_clear) struct buf canonical = BUF_INIT(LIMIT_RECORD);
    CLEANUP(js_freep) struct js *js = NULL;

    setup(&bench, templates[_i]);
    bench.options.version = 3;
    CK_OK(make(&bench), &bench.err);
    CK_OK(licence_json(bench.licence, &first, &bench.err), &bench.err);
    CK_OK(js_parse(buf_span(&first), &js, &bench.err), &bench.err);
    CK_OK(js_canonical(js, &canonical, &bench.err), &bench.err);
    ck_assert_str_eq(first.data, canonical.data);
    ck_assert_ptr_nonnull(strstr(first.data, "\"schema\":\"ecert.licence/1\""));
    ck_assert_ptr_null(strchr(first.data, '\n'));
    CK_OK(licence_parse(buf_span(&first), &back, &bench.err), &bench.err);
    CK_OK(licence_json(back, &again, &bench.err), &bench.err);
    ck_assert_str_eq(first.data, again.data);
    ck_assert_uint_eq(back->n_metadata, bench.licence->n_metadata);
    ck_assert_str_eq(back->metadata[0].key, "ZZMC");
}
END_TEST

static const struct {
    const char *json, *says;
} unreadable[] = {
    {"", ""},
    {"[]", "schema"},
    {"{}", "schema"},
    {"{\"schema\":\"ecert.licence/2\"}", "schema"},
    {"{\"schema\":\"ecert.licence/1\"}", "identifier"},
    {"{\"schema\":\"ecert.licence/1\",\"identifier\":1}", "identifier"},
    {"{\"schema\":\"ecert.licence/1\",\"identifier\":\"1\",\"type\":[]}", "code"},
};

START_TEST(a_licence_json_that_is_none_is_refused)
{
    struct licence *licence = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(licence_parse(span_of(unreadable[_i].json), &licence, &err), RC_INPUT);
    ck_assert_ptr_null(licence);
    ck_assert_msg(strstr(err.text, unreadable[_i].says) != NULL, "%s", err.text);
}
END_TEST

/* A licence with its two lists. */
struct lists {
    struct bench bench;
    struct buf digests, salts;
};

static void lists_clear(struct lists *lists)
{
    bench_clear(&lists->bench);
    buf_clear(&lists->digests);
    buf_clear(&lists->salts);
}

static void setup_lists(struct lists *lists, const char *key)
{
    struct bench *bench = &lists->bench;
    struct span salt_key = span_of(key ? key : "");

    *lists = (struct lists){.digests = BUF_INIT(LIMIT_RECORD), .salts = BUF_INIT(LIMIT_RECORD)};
    setup(bench, "business-license");
    CK_OK(make(bench), &bench->err);
    CK_OK(licence_digests(bench->licence, key ? &salt_key : NULL, &lists->digests, &lists->salts,
                          &bench->err),
          &bench->err);
}

static enum rc check(struct lists *lists)
{
    return licence_check_digests(lists->bench.licence, buf_span(&lists->digests),
                                 buf_span(&lists->salts), &lists->bench.findings,
                                 &lists->bench.err);
}

START_TEST(the_digest_list_fits_its_licence)
{
    CLEANUP(lists_clear) struct lists lists;

    setup_lists(&lists, NULL);
    CK_OK(check(&lists), &lists.bench.err);
    ck_assert_uint_eq(lists.bench.findings.n, 0);
}
END_TEST

/* Other makers may write the same list with blanks: no list has to be ours to the byte. */
START_TEST(a_digest_list_written_otherwise_fits_as_well)
{
    CLEANUP(lists_clear) struct lists lists;
    CLEANUP(buf_clear) struct buf spaced = BUF_INIT(LIMIT_RECORD);
    struct err err = ERR_INIT;

    setup_lists(&lists, NULL);
    CK_OK(buf_addf(&spaced, &err, "{ %s", lists.digests.data + 1), &err);
    CK_OK(licence_check_digests(lists.bench.licence, buf_span(&spaced), buf_span(&lists.salts),
                                &lists.bench.findings, &lists.bench.err),
          &lists.bench.err);
    spaced.data[spaced.len - 4] ^= 1; /* a hexadecimal digit of the last digest */
    ck_assert_int_eq(licence_check_digests(lists.bench.licence, buf_span(&spaced),
                                           buf_span(&lists.salts), &lists.bench.findings,
                                           &lists.bench.err),
                     RC_NO);
}
END_TEST

START_TEST(salts_written_otherwise_fit_and_changed_ones_do_not)
{
    CLEANUP(lists_clear) struct lists lists;
    CLEANUP(buf_clear) struct buf salts = BUF_INIT(LIMIT_RECORD);
    struct err err = ERR_INIT;

    setup_lists(&lists, NULL);
    CK_OK(buf_addf(&salts, &err, "{ %s", lists.salts.data + 1), &err);
    buf_reset(&lists.salts);
    CK_OK(buf_add(&lists.salts, salts.data, salts.len, &err), &err);
    CK_OK(check(&lists), &lists.bench.err);
    lists.salts.data[lists.salts.len - 3] = 'x';
    ck_assert_int_eq(check(&lists), RC_NO);
    ck_assert(findings_has(&lists.bench.findings, "FLD231"));
}
END_TEST

/* To the byte what we write, but for one byte. */
static const struct {
    int from_end;
    char byte;
    enum rc rc;
} salt_damages[] = {
    {3, 'A', RC_NO},    /* no digit of ours */
    {4, ' ', RC_NO},    /* no digit */
    {2, ' ', RC_INPUT}, /* a text that does not end */
    {1, ' ', RC_INPUT},
};

START_TEST(a_salt_list_with_one_byte_changed_does_not_fit)
{
    CLEANUP(lists_clear) struct lists lists;

    setup_lists(&lists, NULL);
    lists.salts.data[lists.salts.len - (size_t)salt_damages[_i].from_end] = salt_damages[_i].byte;
    ck_assert_int_eq(check(&lists), salt_damages[_i].rc);
}
END_TEST

START_TEST(a_salt_list_that_goes_on_is_refused)
{
    CLEANUP(lists_clear) struct lists lists;
    struct err err = ERR_INIT;

    setup_lists(&lists, NULL);
    CK_OK(buf_puts(&lists.salts, "}", &err), &err);
    ck_assert_int_eq(check(&lists), RC_INPUT);
}
END_TEST

START_TEST(a_changed_value_differs_from_its_digest)
{
    CLEANUP(lists_clear) struct lists lists;

    setup_lists(&lists, NULL);
    lists.bench.licence->fields[2].value[0] ^= 1;
    ck_assert_int_eq(check(&lists), RC_NO);
    ck_assert_uint_eq(lists.bench.findings.n, 1);
    ck_assert(findings_has(&lists.bench.findings, "FLD230"));
}
END_TEST

START_TEST(a_field_without_digest_and_a_digest_without_field_are_told)
{
    CLEANUP(lists_clear) struct lists lists;
    struct licence *licence;

    setup_lists(&lists, NULL);
    licence = lists.bench.licence;
    licence->fields[2].name[0] ^= 1;
    ck_assert_int_eq(check(&lists), RC_NO);
    ck_assert(findings_has(&lists.bench.findings, "FLD231"));
    ck_assert(findings_has(&lists.bench.findings, "FLD232"));
}
END_TEST

START_TEST(salts_repeat_under_one_key_alone)
{
    CLEANUP(lists_clear) struct lists first;
    CLEANUP(lists_clear) struct lists again;
    CLEANUP(lists_clear) struct lists other;
    CLEANUP(lists_clear) struct lists random;

    setup_lists(&first, "key");
    setup_lists(&again, "key");
    setup_lists(&other, "kez");
    setup_lists(&random, NULL);
    ck_assert_str_eq(first.salts.data, again.salts.data);
    ck_assert_str_eq(first.digests.data, again.digests.data);
    ck_assert_str_ne(first.salts.data, other.salts.data);
    ck_assert_str_ne(first.salts.data, random.salts.data);
    CK_OK(check(&first), &first.bench.err);
}
END_TEST

START_TEST(lists_that_are_none_are_refused)
{
    CLEANUP(lists_clear) struct lists lists;

    setup_lists(&lists, NULL);
    ck_assert_int_eq(licence_check_digests(lists.bench.licence, span_of("{}"),
                                           buf_span(&lists.salts), &lists.bench.findings,
                                           &lists.bench.err),
                     RC_INPUT);
    ck_assert_int_eq(licence_check_digests(lists.bench.licence, buf_span(&lists.digests),
                                           span_of("[]"), &lists.bench.findings, &lists.bench.err),
                     RC_INPUT);
}
END_TEST

static void add_record_tests(TCase *tc)
{
    tcase_add_loop_test(tc, each_sample_becomes_a_licence_of_the_trial_agency, 0, N_OF(templates));
    tcase_add_test(tc, dates_and_amounts_are_written_for_the_face_and_kept_canonical);
    tcase_add_loop_test(tc, a_record_that_breaks_its_template_gets_a_finding_and_no_licence, 0,
                        N_OF(faults));
    tcase_add_loop_test(tc, fields_that_do_not_go_together_are_refused, 0, N_OF(between));
    tcase_add_test(tc, a_misspelt_field_is_answered_with_the_one_meant);
    tcase_add_test(tc, every_bad_field_gets_its_own_finding);
    tcase_add_test(tc, a_record_that_is_no_object_is_refused);
    tcase_add_test(tc, values_of_another_kind_than_text_are_refused);
    tcase_add_test(tc, a_value_may_be_missing_for_a_reason_that_the_template_lists);
    tcase_add_test(tc, another_reason_or_another_field_may_not_be_missing);
    tcase_add_loop_test(tc, rare_characters_are_kept_as_they_are, 0, N_OF(rare));
    tcase_add_test(tc, a_character_of_private_use_is_kept_with_a_warning);
    tcase_add_loop_test(tc, a_scope_of_300_characters_is_taken_and_one_past_the_limit_is_not, 0, 2);
}

void unit_suite(TCase *tc)
{
    add_record_tests(tc);
    tcase_add_loop_test(tc, the_serial_comes_from_the_licence_number, 0, N_OF(serials));
    tcase_add_test(tc, a_number_with_chinese_characters_gives_a_serial_of_its_own_each_time);
    tcase_add_test(tc, a_serial_can_be_given_or_drawn);
    tcase_add_test(tc, a_serial_that_is_not_allowed_is_refused);
    tcase_add_test(tc, a_later_version_names_the_one_before);
    tcase_add_test(tc,
                   several_issuers_each_get_their_seal_place_and_the_leading_one_the_identifier);
    tcase_add_test(tc, a_place_for_an_issuer_that_is_not_named_is_not_required);
    tcase_add_test(tc, the_document_date_stands_in_for_a_date_of_issue);
    tcase_add_test(tc, an_opinion_of_more_than_three_years_is_refused);
    tcase_add_loop_test(tc, licence_json_is_canonical_and_reads_back_the_same, 0, N_OF(templates));
    tcase_add_loop_test(tc, a_licence_json_that_is_none_is_refused, 0, N_OF(unreadable));
    tcase_add_test(tc, the_digest_list_fits_its_licence);
    tcase_add_test(tc, a_digest_list_written_otherwise_fits_as_well);
    tcase_add_test(tc, a_changed_value_differs_from_its_digest);
    tcase_add_test(tc, a_field_without_digest_and_a_digest_without_field_are_told);
    tcase_add_test(tc, salts_repeat_under_one_key_alone);
    tcase_add_test(tc, salts_written_otherwise_fit_and_changed_ones_do_not);
    tcase_add_loop_test(tc, a_salt_list_with_one_byte_changed_does_not_fit, 0, N_OF(salt_damages));
    tcase_add_test(tc, a_salt_list_that_goes_on_is_refused);
    tcase_add_test(tc, lists_that_are_none_are_refused);
}
