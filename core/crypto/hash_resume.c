/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What seals sign begins with the seal, picture and all, and ends with a few hundred
 * bytes that differ.  A thread keeps the state of SM3 before that end, together with
 * the bytes that led to it, and goes on from there when the next message begins with
 * exactly these bytes.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "core/crypto/ossl.h"

enum {
    WORTH_IT = 2048,  /* shorter ones are digested at once */
    MOST = 64 * 1024, /* longer ones too: nobody keeps so much */
    END = 512,        /* of a message, taken to differ */
};

struct memory {
    EVP_MD_CTX *after; /* the state after these bytes */
    EVP_MD_CTX *work;
    unsigned char bytes[MOST];
    size_t len; /* 0: nothing is known */
};
static pthread_key_t memory_key;
static pthread_once_t memory_once = PTHREAD_ONCE_INIT;

static void memory_free(void *pointer)
{
    struct memory *memory = pointer;

    EVP_MD_CTX_free(memory->after);
    EVP_MD_CTX_free(memory->work);
    free(memory);
}

static void make_key(void)
{
    if (pthread_key_create(&memory_key, memory_free) != 0)
        abort();
}

static struct memory *memory_of_thread(void)
{
    struct memory *memory;

    (void)pthread_once(&memory_once, make_key);
    memory = pthread_getspecific(memory_key);
    if (!memory) {
        memory = mem_resize(NULL, sizeof(*memory));
        memory->after = EVP_MD_CTX_new();
        memory->work = EVP_MD_CTX_new();
        assert(memory->after && memory->work);
        memory->len = 0;
        (void)pthread_setspecific(memory_key, memory);
    }
    return memory;
}

/* Head and message begin with the bytes that are known. */
static bool is_known(const struct memory *memory, struct span head, struct span message)
{
    return memory->len >= head.len && memory->len - head.len <= message.len &&
           memcmp(memory->bytes, head.data, head.len) == 0 &&
           memcmp(memory->bytes + head.len, message.data, memory->len - head.len) == 0;
}

static bool learn(struct memory *memory, struct span head, struct span message)
{
    size_t n = message.len - END;

    memory->len = 0;
    if (!EVP_DigestInit_ex2(memory->after, sm3_method(), NULL) ||
        !EVP_DigestUpdate(memory->after, head.data, head.len) ||
        !EVP_DigestUpdate(memory->after, message.data, n))
        return false;
    memcpy(memory->bytes, head.data, head.len);
    memcpy(memory->bytes + head.len, message.data, n);
    memory->len = head.len + n;
    return true;
}

void sm3_resumed(struct span head, struct span message, unsigned char out[SM3_LEN])
{
    struct memory *memory;
    size_t done;
    bool ok;

    if (message.len < WORTH_IT || head.len == 0 || head.len + message.len > MOST) {
        sm3_parts((const struct span[]){head, message}, 2, out);
        return;
    }
    memory = memory_of_thread();
    ok = (memory->len && is_known(memory, head, message)) || learn(memory, head, message);
    done = memory->len - head.len;
    ok = ok && EVP_MD_CTX_copy_ex(memory->work, memory->after) &&
         EVP_DigestUpdate(memory->work, message.data + done, message.len - done) &&
         EVP_DigestFinal_ex(memory->work, out, NULL);
    assert(ok);
    (void)ok;
}
