/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/cleanup.h"
#include "core/model/verification.h"
#include "tests/unit/unit.h"

static const struct {
    struct {
        enum step_result result;
        enum sub_indication sub;
    } steps[3];
    enum indication want;
    enum sub_indication sub;
} steps[] = {
    {{{STEP_PASSED, SUB_NONE}}, TOTAL_PASSED, SUB_NONE},
    {{{STEP_NOT_RUN, SUB_NO_POE}}, TOTAL_PASSED, SUB_NONE},
    {{{STEP_UNKNOWN, SUB_NONE}}, TOTAL_PASSED, SUB_NONE},
    {{{STEP_UNKNOWN, SUB_NO_POE}}, INDETERMINATE, SUB_NO_POE},
    {{{STEP_UNKNOWN, SUB_TRY_LATER}, {STEP_UNKNOWN, SUB_NO_POE}}, INDETERMINATE, SUB_TRY_LATER},
    {{{STEP_UNKNOWN, SUB_NO_POE}, {STEP_FAILED, SUB_EXPIRED}}, TOTAL_FAILED, SUB_EXPIRED},
    {{{STEP_FAILED, SUB_HASH_FAILURE}, {STEP_UNKNOWN, SUB_NO_POE}, {STEP_FAILED, SUB_EXPIRED}},
     TOTAL_FAILED,
     SUB_HASH_FAILURE},
};

START_TEST(the_first_of_the_worst_steps_names_the_indication)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct signature_report *s = verification_add_signature(&v);

    for (int i = 0; i < 3; i++)
        signature_step(s, "format", steps[_i].steps[i].result, -1, steps[_i].steps[i].sub);
    ck_assert_int_eq(s->indication, steps[_i].want);
    ck_assert_int_eq(s->sub, steps[_i].sub);
    ck_assert_uint_eq(s->n_steps, 3);
}
END_TEST

enum { NO_SIGNATURE = -1 };

/* cli.md section 6; `a` and `b` are indications of up to two signatures. */
static const struct {
    int a, b;
    struct verdict_facts facts;
    enum verdict verdict;
    enum rc rc;
} verdicts[] = {
    {TOTAL_PASSED, NO_SIGNATURE, {.unreadable = RC_OK}, VERDICT_PASSED, RC_OK},
    {TOTAL_PASSED, TOTAL_PASSED, {.unreadable = RC_OK}, VERDICT_PASSED, RC_OK},
    {TOTAL_PASSED, INDETERMINATE, {.unreadable = RC_OK}, VERDICT_INDETERMINATE, RC_UNDECIDED},
    {INDETERMINATE, TOTAL_FAILED, {.unreadable = RC_OK}, VERDICT_FAILED, RC_NO},
    {TOTAL_FAILED, INDETERMINATE, {.unreadable = RC_OK}, VERDICT_FAILED, RC_NO},
    {TOTAL_PASSED, NO_SIGNATURE, {.undecided = true}, VERDICT_INDETERMINATE, RC_UNDECIDED},
    {TOTAL_PASSED, NO_SIGNATURE, {.structure_failed = true}, VERDICT_FAILED, RC_NO},
    {TOTAL_PASSED, NO_SIGNATURE, {.licence_not_in_force = true}, VERDICT_FAILED, RC_NO},
    {TOTAL_PASSED, NO_SIGNATURE, {.face_disagrees = true}, VERDICT_FAILED, RC_NO},
    {INDETERMINATE, NO_SIGNATURE, {.licence_not_in_force = true}, VERDICT_FAILED, RC_NO},
    {NO_SIGNATURE, NO_SIGNATURE, {.unreadable = RC_OK}, VERDICT_UNSIGNED, RC_NOTHING},
    {NO_SIGNATURE, NO_SIGNATURE, {.undecided = true}, VERDICT_UNSIGNED, RC_NOTHING},
    {NO_SIGNATURE, NO_SIGNATURE, {.structure_failed = true}, VERDICT_FAILED, RC_NO},
    {NO_SIGNATURE, NO_SIGNATURE, {.licence_not_in_force = true}, VERDICT_FAILED, RC_NO},
    {NO_SIGNATURE, NO_SIGNATURE, {.unreadable = RC_INPUT}, VERDICT_ERROR, RC_INPUT},
    {TOTAL_FAILED, NO_SIGNATURE, {.unreadable = RC_SYSTEM}, VERDICT_ERROR, RC_SYSTEM},
};

START_TEST(the_worst_decides_the_verdict_of_a_file)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    if (verdicts[_i].a != NO_SIGNATURE)
        verification_add_signature(&v)->indication = (enum indication)verdicts[_i].a;
    if (verdicts[_i].b != NO_SIGNATURE)
        verification_add_signature(&v)->indication = (enum indication)verdicts[_i].b;
    verification_conclude(&v, &verdicts[_i].facts);
    ck_assert_int_eq(v.verdict, verdicts[_i].verdict);
    ck_assert_int_eq(v.rc, verdicts[_i].rc);
}
END_TEST

START_TEST(every_name_is_there)
{
    for (int i = 0; i <= INDETERMINATE; i++)
        ck_assert(*indication_name((enum indication)i));
    for (int i = SUB_FORMAT_FAILURE; i <= SUB_SIGNED_DATA_NOT_FOUND; i++)
        ck_assert(*sub_indication_name((enum sub_indication)i));
    ck_assert_str_eq(sub_indication_name(SUB_NONE), "");
    for (int i = 0; i <= VERDICT_ERROR; i++)
        ck_assert(*verdict_name((enum verdict)i));
}
END_TEST

START_TEST(names_of_members_are_copied_and_kept_in_order)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    char name[] = "m0";

    for (int i = 0; i < 9; i++) {
        name[1] = (char)('0' + i);
        verification_add_uncovered(&v, name);
        verification_add_changed_after(&v, name);
    }
    ck_assert_uint_eq(v.n_uncovered, 9);
    ck_assert_str_eq(v.uncovered[3], "m3");
    ck_assert_str_eq(v.changed_after[8], "m8");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, the_first_of_the_worst_steps_names_the_indication, 0, N_OF(steps));
    tcase_add_loop_test(tc, the_worst_decides_the_verdict_of_a_file, 0, N_OF(verdicts));
    tcase_add_test(tc, every_name_is_there);
    tcase_add_test(tc, names_of_members_are_copied_and_kept_in_order);
}
