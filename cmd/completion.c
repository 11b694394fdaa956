/* SPDX-License-Identifier: Apache-2.0 */
/* ecert completion - print the completion script for a shell. */

#include <string.h>
#include <unistd.h>

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
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (n > 0) {
        CLEANUP(freep) char *dir = NULL, *path = NULL;
        struct err ignored = ERR_INIT;

        self[n] = '\0';
        dir = path_dir(self);
        path = path_join(dir, file);
        if (file_exists(path) && file_read(path, out, &ignored) == RC_OK)
            return RC_OK;
    }
    {
        CLEANUP(freep) char *path = path_join(ECERT_DATADIR "/completions", file);

        return file_read(path, out, err);
    }
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
