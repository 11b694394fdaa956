/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libdeflate's engines hold hundreds of kilobytes, and to set one up costs more than
 * to pack a small member: each thread makes its own once.
 */
#include <pthread.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "formats/zipfile/zipfile_priv.h"

struct engines {
    struct libdeflate_compressor *compressors[PACK_SMALL + 1]; /* by level */
    struct libdeflate_decompressor *decompressor;
};
static pthread_key_t engines_key;
static pthread_once_t engines_once = PTHREAD_ONCE_INIT;

static void engines_free(void *pointer)
{
    struct engines *engines = pointer;

    for (int i = 0; i <= PACK_SMALL; i++)
        libdeflate_free_compressor(engines->compressors[i]);
    libdeflate_free_decompressor(engines->decompressor);
    free(engines);
}

static void make_key(void)
{
    if (pthread_key_create(&engines_key, engines_free) != 0)
        abort();
}

static struct engines *engines_of_thread(void)
{
    struct engines *engines;

    (void)pthread_once(&engines_once, make_key);
    engines = pthread_getspecific(engines_key);
    if (!engines) {
        engines = mem_zero(1, sizeof(*engines));
        (void)pthread_setspecific(engines_key, engines);
    }
    return engines;
}

struct libdeflate_compressor *zip_compressor(enum pack_level level)
{
    struct libdeflate_compressor **engine = &engines_of_thread()->compressors[level];

    if (!*engine)
        *engine = libdeflate_alloc_compressor((int)level);
    return *engine;
}

struct libdeflate_decompressor *zip_decompressor(void)
{
    struct libdeflate_decompressor **engine = &engines_of_thread()->decompressor;

    if (!*engine)
        *engine = libdeflate_alloc_decompressor();
    return *engine;
}
