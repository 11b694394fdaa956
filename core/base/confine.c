/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Landlock by its system calls, which have the same numbers on all machines: no header of the
 * C library knows them, and the kernel's own may be older than the kernel that runs.
 */
#include "core/base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/confine_calls.h"
#include "core/base/sanitized.h"

#ifdef ECERT_NO_CONFINE

void confine_begin(struct confine *confine)
{
    *confine = (struct confine){.ruleset = -1};
}

void confine_read(struct confine *confine, const char *path)
{
    (void)confine;
    (void)path;
}

struct confined confine_enter(struct confine *confine)
{
    (void)confine;
    return (struct confined){0};
}

#else

enum { CALL_CREATE = 444, CALL_ADD = 445, CALL_RESTRICT = 446 };
enum { ASK_VERSION = 1, BENEATH = 1 };

/* Rights to files, by the bit in which they came; the last of each ABI. */
enum { READ_FILE = 1 << 2, READ_DIR = 1 << 3 };
enum { FS_1 = (1 << 13) - 1, FS_2 = (1 << 14) - 1, FS_3 = (1 << 15) - 1, FS_5 = (1 << 16) - 1 };
enum { NET_4 = 3 };    /* to bind and to connect TCP */
enum { SCOPED_6 = 3 }; /* abstract sockets and signals of others */

struct ruleset {
    uint64_t fs, net, scoped;
};
struct beneath {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

/* A right that the kernel does not know would be refused, and a longer struct too. */
static int create(int abi)
{
    const struct ruleset all = {
        .fs = abi >= 5   ? FS_5
              : abi >= 3 ? FS_3
              : abi == 2 ? FS_2
                         : FS_1,
        .net = abi >= 4 ? NET_4 : 0,
        .scoped = abi >= 6 ? SCOPED_6 : 0,
    };
    size_t len = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;

    return (int)syscall(CALL_CREATE, &all, len, 0);
}

void confine_begin(struct confine *confine)
{
    long abi = syscall(CALL_CREATE, NULL, (size_t)0, ASK_VERSION);

    *confine = (struct confine){.ruleset = -1};
    if (abi < 1)
        return;
    confine->ruleset = create((int)abi);
    if (confine->ruleset >= 0)
        confine->abi = (int)abi;
    confine_read(confine, "/sys/devices/system/cpu"); /* how many threads are worth while */
    if (IS_SANITIZED) /* the search for leaks reads the process's own maps */
        confine_read(confine, "/proc");
}

void confine_read(struct confine *confine, const char *path)
{
    struct beneath rule = {.rights = READ_FILE};
    struct stat st;

    if (confine->ruleset < 0)
        return;
    rule.parent = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent < 0)
        return; /* whoever opens it says why */
    if (fstat(rule.parent, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            rule.rights |= READ_DIR;
        (void)syscall(CALL_ADD, confine->ruleset, BENEATH, &rule, 0);
    }
    (void)close(rule.parent);
}

struct confined confine_enter(struct confine *confine)
{
    struct confined out = {0};

    /* Without it neither is granted to an ordinary user: no program started later gains rights. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        if (confine->ruleset >= 0 && syscall(CALL_RESTRICT, confine->ruleset, 0) == 0)
            out.landlock = confine->abi;
        out.seccomp = confine_calls();
    }
    if (confine->ruleset >= 0)
        (void)close(confine->ruleset);
    *confine = (struct confine){.ruleset = -1};
    return out;
}

#endif
