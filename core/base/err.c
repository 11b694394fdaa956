/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"

static void fill(struct err *err, enum rc code, const char *fmt, va_list ap)
{
    va_list again;

    err->code = code;
    err->finding[0] = err->where[0] = '\0';
    va_copy(again, ap);
    (void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
    (void)vsnprintf(err->zh, sizeof(err->zh), i18n_zh(fmt), again);
    va_end(again);
}

enum rc err_set(struct err *err, enum rc code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fill(err, code, fmt, ap);
    va_end(ap);
    return code;
}

enum rc err_find(struct err *err, const char *finding, enum rc code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fill(err, code, fmt, ap);
    va_end(ap);
    (void)snprintf(err->finding, sizeof(err->finding), "%s", finding);
    return code;
}

/* The reasons that a user meets, for the catalogue; any other stays in English. */
static const char *const reasons[] __attribute__((unused)) = {
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("File too large"),
    N_("File exists"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Directory not empty"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("Broken pipe"),
    N_("Bad file descriptor"),
    N_("File name too long"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Cannot allocate memory"),
    N_("Device or resource busy"),
    N_("Text file busy"),
    N_("Exec format error"),
    N_("No child processes"),
    N_("No locks available"),
    N_("Invalid argument"),
};

enum rc err_errno(struct err *err, const char *what)
{
    const char *reason = strerrordesc_np(errno); /* strerror would follow the locale */

    reason = reason ? reason : "?";
    (void)err_set(err, RC_SYSTEM, "%s: %s", what, reason);
    (void)snprintf(err->zh, sizeof(err->zh), "%s：%s", i18n_zh(what), i18n_zh(reason));
    return RC_SYSTEM;
}

/* Appends as much of tail as fits: a cut message is better than none. */
static void append(char *text, size_t size, const char *tail)
{
    size_t n = strlen(text);

    memccpy(text + n, tail, '\0', size - n - 1);
    text[size - 1] = '\0';
}

enum rc err_at(struct err *err, const char *fmt, ...)
{
    char inner[sizeof(err->where)];
    va_list ap;

    memcpy(inner, err->where, sizeof(inner));
    va_start(ap, fmt);
    (void)vsnprintf(err->where, sizeof(err->where), fmt, ap);
    va_end(ap);
    if (inner[0]) {
        if (inner[0] != ':') /* ":3:7" goes right behind the name of its part */
            append(err->where, sizeof(err->where), ": ");
        append(err->where, sizeof(err->where), inner);
    }
    return err->code;
}
