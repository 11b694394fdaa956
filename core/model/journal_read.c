/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a journal's chain, apart from writing one: it opens nothing for writing. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/crypto/hash.h"
#include "core/model/journal_line.h"

struct checker {
    journal_each *each;
    void *context;
    struct findings *findings;
    long line, n;
    char prev[2 * SM3_LEN + 1];
    bool broken;
};

static void close_fdp(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static void find(struct checker *checker, const char *code, const char *detail)
{
    struct place where = PLACE_NONE;
    char number[24];

    where.line = checker->line;
    (void)snprintf(number, sizeof(number), "%ld", checker->line);
    (void)findings_add(checker->findings, code, where, "line", number, "detail", detail, NULL);
}

/* After a break the chain goes on from the line as it is: one change is one finding. */
static enum rc check_line(struct checker *checker, struct span line, struct err *err)
{
    CLEANUP(js_freep) struct js *js = NULL;

    checker->line++;
    if (!journal_line_parse(line, &js)) {
        find(checker, "JNL001", "want a JSON object with n, prev and op");
        checker->broken = true;
        checker->n++;
    } else {
        if (js_integer(js_get(js, "n")) != checker->n + 1 ||
            strcmp(js_get_text(js, "prev"), checker->prev) != 0) {
            find(checker, "JNL002", NULL);
            checker->broken = true;
        }
        checker->n = (long)js_integer(js_get(js, "n"));
        if (checker->each)
            TRY(checker->each(checker->line, js, checker->context, err));
    }
    sm3_hex(line, checker->prev);
    return RC_OK;
}

static enum rc check_lines(struct checker *checker, struct journal_lines *lines, struct err *err)
{
    struct span line = {.len = 0};
    bool more;

    for (;;) {
        TRY(journal_next_line(lines, &line, &more, err));
        if (!more)
            break;
        TRY(check_line(checker, line, err));
    }
    checker->line++;
    if (line.len)
        find(checker, "JNL003", NULL);
    return checker->broken ? RC_NO : RC_OK;
}

enum rc journal_read(const char *path, journal_each *each, void *context, struct findings *findings,
                     struct err *err)
{
    CLEANUP(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct journal_lines lines = JOURNAL_LINES_INIT(fd, 0);
    struct checker checker = {
        .each = each, .context = context, .findings = findings, .prev = JOURNAL_FIRST_PREV};
    enum rc rc;

    if (fd < 0) {
        (void)err_errno(err, "cannot open");
        return err_at(err, "%s", path);
    }
    rc = check_lines(&checker, &lines, err);
    buf_clear(&lines.chunk);
    if (rc != RC_OK && rc != RC_NO)
        return err_at(err, "%s", path);
    return rc;
}
