/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening an OFD file: OFD.xml, GB/T 33190-2016 7.4, and what hangs on it.  Read
 * leniently, as the field needs it: children in any order, any namespace that begins
 * with http://www.ofdspec.org, dates as text.  Stricter than the standard: exactly one
 * DocBody, because other readers look at the first alone.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/cms/cms.h"
#include "formats/ofd/ofd_read.h"
#include "formats/ofd/ofd_seen.h"

#define NAMESPACE_FAMILY "http://www.ofdspec.org"
#define ENTRIES "OFDEntries.xml" /* GM/T 0099 */
#define NAMESPACE_2016 "http://www.ofdspec.org/2016"

const char *ofd_name(const struct ofd *ofd, long member)
{
    return member < 0 ? "" : zipfile_name(ofd->zip, (size_t)member);
}

static void judge_namespace(const struct ofd_reader *reader, long member, const struct xmlel *root)
{
    const char *uri = xmlel_namespace(root);
    bool family = strncmp(uri, NAMESPACE_FAMILY, strlen(NAMESPACE_FAMILY)) == 0;
    const char *code = family ? "STD301" : "STD302";

    if (strcmp(uri, NAMESPACE_2016) == 0 || findings_has(reader->findings, code))
        return; /* said once: makers err in all parts alike */
    findings_add(reader->findings, code, PLACE_PART(ofd_name(reader->ofd, member)), "namespace",
                 uri, NULL);
}

/*
 * One part may be linked a thousand times: what is parsed is bounded as a whole.  A part
 * costs something however short it is, and its elements cost more than their bytes.
 */
enum { COST_OF_PART = 4096, COST_OF_ELEMENT = 32 };

static enum rc count_parsed(const struct ofd_reader *reader, size_t n, struct err *err)
{
    reader->ofd->parsed += n + COST_OF_PART;
    if (reader->ofd->parsed > LIMIT_XML_TOTAL)
        return err_find(err, "XML003", RC_INPUT, "more than %zu bytes of XML in all parts",
                        LIMIT_XML_TOTAL);
    return RC_OK;
}

enum rc ofd_parse(const struct ofd_reader *reader, struct span bytes, enum xml_strict strict,
                  struct xmldoc **out, struct err *err)
{
    TRY(count_parsed(reader, bytes.len, err));
    TRY(xmldoc_parse(bytes, strict, out, err));
    reader->ofd->parsed += COST_OF_ELEMENT * xmldoc_elements(*out);
    return RC_OK;
}

/* What was parsed before costs as if it were parsed again: a verdict depends on no other file. */
static enum rc recall_xml(const struct ofd_reader *reader, long member, struct xmldoc **out,
                          struct err *err)
{
    struct ofd *ofd = reader->ofd;
    const struct ofd_part *part = &ofd->parts[member];
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;

    if (part->known)
        doc = part->known->xml ? xmldoc_share(part->known->xml) : NULL;
    else if (part->met)
        doc = ofd_met_xml(ofd->seen, part->met);
    if (!doc)
        return RC_OK;
    TRY(count_parsed(reader, zipfile_size(ofd->zip, (size_t)member), err));
    ofd->parsed += COST_OF_ELEMENT * xmldoc_elements(doc);
    *out = MOVE(doc);
    return RC_OK;
}

static enum rc parse_member(const struct ofd_reader *reader, long member, struct xmldoc **out,
                            struct err *err)
{
    struct ofd *ofd = reader->ofd;
    struct span bytes = {NULL, 0};

    TRY_AT(recall_xml(reader, member, out, err), err, "%s", ofd_name(ofd, member));
    if (*out)
        return RC_OK;
    TRY(zipfile_read(ofd->zip, (size_t)member, &bytes, err));
    TRY_AT(ofd_parse(reader, bytes, XML_STRICT, out, err), err, "%s", ofd_name(ofd, member));
    if (ofd->parts[member].met)
        ofd_met_learn_xml(ofd->seen, ofd->parts[member].met, *out);
    return RC_OK;
}

enum rc ofd_xml(const struct ofd_reader *reader, long member, const char *root, struct xmldoc **out,
                struct err *err)
{
    const char *name = ofd_name(reader->ofd, member);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;

    TRY(parse_member(reader, member, &doc, err));
    if (strcmp(xmlel_name(xmldoc_root(doc)), root) != 0) {
        (void)err_find(err, "XML004", RC_INPUT, "GB/T 33190: want the root element %s, got '%s'",
                       root, xmlel_name(xmldoc_root(doc)));
        return err_at(err, "%s", name);
    }
    judge_namespace(reader, member, xmldoc_root(doc));
    *out = MOVE(doc);
    return RC_OK;
}

struct xmldoc *ofd_xml_soft(const struct ofd_reader *reader, long member, const char *root)
{
    struct xmldoc *doc = NULL;
    struct err err = ERR_INIT;

    if (member < 0)
        return NULL;
    if (ofd_xml(reader, member, root, &doc, &err) == RC_OK)
        return doc;
    /* Once the limit for all parts is reached, each further one would say so again. */
    if (reader->ofd->parsed <= LIMIT_XML_TOTAL || !findings_has(reader->findings, "XML003"))
        findings_add_err(reader->findings, &err);
    reader->ofd->damaged = err.code;
    return NULL;
}

enum { CUSTOM_MAX = 10000 };

static enum rc read_custom(struct ofd *ofd, const struct xmlel *list, struct err *err)
{
    const struct xmlel *data = xmlel_child(list, "CustomData");

    for (; data; data = xmlel_same(data)) {
        struct pair *pair;

        if (!xmlel_attr(data, "Name"))
            continue;
        if (ofd->n_custom == CUSTOM_MAX)
            return err_find(err, "OFD002", RC_INPUT, "more than %d CustomDatas", CUSTOM_MAX);
        pair = OFD_ADD(ofd->custom, ofd->n_custom);
        pair->key = mem_text(xmlel_attr(data, "Name"));
        pair->value = mem_text(xmlel_text(data));
    }
    return RC_OK;
}

/* Some readers take the last of several lists: all are read, so that all are compared. */
static enum rc read_customs(struct ofd *ofd, const struct xmlel *body, struct err *err)
{
    for (const struct xmlel *info = xmlel_child(body, "DocInfo"); info; info = xmlel_same(info)) {
        for (const struct xmlel *list = xmlel_child(info, "CustomDatas"); list;
             list = xmlel_same(list))
            TRY(read_custom(ofd, list, err));
    }
    return RC_OK;
}

static void read_info(const struct ofd_reader *reader, const struct xmlel *info)
{
    struct ofd *ofd = reader->ofd;
    const struct {
        const char *name;
        char **to;
    } texts[] = {{"DocID", &ofd->doc_id},
                 {"Title", &ofd->title},
                 {"Author", &ofd->author},
                 {"Subject", &ofd->subject},
                 {"Abstract", &ofd->abstract},
                 {"Creator", &ofd->creator},
                 {"CreatorVersion", &ofd->creator_version},
                 {"CreationDate", &ofd->created},
                 {"ModDate", &ofd->modified}};
    const char *cover = xmlel_child_text(info, "Cover");

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i].to = ofd_copy(xmlel_child_text(info, texts[i].name));
    if (cover)
        ofd_mark_as(reader, ofd_follow(reader, "OFD.xml", info, cover), KIND_RESOURCE);
}

/* GB/T 33190 19: older states of the document; a reader may show any of them. */
static void read_version(const struct ofd_reader *reader, const struct xmlel *el)
{
    struct ofd *ofd = reader->ofd;
    struct ofd_version *version = OFD_ADD(ofd->versions, ofd->n_versions);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    const char *current = xmlel_attr(el, "Current"), *loc = xmlel_attr(el, "BaseLoc"), *root;
    const char *name;

    version->id = ofd_copy(xmlel_attr(el, "ID"));
    version->index = ofd_copy(xmlel_attr(el, "Index"));
    version->current = current && (strcmp(current, "true") == 0 || strcmp(current, "1") == 0);
    version->document = OFD_NO_MEMBER;
    version->member = ofd_follow(reader, "OFD.xml", el, loc ? loc : "");
    ofd_mark_as(reader, version->member, KIND_DOCUMENT);
    doc = ofd_xml_soft(reader, version->member, "DocVersion");
    if (!doc)
        return;
    name = ofd_name(ofd, version->member);
    root = xmlel_child_text(xmldoc_root(doc), "DocRoot");
    version->document = ofd_follow(reader, name, xmldoc_root(doc), root ? root : "");
    for (const struct xmlel *file = xmlel_child(xmlel_child(xmldoc_root(doc), "FileList"), "File");
         file; file = xmlel_same(file)) {
        CLEANUP(freep) char *listed = ofd_resolve(name, xmlel_text(file));
        long member = listed ? zipfile_find(ofd->zip, listed) : OFD_NO_MEMBER;

        if (member < 0)
            findings_add(reader->findings, "OFD303", PLACE_PART(name), "name", xmlel_text(file),
                         NULL);
    }
}

static void read_versions(const struct ofd_reader *reader, const struct xmlel *body)
{
    struct ofd *ofd = reader->ofd;
    struct ofd_reader quiet = *reader;
    const struct xmlel *el = xmlel_child(xmlel_child(body, "Versions"), "Version");

    quiet.quiet = true;
    for (; el; el = xmlel_same(el)) {
        struct ofd_version *version;
        struct err err = ERR_INIT;

        read_version(reader, el);
        version = &ofd->versions[ofd->n_versions - 1];
        if (version->document < 0 || version->document == ofd->document)
            continue;
        if (version->current)
            findings_add(reader->findings, "OFD101", PLACE_PART("OFD.xml"), "name",
                         ofd_name(ofd, version->document), "root", ofd_name(ofd, ofd->document),
                         NULL);
        if (ofd_read_document(&quiet, version->document, &err) != RC_OK) {
            findings_add_err(reader->findings, &err);
            ofd->damaged = err.code;
        }
    }
}

static enum rc find_body(const struct xmlel *root, const struct xmlel **out, struct err *err)
{
    const struct xmlel *body = xmlel_child(root, "DocBody");
    size_t n = 0;

    for (const struct xmlel *el = body; el; el = xmlel_same(el))
        n++;
    if (n != 1) {
        (void)err_find(err, "OFD001", RC_INPUT, "GB/T 33190 7.4: DocBody: want exactly 1, got %zu",
                       n);
        return err_at(err, "OFD.xml:%ld", xmlel_line(root));
    }
    *out = body;
    return RC_OK;
}

static enum rc read_root(const struct ofd_reader *reader, const struct xmlel *root, struct err *err)
{
    struct ofd *ofd = reader->ofd;
    const struct xmlel *body = NULL;
    const char *loc;

    TRY(find_body(root, &body, err));
    ofd_only_one(reader, zipfile_find(ofd->zip, "OFD.xml"), body,
                 (const char *const[]){"DocRoot", "Signatures", NULL});
    ofd->version = ofd_copy(xmlel_attr(root, "Version"));
    ofd->doc_type = ofd_copy(xmlel_attr(root, "DocType"));
    if (ofd->doc_type && strcmp(ofd->doc_type, "OFD-A") == 0)
        findings_add(reader->findings, "STD303", PLACE_PART("OFD.xml"), NULL);
    read_info(reader, xmlel_child(body, "DocInfo"));
    TRY_AT(read_customs(ofd, body, err), err, "OFD.xml");
    loc = xmlel_child_text(body, "DocRoot");
    ofd->document = loc ? ofd_follow(reader, "OFD.xml", body, loc) : OFD_NO_MEMBER;
    if (ofd->document < 0 && ofd->encrypted)
        return err_find(err, "PKG006", RC_INPUT,
                        "GM/T 0099: Encryptions.xml is there and the document is not");
    if (ofd->document < 0) {
        (void)err_find(err, "PKG007", RC_INPUT, "GB/T 33190 7.4: DocRoot '%s' names no part",
                       loc ? loc : "");
        return err_at(err, "OFD.xml:%ld", xmlel_line(body));
    }
    TRY(ofd_read_document(reader, ofd->document, err));
    read_versions(reader, body);
    loc = xmlel_child_text(body, "Signatures");
    ofd->names_list = loc != NULL;
    ofd->list_name = loc ? ofd_resolve("OFD.xml", loc) : NULL;
    ofd->list = ofd->list_name ? zipfile_find(ofd->zip, ofd->list_name) : OFD_NO_MEMBER;
    return RC_OK;
}

/* The list must name every member but itself and the value over it, and nothing else. */
static bool compare_entries(const struct ofd_reader *reader, const struct xmlel *list, long self,
                            long value)
{
    struct ofd *ofd = reader->ofd;
    CLEANUP(freep) bool *listed = mem_zero(zipfile_count(ofd->zip), sizeof(bool));
    const struct place place = PLACE_PART(ENTRIES);
    bool agrees = true;

    for (const struct xmlel *el = xmlel_child(list, "File"); el; el = xmlel_same(el)) {
        const char *loc = xmlel_attr(el, "FileLoc");
        CLEANUP(freep) char *name = loc ? ofd_resolve(ENTRIES, loc) : NULL;
        long member = name ? zipfile_find(ofd->zip, name) : OFD_NO_MEMBER;

        if (member >= 0)
            listed[member] = true;
        agrees &= member >= 0;
        if (member < 0)
            findings_add(reader->findings, "PKG303", place, "name", loc, NULL);
    }
    for (size_t i = 0; i < zipfile_count(ofd->zip); i++) {
        if (listed[i] || (long)i == self || (long)i == value)
            continue;
        findings_add(reader->findings, "PKG303", place, "name", zipfile_name(ofd->zip, i), NULL);
        agrees = false;
    }
    return agrees;
}

/* Nothing else may pass uncovered for the value over the list. */
static bool is_signed_data(struct ofd *ofd, long member)
{
    CLEANUP(cms_clear) struct cms cms = {.own = BUF_INIT(LIMIT_SIGNED_VALUE)};
    struct err ignored = ERR_INIT;
    struct span bytes = {NULL, 0};

    return member >= 0 && zipfile_read(ofd->zip, (size_t)member, &bytes, &ignored) == RC_OK &&
           cms_read(bytes, &cms, &ignored) == RC_OK;
}

/* GM/T 0099: lists of names and encrypted parts stand at the root under fixed names. */
static void look_for_gmt0099(const struct ofd_reader *reader)
{
    struct ofd *ofd = reader->ofd;
    long entries = zipfile_find(ofd->zip, ENTRIES);
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    CLEANUP(freep) char *value = NULL;
    struct span bytes = {NULL, 0};
    struct err err = ERR_INIT;
    const char *loc, *name;
    long at;

    ofd->encrypted = zipfile_find(ofd->zip, "Encryptions.xml") >= 0;
    if (entries < 0 || zipfile_read(ofd->zip, (size_t)entries, &bytes, &err) != RC_OK ||
        ofd_parse(reader, bytes, XML_STRICT, &doc, &err) != RC_OK)
        return; /* a part as any other, then */
    name = xmlel_name(xmldoc_root(doc));
    if (strcmp(name, "DocEntries") != 0 && strcmp(name, "OFDEntries") != 0)
        return;
    loc = xmlel_child_text(xmldoc_root(doc), "SignedValueLoc");
    value = loc ? ofd_resolve(ENTRIES, loc) : NULL;
    at = value ? zipfile_find(ofd->zip, value) : OFD_NO_MEMBER;
    findings_add(reader->findings, "PKG302", PLACE_PART(ENTRIES), NULL);
    if (!is_signed_data(ofd, at))
        at = OFD_NO_MEMBER;
    /* a list that is wrong protects nothing: it is a part as any other */
    if (!compare_entries(reader, xmlel_child(xmldoc_root(doc), "FileList"), entries, at))
        return;
    ofd_mark(reader, entries, OFD_ENTRIES);
    ofd_mark(reader, at, OFD_ENTRIES);
}

static enum rc read_all(const struct ofd_reader *reader, struct err *err)
{
    struct ofd *ofd = reader->ofd;
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    long first = zipfile_find(ofd->zip, "OFD.xml");

    look_for_gmt0099(reader);
    if (zipfile_notes(ofd->zip).gbk_names)
        findings_add(reader->findings, "PKG301", PLACE_NONE, NULL);
    if (first < 0)
        return err_find(err, "PKG007", RC_INPUT, "GB/T 33190 7.1: no part OFD.xml at the root");
    TRY(ofd_xml(reader, first, "OFD", &doc, err));
    ofd_mark_as(reader, first, KIND_ROOT);
    TRY(read_root(reader, xmldoc_root(doc), err));
    TRY(ofd_read_signatures(reader, err));
    ofd_find_strays(reader);
    return RC_OK;
}

/* Known by its packed bytes: these, and so what they unpack to, were seen before. */
static void recognise(struct ofd *ofd, const struct ofd_known *known, size_t n)
{
    for (size_t i = 0; i < zipfile_count(ofd->zip); i++) {
        struct ofd_part *part = &ofd->parts[i];

        for (size_t k = 0; k < n && !part->known; k++) {
            if (!zipfile_is_packed(ofd->zip, i, known[k].packed))
                continue;
            part->known = &known[k];
            packed_sm3(known[k].packed, part->sm3);
            part->has_sm3 = true;
        }
    }
}

/* Known by having been met in an earlier package. */
static void remember(struct ofd *ofd)
{
    for (size_t i = 0; ofd->seen && i < zipfile_count(ofd->zip); i++) {
        struct ofd_part *part = &ofd->parts[i];

        if (part->known)
            continue;
        part->met = ofd_seen_find(ofd->seen, ofd->zip, i, part->sm3);
        part->has_sm3 = part->met != NULL;
    }
}

enum rc ofd_open_with(struct lazy *file, const struct ofd_opening *how, struct ofd **out,
                      struct findings *findings, struct err *err)
{
    CLEANUP(ofd_freep) struct ofd *ofd = mem_zero(1, sizeof(*ofd));
    const struct ofd_reader reader = {.ofd = ofd, .findings = findings};

    ofd->keeps = how->keeps;
    ofd->seen = how->seen;
    ofd->document = ofd->list = OFD_NO_MEMBER;
    ofd->declared_max = -1;
    TRY(zipfile_open_lazy(file, &ofd->zip, err));
    ofd->parts = mem_zero(zipfile_count(ofd->zip), sizeof(*ofd->parts));
    recognise(ofd, how->known, how->n_known);
    remember(ofd);
    TRY(read_all(&reader, err));
    *out = MOVE(ofd);
    return RC_OK;
}

enum rc ofd_open(struct span bytes, struct ofd **out, struct findings *findings, struct err *err)
{
    struct lazy file = lazy_of(bytes);

    TRY(ofd_open_with(&file, &(struct ofd_opening){.known = NULL}, out, findings, err));
    zipfile_settle((*out)->zip);
    return RC_OK;
}

/* What is digested alone is not held: a package may unpack to far more than memory should hold. */
#define LARGE ((size_t)1 << 20)

static enum rc add_piece(void *context, struct span piece, struct err *err)
{
    return hash_stream_add(context, piece, err);
}

static bool is_large(const struct ofd *ofd, long member)
{
    return zipfile_size(ofd->zip, (size_t)member) > LARGE;
}

enum rc ofd_digest(struct ofd *ofd, long member, enum hash_alg alg, struct hash *out,
                   struct err *err)
{
    CLEANUP(hash_stream_freep) struct hash_stream *stream = NULL;
    struct span bytes = {NULL, 0};

    if (!is_large(ofd, member)) {
        TRY(zipfile_read(ofd->zip, (size_t)member, &bytes, err));
        return hash_compute(alg, bytes, out, err);
    }
    TRY(hash_stream_new(alg, &stream, err));
    TRY(zipfile_stream(ofd->zip, (size_t)member, add_piece, stream, err));
    return hash_stream_end(stream, out, err);
}

enum rc ofd_sm3(struct ofd *ofd, long member, const unsigned char **out, struct err *err)
{
    struct ofd_part *part = &ofd->parts[member];
    struct hash hash;

    if (!part->has_sm3) {
        TRY(ofd_digest(ofd, member, HASH_SM3, &hash, err));
        memcpy(part->sm3, hash.bytes, SM3_LEN);
        part->has_sm3 = true;
        if (ofd->seen && !is_large(ofd, member))
            ofd_seen_learn(ofd->seen, ofd->zip, (size_t)member, part->sm3);
    }
    *out = part->sm3;
    return RC_OK;
}
