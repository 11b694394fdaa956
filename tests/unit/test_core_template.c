/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/crypto/hash.h"
#include "core/model/template.h"
#include "core/model/trial.h"
#include "tests/unit/unit.h"

/* A template in one line a part; each test spoils one part. */
#define HEAD "template: ecert.template/1\nid: t\n"
#define TYPE                                                                     \
    "type: {name: 证, code: 11000000MB0TE5T951001, definer: {name: 甲, uscc: " \
    "11000000MB0TE5T951}}\n"
#define FIELDS                                                       \
    "fields:\n"                                                      \
    "  - {name: 号, short: H, role: number}\n"                      \
    "  - {name: 主体, short: ZT, role: holder}\n"                  \
    "  - {name: 机关, short: JG, role: issuer}\n"                  \
    "  - {name: 代码, short: DM, type: uscc, role: issuer-code}\n" \
    "  - {name: 起, short: Q, type: date, role: valid-from}\n"      \
    "  - {name: 止, short: Z, type: date-or-open, role: valid-until}\n"
#define PAGE(inside) "faces:\n  - id: 正本\n    pages:\n      - {size_mm: [210, 297], " inside "}\n"
#define GOOD HEAD TYPE FIELDS PAGE("texts: []")

static enum rc parse(const char *yaml, struct template **out, struct err *err)
{
    ck_assert_int_eq(crypto_init(err), RC_OK);
    return template_parse(span_of(yaml), "templates/business-license", out, err);
}

START_TEST(a_small_template_is_read)
{
    CLEANUP(template_freep) struct template *template = NULL;
    struct err err = ERR_INIT;

    CK_OK(parse(GOOD, &template, &err), &err);
    ck_assert_str_eq(template->id, "t");
    ck_assert_uint_eq(template->n_fields, 6);
    ck_assert_int_eq(template_role(template, ROLE_ISSUER_CODE), 3);
    ck_assert_int_eq(template_role(template, ROLE_ISSUED), -1);
    ck_assert_int_eq(template_field(template, "止"), 5);
    ck_assert_int_eq(template_field(template, "无"), -1);
    ck_assert(template->fields[0].disclose);
    ck_assert_str_eq(template->type_code_confidence, "none");
    ck_assert_int_eq(template->faces[0].pages[0].width, 210000);
}
END_TEST

static const struct {
    const char *yaml, *where, *says;
} faults[] = {
    {"", ":1:1", "empty"},
    {"- a\n", ":1:1", ""},
    {HEAD "extends: other\n" TYPE FIELDS PAGE("texts: []"), ":3:10", "derived"},
    {"template: ecert.template/2\nid: t\n" TYPE FIELDS PAGE("texts: []"), ":1:11",
     "ecert.template/1"},
    {"template: ecert.template/1\nid: T\n" TYPE FIELDS PAGE("texts: []"), ":2:5", "a-z"},
    {HEAD FIELDS PAGE("texts: []"), ":1:1", "'type'"},
    {HEAD "tipe: {}\n" FIELDS, ":3:1", "did you mean 'type'?"},
    {HEAD "type: {name: 证, code: 123}\n" FIELDS, ":3:23", "21 characters"},
    {HEAD "type: {name: 证, code: 11100000MB0143028R001, definer: {name: 甲, uscc: "
          "11000000MB0TE5T951}}\n",
     ":3:23", "begin with"},
    {HEAD "type: {name: 证, code: 11000000MB0TE5T951001, definer: {name: 甲, uscc: "
          "11000000MB0TE5T952}}\n",
     ":3:71", "credit code"},
    {HEAD TYPE "fields: []\n", ":1:1", "'fields'"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, role: holder}\n", ":5:3", "role 'issuer'"},
    {HEAD TYPE "fields:\n  - {name: 甲}\n", ":5:5", "short"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: a-b}\n", ":5:22", "0-9A-Z"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A}\n  - {name: 甲, short: B}\n", ":6:5",
     "two fields are called"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A}\n  - {name: 乙, short: A}\n", ":6:5",
     "short name"},
    {HEAD TYPE
     "fields:\n  - {name: 甲, short: A, role: holder}\n  - {name: 乙, short: B, role: holder}\n",
     ":6:5", "role 'holder'"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, type: dat}\n", ":5:31", "'date'"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, pattern: \"[\"}\n", ":5:34", "pattern"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, pattern: \"[甲乙]\"}\n", ":5:34", "ASCII"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, type: code}\n", ":5:5", "'codes'"},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, length: [5, 2]}\n", ":5:37", ""},
    {HEAD TYPE "fields:\n  - {name: 甲, short: A, role: issued}\n", ":5:31", "'date'"},
    {HEAD TYPE FIELDS "rules:\n  - {rule: date-order, fields: [起, 终]}\n", ":12:36",
     "no field is called '终'"},
    {HEAD TYPE FIELDS "rules:\n  - {rule: date-order, fields: [起]}\n", ":12:32", "2 to 4 fields"},
    {HEAD TYPE FIELDS "rules:\n  - {rule: date-order, fields: [起, 号]}\n", ":12:36",
     "type 'date'"},
    {HEAD TYPE FIELDS "rules:\n  - {rule: max-years, fields: [起, 止]}\n", ":12:5", "'years'"},
    {HEAD TYPE FIELDS "faces: []\n", ":1:1", "'faces'"},
    {HEAD TYPE FIELDS "faces: [{id: 正, pages: []}]\n", ":11:9", "1 to"},
    {HEAD TYPE FIELDS PAGE("texts: [{field: 号, box_mm: [200, 10, 11, 5], size_mm: 4}]"), ":14:58",
     "on the page"},
    {HEAD TYPE FIELDS PAGE("texts: [{field: 号, box_mm: [1, 1, 0, 5], size_mm: 4}]"), ":14:58",
     "no area"},
    {HEAD TYPE FIELDS PAGE("texts: [{field: 号, box_mm: [1, 1, 5, 5]}]"), ":14:39", "size_mm"},
    {HEAD TYPE FIELDS PAGE("texts: [{field: 号, box_mm: [1, 1, 5, 5], size_mm: 4, min_mm: 3}]"),
     ":14:39", "shrink"},
    {HEAD TYPE FIELDS PAGE("texts: [{box_mm: [1, 1, 5, 5], size_mm: 4}]"), ":14:39", "'label'"},
    {HEAD TYPE FIELDS PAGE("texts: [{field: 号, label: 号, box_mm: [1, 1, 5, 5], size_mm: 4}]"),
     ":14:39", "one of"},
    {HEAD TYPE FIELDS PAGE("texts: [{label: \"{无}\", box_mm: [1, 1, 5, 5], size_mm: 4}]"),
     ":14:47", "no field"},
    {HEAD TYPE FIELDS PAGE("texts: [{label: \"{号\", box_mm: [1, 1, 5, 5], size_mm: 4}]"), ":14:47",
     "without"},
    {HEAD TYPE FIELDS PAGE("texts: [{label: a, colour: red, box_mm: [1, 1, 5, 5], size_mm: 4}]"),
     ":14:58", "#rrggbb"},
    {HEAD TYPE FIELDS PAGE("texts: [{label: a, align: center, box_mm: [1, 1, 5, 5], size_mm: 4}]"),
     ":14:57", "centre"},
    {HEAD TYPE FIELDS PAGE("images: [{file: ../x.png, box_mm: [1, 1, 5, 5]}]"), ":14:47", "folder"},
    {HEAD TYPE FIELDS PAGE("images: [{file: x.png, box_mm: [1, 1, 5, 5]}]"), ":14:47", "no file"},
    {HEAD TYPE FIELDS PAGE("images: [{field: 号, box_mm: [1, 1, 5, 5]}]"), ":14:48", "image"},
    {HEAD TYPE FIELDS PAGE("background: none.png"), ":14:43", "no file"},
    {HEAD TYPE FIELDS PAGE("seals: [{name: 章, role: issuer, box_mm: [1, 1, 5, 5]}, {name: 章, "
                           "role: b, box_mm: [9, 9, 5, 5]}]"),
     ":12:5", "seal places"},
    {HEAD TYPE FIELDS "faces: [{id: 正, pages: [{size_mm: [0, 297]}]}]\n", ":11:35", ""},
};

START_TEST(each_fault_names_its_line_and_column_and_what_was_wanted)
{
    struct template *template = NULL;
    struct err err = ERR_INIT;

    ck_assert_msg(parse(faults[_i].yaml, &template, &err) == RC_USAGE, "%s", faults[_i].yaml);
    ck_assert_ptr_null(template);
    ck_assert_str_eq(err.finding, "TPL001");
    ck_assert_msg(strncmp(err.where, "templates/business-license/template.yaml:", 41) == 0 &&
                      strcmp(err.where + 40, faults[_i].where) == 0,
                  "%s: %s: %s", faults[_i].yaml, err.where, err.text);
    ck_assert_msg(strstr(err.text, faults[_i].says) != NULL, "%s: %s", err.where, err.text);
}
END_TEST

static const char *const shipped[] = {"business-license", "land-site-opinion"};

START_TEST(the_shipped_templates_are_found_by_name)
{
    static const char *const folders[] = {"/nonexistent", "templates", NULL};
    CLEANUP(template_freep) struct template *template = NULL;
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    CK_OK(template_find(shipped[_i], folders, &template, &err), &err);
    ck_assert_str_eq(template->id, shipped[_i]);
    ck_assert_uint_ge(template->faces[0].n_pages, 1);
}
END_TEST

START_TEST(the_opinion_has_two_places_for_seals_and_a_code_that_claims_nothing)
{
    CLEANUP(template_freep) struct template *template = NULL;
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    CK_OK(template_load("templates/land-site-opinion", &template, &err), &err);
    ck_assert_uint_eq(template->faces[0].pages[0].n_seals, 2);
    ck_assert_int_eq(template->faces[0].pages[0].seals[1].nth_issuer, 2);
    ck_assert_str_eq(template->type_code_confidence, "none");
    ck_assert_str_eq(template->definer_uscc, TRIAL_DEFINER_USCC);
}
END_TEST

START_TEST(a_template_that_is_nowhere_is_answered_with_what_was_seen)
{
    static const char *const folders[] = {"/nonexistent", "templates", NULL};
    struct template *template = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(template_find("bussiness", folders, &template, &err), RC_USAGE);
    ck_assert_str_eq(err.finding, "TPL002");
    ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent"));
    ck_assert_ptr_nonnull(strstr(err.text, "business-license, land-site-opinion"));
}
END_TEST

START_TEST(a_path_is_taken_as_it_is)
{
    struct template *template = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(template_find("./nowhere", NULL, &template, &err), RC_SYSTEM);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, a_small_template_is_read);
    tcase_add_loop_test(tc, each_fault_names_its_line_and_column_and_what_was_wanted, 0,
                        N_OF(faults));
    tcase_add_loop_test(tc, the_shipped_templates_are_found_by_name, 0, N_OF(shipped));
    tcase_add_test(tc, the_opinion_has_two_places_for_seals_and_a_code_that_claims_nothing);
    tcase_add_test(tc, a_template_that_is_nowhere_is_answered_with_what_was_seen);
    tcase_add_test(tc, a_path_is_taken_as_it_is);
}
