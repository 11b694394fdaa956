/* SPDX-License-Identifier: Apache-2.0 */
/* Packages sealed on the spot, each with its tampered twins. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/judge.h"
#include "formats/xmldoc.h"
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

START_TEST(a_sealed_package_passes_under_its_trust)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, "OFD309");
    ck_assert(v.coverage_complete);
    ck_assert_int_eq(v.intact, ANSWER_YES);
    ck_assert_int_eq(v.issuer_trusted, ANSWER_YES);
    ck_assert_uint_eq(v.n_signatures, 1);
    ck_assert_str_eq(v.signatures[0].format, "SES-4");
    ck_assert_int_eq(v.signatures[0].page, 1);
    ck_assert_int_eq(v.signatures[0].box_um[1], 200000);
}
END_TEST

START_TEST(the_same_package_is_undecided_without_trust)
{
    CLEANUP(verification_clear) struct verification v = {0};
    struct trust *nobody = trust_new();

    kit.judge.trust = nobody;
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, "CRT101");
    ck_assert_int_eq(v.intact, ANSWER_YES);
    trust_free(nobody);
}
END_TEST

/* What is done to a sealed package, and what is said of it. */
static const struct {
    const char *name, *text; /* put or changed after sealing */
    enum rc rc;
    const char *code;
} changes[] = {
    {PAGE, "<ofd:Page" KIT_NS "><ofd:Content/></ofd:Page>", RC_NO, "DIG201"},
    {"Doc_0/Res/f.ttf", "no fond", RC_NO, "DIG201"},
    {"Doc_0/evil.xml", "<a/>", RC_UNDECIDED, "DIG103"},
    {"Doc_0/Signs/Sign_0/Seal.esl", "another", RC_NO, "DIG201"},
    {"Doc_0/Signs/Sign_0/SignedValue.dat", "0", RC_NO, "OFD003"},
    {"Doc_0/Signs/Sign_0/Signature.xml", "<ofd:Signature" KIT_NS "/>", RC_NO, "OFD003"},
    {"Doc_0/Signs/Sign_0/Signature.xml", "<!DOCTYPE a><a/>", RC_NO, "XML002"},
    {KIT_LIST, "<ofd:Signatures" KIT_NS "/>", RC_NOTHING, "OFD103"},
    {KIT_LIST,
     "<ofd:Signatures" KIT_NS "><ofd:Signature ID=\"s001\" BaseLoc=\"x.xml\"/></ofd:Signatures>",
     RC_NO, "OFD003"},
    {KIT_LIST,
     "<ofd:Signatures" KIT_NS
     "><ofd:Signature ID=\"s001\" Type=\"Sign\" BaseLoc=\"Sign_0/Signature.xml\"/>"
     "</ofd:Signatures>",
     RC_NO, "OFD201"},
    {KIT_LIST,
     "<ofd:Signatures" KIT_NS
     "><ofd:Signature ID=\"s001\" Relative=\"s009\" BaseLoc=\"Sign_0/Signature.xml\"/>"
     "</ofd:Signatures>",
     RC_NO, "OFD205"},
    {KIT_LIST,
     "<ofd:Signatures" KIT_NS "><ofd:Signature ID=\"s001\" BaseLoc=\"Sign_0/Signature.xml\"/>"
     "<ofd:Signature ID=\"s002\" BaseLoc=\"Sign_0/Signature.xml\"/></ofd:Signatures>",
     RC_NO, "OFD003"},
    {KIT_LIST, "<!DOCTYPE a><a/>", RC_INPUT, "XML002"},
    {KIT_LIST, "not XML", RC_INPUT, "XML001"},
    {"Doc_0/Signs/Sign_7/Signature.xml", "<a/>", RC_UNDECIDED, "OFD103"},
};

START_TEST(a_change_after_sealing_is_found)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_put(&kit, changes[_i].name, changes[_i].text);
    kit_judge(&kit, &v);
    kit_expect(&v, changes[_i].rc, changes[_i].code);
}
END_TEST

START_TEST(a_missing_list_is_no_unsigned_file)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "OFD204");
}
END_TEST

START_TEST(joint_seals_all_stay_valid)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_seal(&kit, true, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, "OFD310");
    ck_assert_uint_eq(v.n_signatures, 2);
}
END_TEST

START_TEST(a_seal_after_the_closing_one_breaks_it)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, true, NULL);
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "DIG205");
    ck_assert_int_eq(v.signatures[0].indication, TOTAL_FAILED);
    ck_assert_int_eq(v.signatures[1].indication, TOTAL_PASSED);
}
END_TEST

START_TEST(a_stripped_second_seal_leaves_a_trace)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_seal(&kit, false, NULL);
    kit_put(&kit, KIT_LIST,
            "<ofd:Signatures" KIT_NS "><ofd:Signature ID=\"s001\" Type=\"Seal\" "
            "BaseLoc=\"Sign_0/Signature.xml\"/></ofd:Signatures>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, "OFD103");
}
END_TEST

START_TEST(known_members_are_taken_only_when_they_are_the_same)
{
    CLEANUP(verification_clear) struct verification same = {0};
    CLEANUP(verification_clear) struct verification other = {0};
    struct packed font, fake;
    const struct ofd_known known[] = {
        {.packed = &font}, {.packed = &kit.packed}, {.packed = &fake}};
    struct err err = ERR_INIT;

    CK_OK(packed_make(span_of("no font"), PACK_FAST, &font, &err), &err);
    CK_OK(packed_make(span_of("no fond"), PACK_FAST, &fake, &err), &err);
    memcpy(fake.sm3, font.sm3, SM3_LEN); /* would hide a change if it were taken for the font */
    fake.crc = font.crc;
    kit.judge.known = known;
    kit.judge.n_known = N_OF(known);
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &same);
    kit_expect(&same, RC_OK, NULL);
    kit.judge.n_known = 2;
    kit_put(&kit, "Doc_0/Res/f.ttf", "no fond");
    kit_judge(&kit, &other);
    kit_expect(&other, RC_NO, "DIG201");
    packed_clear(&font);
    packed_clear(&fake);
}
END_TEST

/* The parsed form is a lie here, so that its use shows. */
START_TEST(known_xml_is_not_parsed_again_where_it_is_the_same)
{
    CLEANUP(verification_clear) struct verification same = {0};
    CLEANUP(verification_clear) struct verification other = {0};
    CLEANUP(xmldoc_freep) struct xmldoc *lie = NULL;
    struct ofd_known known = {.packed = NULL};
    struct err err = ERR_INIT;
    const char *name = "Doc_0/Document.xml";

    CK_OK(xmldoc_parse(span_of("<lie/>"), XML_STRICT, &lie, &err), &err);
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    known.packed = ofd_member_packed(&kit.bundle.members[ofd_bundle_find(&kit.bundle, name)]);
    known.xml = lie;
    kit.judge.known = &known;
    kit.judge.n_known = 1;
    kit_judge(&kit, &same);
    kit_expect(&same, RC_INPUT, "XML004");
    known.packed = ofd_member_packed(&kit.bundle.members[ofd_bundle_find(&kit.bundle, "OFD.xml")]);
    known.xml = NULL;
    kit_judge(&kit, &other);
    kit_expect(&other, RC_OK, NULL);
}
END_TEST

static void *judge_often(void *file)
{
    for (int i = 0; i < 20; i++) {
        CLEANUP(verification_clear) struct verification v = {0};

        ofd_verify(&kit.judge, buf_span(file), &v);
        if (v.rc != RC_OK)
            return file;
    }
    return NULL;
}

START_TEST(threads_share_a_judge)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    struct judge_cache *cache = judge_cache_new();
    pthread_t threads[4];

    kit.judge.cache = cache;
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_write(&kit, &file);
    for (int i = 0; i < N_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, judge_often, &file), 0);
    for (int i = 0; i < N_OF(threads); i++) {
        void *failed;

        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    judge_cache_free(cache);
}
END_TEST

/* A licence of ours: %s are its identifier, the value of its field, and its last day. */
#define IDENTIFIER "1.2.156.3005.2.11000000MB0TE5T951001.11330199MB0TE5T1X6.A1.001.I"
static const char licence_form[] =
    "{\"fields\":{\"日期\":{\"short\":\"RQ\",\"text\":\"%s\",\"value\":\"2026-03-01\"}},"
    "\"identifier\":\"" IDENTIFIER "\",\"made\":\"2026-03-01\",\"metadata\":{\"ZZBS\":"
    "\"" IDENTIFIER "\",\"ZZMC\":\"示例证照\",\"ZZYXQJZRQ\":\"%s\",\"ZZYXQQSRQ\":\"%s\"},"
    "\"origin\":\"issued\",\"replaces\":null,\"schema\":\"ecert.licence/1\",\"seal_places\":[],"
    "\"seals_required\":%d,\"template\":{\"id\":\"t\",\"sm3\":\"0\"},"
    "\"type\":{\"code\":\"11000000MB0TE5T951001\",\"name\":\"示例证照\"}}";

static const struct licence_case {
    const char *text, *from, *until, *custom; /* custom: value of ZZMC in CustomDatas */
    int required;
    bool other_binding, no_binding;
    const char *day;
    enum rc rc;
    const char *code;
} licences[] = {
    {"2026年3月1日", "2026-03-01", "长期", "示例证照", 1, false, false, NULL, RC_OK, "OFD313"},
    {"2026年3月1日", "2026-03-01", "", "示例证照", 1, false, false, NULL, RC_OK, "OFD312"},
    {"2026年3月2日", "2026-03-01", "长期", "示例证照", 1, false, false, NULL, RC_NO, "OFD206"},
    {"2026年3月1日", "2026-03-01", "长期", "别的证照", 1, false, false, NULL, RC_NO, "OFD206"},
    {"2026年3月1日", "2026-03-01", "长期", "示例证照", 2, false, false, NULL, RC_UNDECIDED,
     "OFD104"},
    {"2026年3月1日", "2026-03-01", "长期", "示例证照", 1, true, false, NULL, RC_NO, "OFD208"},
    {"2026年3月1日", "2026-03-01", "长期", "示例证照", 1, false, true, NULL, RC_OK, "OFD311"},
    {"2026年3月1日", "2026-03-01", "2026-06-30", "示例证照", 1, false, false,
     "2026-06-30T15:59:59Z", RC_OK, NULL},
    {"2026年3月1日", "2026-03-01", "2026-06-30", "示例证照", 1, false, false,
     "2026-06-30T16:00:00Z", RC_NO, "TIM292"},
    {"2026年3月1日", "2026-05-01", "长期", "示例证照", 1, false, false, "2026-04-30T15:59:59Z",
     RC_NO, "TIM291"},
    {"2026年3月1日", "2026-05-01", "长期", "示例证照", 1, false, false, "2026-04-30T16:00:00Z",
     RC_OK, NULL},
    {"2026年3月1日", "2026-03-01", "some day", "示例证照", 1, false, false, NULL, RC_UNDECIDED,
     "TIM191"},
};

static void put_custom(const struct licence_case *c, struct buf *out)
{
    const char *pairs[][2] = {{"ZZBS", IDENTIFIER},
                              {"ZZMC", c->custom},
                              {"ZZYXQQSRQ", c->from},
                              {"ZZYXQJZRQ", c->until},
                              {"KZ_RQ", "2026-03-01"}};
    struct err err = ERR_INIT;

    for (int i = 0; i < N_OF(pairs); i++)
        CK_OK(buf_addf(out, &err, "<ofd:CustomData Name=\"%s\">%s</ofd:CustomData>", pairs[i][0],
                       pairs[i][1]),
              &err);
}

static void put_licence(const struct licence_case *c, unsigned char binding[SM3_LEN])
{
    CLEANUP(buf_clear) struct buf json = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf custom = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf digests = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf salts = BUF_INIT(KIT_LIMIT);
    CLEANUP(licence_freep) struct licence *licence = NULL;
    struct err err = ERR_INIT;

    CK_OK(buf_addf(&json, &err, licence_form, c->text, c->until, c->from, c->required), &err);
    CK_OK(licence_parse(buf_span(&json), &licence, &err), &err);
    CK_OK(licence_digests(licence, NULL, &digests, &salts, &err), &err);
    put_custom(c, &custom);
    kit_document(&kit, custom.data);
    kit_put(&kit, "Doc_0/Attachs/licence.json", json.data);
    kit_put(&kit, "Doc_0/Attachs/digests.json", digests.data);
    kit_put(&kit, "Doc_0/Attachs/salts.json", salts.data);
    sm3(buf_span(&digests), binding);
}

START_TEST(a_licence_of_ours_must_agree_with_itself)
{
    const struct licence_case *c = &licences[_i];
    CLEANUP(verification_clear) struct verification v = {0};
    unsigned char binding[SM3_LEN];
    struct err err = ERR_INIT;

    put_licence(c, binding);
    binding[0] ^= c->other_binding;
    if (c->day)
        CK_OK(instant_parse(c->day, &kit.judge.now, &err), &err);
    kit_seal(&kit, false, c->no_binding ? NULL : binding);
    kit_judge(&kit, &v);
    kit_expect(&v, c->rc, c->code);
    ck_assert_str_eq(v.identifier, IDENTIFIER);
    ck_assert_str_eq(v.type_name, "示例证照");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_kit, close_kit);
    tcase_add_test(tc, a_sealed_package_passes_under_its_trust);
    tcase_add_test(tc, the_same_package_is_undecided_without_trust);
    tcase_add_loop_test(tc, a_change_after_sealing_is_found, 0, N_OF(changes));
    tcase_add_test(tc, a_missing_list_is_no_unsigned_file);
    tcase_add_test(tc, joint_seals_all_stay_valid);
    tcase_add_test(tc, a_seal_after_the_closing_one_breaks_it);
    tcase_add_test(tc, a_stripped_second_seal_leaves_a_trace);
    tcase_add_test(tc, known_members_are_taken_only_when_they_are_the_same);
    tcase_add_test(tc, known_xml_is_not_parsed_again_where_it_is_the_same);
    tcase_add_test(tc, threads_share_a_judge);
    tcase_add_loop_test(tc, a_licence_of_ours_must_agree_with_itself, 0, N_OF(licences));
}
