/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/journal_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"

static const char *const names[] = {
    [JOURNAL_BEGIN] = "begin", [JOURNAL_RESERVE] = "reserve", [JOURNAL_DONE] = "done",
    [JOURNAL_SKIP] = "skip",   [JOURNAL_REJECT] = "reject",   [JOURNAL_SEAL] = "seal",
    [JOURNAL_SIGN] = "sign",   [JOURNAL_STATUS] = "status",   [JOURNAL_SUMMARY] = "summary",
};

const char *journal_op_name(enum journal_op op)
{
    return names[op];
}

/* Moves what is left to the front and reads on; *more says whether there was anything. */
static enum rc refill(struct journal_lines *lines, bool *more, struct err *err)
{
    struct buf *chunk = &lines->chunk;
    char bytes[65536];
    ssize_t n;

    memmove(chunk->data, chunk->data + lines->taken, chunk->len - lines->taken);
    chunk->len -= lines->taken;
    lines->taken = 0;
    do
        n = pread(lines->fd, bytes, sizeof(bytes), (off_t)(lines->at + (long long)chunk->len));
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_errno(err, "cannot read");
    *more = n > 0;
    return buf_add(chunk, bytes, (size_t)n, err);
}

enum rc journal_next_line(struct journal_lines *lines, struct span *line, bool *more,
                          struct err *err)
{
    for (;;) {
        const unsigned char *start = buf_span(&lines->chunk).data + lines->taken;
        size_t left = lines->chunk.len - lines->taken;
        const unsigned char *end = left ? memchr(start, '\n', left) : NULL;

        if (end) {
            *line = (struct span){start, (size_t)(end - start)};
            lines->taken += line->len + 1;
            lines->at += (long long)line->len + 1;
            *more = true;
            return RC_OK;
        }
        TRY(refill(lines, more, err));
        if (!*more) {
            *line = buf_span(&lines->chunk);
            return RC_OK;
        }
    }
}

size_t journal_line_start(long n, const char *prev, char out[128])
{
    return (size_t)snprintf(out, 128, "{\"n\":%ld,\"prev\":\"%.64s\"", n, prev);
}

bool journal_line_parse(struct span line, struct js **out)
{
    CLEANUP(js_freep) struct js *js = NULL;
    struct err err = ERR_INIT;

    if (js_parse(line, &js, &err) != RC_OK || js_integer(js_get(js, "n")) < 1 ||
        !js_get_text(js, "prev") || !js_get_text(js, "op"))
        return false;
    *out = MOVE(js);
    return true;
}

/* Paths are bytes; JSON is UTF-8. */
static struct js *text_json(const char *text)
{
    CLEANUP(freep) char *good = text ? utf8_repair(text) : NULL;

    return js_string(good);
}

static struct js *hex_json(const unsigned char *bytes, size_t n)
{
    char text[2 * SM3_LEN + 1];

    if (!bytes)
        return js_null();
    hex_encode(bytes, n, text);
    return js_string(text);
}

static struct js *count_json(long value)
{
    return value ? js_number(value) : js_null();
}

static struct js *rules_json(const char *const *rules)
{
    struct js *js = js_array();

    for (; rules && *rules; rules++)
        js_push(js, text_json(*rules));
    return js;
}

void journal_salted(const unsigned char salt[ISSUED_SALT], const unsigned char content[32],
                    unsigned char out[32])
{
    struct span parts[] = {{salt, ISSUED_SALT}, {content, SM3_LEN}};

    sm3_parts(parts, 2, out);
}

static unsigned char state_of(enum journal_op op)
{
    return op == JOURNAL_DONE || op == JOURNAL_SKIP ? ISSUED_DONE
           : op == JOURNAL_RESERVE                  ? ISSUED_RESERVED
                                                    : ISSUED_NOT;
}

/* The middle of a line that differs by entry, in the order of journal.h. */
static struct js *entry_json(const struct journal_entry *entry, const char *operator,
                             const char * host, const unsigned char *digest,
                             const unsigned char *salt)
{
    struct js *js = js_object();
    char time[21];

    instant_print(clock_system(), time);
    js_set(js, "time", js_string(time));
    js_set(js, "operator", text_json(operator));
    js_set(js, "host", text_json(host));
    js_set(js, "op", js_string(names[entry->op]));
    js_set(js, "row", count_json(entry->row));
    js_set(js, "row_sm3", hex_json(digest, SM3_LEN));
    js_set(js, "salt", hex_json(salt, ISSUED_SALT));
    js_set(js, "identifier", text_json(entry->identifier));
    js_set(js, "version", count_json(entry->version));
    js_set(js, "path", text_json(entry->path));
    js_set(js, "before", hex_json(entry->before, SM3_LEN));
    js_set(js, "after", hex_json(entry->after, SM3_LEN));
    js_set(js, "seal", text_json(entry->seal));
    js_set(js, "cert", text_json(entry->cert));
    js_set(js, "reason", text_json(entry->reason));
    js_set(js, "rules", rules_json(entry->rules));
    return js;
}

enum rc journal_line_rest(const struct journal_entry *entry, const char *operator,
                          const char * host, struct buf *out, struct issued_entry *issued,
                          struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);
    CLEANUP(js_freep) struct js *js = NULL;
    unsigned char digest[SM3_LEN];

    *issued = (struct issued_entry){.state = state_of(entry->op)};
    if (entry->content) {
        TRY(random_bytes(issued->salt, sizeof(issued->salt), err));
        journal_salted(issued->salt, entry->content, digest);
        memcpy(issued->digest, digest, sizeof(issued->digest));
        issued->has_digest = true;
    }
    js = entry_json(entry, operator, host, entry->content ? digest : NULL,
                    entry->content ? issued->salt : NULL);
    TRY(js_print(js, false, &text, err));
    TRY(buf_puts(out, ",", err));
    TRY(buf_puts(out, text.data + 1, err));
    return buf_puts(out, "\n", err);
}

/* What follows key in the line from *at on, up to the next quote or comma; *at moves past it. */
static bool take_value(struct span line, size_t *at, const char *key, struct span *out)
{
    const unsigned char *found = memmem(line.data + *at, line.len - *at, key, strlen(key)),
                        *end = line.data + line.len, *p;

    if (!found)
        return false;
    found += strlen(key);
    for (p = found; p < end && *p != '"' && *p != ','; p++)
        continue;
    *out = (struct span){found, (size_t)(p - found)};
    *at = (size_t)(p - line.data);
    return true;
}

/* The first n bytes of a digest in hex. */
static bool take_hex(struct span text, unsigned char *out, size_t n)
{
    char copy[2 * SM3_LEN + 1] = "";

    if (text.len < 2 * n || text.len >= sizeof(copy))
        return false;
    memcpy(copy, text.data, 2 * n);
    return hex_decode(copy, n, out);
}

/*
 * By search instead of parsing: a year's journal has 100,000 lines, and a command that
 * issues one licence reads them all.  Quotes inside a JSON string are escaped, so
 * "identifier":" is found only where it is a key, and keys have a fixed order.
 */
void journal_line_index(struct span line, struct issued *issued)
{
    struct span op, digest, salt, identifier, version;
    struct issued_entry what = {.state = ISSUED_NOT};
    size_t at = 0;

    if (!take_value(line, &at, "\"op\":\"", &op))
        return;
    if (span_equals(op, span_of("done")) || span_equals(op, span_of("skip")))
        what.state = ISSUED_DONE;
    else if (span_equals(op, span_of("reserve")))
        what.state = ISSUED_RESERVED;
    else if (!span_equals(op, span_of("reject")))
        return;
    if (take_value(line, &at, "\"row_sm3\":\"", &digest) &&
        take_value(line, &at, "\"salt\":\"", &salt)) {
        if (!take_hex(digest, what.digest, sizeof(what.digest)) ||
            !take_hex(salt, what.salt, sizeof(what.salt)))
            return;
        what.has_digest = true;
    }
    if (!take_value(line, &at, "\"identifier\":\"", &identifier) ||
        !take_value(line, &at, "\"version\":", &version))
        return;
    issued_put(issued, (const char *)identifier.data, identifier.len,
               strtol((const char *)version.data, NULL, 10), &what);
}
