/* SPDX-License-Identifier: Apache-2.0 */
/* ecert eseal - make, show and check e-seals (GB/T 38540). */

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/inputs.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "core/base/codec.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/image.h"

struct make_args {
    struct common common;
    struct keyopts keys;
    const char *picture, *name, *id, *size;
    struct opt_list signers, trust;
    int type, layout;
    instant from, until;
    bool digests;
};

static const char *const layouts[] = {"4", "5", NULL};

static const struct opt make_opts[] = {
    OPT_FILE(0, "picture", struct make_args, picture, .required = true,
             .brief = N_("picture of the seal: PNG, JPEG, BMP or GIF")),
    OPT_TEXT(0, "name", struct make_args, name, .arg = "NAME", .required = true,
             .brief = N_("name of the seal"),
             .more =
                 N_("It gets the mark (测试) unless the maker's certificate is in a named trust.")),
    OPT_LIST(0, "signer", struct make_args, signers, .arg = "FILE", .files = true, .required = true,
             .brief = N_("certificate of one who may seal with it (may be repeated)")),
    OPT_TEXT(0, "id", struct make_args, id, .arg = "ID",
             .brief = N_("identifier of the seal (default: at random)")),
    OPT_COUNT(0, "type", struct make_args, type,
              .brief = N_("type of the seal: 1 organisation, 2 person (default: 1)")),
    OPT_CHOICE(0, "ses", struct make_args, layout, .arg = "V", .choices = layouts,
               .brief =
                   N_("version of the seal: 4 GB/T 38540-2020, 5 GM/T 0031-2025 (default: 4)")),
    OPT_TIME(0, "from", struct make_args, from, .brief = N_("valid from (default: now)")),
    OPT_TIME(0, "until", struct make_args, until,
             .brief = N_("valid until (default: as long as the signers' certificates)")),
    OPT_TEXT(0, "size-mm", struct make_args, size, .arg = "WxH",
             .brief = N_("size on the page in millimetres (default: 42x42)")),
    OPT_FLAG(0, "digests", struct make_args, digests,
             .brief = N_("list digests of the signers' certificates instead of the certificates")),
    OPT_LIST(0, "trust", struct make_args, trust, .arg = "NAME",
             .brief = N_("a named trust that knows the seal maker (may be repeated)")),
    OPT_ROWS(key_opts),
    OPT_ROWS(output_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

static enum rc read_size(const char *text, struct ses_seal_spec *spec, struct err *err)
{
    char *end;
    long w = text ? strtol(text, &end, 10) : 42, h = w;

    if (text && *end == 'x')
        h = strtol(end + 1, &end, 10);
    if ((text && *end) || w < 5 || w > 100 || h < 5 || h > 100)
        return err_set(err, RC_USAGE, "--size-mm: want WxH, 5 to 100 millimetres, got '%s'", text);
    spec->width_mm = (int)w;
    spec->height_mm = (int)h;
    return RC_OK;
}

static enum rc read_picture(const char *path, struct buf *file, struct ses_seal_spec *spec,
                            struct err *err)
{
    struct picture picture;

    TRY(file_read(path, file, err));
    TRY_AT(picture_inspect(buf_span(file), &picture, err), err, "%s", path);
    spec->picture = buf_span(file);
    spec->picture_type = picture_format_name(picture.format);
    return RC_OK;
}

/* A maker whom a trust of the configuration knows, and who is no TEST, may leave the mark out. */
static enum rc is_known_maker(const struct session *session, const struct opt_list *names,
                              struct cert *maker, bool *known, struct err *err)
{
    CLEANUP(trust_freep) struct trust *trust = NULL;
    CLEANUP(chain_clear) struct chain chain = {.status = CHAIN_NO_ANCHOR};

    *known = false;
    for (size_t i = 0; i < names->n; i++) {
        const char *folder;

        TRY(config_trust(session->config, names->items[i], &folder, err));
    }
    if (strstr(cert_subject(maker), "TEST") || names->n == 0)
        return RC_OK;
    TRY(session_trust(session, names, NULL, &trust, err));
    chain_build(trust, maker, NULL, clock_system(), clock_system(), &chain);
    *known = chain.status == CHAIN_OK;
    return RC_OK;
}

static char *seal_name(const char *name, bool known)
{
    char *marked;

    if (known || strstr(name, "测试"))
        return mem_text(name);
    if (asprintf(&marked, "%s(测试)", name) < 0)
        abort();
    return marked;
}

/* As long as every signer's certificate lasts. */
static instant shortest(const struct certs *certs)
{
    instant until = cert_not_after(certs->list[0]);

    for (size_t i = 1; i < certs->n; i++) {
        if (cert_not_after(certs->list[i]) < until)
            until = cert_not_after(certs->list[i]);
    }
    return until;
}

/* What was just made must check like any other seal. */
static enum rc prove(struct span seal, struct err *err)
{
    CLEANUP(ses_seal_clear) struct ses_seal back = {.whole = {NULL, 0}};
    CLEANUP(findings_clear) struct findings findings = {.list = NULL};
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(trust_freep) struct trust *nobody = trust_new();
    struct ses_judge judge = {.trust = nobody, .now = clock_system(), .part = "seal"};
    struct signature_report *report = verification_add_signature(&v);

    TRY(ses_seal_read(seal, &back, &findings, err));
    ses_seal_judge(&judge, &back, back.valid_start, report, &v.findings);
    if (report->indication == TOTAL_FAILED)
        return err_set(err, RC_BUG, "the seal just made does not verify");
    return RC_OK;
}

static enum rc make_with(const struct make_args *a, const struct session *session,
                         const struct certs *signers, struct sealer *maker, struct err *err)
{
    CLEANUP(buf_clear)
    struct buf picture = BUF_INIT(LIMIT_PICTURE), out = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(freep) char *name = NULL;
    bool known;
    struct ses_seal_spec spec = {
        .layout = a->layout == 1 ? SES_LAYOUT_5 : SES_LAYOUT_4,
        .id = a->id,
        .type = a->type,
        .signers = signers,
        .digests = a->digests,
        .create_date = sealer_time(maker),
        .valid_start = a->from != INSTANT_NONE ? a->from : sealer_time(maker),
        .valid_end = a->until != INSTANT_NONE ? a->until : shortest(signers)};

    if (!signer_cert(maker->signer))
        return err_set(err, RC_USAGE, "the seal maker's certificate is needed: --cert");
    if (spec.valid_end <= spec.valid_start)
        return err_set(err, RC_USAGE, "the seal would end before it begins");
    TRY(read_size(a->size, &spec, err));
    TRY(read_picture(a->picture, &picture, &spec, err));
    TRY(is_known_maker(session, &a->trust, signer_cert(maker->signer), &known, err));
    name = seal_name(a->name, known);
    spec.name = name;
    TRY(ses_seal_make(&spec, maker->signer, &out, err));
    TRY(prove(buf_span(&out), err));
    return file_write(a->common.output, buf_span(&out), inputs_flags(&a->common), err);
}

static enum rc run_make(const void *args, char **operands, struct err *err)
{
    const struct make_args *a = args;
    CLEANUP(session_close) struct session session;
    CLEANUP(sealer_clear) struct sealer maker = SEALER_INIT;
    CLEANUP(certs_clear) struct certs signers = {.list = NULL};

    (void)operands;
    session.config = NULL;
    if (!a->common.output)
        return err_set(err, RC_USAGE, "where to? -o FILE");
    TRY(session_open(&session, &a->common, err));
    for (size_t i = 0; i < a->signers.n; i++)
        TRY(certs_load(a->signers.items[i], &signers, err));
    TRY(session_sealer(&session, &a->keys, false, &maker, err));
    return make_with(a, &session, &signers, &maker, err);
}

struct look_args {
    struct common common;
    struct opt_list trust, crls;
};

static const struct opt show_opts[] = {
    OPT_FLAG(0, "json", struct look_args, common.json, .brief = N_("print JSON")),
    OPT_ROWS(common_opts),
    OPT_END,
};

static const struct opt check_opts[] = {
    OPT_LIST(0, "trust", struct look_args, trust, .arg = "DIR", .files = true,
             .brief = N_("believe the anchors of this folder or named trust (may be repeated)")),
    OPT_LIST(0, "crl", struct look_args, crls, .arg = "FILE", .files = true,
             .brief = N_("use this revocation list too (may be repeated)")),
    OPT_TIME(0, "at", struct look_args, common.at, .brief = N_("judge as of TIME instead of now")),
    OPT_ROWS(report_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

static struct js *js_time(instant at)
{
    char text[21];

    instant_print(at, text);
    return at == INSTANT_NONE ? js_null() : js_string(text);
}

static struct js *js_certs(const struct ses_seal *seal)
{
    struct js *list = js_array();

    for (size_t i = 0; i < seal->n_certs; i++) {
        CLEANUP(cert_freep) struct cert *cert = NULL;
        struct err ignored = ERR_INIT;
        char hex[2 * 64 + 1] = "";

        if (!seal->digests && cert_parse(seal->cert_list[i], &cert, &ignored) == RC_OK) {
            js_push(list, js_string(cert_subject(cert)));
        } else {
            hex_encode(seal->cert_list[i].data,
                       seal->cert_list[i].len < 64 ? seal->cert_list[i].len : 64, hex);
            js_push(list, js_string(hex));
        }
    }
    return list;
}

static struct js *describe(const struct ses_seal *seal)
{
    CLEANUP(cert_freep) struct cert *maker = NULL;
    struct err ignored = ERR_INIT;
    struct js *o = js_object();

    js_set(o, "layout", js_number(seal->layout));
    js_set(o, "version", js_number(seal->version));
    js_set(o, "vendor", js_string(seal->vendor));
    js_set(o, "id", js_string(seal->id));
    js_set(o, "name", js_string(seal->name));
    js_set(o, "type", js_number(seal->type));
    js_set(o, "created", js_time(seal->create_date));
    js_set(o, "valid_from", js_time(seal->valid_start));
    js_set(o, "valid_until", js_time(seal->valid_end));
    js_set(o, "picture", js_string(seal->picture_type));
    js_set(o, "picture_bytes", js_number((int64_t)seal->picture.len));
    js_set(o, "width_mm", js_number(seal->width_mm));
    js_set(o, "height_mm", js_number(seal->height_mm));
    js_set(o, "signers", js_certs(seal));
    js_set(o, "maker",
           cert_parse(seal->maker_cert, &maker, &ignored) == RC_OK ? js_string(cert_subject(maker))
                                                                   : js_null());
    js_set(o, "algorithm", js_string(seal->algorithm));
    return o;
}

static void print_value(const struct js *value)
{
    if (js_kind(value) == JS_INTEGER)
        printf("%lld\n", (long long)js_integer(value));
    else
        printf("%s\n", js_text(value) ? js_text(value) : "-");
}

/* The keys, for people; the catalogue has them too. */
static const char *const words[] __attribute__((unused)) = {
    N_("layout"),      N_("version"), N_("vendor"),        N_("id"),
    N_("name"),        N_("type"),    N_("created"),       N_("valid_from"),
    N_("valid_until"), N_("picture"), N_("picture_bytes"), N_("width_mm"),
    N_("height_mm"),   N_("signers"), N_("maker"),         N_("algorithm"),
};

static void print_key(const char *key)
{
    int pad = 14 - utf8_width(tr(key));

    printf("    %s%*s ", tr(key), pad > 0 ? pad : 0, "");
}

static void print_seal(const struct js *o)
{
    for (struct js_member m = js_first(o); m.key; m = js_next(m)) {
        for (size_t i = 0; js_kind(m.value) == JS_ARRAY && i < js_len(m.value); i++) {
            print_key(m.key);
            print_value(js_at(m.value, i));
        }
        if (js_kind(m.value) == JS_ARRAY)
            continue;
        print_key(m.key);
        print_value(m.value);
    }
}

static enum rc show_one(const struct look_args *a, const char *path, struct err *err)
{
    CLEANUP(buf_clear)
    struct buf file = BUF_INIT(LIMIT_SIGNED_VALUE), text = BUF_INIT(LIMIT_RECORD);
    CLEANUP(ses_seal_clear) struct ses_seal seal = {.whole = {NULL, 0}};
    CLEANUP(findings_clear) struct findings notes = {.list = NULL};
    CLEANUP(js_freep) struct js *o = NULL;

    TRY(file_read(path, &file, err));
    TRY_AT(ses_seal_read(buf_span(&file), &seal, &notes, err), err, "%s", path);
    o = describe(&seal);
    if (a->common.json) {
        TRY(js_print(o, true, &text, err));
        printf("%s\n", text.data);
        return RC_OK;
    }
    printf("%s\n", path);
    print_seal(o);
    for (size_t i = 0; i < notes.n; i++)
        printf("    %s  %s\n", notes.list[i].type->code, finding_text(&notes.list[i], i18n_lang()));
    return RC_OK;
}

static enum rc run_show(const void *args, char **operands, struct err *err)
{
    enum rc worst = RC_OK;

    TRY(crypto_init(err));
    for (; *operands; operands++) {
        struct err fault = ERR_INIT;
        enum rc rc = show_one(args, *operands, &fault);

        if (rc != RC_OK)
            cmd_complain(&fault);
        worst = rc_worse(worst, rc);
    }
    return worst;
}

static enum rc check_one(const struct trust *trust, const char *path, struct output *output,
                         struct err *err)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(ses_seal_clear) struct ses_seal seal = {.whole = {NULL, 0}};
    CLEANUP(verification_clear) struct verification item = {.path = mem_text(path)};
    struct ses_judge judge = {.trust = trust, .now = clock_now(), .part = path};
    struct signature_report *report;
    struct picture picture;
    struct err fault = ERR_INIT;

    TRY(file_read(path, &file, err));
    item.size = file.len;
    item.has_sm3 = true;
    sm3(buf_span(&file), item.sm3);
    TRY_AT(ses_seal_read(buf_span(&file), &seal, &item.findings, err), err, "%s", path);
    report = verification_add_signature(&item);
    report->is_seal = true;
    ses_seal_judge(&judge, &seal, judge.now, report, &item.findings);
    if (strcasecmp(seal.picture_type, "ofd") != 0 &&
        picture_inspect(seal.picture, &picture, &fault) != RC_OK)
        (void)findings_add_err(&item.findings, &fault);
    item.coverage_complete = true;
    verification_conclude(&item, &(struct verdict_facts){.unreadable = RC_OK});
    return output_item(output, &item);
}

static enum rc run_check(const void *args, char **operands, struct err *err)
{
    const struct look_args *a = args;
    CLEANUP(session_close) struct session session;
    CLEANUP(trust_freep) struct trust *trust = NULL;
    CLEANUP(inputs_clear) struct inputs inputs = {.names = BUF_INIT(LIMIT_PACKAGE)};
    CLEANUP(output_clear) struct output output = {.items = NULL};
    enum rc worst = RC_OK;

    session.config = NULL;
    TRY(inputs_collect(&a->common, operands, &inputs, err));
    TRY(session_open(&session, &a->common, err));
    TRY(session_trust(&session, &a->trust, &a->crls, &trust, err));
    output_open(&output, &a->common, "eseal check", false);
    output.lines_always = true;
    for (size_t i = 0; i < inputs.n; i++) {
        struct err fault = ERR_INIT;
        size_t before = output.n;
        enum rc rc = check_one(trust, inputs.paths[i], &output, &fault);

        if (output.n == before)
            rc = output_fault(&output, inputs.paths[i], &fault);
        worst = rc_worse(worst, rc);
    }
    return output_close(&output, worst, err);
}

static const struct cmd make = {
    .name = "make",
    .brief = N_("make a seal from a picture, for those who may use it"),
    .opts = make_opts,
    .args_size = sizeof(struct make_args),
    .defaults = &(const struct make_args){.common = COMMON_INIT,
                                          .keys = KEYOPTS_INIT,
                                          .type = 1,
                                          .from = INSTANT_NONE,
                                          .until = INSTANT_NONE},
    .run = run_make,
};

static const struct cmd show = {
    .name = "show",
    .brief = N_("show what is in a seal"),
    .operands = "FILE ...",
    .min_operands = 1,
    .max_operands = -1,
    .opts = show_opts,
    .args_size = sizeof(struct look_args),
    .defaults = &(const struct look_args){.common = COMMON_INIT},
    .run = run_show,
};

static const struct cmd check = {
    .name = "check",
    .brief = N_("check a seal: maker's signature, chain, validity, picture"),
    .operands = "[FILE ...]",
    .max_operands = -1,
    .opts = check_opts,
    .args_size = sizeof(struct look_args),
    .defaults = &(const struct look_args){.common = COMMON_INIT},
    .run = run_check,
};

static const struct cmd *const verbs[] = {&check, &make, &show, NULL};

const struct cmd cmd_eseal = {
    .name = "eseal",
    .brief = N_("make, show and check e-seals (GB/T 38540)"),
    .verbs = verbs,
};
