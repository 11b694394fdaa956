/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_CONFINE_H
#define CORE_BASE_CONFINE_H

#include <stdbool.h>

/*
 * Before bytes of strangers are parsed, the process gives up what parsing does not need.
 * Landlock (Linux 5.13) leaves it the files named here, to be read; a seccomp filter leaves it
 * the system calls of reading, memory and threads: no socket, no program, no process, no new or
 * changed file, no memory that can be run.  Neither can be taken back, and no environment
 * variable or option leaves it out, since those may be the attacker's.
 *
 * What the kernel lacks or a container forbids is left out and told, never an error: the files
 * are judged the same.  Threads inherit it, so it comes before they are started; glibc's table
 * of character sets and everything else that is loaded late must have been loaded.
 */
struct confine {
    int abi;     /* of Landlock; 0: none */
    int ruleset; /* descriptor, or -1 */
};

void confine_begin(struct confine *confine);
/* The file, or the folder with all beneath it, stays readable.  What is not there is left out. */
void confine_read(struct confine *confine, const char *path);

struct confined {
    int landlock; /* the ABI in force; 0: none */
    bool seccomp;
};
/* From here on it holds, for this thread and all that it starts.  confine is used up. */
struct confined confine_enter(struct confine *confine);

#endif
