/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/i18n.h"

#define IN_MEMORY ((size_t)1 << 20)
#define REPORT_MAX ((size_t)1 << 30) /* where there is no temporary file */
#define EMPTY_END "[]\n}"            /* how a printed report ends whose items are left out */
#define INDENT "    "                /* of an item in the report */

void spool_open(struct spool *spool)
{
    const char *folder = getenv("TMPDIR");
    int fd;

    *spool = (struct spool){.text = BUF_INIT(REPORT_MAX)};
    fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    spool->file = fdopen(fd, "w+");
    if (!spool->file)
        (void)close(fd);
}

void spool_clear(struct spool *spool)
{
    buf_clear(&spool->text);
    if (spool->file)
        (void)fclose(spool->file);
    spool->file = NULL;
}

static enum rc fail(struct err *err)
{
    return err_errno(err, N_("cannot keep the report in a temporary file"));
}

/* Strings of JSON hold no line break: each line of an item is one of the report. */
static enum rc add_lines(struct buf *to, struct span text, struct err *err)
{
    const char *at = (const char *)text.data, *end = at + text.len;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        stop = stop ? stop + 1 : end;
        TRY(buf_puts(to, INDENT, err));
        TRY(buf_add(to, at, (size_t)(stop - at), err));
        at = stop;
    }
    return RC_OK;
}

enum rc spool_add(struct spool *spool, struct js *item, struct err *err)
{
    CLEANUP(js_freep) struct js *owned = item;
    CLEANUP(buf_clear) struct buf text = BUF_INIT(REPORT_MAX);

    TRY(js_print(owned, true, &text, err));
    TRY(buf_puts(&spool->text, spool->n++ ? ",\n" : "\n", err));
    TRY(add_lines(&spool->text, buf_span(&text), err));
    if (!spool->file || spool->text.len < IN_MEMORY)
        return RC_OK;
    if (fwrite(spool->text.data, 1, spool->text.len, spool->file) != spool->text.len)
        return fail(err);
    buf_clear(&spool->text);
    return RC_OK;
}

static enum rc copy_file(FILE *from, FILE *to, struct err *err)
{
    char chunk[65536];
    size_t n;

    if (fflush(from) != 0 || fseek(from, 0, SEEK_SET) != 0)
        return fail(err);
    while ((n = fread(chunk, 1, sizeof(chunk), from)) > 0)
        (void)fwrite(chunk, 1, n, to); /* a full disk is told by the last flush */
    return ferror(from) ? fail(err) : RC_OK;
}

enum rc spool_print(struct spool *spool, struct js *report, FILE *out, struct err *err)
{
    CLEANUP(js_freep) struct js *owned = report;
    CLEANUP(buf_clear) struct buf text = BUF_INIT(REPORT_MAX);
    size_t end = strlen(EMPTY_END);

    TRY(js_print(owned, true, &text, err));
    if (spool->n == 0 || text.len < end || strcmp(text.data + text.len - end, EMPTY_END) != 0) {
        fprintf(out, "%s\n", text.data);
        return RC_OK;
    }
    (void)fwrite(text.data, 1, text.len - end + 1, out);
    if (spool->file)
        TRY(copy_file(spool->file, out, err));
    (void)fwrite(spool->text.data, 1, spool->text.len, out);
    fprintf(out, "\n  ]\n}\n");
    return RC_OK;
}
