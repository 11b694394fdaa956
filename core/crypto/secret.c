/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "core/base/mem.h"

enum { CTRL_C = 3, CTRL_D = 4 };

/* A line as it is read; on the stack, so it is wiped on every way out. */
struct line {
    char text[LIMIT_PIN + 2];
    size_t len;
};

static void line_wipe(struct line *line)
{
    OPENSSL_cleanse(line, sizeof(*line));
}

static void close_fdp(int *fd)
{
    if (*fd > STDERR_FILENO)
        (void)close(*fd);
}

void secret_clear(struct secret *secret)
{
    if (secret->text)
        OPENSSL_cleanse(secret->text, secret->len);
    free(secret->text);
    *secret = (struct secret)SECRET_INIT;
}

void secret_set(struct secret *secret, const char *text, size_t len)
{
    secret_clear(secret);
    secret->text = mem_copy_text(text, len);
    secret->len = len;
}

/* Byte by byte, so that what follows the line stays in the descriptor for its next reader. */
static enum rc read_line(int fd, struct line *line, struct err *err)
{
    ssize_t n;

    for (;;) {
        n = read(fd, line->text + line->len, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, "cannot read the PIN");
        if (n == 0 || line->text[line->len] == '\n')
            break;
        if (++line->len > LIMIT_PIN)
            return err_set(err, RC_KEY, "the PIN is longer than %d bytes", LIMIT_PIN);
    }
    if (line->len && line->text[line->len - 1] == '\r')
        line->len--;
    return RC_OK;
}

enum rc secret_from_fd(int fd, struct secret *out, struct err *err)
{
    CLEANUP(line_wipe) struct line line = {.len = 0};

    TRY(read_line(fd, &line, err));
    if (line.len == 0 || memchr(line.text, '\0', line.len))
        return err_set(err, RC_KEY, "the PIN is empty or holds a zero byte");
    secret_set(out, line.text, line.len);
    return RC_OK;
}

enum rc secret_from_file(const char *path, struct secret *out, struct err *err)
{
    CLEANUP(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        (void)err_errno(err, "cannot open");
        return err_at(err, "%s", path);
    }
    TRY_AT(secret_from_fd(fd, out, err), err, "%s", path);
    return RC_OK;
}

static void say(int tty, const char *text)
{
    ssize_t n = write(tty, text, strlen(text));

    (void)n; /* a prompt that cannot be shown is answered all the same */
}

/*
 * The terminal sends no signals meanwhile: Ctrl-C is read as a character, so that
 * the echo is always on again before the process ends.
 */
static enum rc ask(int tty, struct line *line, struct err *err)
{
    char c;

    while (read(tty, &c, 1) == 1 && c != '\n' && c != '\r' && c != CTRL_D) {
        if (c == CTRL_C)
            return err_set(err, RC_KEY, "no PIN was given");
        if ((c == '\b' || c == 0x7f) && line->len)
            line->len--;
        else if (c != '\b' && c != 0x7f)
            line->text[line->len++] = c;
        if (line->len > LIMIT_PIN)
            return err_set(err, RC_KEY, "the PIN is longer than %d bytes", LIMIT_PIN);
    }
    return line->len ? RC_OK : err_set(err, RC_KEY, "no PIN was given");
}

enum rc secret_prompt(const char *prompt, struct secret *out, struct err *err)
{
    CLEANUP(close_fdp) int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    CLEANUP(line_wipe) struct line line = {.len = 0};
    struct termios before, quiet;
    enum rc rc;

    if (tty < 0 || tcgetattr(tty, &before) != 0)
        return err_set(err, RC_KEY,
                       "a PIN is needed and there is no terminal to ask on; "
                       "give --pin-file or --pin-fd");
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
        return err_errno(err, "cannot turn the echo of the terminal off");
    say(tty, prompt);
    rc = ask(tty, &line, err);
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    say(tty, "\n");
    TRY(rc);
    secret_set(out, line.text, line.len);
    return RC_OK;
}
