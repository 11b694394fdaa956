/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_JOURNAL_LINE_H
#define CORE_MODEL_JOURNAL_LINE_H

#include "core/model/issued.h"
#include "core/model/journal.h"

/* One line of a journal, shared by journal.c and journal_read.c. */

#define JOURNAL_FIRST_PREV "0000000000000000000000000000000000000000000000000000000000000000"

/* Lines of a file from an offset on.  A line is borrowed until the next call. */
struct journal_lines {
    int fd;
    long long at; /* offset of the next line */
    struct buf chunk;
    size_t taken; /* bytes of chunk that were given out */
};
#define JOURNAL_LINES_INIT(file, from)                                            \
    {                                                                             \
        .fd = (file), .at = (from), .chunk = BUF_INIT(LIMIT_LINE + (size_t)65536) \
    }

/* Without its line feed.  *more is false at the end; a line that does not end is then in *line. */
MUST_CHECK enum rc journal_next_line(struct journal_lines *lines, struct span *line, bool *more,
                                     struct err *err);

/* What all lines begin with: {"n":12,"prev":"…64…" */
size_t journal_line_start(long n, const char *prev, char out[128]);

/* An object with n and prev; false for anything else. */
bool journal_line_parse(struct span line, struct js **out);

/*
 * The rest of a line after n and prev, from ,"time" to the brace and the line feed;
 * what it says of an identifier goes to *issued.
 */
MUST_CHECK enum rc journal_line_rest(const struct journal_entry *entry, const char *operator,
                                     const char * host, struct buf *out,
                                     struct issued_entry *issued, struct err *err);

/* Notes what the line says of an identifier, without parsing it all. */
void journal_line_index(struct span line, struct issued *issued);

void journal_salted(const unsigned char salt[ISSUED_SALT], const unsigned char content[32],
                    unsigned char out[32]);

#endif
