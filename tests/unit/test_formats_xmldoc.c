/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <string.h>

#include "core/base/limits.h"
#include "formats/xmldoc.h"
#include "tests/unit/unit.h"

START_TEST(elements_attributes_and_texts_are_read)
{
    static const char text[] =
        "\xef\xbb\xbf<?xml version='1.0'?><o:a xmlns:o='urn:x' one='1&amp;2'>\n <o:b> 值 </o:b>"
        "<c/><o:b><![CDATA[<]]>&#x4e00;</o:b></o:a>";
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    const struct xmlel *root, *b;
    struct err err = ERR_INIT;

    CK_OK(xmldoc_parse(span_of(text), XML_STRICT, &doc, &err), &err);
    root = xmldoc_root(doc);
    ck_assert_str_eq(xmlel_name(root), "a");
    ck_assert_str_eq(xmlel_namespace(root), "urn:x");
    ck_assert_str_eq(xmlel_attr(root, "one"), "1&2");
    ck_assert_ptr_null(xmlel_attr(root, "two"));
    ck_assert_str_eq(xmlel_text(root), "");
    b = xmlel_child(root, "b");
    ck_assert_int_eq(xmlel_line(b), 2);
    ck_assert_str_eq(xmlel_text(b), "值");
    ck_assert_str_eq(xmlel_text_raw(b), " 值 ");
    ck_assert_str_eq(xmlel_text(xmlel_same(b)), "<一");
    ck_assert_ptr_null(xmlel_same(xmlel_same(b)));
    ck_assert_str_eq(xmlel_name(xmlel_next(b)), "c");
    ck_assert_str_eq(xmlel_child_text(root, "c"), "");
    ck_assert_ptr_null(xmlel_child_text(root, "d"));
    ck_assert_ptr_null(xmlel_child(NULL, "d"));
}
END_TEST

static const struct {
    const char *text, *finding, *where;
} bad[] = {
    {"", "XML001", ""},
    {"plain", "XML001", ":1:1"},
    {"<a>", "XML001", ":1:4"},
    {"<a><b></a>", "XML001", ":1:11"},
    {"<a>&nothing;</a>", "XML001", ":1:13"},
    {"<a/><b/>", "XML001", ":1:5"},
    {"<!DOCTYPE a><a/>", "XML002", ":1:12"},
    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "XML002", ":1:40"},
    {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "XML002", ":1:13"},
    {"<p:a/>", "XML006", ":1:5"},
    {"<:a xmlns:=\"\"/>", "XML006", NULL},
};

START_TEST(what_is_no_xml_of_ours_is_refused)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(xmldoc_parse(span_of(bad[_i].text), XML_STRICT, &doc, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, bad[_i].finding);
    if (bad[_i].where)
        ck_assert_str_eq(err.where, bad[_i].where);
}
END_TEST

/* As vendors write tag files: ill-formed under Namespaces in XML alone. */
START_TEST(a_lenient_parse_forgives_namespaces_and_nothing_else)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    CK_OK(xmldoc_parse(span_of("<:params xmlns:=\"\"><:证号><ObjectRef>7</ObjectRef></:证号>"
                               "</:params>"),
                       XML_LENIENT, &doc, &err),
          &err);
    ck_assert(xmldoc_ns_broken(doc));
    ck_assert_str_eq(xmlel_child_text(xmlel_first(xmldoc_root(doc)), "ObjectRef"), "7");
    xmldoc_free(doc);
    doc = NULL;
    ck_assert_int_eq(xmldoc_parse(span_of("<a><b></a>"), XML_LENIENT, &doc, &err), RC_INPUT);
    ck_assert_int_eq(xmldoc_parse(span_of("<!DOCTYPE a><a/>"), XML_LENIENT, &doc, &err), RC_INPUT);
}
END_TEST

static void nest(int depth, struct buf *out)
{
    struct err err = ERR_INIT;

    for (int i = 0; i < depth; i++)
        CK_OK(buf_puts(out, "<a>", &err), &err);
    for (int i = 0; i < depth; i++)
        CK_OK(buf_puts(out, "</a>", &err), &err);
}

START_TEST(depth_is_bounded)
{
    static const int depths[] = {LIMIT_XML_DEPTH, LIMIT_XML_DEPTH + 1, 10000};
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    nest(depths[_i], &text);
    ck_assert_int_eq(xmldoc_parse(buf_span(&text), XML_STRICT, &doc, &err),
                     _i == 0 ? RC_OK : RC_INPUT);
    ck_assert_str_eq(err.finding, _i == 0 ? "" : "XML003");
}
END_TEST

START_TEST(gb18030_and_utf16_documents_are_read)
{
    static const char gbk[] = "<?xml version='1.0' encoding='GBK'?><a>\xd6\xa4</a>";
    static const unsigned char utf16[] = {0xff, 0xfe, '<', 0,   'a', 0,   '>', 0,   0xc1,
                                          0x8b, '<',  0,   '/', 0,   'a', 0,   '>', 0};
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    CLEANUP(xmldoc_freep) struct xmldoc *other = NULL;
    struct err err = ERR_INIT;

    CK_OK(xmldoc_parse(span_of(gbk), XML_STRICT, &doc, &err), &err);
    ck_assert_str_eq(xmlel_text(xmldoc_root(doc)), "证");
    CK_OK(xmldoc_parse((struct span){utf16, sizeof(utf16)}, XML_STRICT, &other, &err), &err);
    ck_assert_str_eq(xmlel_text(xmldoc_root(other)), "证");
}
END_TEST

/* The attribute checks of libxml2 cost the square of their number, in whatever encoding. */
static void many(bool wide, const char *form, int n, struct buf *out)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    struct err err = ERR_INIT;
    enum rc rc = RC_OK;

    CK_OK(buf_puts(&text, wide ? "<a" : "<a x='>'", &err), &err);
    for (int i = 0; i < n && rc == RC_OK; i++)
        rc = buf_addf(&text, &err, form, i); /* each CK_OK would write to a pipe */
    CK_OK(buf_puts(&text, "/>", &err), &err);
    if (wide)
        CK_OK(buf_add(out, "\xfe\xff", 2, &err), &err);
    for (size_t i = 0; i < text.len && rc == RC_OK; i++) {
        rc = buf_add(out, "", wide, &err);
        rc = rc_worse(rc, buf_add(out, &text.data[i], 1, &err));
    }
    CK_OK(rc, &err);
}

static const struct {
    bool wide;
    const char *form;
    int n;
    enum rc rc;
} crowds[] = {
    {false, " a%d='<'", 1, RC_INPUT},      {false, " a%d = \"\"", LIMIT_XML_ATTRIBUTES, RC_INPUT},
    {false, " a%d='>'", 200, RC_OK},       {false, " a%d=\n'>'", 300000, RC_INPUT},
    {true, " a%d='1'", 200, RC_OK},        {true, " a%d='1'", 300000, RC_INPUT},
    {false, " xmlns:a%d='u'", 200, RC_OK}, {false, " xmlns:a%d='u'", 300000, RC_INPUT},
};

START_TEST(an_element_has_few_attributes)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    many(crowds[_i].wide, crowds[_i].form, crowds[_i].n, &text);
    ck_assert_int_eq(xmldoc_parse(buf_span(&text), XML_STRICT, &doc, &err), crowds[_i].rc);
    if (crowds[_i].n > LIMIT_XML_ATTRIBUTES)
        ck_assert_str_eq(err.finding, "XML003");
}
END_TEST

START_TEST(namespaces_are_few_at_any_depth)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    int depth = _i == 0 ? 100 : 200;
    struct err err = ERR_INIT;

    for (int i = 0; i < depth; i++)
        CK_OK(buf_addf(&text, &err, "<a xmlns:b%d='u' xmlns:c%d='u'><b xmlns:d='u'/>", i, i), &err);
    for (int i = 0; i < depth; i++)
        CK_OK(buf_puts(&text, "</a>", &err), &err);
    ck_assert_int_eq(xmldoc_parse(buf_span(&text), XML_STRICT, &doc, &err),
                     _i == 0 ? RC_OK : RC_INPUT);
    ck_assert_str_eq(err.finding, _i == 0 ? "" : "XML003");
}
END_TEST

START_TEST(an_encoding_that_hides_its_characters_is_refused)
{
    static const char *const names[] = {"UTF-7", "ISO-2022-CN", "HZ", "IBM037"};
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_XML);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    CK_OK(buf_addf(&text, &err, "<?xml version='1.0' encoding='%s'?><a/>", names[_i]), &err);
    ck_assert_int_eq(xmldoc_parse(buf_span(&text), XML_STRICT, &doc, &err), RC_INPUT);
    ck_assert_ptr_null(doc);
}
END_TEST

START_TEST(escaped_text_reads_back)
{
    static const char text[] = "<a href=\"x\">&\r\n\t'一";
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(1000);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    CK_OK(buf_puts(&xml, "<r v=\"", &err), &err);
    CK_OK(xml_escape(&xml, text, &err), &err);
    CK_OK(buf_puts(&xml, "\"/>", &err), &err);
    CK_OK(xmldoc_parse(buf_span(&xml), XML_STRICT, &doc, &err), &err);
    ck_assert_str_eq(xmlel_attr(xmldoc_root(doc), "v"), text);
}
END_TEST

static void *parse_once(void *failed)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    return xmldoc_parse(span_of("<a/>"), XML_STRICT, &doc, &err) == RC_OK ? NULL : failed;
}

/* The first use of libxml2 in the process: SAN=thread sees it. */
START_TEST(threads_may_parse_first_together)
{
    pthread_t threads[4];
    void *failed = NULL;

    for (int i = 0; i < N_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, parse_once, threads), 0);
    for (int i = 0; i < N_OF(threads); i++) {
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, elements_attributes_and_texts_are_read);
    tcase_add_loop_test(tc, what_is_no_xml_of_ours_is_refused, 0, N_OF(bad));
    tcase_add_test(tc, a_lenient_parse_forgives_namespaces_and_nothing_else);
    tcase_add_loop_test(tc, depth_is_bounded, 0, 3);
    tcase_add_test(tc, gb18030_and_utf16_documents_are_read);
    tcase_add_loop_test(tc, an_element_has_few_attributes, 0, N_OF(crowds));
    tcase_add_loop_test(tc, namespaces_are_few_at_any_depth, 0, 2);
    tcase_add_loop_test(tc, an_encoding_that_hides_its_characters_is_refused, 0, 4);
    tcase_add_test(tc, escaped_text_reads_back);
    tcase_add_test(tc, threads_may_parse_first_together);
}
