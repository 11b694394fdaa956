/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/model/checkdigit.h"
#include "core/model/trial.h"
#include "tests/unit/unit.h"

/* Whether a row of the vectors is good by the check of its kind. */
static bool is_good(const char *kind, const char *number)
{
    size_t n = strlen(number) - 1;

    if (strcmp(kind, "uscc") == 0)
        return uscc_check(number).fault == CHECK_GOOD && uscc_inner_is_good(number);
    if (strcmp(kind, "organisation") == 0)
        return org_code_check(number).fault == CHECK_GOOD;
    if (strcmp(kind, "citizen") == 0)
        return citizen_id_check(number).fault == CHECK_GOOD;
    if (strcmp(kind, "mod37,36") == 0)
        return mod37_36(number, n) == number[n];
    ck_assert_str_eq(kind, "mod11,10");
    return mod11_10(number, n) == number[n];
}

START_TEST(every_row_of_the_vectors_is_judged_as_published)
{
    FILE *file = fopen("tests/vectors/numbers/check-digits.tsv", "r");
    char line[200], kind[20], number[40], want[10];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file)) {
        if (line[0] == '#')
            continue;
        ck_assert_int_eq(sscanf(line, "%19s %39s %9s", kind, number, want), 3);
        ck_assert_msg(is_good(kind, number) == (strcmp(want, "good") == 0), "%s", line);
        rows++;
    }
    (void)fclose(file);
    ck_assert_int_eq(rows, 27);
}
END_TEST

START_TEST(the_trial_bodies_have_good_codes)
{
    static const char *const codes[] = {TRIAL_AGENCY_USCC, TRIAL_SECOND_AGENCY_USCC,
                                        TRIAL_THIRD_AGENCY_USCC, TRIAL_DEFINER_USCC};

    for (int i = 0; i < N_OF(codes); i++)
        ck_assert(is_good("uscc", codes[i]));
}
END_TEST

START_TEST(each_single_wrong_digit_of_a_credit_code_is_caught)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[] = TRIAL_AGENCY_USCC;

    for (size_t i = 0; i < 18; i++) {
        char kept = code[i];

        for (const char *p = alphabet; *p; p++) {
            code[i] = *p;
            ck_assert_int_eq(uscc_check(code).fault == CHECK_GOOD, *p == kept);
        }
        code[i] = kept;
    }
}
END_TEST

static const struct {
    const char *number;
    enum check_fault want;
    size_t at;
    char expected;
} faults[] = {
    {"", CHECK_LENGTH, 0, '\0'},
    {"9135010", CHECK_LENGTH, 0, '\0'},
    {"91350100M000100Y433", CHECK_LENGTH, 0, '\0'},
    {"91350100M000100I43", CHECK_CHARACTER, 15, '\0'},
    {"91350100m000100Y43", CHECK_CHARACTER, 8, '\0'},
    {"9135010AM000100Y43", CHECK_CHARACTER, 7, '\0'},
    {"91350100M000100Y44", CHECK_DIGIT, 17, '3'},
};

START_TEST(a_bad_credit_code_says_what_is_wrong_and_where)
{
    struct check check = uscc_check(faults[_i].number);

    ck_assert_int_eq(check.fault, faults[_i].want);
    ck_assert_uint_eq(check.at, faults[_i].at);
    ck_assert_int_eq(check.expected, faults[_i].expected);
}
END_TEST

START_TEST(a_citizen_id_of_an_impossible_day_is_told_apart_from_a_wrong_digit)
{
    ck_assert_int_eq(citizen_id_check("110105202302290029").fault, CHECK_DATE);
    ck_assert_int_eq(citizen_id_check("110105000012310021").fault, CHECK_DATE);
    ck_assert_int_eq(citizen_id_check("11010519491231002x").fault, CHECK_CHARACTER);
    ck_assert_int_eq(citizen_id_check("110105491231002").fault, CHECK_LENGTH);
    ck_assert_int_eq(citizen_id_check("110105194912310021").expected, 'X');
}
END_TEST

START_TEST(a_citizen_id_tells_birth_and_sex)
{
    struct date birth;
    bool male;

    ck_assert(citizen_id_facts("11010519491231002X", &birth, &male));
    ck_assert_int_eq(date_compare(birth, (struct date){1949, 12, 31}), 0);
    ck_assert(!male);
    ck_assert(!citizen_id_facts("110105194912310021", &birth, &male));
}
END_TEST

START_TEST(a_foreign_character_has_no_check_character)
{
    ck_assert_int_eq(mod37_36("1110a", 5), '\0');
    ck_assert_int_eq(mod11_10("079A", 4), '\0');
    ck_assert_int_eq(mod37_36_defective("1110_", 5), '\0');
}
END_TEST

START_TEST(the_defective_routine_differs_on_digits)
{
    ck_assert_int_ne(mod37_36("0123456789", 10), mod37_36_defective("0123456789", 10));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, every_row_of_the_vectors_is_judged_as_published);
    tcase_add_test(tc, the_trial_bodies_have_good_codes);
    tcase_add_test(tc, each_single_wrong_digit_of_a_credit_code_is_caught);
    tcase_add_loop_test(tc, a_bad_credit_code_says_what_is_wrong_and_where, 0, N_OF(faults));
    tcase_add_test(tc, a_citizen_id_of_an_impossible_day_is_told_apart_from_a_wrong_digit);
    tcase_add_test(tc, a_citizen_id_tells_birth_and_sex);
    tcase_add_test(tc, a_foreign_character_has_no_check_character);
    tcase_add_test(tc, the_defective_routine_differs_on_digits);
}
