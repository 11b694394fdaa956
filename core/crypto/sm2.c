/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/sm2.h"

#include <openssl/core_names.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/crypto/der.h"

/* GB/T 32918.5: a, b, Gx, Gy of the recommended curve, as ZA takes them. */
static const unsigned char curve[128] = {
    0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC,
    0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F, 0x5E, 0x34, 0x4D, 0x5A, 0x9E, 0x4B, 0xCF, 0x65, 0x09, 0xA7,
    0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB, 0x8F, 0x92, 0xDD, 0xBC, 0xBD, 0x41, 0x4D, 0x94, 0x0E, 0x93,
    0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04, 0x46, 0x6A, 0x39, 0xC9, 0x94,
    0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A, 0x45, 0x89, 0x33, 0x4C, 0x74, 0xC7,
    0xBC, 0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59, 0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53,
    0xD0, 0xA9, 0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40, 0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0,
};

bool sm2_za_as(EVP_PKEY *key, unsigned entl, struct span name, unsigned char za[SM3_LEN])
{
    const unsigned char length[] = {(unsigned char)(entl >> 8), (unsigned char)entl};
    CLEANUP(BN_freep) BIGNUM *x = NULL;
    CLEANUP(BN_freep) BIGNUM *y = NULL;
    unsigned char point[64];

    if (!key || !EVP_PKEY_is_a(key, "SM2") ||
        !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) ||
        !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) ||
        BN_bn2binpad(x, point, 32) != 32 || BN_bn2binpad(y, point + 32, 32) != 32)
        return false;
    sm3_parts(
        (const struct span[]){
            {length, sizeof(length)}, name, {curve, sizeof(curve)}, {point, sizeof(point)}},
        4, za);
    return true;
}

bool sm2_za(EVP_PKEY *key, unsigned char za[SM3_LEN])
{
    return sm2_za_as(key, 8 * (sizeof(SM2_ID) - 1), span_of(SM2_ID), za); /* ENTL is in bits */
}

void sm2_e(const unsigned char za[SM3_LEN], struct span message, unsigned char e[SM3_LEN])
{
    sm3_resumed((struct span){za, SM3_LEN}, message, e);
}

/* An INTEGER as 32 bytes; leading zeros that DER does not want, and missing ones, are a deviation.
 */
static bool read_number(struct span *rest, unsigned char out[32], bool *deviates)
{
    struct err err = ERR_INIT;
    struct der number;
    struct span body;

    if (der_expect(rest, DER_INTEGER, "r or s", &number, &err) != RC_OK || number.constructed ||
        number.body.len == 0)
        return false;
    body = number.body;
    *deviates |= !number.is_der || body.data[0] & 0x80;
    if (body.len > 1 && body.data[0] == 0) {
        *deviates |= !(body.data[1] & 0x80);
        for (; body.len > 1 && body.data[0] == 0; body.data++)
            body.len--;
    }
    if (body.len > 32)
        return false;
    memset(out, 0, 32);
    memcpy(out + 32 - body.len, body.data, body.len);
    return true;
}

static bool read_der(struct span value, unsigned char rs[SM2_RS_LEN], bool *deviates)
{
    struct err err = ERR_INIT;
    struct der sequence;
    struct span inner;

    if (der_expect(&value, DER_SEQUENCE, "SM2 value", &sequence, &err) != RC_OK ||
        !sequence.constructed)
        return false;
    *deviates = value.len != 0 || !sequence.is_der;
    inner = sequence.body;
    return read_number(&inner, rs, deviates) && read_number(&inner, rs + 32, deviates) &&
           inner.len == 0;
}

bool sm2_value_read(struct span value, unsigned char rs[SM2_RS_LEN], struct sigform *form)
{
    bool deviates = false, raw = false;

    if (!read_der(value, rs, &deviates)) {
        if (value.len != SM2_RS_LEN)
            return false;
        memcpy(rs, value.data, SM2_RS_LEN);
        deviates = false;
        raw = true;
    }
    if (form)
        *form = (struct sigform){.raw = raw, .not_minimal = deviates};
    return true;
}

static size_t put_number(const unsigned char number[32], unsigned char *out)
{
    size_t skip = 0, pad;

    while (skip < 31 && number[skip] == 0)
        skip++;
    pad = number[skip] >> 7;
    out[0] = DER_INTEGER;
    out[1] = (unsigned char)(32 - skip + pad);
    out[2] = 0;
    memcpy(out + 2 + pad, number + skip, 32 - skip);
    return 2 + pad + 32 - skip;
}

size_t sm2_value_der(const unsigned char rs[SM2_RS_LEN], unsigned char out[SM2_DER_MAX])
{
    size_t len = put_number(rs, out + 2);

    len += put_number(rs + 32, out + 2 + len);
    out[0] = 0x30;
    out[1] = (unsigned char)len;
    return 2 + len;
}

/* The contexts of a thread; the least recently made one gives way. */
enum { N_SLOTS = 16 };
struct slots {
    struct slot {
        uint64_t number;
        bool signs;
        EVP_PKEY_CTX *ctx;
    } list[N_SLOTS];
    unsigned next;
};
static pthread_key_t slots_key;
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static void slots_free(void *pointer)
{
    struct slots *slots = pointer;

    for (int i = 0; i < N_SLOTS; i++)
        EVP_PKEY_CTX_free(slots->list[i].ctx);
    free(slots);
}

static void slots_make_key(void)
{
    if (pthread_key_create(&slots_key, slots_free) != 0)
        abort();
}

static struct slots *slots_of_thread(void)
{
    struct slots *slots;

    (void)pthread_once(&slots_once, slots_make_key);
    slots = pthread_getspecific(slots_key);
    if (!slots) {
        slots = mem_zero(1, sizeof(*slots));
        (void)pthread_setspecific(slots_key, slots);
    }
    return slots;
}

uint64_t sm2_number(void)
{
    static atomic_uint_fast64_t last;

    return atomic_fetch_add(&last, 1) + 1;
}

void sm2_forget(uint64_t number)
{
    struct slots *slots;

    (void)pthread_once(&slots_once, slots_make_key);
    slots = pthread_getspecific(slots_key);
    for (int i = 0; slots && i < N_SLOTS; i++) {
        if (slots->list[i].number == number) {
            EVP_PKEY_CTX_free(slots->list[i].ctx);
            slots->list[i] = (struct slot){.number = 0};
        }
    }
}

/* NULL when libcrypto refuses the key. */
static EVP_PKEY_CTX *context(EVP_PKEY *key, uint64_t number, bool signs)
{
    struct slots *slots = slots_of_thread();
    struct slot *slot;
    EVP_PKEY_CTX *ctx;

    for (int i = 0; i < N_SLOTS; i++) {
        if (slots->list[i].number == number && slots->list[i].signs == signs)
            return slots->list[i].ctx;
    }
    ctx = EVP_PKEY_CTX_new(key, NULL);
    if (!ctx || (signs ? EVP_PKEY_sign_init(ctx) : EVP_PKEY_verify_init(ctx)) != 1) {
        EVP_PKEY_CTX_free(ctx);
        return NULL;
    }
    slot = &slots->list[slots->next++ % N_SLOTS];
    EVP_PKEY_CTX_free(slot->ctx);
    *slot = (struct slot){.number = number, .signs = signs, .ctx = ctx};
    return ctx;
}

bool sm2_sign_e(EVP_PKEY *key, uint64_t number, const unsigned char e[SM3_LEN],
                unsigned char out[SM2_DER_MAX], size_t *len)
{
    EVP_PKEY_CTX *ctx = context(key, number, true);

    *len = SM2_DER_MAX; /* libcrypto refuses less, even where the value would fit */
    return ctx && EVP_PKEY_sign(ctx, out, len, e, SM3_LEN) == 1;
}

enum sigcheck sm2_verify_e(EVP_PKEY *key, uint64_t number, const unsigned char e[SM3_LEN],
                           const unsigned char rs[SM2_RS_LEN])
{
    EVP_PKEY_CTX *ctx = context(key, number, false);
    unsigned char der[SM2_DER_MAX];
    size_t len = sm2_value_der(rs, der);
    int answer;

    if (!ctx)
        return SIGCHECK_UNSUPPORTED;
    answer = EVP_PKEY_verify(ctx, der, len, e, SM3_LEN);
    if (answer != 1)
        ERR_clear_error();
    return answer == 1 ? SIGCHECK_GOOD : SIGCHECK_WRONG;
}
