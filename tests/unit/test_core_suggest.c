/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/suggest.h"
#include "tests/unit/unit.h"

static const char *const words[] = {"policies",         "operator", "templates", "keys",
                                    "统一社会信用代码", "住所",     "名称",      "",
                                    "cert-a1",          NULL};

static const struct {
    const char *given, *want;
} cases[] = {
    {"templtes", "templates"},
    {"opreator", "operator"},
    {"Keys", "keys"},
    {"key", "keys"},
    {"统一信用代码", "统一社会信用代码"},
    {"名", "名称"},
    {"名字", "名称"},
    {"cert-a2", "cert-a1"},
    {"journal", NULL},
    {"x", NULL},
    {"", NULL},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    {"\xff\xfe", NULL},
};

START_TEST(the_nearest_word_is_suggested_and_a_far_one_is_not)
{
    ck_assert_pstr_eq(suggest(cases[_i].given, words), cases[_i].want);
}
END_TEST

START_TEST(of_no_words_none_is_suggested)
{
    static const char *const none[] = {NULL};

    ck_assert_ptr_null(suggest("keys", none));
    ck_assert_ptr_null(suggest_of("keys", words, 3));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, the_nearest_word_is_suggested_and_a_far_one_is_not, 0, N_OF(cases));
    tcase_add_test(tc, of_no_words_none_is_suggested);
}
