/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML 1.0 with namespaces, over the SAX2 interface of libxml2 (2.9 or later; older
 * ones differ in how errors reach the context).  The tree is our own: small, in one
 * arena, freed at once.  libxml2 loads nothing: the DOCTYPE that could name
 * something is refused where it begins.
 */
#include "formats/xmldoc.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/xmldoc/xmldoc_guard.h"

struct attr {
    const char *name; /* interned */
    char *value;
};

struct xmlel {
    const char *name, *uri; /* interned in the dictionary */
    struct xmlel *parent, *first, *last, *next;
    struct attr *attrs;
    int n_attrs;
    long line;
    char *raw;  /* text right inside, NULL if none */
    char *text; /* the same, trimmed */
};

/* Memory is taken from blocks in order and given back all at once. */
struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

enum { BLOCK_SIZE = 16384, SIZE_OF_DICT = 8192 };

struct xmldoc {
    atomic_uint shares; /* owners but one */
    struct block *blocks;
    xmlDict *dict;
    struct xmlel *root;
    size_t elements;
    bool ns_broken;
};

/* While parsing. */
struct build {
    struct xmldoc *doc;
    struct xmlel *at; /* the open element */
    struct buf text;  /* of the innermost open element; outer ones have theirs set aside */
    struct {
        struct xmlel *owner;
        size_t start;   /* of the owner's text in `text` */
        int namespaces; /* declared by the owner and those around it */
    } open[LIMIT_XML_DEPTH + 1];
    int depth;
    size_t elements;
    const char *finding; /* why the parse was stopped by us */
    long line, column;
    bool ns_error;
    char message[200];
};

static void *take(struct xmldoc *doc, size_t n)
{
    struct block *block = doc->blocks;
    void *out;

    n = (n + 15) & ~(size_t)15;
    if (!block || block->size - block->used < n) {
        size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;

        block = mem_resize(NULL, sizeof(*block) + size);
        *block = (struct block){.next = doc->blocks, .size = size};
        doc->blocks = block;
    }
    out = block->bytes + block->used;
    block->used += n;
    return out;
}

static char *take_text(struct xmldoc *doc, const char *text, size_t n)
{
    char *out = take(doc, n + 1);

    if (n)
        memcpy(out, text, n);
    out[n] = '\0';
    return out;
}

void xmldoc_free(struct xmldoc *doc)
{
    if (!doc || atomic_fetch_sub(&doc->shares, 1) > 0)
        return;
    while (doc->blocks) {
        struct block *next = doc->blocks->next;

        free(doc->blocks);
        doc->blocks = next;
    }
    if (doc->dict)
        xmlDictFree(doc->dict);
    free(doc);
}

size_t xmldoc_size(const struct xmldoc *doc)
{
    size_t size = sizeof(*doc) + SIZE_OF_DICT;

    for (const struct block *block = doc->blocks; block; block = block->next)
        size += sizeof(*block) + block->size;
    return size;
}

struct xmldoc *xmldoc_share(struct xmldoc *doc)
{
    (void)atomic_fetch_add(&doc->shares, 1);
    return doc;
}

static void stop(xmlParserCtxt *context, struct build *build, const char *finding)
{
    if (!build->finding) {
        build->finding = finding;
        build->line = context->input ? context->input->line : 0;
        build->column = context->input ? context->input->col : 0;
    }
    xmlStopParser(context);
}

static void on_document(void *ctx)
{
    xmlParserCtxt *context = ctx;
    const xmlChar *encoding = context->encoding;

    if (!encoding && context->input)
        encoding = context->input->encoding;
    if (!xmldoc_guard_encoding((const char *)encoding))
        stop(context, context->_private, "XML007");
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public, const xmlChar *system)
{
    xmlParserCtxt *context = ctx;

    (void)name;
    (void)public;
    (void)system;
    stop(context, context->_private, "XML002");
}

/* libxml2 hands an ampersand of an attribute over as "&#38;" and leaves the rest to the tree. */
static void put_ampersands(char *value)
{
    char *to = value;

    for (const char *from = value; *from; to++) {
        bool reference = *from == '&' && strncmp(from, "&#38;", 5) == 0;

        *to = *from;
        from += reference ? 5 : 1;
    }
    *to = '\0';
}

static void take_attributes(struct build *build, struct xmlel *el, int n,
                            const xmlChar **attributes)
{
    el->attrs = take(build->doc, (size_t)n * sizeof(*el->attrs));
    el->n_attrs = n;
    for (int i = 0; i < n; i++, attributes += 5) { /* name, prefix, URI, value, end */
        el->attrs[i].name = (const char *)attributes[0];
        el->attrs[i].value = take_text(build->doc, (const char *)attributes[3],
                                       (size_t)(attributes[4] - attributes[3]));
        put_ampersands(el->attrs[i].value);
    }
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    xmlParserCtxt *context = ctx;
    struct build *build = context->_private;
    struct xmlel *el;

    (void)prefix;
    (void)namespaces;
    (void)n_defaulted;
    if (build->finding)
        return;
    if (build->depth)
        n_namespaces += build->open[build->depth - 1].namespaces;
    if (build->depth == LIMIT_XML_DEPTH || ++build->elements > LIMIT_XML_NODES ||
        n_namespaces > LIMIT_XML_NAMESPACES) {
        stop(context, build, "XML003");
        return;
    }
    el = take(build->doc, sizeof(*el));
    *el = (struct xmlel){.name = (const char *)name,
                         .uri = uri ? (const char *)uri : "",
                         .parent = build->at,
                         .line = context->input->line};
    take_attributes(build, el, n_attributes, attributes);
    if (!build->at)
        build->doc->root = el;
    else if (build->at->last)
        build->at->last->next = el;
    else
        build->at->first = el;
    if (build->at)
        build->at->last = el;
    build->at = el;
    build->open[build->depth].start = build->text.len;
    build->open[build->depth].namespaces = n_namespaces;
    build->depth++;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Text of an element whose children stand between its own pieces is joined when it
 * closes; pieces of open outer elements wait in front of it in the same buffer.
 */
static void close_text(struct build *build, struct xmlel *el, size_t start)
{
    const char *from = build->text.data + start;
    size_t n = build->text.len - start, lead = 0, len;

    if (n == 0)
        return;
    while (lead < n && is_space(from[lead]))
        lead++;
    len = n - lead;
    while (len > 0 && is_space(from[lead + len - 1]))
        len--;
    if (len > 0 || !el->first) {
        el->raw = take_text(build->doc, from, n);
        el->text = len == n ? el->raw : take_text(build->doc, from + lead, len);
    }
    build->text.len = start;
    build->text.data[start] = '\0';
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxt *context = ctx;
    struct build *build = context->_private;

    (void)name;
    (void)prefix;
    (void)uri;
    if (build->finding || !build->at)
        return;
    build->depth--;
    close_text(build, build->at, build->open[build->depth].start);
    build->at = build->at->parent;
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
    xmlParserCtxt *context = ctx;
    struct build *build = context->_private;
    struct err err = ERR_INIT;

    if (build->finding || !build->at)
        return;
    if (buf_add(&build->text, text, (size_t)n, &err) != RC_OK)
        stop(context, build, "XML003");
}

/* Namespace faults carry their own domain; every other one is fatal by wellFormed. */
static void on_error(void *ctx, xmlError *error)
{
    xmlParserCtxt *context = ctx;
    struct build *build = context->_private;

    if (error->level == XML_ERR_WARNING)
        return;
    if (error->domain == XML_FROM_NAMESPACE)
        build->ns_error = true;
    if (build->message[0])
        return;
    (void)snprintf(build->message, sizeof(build->message), "%s",
                   error->message ? error->message : "?");
    build->message[strcspn(build->message, "\r\n")] = '\0';
    build->line = error->line;
    build->column = error->int2;
}

static enum rc judge(const struct build *build, const xmlParserCtxt *context,
                     enum xml_strict strict, struct err *err)
{
    if (build->finding && strcmp(build->finding, "XML002") == 0)
        (void)err_find(err, "XML002", RC_INPUT,
                       "GB/T 33190: a document type declaration is refused; nothing it names is "
                       "loaded");
    else if (build->finding && strcmp(build->finding, "XML007") == 0)
        (void)err_find(err, "XML007", RC_INPUT, "GB/T 33190: want UTF-8");
    else if (build->finding || context->errNo == XML_ERR_NO_MEMORY)
        (void)err_find(err, "XML003", RC_INPUT,
                       "more than %d levels, %d elements or %zu bytes of XML", LIMIT_XML_DEPTH,
                       LIMIT_XML_NODES, LIMIT_XML);
    else if (!context->wellFormed || !build->doc->root)
        (void)err_find(err, "XML001", RC_INPUT, "XML 1.0: not well-formed: %s",
                       build->message[0] ? build->message : "no element");
    else if (strict == XML_STRICT && (!context->nsWellFormed || build->ns_error))
        (void)err_find(err, "XML006", RC_INPUT, "Namespaces in XML: %s", build->message);
    else
        return RC_OK;
    if (build->line > 0)
        (void)err_at(err, ":%ld:%ld", build->line, build->column > 0 ? build->column : 1);
    return RC_INPUT;
}

static void set_handlers(xmlParserCtxt *context, struct build *build)
{
    xmlSAXHandler *sax = context->sax;

    memset(sax, 0, sizeof(*sax));
    sax->initialized = XML_SAX2_MAGIC;
    sax->startDocument = on_document;
    sax->internalSubset = on_doctype;
    sax->startElementNs = on_start;
    sax->endElementNs = on_end;
    sax->characters = on_text;
    sax->ignorableWhitespace = on_text;
    sax->cdataBlock = on_text;
    sax->serror = on_error;
    context->_private = build;
}

/* ---- a parser for each thread: to set one up costs more than to parse a short part ---- */

enum {
    NAMES_MAX = 1000,      /* of all that a parser has read: what is hostile shall not pile up */
    TEXT_KEPT = 64 * 1024, /* a parser holds the last text until the next */
};
static pthread_key_t parser_key;
static pthread_once_t parser_once = PTHREAD_ONCE_INIT;

static void parser_free(void *parser)
{
    xmlFreeParserCtxt(parser);
}

/* libxml2 sets itself up on its first use, too, which threads must not meet together. */
static void set_up(void)
{
    xmlInitParser();
    if (pthread_key_create(&parser_key, parser_free) != 0)
        abort();
}

/* The thread's parser, which now is the caller's; NULL out of memory. */
static xmlParserCtxt *take_parser(void)
{
    xmlParserCtxt *parser;

    (void)pthread_once(&parser_once, set_up);
    parser = pthread_getspecific(parser_key);
    if (parser)
        (void)pthread_setspecific(parser_key, NULL);
    else
        parser = xmlNewParserCtxt();
    return parser;
}

/* A parser that met anything unusual is not used again. */
static void give_back(xmlParserCtxt *parser, bool was_clean, size_t len)
{
    if (was_clean && len <= TEXT_KEPT && xmlDictSize(parser->dict) <= NAMES_MAX)
        (void)pthread_setspecific(parser_key, parser);
    else
        xmlFreeParserCtxt(parser);
}

static void free_build(struct build **build)
{
    buf_clear(&(*build)->text);
    free(*build);
}

static enum rc parse(xmlParserCtxt *parser, struct span text, struct build *build,
                     enum xml_strict strict, struct err *err)
{
    struct xmldoc *doc = build->doc;

    set_handlers(parser, build);
    (void)xmlCtxtReadMemory(parser, (const char *)text.data, (int)text.len, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_NOWARNING);
    doc->dict = parser->dict; /* the names live there */
    (void)xmlDictReference(doc->dict);
    doc->ns_broken = !parser->nsWellFormed || build->ns_error;
    doc->elements = build->elements;
    return judge(build, parser, strict, err);
}

enum rc xmldoc_parse(struct span text, enum xml_strict strict, struct xmldoc **out, struct err *err)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = mem_zero(1, sizeof(*doc));
    CLEANUP(free_build) struct build *build = mem_zero(1, sizeof(*build));
    xmlParserCtxt *parser;
    enum rc rc;

    build->doc = doc;
    build->text = (struct buf)BUF_INIT(LIMIT_XML);
    if (text.len > LIMIT_XML)
        return err_find(err, "XML003", RC_INPUT, "%zu bytes of XML, more than the limit of %zu",
                        text.len, LIMIT_XML);
    if (text.len == 0)
        return err_find(err, "XML001", RC_INPUT, "XML 1.0: not well-formed: the part is empty");
    if (!xmldoc_guard_attributes(text))
        return err_find(err, "XML003", RC_INPUT, "an element with more than %d attributes",
                        LIMIT_XML_ATTRIBUTES);
    parser = take_parser();
    if (!parser)
        return err_find(err, "XML001", RC_INPUT, "XML 1.0: not well-formed: unreadable");
    rc = parse(parser, text, build, strict, err);
    give_back(parser, rc == RC_OK && !doc->ns_broken, text.len);
    TRY(rc);
    *out = MOVE(doc);
    return RC_OK;
}

size_t xmldoc_elements(const struct xmldoc *doc)
{
    return doc->elements;
}

bool xmldoc_ns_broken(const struct xmldoc *doc)
{
    return doc->ns_broken;
}

const struct xmlel *xmldoc_root(const struct xmldoc *doc)
{
    return doc->root;
}

const char *xmlel_name(const struct xmlel *el)
{
    return el->name;
}

const char *xmlel_namespace(const struct xmlel *el)
{
    return el->uri;
}

long xmlel_line(const struct xmlel *el)
{
    return el->line;
}

const struct xmlel *xmlel_first(const struct xmlel *el)
{
    return el ? el->first : NULL;
}

const struct xmlel *xmlel_next(const struct xmlel *el)
{
    return el ? el->next : NULL;
}

static const struct xmlel *find_name(const struct xmlel *el, const char *name)
{
    while (el && strcmp(el->name, name) != 0)
        el = el->next;
    return el;
}

const struct xmlel *xmlel_child(const struct xmlel *el, const char *name)
{
    return el ? find_name(el->first, name) : NULL;
}

const struct xmlel *xmlel_same(const struct xmlel *el)
{
    return el ? find_name(el->next, el->name) : NULL;
}

const char *xmlel_attr(const struct xmlel *el, const char *name)
{
    for (int i = 0; el && i < el->n_attrs; i++) {
        if (strcmp(el->attrs[i].name, name) == 0)
            return el->attrs[i].value;
    }
    return NULL;
}

const char *xmlel_text(const struct xmlel *el)
{
    return el && el->text ? el->text : "";
}

const char *xmlel_text_raw(const struct xmlel *el)
{
    return el && el->raw ? el->raw : "";
}

const char *xmlel_child_text(const struct xmlel *el, const char *name)
{
    const struct xmlel *child = xmlel_child(el, name);

    return child ? xmlel_text(child) : NULL;
}

enum rc xml_escape(struct buf *out, const char *text, struct err *err)
{
    while (*text) {
        size_t plain = strcspn(text, "&<>\"\r\n\t");
        const char *entity = NULL;

        TRY(buf_add(out, text, plain, err));
        text += plain;
        switch (*text) {
        case '\0':
            return RC_OK;
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\r':
            entity = "&#13;";
            break;
        case '\n': /* an attribute would lose it otherwise */
            entity = "&#10;";
            break;
        default:
            entity = "&#9;";
            break;
        }
        TRY(buf_puts(out, entity, err));
        text++;
    }
    return RC_OK;
}

static xmlNode *find_element(xmlNode *node, const char *name)
{
    for (; node; node = node->next) {
        xmlNode *below;

        if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0)
            return node;
        below = node->type == XML_ELEMENT_NODE ? find_element(node->children, name) : NULL;
        if (below)
            return below;
    }
    return NULL;
}

static void free_tree(xmlDoc **tree)
{
    if (*tree)
        xmlFreeDoc(*tree);
}

static void free_text(xmlChar **text)
{
    if (*text)
        xmlFree(*text);
}

enum rc xmldoc_add_child(struct span text, const char *parent, const char *name, const char *value,
                         struct buf *out, struct err *err)
{
    CLEANUP(xmldoc_freep) struct xmldoc *judged = NULL;
    CLEANUP(free_tree) xmlDoc *tree = NULL;
    CLEANUP(free_text) xmlChar *written = NULL;
    xmlNode *at;
    int len = 0;

    TRY(xmldoc_parse(text, XML_STRICT, &judged,
                     err)); /* so that the tree has no DTD and is bounded */
    tree = xmlReadMemory((const char *)text.data, (int)text.len, NULL, NULL,
                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    at = tree ? find_element(xmlDocGetRootElement(tree), parent) : NULL;
    if (!at || !xmlNewTextChild(at, at->ns, (const xmlChar *)name, (const xmlChar *)value))
        return err_find(err, "XML001", RC_INPUT, "there is no element %s", parent);
    xmlDocDumpMemoryEnc(tree, &written, &len, "UTF-8");
    if (!written)
        return err_set(err, RC_BUG, "cannot write XML");
    return buf_add(out, written, (size_t)len, err);
}
