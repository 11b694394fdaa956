/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to a text between being read and being digested: one change each. */
#include <string.h>

#include "formats/ofd/diagnose_priv.h"
#include "formats/xmldoc/xmldoc_rewrite.h"

#define BOM "\xef\xbb\xbf"
#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define NAMESPACE "http://www.ofdspec.org/2016"
#define NAMESPACE_OLD "http://www.ofdspec.org"

static void put(struct buf *out, struct span bytes)
{
    struct err ignored = ERR_INIT;

    if (buf_add(out, bytes.data, bytes.len, &ignored) != RC_OK)
        buf_reset(out); /* too long to be tried */
}

static struct span after(struct span text, size_t n)
{
    return (struct span){text.data + n, text.len - n};
}

static bool begins(struct span text, const char *with)
{
    return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

bool form_without_bom(struct span text, struct buf *out)
{
    if (!begins(text, BOM))
        return false;
    put(out, after(text, 3));
    return true;
}

bool form_with_bom(struct span text, struct buf *out)
{
    if (begins(text, BOM))
        return false;
    put(out, span_of(BOM));
    put(out, text);
    return true;
}

bool form_lf(struct span text, struct buf *out)
{
    const unsigned char *cr;
    bool changed = false;

    while (text.len && (cr = memchr(text.data, '\r', text.len))) {
        size_t n = (size_t)(cr - text.data);
        bool pair = n + 1 < text.len && cr[1] == '\n';

        put(out, (struct span){text.data, n + !pair});
        text = after(text, n + 1);
        changed |= pair;
        if (!text.len)
            break;
    }
    put(out, text);
    return changed;
}

bool form_crlf(struct span text, struct buf *out)
{
    const unsigned char *lf;
    bool changed = false;

    while (text.len && (lf = memchr(text.data, '\n', text.len))) {
        size_t n = (size_t)(lf - text.data);
        bool alone = n == 0 || lf[-1] != '\r';

        put(out, (struct span){text.data, n});
        put(out, span_of(alone ? "\r\n" : "\n"));
        text = after(text, n + 1);
        changed |= alone;
    }
    put(out, text);
    return changed;
}

/* The octets of <?xml … ?>, a byte order mark before it included; 0 without one. */
static size_t declaration_end(struct span text)
{
    size_t skip = begins(text, BOM) ? 3 : 0;
    const unsigned char *end;

    if (!begins(after(text, skip), "<?xml"))
        return 0;
    end = memmem(text.data, text.len, "?>", 2);
    return end ? (size_t)(end + 2 - text.data) : 0;
}

static size_t blanks_at(struct span text, size_t from)
{
    size_t n = 0;

    while (from + n < text.len && memchr(" \t\r\n", text.data[from + n], 4))
        n++;
    return n;
}

bool form_without_declaration(struct span text, struct buf *out)
{
    size_t end = declaration_end(text);

    if (!end)
        return false;
    put(out, after(text, end + blanks_at(text, end)));
    return true;
}

static bool put_declaration(struct span text, const char *declaration, struct buf *out)
{
    if (!begins(text, "<") || declaration_end(text))
        return false;
    put(out, span_of(declaration));
    put(out, text);
    return true;
}

bool form_with_declaration(struct span text, struct buf *out)
{
    return put_declaration(text, DECLARATION, out);
}

bool form_with_declaration_line(struct span text, struct buf *out)
{
    return put_declaration(text, DECLARATION "\n", out);
}

/* A line break after the declaration is put in or taken out. */
bool form_declaration_line(struct span text, struct buf *out)
{
    size_t end = declaration_end(text), n;

    if (!end)
        return false;
    n = blanks_at(text, end);
    put(out, (struct span){text.data, end});
    if (!n)
        put(out, span_of("\n"));
    put(out, after(text, end + n));
    return true;
}

static size_t end_of_text(struct span text)
{
    size_t n = text.len;

    while (n > 0 && memchr(" \t\r\n", text.data[n - 1], 4))
        n--;
    return n;
}

bool form_end_cut(struct span text, struct buf *out)
{
    size_t n = end_of_text(text);

    put(out, (struct span){text.data, n});
    return n < text.len;
}

bool form_end_newline(struct span text, struct buf *out)
{
    put(out, (struct span){text.data, end_of_text(text)});
    put(out, span_of("\n"));
    return !span_equals(buf_span(out), text);
}

bool form_end_crlf(struct span text, struct buf *out)
{
    put(out, (struct span){text.data, end_of_text(text)});
    put(out, span_of("\r\n"));
    return !span_equals(buf_span(out), text);
}

static bool rewrite(struct span text, enum xml_rewrite how, struct buf *out)
{
    return xmldoc_rewrite(text, how, out) && !span_equals(buf_span(out), text);
}

bool form_c14n(struct span text, struct buf *out)
{
    return rewrite(text, XML_REWRITE_C14N, out);
}

bool form_c14n_comments(struct span text, struct buf *out)
{
    return rewrite(text, XML_REWRITE_C14N_COMMENTS, out);
}

bool form_c14n_exclusive(struct span text, struct buf *out)
{
    return rewrite(text, XML_REWRITE_C14N_EXCLUSIVE, out);
}

bool form_dump(struct span text, struct buf *out)
{
    return rewrite(text, XML_REWRITE_DUMP, out);
}

static bool cut_end(struct buf *out, struct span text)
{
    while (out->len && memchr("\r\n", out->data[out->len - 1], 2))
        out->len--;
    return !span_equals(buf_span(out), text);
}

/* Others than libxml2 write no line break after the root. */
bool form_dump_cut(struct span text, struct buf *out)
{
    return xmldoc_rewrite(text, XML_REWRITE_DUMP, out) && cut_end(out, text);
}

bool form_indented_cut(struct span text, struct buf *out)
{
    return xmldoc_rewrite(text, XML_REWRITE_INDENTED, out) && cut_end(out, text);
}

bool form_indented(struct span text, struct buf *out)
{
    return rewrite(text, XML_REWRITE_INDENTED, out);
}

/* Files of both names of the namespace are about, and some readers bring one to the other. */
bool form_namespace(struct span text, struct buf *out)
{
    const char *old = NAMESPACE_OLD, *new = NAMESPACE;
    bool is_new = memmem(text.data, text.len, new, strlen(new)) != NULL;
    const char *from = is_new ? new : old, *to = is_new ? old : new;
    const unsigned char *at;
    bool changed = false;

    while (text.len && (at = memmem(text.data, text.len, from, strlen(from)))) {
        put(out, (struct span){text.data, (size_t)(at - text.data)});
        put(out, span_of(to));
        text = after(text, (size_t)(at - text.data) + strlen(from));
        changed = true;
    }
    put(out, text);
    return changed;
}

bool form_signed_info(struct span text, struct buf *out)
{
    struct span slice;

    if (!xmldoc_slice(text, "SignedInfo", &slice))
        return false;
    put(out, slice);
    return true;
}
