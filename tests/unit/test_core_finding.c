/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/utf8.h"
#include "core/model/finding.h"
#include "tests/unit/unit.h"

/* Every {name} of text is in other too; a {name_en} there as {name_zh}. */
static bool same_params(const char *text, const char *other)
{
    for (const char *p = text; (p = strchr(p, '{')); p++) {
        const char *end = strchr(p, '}');
        char name[40];

        if (!end || (size_t)(end - p) + 2 > sizeof(name))
            return false;
        (void)snprintf(name, sizeof(name), "%.*s", (int)(end - p) + 1, p);
        for (const char *c = name + 1; c[1]; c++) {
            if (!islower((unsigned char)*c) && *c != '_')
                return false;
        }
        if (end - p > 3 && memcmp(end - 3, "_en", 3) == 0)
            memcpy(name + (end - p) - 2, "zh", 2);
        else if (end - p > 3 && memcmp(end - 3, "_zh", 3) == 0)
            memcpy(name + (end - p) - 2, "en", 2);
        if (!strstr(other, name))
            return false;
    }
    return true;
}

START_TEST(codes_are_three_letters_and_three_digits)
{
    for (const struct finding_type *t = finding_types; t->code; t++) {
        ck_assert_msg(strlen(t->code) == 6, "%s", t->code);
        for (int i = 0; i < 6; i++)
            ck_assert_msg(i < 3 ? isupper((unsigned char)t->code[i])
                                : isdigit((unsigned char)t->code[i]),
                          "%s", t->code);
    }
}
END_TEST

START_TEST(rows_are_sorted_and_no_code_comes_twice)
{
    for (const struct finding_type *t = finding_types; t->code && t[1].code; t++)
        ck_assert_msg(strcmp(t->code, t[1].code) < 0, "%s before %s", t->code, t[1].code);
}
END_TEST

START_TEST(groups_are_those_of_the_contract)
{
    static const char groups[] =
        "ARC CMD CRT DIG FLD FNT IDN IMP JNL LAY OFD PKG SEA SIG STD TIM TPL XML";

    for (const struct finding_type *t = finding_types; t->code; t++) {
        char group[4];

        (void)snprintf(group, sizeof(group), "%.3s", t->code);
        ck_assert_msg(strstr(groups, group) != NULL, "%s", t->code);
    }
}
END_TEST

static bool has_han(const char *text)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);

    while (p < end) {
        if (utf8_is_han(utf8_next(&p, end)))
            return true;
    }
    return false;
}

START_TEST(both_languages_say_the_same)
{
    for (const struct finding_type *t = finding_types; t->code; t++) {
        ck_assert_msg(t->en && *t->en && t->zh && *t->zh && t->clause, "%s", t->code);
        ck_assert_msg(same_params(t->en, t->zh) && same_params(t->zh, t->en), "%s", t->code);
        ck_assert_msg(has_han(t->zh) && !has_han(t->en), "%s: languages", t->code);
        ck_assert_msg(t->en[strlen(t->en) - 1] != '.' && !strstr(t->zh, "。"), "%s", t->code);
        ck_assert_msg(utf8_check(span_of(t->zh)) == strlen(t->zh), "%s", t->code);
    }
}
END_TEST

START_TEST(hints_are_in_both_languages_or_in_none)
{
    for (const struct finding_type *t = finding_types; t->code; t++) {
        ck_assert_msg(t->hint_en && t->hint_zh && !*t->hint_en == !*t->hint_zh, "%s", t->code);
        ck_assert_msg(!strchr(t->hint_en, '{') && !strchr(t->hint_zh, '{'), "%s", t->code);
        ck_assert_msg(!*t->hint_zh || (has_han(t->hint_zh) && !has_han(t->hint_en)), "%s", t->code);
    }
}
END_TEST

/* Nobody is left alone with what is wrong. */
START_TEST(every_error_and_warning_says_what_to_do)
{
    for (const struct finding_type *t = finding_types; t->code; t++)
        ck_assert_msg(t->severity == SEVERITY_INFO || (*t->hint_en && *t->hint_zh), "%s", t->code);
}
END_TEST

START_TEST(an_unknown_code_has_no_type)
{
    ck_assert_ptr_nonnull(finding_type("CMD001"));
    ck_assert_ptr_null(finding_type("CMD000"));
    ck_assert_ptr_null(finding_type(""));
}
END_TEST

START_TEST(parameters_fill_both_texts_and_a_missing_one_reads_as_a_question_mark)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};

    ck_assert_int_eq(
        findings_add(&findings, "JNL001", PLACE_PART("a"), "line", "7", "detail", NULL, NULL), 0);
    ck_assert_int_eq(findings_add(&findings, "JNL001", PLACE_NONE, NULL), 1);
    ck_assert_str_eq(finding_text(&findings.list[0], LANG_EN),
                     "journal line 7 is not a journal entry: ?");
    ck_assert_str_eq(finding_text(&findings.list[0], LANG_ZH), "台账第 7 行不是合格的记录：?");
    ck_assert_str_eq(findings.list[1].en, "journal line ? is not a journal entry: ?");
    ck_assert_str_eq(findings.list[0].where.part, "a");
    ck_assert(*finding_hint(&findings.list[0], LANG_ZH));
}
END_TEST

START_TEST(the_worst_severity_is_that_of_the_worst_finding)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};

    ck_assert_int_eq(findings_worst(&findings), -1);
    (void)findings_add(&findings, "JNL003", PLACE_NONE, NULL);
    ck_assert_int_eq(findings_worst(&findings), SEVERITY_WARNING);
    (void)findings_add(&findings, "JNL002", PLACE_NONE, NULL);
    ck_assert_int_eq(findings_worst(&findings), SEVERITY_ERROR);
    ck_assert(findings_has(&findings, "JNL002") && !findings_has(&findings, "JNL001"));
}
END_TEST

START_TEST(findings_beyond_the_limit_are_counted_and_not_kept)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};

    for (int i = 0; i < FINDINGS_MAX; i++)
        ck_assert_int_eq(findings_add(&findings, "JNL002", PLACE_NONE, NULL), i);
    ck_assert_int_eq(findings_add(&findings, "JNL002", PLACE_NONE, NULL), -1);
    ck_assert_uint_eq(findings.n, FINDINGS_MAX);
    ck_assert_uint_eq(findings.dropped, 1);
}
END_TEST

static const struct {
    enum rc rc;
    const char *finding, *want;
} errors[] = {
    {RC_USAGE, "", "CMD001"},   {RC_SYSTEM, "", "CMD002"},      {RC_UNDECIDED, "", "CMD003"},
    {RC_REFUSED, "", "CMD004"}, {RC_KEY, "", "CMD005"},         {RC_INPUT, "", "CMD006"},
    {RC_BUG, "", "CMD007"},     {RC_INPUT, "FLD001", "FLD001"}, {RC_NO, "", "CMD008"},
    {RC_NOTHING, "", "CMD009"}, {RC_PARTIAL, "", "CMD010"},     {RC_KEY, "ZZZ999", "CMD005"},
};

START_TEST(an_error_becomes_the_finding_that_it_names_or_one_by_its_result)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;

    (void)err_find(&err, errors[_i].finding, errors[_i].rc, "want 4, got %d", 3);
    ck_assert_int_eq(findings_add_err(&findings, &err), 0);
    ck_assert_str_eq(findings.list[0].type->code, errors[_i].want);
    ck_assert_ptr_nonnull(strstr(findings.list[0].en, "want 4, got 3"));
    ck_assert_ptr_nonnull(strstr(findings.list[0].zh, "want 4, got 3"));
}
END_TEST

START_TEST(an_error_without_the_parameters_of_its_row_keeps_its_own_text)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;

    (void)err_find(&err, "JNL002", RC_NO, "line 3 is odd");
    (void)findings_add_err(&findings, &err);
    ck_assert_str_eq(findings.list[0].en, "line 3 is odd");
}
END_TEST

static const struct {
    const char *where, *part, *field;
    long line, column, row;
    long long offset;
} places[] = {
    {"", NULL, NULL, -1, -1, -1, -1},
    {"a.ofd", "a.ofd", NULL, -1, -1, -1, -1},
    {"a.ofd: Doc_0/Document.xml:3", "a.ofd: Doc_0/Document.xml", NULL, 3, -1, -1, -1},
    {"c.yaml:4:9", "c.yaml", NULL, 4, 9, -1, -1},
    {":4:9", NULL, NULL, 4, 9, -1, -1},
    {"a.json: :4:9", "a.json", NULL, 4, 9, -1, -1},
    {"seal.esl@0x1c", "seal.esl", NULL, -1, -1, -1, 28},
    {"a.ofd: @0x1c", "a.ofd", NULL, -1, -1, -1, 28},
    {"rows.csv: line 12", "rows.csv", NULL, -1, -1, 12, -1},
    {"rows.csv: line 12, column \"idNo\"", "rows.csv", "idNo", -1, -1, 12, -1},
    {"who@home.ofd", "who@home.ofd", NULL, -1, -1, -1, -1},
    {"line x", "line x", NULL, -1, -1, -1, -1},
    {"C:7x", "C:7x", NULL, -1, -1, -1, -1},
};

START_TEST(where_is_taken_apart_as_far_as_it_goes)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;
    const struct place *place;

    (void)err_set(&err, RC_INPUT, "x");
    (void)err_at(&err, "%s", places[_i].where);
    (void)findings_add_err(&findings, &err);
    place = &findings.list[0].where;
    ck_assert_pstr_eq(place->part, places[_i].part);
    ck_assert_pstr_eq(place->field, places[_i].field);
    ck_assert_int_eq(place->line, places[_i].line);
    ck_assert_int_eq(place->column, places[_i].column);
    ck_assert_int_eq(place->row, places[_i].row);
    ck_assert_int_eq(place->offset, places[_i].offset);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, codes_are_three_letters_and_three_digits);
    tcase_add_test(tc, rows_are_sorted_and_no_code_comes_twice);
    tcase_add_test(tc, groups_are_those_of_the_contract);
    tcase_add_test(tc, both_languages_say_the_same);
    tcase_add_test(tc, hints_are_in_both_languages_or_in_none);
    tcase_add_test(tc, every_error_and_warning_says_what_to_do);
    tcase_add_test(tc, an_unknown_code_has_no_type);
    tcase_add_test(tc, parameters_fill_both_texts_and_a_missing_one_reads_as_a_question_mark);
    tcase_add_test(tc, the_worst_severity_is_that_of_the_worst_finding);
    tcase_add_test(tc, findings_beyond_the_limit_are_counted_and_not_kept);
    tcase_add_loop_test(tc, an_error_becomes_the_finding_that_it_names_or_one_by_its_result, 0,
                        N_OF(errors));
    tcase_add_test(tc, an_error_without_the_parameters_of_its_row_keeps_its_own_text);
    tcase_add_loop_test(tc, where_is_taken_apart_as_far_as_it_goes, 0, N_OF(places));
}
