/* SPDX-License-Identifier: Apache-2.0 */
/* What each seal covers, what came after it, and whether the list says what the folders hold. */
#include <string.h>

#include "tests/unit/ofdkit.h"

static struct kit kit;

static void open_kit(void)
{
    kit_open(&kit);
}

static void close_kit(void)
{
    kit_close(&kit);
}

#define PAGE "Doc_0/Pages/Page_0/Content.xml"

static unsigned sum(const unsigned *counts)
{
    unsigned n = 0;

    for (int kind = 0; kind < KINDS; kind++)
        n += counts[kind];
    return n;
}

START_TEST(one_seal_covers_each_part_by_its_kind)
{
    CLEANUP(verification_clear) struct verification v = {0};
    const struct coverage *c;

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, NULL);
    c = &v.signatures[0].coverage;
    ck_assert_uint_eq(c->covers[KIND_PAGE], 1);
    ck_assert_uint_eq(c->covers[KIND_RESOURCE], 2);
    ck_assert_uint_eq(c->covers[KIND_INDEX], 2);
    ck_assert_uint_eq(c->covers[KIND_ATTACHMENT], 4);
    ck_assert_uint_eq(c->covers[KIND_DOCUMENT], 1);
    ck_assert_uint_eq(c->covers[KIND_ROOT], 1);
    ck_assert_uint_eq(c->covers[KIND_SIGNATURE], 1); /* its Seal.esl */
    ck_assert_uint_eq(c->covers[KIND_LIST], 0);
    ck_assert_uint_eq(sum(c->changed) + sum(c->added) + sum(c->left_out) + sum(c->open), 0);
    ck_assert_uint_eq(v.n_unreferenced, 0);
}
END_TEST

START_TEST(what_came_after_the_first_seal_is_told_by_kind_and_by_whom)
{
    CLEANUP(verification_clear) struct verification v = {0};
    const struct coverage *c;

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_put(&kit, "Doc_0/evil.xml", "<a/>");
    kit_seal(&kit, false, NULL);
    kit_put(&kit, "Doc_0/later.xml", "<a/>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, "DIG103");
    c = &v.signatures[0].coverage;
    ck_assert_uint_eq(c->added[KIND_SIGNATURE], 3);
    ck_assert_uint_eq(c->added[KIND_UNREFERENCED], 1);
    ck_assert_uint_eq(c->open[KIND_UNREFERENCED], 1);
    ck_assert_uint_eq(c->n_parts, 5);
    for (size_t i = 0; i < c->n_parts; i++) {
        bool later = strcmp(c->parts[i].name, "Doc_0/later.xml") == 0;

        ck_assert(later == !c->parts[i].by);
        if (!later)
            ck_assert_str_eq(c->parts[i].by, v.signatures[1].id);
    }
    c = &v.signatures[1].coverage;
    ck_assert_uint_eq(sum(c->added), 0);
    ck_assert_uint_eq(sum(c->open), 1);
    ck_assert_uint_eq(v.n_unreferenced, 2);
}
END_TEST

/* The order of the list is covered by nobody: it cannot make the first seal the last. */
START_TEST(the_order_of_seals_is_told_by_what_they_cover)
{
    CLEANUP(verification_clear) struct verification v = {0};
    CLEANUP(buf_clear) struct buf list = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_seal(&kit, false, NULL);
    CK_OK(buf_addf(&list, &err,
                   "<ofd:Signatures" KIT_NS "><ofd:MaxSignId>s009</ofd:MaxSignId>"
                   "<ofd:Signature ID=\"%s\" Type=\"Seal\" BaseLoc=\"%s\"/>"
                   "<ofd:Signature ID=\"%s\" Type=\"Seal\" BaseLoc=\"%s\"/></ofd:Signatures>",
                   kit.ids[1], kit.locs[1], kit.ids[0], kit.locs[0]),
          &err);
    kit_put(&kit, KIT_LIST, list.data);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, NULL);
    ck_assert_uint_eq(sum(v.signatures[0].coverage.added), 0);
    ck_assert_uint_eq(sum(v.signatures[1].coverage.added), 3);
}
END_TEST

static bool says_kind(const struct verification *v, const char *name, const char *kind)
{
    for (size_t i = 0; i < v->findings.n; i++) {
        const struct finding *finding = &v->findings.list[i];

        if (strcmp(finding->type->code, "DIG101") == 0 && strcmp(finding->where.part, name) == 0)
            return strcmp(finding->params[1].value, kind) == 0;
    }
    return false;
}

START_TEST(a_seal_that_covers_no_page_fails_and_says_so)
{
    CLEANUP(verification_clear) struct verification v = {0};
    const struct signature_report *report;

    kit_put(&kit, "Doc_0/none.xml", "<a/>");
    kit_seal(&kit, false, NULL);
    kit_document(&kit, "");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "SIG207");
    report = &v.signatures[0];
    ck_assert_int_eq(report->indication, TOTAL_FAILED);
    ck_assert_int_eq(report->sub, SUB_FORMAT_FAILURE);
    ck_assert(says_kind(&v, PAGE, "page"));
    ck_assert(says_kind(&v, "Doc_0/Res/f.ttf", "resource"));
    ck_assert(says_kind(&v, "Doc_0/Tags/tag.xml", "index"));
    ck_assert(says_kind(&v, "Doc_0/Attachs/licence.json", "attachment"));
    ck_assert(!says_kind(&v, "Doc_0/Attachs/licence.json", "page"));
}
END_TEST

#define SEALED "<ofd:Signature ID=\"s001\" Type=\"Seal\" BaseLoc=\"Sign_0/Signature.xml\"/>"
#define LIST(text) "<ofd:Signatures" KIT_NS ">" text "</ofd:Signatures>"

/* Two seals, and what the list makes of them. */
static const struct {
    const char *list;
    enum rc rc;
    const char *code; /* NULL: nothing is wrong with it */
} lists[] = {
    {LIST("<ofd:MaxSignId>s004</ofd:MaxSignId>" SEALED
          "<ofd:Signature ID=\"s003\" Type=\"Seal\" BaseLoc=\"Sign_1/Signature.xml\"/>"),
     RC_OK, NULL},
    {LIST("<ofd:MaxSignId>s003</ofd:MaxSignId>" SEALED
          "<ofd:Signature ID=\"s003\" Type=\"Seal\" BaseLoc=\"Sign_1/Signature.xml\"/>"),
     RC_OK, "OFD316"},
    {LIST("<ofd:MaxSignId>s001</ofd:MaxSignId>" SEALED
          "<ofd:Signature ID=\"s001\" Type=\"Seal\" BaseLoc=\"Sign_1/Signature.xml\"/>"),
     RC_NO, "OFD212"},
    {LIST(SEALED "<ofd:Signature Type=\"Seal\" BaseLoc=\"Sign_1/Signature.xml\"/>"), RC_OK,
     "OFD317"},
    {LIST(SEALED "<ofd:Signature ID=\"s003\" Type=\"Stamp\" BaseLoc=\"Sign_1/Signature.xml\"/>"),
     RC_NO, "OFD201"},
    {LIST(SEALED "<ofd:Signature ID=\"s003\" Type=\"Seal\" BaseLoc=\"Sign_2/Signature.xml\"/>"),
     RC_NO, "OFD003"},
    {LIST(SEALED "<ofd:Signature ID=\"s003\" Type=\"Seal\" "
                 "BaseLoc=\"/Doc_0/Signs/./Sign_0/Signature.xml\"/>"),
     RC_NO, "OFD003"},
    {LIST(SEALED), RC_UNDECIDED, "OFD103"},
};

START_TEST(the_list_says_exactly_what_the_folders_hold)
{
    static const char *const codes[] = {"OFD316", "OFD212", "OFD317", "OFD201", "OFD003", "OFD103"};
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_seal(&kit, false, NULL);
    kit_put(&kit, KIT_LIST, lists[_i].list);
    kit_judge(&kit, &v);
    kit_expect(&v, lists[_i].rc, lists[_i].code);
    for (size_t i = 0; i < N_OF(codes); i++) {
        if (!lists[_i].code)
            ck_assert_msg(!findings_has(&v.findings, codes[i]), "%s", codes[i]);
    }
}
END_TEST

/* Whatever it is called in there: a folder named like a signature's that nobody lists. */
START_TEST(a_sign_folder_that_is_not_listed_is_named)
{
    static const struct {
        const char *name;
        const char *code;
    } members[] = {
        {"Doc_0/Signs/Sign_9/Seal.esl", "OFD103"},
        {"Doc_0/Signs/sign9/x.dat", "OFD103"},
        {"Doc_0/Other/SignedValue.dat", "OFD103"},
        {"Doc_0/Signs/Sign_0/x.dat", "DIG103"},
    };
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_put(&kit, members[_i].name, "x");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, members[_i].code);
    ck_assert_uint_eq(v.n_unreferenced, 1);
}
END_TEST

void unit_suite(TCase *t)
{
    tcase_add_checked_fixture(t, open_kit, close_kit);
    tcase_add_test(t, one_seal_covers_each_part_by_its_kind);
    tcase_add_test(t, what_came_after_the_first_seal_is_told_by_kind_and_by_whom);
    tcase_add_test(t, the_order_of_seals_is_told_by_what_they_cover);
    tcase_add_test(t, a_seal_that_covers_no_page_fails_and_says_so);
    tcase_add_loop_test(t, the_list_says_exactly_what_the_folders_hold, 0, N_OF(lists));
    tcase_add_loop_test(t, a_sign_folder_that_is_not_listed_is_named, 0, 4);
}
