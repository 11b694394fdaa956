/* SPDX-License-Identifier: Apache-2.0 */
/* What a forger would try: packages that say one thing to us and another to a reader, or nothing
 * for a very long time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "tests/unit/ofdkit.h"

#define PAGE "Doc_0/Pages/Page_0/Content.xml"
#define BIG ((size_t)64 << 20)

static struct kit kit;

static void open_kit(void)
{
    kit_open(&kit);
}

static void close_kit(void)
{
    kit_close(&kit);
}

/* head, n times item (with its number), tail as a member. */
static void put_many(const char *name, const char *head, const char *item, int n, const char *tail)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(BIG);
    struct err err = ERR_INIT;
    enum rc rc = RC_OK;

    CK_OK(buf_puts(&text, head, &err), &err);
    for (int i = 0; i < n && rc == RC_OK; i++)
        rc = buf_addf(&text, &err, item, i + 1); /* each CK_OK would write to a pipe */
    CK_OK(buf_puts(&text, tail, &err), &err);
    kit_put(&kit, name, text.data);
}

/* Each of these took minutes or gigabytes once; Check stops a test after seconds. */
START_TEST(a_short_part_linked_often_costs_its_due)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    put_many(PAGE, "<ofd:Page" KIT_NS ">", "<ofd:PageRes>r.xml</ofd:PageRes>", 300000,
             "</ofd:Page>");
    kit_put(&kit, "Doc_0/Pages/Page_0/r.xml", "<Res/>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_INPUT, "XML003");
    ck_assert_uint_lt(v.findings.n, 10);
}
END_TEST

START_TEST(a_page_shown_often_does_not_fill_the_memory)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    put_many("Doc_0/Document.xml", "<ofd:Document" KIT_NS "><ofd:Pages>",
             "<ofd:Page ID=\"%d\" BaseLoc=\"Pages/Page_0/Content.xml\"/>", 9999,
             "</ofd:Pages></ofd:Document>");
    put_many(PAGE, "<ofd:Page" KIT_NS "><ofd:Content><ofd:Layer>", "<TextObject/>", 900,
             "</ofd:Layer></ofd:Content></ofd:Page>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_INPUT, "XML003");
}
END_TEST

START_TEST(a_text_tagged_often_is_not_copied_often)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    put_many(
        PAGE, "<ofd:Page" KIT_NS "><ofd:Content><ofd:Layer><ofd:TextObject ID=\"4\"><ofd:TextCode>",
        "%09d.", 300000, "</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>");
    put_many("Doc_0/Tags/tag.xml", "<t>", "<a%1$d><ObjectRef PageRef=\"1\">4</ObjectRef></a%1$d>",
             1000, "</t>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "OFD308");
}
END_TEST

START_TEST(templates_under_a_page_are_looked_up_quickly)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    put_many("Doc_0/Document.xml", "<ofd:Document" KIT_NS "><ofd:CommonData>",
             "<ofd:TemplatePage ID=\"%d\" BaseLoc=\"\"/>", 30000,
             "</ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/>"
             "</ofd:Pages><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>");
    put_many(PAGE, "<ofd:Page" KIT_NS ">", "<ofd:Template TemplateID=\"99999\"/>", 30000,
             "</ofd:Page>");
    put_many("Doc_0/Tags/tag.xml", "<t>", "<a><ObjectRef PageRef=\"1\">7</ObjectRef></a>", 6000,
             "</t>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "OFD305");
}
END_TEST

START_TEST(a_package_that_unpacks_to_too_much_is_refused)
{
    CLEANUP(verification_clear) struct verification v = {0};
    CLEANUP(buf_clear) struct buf zeros = BUF_INIT(BIG);
    struct err err = ERR_INIT;
    unsigned char *piece = calloc(1, 16 << 20);

    CK_OK(buf_add(&zeros, piece, 16 << 20, &err), &err);
    free(piece);
    kit_document(&kit, "");
    for (int i = 0; i < 30; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "Doc_0/b%d", i);
        CK_OK(ofd_bundle_put(&kit.bundle, name, buf_span(&zeros), PACK_FAST, &err), &err);
    }
    kit_judge(&kit, &v);
    kit_expect(&v, RC_INPUT, NULL);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_kit, close_kit);
    tcase_set_timeout(tc, 20); /* under a sanitizer on a busy machine */
    tcase_add_test(tc, a_short_part_linked_often_costs_its_due);
    tcase_add_test(tc, a_page_shown_often_does_not_fill_the_memory);
    tcase_add_test(tc, a_text_tagged_often_is_not_copied_often);
    tcase_add_test(tc, templates_under_a_page_are_looked_up_quickly);
    tcase_add_test(tc, a_package_that_unpacks_to_too_much_is_refused);
}
