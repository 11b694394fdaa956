/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdio.h>

#include "cmd/common.h"
#include "cmd/opt.h"

/*
 * A subcommand, or a group of verbs (`ecert eseal make`).
 *
 * To add `ecert foo`: write cmd/foo.c with a `const struct cmd cmd_foo`, declare
 * it below and list it in cmd/cmd.c (both sorted), write man/ecert-foo.1.in,
 * man/zh_CN/ecert-foo.1.in and tests/cli/foo.bats.  `make lint` fails until all
 * are there.
 */
struct cmd {
    const char *name;
    const char *brief;    /* N_(): one line, no full stop */
    const char *operands; /* as the synopsis shows them: "FILE ..."; NULL: none */
    int min_operands;
    int max_operands;               /* -1: any number */
    const struct cmd *const *verbs; /* NULL-terminated; then nothing below is used */
    const struct opt *opts;         /* ends with OPT_END */
    size_t args_size;               /* a struct that begins with struct common */
    const void *defaults;           /* the arguments before parsing, or NULL for zeroes */
    const enum rc *statuses;        /* exit statuses it can end with, RC_OK last; NULL: all */
    enum rc (*run)(const void *args, char **operands, struct err *err);
};

/* Prints one failure to standard error: "ecert: where: text".  For commands that go on. */
void cmd_complain(const struct err *err);

extern const struct cmd cmd_authority;
extern const struct cmd cmd_completion;
extern const struct cmd cmd_eseal;
extern const struct cmd cmd_explain;
extern const struct cmd cmd_id;
extern const struct cmd cmd_issue;
extern const struct cmd cmd_seal;
extern const struct cmd cmd_show;
extern const struct cmd cmd_sign;
extern const struct cmd cmd_verify;

extern const struct cmd *const cmd_all[]; /* NULL-terminated, sorted by name */

/* cmd/doc.c: everything shown to a reader, read off the tables. */
void doc_help(const struct cmd *group, const struct cmd *cmd, FILE *out);
MUST_CHECK enum rc doc_man(const struct cmd *cmd, FILE *template, FILE *out, struct err *err);
void doc_complete(const char *line, FILE *out);

#endif
