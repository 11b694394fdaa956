/* SPDX-License-Identifier: Apache-2.0 */
/* ecert show - what is in a licence. */

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/confinement.h"
#include "cmd/inputs.h"
#include "cmd/inside.h"
#include "cmd/output.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/model/report.h"
#include "formats/ofd/ofd_verify.h"
#include "formats/ses/ses.h"

struct show_args {
    struct common common;
    const char *field;
};

static const struct opt opts[] = {
    OPT_TEXT(0, "field", struct show_args, field, .arg = "NAME",
             .brief = N_("print the value of this field alone, in full")),
    OPT_FLAG(0, "json", struct show_args, common.json, .brief = N_("print JSON")),
    OPT_FLAG(0, "show-personal", struct show_args, common.show_personal,
             .brief = N_("show names and numbers in full instead of masked")),
    OPT_ROWS(common_opts),
    OPT_END,
};

/* ---- for people ---- */

static void print_scalar(const struct js *value)
{
    switch (js_kind(value)) {
    case JS_INTEGER:
        printf("%lld", (long long)js_integer(value));
        break;
    case JS_BOOL:
        printf("%s", tr(js_bool(value) ? N_("yes") : N_("no")));
        break;
    case JS_STRING:
        output_text(stdout, js_text(value));
        break;
    case JS_NULL:
    case JS_REAL:
    case JS_ARRAY:
    case JS_OBJECT:
        printf("-");
        break;
    }
}

/* Keys of the JSON that people read too; names of fields and metadata stay as they are. */
static const char *const words[] __attribute__((unused)) = {
    N_("identifier"), N_("type"),   N_("template"), N_("made"),    N_("id"),
    N_("title"),      N_("author"), N_("creator"),  N_("created"), N_("creator_version"),
};

static void print_pairs(const struct js *o)
{
    for (struct js_member m = js_first(o); m.key; m = js_next(m)) {
        int pad = 24 - utf8_width(tr(m.key));

        printf("    ");
        output_text(stdout, tr(m.key));
        printf("%*s ", pad > 0 ? pad : 0, "");
        print_scalar(m.value);
        printf("\n");
    }
}

static void print_text(const char *before, const struct js *o, const char *key)
{
    const char *text = js_get_text(o, key);

    printf("%s", before);
    output_text(stdout, text ? text : "-");
}

static long long number(const struct js *o, const char *key)
{
    return js_integer(js_get(o, key));
}

static void print_signature(const struct js *o)
{
    bool is_seal = strcmp(js_get_text(o, "kind"), "seal") == 0;

    print_text("    ", o, "id");
    printf("  %s", tr(is_seal ? N_("seal") : N_("signature")));
    print_text("  ", o, "format");
    print_text("  ", o, "time");
    print_text("  ", o, is_seal ? "seal" : "signer");
    if (js_kind(js_get(o, "page")) == JS_INTEGER)
        printf(tr(N_("  on page %lld")), number(o, "page"));
    printf("\n");
}

static void print_page(const struct js *o)
{
    printf(tr(N_("    %lld: %lld x %lld mm, %lld texts\n")), number(o, "number"),
           (number(o, "width_um") + 500) / 1000, (number(o, "height_um") + 500) / 1000,
           number(o, "texts"));
}

static void print_font(const struct js *o)
{
    print_text("    ", o, "name");
    print_text(" (", o, "family");
    printf(")  %s\n", tr(js_bool(js_get(o, "embedded")) ? N_("embedded") : N_("not embedded")));
}

static void print_attachment(const struct js *o)
{
    print_text("    ", o, "name");
    print_text("  ", o, "member");
    printf("\n");
}

static void print_member(const struct js *o)
{
    printf("    %9lld", number(o, "size"));
    print_text("  ", o, "name");
    printf("\n");
}

static void print_all(const struct js *o)
{
    static const struct {
        const char *key, *title;
        void (*print)(const struct js *row); /* NULL: keys and values */
    } sections[] = {
        {"identity", N_("Identity"), NULL},
        {"fields", N_("Fields"), NULL},
        {"metadata", N_("Metadata"), NULL},
        {"signatures", N_("Seals and signatures"), print_signature},
        {"document", N_("Document"), NULL},
        {"pages", N_("Pages"), print_page},
        {"fonts", N_("Fonts"), print_font},
        {"attachments", N_("Attachments"), print_attachment},
        {"members", N_("Package members"), print_member},
    };

    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        const struct js *part = js_get(o, sections[i].key);

        if (js_len(part) == 0)
            continue;
        printf("%s\n", tr(sections[i].title));
        if (!sections[i].print)
            print_pairs(part);
        for (size_t k = 0; sections[i].print && k < js_len(part); k++)
            sections[i].print(js_at(part, k));
    }
}

static enum rc print_field(const struct ofd *ofd, const struct licence *licence, const char *name,
                           struct err *err)
{
    const struct ofd_field *foreign = ofd_field(ofd, name);

    for (size_t i = 0; licence && i < licence->n_fields; i++) {
        if (strcmp(licence->fields[i].name, name) == 0 ||
            strcmp(licence->fields[i].short_name, name) == 0) {
            printf("%s\n", licence->fields[i].value);
            return RC_OK;
        }
    }
    if (ofd_custom(ofd, name)) {
        printf("%s\n", ofd_custom(ofd, name));
        return RC_OK;
    }
    if (!licence && foreign) {
        printf("%s\n", foreign->text);
        return RC_OK;
    }
    return err_set(err, RC_NO, "the licence has no field '%s'", name);
}

static enum rc show(const struct show_args *a, const char *path, struct err *err)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE), text = BUF_INIT((size_t)1 << 30);
    CLEANUP(findings_clear) struct findings findings = {.list = NULL};
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(licence_freep) struct licence *licence = NULL;
    CLEANUP(js_freep) struct js *o = NULL;
    struct err ignored = ERR_INIT;

    TRY(file_read(path, &file, err));
    TRY_AT(ofd_open(buf_span(&file), &ofd, &findings, err), err, "%s", path);
    if (ofd_licence(ofd, &licence, &ignored) != RC_OK)
        licence = NULL; /* verify says what is wrong with it; here the rest is shown */
    if (a->field)
        return print_field(ofd, licence, a->field, err);
    o = inside_describe(ofd, licence, a->common.show_personal);
    if (!a->common.json) {
        print_all(o);
        return RC_OK;
    }
    TRY(js_print(o, true, &text, err));
    printf("%s\n", text.data);
    return RC_OK;
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    const struct show_args *a = args;
    CLEANUP(inputs_clear) struct inputs inputs = {.names = BUF_INIT(LIMIT_PACKAGE)};

    TRY(crypto_init(err));
    TRY(inputs_collect(&a->common, operands, &inputs, err));
    confinement_enter(&a->common, &inputs, NULL);
    return show(a, inputs.paths[0], err);
}

const struct cmd cmd_show = {
    .name = "show",
    .brief = N_("show what is in a licence: identity, fields, seals, pages, attachments"),
    .operands = "[FILE]",
    .max_operands = 1,
    .opts = opts,
    .args_size = sizeof(struct show_args),
    .defaults = &(const struct show_args){.common = COMMON_INIT},
    .run = run,
};
