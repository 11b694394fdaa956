/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_COMMON_H
#define CMD_COMMON_H

#include "cmd/opt.h"

/*
 * What the commands have in common.  Every command's arguments begin with one, so
 * that shared rows can be filled and main can look at it.  A command lists only
 * the groups of rows that mean something for it.
 */
struct common {
    bool help, version;
    const char *config;
    const char *lang;
    bool quiet, verbose;
    bool json, jsonl;
    bool show_personal;
    bool no_input;
    const char *output, *out_dir;
    bool in_place, force, dry_run;
    int jobs;
    const char *files_from;
    bool nul;
    instant at;
    const char *operator_name, *journal;
    int color, progress;
    bool recursive;
};

enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER, PROGRESS_JSON };

#define COMMON_INIT                                        \
    {                                                      \
        .at = INSTANT_NONE, .color = COLOR_AUTO, .jobs = 0 \
    }

extern const struct opt common_opts[];   /* --help --version --config --lang -q -v: every command */
extern const struct opt report_opts[];   /* --json --jsonl --show-personal */
extern const struct opt output_opts[];   /* -o --out-dir --force */
extern const struct opt in_place_opts[]; /* --in-place: commands that change files */
extern const struct opt batch_opts[];    /* -j --files-from -0 --progress */
extern const struct opt walk_opts[];     /* --recursive: commands that only read */
extern const struct opt journal_opts[];  /* --journal --operator */

#endif
