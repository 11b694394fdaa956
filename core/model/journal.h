/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_JOURNAL_H
#define CORE_MODEL_JOURNAL_H

#include <stdbool.h>

#include "core/base/json.h"
#include "core/model/finding.h"

/*
 * The journal of cli.md section 7: JSON Lines, one object a line with all its keys
 * in this order:
 *
 *   n, prev, time, operator, host, op, row, row_sm3, salt, identifier, version,
 *   path, before, after, seal, cert, reason, rules
 *
 * n counts from 1.  prev is the SM3 of the bytes of the line before, without its
 * line feed; in the first line it is 64 zeros.  row_sm3 is SM3(salt ‖ content) with
 * 16 random bytes of salt, because a plain digest of a person's data can be
 * guessed.  The file has mode 0600 and is only ever appended to, under flock, so
 * that several runs may share it.
 */
struct journal;

enum journal_op {
    JOURNAL_BEGIN,
    JOURNAL_RESERVE, /* on disk before anything is signed */
    JOURNAL_DONE,    /* after the file is in place */
    JOURNAL_SKIP,    /* issued before with the same content */
    JOURNAL_REJECT,  /* gives a reservation back */
    JOURNAL_SEAL,
    JOURNAL_SIGN,
    JOURNAL_STATUS,
    JOURNAL_SUMMARY,
};
const char *journal_op_name(enum journal_op op);

/* What was done.  NULL and 0 are written as null. */
struct journal_entry {
    enum journal_op op;
    long row;
    const unsigned char *content; /* SM3 of what is issued, 32 bytes; written salted */
    const char *identifier;
    long version;
    const char *path;
    const unsigned char *before, *after; /* SM3 of the file, 32 bytes */
    const char *seal, *cert, *reason;
    const char *const *rules; /* NULL-terminated */
};

/*
 * Opens for appending; makes the file if it is not there.  Reads what is there once,
 * for journal_ask().  A torn last line is cut off; a file that is no journal is
 * RC_INPUT (JNL001) and is left as it is.  operator may be NULL.
 */
MUST_CHECK enum rc journal_open(const char *path, const char *operator, struct journal ** out,
                                struct err *err);
/* Writes nothing: what was not synced is lost. */
void journal_free(struct journal *journal);
CLEANUP_PTR(struct journal, journal_free);

/* Whether journal_open() cut a torn line, and which: 0 for none. */
long journal_torn_line(const struct journal *journal);

/* Notes an entry, to be written by the next journal_sync().  Any thread may call it. */
MUST_CHECK enum rc journal_append(struct journal *journal, const struct journal_entry *entry,
                                  struct err *err);
/*
 * Writes all that was noted, in order, and syncs the file once.  RC_REFUSED when
 * another run has meanwhile taken an identifier that is reserved here with other
 * content, RC_SYSTEM when it cannot be written; nothing of it is then written, and
 * what was noted is dropped.
 */
MUST_CHECK enum rc journal_sync(struct journal *journal, struct err *err);

/* Both: for one entry. */
MUST_CHECK enum rc journal_write(struct journal *journal, const struct journal_entry *entry,
                                 struct err *err);

/* What is known of an identifier and version, noted entries included.  Any thread may ask. */
enum journal_answer {
    JOURNAL_NEW,
    JOURNAL_RESERVED_SAME,  /* begun with the same content and not finished */
    JOURNAL_RESERVED_OTHER, /* begun with other content and not finished */
    JOURNAL_ISSUED_SAME,
    JOURNAL_ISSUED_OTHER, /* refuse it */
};
enum journal_answer journal_ask(struct journal *journal, const char *identifier, long version,
                                const unsigned char content[32]);

/*
 * Reads a journal and checks its chain.  Every line that is an entry goes to each
 * (which may be NULL) with its number from 1 and a borrowed value.  Findings: JNL001
 * for a line that is no entry, JNL002 where the chain is broken, JNL003 for a torn
 * last line.  RC_NO if one of the first two was found.
 */
typedef enum rc journal_each(long line, const struct js *entry, void *context, struct err *err);
MUST_CHECK enum rc journal_read(const char *path, journal_each *each, void *context,
                                struct findings *findings, struct err *err);

#endif
