/* SPDX-License-Identifier: Apache-2.0 */
/* ecert seal - put an e-seal on one or many OFD files. */

#include "cmd/cmd.h"
#include "cmd/courier.h"
#include "cmd/stampfiles.h"

struct seal_args {
    struct couriered with; /* first, as the shared rows have it */
    const char *place, *place_field, *place_keyword, *on_behalf;
    bool close;
};

static const struct opt opts[] = {
    OPT_TEXT(0, "place", struct seal_args, place, .arg = "PAGE,X,Y",
             .brief = N_("put the seal here: page from 1, millimetres from the top left corner")),
    OPT_TEXT(0, "place-field", struct seal_args, place_field, .arg = "NAME",
             .brief = N_("put the seal over the text that shows this field")),
    OPT_TEXT(0, "place-keyword", struct seal_args, place_keyword, .arg = "TEXT",
             .brief = N_("put the seal over the first line that holds this text")),
    OPT_FLAG(0, "close", struct seal_args, close,
             .brief = N_("let nobody seal or sign after this seal")),
    OPT_TEXT(0, "on-behalf", struct seal_args, on_behalf, .arg = "REASON",
             .brief = N_("seal although the seal's owner is no issuer of the licence"),
             .more = N_("The journal keeps the reason.")),
    OPT_FLAG('n', "dry-run", struct seal_args, with.keyed.common.dry_run,
             .brief = N_("do everything but write")),
    OPT_ROWS(courier_opts),
    OPT_ROWS(seal_opts),
    OPT_ROWS(key_opts),
    OPT_ROWS(output_opts),
    OPT_ROWS(in_place_opts),
    OPT_ROWS(batch_opts),
    OPT_ROWS(journal_opts),
    OPT_ROWS(report_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

static enum rc choose_place(const struct seal_args *a, struct stamping *stamping, struct err *err)
{
    int ways = (a->place != NULL) + (a->place_field != NULL) + (a->place_keyword != NULL);

    if (ways > 1)
        return err_set(err, RC_USAGE, "only one of --place, --place-field and --place-keyword");
    if (a->place)
        return stamping_place(a->place, stamping, err);
    if (ways) {
        stamping->place = a->place_field ? PLACE_OF_FIELD : PLACE_KEYWORD;
        stamping->text = a->place_field ? a->place_field : a->place_keyword;
        if (!*stamping->text)
            return err_set(err, RC_USAGE, "the text to put the seal over is empty");
    }
    return RC_OK;
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    const struct seal_args *a = args;
    CLEANUP(stampfiles_clear)
    struct stampfiles run = {.sealer = SEALER_INIT, .inputs = {.names = BUF_INIT(LIMIT_PACKAGE)}};

    TRY(courier_check(&a->with.courier, err));
    if (a->with.courier.reply)
        return courier_deliver(&a->with, "seal", operands, err);
    TRY(choose_place(a, &run.stamping, err));
    TRY(stampfiles_open(&run, &a->with, true, operands, err));
    if (!a->with.keyed.common.dry_run)
        TRY(inputs_check_targets(&a->with.keyed.common, &run.inputs, err));
    run.stamping.close = a->close;
    run.stamping.on_behalf = a->on_behalf;
    return stampfiles_run(&run, err);
}

const struct cmd cmd_seal = {
    .name = "seal",
    .brief = N_("put an e-seal (GB/T 38540) on one or many OFD files"),
    .operands = "[FILE ...]",
    .max_operands = -1,
    .opts = opts,
    .args_size = sizeof(struct seal_args),
    .defaults =
        &(const struct seal_args){.with.keyed = {.common = COMMON_INIT, .keys = KEYOPTS_INIT}},
    .run = run,
};
