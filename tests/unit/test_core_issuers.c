/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/model/issuers.h"
#include "tests/unit/unit.h"

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define USCC "91350100M000100Y43" /* the example of GB 32100-2015 */

static char folder[] = "/tmp/ecert-issuers-XXXXXX";

static void enter(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave(void)
{
    (void)unlink("issuers.yaml");
    ck_assert_int_eq(chdir("/"), 0);
    (void)rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

static struct issuers *load(const char *text)
{
    struct issuers *issuers = NULL;
    struct err err = ERR_INIT;

    CK_OK(file_write("issuers.yaml", span_of(text), FILE_FORCE, &err), &err);
    CK_OK(issuers_load(".", &issuers, &err), &err);
    return issuers;
}

static const unsigned char a[32] = {
    0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
    0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa};
static const unsigned char b[32] = {
    0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb,
    0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb};
static const unsigned char c[32] = {0xcc};

static const struct {
    struct issuer_query query;
    enum issuer_answer want;
} queries[] = {
    {{.uscc = USCC, .name = "甲局", .type = "T1", .leaf = a, .anchor = c}, ISSUER_OK},
    {{.uscc = USCC, .name = "甲局", .type = "T1", .leaf = c, .anchor = b}, ISSUER_OK},
    {{.uscc = USCC, .name = "甲局", .type = "T1", .leaf = c, .anchor = c}, ISSUER_WRONG_CERT},
    {{.uscc = USCC, .name = "甲局", .type = "T1", .leaf = b}, ISSUER_WRONG_CERT},
    {{.uscc = USCC, .name = "甲局", .type = "T2", .leaf = a}, ISSUER_WRONG_TYPE},
    {{.uscc = USCC, .name = "甲局", .leaf = a}, ISSUER_WRONG_TYPE},
    {{.uscc = "91350100M000100Y44", .name = "甲局", .type = "T1", .leaf = a}, ISSUER_UNKNOWN},
    {{.name = "甲局", .type = "T1", .leaf = a}, ISSUER_UNKNOWN},
    {{.name = "乙局", .type = "T9", .leaf = b}, ISSUER_OK},
    {{.name = "乙局", .leaf = b}, ISSUER_OK},
    {{.name = "丙局", .type = "T9", .leaf = b}, ISSUER_UNKNOWN},
    {{.type = "T9", .leaf = b}, ISSUER_UNKNOWN},
};

START_TEST(an_issuer_may_issue_its_types_with_its_certificates)
{
    CLEANUP(issuers_freep)
    struct issuers *issuers =
        load("issuers:\n- {uscc: " USCC ", name: 甲局, types: [T1], certs: [" HEX_A
             "], anchors: " HEX_B "}\n- {name: 乙局, types: '*', certs: [" HEX_B "]}\n");

    ck_assert_int_eq(issuers_ask(issuers, &queries[_i].query), queries[_i].want);
    ck_assert_int_eq(issuers_ask(NULL, &queries[_i].query), ISSUER_NO_LIST);
}
END_TEST

START_TEST(makers_are_limited_only_where_the_file_says_so)
{
    CLEANUP(issuers_freep) struct issuers *some = load("makers: [" HEX_A "]\n");
    CLEANUP(issuers_freep) struct issuers *silent = load("issuers: []\n");
    CLEANUP(issuers_freep) struct issuers *nobody = load("makers: []\n");

    ck_assert(issuers_allow_maker(some, a, c) && issuers_allow_maker(some, b, a));
    ck_assert(!issuers_allow_maker(some, b, c) && !issuers_allow_maker(some, b, NULL));
    ck_assert(issuers_allow_maker(silent, b, c) && issuers_allow_maker(NULL, b, c));
    ck_assert(!issuers_allow_maker(nobody, a, a));
}
END_TEST

START_TEST(a_folder_without_the_file_has_no_list)
{
    struct issuers *issuers = NULL;
    struct err err = ERR_INIT;

    CK_OK(issuers_load(".", &issuers, &err), &err);
    ck_assert_ptr_null(issuers);
}
END_TEST

static const struct {
    const char *text, *where;
} wrong[] = {
    {"issuer: []\n", "./issuers.yaml:1:1"},
    {"issuers: {a: b}\n", "./issuers.yaml:1:10"},
    {"issuers: [{uscc: " USCC ", cert: []}]\n", "./issuers.yaml:1:38"},
    {"issuers: [{uscc: 91350100M000100Y44, certs: [" HEX_A "]}]\n", "./issuers.yaml:1:18"},
    {"issuers: [{name: '', certs: [" HEX_A "]}]\n", "./issuers.yaml:1:11"},
    {"issuers: [{name: x}]\n", "./issuers.yaml:1:11"},
    {"issuers: [{name: x, certs: [abc]}]\n", "./issuers.yaml:1:29"},
    {"makers: " HEX_A "a\n", "./issuers.yaml:1:9"},
};

START_TEST(a_fault_in_it_is_named_with_its_place)
{
    struct issuers *issuers = NULL;
    struct err err = ERR_INIT;

    CK_OK(file_write("issuers.yaml", span_of(wrong[_i].text), FILE_FORCE, &err), &err);
    ck_assert_int_eq(issuers_load(".", &issuers, &err), RC_USAGE);
    ck_assert_str_eq(err.where, wrong[_i].where);
    ck_assert_ptr_null(issuers);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, enter, leave);
    tcase_add_loop_test(tc, an_issuer_may_issue_its_types_with_its_certificates, 0, N_OF(queries));
    tcase_add_test(tc, makers_are_limited_only_where_the_file_says_so);
    tcase_add_test(tc, a_folder_without_the_file_has_no_list);
    tcase_add_loop_test(tc, a_fault_in_it_is_named_with_its_place, 0, N_OF(wrong));
}
