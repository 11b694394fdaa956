/* SPDX-License-Identifier: Apache-2.0 */
/* ecert completion - print the completion script for a shell. */

#include <string.h>

#include "cmd/cmd.h"
#include "core/base/cleanup.h"
#include "core/base/file.h"
#include "core/base/limits.h"

struct completion_args {
    struct common common;
};

static const struct opt opts[] = {
    OPT_ROWS(common_opts),
    OPT_END,
};

static const struct {
    const char *shell, *file;
} scripts[] = {
    {"bash", "ecert.bash"},
    {"zsh", "_ecert"},
    {"fish", "ecert.fish"},
};

/* The scripts are data files: beside the program in its build tree, else where it was installed. */
static enum rc read_script(const char *file, struct buf *out, struct err *err)
{
    CLEANUP(freep) char *built = path_of_program(file);
    CLEANUP(freep) char *folder = path_of_program("../share/ecert/completions");
    CLEANUP(freep)
    char *installed = path_join(dir_exists(folder) ? folder : ECERT_DATADIR "/completions", file);

    return file_read(file_exists(built) ? built : installed, out, err);
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    CLEANUP(buf_clear) struct buf script = BUF_INIT(LIMIT_CONFIG);

    (void)args;
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        if (strcmp(operands[0], scripts[i].shell) == 0) {
            TRY(read_script(scripts[i].file, &script, err));
            (void)fwrite(script.data, 1, script.len, stdout);
            return RC_OK;
        }
    }
    return err_set(err, RC_USAGE, "no such shell: '%s' (bash, zsh or fish)", operands[0]);
}

const struct cmd cmd_completion = {
    .name = "completion",
    .brief = N_("print the completion script for bash, zsh or fish"),
    .operands = "SHELL",
    .min_operands = 1,
    .max_operands = 1,
    .opts = opts,
    .args_size = sizeof(struct completion_args),
    .run = run,
};
