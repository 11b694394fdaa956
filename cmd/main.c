/* SPDX-License-Identifier: Apache-2.0 */
/* Picks the subcommand, runs it, and is the only place that reports failure. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "core/base/cleanup.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "core/model/suggest.h"

static const struct cmd *find(const struct cmd *const *cmds, const char *name)
{
    for (; name && *cmds; cmds++) {
        if (strcmp((*cmds)->name, name) == 0)
            return *cmds;
    }
    return NULL;
}

static enum rc no_such(const struct cmd *const *cmds, const char *name, struct err *err)
{
    const char *names[64], *near;
    size_t n = 0;

    for (; n < 63 && cmds[n]; n++)
        names[n] = cmds[n]->name;
    names[n] = NULL;
    near = suggest(name, names);
    if (near)
        return err_set(err, RC_USAGE, "no such command: '%s'; did you mean '%s'?", name, near);
    return err_set(err, RC_USAGE, "no such command: '%s'; try 'ecert --help'", name);
}

static void print_version(void)
{
    printf("ecert %s\n", ECERT_VERSION);
}

/* The words that no option has claimed yet must be as many as the command takes. */
static enum rc check_operands(const struct cmd *cmd, int n, struct err *err)
{
    if (n >= cmd->min_operands && (cmd->max_operands < 0 || n <= cmd->max_operands))
        return RC_OK;
    if (!cmd->operands)
        return err_set(err, RC_USAGE, "takes no operands");
    return err_set(err, RC_USAGE, "expected: %s", cmd->operands);
}

static enum rc cmd_run(const struct cmd *group, const struct cmd *cmd, int argc, char **argv,
                       struct err *err)
{
    CLEANUP(freep) void *args = mem_zero(1, cmd->args_size);
    const struct common *common = args;
    int operands;

    if (cmd->defaults)
        memcpy(args, cmd->defaults, cmd->args_size);
    TRY(opt_parse(cmd->opts, args, argc, argv, &operands, err));
    if (common->help || common->version) {
        if (common->help)
            doc_help(group, cmd, stdout);
        else
            print_version();
        return RC_OK;
    }
    argv[operands] = NULL;
    TRY(check_operands(cmd, operands, err));
    return cmd->run(args, argv, err);
}

/* ecert --install DIR: a link ecert-COMMAND for each command. */
static enum rc install_links(const char *dir, struct err *err)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (!dir)
        return err_set(err, RC_USAGE, "--install needs a folder");
    if (n < 0)
        return err_errno(err, "/proc/self/exe");
    self[n] = '\0';
    TRY(dir_make(dir, err));
    for (const struct cmd *const *c = cmd_all; *c; c++) {
        CLEANUP(freep) char *name = NULL, *path = NULL;

        if (asprintf(&name, "ecert-%s", (*c)->name) < 0)
            return err_errno(err, dir);
        path = path_join(dir, name);
        if (symlink(self, path) != 0 && errno != EEXIST)
            return err_errno(err, path);
    }
    return RC_OK;
}

static enum rc man(const char *name, struct err *err)
{
    const struct cmd *cmd = find(cmd_all, name);

    if (name && !cmd)
        return no_such(cmd_all, name, err);
    return doc_man(cmd, stdin, stdout, err);
}

/* Words that are not commands: --help, --version, --list, --install DIR and the hidden verbs. */
static bool handle_special(char **argv, enum rc *rc, struct err *err)
{
    *rc = RC_OK;
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        doc_help(NULL, NULL, stdout);
    } else if (strcmp(argv[0], "--version") == 0) {
        print_version();
    } else if (strcmp(argv[0], "--list") == 0) {
        for (const struct cmd *const *c = cmd_all; *c; c++)
            printf("%s\n", (*c)->name);
    } else if (strcmp(argv[0], "--install") == 0) {
        *rc = install_links(argv[1], err);
    } else if (strcmp(argv[0], "__complete") == 0) {
        doc_complete(argv[1] ? argv[1] : "", stdout);
    } else if (strcmp(argv[0], "__man") == 0) {
        *rc = man(argv[1], err);
    } else {
        return false;
    }
    return true;
}

/* What the report of a failure calls the command: "verify", "eseal make". */
static char called[64];

static enum rc run_command(int argc, char **argv, struct err *err)
{
    const struct cmd *group = NULL, *cmd = find(cmd_all, argv[0]);

    if (!cmd)
        return no_such(cmd_all, argv[0], err);
    (void)snprintf(called, sizeof(called), "%s", cmd->name);
    if (cmd->verbs) {
        if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
            doc_help(NULL, cmd, stdout);
            return RC_OK;
        }
        if (argc > 1 && strcmp(argv[1], "--version") == 0) {
            print_version();
            return RC_OK;
        }
        group = cmd;
        cmd = argc > 1 ? find(group->verbs, argv[1]) : NULL;
        if (!cmd)
            return argc > 1
                       ? no_such(group->verbs, argv[1], err)
                       : err_set(err, RC_USAGE, "which verb? try 'ecert %s --help'", group->name);
        (void)snprintf(called, sizeof(called), "%s %s", group->name, cmd->name);
        argc--, argv++;
    }
    return cmd_run(group, cmd, argc, argv, err);
}

/*
 * --config F and --lang L may stand before the command: they are moved behind it,
 * where the command's own rows parse them.
 */
static enum rc dispatch(int argc, char **argv, struct err *err)
{
    enum rc rc;
    int front = 0;

    while (front < argc &&
           (strncmp(argv[front], "--config", 8) == 0 || strncmp(argv[front], "--lang", 6) == 0))
        front += strchr(argv[front], '=') ? 1 : 2;
    if (front >= argc)
        return err_set(err, RC_USAGE, "which command? try 'ecert --help'");
    if (handle_special(argv + front, &rc, err))
        return rc;
    if (front) { /* rotate: COMMAND [VERB] --config F … */
        const struct cmd *cmd = find(cmd_all, argv[front]);
        int words = cmd && cmd->verbs && front + 1 < argc ? 2 : 1;
        char *moved[2] = {argv[front], words > 1 ? argv[front + 1] : NULL};

        memmove(argv + words, argv, (size_t)front * sizeof(char *));
        memcpy(argv, moved, (size_t)words * sizeof(char *));
    }
    return run_command(argc, argv, err);
}

/* The language is wanted before the options are parsed: an error in them is told in it. */
static const char *wanted_lang(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0)
            return argv[i] + 7;
        if (strcmp(argv[i], "--lang") == 0)
            return argv[i + 1];
    }
    return NULL;
}

static enum rc check_lang(const char *lang, struct err *err)
{
    if (!lang || strcmp(lang, "zh_CN") == 0 || strcmp(lang, "en") == 0)
        return RC_OK;
    return err_set(err, RC_USAGE, "--lang: no such choice: '%s'", lang);
}

static void on_signal(int number)
{
    file_abandon();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* A failed assertion: say with the status that it is our fault, and leave nothing half-written. */
static void on_abort(int number)
{
    (void)number;
    file_abandon();
    _exit(RC_BUG);
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        (void)signal(numbers[i], on_signal);
    (void)signal(SIGABRT, on_abort);
    /* With SIGXFSZ ignored, write() says EFBIG, which is reported like a full disk. */
    (void)signal(SIGXFSZ, SIG_IGN);
}

/*
 * A stream that the caller has closed would be the number of the next file that is
 * opened, and what is printed would land in it.  Opened the wrong way round, it stays
 * unusable, as it was meant.
 */
static void occupy_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(RC_SYSTEM);
    }
}

static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0)
            return true;
    }
    return false;
}

/* The document that is owed to --json when the command never came to print one. */
static void report_failure(const struct err *err)
{
    struct common common = {.json = true};
    CLEANUP(output_clear) struct output output;
    struct err ignored = ERR_INIT;

    output_open(&output, &common, called, false);
    (void)output_fault(&output, NULL, err);
    if (output_close(&output, err->code, &ignored) != err->code)
        cmd_complain(&ignored);
}

/*
 * Without TZ, glibc looks at the file of the time zone each time that a time is made,
 * and libzip makes one for each entry that it writes.  Said outright, it is read once.
 */
static void settle_time_zone(void)
{
    (void)setenv("TZ", ":/etc/localtime", 0);
}

int main(int argc, char **argv)
{
    const char *base = path_base(argc > 0 ? argv[0] : "ecert");
    bool json = asks_for_json(argc, argv);
    struct err err = ERR_INIT;
    enum rc rc;

    occupy_streams();
    mem_hold();
    settle_time_zone();
    i18n_init(wanted_lang(argc, argv));
    /* Nothing here is in local time; a C library that is asked looks for its zone file each time.
     */
    (void)setenv("TZ", "UTC0", 1);
    catch_signals();
    if (strncmp(base, "ecert-", 6) == 0) /* called through a link: ecert-verify FILE */
        argv[0] += base - argv[0] + 6;
    else
        argc--, argv++;
    rc = check_lang(wanted_lang(argc, argv), &err);
    if (rc == RC_OK)
        rc = dispatch(argc, argv, &err);
    if (rc != RC_OK && err.text[0] && json && !output_was_printed())
        report_failure(&err);
    if (rc != 128 + SIGPIPE && (fflush(stdout) != 0 || ferror(stdout)) && rc == RC_OK)
        rc = err_errno(&err, "cannot write standard output");
    if (rc != RC_OK && err.text[0])
        cmd_complain(&err);
    return (int)rc;
}
