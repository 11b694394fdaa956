/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/i18n.h"
#include "core/base/mem.h"

static void close_fdp(int *fd)
{
    if (*fd > STDERR_FILENO)
        (void)close(*fd);
}

static enum rc fail(struct err *err, const char *path, const char *what)
{
    (void)err_errno(err, what);
    return err_at(err, "%s", path);
}

enum rc file_read(const char *path, struct buf *out, struct err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    CLEANUP(close_fdp) int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    char chunk[65536];
    ssize_t n;

    if (fd < 0)
        return fail(err, path, N_("cannot open"));
    while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(err, path, N_("cannot read"));
        TRY_AT(buf_add(out, chunk, (size_t)n, err), err, "%s", path);
    }
    return RC_OK;
}

static enum rc write_all(int fd, struct span bytes, const char *path, struct err *err)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.data, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(err, path, N_("cannot write"));
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return RC_OK;
}

/* The temporaries that exist now: a signal removes them. */
enum { TEMPORARIES = 1024 };
static char *volatile temporaries[TEMPORARIES];
static pthread_mutex_t temporaries_lock = PTHREAD_MUTEX_INITIALIZER;

static void remember(char *path)
{
    pthread_mutex_lock(&temporaries_lock);
    for (int i = 0; i < TEMPORARIES; i++) {
        if (!temporaries[i]) {
            temporaries[i] = path;
            break;
        }
    }
    pthread_mutex_unlock(&temporaries_lock);
}

static void forget(const char *path)
{
    pthread_mutex_lock(&temporaries_lock);
    for (int i = 0; i < TEMPORARIES; i++) {
        if (temporaries[i] == path)
            temporaries[i] = NULL;
    }
    pthread_mutex_unlock(&temporaries_lock);
}

static atomic_int creating;
static atomic_bool abandoned;

/*
 * A temporary is there and remembered, or neither: no signal comes between, and
 * file_abandon() waits for the threads that are here and lets no further one in.
 */
static int create_temporary(char *name)
{
    sigset_t all, before;
    int fd, error;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    atomic_fetch_add(&creating, 1);
    if (atomic_load(&abandoned)) {
        atomic_fetch_sub(&creating, 1);
        for (;;)
            (void)pause(); /* the process is about to end */
    }
    fd = mkostemp(name, O_CLOEXEC);
    error = errno;
    if (fd >= 0)
        remember(name);
    atomic_fetch_sub(&creating, 1);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return fd;
}

void file_abandon(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};

    atomic_store(&abandoned, true);
    for (int i = 0; i < 1000 && atomic_load(&creating) > 0; i++)
        (void)nanosleep(&moment, NULL);
    for (int i = 0; i < TEMPORARIES; i++) {
        if (temporaries[i])
            (void)unlink(temporaries[i]);
    }
}

/* Asked once: asking changes it for a moment, which other threads would see. */
static mode_t mode_of_new;

static void ask_umask(void)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    mode_of_new = 0666 & ~mask;
}

/* mkostemp gives 0600; a file that is replaced keeps its mode. */
static enum rc set_mode(int fd, const char *path, unsigned flags, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct stat st;
    mode_t mode;

    if (flags & FILE_PRIVATE)
        return RC_OK;
    (void)pthread_once(&once, ask_umask);
    mode = !(flags & FILE_FRESH) && stat(path, &st) == 0 ? st.st_mode & 0777 : mode_of_new;
    return fchmod(fd, mode) == 0 ? RC_OK : fail(err, path, N_("cannot write"));
}

static enum rc fill(int fd, const char *path, struct span bytes, unsigned flags, struct err *err)
{
    TRY(write_all(fd, bytes, path, err));
    TRY(set_mode(fd, path, flags, err));
    if (!(flags & FILE_NOSYNC) && fsync(fd) != 0 && errno != EINVAL)
        return fail(err, path, N_("cannot write"));
    return RC_OK;
}

static enum rc exists(const char *path, struct err *err)
{
    (void)err_set(err, RC_REFUSED, "exists already; --force replaces it");
    return err_at(err, "%s", path);
}

/* RENAME_NOREPLACE refuses what came between check and rename. */
static enum rc put_in_place(const char *temporary, const char *path, unsigned flags,
                            struct err *err)
{
    unsigned how = flags & FILE_FORCE ? 0 : RENAME_NOREPLACE;

    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, how) == 0)
        return RC_OK;
    if (errno == EEXIST)
        return exists(path, err);
    if (errno == EINVAL && how) { /* a file system that cannot */
        if (file_exists(path))
            return exists(path, err);
        return rename(temporary, path) == 0 ? RC_OK : fail(err, path, "cannot write");
    }
    return fail(err, path, "cannot write");
}

void file_drop(char *temporary)
{
    if (!temporary)
        return;
    (void)unlink(temporary);
    forget(temporary);
    free(temporary);
}

/* /dev/null, /dev/stdout, a pipe: nothing is replaced there, and nothing may be put in its place.
 */
static bool is_stream(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode));
}

static enum rc write_stream(const char *path, struct span bytes, struct err *err)
{
    CLEANUP(close_fdp) int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return fail(err, path, N_("cannot open"));
    return write_all(fd, bytes, path, err);
}

/* Through a symbolic link what it leads to is replaced, not the link.  The caller frees. */
static char *behind_link(const char *path, unsigned flags)
{
    char *real = flags & FILE_FORCE ? realpath(path, NULL) : NULL; /* else nothing is replaced */

    return real ? real : mem_copy(path, strlen(path) + 1);
}

enum rc file_check_free(const char *path, unsigned flags, struct err *err)
{
    if (strcmp(path, "-") == 0 || flags & (FILE_FORCE | FILE_FRESH) || is_stream(path))
        return RC_OK;
    return file_exists(path) ? exists(path, err) : RC_OK;
}

enum rc file_stage(const char *path, struct span bytes, unsigned flags, char **temporary,
                   struct err *err)
{
    CLEANUP(freep) char *target = NULL;
    char *name;
    enum rc rc;
    int fd;

    *temporary = NULL;
    if (!(flags & FILE_FRESH) && is_stream(path))
        return write_stream(path, bytes, err);
    TRY(file_check_free(path, flags, err));
    target = behind_link(path, flags);
    if (asprintf(&name, "%s.XXXXXX", target) < 0)
        abort();
    fd = create_temporary(name);
    if (fd < 0) {
        free(name);
        return fail(err, path, N_("cannot write"));
    }
    rc = fill(fd, path, bytes, flags, err);
    if (close(fd) != 0 && rc == RC_OK)
        rc = fail(err, path, N_("cannot write"));
    if (rc != RC_OK) {
        file_drop(name);
        return rc;
    }
    *temporary = name;
    return RC_OK;
}

enum rc file_commit(char *temporary, const char *path, unsigned flags, struct err *err)
{
    CLEANUP(freep) char *target = behind_link(path, flags);
    enum rc rc;

    if (!temporary)
        return RC_OK;
    rc = put_in_place(temporary, target, flags, err);
    if (rc != RC_OK) {
        file_drop(temporary);
        return rc;
    }
    forget(temporary);
    free(temporary);
    return RC_OK;
}

enum rc dir_sync(const char *path, struct err *err)
{
    CLEANUP(close_fdp) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || syncfs(fd) != 0)
        return fail(err, path, N_("cannot sync"));
    return RC_OK;
}

enum rc file_write(const char *path, struct span bytes, unsigned flags, struct err *err)
{
    char *temporary;

    if (strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, bytes, "standard output", err);
    TRY(file_stage(path, bytes, flags, &temporary, err));
    return file_commit(temporary, path, flags, err);
}

enum rc file_append(const char *path, struct span bytes, struct err *err)
{
    CLEANUP(close_fdp)
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return fail(err, path, N_("cannot open"));
    TRY(write_all(fd, bytes, path, err));
    if (fsync(fd) != 0 && errno != EINVAL)
        return fail(err, path, N_("cannot write"));
    return RC_OK;
}

enum rc dir_make(const char *path, struct err *err)
{
    CLEANUP(freep) char *copy = mem_copy(path, strlen(path) + 1);

    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            return fail(err, copy, N_("cannot make the folder"));
        *p = '/';
    }
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return fail(err, path, N_("cannot make the folder"));
    return RC_OK;
}

bool file_exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

bool dir_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *path_join(const char *dir, const char *name)
{
    char *out;

    if (*name == '/' || !dir || !*dir)
        return mem_copy(name, strlen(name) + 1);
    if (asprintf(&out, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name) < 0)
        abort();
    return out;
}

char *path_dir(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;

    if (!slash)
        return mem_copy(".", 2);
    return mem_copy_text(path, n ? n : 1);
}

char *path_of_program(const char *name)
{
    CLEANUP(freep) char *folder = NULL;
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    self[n < 0 ? 0 : n] = '\0';
    folder = path_dir(self);
    for (; strncmp(name, "../", 3) == 0; name += 3) {
        CLEANUP(freep) char *below = folder;

        folder = path_dir(below);
    }
    return path_join(folder, name);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void close_dirp(DIR **dir)
{
    if (*dir)
        (void)closedir(*dir);
}

enum rc dir_list(const char *path, char ***names, size_t *n, struct err *err)
{
    CLEANUP(close_dirp) DIR *dir = opendir(path);
    size_t room = 0;
    struct dirent *entry;

    *names = NULL;
    *n = 0;
    if (!dir)
        return fail(err, path, N_("cannot open"));
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (*n == room)
            *names = mem_resize(*names, (room = room ? room * 2 : 16) * sizeof(**names));
        (*names)[(*n)++] = mem_copy(entry->d_name, strlen(entry->d_name) + 1);
    }
    if (*n)
        qsort(*names, *n, sizeof(**names), compare_names);
    return RC_OK;
}

void names_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}
