/* SPDX-License-Identifier: Apache-2.0 */
/* ecert authority - a trial authority in one folder. */

#include <string.h>

#include "cmd/cmd.h"
#include "cmd/trial.h"
#include "core/base/cleanup.h"
#include "core/base/utf8.h"
#include "core/crypto/hash.h"
#include "core/model/checkdigit.h"
#include "core/model/trial.h"

struct authority_args {
    struct common common;
    const char *agency, *uscc, *pin_file;
};

static const struct opt new_opts[] = {
    OPT_ROWS(common_opts),
    OPT_TEXT(0, "agency", struct authority_args, agency, .arg = "NAME",
             .brief = N_("name of the issuing body (default: an invented one)"),
             .more = N_("Certificates and seal say TEST in front of it.")),
    OPT_TEXT(0, "uscc", struct authority_args, uscc, .arg = "CODE",
             .brief = N_("its unified social credit code; goes with --agency")),
    OPT_FILE(0, "pin-file", struct authority_args, pin_file,
             .brief = N_("encrypt the private keys with the PIN in the first line of FILE")),
    OPT_END,
};

static const struct opt renew_opts[] = {
    OPT_ROWS(common_opts),
    OPT_FILE(0, "pin-file", struct authority_args, pin_file,
             .brief = N_("read the PIN from the first line of FILE")),
    OPT_END,
};

static enum rc run_new(const void *args, char **operands, struct err *err)
{
    const struct authority_args *a = args;
    CLEANUP(secret_clear) struct secret pin = SECRET_INIT;
    struct trial_spec spec = {.agency = a->agency ? a->agency : TRIAL_AGENCY_NAME,
                              .uscc = a->uscc ? a->uscc : TRIAL_AGENCY_USCC};

    if (!a->agency != !a->uscc)
        return err_set(err, RC_USAGE, "--agency and --uscc go together");
    for (const char *c = spec.agency; *c; c++) {
        if ((unsigned char)*c < ' ')
            return err_set(err, RC_USAGE, "--agency: a name holds no control characters");
    }
    if (utf8_check(span_of(spec.agency)) != strlen(spec.agency))
        return err_set(err, RC_USAGE, "--agency: not UTF-8");
    if (uscc_check(spec.uscc).fault != CHECK_GOOD)
        return err_set(err, RC_USAGE, "GB 32100: '%s' is no unified social credit code", spec.uscc);
    if (a->pin_file) {
        TRY(secret_from_file(a->pin_file, &pin, err));
        spec.pin = &pin;
    }
    TRY(crypto_init(err));
    TRY(trial_make(operands[0], &spec, err));
    if (!a->common.quiet)
        printf(tr(N_("made %s: key agency, seal official, trust default\n"
                     "use it with --config %s/config.yaml\n")),
               operands[0], operands[0]);
    return RC_OK;
}

static enum rc run_renew(const void *args, char **operands, struct err *err)
{
    const struct authority_args *a = args;
    CLEANUP(secret_clear) struct secret pin = SECRET_INIT;

    if (a->pin_file)
        TRY(secret_from_file(a->pin_file, &pin, err));
    TRY(crypto_init(err));
    return trial_renew(operands[0], a->pin_file ? &pin : NULL, err);
}

static const struct cmd new = {
    .name = "new",
    .brief = N_("make a trial authority: CA, seal maker, agency key, seal, trust folder"),
    .operands = "DIR",
    .min_operands = 1,
    .max_operands = 1,
    .opts = new_opts,
    .args_size = sizeof(struct authority_args),
    .defaults = &(const struct authority_args){.common = COMMON_INIT},
    .run = run_new,
};

static const struct cmd renew = {
    .name = "renew",
    .brief = N_("make a fresh revocation list"),
    .operands = "DIR",
    .min_operands = 1,
    .max_operands = 1,
    .opts = renew_opts,
    .args_size = sizeof(struct authority_args),
    .defaults = &(const struct authority_args){.common = COMMON_INIT},
    .run = run_renew,
};

static const struct cmd *const verbs[] = {&new, &renew, NULL};

const struct cmd cmd_authority = {
    .name = "authority",
    .brief = N_("make a trial authority, all of it marked TEST"),
    .verbs = verbs,
};
