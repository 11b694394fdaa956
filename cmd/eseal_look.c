/* SPDX-License-Identifier: Apache-2.0 */
/* ecert eseal show, ecert eseal check - what is in a seal, and whether it holds. */

#include <stdlib.h>
#include <string.h>

#include "cmd/eseal.h"
#include "cmd/inputs.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "core/base/codec.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/model/judge.h"
#include "formats/image.h"

struct look_args {
    struct common common;
    struct opt_list trust, crls, ocsps;
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
    OPT_LIST(0, "ocsp", struct look_args, ocsps, .arg = "FILE", .files = true,
             .brief = N_("use this OCSP response too (may be repeated)"),
             .more =
                 N_("A file that was fetched elsewhere: nothing is ever asked over a network.")),
    OPT_TIME(0, "at", struct look_args, common.at, .brief = N_("judge as of TIME instead of now")),
    OPT_ROWS(report_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

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
    js_set(o, "created", report_time(seal->create_date));
    js_set(o, "valid_from", report_time(seal->valid_start));
    js_set(o, "valid_until", report_time(seal->valid_end));
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
    if (js_kind(value) == JS_INTEGER) {
        printf("%lld\n", (long long)js_integer(value));
    } else {
        output_text(stdout, js_text(value) ? js_text(value) : "-");
        printf("\n");
    }
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
    for (size_t i = 0; i < notes.n; i++) {
        printf("    %s  ", notes.list[i].type->code);
        output_text(stdout, finding_text(&notes.list[i], i18n_lang()));
        printf("\n");
    }
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

/* What seals are judged by. */
struct believing {
    const struct trust *trust;
    const struct issuer_lists *lists;
};

static enum rc check_one(const struct believing *by, const char *path, struct output *output,
                         struct err *err)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(ses_seal_clear) struct ses_seal seal = {.whole = {NULL, 0}};
    CLEANUP(verification_clear) struct verification item = {.path = mem_text(path)};
    struct ses_judge judge = {.trust = by->trust, .now = clock_now(), .part = path};
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
    judge_maker_listed(by->lists, path, report, &item.findings);
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
    CLEANUP(session_close) struct session session = {.config = NULL};
    CLEANUP(trust_freep) struct trust *trust = NULL;
    CLEANUP(inputs_clear) struct inputs inputs = {.names = BUF_INIT(LIMIT_PACKAGE)};
    CLEANUP(output_clear) struct output output = {.common = NULL};
    struct believing by;
    enum rc worst = RC_OK;

    TRY(inputs_collect(&a->common, operands, &inputs, err));
    TRY(session_open(&session, &a->common, err));
    TRY(session_trust(&session, &(struct trust_opts){&a->trust, &a->crls, &a->ocsps}, &trust, err));
    by = (struct believing){trust, &session.lists};
    output_open(&output, &a->common, "eseal check", false);
    output.lines_always = true;
    for (size_t i = 0; i < inputs.n; i++) {
        struct err fault = ERR_INIT;
        size_t before = output.counts.items;
        enum rc rc = check_one(&by, inputs.paths[i], &output, &fault);

        if (output.counts.items == before)
            rc = output_fault(&output, inputs.paths[i], &fault);
        worst = rc_worse(worst, rc);
    }
    return output_close(&output, worst, err);
}

const struct cmd eseal_show = {
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

const struct cmd eseal_check = {
    .name = "check",
    .brief = N_("check a seal: maker's signature, chain, validity, picture"),
    .operands = "[FILE ...]",
    .max_operands = -1,
    .opts = check_opts,
    .args_size = sizeof(struct look_args),
    .defaults = &(const struct look_args){.common = COMMON_INIT},
    .run = run_check,
};
