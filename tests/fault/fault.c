/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded in front of the C library: the FAULT_AT-th call that changes a file system
 * fails with ENOSPC (EIO for a sync).  FAULT_COUNT names a file that receives how
 * many such calls there were, so that a test can fail each of them in turn.
 *
 * Under FAULT_INFLATED each unpacking is told on standard error, and that of the same bytes
 * a second time.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static int fails(void)
{
    const char *at = getenv("FAULT_AT");

    return atomic_fetch_add(&calls, 1) + 1 == (at ? strtol(at, NULL, 10) : -1);
}

/* The function behind ours. */
static void *behind(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("FAULT_COUNT");
    FILE *out = path ? fopen(path, "we") : NULL;

    if (out) {
        fprintf(out, "%ld\n", (long)calls);
        (void)fclose(out);
    }
}

/* Of libdeflate.  Members are told apart by where they lie in the one file that is read. */
int libdeflate_deflate_decompress_ex(void *engine, const void *in, size_t n, void *out, size_t room,
                                     size_t *used, size_t *made);
int libdeflate_deflate_decompress_ex(void *engine, const void *in, size_t n, void *out, size_t room,
                                     size_t *used, size_t *made)
{
    int (*next)(void *, const void *, size_t, void *, size_t, size_t *, size_t *) =
        (int (*)(void *, const void *, size_t, void *, size_t, size_t *, size_t *))behind(
            "libdeflate_deflate_decompress_ex");
    static struct {
        const void *in;
        size_t n;
    } seen[1024];
    static size_t n_seen;

    if (getenv("FAULT_INFLATED")) {
        const char *what = "inflated\n";

        for (size_t i = 0; i < n_seen; i++) {
            if (seen[i].in == in && seen[i].n == n)
                what = "inflated twice\n";
        }
        if (n_seen < 1024) {
            seen[n_seen].in = in;
            seen[n_seen++].n = n;
        }
        (void)!write(STDERR_FILENO, what, strlen(what));
    }
    return next(engine, in, n, out, room, used, made);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    ssize_t (*next)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))behind("write");
    struct stat st;

    /* Standard output and pipes are another matter: see everywhere.bats. */
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && fails()) {
        errno = ENOSPC;
        return -1;
    }
    return next(fd, bytes, n);
}

int fsync(int fd)
{
    int (*next)(int) = (int (*)(int))behind("fsync");

    if (fails()) {
        errno = EIO;
        return -1;
    }
    return next(fd);
}

int syncfs(int fd)
{
    int (*next)(int) = (int (*)(int))behind("syncfs");

    if (fails()) {
        errno = EIO;
        return -1;
    }
    return next(fd);
}

int mkostemp64(char *template, int flags);
int mkostemp64(char *template, int flags)
{
    int (*next)(char *, int) = (int (*)(char *, int))behind("mkostemp64");

    if (fails()) {
        errno = ENOSPC;
        return -1;
    }
    return next(template, flags);
}

int mkostemp(char *template, int flags)
{
    return mkostemp64(template, flags);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    int (*next)(int, const char *, int, const char *, unsigned) =
        (int (*)(int, const char *, int, const char *, unsigned))behind("renameat2");

    if (fails()) {
        errno = ENOSPC;
        return -1;
    }
    return next(from, old, to, new, flags);
}

int rename(const char *old, const char *new)
{
    int (*next)(const char *, const char *) = (int (*)(const char *, const char *))behind("rename");

    if (fails()) {
        errno = ENOSPC;
        return -1;
    }
    return next(old, new);
}

int mkdir(const char *path, mode_t mode)
{
    int (*next)(const char *, mode_t) = (int (*)(const char *, mode_t))behind("mkdir");

    if (fails()) {
        errno = ENOSPC;
        return -1;
    }
    return next(path, mode);
}
