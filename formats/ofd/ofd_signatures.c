/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures.xml and the Signature.xml of each entry, GB/T 33190-2016 18.  Only read here:
 * nothing is judged.  A fault in one signature is kept with it, so that the others are
 * still judged; a list that cannot be read is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_read.h"

/* "s001", "001", "1": the number in an ID; 0: none. */
static long number_of(const char *id)
{
    unsigned n = 0;

    return id && ofd_unsigned(id + strcspn(id, "0123456789"), &n) ? (long)n : 0;
}

/* For the next ID to be larger. */
static void note_id(struct ofd *ofd, const char *id)
{
    long n = number_of(id);

    if (n > ofd->max_sign_id)
        ofd->max_sign_id = n;
}

static void read_provider(const struct xmlel *info, struct ofd_signature *signature)
{
    const struct xmlel *provider = xmlel_child(info, "Provider");
    const struct {
        const char *name;
        char **to;
    } items[] = {{"ProviderName", &signature->provider},
                 {"Version", &signature->provider_version},
                 {"Company", &signature->company}};

    for (size_t i = 0; i < 3; i++) {
        const char *value = xmlel_attr(provider, items[i].name);

        /* some makers write child elements instead of attributes */
        *items[i].to = ofd_copy(value ? value : xmlel_child_text(provider, items[i].name));
    }
}

static void read_references(const struct ofd *ofd, const struct xmlel *list,
                            struct ofd_signature *signature)
{
    signature->has_references = list != NULL;
    signature->check_method = ofd_copy(xmlel_attr(list, "CheckMethod"));
    for (const struct xmlel *el = xmlel_child(list, "Reference"); el; el = xmlel_same(el)) {
        struct ofd_reference *ref = OFD_ADD(signature->references, signature->n_references);
        const char *loc = xmlel_attr(el, "FileRef");

        ref->loc = mem_text(loc ? loc : "");
        ref->name = ofd_resolve(signature->xml_name, ref->loc);
        ref->member = ref->name ? zipfile_find(ofd->zip, ref->name) : OFD_NO_MEMBER;
        ref->check_value = ofd_copy(xmlel_child_text(el, "CheckValue"));
        ref->line = xmlel_line(el);
    }
}

static void read_stamps(struct ofd *ofd, const struct xmlel *info, struct ofd_signature *signature)
{
    for (const struct xmlel *el = xmlel_child(info, "StampAnnot"); el; el = xmlel_same(el)) {
        struct ofd_stamp_annot *stamp;

        if (signature->n_stamps == LIMIT_PAGES) /* a straddling seal has one a page */
            return;
        stamp = OFD_ADD(signature->stamps, signature->n_stamps);
        stamp->id = ofd_copy(xmlel_attr(el, "ID"));
        note_id(ofd, stamp->id);
        (void)ofd_unsigned(xmlel_attr(el, "PageRef"), &stamp->page_id);
        stamp->page = ofd_page_number(ofd, stamp->page_id);
        (void)ofd_box(xmlel_attr(el, "Boundary"), &stamp->box);
        stamp->clipped = ofd_box(xmlel_attr(el, "Clip"), &stamp->clip);
    }
}

static long find_from(const struct ofd *ofd, const struct ofd_signature *signature, const char *loc)
{
    CLEANUP(freep) char *name = loc ? ofd_resolve(signature->xml_name, loc) : NULL;

    return name ? zipfile_find(ofd->zip, name) : OFD_NO_MEMBER;
}

static void read_signature(const struct ofd_reader *reader, const struct xmlel *root,
                           struct ofd_signature *signature)
{
    struct ofd *ofd = reader->ofd;
    const struct xmlel *info = xmlel_child(root, "SignedInfo");
    const struct xmlel *seal = xmlel_child(info, "Seal");

    ofd_only_one(reader, signature->xml, root,
                 (const char *const[]){"SignedInfo", "SignedValue", NULL});
    ofd_only_one(reader, signature->xml, info, (const char *const[]){"References", "Seal", NULL});
    read_provider(info, signature);
    signature->method = ofd_copy(xmlel_child_text(info, "SignatureMethod"));
    signature->date_time = ofd_copy(xmlel_child_text(info, "SignatureDateTime"));
    read_references(ofd, xmlel_child(info, "References"), signature);
    read_stamps(ofd, info, signature);
    if (seal)
        signature->seal_loc = mem_text(
            xmlel_child(seal, "BaseLoc") ? xmlel_child_text(seal, "BaseLoc") : xmlel_text(seal));
    signature->value_loc = ofd_copy(xmlel_child_text(root, "SignedValue"));
    signature->seal = find_from(ofd, signature, signature->seal_loc);
    signature->value = find_from(ofd, signature, signature->value_loc);
}

/* One value signs one Signature.xml; listed again, it would only cost time. */
static enum rc fail_shared(const struct ofd *ofd, struct ofd_signature *signature, long member)
{
    (void)err_find(&signature->fault, "OFD003", RC_INPUT,
                   "GB/T 33190 18.1: signature '%s' shares '%s' with another signature",
                   signature->id ? signature->id : "", ofd_name(ofd, member));
    return err_at(&signature->fault, "%s", ofd->list_name);
}

static void open_signature(const struct ofd_reader *reader, struct ofd_signature *signature)
{
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    struct ofd *ofd = reader->ofd;
    struct err *err = &signature->fault;

    if (signature->xml < 0) {
        (void)err_find(err, "OFD003", RC_INPUT,
                       "GB/T 33190 18.1: BaseLoc '%s' of signature '%s' names no part",
                       signature->base_loc ? signature->base_loc : "",
                       signature->id ? signature->id : "");
        (void)err_at(err, "%s", ofd->list_name);
        return;
    }
    if (ofd->parts[signature->xml].use == OFD_SIGNATURE) {
        (void)fail_shared(ofd, signature, signature->xml);
        return;
    }
    if (ofd_xml(reader, signature->xml, "Signature", &doc, err) != RC_OK)
        return;
    read_signature(reader, xmldoc_root(doc), signature);
    if (signature->value >= 0 && ofd->parts[signature->value].use == OFD_VALUE)
        (void)fail_shared(ofd, signature, signature->value);
    ofd_mark(reader, signature->xml, OFD_SIGNATURE);
    ofd_mark(reader, signature->value, OFD_VALUE);
    ofd_mark(reader, signature->seal, OFD_SEAL);
}

static void list_signature(const struct ofd_reader *reader, const struct xmlel *el)
{
    struct ofd *ofd = reader->ofd;
    struct ofd_signature *signature = OFD_ADD(ofd->signatures, ofd->n_signatures);

    signature->xml = signature->seal = signature->value = OFD_NO_MEMBER;
    signature->id = ofd_copy(xmlel_attr(el, "ID"));
    signature->type = ofd_copy(xmlel_attr(el, "Type"));
    signature->relative = ofd_copy(xmlel_attr(el, "Relative"));
    signature->base_loc = ofd_copy(xmlel_attr(el, "BaseLoc"));
    note_id(ofd, signature->id);
    if (signature->base_loc)
        signature->xml_name = ofd_resolve(ofd->list_name, signature->base_loc);
    if (signature->xml_name)
        signature->xml = zipfile_find(ofd->zip, signature->xml_name);
    open_signature(reader, signature);
}

enum rc ofd_read_signatures(const struct ofd_reader *reader, struct err *err)
{
    struct ofd *ofd = reader->ofd;
    CLEANUP(xmldoc_freep) struct xmldoc *doc = NULL;
    const struct xmlel *root, *el;

    if (ofd->list < 0)
        return RC_OK;
    ofd_mark(reader, ofd->list, OFD_LIST);
    TRY(ofd_xml(reader, ofd->list, "Signatures", &doc, err));
    root = xmldoc_root(doc);
    for (el = xmlel_child(root, "MaxSignId"); el; el = xmlel_same(el)) {
        long n = number_of(xmlel_text(el));

        note_id(ofd, xmlel_text(el));
        ofd->declared_max = n > ofd->declared_max ? n : ofd->declared_max;
    }
    for (el = xmlel_child(root, "Signature"); el; el = xmlel_same(el)) {
        if (ofd->n_signatures == LIMIT_SIGNATURES)
            return err_find(err, "OFD002", RC_INPUT, "more signatures than the limit of %d",
                            LIMIT_SIGNATURES);
        list_signature(reader, el);
    }
    return RC_OK;
}

/* Signature parts have no fixed names; these are the ones that all known makers use. */
static bool looks_signed(const char *name)
{
    static const char *const names[] = {"Signature.xml", "SignedValue.dat", "SignValue.dat"};
    const char *slash = strrchr(name, '/');

    for (size_t i = 0; i < 3; i++) {
        if (strcasecmp(slash ? slash + 1 : name, names[i]) == 0)
            return true;
    }
    return false;
}

/* Holds the folder, "…/Signs/Sign_1/", a Signature.xml that is listed? */
static bool is_listed_folder(const struct ofd *ofd, const char *name, size_t len)
{
    for (size_t i = 0; i < ofd->n_signatures; i++) {
        const char *xml = ofd->signatures[i].xml_name;

        if (xml && strncmp(xml, name, len) == 0)
            return true;
    }
    return false;
}

/* A folder beside those of the listed signatures that is named like them and is not listed. */
static bool in_unlisted_folder(const struct ofd *ofd, const char *name)
{
    const char *slash = ofd->list_name ? strrchr(ofd->list_name, '/') : NULL, *end;
    size_t len = slash ? (size_t)(slash + 1 - ofd->list_name) : 0;

    if (ofd->list < 0 || strncmp(name, ofd->list_name, len) != 0)
        return false;
    end = strncasecmp(name + len, "Sign", 4) == 0 ? strchr(name + len, '/') : NULL;
    return end && !is_listed_folder(ofd, name, (size_t)(end + 1 - name));
}

void ofd_find_strays(const struct ofd_reader *reader)
{
    struct ofd *ofd = reader->ofd;

    for (size_t i = 0; i < zipfile_count(ofd->zip); i++) {
        if (ofd->parts[i].use == OFD_UNUSED && (looks_signed(zipfile_name(ofd->zip, i)) ||
                                                in_unlisted_folder(ofd, zipfile_name(ofd->zip, i))))
            ofd->parts[i].use = OFD_STRAY;
    }
}
