/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests/bench/run measures with:
 *
 *     meter floor N THREADS BYTES     seconds for N licences of nothing but cryptography: one SM2
 *                                     signature, one SM2 verification and SM3 over BYTES each
 *     meter verify N THREADS BYTES    the same for N licences judged: one SM2 verification and SM3
 *                                     over BYTES each
 *     meter time RUNS PROGRAM ARG …   median seconds of the whole process
 *     meter peak PROGRAM ARG …        the most memory it had at one time, in bytes
 */
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "core/base/mem.h"
#include "core/crypto/cert_issue.h"
#include "core/crypto/hash.h"
#include "core/crypto/signer.h"

extern char **environ;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const struct err *err)
{
    fprintf(stderr, "meter: %s\n", err->text);
    exit(1);
}

struct share {
    struct signer *signer;
    size_t n, bytes;
    bool only_verify;
};

static void *work(void *data)
{
    const struct share *share = data;
    unsigned char *package = mem_zero(1, share->bytes), digest[SM3_LEN];
    unsigned char message[300] = {1};
    struct span span = {message, sizeof(message)};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1000);
    struct err err = ERR_INIT;

    for (size_t i = 0; i < share->n; i++) {
        package[i % share->bytes]++;
        sm3((struct span){package, share->bytes}, digest);
        if (!share->only_verify || i == 0)
            buf_clear(&value);
        if ((!share->only_verify || i == 0) &&
            signer_sign(share->signer, "bench", span, &value, &err) != RC_OK)
            die(&err);
        if (cert_verify(signer_cert(share->signer), "1.2.156.10197.1.501", span, buf_span(&value),
                        NULL) != SIGCHECK_GOOD)
            exit(1);
    }
    free(package);
    return NULL;
}

static int measure_floor(size_t n, int threads, size_t bytes, bool only_verify)
{
    struct cert_request request = {CERT_PROFILE_ROOT, "bench", "bench", NULL, 0, 4000000000};
    struct key *key;
    struct cert *cert;
    struct err err = ERR_INIT;
    struct share share = {.n = n / (size_t)threads, .bytes = bytes, .only_verify = only_verify};
    pthread_t ids[64];
    double start;

    if (crypto_init(&err) != RC_OK || key_generate_sm2(&key, &err) != RC_OK ||
        cert_issue(&request, key, NULL, key, &cert, &err) != RC_OK ||
        signer_of_key(key, cert, &share.signer, &err) != RC_OK)
        die(&err);
    start = now();
    for (int i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, work, &share);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    printf("%.6f\n", now() - start);
    signer_free(share.signer);
    cert_free(cert);
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int measure_time(int runs, char **argv)
{
    double seconds[1000];
    int status;
    pid_t pid;

    for (int i = 0; i < runs; i++) {
        double start = now();

        if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
            waitpid(pid, &status, 0) != pid || status != 0) {
            fprintf(stderr, "meter: %s failed\n", argv[0]);
            return 1;
        }
        seconds[i] = now() - start;
    }
    qsort(seconds, (size_t)runs, sizeof(double), compare);
    printf("%.6f\n", seconds[runs / 2]);
    return 0;
}

static int measure_peak(char **argv)
{
    struct rusage usage;
    int status;
    pid_t pid;

    if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
        wait4(pid, &status, 0, &usage) != pid || status != 0) {
        fprintf(stderr, "meter: %s failed\n", argv[0]);
        return 1;
    }
    printf("%ld\n", usage.ru_maxrss * 1024);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && (strcmp(argv[1], "floor") == 0 || strcmp(argv[1], "verify") == 0)) {
        int threads = (int)strtol(argv[3], NULL, 10);

        if (threads >= 1 && threads <= 64)
            return measure_floor(strtoul(argv[2], NULL, 10), threads, strtoul(argv[4], NULL, 10),
                                 argv[1][0] == 'v');
    }
    if (argc > 3 && strcmp(argv[1], "time") == 0) {
        int runs = (int)strtol(argv[2], NULL, 10);

        if (runs >= 1 && runs <= 1000)
            return measure_time(runs, argv + 3);
    }
    if (argc > 2 && strcmp(argv[1], "peak") == 0)
        return measure_peak(argv + 2);
    fprintf(stderr, "usage: meter floor|verify N THREADS BYTES | meter time RUNS PROGRAM ... | "
                    "meter peak PROGRAM ...\n");
    return 2;
}
