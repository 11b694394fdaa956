/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_WALK_H
#define CMD_WALK_H

#include "cmd/common.h"
#include "core/base/cleanup.h"
#include "core/base/err.h"

/*
 * The files that a command only reads, one after another: operands, --files-from, and with
 * --recursive what lies in folders.  However many there are, no more is held in memory than the
 * names in the folders on the way to the present one.
 *
 * In a folder *.ofd is taken, in any letter case, in the order of the names' bytes; links to
 * folders are not followed, so there are no loops, and nothing is opened that is no file.
 */
struct walk;

/*
 * Checks all operands before the first file is opened.  RC_USAGE: a terminal for standard
 * input, an empty list, a pattern that nothing matched, a folder without --recursive, a
 * folder with no *.ofd in it: success on no input is a trap.
 */
MUST_CHECK enum rc walk_open(const struct common *common, char **operands, struct walk **out,
                             struct err *err);
void walk_free(struct walk *walk);
CLEANUP_PTR(struct walk, walk_free);

size_t walk_total(const struct walk *walk); /* how many there were when it was opened */

struct walked {
    char *path;   /* the caller frees */
    bool inside;  /* found in a folder, not named itself */
    bool is_link; /* a link found in a folder */
    const char
        *root; /* the first of a folder that was named: that folder; borrowed until the next */
    struct err fault; /* a folder that cannot be read is an item too: why; else RC_OK */
};
bool walk_next(struct walk *walk, struct walked *out); /* false after the last */
void walk_rewind(struct walk *walk);                   /* to the first one */

#endif
