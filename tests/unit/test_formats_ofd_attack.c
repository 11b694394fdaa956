/* SPDX-License-Identifier: Apache-2.0 */
/* What a forger would try: packages that say one thing to us and another to a reader, or nothing
 * for a very long time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "formats/cms/cms.h"
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

/* A licence of ours, issued by those named; its one field is shown by the texts 5 and 4 of the kit.
 */
#define IDENTIFIER "1.2.156.3005.2.11000000MB0TE5T951001.11330199MB0TE5T1X6.A1.001.I"
#define CUSTOM(name, value) "<ofd:CustomData Name=\"" name "\">" value "</ofd:CustomData>"
static const char customs[] = CUSTOM("ZZBS", IDENTIFIER) CUSTOM("ZZMC", "示例证照")
    CUSTOM("ZZBFJG", "%s") CUSTOM("ZZYXQJZRQ", "长期") CUSTOM("KZ_RQ", "2026-03-01");

static void put_licence(const char *issuers, int seals, const char *more)
{
    CLEANUP(buf_clear) struct buf json = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf custom = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf digests = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf salts = BUF_INIT(KIT_LIMIT);
    CLEANUP(licence_freep) struct licence *licence = NULL;
    struct err err = ERR_INIT;

    CK_OK(buf_addf(&json, &err,
                   "{\"fields\":{\"日期\":{\"short\":\"RQ\",\"text\":\"2026年3月1日\","
                   "\"value\":\"2026-03-01\"}},\"identifier\":\"" IDENTIFIER "\","
                   "\"made\":\"2026-03-01\",\"metadata\":{\"ZZBFJG\":\"%s\",\"ZZBS\":"
                   "\"" IDENTIFIER "\",\"ZZMC\":\"示例证照\",\"ZZYXQJZRQ\":\"长期\"},"
                   "\"origin\":\"issued\",\"replaces\":null,\"schema\":\"ecert.licence/1\","
                   "\"seal_places\":[],\"seals_required\":%d,\"template\":{\"id\":\"t\","
                   "\"sm3\":\"0\"},\"type\":{\"code\":\"11000000MB0TE5T951001\","
                   "\"name\":\"示例证照\"}}",
                   issuers, seals),
          &err);
    CK_OK(licence_parse(buf_span(&json), &licence, &err), &err);
    CK_OK(licence_digests(licence, NULL, &digests, &salts, &err), &err);
    CK_OK(buf_addf(&custom, &err, customs, issuers), &err);
    CK_OK(buf_puts(&custom, more, &err), &err);
    kit_document(&kit, custom.data);
    kit_put(&kit, "Doc_0/Attachs/licence.json", json.data);
    kit_put(&kit, "Doc_0/Attachs/digests.json", digests.data);
    kit_put(&kit, "Doc_0/Attachs/salts.json", salts.data);
}

#define ISSUERS "别的机关^测试机关"
#define TEXT(id, attrs, inside)                                                                    \
    "<ofd:TextObject ID=\"" id "\" Boundary=\"60 10 50 5\" Font=\"2\" Size=\"4\"" attrs ">" inside \
    "</ofd:TextObject>"
#define CODE(text) "<ofd:TextCode X=\"0\" Y=\"4\">" text "</ofd:TextCode>"
#define FACE(objects)                                               \
    "<ofd:Page" KIT_NS "><ofd:Content><ofd:Layer ID=\"3\">" objects \
    "</ofd:Layer></ofd:Content></ofd:Page>"
#define TAG "Doc_0/Tags/tag.xml"
#define REF(id) "<ObjectRef PageRef=\"1\">" id "</ObjectRef>"
#define TAGS "Doc_0/Tags/CustomTags.xml"
#define ATTACHED "Doc_0/Attachs/Attachments.xml"
#define ATTACH(name, file)                                          \
    "<ofd:Attachment ID=\"a\" Name=\"" name "\"><ofd:FileLoc>" file \
    "</ofd:FileLoc></ofd:Attachment>"
#define ATTACHS                            \
    ATTACH("licence.json", "licence.json") \
    ATTACH("digests.json", "digests.json") ATTACH("salts.json", "salts.json")

/*
 * What a clerk could be given to seal: a licence whose parts differ in what they say.  All of
 * it is covered by a good seal, so that nothing but the comparison can find it.
 */
static const struct {
    const char *custom, *part, *text;
    enum rc rc;
    const char *code;
} doubles[] = {
    {"", NULL, NULL, RC_OK, "OFD313"},
    /* the index leads nowhere, to a picture, to nothing; or names what licence.json lacks */
    {"", TAG, "<t><日期>" REF("77") "</日期></t>", RC_NO, "OFD207"},
    {"", PAGE, FACE("<ofd:ImageObject ID=\"4\"/><ofd:PathObject ID=\"5\"/>"), RC_NO, "OFD207"},
    {"", TAG, "<t><日期>" REF("4") REF("5") "</日期><姓名>" REF("4") "</姓名></t>", RC_NO,
     "OFD206"},
    /* a second tag file says it otherwise: some readers take the last */
    {"", TAGS,
     "<ofd:CustomTags" KIT_NS "><ofd:CustomTag TypeID=\"\"><ofd:FileLoc>tag.xml</ofd:FileLoc>"
     "</ofd:CustomTag><ofd:CustomTag TypeID=\"\"><ofd:FileLoc>/Doc_0/Tags/second.xml</ofd:FileLoc>"
     "</ofd:CustomTag></ofd:CustomTags>",
     RC_NO, "OFD206"},
    /* more text on the face than the fields have, or text that may look otherwise */
    {"", PAGE,
     FACE(TEXT("4", "", CODE("3月1日")) TEXT("5", "", CODE("2026年"))
              TEXT("9", "", CODE("长期有效"))),
     RC_NO, "OFD209"},
    {"", PAGE, FACE(TEXT("4", " Visible=\"false\"", CODE("3月1日")) TEXT("5", "", CODE("2026年"))),
     RC_NO, "OFD210"},
    {"", PAGE, FACE(TEXT("4", " Alpha=\"0\"", CODE("3月1日")) TEXT("5", "", CODE("2026年"))), RC_NO,
     "OFD210"},
    {"", PAGE,
     FACE(TEXT(
         "4", "",
         "<ofd:CGTransform CodePosition=\"0\"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform>" CODE(
             "3月1日")) TEXT("5", "", CODE("2026年"))),
     RC_NO, "OFD210"},
    /* metadata twice, in a second list, or that licence.json lacks */
    {CUSTOM("ZZMC", "别的证照"), NULL, NULL, RC_NO, "OFD206"},
    {"</ofd:CustomDatas><ofd:CustomDatas>" CUSTOM("ZZMC", "别的证照"), NULL, NULL, RC_NO, "OFD206"},
    {"</ofd:CustomDatas></ofd:DocInfo><ofd:DocInfo><ofd:CustomDatas>" CUSTOM("CZZT", "李四"), NULL,
     NULL, RC_NO, "OFD206"},
    {CUSTOM("ZZYXQQSRQ", "2099-01-01"), NULL, NULL, RC_NO, "OFD206"},
    {CUSTOM("KZ_XM", "李四"), NULL, NULL, RC_NO, "OFD206"},
    {CUSTOM("producer", "a note"), NULL, NULL, RC_OK, NULL},
    /* attachments twice */
    {"", ATTACHED,
     "<ofd:Attachments" KIT_NS
     ">" ATTACHS ATTACH("licence.json", "digests.json") "</ofd:Attachments>",
     RC_NO, "OFD206"},
    {"", ATTACHED,
     "<ofd:Attachments" KIT_NS
     ">" ATTACHS ATTACH("LICENCE.json", "digests.json") "</ofd:Attachments>",
     RC_NO, "OFD206"},
    {"", ATTACHED,
     "<ofd:Attachments" KIT_NS ">" ATTACHS ATTACH("map.json", "digests.json") "</ofd:Attachments>",
     RC_OK, NULL},
};

/* Twice what stands once: covered by a good seal, and still each reader would show its own. */
static const struct {
    const char *part, *old, *new;
} twins[] = {
    {"OFD.xml", "<ofd:DocRoot>",
     "<e:DocRoot xmlns:e=\"urn:e\">/second.xml</e:DocRoot><ofd:DocRoot>"},
    {"OFD.xml", "<ofd:Signatures>", "<ofd:Signatures>/second.xml</ofd:Signatures><ofd:Signatures>"},
    {"Doc_0/Document.xml", "<ofd:Pages>", "<ofd:Pages/><ofd:Pages>"},
    {"Doc_0/Document.xml", "<ofd:CommonData>", "<ofd:CommonData/><ofd:CommonData>"},
    {PAGE, "<ofd:Content>", "<ofd:Content><ofd:Layer/></ofd:Content><ofd:Content>"},
};

static void change_part(const char *part, const char *old, const char *new)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf text = BUF_INIT(KIT_LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct span bytes = {NULL, 0};
    struct err err = ERR_INIT;
    const char *at;

    kit_write(&kit, &file);
    CK_OK(zipfile_open(buf_span(&file), &zip, &err), &err);
    CK_OK(zipfile_read(zip, (size_t)zipfile_find(zip, part), &bytes, &err), &err);
    at = memmem(bytes.data, bytes.len, old, strlen(old));
    ck_assert_ptr_nonnull(at);
    CK_OK(buf_add(&text, bytes.data, (size_t)((const unsigned char *)at - bytes.data), &err), &err);
    CK_OK(buf_puts(&text, new, &err), &err);
    at += strlen(old);
    CK_OK(buf_add(&text, at, bytes.len - (size_t)((const unsigned char *)at - bytes.data), &err),
          &err);
    kit_put(&kit, part, text.data);
}

START_TEST(what_may_stand_once_is_refused_twice)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_put(&kit, "second.xml", "<ofd:Document" KIT_NS "/>");
    change_part(twins[_i].part, twins[_i].old, twins[_i].new);
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_INPUT, "OFD004");
}
END_TEST

static void seal_licence(void)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    const unsigned char *digest = NULL;
    struct err err = ERR_INIT;

    kit_write(&kit, &file);
    CK_OK(ofd_open(buf_span(&file), &ofd, &findings, &err), &err);
    CK_OK(ofd_sm3(ofd, zipfile_find(ofd->zip, "Doc_0/Attachs/digests.json"), &digest, &err), &err);
    kit_seal(&kit, false, digest);
}

START_TEST(a_licence_that_says_two_things_does_not_pass)
{
    CLEANUP(verification_clear) struct verification v = {0};

    put_licence(ISSUERS, 1, doubles[_i].custom);
    kit_put(&kit, "Doc_0/Tags/second.xml", "<t><日期>" REF("4") "</日期></t>");
    if (doubles[_i].part)
        kit_put(&kit, doubles[_i].part, doubles[_i].text);
    seal_licence();
    kit_judge(&kit, &v);
    kit_expect(&v, doubles[_i].rc, doubles[_i].code);
}
END_TEST

START_TEST(no_annotation_lies_over_the_face)
{
    CLEANUP(verification_clear) struct verification v = {0};
    CLEANUP(verification_clear) struct verification foreign = {0};

    put_licence(ISSUERS, 1, "");
    change_part("Doc_0/Document.xml", "</ofd:Pages>",
                "</ofd:Pages><ofd:Annotations>/a.xml</ofd:Annotations>");
    kit_put(&kit, "a.xml",
            "<ofd:Annotations" KIT_NS "><ofd:Page PageID=\"1\"><ofd:FileLoc>b.xml</ofd:FileLoc>"
            "</ofd:Page></ofd:Annotations>");
    kit_put(&kit, "b.xml",
            "<ofd:PageAnnot" KIT_NS "><ofd:Annot ID=\"9\" Type=\"Watermark\"/></ofd:PageAnnot>");
    seal_licence();
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "OFD211");
    kit.n_listed = 0;
    kit_put(&kit, "Doc_0/Attachs/licence.json", "{}"); /* another maker's */
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &foreign);
    ck_assert(!findings_has(&foreign.findings, "OFD211"));
}
END_TEST

START_TEST(a_thousand_notes_hide_no_metadata)
{
    CLEANUP(buf_clear) struct buf custom = BUF_INIT(KIT_LIMIT);
    CLEANUP(verification_clear) struct verification v = {0};
    struct err err = ERR_INIT;

    for (int i = 0; i < 1100; i++)
        CK_OK(buf_addf(&custom, &err, CUSTOM("note%d", ""), i), &err);
    CK_OK(buf_puts(&custom, CUSTOM("ZZMC", "别的证照"), &err), &err);
    put_licence(ISSUERS, 1, custom.data);
    seal_licence();
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, "OFD207");
}
END_TEST

START_TEST(a_seal_of_none_of_the_issuers_is_named)
{
    static const char *const issuers[] = {"测试机关", ISSUERS, "别的机关", "别的机关^测试"};
    CLEANUP(verification_clear) struct verification v = {0};

    put_licence(issuers[_i], 1, "");
    seal_licence();
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, NULL);
    ck_assert_int_eq(findings_has(&v.findings, "OFD315"), _i == 2);
}
END_TEST

/* Signs as kit_seal() seals, but with SignedData; cut: a reference is taken out first. */
static void kit_sign(const char *type, bool with_seal, const char *cut)
{
    CLEANUP(ofd_pending_clear) struct ofd_pending pending = {.xml = BUF_INIT(KIT_LIMIT)};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(KIT_LIMIT);
    struct ofd_sign_spec spec = {.is_seal = with_seal,
                                 .seal = &kit.packed,
                                 .time = KIT_NOW - 86400,
                                 .list = KIT_LIST,
                                 .max_id = kit.max_id,
                                 .standing = kit.listed,
                                 .n_standing = kit.n_listed};
    const struct cms_spec cms = {.gbt35275 = true, .time = KIT_NOW - 86400};
    CLEANUP(buf_clear) struct buf list = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;
    char *at, *end;

    CK_OK(ofd_sign_prepare(&kit.bundle, &spec, &pending, &err), &err);
    if (cut) {
        at = strstr(pending.xml.data, cut) - strlen("<ofd:Reference FileRef=\"");
        end = strstr(at, "</ofd:Reference>") + strlen("</ofd:Reference>");
        memmove(at, end, strlen(end) + 1);
        pending.xml.len -= (size_t)(end - at);
        kit_put(&kit, pending.xml_path + 1, pending.xml.data);
    }
    CK_OK(cms_sign(&cms, buf_span(&pending.xml), kit.signer, &value, &err), &err);
    ofd_sign_complete(&kit.bundle, &pending, buf_span(&value));
    CK_OK(buf_puts(&list, "<ofd:Signatures" KIT_NS ">", &err), &err);
    for (size_t i = 0; i < kit.n_listed; i++)
        CK_OK(buf_addf(&list, &err, "<ofd:Signature ID=\"s9%zu\" Type=\"Seal\" BaseLoc=\"%s\"/>", i,
                       kit.locs[i]),
              &err);
    CK_OK(buf_addf(&list, &err, "<ofd:Signature ID=\"%s\"%s BaseLoc=\"%s\"/></ofd:Signatures>",
                   pending.id, type, pending.xml_path),
          &err);
    kit_put(&kit, KIT_LIST, list.data);
}

START_TEST(a_signature_does_not_count_as_the_second_seal)
{
    static const char *const types[] = {" Type=\"Sign\"", ""};
    CLEANUP(verification_clear) struct verification v = {0};

    put_licence(ISSUERS, 2, "");
    seal_licence();
    kit_sign(types[_i], false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, "OFD104");
    ck_assert(v.signatures[0].is_seal && !v.signatures[1].is_seal);
}
END_TEST

START_TEST(a_seal_file_beside_a_signature_must_be_covered)
{
    CLEANUP(verification_clear) struct verification whole = {0};
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_sign(" Type=\"Sign\"", true, NULL);
    kit_judge(&kit, &whole);
    kit_expect(&whole, RC_OK, NULL);
    kit_close(&kit);
    kit_open(&kit);
    kit_document(&kit, "");
    kit_sign(" Type=\"Sign\"", true, "/Doc_0/Signs/Sign_0/Seal.esl");
    kit_put(&kit, "Doc_0/Signs/Sign_0/Seal.esl", "another picture");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, "DIG101");
}
END_TEST

/* GM/T 0099: a list of part names may be written last, so it is not covered; nor is its value. */
START_TEST(a_list_of_part_names_smuggles_nothing_in)
{
    static const char *const values[] = {"\x30\x03\x06\x01*", "\x30\x03\x06\x01*<evil/>",
                                         "<evil/>"};
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_put(&kit, "evil.xml", values[_i]);
    kit_put(&kit, "OFDEntries.xml",
            "<DocEntries><SignedValueLoc>/evil.xml</SignedValueLoc><FileList/></DocEntries>");
    kit_judge(&kit, &v);
    kit_expect(&v, RC_UNDECIDED, "DIG103");
}
END_TEST

START_TEST(a_list_of_part_names_that_agrees_may_stand_uncovered)
{
    CLEANUP(buf_clear) struct buf list = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf value = BUF_INIT(KIT_LIMIT);
    CLEANUP(verification_clear) struct verification v = {0};
    const struct cms_spec cms = {.gbt35275 = true, .time = KIT_NOW - 86400};
    struct err err = ERR_INIT;

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    CK_OK(buf_puts(&list, "<DocEntries><SignedValueLoc>/v.dat</SignedValueLoc><FileList>", &err),
          &err);
    for (size_t i = 0; i < kit.bundle.n; i++)
        CK_OK(buf_addf(&list, &err, "<File FileLoc=\"/%s\"/>", kit.bundle.members[i].name), &err);
    CK_OK(buf_puts(&list, "</FileList></DocEntries>", &err), &err);
    CK_OK(cms_sign(&cms, buf_span(&list), kit.signer, &value, &err), &err);
    kit_put(&kit, "OFDEntries.xml", list.data);
    CK_OK(ofd_bundle_put(&kit.bundle, "v.dat", buf_span(&value), PACK_FAST, &err), &err);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, "PKG302");
}
END_TEST

/*
 * Who may seal.  "twin" has a root of the same name as the trusted one, "heir" a certificate
 * that an agency, being no authority, issued.
 */
enum who { HONEST, TWIN, HEIR };
static const struct {
    enum who maker, signer;
    bool unlisted;
    enum rc rc;
    const char *code;
} strangers[] = {
    {HONEST, HONEST, false, RC_OK, NULL},          {HONEST, TWIN, false, RC_UNDECIDED, "CRT101"},
    {TWIN, HONEST, false, RC_UNDECIDED, "CRT101"}, {TWIN, TWIN, false, RC_UNDECIDED, "CRT101"},
    {HONEST, HEIR, false, RC_NO, "CRT202"},        {HEIR, HONEST, false, RC_NO, "CRT202"},
    {HONEST, HONEST, true, RC_NO, "SIG202"},
};

START_TEST(only_who_is_trusted_and_listed_seals)
{
    CLEANUP(party_clear) struct party twin = pki_party(CERT_PROFILE_ROOT, "ROOT", "SM2", NULL);
    CLEANUP(party_clear)
    struct party agency = pki_party(CERT_PROFILE_SIGNER, "别的机关", "SM2", &kit.root);
    const struct party *issuers[] = {&kit.root, &twin, &agency};
    CLEANUP(party_clear)
    struct party maker =
        pki_party(CERT_PROFILE_SIGNER, "制章人", "SM2", issuers[strangers[_i].maker]);
    CLEANUP(party_clear)
    struct party signer =
        pki_party(CERT_PROFILE_SIGNER, "测试机关", "SM2", issuers[strangers[_i].signer]);
    CLEANUP(verification_clear) struct verification v = {0};

    if (strangers[_i].maker == HEIR || strangers[_i].signer == HEIR)
        trust_add_intermediate(kit.trust, agency.cert); /* found, yet no authority */
    kit_take_seal(&kit, &maker, &signer, strangers[_i].unlisted ? kit.agency.cert : signer.cert);
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, strangers[_i].rc, strangers[_i].code);
}
END_TEST

/* A good seal, carried over with its whole folder to another document. */
START_TEST(a_seal_of_another_document_is_no_seal_of_this_one)
{
    static const char *const parts[] = {"Doc_0/Signs/Sign_0/SignedValue.dat",
                                        "Doc_0/Signs/Sign_0/Signature.xml"};
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    CLEANUP(verification_clear) struct verification v = {0};
    struct err err = ERR_INIT;

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_write(&kit, &file);
    CK_OK(zipfile_open(buf_span(&file), &zip, &err), &err);
    ofd_bundle_clear(&kit.bundle);
    kit.n_listed = 0;
    kit.max_id = 0;
    kit_document(&kit, CUSTOM("ZZMC", "别的证照"));
    kit_seal(&kit, false, NULL);
    for (int i = 0; i <= _i; i++) {
        struct span bytes = {NULL, 0};

        CK_OK(zipfile_read(zip, (size_t)zipfile_find(zip, parts[i]), &bytes, &err), &err);
        CK_OK(ofd_bundle_put(&kit.bundle, parts[i], bytes, PACK_FAST, &err), &err);
    }
    kit_judge(&kit, &v);
    kit_expect(&v, RC_NO, _i == 0 ? "SIG203" : "DIG201");
}
END_TEST

/* One member whose directory entry has these extra fields besides. */
static void with_extra(struct span extra, struct buf *out)
{
    CLEANUP(buf_clear) struct buf plain = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;
    size_t central, end;
    unsigned char *p;

    kit_put(&kit, "a", "b");
    kit_write(&kit, &plain);
    end = plain.len - 22;
    p = (unsigned char *)plain.data;
    central = (size_t)p[end + 16] | (size_t)p[end + 17] << 8;
    p[central + 30] = (unsigned char)extra.len; /* APPNOTE 4.3.12, 4.3.16 */
    p[end + 12] = (unsigned char)(p[end + 12] + extra.len);
    CK_OK(buf_add(out, p, end, &err), &err);
    CK_OK(buf_add(out, extra.data, extra.len, &err), &err);
    CK_OK(buf_add(out, p + end, 22, &err), &err);
}

/* Two readers, two names: one takes the first of the extra fields, the other the last. */
START_TEST(every_name_of_a_member_is_the_same)
{
    static const struct {
        const char *extra;
        size_t len;
        enum rc rc;
    } cases[] = {
        {"\x75\x70\x06\x00\x01\0\0\0\0a", 10, RC_OK},
        {"\x75\x70\x06\x00\x01\0\0\0\0b", 10, RC_INPUT},
        {"\x75\x70\x06\x00\x01\0\0\0\0a\x75\x70\x06\x00\x01\0\0\0\0a", 20, RC_OK},
        {"\x75\x70\x06\x00\x01\0\0\0\0a\x75\x70\x06\x00\x01\0\0\0\0b", 20, RC_INPUT},
    };
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;

    with_extra((struct span){(const unsigned char *)cases[_i].extra, cases[_i].len}, &file);
    ck_assert_int_eq(zipfile_open(buf_span(&file), &zip, &err), cases[_i].rc);
    ck_assert_str_eq(err.finding, cases[_i].rc == RC_OK ? "" : "PKG009");
}
END_TEST

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
    tcase_add_loop_test(tc, a_licence_that_says_two_things_does_not_pass, 0, N_OF(doubles));
    tcase_add_loop_test(tc, what_may_stand_once_is_refused_twice, 0, N_OF(twins));
    tcase_add_test(tc, no_annotation_lies_over_the_face);
    tcase_add_test(tc, a_thousand_notes_hide_no_metadata);
    tcase_add_loop_test(tc, a_seal_of_none_of_the_issuers_is_named, 0, 4);
    tcase_add_loop_test(tc, a_signature_does_not_count_as_the_second_seal, 0, 2);
    tcase_add_test(tc, a_seal_file_beside_a_signature_must_be_covered);
    tcase_add_loop_test(tc, a_list_of_part_names_smuggles_nothing_in, 0, 3);
    tcase_add_test(tc, a_list_of_part_names_that_agrees_may_stand_uncovered);
    tcase_add_loop_test(tc, only_who_is_trusted_and_listed_seals, 0, N_OF(strangers));
    tcase_add_loop_test(tc, a_seal_of_another_document_is_no_seal_of_this_one, 0, 2);
    tcase_add_loop_test(tc, every_name_of_a_member_is_the_same, 0, 4);
    tcase_add_test(tc, a_short_part_linked_often_costs_its_due);
    tcase_add_test(tc, a_page_shown_often_does_not_fill_the_memory);
    tcase_add_test(tc, a_text_tagged_often_is_not_copied_often);
    tcase_add_test(tc, templates_under_a_page_are_looked_up_quickly);
    tcase_add_test(tc, a_package_that_unpacks_to_too_much_is_refused);
}
