/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/model/report.h"
#include "formats/ofd/ofd_verify.h"

static bool is_called(const char *name, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strstr(name, words[i]))
            return true;
    }
    return false;
}

/* Fields that name somebody; what a template calls holder is masked in any case. */
static struct js *field_value(const struct licence *licence, const char *name, const char *value,
                              bool personal)
{
    CLEANUP(freep) char *masked = NULL;
    const char *holder = licence ? licence_metadata(licence, "CZZT") : NULL;
    const char *code = licence ? licence_metadata(licence, "CZZTDM") : NULL;
    static const char *const names[] = {"姓名",   "法定代表人", "负责人", "持证人", "权利人",
                                        "经营者", "联系人",     "申请人", "收款人", "复核人",
                                        "开票人", "Payee",      "Clerk",  "Checker"};
    static const char *const numbers[] = {"身份证", "身份号码", "证件号码", "电话", "手机"};
    const struct verification nobody = {.path = NULL};

    if (personal)
        return js_string(value);
    if (code && *value && strcmp(value, code) == 0)
        masked = mask_number(value);
    else if (holder && *value && strcmp(value, holder) == 0)
        masked = mask_name(value);
    else if (is_called(name, names, sizeof(names) / sizeof(names[0])))
        masked = mask_name(value);
    else if (is_called(name, numbers, sizeof(numbers) / sizeof(numbers[0])))
        masked = mask_number(value);
    else
        masked = report_text(value, &nobody, false); /* numbers of people wherever they stand */
    return js_string(masked);
}

/* licence.json is sorted by bytes; OFD.xml has the fields in the order of the template. */
static struct js *fields(const struct ofd *ofd, const struct licence *licence, bool personal)
{
    struct js *o = js_object();

    for (size_t i = 0; licence && i < ofd->n_custom; i++) {
        for (size_t k = 0; k < licence->n_fields; k++) {
            const struct licence_field *field = &licence->fields[k];

            if (strncmp(ofd->custom[i].key, "KZ_", 3) == 0 &&
                strcmp(ofd->custom[i].key + 3, field->short_name) == 0)
                js_set(o, field->name, field_value(licence, field->name, field->value, personal));
        }
    }
    for (size_t i = 0; !licence && i < ofd->n_fields; i++)
        js_set(o, ofd->fields[i].name,
               field_value(NULL, ofd->fields[i].name, ofd->fields[i].text, personal));
    return o;
}

static struct js *metadata(const struct ofd *ofd, const struct licence *licence, bool personal)
{
    struct js *o = js_object();

    for (size_t i = 0; i < ofd->n_custom; i++) {
        const struct pair *pair = &ofd->custom[i];

        if (strncmp(pair->key, "KZ_", 3) != 0) /* the fields, which stand above */
            js_set(o, pair->key, field_value(licence, pair->key, pair->value, personal));
    }
    return o;
}

static struct js *document(const struct ofd *ofd)
{
    struct js *o = js_object();

    js_set(o, "id", js_string(ofd->doc_id));
    js_set(o, "title", js_string(ofd->title));
    js_set(o, "author", js_string(ofd->author));
    js_set(o, "creator", js_string(ofd->creator));
    js_set(o, "creator_version", js_string(ofd->creator_version));
    js_set(o, "created", js_string(ofd->created));
    return o;
}

static struct js *identity(const struct ofd *ofd, const struct licence *licence)
{
    struct js *o = js_object();

    js_set(o, "identifier", js_string(licence ? licence->identifier : ofd_custom(ofd, "ZZBS")));
    js_set(o, "type", js_string(licence ? licence->type_name : ofd_custom(ofd, "ZZMC")));
    js_set(o, "template", js_string(licence ? licence->template_id : NULL));
    js_set(o, "made", js_string(licence ? licence->made : NULL));
    return o;
}

static struct js *signatures(struct ofd *ofd)
{
    struct trust *nobody = trust_new();
    struct ofd_judge judge = {.trust = nobody, .now = clock_now(), .no_file_sm3 = true};
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct js *list = js_array();

    ofd_verify_opened(&judge, ofd, &v);
    for (size_t i = 0; i < v.n_signatures; i++) {
        const struct signature_report *s = &v.signatures[i];
        struct js *o = js_object();

        js_set(o, "id", js_string(s->id));
        js_set(o, "kind", js_string(s->is_seal ? "seal" : "sign"));
        js_set(o, "format", js_string(s->format));
        js_set(o, "time", report_time(s->claimed_time));
        js_set(o, "seal", js_string(s->seal_name));
        js_set(o, "signer", js_string(s->signer_subject));
        js_set(o, "page", s->page ? js_number(s->page) : js_null());
        js_push(list, o);
    }
    trust_free(nobody);
    return list;
}

static struct js *pages(const struct ofd *ofd)
{
    struct js *list = js_array();

    for (size_t i = 0; i < ofd->n_pages; i++) {
        struct js *o = js_object();

        js_set(o, "number", js_number((int64_t)i + 1));
        js_set(o, "width_um", js_number(ofd->pages[i].box.w));
        js_set(o, "height_um", js_number(ofd->pages[i].box.h));
        js_set(o, "texts", js_number((int64_t)ofd->pages[i].n_texts));
        js_push(list, o);
    }
    return list;
}

static struct js *fonts(const struct ofd *ofd)
{
    struct js *list = js_array();

    for (size_t i = 0; i < ofd->n_fonts; i++) {
        struct js *o = js_object();

        js_set(o, "name", js_string(ofd->fonts[i].name));
        js_set(o, "family", js_string(ofd->fonts[i].family));
        js_set(o, "embedded", js_boolean(ofd->fonts[i].embedded));
        js_push(list, o);
    }
    return list;
}

static struct js *attachments(const struct ofd *ofd)
{
    struct js *list = js_array();

    for (size_t i = 0; i < ofd->n_attachments; i++) {
        struct js *o = js_object();

        js_set(o, "id", js_string(ofd->attachments[i].id));
        js_set(o, "name", js_string(ofd->attachments[i].name));
        js_set(o, "member", js_string(ofd_name(ofd, ofd->attachments[i].member)));
        js_push(list, o);
    }
    return list;
}

static struct js *members(const struct ofd *ofd)
{
    struct js *list = js_array();

    for (size_t i = 0; i < zipfile_count(ofd->zip); i++) {
        struct js *o = js_object();

        js_set(o, "name", js_string(zipfile_name(ofd->zip, i)));
        js_set(o, "size", js_number((int64_t)zipfile_size(ofd->zip, i)));
        js_push(list, o);
    }
    return list;
}

struct js *inside_describe(struct ofd *ofd, const struct licence *licence, bool personal)
{
    struct js *o = js_object();

    js_set(o, "schema", js_string("ecert.show/1"));
    js_set(o, "identity", identity(ofd, licence));
    js_set(o, "fields", fields(ofd, licence, personal));
    js_set(o, "metadata", metadata(ofd, licence, personal));
    js_set(o, "signatures", signatures(ofd));
    js_set(o, "document", document(ofd));
    js_set(o, "pages", pages(ofd));
    js_set(o, "fonts", fonts(ofd));
    js_set(o, "attachments", attachments(ofd));
    js_set(o, "members", members(ofd));
    return o;
}
