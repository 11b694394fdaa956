/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_FILE_H
#define CORE_BASE_FILE_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/* Reads a whole file ("-" is standard input) into out, up to out->max bytes. */
MUST_CHECK enum rc file_read(const char *path, struct buf *out, struct err *err);

enum {
    FILE_FORCE = 1,   /* replace what is there */
    FILE_PRIVATE = 2, /* mode 0600 instead of what the umask gives */
    FILE_NOSYNC = 4,  /* no fsync: the caller syncs a group of files at once */
    FILE_FRESH = 8,   /* a new name in a folder: what may be there is found when it is committed */
};

/*
 * Writes a file that appears whole or not at all: a temporary beside it, fsync,
 * rename.  "-" writes to standard output.  An existing file is RC_REFUSED unless
 * FILE_FORCE is given; what cannot be written is RC_SYSTEM and leaves nothing.
 */
MUST_CHECK enum rc file_write(const char *path, struct span bytes, unsigned flags, struct err *err);
/* Would it refuse, as things stand?  Asked before work that should not be in vain. */
MUST_CHECK enum rc file_check_free(const char *path, unsigned flags, struct err *err);

/*
 * The same in two steps, for a group of files that are synced together: staging
 * writes the temporary and returns its name, committing renames it, dropping
 * removes it.  Both take the name.  A device or pipe is written to at once, and there
 * is no temporary (NULL); a file that is replaced keeps its mode, and through a
 * symbolic link the file behind it is replaced.
 */
MUST_CHECK enum rc file_stage(const char *path, struct span bytes, unsigned flags, char **temporary,
                              struct err *err);
MUST_CHECK enum rc file_commit(char *temporary, const char *path, unsigned flags, struct err *err);
void file_drop(char *temporary);
/* Flushes the file system that the folder is on: one call for up to some hundred staged files. */
MUST_CHECK enum rc dir_sync(const char *path, struct err *err);

/* Appends and syncs; creates the file with mode 0600 if it is not there. */
MUST_CHECK enum rc file_append(const char *path, struct span bytes, struct err *err);

/* Makes a folder and the missing ones above it. */
MUST_CHECK enum rc dir_make(const char *path, struct err *err);

bool file_exists(const char *path);
bool dir_exists(const char *path);

/* dir + "/" + name; name alone when it is absolute or dir is NULL or "".  The caller frees. */
char *path_join(const char *dir, const char *name);
/* The folder part of a path, "." where it has none.  The caller frees. */
char *path_dir(const char *path);
const char *path_base(const char *path); /* borrowed from path */
/*
 * name, seen from the folder of the running program: so a build tree, and an installed
 * tree that was moved as a whole, find what belongs to them.  The caller frees.
 */
char *path_of_program(const char *name);

/*
 * Removes the temporaries that are being written; async-signal-safe.  main's
 * signal handler calls it before it raises the signal again.
 */
void file_abandon(void);

/* The names in a folder but "." and "..", sorted by bytes.  The caller frees with names_free. */
MUST_CHECK enum rc dir_list(const char *path, char ***names, size_t *n, struct err *err);
void names_free(char **names, size_t n);

#endif
