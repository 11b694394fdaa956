/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_LAZY_H
#define CORE_BASE_LAZY_H

#include <stdbool.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/*
 * A file's bytes at addresses of their own.  A file of ordinary size is read whole.  Of a large
 * one only what is asked for is read, into memory that nobody else can change, and may be
 * given back: a scan of 100 MiB is digested without being held.
 *
 * Not mmap(): there a file that is cut meanwhile kills the process with SIGBUS, and one that is
 * overwritten shows other bytes when it is parsed than when it was digested.  Here bytes once
 * read stay as they are; those given back and read again, and a file that changed while it was
 * read, are found by lazy_check().
 */
struct lazy {
    unsigned char *data; /* never NULL while open */
    size_t len;
    size_t room;         /* of the buffer that is kept from file to file */
    unsigned char *own;  /* that buffer */
    int fd;              /* of a large file; -1: all is there */
    unsigned char *have; /* a large file's blocks that are there */
    struct timespec changed;
};
#define LAZY_INIT \
    (struct lazy) \
    {             \
        .fd = -1  \
    }

/* "-" is standard input.  One struct serves for one file after another. */
MUST_CHECK enum rc lazy_open(struct lazy *lazy, const char *path, size_t max, struct err *err);
void lazy_clear(struct lazy *lazy);

/* For bytes that lie in memory anyway; borrowed. */
struct lazy lazy_of(struct span bytes);

/* The addresses of all bytes; of a large file only those that were needed may be looked at. */
struct span lazy_span(const struct lazy *lazy);
/* A range inside lazy_span(). */
MUST_CHECK enum rc lazy_need(struct lazy *lazy, struct span range, struct err *err);
/* Gives back the memory of whole blocks in the range, of a large file. */
void lazy_forget(struct lazy *lazy, struct span range);

/* All bytes in order, a piece at a time, without keeping them. */
MUST_CHECK enum rc lazy_each(struct lazy *lazy,
                             enum rc (*take)(void *context, struct span piece, struct err *err),
                             void *context, struct err *err);

/* RC_SYSTEM when a large file was changed since it was opened: what was read may not belong
 * together. */
MUST_CHECK enum rc lazy_check(const struct lazy *lazy, struct err *err);

#endif
