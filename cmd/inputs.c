/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"

void inputs_clear(struct inputs *inputs)
{
    free(inputs->paths);
    buf_clear(&inputs->names);
    *inputs = (struct inputs){.names = BUF_INIT(LIMIT_PACKAGE)};
}

static void add(struct inputs *inputs, const char *path)
{
    inputs->paths = mem_resize(inputs->paths, (inputs->n + 1) * sizeof(*inputs->paths));
    inputs->paths[inputs->n++] = path;
}

/* Names end with newline, or with NUL under -0; empty ones are left out. */
static enum rc add_list(const struct common *common, struct inputs *inputs, struct err *err)
{
    char *p, *end;
    size_t before = inputs->n;

    TRY(file_read(common->files_from, &inputs->names, err));
    p = inputs->names.data;
    end = p + inputs->names.len;
    while (p < end) {
        char *stop = memchr(p, common->nul ? '\0' : '\n', (size_t)(end - p));

        if (!stop)
            stop = end;
        *stop = '\0';
        if (!common->nul && stop > p && stop[-1] == '\r')
            stop[-1] = '\0';
        if (*p)
            add(inputs, p);
        p = stop + 1;
    }
    if (inputs->n == before)
        return err_set(err, RC_USAGE, "%s names no file", common->files_from);
    return RC_OK;
}

enum rc inputs_check_pattern(const char *path, struct err *err)
{
    if (strpbrk(path, "*?[") && !file_exists(path))
        return err_set(err, RC_USAGE, "no file matches '%s'", path);
    return RC_OK;
}

enum rc inputs_collect(const struct common *common, char **operands, struct inputs *out,
                       struct err *err)
{
    *out = (struct inputs){.names = BUF_INIT(LIMIT_PACKAGE)};
    for (; *operands; operands++) {
        TRY(inputs_check_pattern(*operands, err));
        add(out, *operands);
    }
    if (common->files_from)
        return add_list(common, out, err);
    if (out->n)
        return RC_OK;
    if (isatty(STDIN_FILENO))
        return err_set(err, RC_USAGE, "which file? name one, or send it to standard input");
    add(out, "-");
    return RC_OK;
}

enum rc refuse_terminal(const struct common *common, struct err *err)
{
    if (!common->output && isatty(STDOUT_FILENO))
        return err_set(err, RC_USAGE,
                       "a licence is not for the terminal: use -o FILE, or -o - to insist");
    return RC_OK;
}

static bool is_stdin(const struct inputs *inputs)
{
    return inputs->n == 1 && strcmp(inputs->paths[0], "-") == 0;
}

bool inputs_to_stdout(const struct common *common, const struct inputs *inputs)
{
    if (common->output)
        return strcmp(common->output, "-") == 0;
    return !common->out_dir && !common->in_place && is_stdin(inputs);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum rc inputs_check_distinct(const struct common *common, const struct inputs *inputs,
                              struct err *err)
{
    char **targets = mem_zero(inputs->n, sizeof(*targets));
    enum rc rc = RC_OK;

    for (size_t i = 0; i < inputs->n; i++) {
        char *target = inputs_target(common, inputs->paths[i]);

        targets[i] = common->in_place ? realpath(target, NULL) : NULL;
        if (targets[i])
            free(target);
        else
            targets[i] = target;
    }
    qsort(targets, inputs->n, sizeof(*targets), compare_texts);
    for (size_t i = 1; i < inputs->n && rc == RC_OK; i++) {
        if (strcmp(targets[i - 1], targets[i]) == 0)
            rc = err_set(err, RC_USAGE, "two results would both be written to %s", targets[i]);
    }
    names_free(targets, inputs->n);
    return rc;
}

enum rc inputs_check_targets(const struct common *common, const struct inputs *inputs,
                             struct err *err)
{
    int ways = (common->output != NULL) + (common->out_dir != NULL) + common->in_place;

    if (ways > 1)
        return err_set(err, RC_USAGE, "only one of -o, --out-dir and --in-place");
    if (common->output && inputs->n > 1)
        return err_set(err, RC_USAGE, "-o is for one file; use --out-dir or --in-place");
    if (ways == 0 && !is_stdin(inputs))
        return err_set(err, RC_USAGE, "where to? one of -o FILE, --out-dir DIR, --in-place");
    if (common->in_place && is_stdin(inputs))
        return err_set(err, RC_USAGE, "--in-place needs a file");
    TRY(inputs_check_distinct(common, inputs, err));
    return inputs_to_stdout(common, inputs) ? refuse_terminal(common, err) : RC_OK;
}

char *inputs_target(const struct common *common, const char *path)
{
    if (common->output)
        return mem_text(common->output);
    if (common->out_dir)
        return path_join(common->out_dir, strcmp(path, "-") == 0 ? "stdin.ofd" : path_base(path));
    return mem_text(path); /* --in-place, or "-" to "-" */
}

unsigned inputs_flags(const struct common *common)
{
    return common->force || common->in_place ? FILE_FORCE : 0;
}

int inputs_jobs(const struct common *common)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (common->jobs > 0)
        return common->jobs;
    return cores > 0 ? (int)cores : 1;
}
