/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ofd/ofd_sign.h"

#include <stdio.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_build.h"
#include "formats/xmlout.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS " xmlns:ofd=\"" OFD_NAMESPACE "\""

/* The package is being put together: names of the parts of this signature. */
struct names {
    char *folder; /* "Doc_0/Signs/Sign_0" */
    char *xml, *value, *seal;
};

static void names_clear(struct names *names)
{
    free(names->folder);
    free(names->xml);
    free(names->value);
    free(names->seal);
}

void ofd_pending_clear(struct ofd_pending *pending)
{
    buf_clear(&pending->xml);
    free(pending->xml_path);
    free(pending->value_name);
    *pending = (struct ofd_pending){.xml = BUF_INIT(0)};
}

static bool folder_in_use(const struct ofd_bundle *bundle, const char *folder)
{
    size_t n = strlen(folder);

    for (size_t i = 0; i < bundle->n; i++) {
        if (strncmp(bundle->members[i].name, folder, n) == 0 && bundle->members[i].name[n] == '/')
            return true;
    }
    return false;
}

static char *join(const char *a, const char *b)
{
    char *out;

    if (asprintf(&out, "%s%s", a, b) < 0)
        abort();
    return out;
}

/* The first Sign_N beside Signatures.xml that is free. */
static void choose_names(const struct ofd_bundle *bundle, const char *list, struct names *out)
{
    const char *slash = strrchr(list, '/');
    int dir = slash ? (int)(slash - list) + 1 : 0;

    for (unsigned n = 0;; n++) {
        if (asprintf(&out->folder, "%.*sSign_%u", dir, list, n) < 0)
            abort();
        if (!folder_in_use(bundle, out->folder))
            break;
        free(out->folder);
    }
    out->xml = join(out->folder, "/Signature.xml");
    out->value = join(out->folder, "/SignedValue.dat");
    out->seal = join(out->folder, "/Seal.esl");
}

/* The new entry and its stamps take the numbers after the largest in use. */
static long first_number(const struct ofd_sign_spec *spec)
{
    return spec->max_id + 1;
}

/*
 * 18.1: MaxSignId is an ID of its own in the schema, so it names the last stamp, or
 * a number that nobody else has.
 */
static enum rc put_list(struct ofd_bundle *bundle, const struct ofd_sign_spec *spec,
                        const struct names *names, struct err *err)
{
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);
    struct xmlout x = xmlout_begin(&xml, err);
    char id[24];

    (void)snprintf(id, sizeof(id), "s%03ld",
                   first_number(spec) + (spec->n_stamps ? (long)spec->n_stamps : 1));
    xmlout_raw(&x, XML_HEAD "<ofd:Signatures" XMLNS ">");
    xmlout_element(&x, "ofd:MaxSignId", id);
    for (size_t i = 0; i < spec->n_standing; i++) {
        const struct ofd_listed *old = &spec->standing[i];

        xmlout_raw(&x, "<ofd:Signature");
        xmlout_attr(&x, "ID", old->id);
        if (old->type)
            xmlout_attr(&x, "Type", old->type);
        if (old->relative)
            xmlout_attr(&x, "Relative", old->relative);
        xmlout_attr(&x, "BaseLoc", old->base_loc);
        xmlout_raw(&x, "/>");
    }
    (void)snprintf(id, sizeof(id), "s%03ld", first_number(spec));
    xmlout_raw(&x, "<ofd:Signature");
    xmlout_attr(&x, "ID", id);
    xmlout_attr(&x, "Type", spec->is_seal ? "Seal" : "Sign");
    xmlout_raw(&x, " BaseLoc=\"/");
    xmlout_text(&x, names->xml);
    xmlout_raw(&x, "\"/></ofd:Signatures>");
    TRY(xmlout_end(&x));
    return ofd_bundle_put(bundle, spec->list, buf_span(&xml), PACK_FAST, err);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct ofd_member *const *)a)->name,
                  (*(const struct ofd_member *const *)b)->name);
}

/* 18.2.3: every member but this signature's own two files, and the list unless it is closed. */
static enum rc write_references(struct xmlout *x, const struct ofd_bundle *bundle,
                                const struct ofd_sign_spec *spec, struct err *err)
{
    CLEANUP(freep) const struct ofd_member **sorted = mem_zero(bundle->n, sizeof(*sorted));

    for (size_t i = 0; i < bundle->n; i++)
        sorted[i] = &bundle->members[i];
    qsort(sorted, bundle->n, sizeof(*sorted), by_name);
    xmlout_raw(x, "<ofd:References CheckMethod=\"1.2.156.10197.1.401\">");
    for (size_t i = 0; i < bundle->n; i++) {
        CLEANUP(buf_clear) struct buf check = BUF_INIT(64);
        unsigned char digest[SM3_LEN];

        if (!spec->close && strcmp(sorted[i]->name, spec->list) == 0)
            continue;
        packed_sm3(ofd_member_packed(sorted[i]), digest);
        TRY(base64_encode((struct span){digest, SM3_LEN}, &check, err));
        xmlout_raw(x, "<ofd:Reference FileRef=\"/");
        xmlout_text(x, sorted[i]->name);
        xmlout_raw(x, "\"><ofd:CheckValue>");
        xmlout_raw(x, check.data);
        xmlout_raw(x, "</ofd:CheckValue></ofd:Reference>");
    }
    xmlout_raw(x, "</ofd:References>");
    return RC_OK;
}

static void write_stamps(struct xmlout *x, const struct ofd_sign_spec *spec)
{
    char id[24];

    for (size_t i = 0; i < spec->n_stamps; i++) {
        const struct ofd_stamp *stamp = &spec->stamps[i];

        (void)snprintf(id, sizeof(id), "s%03ld", first_number(spec) + 1 + (long)i);
        xmlout_raw(x, "<ofd:StampAnnot");
        xmlout_attr(x, "ID", id);
        xmlout_raw(x, " PageRef=\"");
        xmlout_number(x, stamp->page_id);
        xmlout_raw(x, "\" Boundary=\"");
        xmlout_box(x, stamp->box);
        if (stamp->clipped) {
            xmlout_raw(x, "\" Clip=\"");
            xmlout_box(x, stamp->clip);
        }
        xmlout_raw(x, "\"/>");
    }
}

/* 18.2: Signature.xml, all but its value. */
static enum rc write_signature(const struct ofd_bundle *bundle, const struct ofd_sign_spec *spec,
                               const struct names *names, struct buf *out, struct err *err)
{
    struct xmlout x = xmlout_begin(out, err);
    char time[16], comment[33];

    instant_print_basic(spec->time, time);
    hex_encode(spec->comment, sizeof(spec->comment), comment);
    xmlout_raw(&x, XML_HEAD "<!--");
    xmlout_raw(&x, comment);
    xmlout_raw(&x,
               "-->\n<ofd:Signature" XMLNS "><ofd:SignedInfo><ofd:Provider ProviderName=\"ecert\""
               " Version=\"" ECERT_VERSION "\" Company=\"ecert\"/>"
               "<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>");
    xmlout_element(&x, "ofd:SignatureDateTime", time);
    TRY(write_references(&x, bundle, spec, err));
    write_stamps(&x, spec);
    if (spec->is_seal) {
        xmlout_raw(&x, "<ofd:Seal><ofd:BaseLoc>/");
        xmlout_text(&x, names->seal);
        xmlout_raw(&x, "</ofd:BaseLoc></ofd:Seal>");
    }
    xmlout_raw(&x, "</ofd:SignedInfo><ofd:SignedValue>/");
    xmlout_text(&x, names->value);
    xmlout_raw(&x, "</ofd:SignedValue></ofd:Signature>");
    return xmlout_end(&x);
}

enum rc ofd_sign_prepare(struct ofd_bundle *bundle, const struct ofd_sign_spec *spec,
                         struct ofd_pending *out, struct err *err)
{
    CLEANUP(names_clear) struct names names = {.folder = NULL};
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(LIMIT_XML);

    choose_names(bundle, spec->list, &names);
    if (spec->is_seal)
        ofd_bundle_lend(bundle, names.seal, spec->seal);
    TRY(put_list(bundle, spec, &names, err));
    TRY(write_signature(bundle, spec, &names, &xml, err));
    TRY(ofd_bundle_put(bundle, names.xml, buf_span(&xml), PACK_FAST, err));
    *out = (struct ofd_pending){.xml = xml, .value_name = MOVE(names.value)};
    xml = (struct buf)BUF_INIT(0);
    packed_sm3(ofd_member_packed(&bundle->members[ofd_bundle_find(bundle, names.xml)]), out->sm3);
    out->xml_path = join("/", names.xml);
    (void)snprintf(out->id, sizeof(out->id), "s%03ld", first_number(spec));
    return RC_OK;
}

void ofd_sign_complete(struct ofd_bundle *bundle, const struct ofd_pending *pending,
                       struct span value)
{
    ofd_bundle_store(bundle, pending->value_name, value);
}
