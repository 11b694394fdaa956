/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"

struct records {
    FILE *file; /* NULL: the options alone make the record */
    const char *path;
    const struct opt_list *set;
    char *line;
    size_t room;
    long n;     /* lines read */
    bool begun; /* the first record was given */
    bool ended;
};

enum rc records_open(const char *path, const struct opt_list *set, struct records **out,
                     struct err *err)
{
    CLEANUP(records_closep) struct records *records = mem_zero(1, sizeof(*records));

    records->path = path;
    records->set = set;
    for (size_t i = 0; i < set->n; i++) {
        const char *item = set->items[i];

        if (!strchr(item, '=') || *item == '=')
            return err_set(err, RC_USAGE, "--set: want FIELD=VALUE, got '%s'", item);
        if (utf8_check(span_of(item)) != strlen(item))
            return err_set(err, RC_USAGE, "--set: not UTF-8: '%s'", item);
    }
    if (path) {
        records->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
        if (!records->file) {
            (void)err_errno(err, "cannot open");
            return err_at(err, "%s", path);
        }
    }
    *out = MOVE(records);
    return RC_OK;
}

void records_close(struct records *records)
{
    if (!records)
        return;
    if (records->file && records->file != stdin)
        (void)fclose(records->file);
    free(records->line);
    free(records);
}

static void put_set(const struct records *records, struct js *record)
{
    for (size_t i = 0; i < records->set->n; i++) {
        const char *item = records->set->items[i], *equals = strchr(item, '=');
        CLEANUP(freep) char *name = mem_copy_text(item, (size_t)(equals - item));

        js_set(record, name, js_string(equals + 1));
    }
}

/* A line that is not blank; *len 0 at the end of the input. */
static enum rc read_line(struct records *records, size_t *len, struct err *err)
{
    ssize_t n;

    do {
        errno = 0;
        n = getline(&records->line, &records->room, records->file);
        if (n < 0 && ferror(records->file)) {
            (void)err_errno(err, "cannot read");
            return err_at(err, "%s", records->path);
        }
        if (n < 0) {
            *len = 0;
            return RC_OK;
        }
        records->n++;
        if ((size_t)n > LIMIT_RECORD)
            return err_find(err, "FLD007", RC_INPUT, "a record is larger than %zu bytes",
                            LIMIT_RECORD);
    } while (strspn(records->line, " \t\r\n") == (size_t)n);
    *len = (size_t)n;
    return RC_OK;
}

/* So that a fault at the end of a line is told of this line. */
static struct span without_breaks(struct span line)
{
    while (line.len && (line.data[line.len - 1] == '\n' || line.data[line.len - 1] == '\r'))
        line.len--;
    return line;
}

/* A first line that is no object by itself begins one that goes on: read all of it. */
static enum rc read_rest(struct records *records, size_t len, struct js **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf all = BUF_INIT(LIMIT_RECORD);
    char chunk[65536];
    size_t n;

    TRY(buf_add(&all, records->line, len, err));
    while ((n = fread(chunk, 1, sizeof(chunk), records->file)) > 0)
        TRY(buf_add(&all, chunk, n, err));
    if (ferror(records->file))
        return err_errno(err, "cannot read");
    records->ended = true;
    return js_parse(without_breaks(buf_span(&all)), out, err);
}

static enum rc parse(struct records *records, size_t len, struct js **out, struct err *err)
{
    struct span line = {(const unsigned char *)records->line, len};
    struct err first = ERR_INIT;

    if (len >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0 && records->n == 1)
        line = (struct span){line.data + 3, len - 3};
    if (js_parse(without_breaks(line), out, &first) == RC_OK)
        return RC_OK;
    if (!records->begun)
        return read_rest(records, len, out, err);
    *err = first;
    return first.code;
}

/* "rows.jsonl:12:7": the parser counts lines from where the record begins. */
static enum rc place(const struct records *records, long first, struct err *err)
{
    long line = 1, column = 0;
    int n = sscanf(err->where, ":%ld:%ld", &line, &column);

    if (n < 1)
        line = 1;
    if (n == 2)
        (void)snprintf(err->where, sizeof(err->where), "%s:%ld:%ld", records->path,
                       first + line - 1, column);
    else
        (void)snprintf(err->where, sizeof(err->where), "%s:%ld", records->path, first + line - 1);
    return err->code;
}

enum rc records_next(struct records *records, struct js **out, long *line, struct err *err)
{
    CLEANUP(js_freep) struct js *record = NULL;
    enum rc rc;
    size_t len = 0;

    *out = NULL;
    if (records->ended)
        return RC_OK;
    if (!records->file) {
        records->ended = true;
        record = js_object();
        *line = 0;
    } else {
        TRY(read_line(records, &len, err));
        if (len == 0)
            return RC_OK;
        *line = records->n;
        rc = parse(records, len, &record, err);
        records->begun = true;
        if (rc != RC_OK)
            return place(records, *line, err);
        if (js_kind(record) != JS_OBJECT) {
            (void)err_find(err, "FLD003", RC_INPUT, "a record is a JSON object");
            return place(records, *line, err);
        }
    }
    put_set(records, record);
    *out = MOVE(record);
    return RC_OK;
}
