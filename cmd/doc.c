/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader sees of a command, read off its tables. */

#include <string.h>

#include "cmd/cmd.h"
#include "core/base/utf8.h"

static void print_padded(const char *text, int width, FILE *out)
{
    fprintf(out, "%s%*s", text, utf8_width(text) < width ? width - utf8_width(text) : 0, "");
}

static void help_options(const struct cmd *cmd, FILE *out)
{
    struct opt_walk walk;

    fprintf(out, "\n");
    for (const struct opt *opt = opt_first(&walk, cmd->opts); opt; opt = opt_next(&walk)) {
        char left[80];

        (void)snprintf(left, sizeof(left), "%c%c%s --%s%s%s", opt->letter ? '-' : ' ',
                       opt->letter ? opt->letter : ' ', opt->letter ? "," : " ", opt->name,
                       opt->arg ? " " : "", opt->arg ? opt->arg : "");
        fprintf(out, "  ");
        print_padded(left, 26, out);
        fprintf(out, "  %s%s%s\n", tr(opt->brief), opt->required ? " " : "",
                opt->required ? tr(N_("(required)")) : "");
    }
}

static void help_list(const struct cmd *const *cmds, FILE *out)
{
    fprintf(out, "\n");
    for (const struct cmd *const *c = cmds; *c; c++) {
        fprintf(out, "  ");
        print_padded((*c)->name, 14, out);
        fprintf(out, "  %s\n", tr((*c)->brief));
    }
}

static void help_all(FILE *out)
{
    fprintf(out,
            "%s ecert [--config FILE] [--lang zh_CN|en] COMMAND [OPTION ...] [FILE ...]\n\n%s\n",
            tr(N_("usage:")), tr(N_("Issue, seal and verify electronic licences as OFD files.")));
    help_list(cmd_all, out);
    fprintf(out, "\n%s\n",
            tr(N_("'ecert COMMAND --help' shows one command, 'man ecert' the manual.")));
}

void doc_help(const struct cmd *group, const struct cmd *cmd, FILE *out)
{
    if (!cmd) {
        help_all(out);
        return;
    }
    fprintf(out, "%s ecert %s%s%s", tr(N_("usage:")), group ? group->name : "", group ? " " : "",
            cmd->name);
    if (cmd->verbs) {
        fprintf(out, " %s\n\n%s\n", tr(N_("VERB [OPTION ...] ...")), tr(cmd->brief));
        help_list(cmd->verbs, out);
        return;
    }
    fprintf(out, " [OPTION ...]%s%s\n\n%s\n", cmd->operands ? " " : "",
            cmd->operands ? cmd->operands : "", tr(cmd->brief));
    help_options(cmd, out);
}

/* A line of mdoc text: a leading dot or quote would be a macro. */
static void man_text(const char *text, FILE *out)
{
    fprintf(out, "%s%s\n", *text == '.' || *text == '\'' ? "\\&" : "", text);
}

static void man_option(const struct opt *opt, FILE *out)
{
    fprintf(out, ".It ");
    if (opt->letter)
        fprintf(out, "Fl %c , ", opt->letter);
    fprintf(out, "Fl -%s", opt->name);
    if (opt->arg)
        fprintf(out, " Ar %s", opt->arg);
    fprintf(out, "\n");
    man_text(tr(opt->brief), out);
    if (opt->required)
        man_text(tr(N_("(required)")), out);
    if (opt->more) {
        fprintf(out, ".br\n");
        man_text(tr(opt->more), out);
    }
}

static void man_options_of(const struct cmd *cmd, FILE *out)
{
    struct opt_walk walk;

    fprintf(out, ".Bl -tag -width Ds\n");
    for (const struct opt *opt = opt_first(&walk, cmd->opts); opt; opt = opt_next(&walk))
        man_option(opt, out);
    fprintf(out, ".El\n");
}

static void man_options(const struct cmd *cmd, FILE *out)
{
    if (!cmd->verbs) {
        man_options_of(cmd, out);
        return;
    }
    for (const struct cmd *const *verb = cmd->verbs; *verb; verb++) {
        fprintf(out, ".Ss %s %s\n", cmd->name, (*verb)->name);
        man_text(tr((*verb)->brief), out);
        man_options_of(*verb, out);
    }
}

static void man_synopsis_of(const struct cmd *group, const struct cmd *cmd, FILE *out)
{
    struct opt_walk walk;

    fprintf(out, ".Nm ecert %s%s%s\n", group ? group->name : "", group ? " " : "", cmd->name);
    for (const struct opt *opt = opt_first(&walk, cmd->opts); opt; opt = opt_next(&walk))
        fprintf(out, opt->required ? ".Fl -%s%s%s\n" : ".Op Fl -%s%s%s\n", opt->name,
                opt->arg ? " Ar " : "", opt->arg ? opt->arg : "");
    if (cmd->operands)
        fprintf(out, ".Ar %s\n", cmd->operands);
}

static void man_synopsis(const struct cmd *cmd, FILE *out)
{
    if (!cmd->verbs) {
        man_synopsis_of(NULL, cmd, out);
        return;
    }
    for (const struct cmd *const *verb = cmd->verbs; *verb; verb++) {
        man_synopsis_of(cmd, *verb, out);
        if (verb[1])
            fprintf(out, ".Pp\n");
    }
}

static void man_status(FILE *out)
{
    fprintf(out, ".Bl -tag -width Ds\n");
    for (int value = 0; value < 128; value++) {
        if (rc_describe(value)) {
            fprintf(out, ".It %d\n", value);
            man_text(tr(rc_describe(value)), out);
        }
    }
    fprintf(out, ".It 128+n\n");
    man_text(tr(N_("Ended by signal n.")), out);
    fprintf(out, ".El\n");
}

static void man_commands(FILE *out)
{
    fprintf(out, ".Bl -tag -width Ds\n");
    for (const struct cmd *const *c = cmd_all; *c; c++) {
        fprintf(out, ".It Xr ecert-%s 1\n", (*c)->name);
        man_text(tr((*c)->brief), out);
    }
    fprintf(out, ".El\n");
}

enum rc doc_man(const struct cmd *cmd, FILE *template, FILE *out, struct err *err)
{
    char line[4096];

    while (fgets(line, sizeof(line), template)) {
        if (strcmp(line, "@STATUS@\n") == 0)
            man_status(out);
        else if (strcmp(line, "@COMMANDS@\n") == 0)
            man_commands(out);
        else if (cmd && strcmp(line, "@SYNOPSIS@\n") == 0)
            man_synopsis(cmd, out);
        else if (cmd && strcmp(line, "@OPTIONS@\n") == 0)
            man_options(cmd, out);
        else if (line[0] == '@')
            return err_set(err, RC_USAGE, "no such section: %.40s", line);
        else
            fputs(line, out);
    }
    return RC_OK;
}

static const struct cmd *find(const struct cmd *const *cmds, const char *name)
{
    for (; *cmds; cmds++) {
        if (strcmp((*cmds)->name, name) == 0)
            return *cmds;
    }
    return NULL;
}

/* What may follow an option: its choices, or how to complete a file or folder. */
static bool complete_value(const struct cmd *cmd, const char *word, FILE *out)
{
    struct opt_walk walk;

    for (const struct opt *opt = opt_first(&walk, cmd->opts); opt; opt = opt_next(&walk)) {
        bool is_it = (strncmp(word, "--", 2) == 0 && strcmp(word + 2, opt->name) == 0) ||
                     (opt->letter && word[0] == '-' && word[1] == opt->letter && !word[2]);

        if (!is_it || opt->kind == OPT_KIND_FLAG)
            continue;
        if (opt->kind == OPT_KIND_FILE || opt->files)
            fprintf(out, "@FILE\n");
        if (opt->kind == OPT_KIND_DIR)
            fprintf(out, "@DIR\n");
        for (const char *const *c = opt->choices; c && *c; c++)
            fprintf(out, "%s\n", *c);
        return true;
    }
    return false;
}

static void complete_names(const struct cmd *const *cmds, FILE *out)
{
    for (; *cmds; cmds++)
        fprintf(out, "%s\t%s\n", (*cmds)->name, tr((*cmds)->brief));
}

/* --config F and --lang L may stand before the command; true when there is no command yet. */
static bool complete_front(char **words, int *n, FILE *out)
{
    static const char *const before[] = {"--config", "--help", "--install",
                                         "--lang",   "--list", "--version"};
    int at = 0;

    while (at < *n && strncmp(words[at], "--", 2) == 0) {
        bool has_value = strcmp(words[at], "--config") == 0 || strcmp(words[at], "--lang") == 0;

        if (has_value && at + 1 == *n - (*words[*n - 1] == '\0')) {
            fprintf(out, "%s", strcmp(words[at], "--lang") == 0 ? "zh_CN\nen\n" : "@FILE\n");
            return true;
        }
        at += 1 + has_value;
    }
    if (at >= *n || !words[at][0]) {
        complete_names(cmd_all, out);
        for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
            fprintf(out, "%s\n", before[i]);
        return true;
    }
    memmove(words, words + at, (size_t)(*n - at + 1) * sizeof(*words));
    *n -= at;
    return false;
}

/*
 * line: the words after "ecert" that stand before the cursor, joined by newlines;
 * the last may be empty.  Prints one candidate a line with its meaning after a tab;
 * "@FILE" and "@DIR" ask the shell to complete paths.
 */
void doc_complete(const char *line, FILE *out)
{
    char copy[4096], *words[64] = {NULL}, *rest = copy;
    const struct cmd *cmd;
    int n = 0;
    struct opt_walk walk;

    (void)snprintf(copy, sizeof(copy), "%s", line);
    for (char *word; n < 63 && (word = strsep(&rest, "\n"));)
        words[n++] = word;
    if (complete_front(words, &n, out))
        return;
    cmd = find(cmd_all, words[0]);
    if (cmd && cmd->verbs) {
        const struct cmd *verb = n > 1 ? find(cmd->verbs, words[1]) : NULL;

        if (!verb)
            complete_names(cmd->verbs, out);
        cmd = verb;
    }
    if (!cmd || complete_value(cmd, words[n - 1], out))
        return;
    for (const struct opt *opt = opt_first(&walk, cmd->opts); opt; opt = opt_next(&walk))
        fprintf(out, "--%s\t%s\n", opt->name, tr(opt->brief));
    if (cmd->operands && strstr(cmd->operands, "FILE"))
        fprintf(out, "@FILE\n");
    if (cmd->operands && strstr(cmd->operands, "DIR"))
        fprintf(out, "@DIR\n");
}
