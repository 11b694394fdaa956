/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/model/identifier.h"
#include "core/model/trial.h"
#include "tests/unit/unit.h"

#define GOOD "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"

START_TEST(every_row_of_the_vectors_is_judged_as_published)
{
    FILE *file = fopen("tests/vectors/numbers/identifiers.tsv", "r");
    char line[300], text[160], want[4], verdict[12], code[8];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file)) {
        CLEANUP(findings_clear) struct findings findings = {0};
        struct identifier id;

        if (line[0] == '#')
            continue;
        ck_assert_int_eq(sscanf(line, "%159s %3s %11s %7s", text, want, verdict, code), 4);
        ck_assert_msg(identifier_check(text, &id, &findings) == (strcmp(verdict, "accepted") == 0),
                      "%s", line);
        ck_assert_int_eq(id.expected, want[0] == '-' ? '\0' : want[0]);
        ck_assert_msg(code[0] == '-' ? findings.n == 0 : findings_has(&findings, code), "%s", line);
        rows++;
    }
    (void)fclose(file);
    ck_assert_int_eq(rows, 9);
}
END_TEST

START_TEST(a_good_identifier_is_taken_apart)
{
    CLEANUP(findings_clear) struct findings findings = {0};
    struct identifier id;

    ck_assert(identifier_check(GOOD, &id, &findings));
    ck_assert_int_eq(id.form, IDENTIFIER_GBT36904);
    ck_assert_str_eq(id.part[PART_ROOT], IDENTIFIER_ROOT);
    ck_assert_str_eq(id.part[PART_TYPE], "11100000000013338W011");
    ck_assert_str_eq(id.part[PART_ISSUER], "11430000006122244L");
    ck_assert_str_eq(id.part[PART_SERIAL], "20230000403");
    ck_assert_str_eq(id.part[PART_VERSION], "001");
    ck_assert_str_eq(id.part[PART_CHECK], "U");
    ck_assert(id.check_is_right);
}
END_TEST

START_TEST(each_single_changed_character_is_refused)
{
    char text[] = GOOD;

    for (size_t i = strlen(IDENTIFIER_ROOT) + 1; text[i]; i++) {
        CLEANUP(findings_clear) struct findings findings = {0};
        struct identifier id;
        char kept = text[i];

        text[i] = kept == '7' ? '8' : '7';
        ck_assert_msg(!identifier_check(text, &id, &findings), "%s", text);
        text[i] = kept;
    }
}
END_TEST

static const struct {
    const char *text, *code;
} bad[] = {
    {"", "IDN002"},
    {".", "IDN002"},
    {"1.2.156.3005.2", "IDN002"},
    {"1.2.156.3005.2.", "IDN001"},
    {"1.2.156.3005.2.A.B.C.D", "IDN001"},
    {"1.2.156.3005.2.A.B.C.D.E.F", "IDN001"},
    {"1.2.156.3006.2.A.B.C.D.E", "IDN002"},
    {GOOD ".", "IDN001"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.000.U", "IDN007"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.1.U", "IDN007"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122244L..001.U", "IDN006"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.2023a.001.U", "IDN006"},
    {"1.2.156.3005.2.11100000000013338W011.1143.2023.001.U", "IDN005"},
    {"1.2.156.3005.2.11100000000013338W0111.11430000006122244L.2023.001.U", "IDN004"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.UU", "IDN201"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.u", "IDN201"},
    {"1.2.156.3005.2.11100000000013338W011.11430000006122245L.20230000403.001.U", "IDN303"},
    {"1.2.156.3005.2.11100000000013338X011.11430000006122244L.20230000403.001.U", "IDN302"},
    {"1.2.156.3003.2.123456789.0000001.01.A", "IDN203"},
};

START_TEST(a_bad_identifier_says_what_is_wrong)
{
    CLEANUP(findings_clear) struct findings findings = {0};
    struct identifier id;

    ck_assert(!identifier_check(bad[_i].text, &id, &findings));
    ck_assert_msg(findings_has(&findings, bad[_i].code), "%s: %s", bad[_i].text,
                  findings.n ? findings.list[0].type->code : "-");
}
END_TEST

START_TEST(a_longer_text_than_any_identifier_is_refused_unread)
{
    CLEANUP(findings_clear) struct findings findings = {0};
    CLEANUP(freep) char *text = mem_zero(5001, 1);
    struct identifier id;

    memset(text, '1', 5000);
    ck_assert(!identifier_check(text, &id, &findings));
    ck_assert(findings_has(&findings, "IDN003"));
}
END_TEST

START_TEST(an_identifier_from_before_the_standard_is_known_with_its_check)
{
    CLEANUP(findings_clear) struct findings findings = {0};
    struct identifier id;

    ck_assert(!identifier_check("1.2.156.3003.2.123456789.0000001.01.A", &id, &findings));
    ck_assert_int_eq(id.form, IDENTIFIER_BEFORE);
    ck_assert_str_eq(id.part[PART_ISSUER], "");
    ck_assert_str_eq(id.part[PART_SERIAL], "0000001");
    ck_assert_int_ne(id.expected, '\0');
}
END_TEST

START_TEST(what_is_minted_passes_the_check)
{
    CLEANUP(findings_clear) struct findings findings = {0};
    CLEANUP(freep) char *text = NULL;
    struct identifier_parts parts = {.type = "11100000MB0143028R001",
                                     .issuer = TRIAL_AGENCY_USCC,
                                     .serial = "91330199MA0TE5T16L",
                                     .version = 2};
    struct err err = ERR_INIT;
    struct identifier id;

    CK_OK(identifier_mint(&parts, &text, &err), &err);
    ck_assert(identifier_check(text, &id, &findings));
    ck_assert_uint_eq(findings.n, 0);
    ck_assert_str_eq(id.part[PART_VERSION], "002");
}
END_TEST

START_TEST(minting_gives_the_published_answer)
{
    CLEANUP(freep) char *text = NULL;
    struct identifier_parts parts = {.type = "11100000000013338W011",
                                     .issuer = "11430000006122244L",
                                     .serial = "20230000403",
                                     .version = 1};
    struct err err = ERR_INIT;

    CK_OK(identifier_mint(&parts, &text, &err), &err);
    ck_assert_str_eq(text, GOOD);
}
END_TEST

static const struct {
    struct identifier_parts parts;
    const char *code;
} unfit[] = {
    {{"11100000MB0143028R", TRIAL_AGENCY_USCC, "1", 1}, "IDN004"},
    {{"11100000MB0143028R00a", TRIAL_AGENCY_USCC, "1", 1}, "IDN004"},
    {{"11100000MB0143028R001", "340100", "1", 1}, "IDN005"},
    {{"11100000MB0143028R001", "11330199MB0TE5T1X7", "1", 1}, "IDN005"},
    {{"11100000MB0143028R001", TRIAL_AGENCY_USCC, "", 1}, "IDN006"},
    {{"11100000MB0143028R001", TRIAL_AGENCY_USCC, "一", 1}, "IDN006"},
    {{"11100000MB0143028R001", TRIAL_AGENCY_USCC,
      "00000000000000000000000000000000000000000000000000000000000000000", 1},
     "IDN006"},
    {{"11100000MB0143028R001", TRIAL_AGENCY_USCC, "1", 0}, "IDN007"},
    {{"11100000MB0143028R001", TRIAL_AGENCY_USCC, "1", 1000}, "IDN007"},
};

START_TEST(a_part_that_is_not_allowed_is_not_minted)
{
    struct err err = ERR_INIT;
    char *text = NULL;

    ck_assert_int_eq(identifier_mint(&unfit[_i].parts, &text, &err), RC_USAGE);
    ck_assert_str_eq(err.finding, unfit[_i].code);
    ck_assert_ptr_null(text);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, every_row_of_the_vectors_is_judged_as_published);
    tcase_add_test(tc, a_good_identifier_is_taken_apart);
    tcase_add_test(tc, each_single_changed_character_is_refused);
    tcase_add_loop_test(tc, a_bad_identifier_says_what_is_wrong, 0, N_OF(bad));
    tcase_add_test(tc, a_longer_text_than_any_identifier_is_refused_unread);
    tcase_add_test(tc, an_identifier_from_before_the_standard_is_known_with_its_check);
    tcase_add_test(tc, what_is_minted_passes_the_check);
    tcase_add_test(tc, minting_gives_the_published_answer);
    tcase_add_loop_test(tc, a_part_that_is_not_allowed_is_not_minted, 0, N_OF(unfit));
}
