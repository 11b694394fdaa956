/* SPDX-License-Identifier: Apache-2.0 */
/* ecert eseal make - a seal from a picture, for those who may use it. */

#include <stdlib.h>
#include <string.h>

#include "cmd/eseal.h"
#include "cmd/inputs.h"
#include "cmd/session.h"
#include "core/base/file.h"
#include "core/base/mem.h"
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
    OPT_FILE('o', "output", struct make_args, common.output,
             .brief = N_("write here; '-' is standard output")),
    OPT_FLAG('f', "force", struct make_args, common.force,
             .brief = N_("replace output that exists")),
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
static enum rc is_known_maker(struct session *session, const struct opt_list *names,
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
    TRY(session_trust(session, &(struct trust_opts){.trust = names}, &trust, err));
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

static enum rc make_with(const struct make_args *a, struct session *session,
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
    CLEANUP(session_close) struct session session = {.config = NULL};
    CLEANUP(sealer_clear) struct sealer maker = SEALER_INIT;
    CLEANUP(certs_clear) struct certs signers = {.list = NULL};

    (void)operands;
    if (!a->common.output)
        return err_set(err, RC_USAGE, "where to? -o FILE");
    TRY(session_open(&session, &a->common, err));
    for (size_t i = 0; i < a->signers.n; i++)
        TRY(certs_load(a->signers.items[i], &signers, err));
    TRY(session_sealer(&session, &a->keys, false, &maker, err));
    return make_with(a, &session, &signers, &maker, err);
}

const struct cmd eseal_make = {
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
