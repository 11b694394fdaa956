/* SPDX-License-Identifier: Apache-2.0 */
/* --content: what a licence says in one place and shows in another, all of it under a good seal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "core/model/report.h"
#include "tests/unit/ofdkit.h"

#define PAGE "Doc_0/Pages/Page_0/Content.xml"
#define TAG "Doc_0/Tags/tag.xml"
#define IDENTIFIER "1.2.156.3005.2.11000000MB0TE5T951001.11330199MB0TE5T1X6.A1.001.I"
#define CUSTOM(name, value) "<ofd:CustomData Name=\"" name "\">" value "</ofd:CustomData>"
#define TEXT(id, y, text)                                                             \
    "<ofd:TextObject ID=\"" id "\" Boundary=\"60 " y " 50 5\" Font=\"2\" Size=\"4\">" \
    "<ofd:TextCode X=\"0\" Y=\"4\">" text "</ofd:TextCode></ofd:TextObject>"
#define REF(id) "<ObjectRef PageRef=\"1\">" id "</ObjectRef>"
#define IMAGE(id, resource) \
    "<ofd:ImageObject ID=\"" id "\" Boundary=\"10 100 20 20\" ResourceID=\"" resource "\"/>"
#define DAY TEXT("4", "10", "2026年3月1日")
#define HOLDER TEXT("5", "20", "张三丰")
#define PHOTO IMAGE("6", "70")
#define BODY DAY HOLDER PHOTO

static struct kit kit;
static struct template *form;

static const char yaml[] =
    "template: ecert.template/1\nid: t\ntype: {name: 示例证照, code: 11000000MB0TE5T951001, "
    "definer: {name: 甲, uscc: 11000000MB0TE5T951}}\nfields:\n"
    "  - {name: 号, short: H, role: number}\n  - {name: 主体, short: ZT, role: holder}\n"
    "  - {name: 机关, short: JG, role: issuer}\n"
    "  - {name: 代码, short: DM, type: uscc, role: issuer-code}\n"
    "  - {name: 起, short: Q, type: date, role: valid-from}\n"
    "  - {name: 止, short: Z, type: date-or-open, role: valid-until}\n"
    "  - {name: 日期, short: RQ, type: date, date_form: arabic}\nfaces:\n  - id: 正本\n    pages:\n"
    "      - size_mm: [210, 297]\n        texts:\n"
    "          - {label: 示例 证照, box_mm: [1, 1, 9, 9], font: song, size_mm: 4}\n"
    "          - {label: 日期, box_mm: [1, 9, 9, 9], font: song, size_mm: 4}\n"
    "          - {field: 日期, box_mm: [60, 10, 50, 5], font: song, size_mm: 4}\n";

static void open_kit(void)
{
    struct err err = ERR_INIT;

    kit_open(&kit);
    CK_OK(template_parse(span_of(yaml), ".", &form, &err), &err);
    kit.judge.content = true;
}

static void close_kit(void)
{
    template_free(form);
    kit_close(&kit);
}

/* What differs from a licence that agrees in all; NULL: nothing. */
struct forgery {
    const char *day, *holder;       /* texts in licence.json */
    const char *page, *tags, *form; /* objects of the page, the tag file, labels under it */
    const char *photo;              /* the picture file */
};

static void put_document(const char *form_objects)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;

    kit_put(&kit, "Doc_0/Document.xml",
            "<ofd:Document" KIT_NS "><ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:TemplatePage ID=\"50\" BaseLoc=\"form.xml\"/><ofd:MaxUnitID>99</ofd:MaxUnitID>"
            "</ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/>"
            "</ofd:Pages><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
            "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>");
    kit_put(&kit, "Doc_0/PublicRes.xml",
            "<ofd:Res" KIT_NS " BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"2\" FontName=\"宋体\">"
            "<ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts><ofd:MultiMedias>"
            "<ofd:MultiMedia ID=\"70\"><ofd:MediaFile>photo.jpg</ofd:MediaFile></ofd:MultiMedia>"
            "</ofd:MultiMedias></ofd:Res>");
    CK_OK(buf_addf(&xml, &err,
                   "<ofd:Page" KIT_NS "><ofd:Content><ofd:Layer ID=\"51\">%s</ofd:Layer>"
                   "</ofd:Content></ofd:Page>",
                   form_objects),
          &err);
    kit_put(&kit, "Doc_0/form.xml", xml.data);
}

static void put_page(const char *objects)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;

    CK_OK(buf_addf(&xml, &err,
                   "<ofd:Page" KIT_NS "><ofd:Template TemplateID=\"50\"/><ofd:Content>"
                   "<ofd:Layer ID=\"3\">%s</ofd:Layer></ofd:Content></ofd:Page>",
                   objects),
          &err);
    kit_put(&kit, PAGE, xml.data);
}

static void put_json(const struct forgery *f, struct buf *digests)
{
    CLEANUP(buf_clear) struct buf json = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf salts = BUF_INIT(KIT_LIMIT);
    CLEANUP(licence_freep) struct licence *licence = NULL;
    char photo[2 * SM3_LEN + 1], template_sm3[2 * SM3_LEN + 1];
    struct err err = ERR_INIT;

    sm3_hex(span_of("\xff\xd8\xff photo"), photo);
    hex_encode(form->sm3, SM3_LEN, template_sm3);
    CK_OK(buf_addf(&json, &err,
                   "{\"fields\":{\"姓名\":{\"short\":\"XM\",\"text\":\"%s\",\"value\":\"张三丰\"},"
                   "\"日期\":{\"short\":\"RQ\",\"text\":\"%s\",\"value\":\"2026-03-01\"},"
                   "\"照片\":{\"short\":\"ZP\",\"text\":\"\",\"value\":\"%s\"}},"
                   "\"identifier\":\"" IDENTIFIER "\",\"made\":\"2026-03-01\",\"metadata\":{"
                   "\"ZZBFJG\":\"测试机关\",\"ZZBS\":\"" IDENTIFIER "\",\"ZZMC\":\"示例证照\","
                   "\"ZZYXQJZRQ\":\"长期\"},\"origin\":\"issued\",\"replaces\":null,"
                   "\"schema\":\"ecert.licence/1\",\"seal_places\":[],\"seals_required\":1,"
                   "\"template\":{\"id\":\"t\",\"sm3\":\"%s\"},\"type\":{\"code\":"
                   "\"11000000MB0TE5T951001\",\"name\":\"示例证照\"}}",
                   f->holder ? f->holder : "张三丰", f->day ? f->day : "2026年3月1日", photo,
                   template_sm3),
          &err);
    CK_OK(licence_parse(buf_span(&json), &licence, &err), &err);
    CK_OK(licence_digests(licence, NULL, digests, &salts, &err), &err);
    kit_put(&kit, "Doc_0/Attachs/licence.json", json.data);
    kit_put(&kit, "Doc_0/Attachs/digests.json", digests->data);
    kit_put(&kit, "Doc_0/Attachs/salts.json", salts.data);
}

static void forge(const struct forgery *f, struct verification *out)
{
    CLEANUP(buf_clear) struct buf custom = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf digests = BUF_INIT(KIT_LIMIT);
    char photo[2 * SM3_LEN + 1];
    unsigned char binding[SM3_LEN];
    struct err err = ERR_INIT;

    sm3_hex(span_of("\xff\xd8\xff photo"), photo);
    CK_OK(buf_addf(&custom, &err,
                   CUSTOM("ZZBS", IDENTIFIER) CUSTOM("ZZMC", "示例证照")
                       CUSTOM("ZZBFJG", "测试机关") CUSTOM("ZZYXQJZRQ", "长期") CUSTOM(
                           "KZ_RQ", "2026-03-01") CUSTOM("KZ_XM", "张三丰") CUSTOM("KZ_ZP", "%s"),
                   photo),
          &err);
    kit_document(&kit, custom.data);
    put_document(f->form ? f->form : TEXT("52", "1", "示例 证照") TEXT("53", "5", "日期"));
    put_page(f->page ? f->page : BODY);
    kit_put(&kit, TAG,
            f->tags ? f->tags
                    : "<t><日期>" REF("4") "</日期><姓名>" REF("5") "</姓名><照片>" REF(
                          "6") "</照片></t>");
    kit_put(&kit, "Doc_0/Res/photo.jpg", f->photo ? f->photo : "\xff\xd8\xff photo");
    put_json(f, &digests);
    sm3(buf_span(&digests), binding);
    kit_seal(&kit, true, binding);
    kit_judge(&kit, out);
}

static const struct {
    struct forgery forgery;
    enum rc rc;
    const char *code; /* NULL: none of those of --content */
} forgeries[] = {
    {{NULL}, RC_OK, NULL},
    /* one value, another printed form */
    {{.day = "2026年3月2日", .page = TEXT("4", "10", "2026年3月2日") HOLDER PHOTO},
     RC_NO,
     "OFD232"},
    {{.holder = "李四", .page = DAY TEXT("5", "20", "李四") PHOTO}, RC_NO, "OFD232"},
    {{.day = "二〇二六年三月一日", .page = TEXT("4", "10", "二〇二六年三月一日") HOLDER PHOTO},
     RC_OK,
     NULL},
    /* the face says another name than the data */
    {{.page = DAY TEXT("5", "20", "李四") PHOTO}, RC_NO, "OFD206"},
    /* twice in the index */
    {{.tags = "<t><日期>" REF("4") "</日期><姓名>" REF("5") "</姓名><姓名>" REF(
          "5") "</姓名><照片>" REF("6") "</照片></t>"},
     RC_NO,
     "OFD231"},
    /* another photo */
    {{.photo = "\xff\xd8\xff other"}, RC_NO, "OFD233"},
    /* something drawn that is of no field */
    {{.page = BODY IMAGE("7", "70")}, RC_NO, "OFD234"},
    {{.page = BODY "<ofd:PathObject ID=\"7\" Boundary=\"0 0 9 9\"><ofd:AbbreviatedData>M 0 0 L 9 "
                   "9</ofd:AbbreviatedData></ofd:PathObject>"},
     RC_NO,
     "OFD234"},
    {{.page = BODY "<ofd:PageBlock><ofd:CompositeObject ID=\"7\" Boundary=\"0 0 9 9\"/>"
                   "</ofd:PageBlock>"},
     RC_NO,
     "OFD234"},
    /* the form under it */
    {{.form = TEXT("52", "1", "示例证照") TEXT("53", "5", "日期") TEXT("54", "9", "全国通用")},
     RC_NO,
     "OFD235"},
    {{.form = TEXT("52", "1", "示例证照")}, RC_NO, "OFD236"},
    {{.form = TEXT("53", "5", "日期") TEXT("52", "1", "示例证照")}, RC_NO, "OFD236"},
    {{.form = TEXT("52", "1", "示例") TEXT("53", "5", "证照日期")}, RC_OK, NULL},
    /* a line over the name, of no field besides */
    {{.page = BODY "<ofd:PathObject ID=\"7\" Boundary=\"50 15 90 20\" Fill=\"true\"><ofd:FillColor "
                   "Value=\"255 255 255\"/><ofd:AbbreviatedData>M 0 0 L 90 0 L 90 20 L 0 20 C"
                   "</ofd:AbbreviatedData></ofd:PathObject>"},
     RC_NO,
     "LAY301"},
};

static bool is_of_content(const char *code)
{
    return strncmp(code, "LAY3", 4) == 0 || (strncmp(code, "OFD23", 5) == 0 && code[5] >= '1') ||
           strncmp(code, "OFD33", 5) == 0 || strcmp(code, "OFD206") == 0;
}

START_TEST(a_forged_licence_is_found_out)
{
    const struct template *const at_hand[] = {form};
    CLEANUP(verification_clear) struct verification v = {0};

    kit.judge.templates = at_hand;
    kit.judge.n_templates = 1;
    forge(&forgeries[_i].forgery, &v);
    kit_expect(&v, forgeries[_i].rc, forgeries[_i].code);
    ck_assert_int_eq(v.face_agrees, forgeries[_i].rc == RC_OK ? ANSWER_YES : ANSWER_NO);
    for (size_t i = 0; !forgeries[_i].code && i < v.findings.n; i++)
        ck_assert_msg(!is_of_content(v.findings.list[i].type->code), "%s", v.findings.list[i].en);
}
END_TEST

START_TEST(a_form_whose_template_is_not_at_hand_is_not_compared)
{
    CLEANUP(verification_clear) struct verification v = {0};

    forge(&(struct forgery){.form = TEXT("52", "1", "全国通用")}, &v);
    kit_expect(&v, RC_OK, "OFD331");
    ck_assert(!findings_has(&v.findings, "OFD235"));
}
END_TEST

START_TEST(names_that_differ_are_masked_in_reports)
{
    CLEANUP(verification_clear) struct verification v = {0};
    CLEANUP(freep) char *masked = NULL;
    CLEANUP(freep) char *open = NULL;

    forge(&(struct forgery){.page = DAY TEXT("5", "20", "李四") PHOTO}, &v);
    for (size_t i = 0; i < v.findings.n && !masked; i++) {
        if (strcmp(v.findings.list[i].type->code, "OFD206") != 0)
            continue;
        masked = report_text(v.findings.list[i].zh, &v, false);
        open = report_text(v.findings.list[i].zh, &v, true);
    }
    ck_assert_ptr_nonnull(masked);
    ck_assert_msg(strstr(masked, "李*") && strstr(masked, "张**"), "%s", masked);
    ck_assert_ptr_null(strstr(masked, "李四"));
    ck_assert_ptr_nonnull(strstr(open, "李四"));
}
END_TEST

#define TAGGED(name) "<t><" name ">" REF("4") "</" name "></t>"
#define FACE(text) TEXT("4", "10", text)

/* A file of another maker: tag file, CustomDatas, an attachment. */
static const struct {
    const char *tags, *face, *custom, *name, *attached;
    enum answer answer;
} foreigners[] = {
    {TAGGED("证号"), FACE("A-1"), "", NULL, NULL, ANSWER_UNKNOWN},
    {TAGGED("证号"), FACE("A-1"), CUSTOM("证号", "A-1"), NULL, NULL, ANSWER_YES},
    {TAGGED("证号"), FACE("A-1"), CUSTOM("证号", "A-2"), NULL, NULL, ANSWER_NO},
    {TAGGED("证照编号"), FACE("A-1"), CUSTOM("ZZBH", "A-1"), NULL, NULL, ANSWER_YES},
    {TAGGED("证照编号"), FACE("A-1"), CUSTOM("ZZBH", "B-1"), NULL, NULL, ANSWER_NO},
    {TAGGED("证照编号"), FACE("A-1"), CUSTOM("CZZT", "B-1"), NULL, NULL, ANSWER_UNKNOWN},
    {TAGGED("发证日期"), FACE("2026年3月1日"), CUSTOM("ZZBFRQ", "20260301"), NULL, NULL,
     ANSWER_YES},
    {TAGGED("发证日期"), FACE("2026年3月1日"), CUSTOM("ZZBFRQ", "2026-03-02"), NULL, NULL,
     ANSWER_NO},
    {TAGGED("TaxTotalAmount"), FACE("￥1,200.50"), CUSTOM("合计税额", "1200.5"), NULL, NULL,
     ANSWER_YES},
    {TAGGED("证号"), FACE("证号：A-1"), CUSTOM("证号", "Ａ－１"), NULL, NULL, ANSWER_YES},
    {TAGGED("InvoiceNo"), FACE("123"), "", "original.xml", "<a><InvoiceNo>123</InvoiceNo></a>",
     ANSWER_YES},
    {TAGGED("InvoiceNo"), FACE("123"), "", "original.xml",
     "<a><b><InvoiceNo>124</InvoiceNo></b></a>", ANSWER_NO},
    {TAGGED("InvoiceNo"), FACE("123"), "", "original.xml",
     "<a><InvoiceNo>124</InvoiceNo><InvoiceNo>123</InvoiceNo></a>", ANSWER_YES},
    {TAGGED("InvoiceNo"), FACE("123"), "", "data.json", "{\"x\":[{\"InvoiceNo\":\"123\"}]}",
     ANSWER_YES},
    {TAGGED("InvoiceNo"), FACE("123"), "", "data.json", "{\"x\":[{\"InvoiceNo\":\"125\"}]}",
     ANSWER_NO},
    {TAGGED("InvoiceNo"), FACE("123"), "", "data.json", "{\"x\":[{\"InvoiceNo\":\"125\"}",
     ANSWER_UNKNOWN},
    {TAGGED("InvoiceNo"), FACE("123"), "", "data.txt", "{\"InvoiceNo\":\"125\"}", ANSWER_UNKNOWN},
    /* an element that says a value besides the text it points to */
    {"<t><证号>A-2" REF("4") "</证号></t>", FACE("A-1"), "", NULL, NULL, ANSWER_NO},
};

START_TEST(a_foreign_file_is_compared_as_far_as_it_goes_and_never_fails)
{
    CLEANUP(buf_clear) struct buf loc = BUF_INIT(KIT_LIMIT);
    CLEANUP(verification_clear) struct verification v = {0};
    const char *name = foreigners[_i].name ? foreigners[_i].name : "note.txt";
    struct err err = ERR_INIT;

    kit_document(&kit, foreigners[_i].custom);
    put_document("");
    put_page(foreigners[_i].face);
    kit_put(&kit, TAG, foreigners[_i].tags);
    kit_put(&kit, "Doc_0/Res/photo.jpg", "");
    CK_OK(buf_addf(&loc, &err,
                   "<ofd:Attachments" KIT_NS "><ofd:Attachment ID=\"a1\" Name=\"x\"><ofd:FileLoc>%s"
                   "</ofd:FileLoc></ofd:Attachment></ofd:Attachments>",
                   name),
          &err);
    kit_put(&kit, "Doc_0/Attachs/Attachments.xml", loc.data);
    buf_reset(&loc);
    CK_OK(buf_addf(&loc, &err, "Doc_0/Attachs/%s", name), &err);
    kit_put(&kit, loc.data, foreigners[_i].attached ? foreigners[_i].attached : "nothing");
    kit_seal(&kit, true, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, "OFD312");
    ck_assert_int_eq(v.face_agrees, foreigners[_i].answer);
    ck_assert_int_eq(findings_has(&v.findings, "OFD332"), foreigners[_i].answer == ANSWER_NO);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_kit, close_kit);
    tcase_set_timeout(tc, 20); /* under a sanitizer on a busy machine */
    tcase_add_loop_test(tc, a_forged_licence_is_found_out, 0, N_OF(forgeries));
    tcase_add_test(tc, a_form_whose_template_is_not_at_hand_is_not_compared);
    tcase_add_test(tc, names_that_differ_are_masked_in_reports);
    tcase_add_loop_test(tc, a_foreign_file_is_compared_as_far_as_it_goes_and_never_fails, 0,
                        N_OF(foreigners));
}
