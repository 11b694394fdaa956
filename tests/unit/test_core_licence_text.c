/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/model/licence_priv.h"
#include "tests/unit/unit.h"

static const struct {
    struct date date;
    const char *iso, *arabic, *han;
} dates[] = {
    {{2026, 3, 1}, "2026-03-01", "2026年3月1日", "二〇二六年三月一日"},
    {{2020, 10, 10}, "2020-10-10", "2020年10月10日", "二〇二〇年十月十日"},
    {{1999, 11, 20}, "1999-11-20", "1999年11月20日", "一九九九年十一月二十日"},
    {{2012, 12, 31}, "2012-12-31", "2012年12月31日", "二〇一二年十二月三十一日"},
};

START_TEST(a_date_is_written_in_three_forms)
{
    CLEANUP(freep) char *iso = date_text(dates[_i].date, DATE_ISO);
    CLEANUP(freep) char *arabic = date_text(dates[_i].date, DATE_ARABIC);
    CLEANUP(freep) char *han = date_text(dates[_i].date, DATE_HAN);

    ck_assert_str_eq(iso, dates[_i].iso);
    ck_assert_str_eq(arabic, dates[_i].arabic);
    ck_assert_str_eq(han, dates[_i].han);
}
END_TEST

START_TEST(both_forms_of_the_standard_are_read_and_no_other)
{
    struct date date;

    ck_assert(date_read("2026-03-01", &date));
    ck_assert(date_read("20260301", &date));
    ck_assert_int_eq(date_compare(date, (struct date){2026, 3, 1}), 0);
    ck_assert(!date_read("20230229", &date));
    ck_assert(!date_read("2026-3-1", &date));
    ck_assert(!date_read("2026/03/01", &date));
    ck_assert(!date_read("202603010", &date));
    ck_assert(!date_read("", &date));
}
END_TEST

static const struct {
    const char *digits, *han;
} amounts[] = {
    {"0元", "零元整"},
    {"1元", "壹元整"},
    {"10元", "壹拾元整"},
    {"105元", "壹佰零伍元整"},
    {"1001元", "壹仟零壹元整"},
    {"10000元", "壹万元整"},
    {"100万元", "壹佰万元整"},
    {"100万元人民币", "壹佰万元整"},
    {"1050.5万元", "壹仟零伍拾万零伍仟元整"},
    {"100000001元", "壹亿零壹元整"},
    {"10001000元", "壹仟万零壹仟元整"},
    {"1亿元", "壹亿元整"},
    {"10000亿元", "壹万亿元整"},
    {"12345.67元", "壹万贰仟叁佰肆拾伍元陆角柒分"},
    {"3.05元", "叁元零伍分"},
    {"3.50元", "叁元伍角"},
    {"0.05元", "伍分"},
    {"50万美元", "伍拾万美元整"},
    {"3.005元", "3.005元"},   /* below 分: as it is */
    {"3.50美元", "3.50美元"}, /* 角 and 分 are of 元 alone */
};

START_TEST(an_amount_is_written_in_formal_characters)
{
    CLEANUP(freep) char *han = money_text(amounts[_i].digits, MONEY_HAN);
    CLEANUP(freep) char *digits = money_text(amounts[_i].digits, MONEY_DIGITS);

    ck_assert(money_is_good(amounts[_i].digits));
    ck_assert_str_eq(han, amounts[_i].han);
    ck_assert_str_eq(digits, amounts[_i].digits);
}
END_TEST

static const char *const no_amounts[] = {
    "",
    "元",
    "100",
    "100万",
    "万元",
    "1,000元",
    "-1元",
    "+1元",
    "01元",
    "1.元",
    ".5元",
    "1.5.5元",
    "1 万元",
    "壹佰万元",
    "100万元整",
    "1e6元",
    "100法郎",
    "99999999999999999元",
    "1000000000亿元",
};

START_TEST(what_is_no_amount_is_refused)
{
    ck_assert_msg(!money_is_good(no_amounts[_i]), "%s", no_amounts[_i]);
}
END_TEST

START_TEST(parties_joined_are_taken_apart)
{
    CLEANUP(freep) char *second = party_copy("甲^乙^丙", 2);
    CLEANUP(freep) char *only = party_copy("甲", 1);
    CLEANUP(freep) char *none = party_copy("甲", 2);

    ck_assert_str_eq(second, "乙");
    ck_assert_str_eq(only, "甲");
    ck_assert_ptr_null(none);
    ck_assert_int_eq(party_count("甲^乙^丙"), 3);
    ck_assert_int_eq(party_count(""), 0);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, a_date_is_written_in_three_forms, 0, N_OF(dates));
    tcase_add_test(tc, both_forms_of_the_standard_are_read_and_no_other);
    tcase_add_loop_test(tc, an_amount_is_written_in_formal_characters, 0, N_OF(amounts));
    tcase_add_loop_test(tc, what_is_no_amount_is_refused, 0, N_OF(no_amounts));
    tcase_add_test(tc, parties_joined_are_taken_apart);
}
