/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an OFD file into its model: links, fields, versions, and what is refused. */
#include <string.h>

#include "formats/ofd/ofd.h"
#include "tests/unit/unit.h"

#define LIMIT ((size_t)4 << 20)
#define NS " xmlns:ofd=\"http://www.ofdspec.org/2016\""

struct part {
    const char *name, *text;
};

/* Opens a package of these parts; bytes keeps what ofd borrows. */
static enum rc open_parts(const struct part *parts, size_t n, struct buf *bytes, struct ofd **ofd,
                          struct findings *findings, struct err *err)
{
    struct packed packed[32];
    struct zip_entry entries[32];

    CK_OK(crypto_init(err), err);
    ck_assert_uint_le(n, 32);
    for (size_t i = 0; i < n; i++) {
        CK_OK(packed_make(span_of(parts[i].text), PACK_FAST, &packed[i], err), err);
        entries[i] = (struct zip_entry){.name = parts[i].name, .packed = &packed[i]};
    }
    CK_OK(zipfile_write(entries, n, bytes, err), err);
    for (size_t i = 0; i < n; i++)
        packed_clear(&packed[i]);
    return ofd_open(buf_span(bytes), ofd, findings, err);
}

static const struct {
    const char *from, *loc, *want;
} locs[] = {
    {"OFD.xml", "Doc_0/Document.xml", "Doc_0/Document.xml"},
    {"OFD.xml", "/Doc_0/Document.xml", "Doc_0/Document.xml"},
    {"Doc_0/Document.xml", "Pages/P.xml", "Doc_0/Pages/P.xml"},
    {"Doc_0/Document.xml", "../Doc_0/./P.xml", "Doc_0/P.xml"},
    {"Doc_0/Signs/Signatures.xml", "./Sign_0/../Sign_0/S.xml", "Doc_0/Signs/Sign_0/S.xml"},
    {"Doc_0/Document.xml", "//Doc_0//P.xml", "Doc_0/P.xml"},
    {"OFD.xml", "../x", NULL},
    {"Doc_0/Document.xml", "../../x", NULL},
    {"Doc_0/Document.xml", "/../x", NULL},
    {"Doc_0/Document.xml", "a\\b", NULL},
    {"Doc_0/Document.xml", "", NULL},
    {"Doc_0/Document.xml", "..", NULL},
};

START_TEST(a_link_leads_where_the_standard_says)
{
    CLEANUP(freep) char *got = ofd_resolve(locs[_i].from, locs[_i].loc);

    if (locs[_i].want)
        ck_assert_str_eq(got, locs[_i].want);
    else
        ck_assert_ptr_null(got);
}
END_TEST

static const struct part whole[] = {
    /* children out of order, a foreign prefix, links of all kinds */
    {"OFD.xml", "<OFD xmlns=\"http://www.ofdspec.org/2016\"><DocBody><Versions><Version ID=\"7\" "
                "Current=\"true\" BaseLoc=\"V/1.xml\"/></Versions><DocRoot>/D/Doc.xml</DocRoot>"
                "<DocInfo><CustomDatas><CustomData Name=\"ZZMC\">执照</CustomData></CustomDatas>"
                "<Title>题</Title></DocInfo></DocBody></OFD>"},
    {"V/1.xml", "<ofd:DocVersion" NS "><ofd:DocRoot>/D/Old.xml</ofd:DocRoot></ofd:DocVersion>"},
    {"D/Old.xml", "<ofd:Document" NS "><ofd:CommonData><ofd:PublicRes>OldRes.xml</ofd:PublicRes>"
                  "</ofd:CommonData><ofd:Pages><ofd:Page ID=\"3\" BaseLoc=\"p.xml\"/></ofd:Pages>"
                  "</ofd:Document>"},
    {"D/OldRes.xml", "<ofd:Res" NS "/>"},
    {"D/Doc.xml",
     "<x:Document xmlns:x=\"http://www.ofdspec.org\"><x:Pages><x:Page ID=\"3\" "
     "BaseLoc=\"p.xml\"/><x:Page ID=\"30\" BaseLoc=\"gone.xml\"/></x:Pages><x:CommonData>"
     "<x:TemplatePage ID=\"9\" BaseLoc=\"t.xml\"/><x:DocumentRes>Res.xml</x:DocumentRes>"
     "<x:PageArea><x:PhysicalBox>0 0 210 297</x:PhysicalBox></x:PageArea></x:CommonData>"
     "<x:CustomTags>tags.xml</x:CustomTags></x:Document>"},
    {"D/Res.xml", "<ofd:Res" NS " BaseLoc=\"/\"><ofd:MultiMedias><ofd:MultiMedia ID=\"5\" "
                  "Type=\"Image\"><ofd:MediaFile>/D/i.gif</ofd:MediaFile></ofd:MultiMedia>"
                  "</ofd:MultiMedias></ofd:Res>"},
    {"D/i.gif", "GIF"},
    {"D/t.xml", "<ofd:Page" NS "><ofd:Content><ofd:Layer><ofd:TextObject ID=\"20\" "
                "Boundary=\"0 0 9 9\"><ofd:TextCode>底</ofd:TextCode></ofd:TextObject></ofd:Layer>"
                "</ofd:Content></ofd:Page>"},
    {"D/p.xml",
     "<ofd:Page" NS "><ofd:Area><ofd:PhysicalBox>0 0 406.4 228.6</ofd:PhysicalBox></ofd:Area>"
     "<ofd:Template TemplateID=\"9\"/><ofd:Content><ofd:Layer>"
     "<ofd:TextObject ID=\"11\" Boundary=\"50 10 20 5\"><ofd:TextCode>1日</ofd:TextCode>"
     "</ofd:TextObject><ofd:PageBlock><ofd:TextObject ID=\"12\" Boundary=\"10 11 20 5\">"
     "<ofd:TextCode>2026\n</ofd:TextCode><ofd:TextCode>年</ofd:TextCode></ofd:TextObject>"
     "</ofd:PageBlock><ofd:TextObject ID=\"13\" Boundary=\"30 9.5 20 5\"><ofd:TextCode>3月"
     "</ofd:TextCode></ofd:TextObject><ofd:TextObject ID=\"14\" Boundary=\"10 30 20 5\">"
     "<ofd:TextCode>下行</ofd:TextCode></ofd:TextObject><ofd:ImageObject ID=\"15\"/></ofd:Layer>"
     "</ofd:Content></ofd:Page>"},
    {"D/tags.xml", "<ofd:CustomTags" NS "><ofd:CustomTag><ofd:FileLoc>tag.xml</ofd:FileLoc>"
                   "</ofd:CustomTag></ofd:CustomTags>"},
    {"D/tag.xml",
     "<:params xmlns:=\"\"><组><颁发日期><ObjectRef PageRef=\"3\">14</ObjectRef></颁发日期>"
     "<颁发日期><ObjectRef PageRef=\"3\">11</ObjectRef><ObjectRef PageRef=\"3\">12</ObjectRef>"
     "<ObjectRef PageRef=\"3\">13</ObjectRef></颁发日期></组><底><ObjectRef PageRef=\"3\">20"
     "</ObjectRef></底><照片><ObjectRef PageRef=\"3\">15</ObjectRef></照片>"
     "<无><ObjectRef PageRef=\"4\">11</ObjectRef></无></:params>"},
    {"D/unused.xml", "<a/>"},
};

START_TEST(everything_is_found_by_links)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    struct err err = ERR_INIT;

    CK_OK(open_parts(whole, N_OF(whole), &bytes, &ofd, &findings, &err), &err);
    ck_assert_str_eq(ofd->title, "题");
    ck_assert_str_eq(ofd_custom(ofd, "ZZMC"), "执照");
    ck_assert_uint_eq(ofd->n_pages, 2);
    ck_assert_int_eq(ofd->pages[0].box.w, 406400); /* its own size wins */
    ck_assert_int_eq(ofd->pages[1].box.w, 210000);
    ck_assert_int_eq(ofd->pages[1].member, OFD_NO_MEMBER);
    ck_assert_int_eq(ofd_page_number(ofd, 30), 2);
    ck_assert_str_eq(ofd_name(ofd, ofd->media[0].member), "D/i.gif");
    ck_assert(findings_has(&findings, "OFD301")); /* gone.xml */
    ck_assert(findings_has(&findings, "OFD101")); /* another current version */
    ck_assert(findings_has(&findings, "STD301"));
    for (size_t i = 0; i < N_OF(whole); i++)
        ck_assert_int_eq(ofd->parts[i].use,
                         strcmp(whole[i].name, "D/unused.xml") == 0 ? OFD_UNUSED : OFD_USED);
}
END_TEST

START_TEST(a_field_is_its_objects_in_reading_order)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    struct err err = ERR_INIT;

    CK_OK(open_parts(whole, N_OF(whole), &bytes, &ofd, &findings, &err), &err);
    ck_assert_str_eq(ofd_field(ofd, "颁发日期")->text, "2026年3月1日下行");
    ck_assert_uint_eq(ofd_field(ofd, "颁发日期")->n_objects, 4);
    ck_assert_int_eq(ofd_field(ofd, "颁发日期")->page, 1);
    ck_assert_str_eq(ofd_field(ofd, "底")->text, "底"); /* on the template page */
    ck_assert_uint_eq(ofd_field(ofd, "照片")->n_lost, 0);
    ck_assert_uint_eq(ofd_field(ofd, "无")->n_lost, 1);
    ck_assert(findings_has(&findings, "OFD305"));
    ck_assert(findings_has(&findings, "STD304"));
    ck_assert_ptr_null(ofd_field(ofd, "params"));
}
END_TEST

#define BODY(inner) "<ofd:OFD" NS ">" inner "</ofd:OFD>"
#define ROOT "<ofd:DocBody><ofd:DocRoot>Doc.xml</ofd:DocRoot></ofd:DocBody>"

static const struct {
    struct part parts[3];
    const char *finding; /* "": opens */
    enum rc damaged;
} refused[] = {
    {{{"OFD.xml", BODY(ROOT)}, {"Doc.xml", "<ofd:Document" NS "/>"}}, "", RC_OK},
    {{{"ofd.xml", BODY(ROOT)}, {"Doc.xml", "<ofd:Document" NS "/>"}}, "PKG007", RC_OK},
    {{{"OFD.xml", BODY(ROOT)}}, "PKG007", RC_OK},
    {{{"OFD.xml", BODY("")}, {"Doc.xml", "<ofd:Document" NS "/>"}}, "OFD001", RC_OK},
    {{{"OFD.xml", BODY(ROOT ROOT)}, {"Doc.xml", "<ofd:Document" NS "/>"}}, "OFD001", RC_OK},
    {{{"OFD.xml", BODY("<ofd:DocBody/>")}}, "PKG007", RC_OK},
    {{{"OFD.xml", "<a/>"}}, "XML004", RC_OK},
    {{{"OFD.xml", BODY(ROOT)}, {"Doc.xml", "<ofd:Page" NS "/>"}}, "XML004", RC_OK},
    {{{"OFD.xml", "<!DOCTYPE OFD>" BODY(ROOT)}, {"Doc.xml", "<ofd:Document" NS "/>"}},
     "XML002",
     RC_OK},
    {{{"OFD.xml", BODY("<ofd:DocBody><ofd:DocRoot>../Doc.xml</ofd:DocRoot></ofd:DocBody>")},
      {"Doc.xml", "<ofd:Document" NS "/>"}},
     "PKG007",
     RC_OK},
    {{{"OFD.xml", BODY(ROOT)}, {"Encryptions.xml", "<a/>"}}, "PKG006", RC_OK},
    {{{"OFD.xml", BODY(ROOT)},
      {"Doc.xml", "<ofd:Document" NS "><ofd:Annotations>a.xml</ofd:Annotations></ofd:Document>"},
      {"a.xml", "no XML"}},
     "",
     RC_INPUT},
};

START_TEST(what_cannot_be_judged_is_refused)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    struct err err = ERR_INIT;
    size_t n = 0;
    enum rc rc;

    while (n < 3 && refused[_i].parts[n].name)
        n++;
    rc = open_parts(refused[_i].parts, n, &bytes, &ofd, &findings, &err);
    ck_assert_int_eq(rc, refused[_i].finding[0] ? RC_INPUT : RC_OK);
    ck_assert_str_eq(err.finding, refused[_i].finding);
    if (rc == RC_OK)
        ck_assert_int_eq(ofd->damaged, refused[_i].damaged);
}
END_TEST

/* One large part that is linked again and again costs no more than the limit. */
START_TEST(parts_linked_a_thousand_times_meet_a_limit)
{
    CLEANUP(buf_clear) struct buf document = BUF_INIT(LIMIT);
    CLEANUP(buf_clear) struct buf page = BUF_INIT(LIMIT);
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    struct err err = ERR_INIT;

    CK_OK(buf_puts(&document, "<ofd:Document" NS "><ofd:Pages>", &err), &err);
    for (int i = 0; i < 1000; i++)
        CK_OK(buf_puts(&document, "<ofd:Page BaseLoc=\"p.xml\"/>", &err), &err);
    CK_OK(buf_puts(&document, "</ofd:Pages></ofd:Document>", &err), &err);
    CK_OK(buf_puts(&page, "<ofd:Page" NS "><!--", &err), &err);
    for (int i = 0; i < 30000; i++)
        CK_OK(buf_puts(&page, "0123456789", &err), &err);
    CK_OK(buf_puts(&page, "--></ofd:Page>", &err), &err);
    CK_OK(open_parts((const struct part[]){{"OFD.xml", BODY(ROOT)},
                                           {"Doc.xml", document.data},
                                           {"p.xml", page.data}},
                     3, &bytes, &ofd, &findings, &err),
          &err);
    ck_assert_int_eq(ofd->damaged, RC_INPUT);
    ck_assert(findings_has(&findings, "XML003"));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, a_link_leads_where_the_standard_says, 0, N_OF(locs));
    tcase_add_test(tc, everything_is_found_by_links);
    tcase_add_test(tc, a_field_is_its_objects_in_reading_order);
    tcase_add_loop_test(tc, what_cannot_be_judged_is_refused, 0, N_OF(refused));
    tcase_add_test(tc, parts_linked_a_thousand_times_meet_a_limit);
}
