/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "core/model/journal_line.h"

#define PENDING_MAX ((size_t)64 << 20) /* bytes noted and not yet synced; a group has 256 lines */

/* An entry that is noted: its line but for n and prev, which the sync gives it. */
struct pending {
    size_t start, len; /* in the journal's text */
    char *identifier;  /* NULL where another run cannot come in its way */
    long version;
    unsigned char content[SM3_LEN];
};

struct journal {
    char *path, *operator;
    char host[HOST_NAME_MAX + 1];
    int fd;
    pthread_mutex_t lock;
    long long end; /* of what was read or written */
    long n;        /* of the last line */
    char prev[2 * SM3_LEN + 1];
    long torn;
    struct issued issued;
    struct buf text;
    struct pending *pending;
    size_t n_pending;
};

static void drop_pending(struct journal *journal)
{
    for (size_t i = 0; i < journal->n_pending; i++)
        free(journal->pending[i].identifier);
    free(journal->pending);
    journal->pending = NULL;
    journal->n_pending = 0;
    buf_reset(&journal->text);
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    drop_pending(journal);
    buf_clear(&journal->text);
    issued_clear(&journal->issued);
    if (journal->fd >= 0)
        (void)close(journal->fd);
    (void)pthread_mutex_destroy(&journal->lock);
    free(journal->path);
    free(journal->operator);
    free(journal);
}

static enum rc fail(const struct journal *journal, const char *what, struct err *err)
{
    (void)err_errno(err, what);
    return err_at(err, "%s", journal->path);
}

static enum rc no_journal(const struct journal *journal, long line, struct err *err)
{
    (void)err_find(err, "JNL001", RC_INPUT, "not a line of a journal; the file is left as it is");
    return err_at(err, "%s: line %ld", journal->path, line);
}

/* What is cut must be the beginning of the line that would come next, or a hole that a crash left.
 */
static bool is_torn_line(const struct journal *journal, struct span tail)
{
    char want[128];
    size_t n = journal_line_start(journal->n + 1, journal->prev, want), i = 0;

    if (tail.len < n)
        n = tail.len;
    if (memcmp(tail.data, want, n) == 0)
        return true;
    while (i < tail.len && !tail.data[i])
        i++;
    return i == tail.len;
}

static enum rc cut_torn_line(struct journal *journal, struct span tail, struct err *err)
{
    if (!tail.len)
        return RC_OK;
    if (!is_torn_line(journal, tail))
        return no_journal(journal, journal->n + 1, err);
    if (ftruncate(journal->fd, (off_t)journal->end) != 0)
        return fail(journal, N_("cannot cut the torn last line"), err);
    journal->torn = journal->n + 1;
    return RC_OK;
}

/* Takes n and prev from the last line read. */
static enum rc take_last(struct journal *journal, const struct buf *last, long lines,
                         struct err *err)
{
    CLEANUP(js_freep) struct js *js = NULL;

    if (!journal_line_parse(buf_span(last), &js))
        return no_journal(journal, journal->n + lines, err);
    journal->n = (long)js_integer(js_get(js, "n"));
    sm3_hex(buf_span(last), journal->prev);
    return RC_OK;
}

/* Reads what came since, under the lock of the file; also into `news` if there is one. */
static enum rc catch_up(struct journal *journal, struct issued *news, struct err *err)
{
    struct journal_lines lines = JOURNAL_LINES_INIT(journal->fd, journal->end);
    CLEANUP(buf_clear) struct buf last = BUF_INIT(LIMIT_LINE + (size_t)65536);
    struct span line = {.len = 0};
    bool more = true;
    long count = 0;
    enum rc rc;

    while ((rc = journal_next_line(&lines, &line, &more, err)) == RC_OK && more) {
        buf_reset(&last);
        rc = buf_add(&last, line.data, line.len, err);
        if (rc == RC_OK && journal->end == 0 && count == 0)
            rc = take_last(journal, &last, 1, err); /* the first line shows what file it is */
        if (rc != RC_OK)
            break;
        journal_line_index(line, &journal->issued);
        if (news)
            journal_line_index(line, news);
        count++;
    }
    if (rc == RC_OK && count)
        rc = take_last(journal, &last, count, err);
    if (rc == RC_OK) {
        journal->end = lines.at;
        rc = cut_torn_line(journal, line, err);
    }
    buf_clear(&lines.chunk);
    return rc;
}

static enum rc lock_file(struct journal *journal, struct err *err)
{
    while (flock(journal->fd, LOCK_EX) != 0) {
        if (errno != EINTR)
            return fail(journal, N_("cannot lock"), err);
    }
    return RC_OK;
}

/* A new name lives in its folder: that must be on disk too, where the file system can say so. */
static enum rc sync_folder(const struct journal *journal, struct err *err)
{
    CLEANUP(freep) char *folder = path_dir(journal->path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool failed = fd >= 0 && fsync(fd) != 0 && errno != EINVAL;

    if (fd >= 0)
        (void)close(fd);
    return failed ? fail(journal, N_("cannot sync"), err) : RC_OK;
}

static enum rc open_file(struct journal *journal, struct err *err)
{
    bool is_new = !file_exists(journal->path);
    struct stat st;

    /* O_NONBLOCK: a named pipe would wait for its reader here. */
    journal->fd = open(journal->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    if (journal->fd < 0 || fstat(journal->fd, &st) != 0)
        return fail(journal, N_("cannot open"), err);
    if (!S_ISREG(st.st_mode)) {
        (void)err_set(err, RC_USAGE, "a journal must be a file");
        return err_at(err, "%s", journal->path);
    }
    return is_new ? sync_folder(journal, err) : RC_OK;
}

enum rc journal_open(const char *path, const char *operator, struct journal ** out, struct err *err)
{
    CLEANUP(journal_freep) struct journal *journal = mem_zero(1, sizeof(*journal));
    enum rc rc;

    journal->fd = -1;
    journal->path = mem_text(path);
    journal->operator= mem_text(operator);
    journal->text = (struct buf)BUF_INIT(PENDING_MAX);
    memcpy(journal->prev, JOURNAL_FIRST_PREV, sizeof(journal->prev));
    (void)pthread_mutex_init(&journal->lock, NULL);
    if (gethostname(journal->host, HOST_NAME_MAX) != 0)
        journal->host[0] = '\0';
    TRY(open_file(journal, err));
    TRY(lock_file(journal, err));
    rc = catch_up(journal, NULL, err);
    (void)flock(journal->fd, LOCK_UN);
    TRY(rc);
    *out = MOVE(journal);
    return RC_OK;
}

long journal_torn_line(const struct journal *journal)
{
    return journal->torn;
}

static bool is_plain(const char *identifier)
{
    for (; *identifier; identifier++) {
        if (*identifier < '!' || *identifier > '~' || *identifier == '"' || *identifier == ',' ||
            *identifier == '\\')
            return false;
    }
    return true;
}

static bool is_indexed(const struct journal_entry *entry)
{
    return entry->identifier && (entry->op == JOURNAL_RESERVE || entry->op == JOURNAL_DONE ||
                                 entry->op == JOURNAL_SKIP || entry->op == JOURNAL_REJECT);
}

/* Under the journal's lock. */
static void note(struct journal *journal, const struct journal_entry *entry, size_t start,
                 const struct issued_entry *issued)
{
    struct pending *pending;

    journal->pending =
        mem_resize(journal->pending, (journal->n_pending + 1) * sizeof(journal->pending[0]));
    pending = &journal->pending[journal->n_pending++];
    *pending = (struct pending){.start = start, .len = journal->text.len - start};
    if (entry->op == JOURNAL_RESERVE && entry->identifier && entry->content) {
        pending->identifier = mem_text(entry->identifier);
        pending->version = entry->version;
        memcpy(pending->content, entry->content, SM3_LEN);
    }
    if (is_indexed(entry))
        issued_put(&journal->issued, entry->identifier, strlen(entry->identifier), entry->version,
                   issued);
}

enum rc journal_append(struct journal *journal, const struct journal_entry *entry, struct err *err)
{
    CLEANUP(buf_clear) struct buf rest = BUF_INIT(LIMIT_LINE);
    struct issued_entry issued;
    size_t start;
    enum rc rc;

    if (entry->identifier && !is_plain(entry->identifier))
        return err_set(err, RC_INPUT, "not an identifier: '%.80s'", entry->identifier);
    TRY(journal_line_rest(entry, journal->operator, journal->host, &rest, &issued, err));
    pthread_mutex_lock(&journal->lock);
    start = journal->text.len;
    rc = buf_add(&journal->text, rest.data, rest.len, err);
    if (rc == RC_OK)
        note(journal, entry, start, &issued);
    pthread_mutex_unlock(&journal->lock);
    return rc;
}

static bool is_same(const struct issued_entry *known, const unsigned char content[SM3_LEN])
{
    unsigned char digest[SM3_LEN];

    if (!known->has_digest)
        return false;
    journal_salted(known->salt, content, digest);
    return hash_equals((struct span){digest, ISSUED_DIGEST},
                       (struct span){known->digest, ISSUED_DIGEST});
}

/* Has another run taken, since we last looked, what is reserved here? */
static enum rc check_news(const struct journal *journal, const struct issued *news, struct err *err)
{
    for (size_t i = 0; news->n && i < journal->n_pending; i++) {
        const struct pending *p = &journal->pending[i];
        const struct issued_entry *known =
            p->identifier ? issued_get(news, p->identifier, strlen(p->identifier), p->version)
                          : NULL;

        if (known && !is_same(known, p->content))
            return err_set(err, RC_REFUSED,
                           "%s version %ld was issued with other content by another run just now",
                           p->identifier, p->version);
    }
    return RC_OK;
}

/* Gives every noted entry its number and the digest of the line before. */
static enum rc chain_lines(const struct journal *journal, struct buf *out, long *n, char *prev,
                           struct err *err)
{
    for (size_t i = 0; i < journal->n_pending; i++) {
        const struct pending *p = &journal->pending[i];
        size_t start = out->len;
        char head[128];
        size_t len = journal_line_start(++*n, prev, head);

        TRY(buf_add(out, head, len, err));
        TRY(buf_add(out, journal->text.data + p->start, p->len, err));
        sm3_hex((struct span){buf_span(out).data + start, out->len - start - 1}, prev);
    }
    return RC_OK;
}

static enum rc write_lines(struct journal *journal, const struct buf *lines, struct err *err)
{
    for (size_t at = 0; at < lines->len;) {
        ssize_t n = write(journal->fd, lines->data + at, lines->len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            (void)fail(journal, N_("cannot write"), err);
            (void)!ftruncate(journal->fd, (off_t)journal->end); /* else cut at the next start */
            return err->code;
        }
        at += (size_t)n;
    }
    return fdatasync(journal->fd) == 0 ? RC_OK : fail(journal, N_("cannot write"), err);
}

/* Under both locks. */
static enum rc sync_locked(struct journal *journal, struct err *err)
{
    CLEANUP(buf_clear) struct buf lines = BUF_INIT(2 * PENDING_MAX);
    CLEANUP(issued_clear) struct issued news = {.n = 0};
    char prev[sizeof(journal->prev)];
    struct stat st;
    long n;

    if (fstat(journal->fd, &st) != 0)
        return fail(journal, N_("cannot read"), err);
    if (st.st_size < journal->end) {
        (void)err_set(err, RC_INPUT, "the journal was cut by somebody while it was in use");
        return err_at(err, "%s", journal->path);
    }
    TRY(catch_up(journal, &news, err));
    TRY(check_news(journal, &news, err));
    n = journal->n;
    memcpy(prev, journal->prev, sizeof(prev));
    TRY(chain_lines(journal, &lines, &n, prev, err));
    TRY(write_lines(journal, &lines, err));
    journal->end += (long long)lines.len;
    journal->n = n;
    memcpy(journal->prev, prev, sizeof(prev));
    return RC_OK;
}

enum rc journal_sync(struct journal *journal, struct err *err)
{
    enum rc rc = RC_OK;

    pthread_mutex_lock(&journal->lock);
    if (journal->n_pending) {
        rc = lock_file(journal, err);
        if (rc == RC_OK) {
            rc = sync_locked(journal, err);
            (void)flock(journal->fd, LOCK_UN);
        }
        drop_pending(journal);
    }
    pthread_mutex_unlock(&journal->lock);
    return rc;
}

enum rc journal_write(struct journal *journal, const struct journal_entry *entry, struct err *err)
{
    TRY(journal_append(journal, entry, err));
    return journal_sync(journal, err);
}

enum journal_answer journal_ask(struct journal *journal, const char *identifier, long version,
                                const unsigned char content[32])
{
    enum journal_answer answer = JOURNAL_NEW;
    const struct issued_entry *known;

    pthread_mutex_lock(&journal->lock);
    known = issued_get(&journal->issued, identifier, strlen(identifier), version);
    if (known && known->state == ISSUED_DONE)
        answer = is_same(known, content) ? JOURNAL_ISSUED_SAME : JOURNAL_ISSUED_OTHER;
    else if (known)
        answer = is_same(known, content) ? JOURNAL_RESERVED_SAME : JOURNAL_RESERVED_OTHER;
    pthread_mutex_unlock(&journal->lock);
    return answer;
}
