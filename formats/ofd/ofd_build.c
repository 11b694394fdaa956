/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GB/T 33190-2016: the package of a licence.  IDs: the template's objects and
 * fonts come first, so that they are the same in every licence of a template; the
 * licence's own follow.
 */
#include "formats/ofd/ofd_build.h"

#include <stdio.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_content.h"
#include "formats/xmldoc.h"

struct ofd_constant {
    struct ofd_bundle bundle; /* PublicRes.xml, Tpl_n/Content.xml, fonts, pictures, lists */
    struct ofd_known *known;  /* own, with their documents: the members of the bundle */
    size_t n_known;
    unsigned last_id;        /* of the constant part */
    unsigned first_template; /* ID of TemplatePage 0; the others follow */
    unsigned first_page;     /* ID of Page 0; the others follow */
    size_t n_pages;
    um width, height; /* of page 0 */
};

size_t ofd_constant_known(const struct ofd_constant *constant, const struct ofd_known **list)
{
    *list = constant->known;
    return constant->n_known;
}

unsigned ofd_constant_page_id(const struct ofd_constant *constant, int page)
{
    return constant->first_page + (unsigned)page - 1;
}

void ofd_constant_free(struct ofd_constant *constant)
{
    if (!constant)
        return;
    for (size_t i = 0; i < constant->n_known; i++)
        xmldoc_free(constant->known[i].xml);
    free(constant->known);
    ofd_bundle_clear(&constant->bundle);
    free(constant);
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS " xmlns:ofd=\"" OFD_NAMESPACE "\""

/*
 * Fonts are compressed hard when they are packed once.  A licence's own is stored: to
 * deflate and, in verifying, to inflate it costs a tenth of the whole, for 7 of 24 kB.
 */
static enum rc put_resources(struct ofd_bundle *bundle, const struct sheet *sheet,
                             const char *prefix, enum pack_level level, struct err *err)
{
    char name[64];

    for (size_t i = 0; i < sheet->n_fonts; i++) {
        const struct page_font *font = &sheet->fonts[i];

        (void)snprintf(name, sizeof(name), "Doc_0/Res/%sfont_%zu.%s", prefix, i,
                       font->truetype ? "ttf" : "otf");
        TRY(ofd_bundle_put(bundle, name, (struct span){font->file, font->len}, level, err));
    }
    for (size_t i = 0; i < sheet->n_pictures; i++) {
        const struct page_picture *picture = &sheet->pictures[i];

        (void)snprintf(name, sizeof(name), "Doc_0/Res/%simage_%zu.%s", prefix, i,
                       strcmp(picture->format, "JPEG") == 0 ? "jpg" : "png");
        /* PNG and JPEG are compressed already. */
        TRY(ofd_bundle_put(bundle, name, (struct span){picture->file, picture->len}, PACK_STORE,
                           err));
    }
    return RC_OK;
}

static enum rc put_xml(struct ofd_bundle *bundle, const char *name, const struct buf *xml,
                       struct err *err)
{
    return ofd_bundle_put(bundle, name, buf_span(xml), PACK_FAST, err);
}

static const char attachments[] =
    XML_HEAD "<ofd:Attachments" XMLNS ">"
             "<ofd:Attachment ID=\"att1\" Name=\"licence.json\" Format=\"json\" Visible=\"false\">"
             "<ofd:FileLoc>licence.json</ofd:FileLoc></ofd:Attachment>"
             "<ofd:Attachment ID=\"att2\" Name=\"digests.json\" Format=\"json\" Visible=\"false\">"
             "<ofd:FileLoc>digests.json</ofd:FileLoc></ofd:Attachment>"
             "<ofd:Attachment ID=\"att3\" Name=\"salts.json\" Format=\"json\" Visible=\"false\">"
             "<ofd:FileLoc>salts.json</ofd:FileLoc></ofd:Attachment></ofd:Attachments>";

static const char custom_tags[] =
    XML_HEAD "<ofd:CustomTags" XMLNS ">"
             "<ofd:CustomTag NameSpace=\"urn:ecert:licence\" TypeID=\"licence\">"
             "<ofd:FileLoc>Licence.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>";

static struct ofd_known *add_known(struct ofd_constant *constant)
{
    constant->known =
        mem_resize(constant->known, (constant->n_known + 1) * sizeof(*constant->known));
    constant->known[constant->n_known] = (struct ofd_known){.xml = NULL};
    return &constant->known[constant->n_known++];
}

/* Packed once, and parsed once for all verifications of what is made. */
static enum rc add_xml(struct ofd_constant *constant, const char *name, struct span xml,
                       struct err *err)
{
    TRY(ofd_bundle_put(&constant->bundle, name, xml, PACK_SMALL, err));
    TRY_AT(xmldoc_parse(xml, XML_STRICT, &add_known(constant)->xml, err), err, "%s", name);
    return RC_OK;
}

static enum rc add_template(struct ofd_constant *constant, const struct sheet *sheet, size_t i,
                            struct ofd_ids *ids, struct err *err)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);
    struct ofd_page_frame frame = {.page = &sheet->pages[i], .layer = "Background"};
    char name[64];

    TRY(ofd_content_page(&frame, ids, NULL, &xml, err));
    (void)snprintf(name, sizeof(name), "Doc_0/Tpls/Tpl_%zu/Content.xml", i);
    return add_xml(constant, name, buf_span(&xml), err);
}

/* XML first: its documents stand in `known` in the order of the members. */
static enum rc add_members(struct ofd_constant *constant, const struct sheet *sheet,
                           struct ofd_ids *ids, struct err *err)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);
    struct ofd_bundle *bundle = &constant->bundle;

    TRY(ofd_content_res(sheet, "t_", ids, &xml, err));
    TRY(add_xml(constant, "Doc_0/PublicRes.xml", buf_span(&xml), err));
    for (size_t i = 0; i < sheet->n_pages; i++)
        TRY(add_template(constant, sheet, i, ids, err));
    TRY(add_xml(constant, "Doc_0/Tags/CustomTags.xml", span_of(custom_tags), err));
    TRY(add_xml(constant, "Doc_0/Attachs/Attachments.xml", span_of(attachments), err));
    TRY(put_resources(bundle, sheet, "t_", PACK_SMALL, err));
    while (constant->n_known < bundle->n)
        (void)add_known(constant);
    for (size_t i = 0; i < bundle->n; i++)
        constant->known[i].packed = &bundle->members[i].own;
    return RC_OK;
}

enum rc ofd_constant_make(const struct sheet *sheet, struct ofd_constant **out, struct err *err)
{
    CLEANUP(ofd_constant_freep) struct ofd_constant *constant = mem_zero(1, sizeof(*constant));
    struct ofd_ids ids = {.next = 1};

    constant->n_pages = sheet->n_pages;
    constant->width = sheet->pages[0].width;
    constant->height = sheet->pages[0].height;
    constant->first_page = ids.next;
    ids.next += (unsigned)sheet->n_pages;
    constant->first_template = ids.next;
    ids.next += (unsigned)sheet->n_pages;
    TRY(add_members(constant, sheet, &ids, err));
    constant->last_id = ids.next - 1;
    *out = MOVE(constant);
    return RC_OK;
}

/* Table 3: DocInfo repeats the metadata; KZ_ marks what belongs to the licence type. */
static void doc_info(struct xmlout *x, const struct ofd_content *content)
{
    const struct licence *licence = content->licence;
    char id[33];

    hex_encode(content->doc_id, 16, id);
    xmlout_raw(x, "<ofd:DocInfo>");
    xmlout_element(x, "ofd:DocID", id);
    xmlout_element(x, "ofd:Title", licence->type_name);
    xmlout_element(x, "ofd:CreationDate", licence->made);
    xmlout_element(x, "ofd:Creator", "ecert");
    xmlout_element(x, "ofd:CreatorVersion", ECERT_VERSION);
    xmlout_raw(x, "<ofd:CustomDatas>");
    for (size_t i = 0; i < licence->n_metadata; i++) {
        xmlout_raw(x, "<ofd:CustomData");
        xmlout_attr(x, "Name", licence->metadata[i].key);
        xmlout_raw(x, ">");
        xmlout_text(x, licence->metadata[i].value);
        xmlout_raw(x, "</ofd:CustomData>");
    }
    for (size_t i = 0; i < licence->n_fields; i++) {
        xmlout_raw(x, "<ofd:CustomData Name=\"KZ_");
        xmlout_text(x, licence->fields[i].short_name);
        xmlout_raw(x, "\">");
        xmlout_text(x, licence->fields[i].value);
        xmlout_raw(x, "</ofd:CustomData>");
    }
    xmlout_raw(x, "</ofd:CustomDatas></ofd:DocInfo>");
}

static enum rc put_root(struct ofd_bundle *bundle, const struct ofd_content *content,
                        struct err *err)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);
    struct xmlout x = xmlout_begin(&xml, err);

    xmlout_raw(&x, XML_HEAD "<ofd:OFD" XMLNS " Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody>");
    doc_info(&x, content);
    xmlout_raw(&x, "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot>");
    if (content->will_be_sealed)
        xmlout_raw(&x, "<ofd:Signatures>/" OFD_SIGNATURES "</ofd:Signatures>");
    xmlout_raw(&x, "</ofd:DocBody></ofd:OFD>");
    TRY(xmlout_end(&x));
    return put_xml(bundle, "OFD.xml", &xml, err);
}

static enum rc put_document(struct ofd_bundle *bundle, const struct ofd_constant *constant,
                            unsigned max_id, struct err *err)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);
    struct xmlout x = xmlout_begin(&xml, err);
    struct box paper = {0, 0, constant->width, constant->height};

    xmlout_raw(&x, XML_HEAD "<ofd:Document" XMLNS "><ofd:CommonData><ofd:MaxUnitID>");
    xmlout_number(&x, max_id);
    xmlout_raw(&x, "</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>");
    xmlout_box(&x, paper);
    xmlout_raw(&x, "</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
                   "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>");
    for (size_t i = 0; i < constant->n_pages; i++) {
        xmlout_raw(&x, "<ofd:TemplatePage ID=\"");
        xmlout_number(&x, constant->first_template + i);
        xmlout_raw(&x, "\" ZOrder=\"Background\" BaseLoc=\"Tpls/Tpl_");
        xmlout_number(&x, i);
        xmlout_raw(&x, "/Content.xml\"/>");
    }
    xmlout_raw(&x, "</ofd:CommonData><ofd:Pages>");
    for (size_t i = 0; i < constant->n_pages; i++) {
        xmlout_raw(&x, "<ofd:Page ID=\"");
        xmlout_number(&x, constant->first_page + i);
        xmlout_raw(&x, "\" BaseLoc=\"Pages/Page_");
        xmlout_number(&x, i);
        xmlout_raw(&x, "/Content.xml\"/>");
    }
    xmlout_raw(&x, "</ofd:Pages><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
                   "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>");
    TRY(xmlout_end(&x));
    return put_xml(bundle, "Doc_0/Document.xml", &xml, err);
}

static enum rc put_attachments(struct ofd_bundle *bundle, const struct ofd_content *content,
                               struct err *err)
{
    CLEANUP(buf_clear) struct buf json = BUF_INIT(LIMIT_RECORD);

    TRY(licence_json(content->licence, &json, err));
    TRY(ofd_bundle_put(bundle, "Doc_0/Attachs/licence.json", buf_span(&json), PACK_FAST, err));
    TRY(ofd_bundle_put(bundle, "Doc_0/Attachs/digests.json", content->digests, PACK_FAST, err));
    return ofd_bundle_put(bundle, "Doc_0/Attachs/salts.json", content->salts, PACK_FAST, err);
}

static enum rc put_pages(struct ofd_bundle *bundle, const struct ofd_constant *constant,
                         const struct ofd_content *content, struct ofd_ids *ids,
                         struct ofd_index *index, struct err *err)
{
    char name[64];

    for (size_t i = 0; i < constant->n_pages; i++) {
        CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);
        struct ofd_page_frame frame = {.page = &content->values->pages[i],
                                       .layer = "Body",
                                       .template_id = constant->first_template + (unsigned)i,
                                       .page_id = constant->first_page + (unsigned)i};

        TRY(ofd_content_page(&frame, ids, index, &xml, err));
        (void)snprintf(name, sizeof(name), "Doc_0/Pages/Page_%zu/Content.xml", i);
        TRY(put_xml(bundle, name, &xml, err));
    }
    return RC_OK;
}

enum rc ofd_build(const struct ofd_constant *constant, const struct ofd_content *content,
                  struct ofd_bundle *out, struct err *err)
{
    CLEANUP(ofd_index_clear) struct ofd_index index = {.entries = NULL};
    CLEANUP(buf_clear) struct buf res = BUF_INIT(LIMIT_XML);
    CLEANUP(buf_clear) struct buf tags = BUF_INIT(LIMIT_XML);
    struct ofd_ids ids = {.next = constant->last_id + 1};

    if (content->values->n_pages != constant->n_pages)
        return err_set(err, RC_BUG, "the template has %zu pages, the licence %zu",
                       constant->n_pages, content->values->n_pages);
    TRY(put_root(out, content, err));
    TRY(ofd_content_res(content->values, "", &ids, &res, err));
    TRY(put_xml(out, "Doc_0/DocumentRes.xml", &res, err));
    TRY(put_pages(out, constant, content, &ids, &index, err));
    TRY(put_document(out, constant, ids.next - 1, err));
    TRY(ofd_content_tags(content->licence, &index, &tags, err));
    TRY(put_xml(out, "Doc_0/Tags/Licence.xml", &tags, err));
    TRY(put_attachments(out, content, err));
    TRY(put_resources(out, content->values, "", PACK_STORE, err));
    for (size_t i = 0; i < constant->bundle.n; i++)
        ofd_bundle_lend(out, constant->bundle.members[i].name, &constant->bundle.members[i].own);
    return RC_OK;
}
