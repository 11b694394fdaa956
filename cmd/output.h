/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include <stdio.h>

#include "cmd/common.h"
#include "cmd/progress.h"
#include "cmd/spool.h"
#include "core/model/report.h"

/*
 * Where a command's results go: lines for people, ecert.report/1 or
 * ecert.events/1.  Items are printed in the order in which they are added.
 */
struct output {
    const struct common *common;
    const char *command;
    bool filters;            /* a file goes to stdout: like any filter, it succeeds silently */
    FILE *stream;            /* stdout, or stderr where stdout carries a file */
    instant validation_time; /* what the report says; set by output_open to clock_now() */
    const char *policy_name;
    char policy_sm3[2 * SM3_LEN + 1]; /* "": nothing was judged by a policy */
    const char *insecure[8];
    /* Writes the one line of an item; NULL: the line of `verify`. */
    void (*line)(const struct output *output, const struct verification *item);
    const char *done;  /* N_(): what a good item is called in lines: "issued"; NULL: passed */
    bool lines_always; /* also when --quiet: the answer is the command's purpose */
    struct progress progress;
    bool steps;   /* list the steps of each signature */
    int coverage; /* say what each signature covers: 0 no, 1 in numbers, 2 with every part */
    struct report_counts counts;
    struct spool spool; /* of --json */
    enum rc spoiled;    /* an item could not be kept */
    struct err fault;
    bool closed;
};

/* stdout_is_data: the command writes a file to standard output, so talk goes to stderr. */
void output_open(struct output *output, const struct common *common, const char *command,
                 bool stdout_is_data);

/*
 * Prints what is to be printed at once, keeps what is to be printed last, empties *item
 * and returns the item's rc, which is for the exit status and no failure of its own.
 */
enum rc output_item(struct output *output, struct verification *item);

/* Prints what comes last (the JSON document, the summary) with the exit status. */
MUST_CHECK enum rc output_close(struct output *output, enum rc rc, struct err *err);
void output_clear(struct output *output);

/* An item that only says that a file could not be worked on. */
enum rc output_fault(struct output *output, const char *path, const struct err *fault);

/*
 * Text out of a file for people to read: what a terminal would obey is shown as U+FFFD, so
 * that a name of a seal cannot paint "passed" over the verdict, or begin a line of its own.
 */
void output_text(FILE *out, const char *text);

/* The line that `verify` prints, and the findings below it. */
void output_verdict_line(const struct output *output, const struct verification *item);
void output_findings(const struct output *output, const struct verification *item);

/* What each signature covers, what came after it, and what nobody covers. */
void output_coverage(const struct output *output, const struct verification *item);

/*
 * For main: a command that failed before it opened its output still owes a
 * document to --json.  Says whether one was printed by this process.
 */
bool output_was_printed(void);

/* The steps of each signature in their order, for --detailed. */
void output_steps(const struct output *output, const struct verification *item);

#endif
