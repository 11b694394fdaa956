/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/command.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"

extern char **environ;

static const char blanks[] = " \t\n";

enum rc command_split(const char *command, char ***argv, struct err *err)
{
    char **list = mem_zero(1, sizeof(*list));
    size_t n = 0;

    for (const char *p = command + strspn(command, blanks); *p; p += strspn(p, blanks)) {
        size_t len = strcspn(p, blanks);

        list = mem_resize(list, (n + 2) * sizeof(*list));
        list[n++] = mem_copy_text(p, len);
        list[n] = NULL;
        p += len;
    }
    *argv = list;
    if (n == 0) {
        command_free(list);
        *argv = NULL;
        return err_set(err, RC_USAGE, "the command is empty");
    }
    return RC_OK;
}

void command_free(char **argv)
{
    for (char **p = argv; p && *p; p++)
        free(*p);
    free(argv);
}

static void close_pipe(int (*ends)[2])
{
    for (int i = 0; i < 2; i++) {
        if ((*ends)[i] >= 0)
            (void)close((*ends)[i]);
    }
}

static void close_end(int *end)
{
    (void)close(*end);
    *end = -1;
}

static void actions_destroy(posix_spawn_file_actions_t *actions)
{
    (void)posix_spawn_file_actions_destroy(actions);
}

static enum rc start(char *const *argv, int in, int out, pid_t *pid, struct err *err)
{
    CLEANUP(actions_destroy) posix_spawn_file_actions_t actions;

    if (posix_spawn_file_actions_init(&actions) != 0)
        abort();
    if (posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0)
        return err_set(err, RC_SYSTEM, "%s: cannot be started", argv[0]);
    errno = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    if (errno != 0) {
        (void)err_errno(err, argv[0]);
        return err->code = RC_KEY;
    }
    return RC_OK;
}

/* Reads to the end even when the answer is too long, so that the program can end. */
static enum rc drain(int fd, struct buf *out, struct err *err)
{
    enum rc rc = RC_OK;
    char chunk[4096];
    ssize_t n;

    while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, "cannot read the answer of the signing program");
        if (rc == RC_OK && buf_add(out, chunk, (size_t)n, err) != RC_OK)
            rc = err->code = RC_KEY;
    }
    return rc;
}

static enum rc finish(const char *name, pid_t pid, struct err *err)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return err_errno(err, name);
    }
    if (WIFSIGNALED(status))
        return err_set(err, RC_KEY, "%s: ended by signal %d", name, WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return err_set(err, RC_KEY, "%s: ended with status %d", name, WEXITSTATUS(status));
    return RC_OK;
}

enum rc command_run(char *const *argv, struct span input, struct buf *out, struct err *err)
{
    CLEANUP(close_pipe) int in[2] = {-1, -1};
    CLEANUP(close_pipe) int answer[2] = {-1, -1};
    struct err ignored = ERR_INIT;
    enum rc rc, ended;
    pid_t pid;

    assert(input.len <= COMMAND_INPUT_MAX);
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0)
        return err_errno(err, "pipe");
    if (write(in[1], input.data, input.len) != (ssize_t)input.len)
        return err_errno(err, "pipe");
    TRY(start(argv, in[0], answer[1], &pid, err));
    close_end(&in[0]);
    close_end(&in[1]);
    close_end(&answer[1]);
    rc = drain(answer[0], out, err);
    ended = finish(argv[0], pid, rc == RC_OK ? err : &ignored);
    return rc != RC_OK ? rc : ended;
}
