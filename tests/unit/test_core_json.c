/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/json.h"
#include "tests/unit/unit.h"

/* Left as it comes, right in the canonical form. */
static const char *const canonical[][2] = {
    {"{ \"b\" : 1 , \"a\" : [ true , false , null , -7 ] }",
     "{\"a\":[true,false,null,-7],\"b\":1}"},
    {"{\"a\":1,\"B\":2,\"\xe8\xaf\x81\":3,\"aa\":4,\"\":5}",
     "{\"\":5,\"B\":2,\"a\":1,\"aa\":4,\"\xe8\xaf\x81\":3}"},
    {"\"\\u8bc1\\/\\\"\\\\\"", "\"\xe8\xaf\x81/\\\"\\\\\""},
    {"\"\\\\\\\\a\\\"\"", "\"\\\\\\\\a\\\"\""},
    {"{}", "{}"},
    {"[]", "[]"},
    {"[[],{\"a\":{}}]", "[[],{\"a\":{}}]"},
    {"\"\"", "\"\""},
    {"9223372036854775807", "9223372036854775807"},
};

START_TEST(canonical_json_is_sorted_and_bare)
{
    CLEANUP(js_freep) struct js *js = NULL;
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1000);
    struct err err = ERR_INIT;

    CK_OK(js_parse(span_of(canonical[_i][0]), &js, &err), &err);
    CK_OK(js_canonical(js, &out, &err), &err);
    ck_assert_str_eq(out.data, canonical[_i][1]);
}
END_TEST

static const char *const refused[] = {"1.5", "[\"a\\u0001\"]", "\"\\u007f\"", "{\"\\n\":1}",
                                      "{\"a\":[0.0]}"};

START_TEST(fractions_and_control_characters_have_no_canonical_form)
{
    CLEANUP(js_freep) struct js *js = NULL;
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1000);
    struct err err = ERR_INIT;

    CK_OK(js_parse(span_of(refused[_i]), &js, &err), &err);
    ck_assert_int_eq(js_canonical(js, &out, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "FLD002");
}
END_TEST

START_TEST(canonical_texts_are_the_canonical_array_of_them)
{
    static const char *const texts[] = {"a\"b", NULL, "", "\xe8\xaf\x81\\"};
    CLEANUP(js_freep) struct js *array = js_array();
    CLEANUP(buf_clear) struct buf a = BUF_INIT(1000);
    CLEANUP(buf_clear) struct buf b = BUF_INIT(1000);
    const char *const control = "\n";
    struct err err = ERR_INIT;

    for (int i = 0; i < _i; i++)
        js_push(array, js_string(texts[i]));
    CK_OK(js_canonical(array, &a, &err), &err);
    CK_OK(js_canonical_texts(texts, (size_t)_i, &b, &err), &err);
    ck_assert_str_eq(a.data, b.data);
    ck_assert_int_eq(js_canonical_texts(&control, 1, &b, &err), RC_INPUT);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, canonical_json_is_sorted_and_bare, 0, N_OF(canonical));
    tcase_add_loop_test(tc, fractions_and_control_characters_have_no_canonical_form, 0,
                        N_OF(refused));
    tcase_add_loop_test(tc, canonical_texts_are_the_canonical_array_of_them, 0, 5);
}
