/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/mem.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/rc.h"

enum {
    HELD = 16 << 20,  /* bytes at the end of a heap */
    MAPPED = 4 << 20, /* a larger block has pages of its own, which are given back at once */
};

void mem_hold(void)
{
    (void)mallopt(M_TRIM_THRESHOLD, HELD);
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED);
}

static void *or_die(void *p)
{
    static const char msg[] = "ecert: out of memory\n";

    if (!p) {
        (void)!write(STDERR_FILENO, msg, sizeof(msg) - 1);
        _exit(RC_SYSTEM);
    }
    return p;
}

void *mem_resize(void *old, size_t n)
{
    return or_die(realloc(old, n ? n : 1));
}

void *mem_zero(size_t count, size_t size)
{
    return or_die(calloc(count ? count : 1, size ? size : 1));
}

void *mem_copy(const void *bytes, size_t n)
{
    void *copy = mem_resize(NULL, n);

    if (n)
        memcpy(copy, bytes, n);
    return copy;
}

char *mem_copy_text(const char *text, size_t n)
{
    char *copy = mem_resize(NULL, n + 1);

    if (n)
        memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *mem_text(const char *text)
{
    return text ? mem_copy_text(text, strlen(text)) : NULL;
}
