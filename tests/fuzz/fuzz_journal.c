/* SPDX-License-Identifier: Apache-2.0 */
/* Journals: a whole one stays whole when it is written to, and what is no journal is left alone. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/model/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc check(const char *path)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;

    return journal_read(path, NULL, NULL, &findings, &err);
}

static void write_to(const char *path, const uint8_t *data, size_t size)
{
    static const unsigned char content[SM3_LEN] = {1};
    CLEANUP(journal_freep) struct journal *journal = NULL;
    CLEANUP(buf_clear) struct buf text = BUF_INIT((size_t)1 << 24);
    struct journal_entry entry = {
        .op = JOURNAL_DONE, .identifier = "1.2.A", .version = 1, .content = content};
    struct err err = ERR_INIT;
    enum rc before = check(path);

    if (journal_open(path, NULL, &journal, &err) != RC_OK) {
        assert(file_read(path, &text, &err) == RC_OK);
        assert(span_equals(buf_span(&text), (struct span){data, size}));
        return;
    }
    (void)journal_ask(journal, "1.2.A", 1, content);
    assert(journal_write(journal, &entry, &err) == RC_OK);
    assert(check(path) == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct err err = ERR_INIT;
    int fd = memfd_create("journal", MFD_CLOEXEC);
    char path[40];

    assert(crypto_init(&err) == RC_OK && fd >= 0);
    assert(write(fd, data, size) == (ssize_t)size);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    write_to(path, data, size);
    (void)close(fd);
    return 0;
}
