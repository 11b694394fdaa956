/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/lazy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"

#define WHOLE ((size_t)4 << 20) /* up to here a file is read at once: licences are 80 kB to 2 MB \
                                 */
#define BLOCK ((size_t)64 << 10)
#define PIECE ((size_t)256 << 10)

static enum rc fail(struct err *err, const char *path, const char *what)
{
    (void)err_errno(err, what);
    return err_at(err, "%s", path);
}

static enum rc fail_changed(struct err *err)
{
    return err_set(err, RC_SYSTEM, "the file was changed while it was read; verify it again");
}

static void make_room(struct lazy *lazy, size_t n)
{
    if (lazy->room >= n)
        return;
    lazy->room = n > 2 * lazy->room ? n : 2 * lazy->room;
    lazy->own = mem_resize(lazy->own, lazy->room);
}

static void close_file(struct lazy *lazy)
{
    if (lazy->fd >= 0) {
        (void)close(lazy->fd);
        (void)munmap(lazy->data, lazy->len);
    }
    free(lazy->have);
    lazy->have = NULL;
    lazy->fd = -1;
    if (lazy->room > 2 * WHOLE) { /* of a pipe, which has to be read whole */
        free(lazy->own);
        lazy->own = NULL;
        lazy->room = 0;
    }
}

void lazy_clear(struct lazy *lazy)
{
    close_file(lazy);
    free(lazy->own);
    *lazy = LAZY_INIT;
}

struct lazy lazy_of(struct span bytes)
{
    struct lazy lazy = LAZY_INIT;

    memcpy(&lazy.data, &bytes.data, sizeof(lazy.data)); /* only ever read */
    lazy.len = bytes.len;
    return lazy;
}

struct span lazy_span(const struct lazy *lazy)
{
    return (struct span){.data = lazy->data, .len = lazy->len};
}

/* expected: its size as far as it is known; a pipe has none. */
static enum rc read_whole(struct lazy *lazy, int fd, size_t expected, size_t max, struct err *err)
{
    make_room(lazy, expected + 1); /* one more, so that the last read sees the end */
    lazy->len = 0;
    for (;;) {
        ssize_t n = read(fd, lazy->own + lazy->len, lazy->room - lazy->len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, N_("cannot read"));
        lazy->data = lazy->own;
        lazy->len += (size_t)n;
        if (n == 0)
            return RC_OK;
        if (lazy->len > max)
            return err_set(err, RC_INPUT, "more than the limit of %zu bytes", max);
        if (lazy->len == lazy->room)
            make_room(lazy, lazy->room + 1);
    }
}

/* Memory is taken block by block, as it is filled. */
static enum rc reserve(struct lazy *lazy, int fd, const struct stat *st, struct err *err)
{
    size_t len = (size_t)st->st_size;
    void *room =
        mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (room == MAP_FAILED)
        return err_errno(err, N_("out of memory"));
    lazy->data = room;
    lazy->len = len;
    lazy->fd = fd;
    lazy->changed = st->st_ctim;
    lazy->have = mem_zero((len + BLOCK - 1) / BLOCK, 1);
    return RC_OK;
}

static enum rc open_fd(struct lazy *lazy, int fd, size_t max, struct err *err)
{
    struct stat st;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);

    if (regular && st.st_size > 0 && (uintmax_t)st.st_size > max)
        return err_set(err, RC_INPUT, "more than the limit of %zu bytes", max);
    if (regular && (size_t)st.st_size > WHOLE && fd != STDIN_FILENO)
        return reserve(lazy, fd, &st, err);
    return read_whole(lazy, fd, regular ? (size_t)st.st_size : 65536, max, err);
}

enum rc lazy_open(struct lazy *lazy, const char *path, size_t max, struct err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    enum rc rc;

    close_file(lazy);
    if (fd < 0)
        return fail(err, path, N_("cannot open"));
    rc = open_fd(lazy, fd, max, err);
    if (!is_stdin && lazy->fd < 0)
        (void)close(fd);
    return rc == RC_OK ? RC_OK : err_at(err, "%s", path);
}

static enum rc read_at(int fd, unsigned char *to, size_t n, size_t offset, struct err *err)
{
    while (n) {
        ssize_t got = pread(fd, to, n, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(err, N_("cannot read"));
        if (got == 0)
            return fail_changed(err);
        to += got;
        offset += (size_t)got;
        n -= (size_t)got;
    }
    return RC_OK;
}

enum rc lazy_need(struct lazy *lazy, struct span range, struct err *err)
{
    size_t begin, end;

    if (lazy->fd < 0 || range.len == 0)
        return RC_OK;
    begin = (size_t)(range.data - lazy->data) / BLOCK;
    end = ((size_t)(range.data - lazy->data) + range.len + BLOCK - 1) / BLOCK;
    while (begin < end) {
        size_t n = 0, from = begin * BLOCK, len;

        while (begin + n < end && !lazy->have[begin + n])
            n++;
        len = from + n * BLOCK > lazy->len ? lazy->len - from : n * BLOCK;
        if (n)
            TRY(read_at(lazy->fd, lazy->data + from, len, from, err));
        memset(lazy->have + begin, 1, n);
        begin += n + 1;
    }
    return RC_OK;
}

void lazy_forget(struct lazy *lazy, struct span range)
{
    size_t begin, end;

    if (lazy->fd < 0)
        return;
    begin = ((size_t)(range.data - lazy->data) + BLOCK - 1) / BLOCK;
    end = ((size_t)(range.data - lazy->data) + range.len) / BLOCK;
    if (begin >= end)
        return;
    memset(lazy->have + begin, 0, end - begin);
    (void)madvise(lazy->data + begin * BLOCK, (end - begin) * BLOCK, MADV_DONTNEED);
}

enum rc lazy_each(struct lazy *lazy,
                  enum rc (*take)(void *context, struct span piece, struct err *err), void *context,
                  struct err *err)
{
    unsigned char *piece;
    enum rc rc = RC_OK;

    if (lazy->fd < 0)
        return take(context, lazy_span(lazy), err);
    piece = mem_resize(NULL, PIECE);
    for (size_t at = 0; at < lazy->len && rc == RC_OK; at += PIECE) {
        size_t n = lazy->len - at < PIECE ? lazy->len - at : PIECE;

        rc = read_at(lazy->fd, piece, n, at, err);
        if (rc == RC_OK)
            rc = take(context, (struct span){.data = piece, .len = n}, err);
    }
    free(piece);
    return rc;
}

enum rc lazy_check(const struct lazy *lazy, struct err *err)
{
    struct stat st;

    if (lazy->fd < 0)
        return RC_OK;
    if (fstat(lazy->fd, &st) != 0)
        return err_errno(err, N_("cannot read"));
    if ((size_t)st.st_size != lazy->len || st.st_ctim.tv_sec != lazy->changed.tv_sec ||
        st.st_ctim.tv_nsec != lazy->changed.tv_nsec)
        return fail_changed(err);
    return RC_OK;
}
