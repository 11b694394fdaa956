/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is on the page and cannot be seen, each with a twin that can. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/ofdkit.h"

#define PAGE "Doc_0/Pages/Page_0/Content.xml"
#define TEXT_AT(box, attrs, inside)                                                         \
    "<ofd:TextObject ID=\"40\" Boundary=\"" box "\" Font=\"2\" Size=\"4\"" attrs ">" inside \
    "<ofd:TextCode X=\"0\" Y=\"4\" DeltaX=\"4 4 4\">长期有效</ofd:TextCode></ofd:TextObject>"
#define TEXT(attrs, inside) TEXT_AT("60 10 50 5", attrs, inside)
#define WHITE "<ofd:FillColor Value=\"255 255 255\"/>"
#define PATH(box, attrs, colour, data)                                                             \
    "<ofd:PathObject ID=\"41\" Boundary=\"" box "\"" attrs ">" colour "<ofd:AbbreviatedData>" data \
    "</ofd:AbbreviatedData></ofd:PathObject>"
#define RECT(box, colour) \
    PATH(box, " Fill=\"true\" Stroke=\"false\"", colour, "M 0 0 L 60 0 L 60 20 L 0 20 C")
#define IMAGE(box, attrs, id) \
    "<ofd:ImageObject ID=\"42\" Boundary=\"" box "\" ResourceID=\"" id "\"" attrs "/>"
#define CLIP(data)                                                                              \
    "<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary=\"0 0 50 5\"><ofd:AbbreviatedData>" data \
    "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
#define SQUARE " CTM=\"60 0 0 20 0 0\""

/* 70 is a JPEG, 71 a PNG with alpha, 72 one without, 73 one whose palette is see-through,
 * 74 is missing. */
static const struct {
    const char *objects, *code;
} pages[] = {
    {TEXT("", ""), NULL},
    /* under something */
    {TEXT("", "") RECT("55 5 60 20", "<ofd:FillColor Value=\"200 0 0\"/>"), "LAY301"},
    {TEXT("", "") RECT("55 5 60 20", WHITE), "LAY301"},
    {TEXT("", "") RECT("55 5 60 20", "<ofd:FillColor Value=\"0 0 0\" Alpha=\"60\"/>"), NULL},
    {RECT("55 5 60 20", "<ofd:FillColor Value=\"200 0 0\"/>") TEXT("", ""), NULL},
    {TEXT("", "") RECT("55 5 10 20", "<ofd:FillColor Value=\"200 0 0\"/>"), NULL},
    {TEXT("", "") PATH("55 5 60 20", " Fill=\"true\"", "<ofd:FillColor Value=\"200 0 0\"/>",
                       "M 0 0 L 60 0 L 30 1 C"),
     NULL},
    /* a frame is no ground, a ground with round corners is one; of arcs nothing is said */
    {PATH("0 0 200 200", " Fill=\"true\"", "<ofd:FillColor Value=\"200 0 0\"/>",
          "M 1 1 L 9 1 L 9 9 L 1 9 C M 190 1 L 199 1 L 199 9 L 190 9 C") TEXT("", WHITE),
     "LAY307"},
    {PATH("0 0 200 200", " Fill=\"true\"", "<ofd:FillColor Value=\"200 0 0\"/>",
          "M 5 0 L 190 0 Q 199 0 199 9 L 199 90 B 199 99 199 99 190 99 L 0 99 C") TEXT("", WHITE),
     NULL},
    {PATH("0 0 200 200", " Fill=\"true\"", "<ofd:FillColor Value=\"200 0 0\"/>",
          "M 0 0 A 90 90 0 1 1 199 99 C") TEXT("", WHITE),
     NULL},
    {PATH("0 0 200 200", " Fill=\"true\" Rule=\"Even-Odd\"", "<ofd:FillColor Value=\"200 0 0\"/>",
          "M 0 0 L 199 0 L 199 199 L 0 199 C M 50 5 L 150 5 L 150 20 L 50 20 C") TEXT("", WHITE),
     "LAY307"},
    {TEXT("", "") PATH("0 0 200 200", " Fill=\"true\"", "<ofd:FillColor Value=\"200 0 0\"/>",
                       "M 40 0 L 199 0 L 199 199 L 0 199 C"),
     "LAY301"},
    {TEXT("", "") PATH("55 5 60 20", "", "", "M 0 0 L 60 0 L 60 20 L 0 20 C"), NULL},
    {TEXT("", "") PATH("55 5 60 20", " LineWidth=\"8\"", "", "M 0 8 L 60 8"), "LAY301"},
    {TEXT("", "") PATH("55 5 60 20", " LineWidth=\"0.5\"", "", "M 0 8 L 60 8"), NULL},
    /* two halves cover as one whole does */
    {TEXT("", "") RECT("10 5 58 20", WHITE) RECT("68 5 60 20", WHITE), "LAY301"},
    {TEXT("", "") IMAGE("55 5 60 20", SQUARE, "70"), "LAY301"},
    {TEXT("", "") IMAGE("55 5 60 20", SQUARE, "72"), "LAY301"},
    {TEXT("", "") IMAGE("55 5 60 20", SQUARE, "71"), "LAY302"},
    {TEXT("", "") IMAGE("55 5 60 20", SQUARE, "73"), "LAY302"},
    {TEXT("", "") IMAGE("55 5 60 20", SQUARE " Alpha=\"100\"", "70"), "LAY302"},
    {TEXT("", "") IMAGE("55 5 60 20", " CTM=\"9 0 0 9 50 0\"", "70"), NULL},
    {TEXT("", "") IMAGE("55 5 60 20", SQUARE " Visible=\"false\"", "70"), NULL},
    {IMAGE("55 5 60 20", SQUARE, "70") TEXT("", ""), NULL},
    /* turned by 45 degrees: its corners are under nothing */
    {TEXT("", "") IMAGE("0 0 200 200", " CTM=\"10 10 -10 10 70 0\"", "70"), NULL},
    /* outside */
    {TEXT_AT("230 10 50 5", "", ""), "LAY303"},
    {TEXT_AT("60 -20 50 5", "", ""), "LAY303"},
    {TEXT_AT("200 10 50 5", "", ""), NULL},
    {TEXT("", "") TEXT(" CTM=\"1 0 0 1 0 30\"", ""), "LAY304"},
    {TEXT("", CLIP("M 0 50 L 9 50 L 9 60 C")), "LAY304"},
    {TEXT("", CLIP("M 0 0 L 50 0 L 50 5 L 0 5 C")), NULL},
    /* not shown */
    {TEXT(" Visible=\"false\"", ""), "LAY305"},
    {"<ofd:PageBlock ID=\"44\" Visible=\"false\">" TEXT("", "") "</ofd:PageBlock>", "LAY305"},
    {TEXT(" Visible=\"true\"", ""), NULL},
    {TEXT(" Alpha=\"0\"", ""), "LAY306"},
    {TEXT("", "<ofd:FillColor Value=\"0 0 0\" Alpha=\"3\"/>"), "LAY306"},
    {TEXT(" Alpha=\"120\"", ""), NULL},
    {TEXT(" Fill=\"false\"", ""), "LAY309"},
    {TEXT(" Fill=\"false\" Stroke=\"true\"", ""), NULL},
    /* colours */
    {TEXT("", WHITE), "LAY307"},
    {TEXT("", "<ofd:FillColor Value=\"250\"/>"), "LAY307"},
    {TEXT("", "<ofd:FillColor Value=\"#ff #FF #fe\"/>"), "LAY307"},
    {TEXT("", "<ofd:FillColor Value=\"0 0 0 0\"/>"), "LAY307"},
    {TEXT("", "<ofd:FillColor Value=\"0 0 0 255\"/>"), NULL},
    {TEXT("", "<ofd:FillColor Value=\"120 120 120\"/>"), NULL},
    {TEXT(" DrawParam=\"80\"", ""), "LAY307"},
    {TEXT(" DrawParam=\"81\"", ""), "LAY307"},
    {TEXT(" DrawParam=\"82\"", ""), NULL},
    {TEXT(" DrawParam=\"80\"", "<ofd:FillColor Value=\"0 0 0\"/>"), NULL},
    {RECT("55 5 60 20", "<ofd:FillColor Value=\"200 0 0\"/>") TEXT("", WHITE), NULL},
    {RECT("55 5 60 20", "<ofd:FillColor Value=\"200 0 0\"/>")
         TEXT("", "<ofd:FillColor Value=\"201 3 0\"/>"),
     "LAY307"},
    {IMAGE("55 5 60 20", SQUARE, "70") TEXT("", WHITE), NULL},
    {RECT("55 5 9 20", "<ofd:FillColor Value=\"200 0 0\"/>") TEXT("", WHITE), NULL},
    {TEXT("", "<ofd:FillColor><ofd:AxialShd/></ofd:FillColor>"), NULL},
    {TEXT(" Stroke=\"true\"", WHITE "<ofd:StrokeColor Value=\"0 0 0\"/>"), NULL},
    /* sizes */
    {TEXT(" CTM=\"0.05 0 0 0.05 0 0\"", ""), "LAY308"},
    {TEXT(" CTM=\"0.5 0 0 0.5 0 0\"", ""), NULL},
    /* nothing to be seen in the first place */
    {"<ofd:TextObject ID=\"40\" Boundary=\"230 1 2 2\" Font=\"2\" Size=\"4\"><ofd:TextCode X=\"0\" "
     "Y=\"4\">　 </ofd:TextCode></ofd:TextObject>",
     NULL},
};

static struct kit kit;

static void open_kit(void)
{
    kit_open(&kit);
    kit.judge.content = true;
}

static void close_kit(void)
{
    kit_close(&kit);
}

static void put_bytes(const char *name, const char *bytes, size_t n)
{
    struct err err = ERR_INIT;

    CK_OK(ofd_bundle_put(&kit.bundle, name, (struct span){(const unsigned char *)bytes, n},
                         PACK_FAST, &err),
          &err);
}

#define PNG(kind) "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08" kind "\0\0\0\1\2\3\4"

static void put_pictures(void)
{
    static const char resources[] =
        "<ofd:Res" KIT_NS " BaseLoc=\"Res\"><ofd:DrawParams>"
        "<ofd:DrawParam ID=\"81\" Relative=\"80\"/>"
        "<ofd:DrawParam ID=\"80\"><ofd:FillColor Value=\"255 255 255\"/></ofd:DrawParam>"
        "<ofd:DrawParam ID=\"82\" Relative=\"82\"/></ofd:DrawParams>"
        "<ofd:Fonts><ofd:Font ID=\"2\" FontName=\"宋体\"><ofd:FontFile>f.ttf</ofd:FontFile>"
        "</ofd:Font></ofd:Fonts><ofd:MultiMedias>"
        "<ofd:MultiMedia ID=\"70\"><ofd:MediaFile>a.jpg</ofd:MediaFile></ofd:MultiMedia>"
        "<ofd:MultiMedia ID=\"71\"><ofd:MediaFile>b.png</ofd:MediaFile></ofd:MultiMedia>"
        "<ofd:MultiMedia ID=\"72\"><ofd:MediaFile>c.png</ofd:MediaFile></ofd:MultiMedia>"
        "<ofd:MultiMedia ID=\"73\"><ofd:MediaFile>d.png</ofd:MediaFile></ofd:MultiMedia>"
        "</ofd:MultiMedias></ofd:Res>";
    static const char jpeg[] = "\xff\xd8\xff\xe0 no picture";
    static const char alpha[] = PNG("\6"), plain[] = PNG("\2") "\0\0\0\0IDAT\0\0\0\0";
    static const char palette[] = PNG("\3") "\0\0\0\1tRNS\0\0\0\0\0\0\0\0\0IDAT\0\0\0\0";

    kit_put(&kit, "Doc_0/PublicRes.xml", resources);
    put_bytes("Doc_0/Res/a.jpg", jpeg, sizeof(jpeg) - 1);
    put_bytes("Doc_0/Res/b.png", alpha, sizeof(alpha) - 1);
    put_bytes("Doc_0/Res/c.png", plain, sizeof(plain) - 1);
    put_bytes("Doc_0/Res/d.png", palette, sizeof(palette) - 1);
}

static void put_page(const char *objects)
{
    CLEANUP(buf_clear) struct buf page = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;

    CK_OK(buf_addf(&page, &err,
                   "<ofd:Page" KIT_NS "><ofd:Content><ofd:Layer ID=\"3\">%s</ofd:Layer>"
                   "</ofd:Content></ofd:Page>",
                   objects),
          &err);
    kit_put(&kit, PAGE, page.data);
}

/* The first finding about hidden text, or NULL. */
static const struct finding *find_hidden(const struct verification *v)
{
    for (size_t i = 0; i < v->findings.n; i++) {
        if (strncmp(v->findings.list[i].type->code, "LAY3", 4) == 0)
            return &v->findings.list[i];
    }
    return NULL;
}

START_TEST(text_that_cannot_be_seen_is_found_and_other_text_is_not)
{
    CLEANUP(verification_clear) struct verification v = {0};
    const struct finding *hidden;

    kit_document(&kit, "");
    put_pictures();
    put_page(pages[_i].objects);
    kit_seal(&kit, true, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, pages[_i].code);
    hidden = find_hidden(&v);
    if (!pages[_i].code) {
        ck_assert_msg(!hidden, "%s", hidden ? hidden->en : "");
        return;
    }
    ck_assert_str_eq(hidden->type->code, pages[_i].code);
    ck_assert_ptr_nonnull(strstr(hidden->en, "长期有效"));
    ck_assert_ptr_nonnull(strstr(hidden->en, "objects 40"));
    ck_assert_str_eq(hidden->where.part, PAGE);
}
END_TEST

START_TEST(without_content_nobody_looks)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit.judge.content = false;
    kit_document(&kit, "");
    put_page(TEXT(" Visible=\"false\"", ""));
    kit_seal(&kit, true, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, NULL);
    ck_assert_ptr_null(find_hidden(&v));
}
END_TEST

/* Texts by the thousand over and under shapes by the thousand: the looking ends, and says so. */
START_TEST(a_page_of_too_much_is_said_not_to_be_looked_at_everywhere)
{
    CLEANUP(buf_clear) struct buf objects = BUF_INIT(KIT_LIMIT);
    CLEANUP(verification_clear) struct verification v = {0};
    struct err err = ERR_INIT;

    for (int i = 0; i < 3000; i++)
        CK_OK(buf_puts(&objects,
                       RECT("55 5 60 20", "<ofd:FillColor Value=\"200 0 0\" Alpha=\"90\"/>")
                           TEXT("", ""),
                       &err),
              &err);
    kit_document(&kit, "");
    put_page(objects.data);
    kit_seal(&kit, true, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, "LAY312");
}
END_TEST

#define GLYPHS(text, glyphs)                                                                    \
    "<ofd:TextObject ID=\"40\" Boundary=\"60 10 50 5\" Font=\"2\" Size=\"4\"><ofd:CGTransform " \
    "CodePosition=\"0\" CodeCount=\"2\" GlyphCount=\"2\"><ofd:Glyphs>" glyphs "</ofd:Glyphs>"   \
    "</ofd:CGTransform><ofd:TextCode X=\"0\" Y=\"4\" DeltaX=\"4\">" text "</ofd:TextCode>"      \
    "</ofd:TextObject>"

/* Characters of one font and the glyphs that the page draws for them. */
static const struct {
    const char *objects;
    bool odd;
} transforms[] = {
    {GLYPHS("张三", "7 8"), false},
    {GLYPHS("张三", "7 8") GLYPHS("李三", "9 8"), false},
    {GLYPHS("张三", "7 8") GLYPHS("张四", "9 10"), true}, /* 张 is drawn in two ways */
    {GLYPHS("张三", "7 7"), true},                        /* and here as 三 */
    {GLYPHS("（(", "7 7"), false},                        /* as fonts do */
    {GLYPHS("张三", "0 0"), false},                       /* the font has neither */
};

START_TEST(glyphs_that_do_not_fit_the_text_are_noted)
{
    CLEANUP(verification_clear) struct verification v = {0};

    kit_document(&kit, "");
    put_page(transforms[_i].objects);
    kit_seal(&kit, true, NULL);
    kit_judge(&kit, &v);
    kit_expect(&v, RC_OK, transforms[_i].odd ? "LAY310" : NULL);
    ck_assert_int_eq(findings_has(&v.findings, "LAY310"), transforms[_i].odd);
}
END_TEST

/* An annotation over the text, which the seal covers or which came after it. */
START_TEST(an_annotation_that_no_seal_covers_is_told)
{
    static const char list[] =
        "<ofd:Annotations" KIT_NS "><ofd:Page PageID=\"1\"><ofd:FileLoc>b.xml"
        "</ofd:FileLoc></ofd:Page></ofd:Annotations>";
    static const char annots[] = "<ofd:PageAnnot" KIT_NS "><ofd:Annot ID=\"9\" Type=\"Watermark\">"
                                 "<ofd:Appearance Boundary=\"55 5 60 20\">" IMAGE(
                                     "0 0 60 20", SQUARE, "71") "</ofd:Appearance></ofd:Annot>"
                                                                "</ofd:PageAnnot>";
    CLEANUP(verification_clear) struct verification v = {0};
    bool after = _i == 1;

    kit_document(&kit, "");
    put_pictures();
    kit_put(&kit, "Doc_0/Document.xml",
            "<ofd:Document" KIT_NS "><ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "</ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/>"
            "</ofd:Pages><ofd:Annotations>/a.xml</ofd:Annotations></ofd:Document>");
    put_page(TEXT("", ""));
    kit_put(&kit, "a.xml", list);
    if (!after)
        kit_put(&kit, "b.xml", annots);
    kit_seal(&kit, true, NULL);
    if (after)
        kit_put(&kit, "b.xml", annots);
    kit_judge(&kit, &v);
    kit_expect(&v, after ? RC_UNDECIDED : RC_OK, after ? "LAY311" : "LAY302");
    ck_assert_int_eq(findings_has(&v.findings, "LAY311"), after);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 20); /* under a sanitizer on a busy machine */
    tcase_add_test(tc, a_page_of_too_much_is_said_not_to_be_looked_at_everywhere);
    tcase_add_loop_test(tc, glyphs_that_do_not_fit_the_text_are_noted, 0, N_OF(transforms));
    tcase_add_loop_test(tc, an_annotation_that_no_seal_covers_is_told, 0, 2);
    tcase_add_checked_fixture(tc, open_kit, close_kit);
    tcase_add_loop_test(tc, text_that_cannot_be_seen_is_found_and_other_text_is_not, 0,
                        N_OF(pages));
    tcase_add_test(tc, without_content_nobody_looks);
}
