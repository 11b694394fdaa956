/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xmldoc/xmldoc_rewrite.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <string.h>

#include "formats/xmldoc.h"

static int dump(xmlDoc *doc, bool indented, xmlChar **bytes)
{
    int len = 0;

    xmlDocDumpFormatMemoryEnc(doc, bytes, &len, "UTF-8", indented);
    return len;
}

static int write_again(xmlDoc *doc, enum xml_rewrite how, xmlChar **bytes)
{
    switch (how) {
    case XML_REWRITE_C14N:
        return xmlC14NDocDumpMemory(doc, NULL, XML_C14N_1_0, NULL, 0, bytes);
    case XML_REWRITE_C14N_COMMENTS:
        return xmlC14NDocDumpMemory(doc, NULL, XML_C14N_1_0, NULL, 1, bytes);
    case XML_REWRITE_C14N_EXCLUSIVE:
        return xmlC14NDocDumpMemory(doc, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0, bytes);
    case XML_REWRITE_DUMP:
        return dump(doc, false, bytes);
    case XML_REWRITE_INDENTED:
        return dump(doc, true, bytes);
    }
    return -1;
}

static void on_error(void *context, xmlError *error)
{
    (void)context;
    (void)error;
}

static xmlDoc *parse(struct span text, bool indented)
{
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlParserCtxt *context = xmlNewParserCtxt();
    xmlDoc *doc = NULL;

    if (!context)
        return NULL;
    context->sax->serror = on_error;
    doc = xmlCtxtReadMemory(context, (const char *)text.data, (int)text.len, NULL, NULL,
                            options | (indented ? XML_PARSE_NOBLANKS : 0));
    xmlFreeParserCtxt(context);
    return doc;
}

/* The reader of our own goes first: it refuses a DOCTYPE and what would cost too much. */
static bool is_harmless(struct span text)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct err ignored = ERR_INIT;

    return text.len < INT_MAX && xmldoc_parse(text, XML_LENIENT, &doc, &ignored) == RC_OK;
}

bool xmldoc_rewrite(struct span text, enum xml_rewrite how, struct buf *out)
{
    struct err ignored = ERR_INIT;
    xmlChar *bytes = NULL;
    bool done = false;
    xmlDoc *doc;
    int len;

    if (!is_harmless(text) || !(doc = parse(text, how == XML_REWRITE_INDENTED)))
        return false;
    len = write_again(doc, how, &bytes);
    if (len > 0 && bytes)
        done = buf_add(out, bytes, (size_t)len, &ignored) == RC_OK;
    xmlFree(bytes);
    xmlFreeDoc(doc);
    return done;
}

/* Where in the text a tag <[prefix:]name or </[prefix:]name begins, at or after `from`. */
static const unsigned char *find_tag(struct span text, const unsigned char *from, bool closing,
                                     const char *name)
{
    const unsigned char *end = text.data + text.len, *p = from;
    size_t len = strlen(name);

    for (; (p = memchr(p, '<', (size_t)(end - p))); p++) {
        const unsigned char *at = p + 1, *stop, *colon;

        if (closing != (at < end && *at == '/'))
            continue;
        at += closing;
        for (stop = at; stop < end && !memchr(" \t\r\n/>", *stop, 6);)
            stop++;
        colon = memchr(at, ':', (size_t)(stop - at));
        if (colon)
            at = colon + 1;
        if ((size_t)(stop - at) == len && memcmp(at, name, len) == 0)
            return p;
    }
    return NULL;
}

bool xmldoc_slice(struct span text, const char *name, struct span *out)
{
    const unsigned char *start, *end, *close;

    if (!is_harmless(text) || !(start = find_tag(text, text.data, false, name)))
        return false;
    end = find_tag(text, start, true, name);
    close = end ? memchr(end, '>', (size_t)(text.data + text.len - end)) : NULL;
    if (!close)
        return false;
    *out = (struct span){start, (size_t)(close + 1 - start)};
    return true;
}
