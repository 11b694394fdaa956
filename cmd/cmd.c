/* SPDX-License-Identifier: Apache-2.0 */
/* The commands there are, and how one says that something failed. */
#include "cmd/cmd.h"
#include "cmd/output.h"

const struct cmd *const cmd_all[] = {
    &cmd_authority, &cmd_completion, &cmd_eseal, &cmd_explain, &cmd_id, &cmd_issue,
    &cmd_seal,      &cmd_show,       &cmd_sign,  &cmd_verify,  NULL,
};

void cmd_complain(const struct err *err)
{
    fprintf(stderr, "ecert: ");
    output_text(stderr, err->where);
    fprintf(stderr, "%s", err->where[0] ? ": " : "");
    output_text(stderr, i18n_lang() == LANG_ZH ? err->zh : err->text);
    fprintf(stderr, "\n");
}
