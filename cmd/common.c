/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that several commands share. */
#include "cmd/common.h"

static const char *const langs[] = {"zh_CN", "en", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const progresses[] = {"auto", "always", "never", "json", NULL};

const struct opt common_opts[] = {
    OPT_FLAG('h', "help", struct common, help, .ends = true, .brief = N_("show this help")),
    OPT_FLAG(0, "version", struct common, version, .ends = true, .brief = N_("show the version")),
    OPT_FILE(0, "config", struct common, config,
             .brief = N_("read this configuration instead of searching for one")),
    OPT_TEXT(0, "lang", struct common, lang, .arg = "LANG", .choices = langs,
             .brief = N_("language of messages: zh_CN or en (default: the locale's)")),
    OPT_FLAG('q', "quiet", struct common, quiet, .brief = N_("say nothing but errors")),
    OPT_FLAG('v', "verbose", struct common, verbose, .brief = N_("say more")),
    OPT_CHOICE(0, "color", struct common, color, .arg = "WHEN", .choices = colors,
               .brief = N_("colour the verdicts: auto, always or never (default: auto)"),
               .more = N_("With auto, colour is used on a terminal unless NO_COLOR is set.")),
    OPT_END,
};

const struct opt report_opts[] = {
    OPT_FLAG(0, "json", struct common, json,
             .brief = N_("print one report as JSON (ecert.report/1)"),
             .more = N_("The report is complete at every exit status and holds both languages.")),
    OPT_FLAG(0, "jsonl", struct common, jsonl,
             .brief = N_("print one JSON line per item as it is done (ecert.events/1)"),
             .more = N_("A stream without a summary as its last line was cut off.")),
    OPT_FLAG(0, "show-personal", struct common, show_personal,
             .brief = N_("show names and numbers in full instead of masked")),
    OPT_END,
};

const struct opt output_opts[] = {
    OPT_FILE('o', "output", struct common, output,
             .brief = N_("write here; '-' is standard output")),
    OPT_DIR(0, "out-dir", struct common, out_dir, .brief = N_("write into this folder")),
    OPT_FLAG('f', "force", struct common, force, .brief = N_("replace output that exists")),
    OPT_END,
};

const struct opt in_place_opts[] = {
    OPT_FLAG(0, "in-place", struct common, in_place,
             .brief = N_("replace each file by its result")),
    OPT_END,
};

const struct opt batch_opts[] = {
    OPT_COUNT('j', "jobs", struct common, jobs,
              .brief = N_("work on N items at once (default: one per core)")),
    OPT_FILE(0, "files-from", struct common, files_from,
             .brief = N_("read the names of the files from FILE, one a line")),
    OPT_FLAG('0', "null", struct common, nul,
             .brief = N_("names in --files-from end with NUL instead of newline")),
    OPT_CHOICE(0, "progress", struct common, progress, .arg = "WHEN", .choices = progresses,
               .brief = N_("show progress: auto, always, never or json (default: auto)")),
    OPT_END,
};

const struct opt walk_opts[] = {
    OPT_FLAG('r', "recursive", struct common, recursive,
             .brief = N_("take every *.ofd in the folders named, and in those below"),
             .more = N_("Links to folders are not followed.")),
    OPT_END,
};

const struct opt journal_opts[] = {
    OPT_FILE(0, "journal", struct common, journal,
             .brief = N_("append to this journal (default: the configuration's)")),
    OPT_TEXT(0, "operator", struct common, operator_name, .arg = "NAME",
             .brief = N_("who does it, for the journal (default: the configuration's)")),
    OPT_END,
};
