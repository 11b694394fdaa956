/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/signer.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/pki.h"

static void signs_and_verifies(struct signer *signer, const struct cert *cert)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(100);
    struct sigform form;
    struct err err = ERR_INIT;

    CK_OK(signer_sign(signer, "test", span_of("message"), &value, &err), &err);
    ck_assert_int_eq(
        cert_verify(cert, "1.2.156.10197.1.501", span_of("message"), buf_span(&value), &form),
        SIGCHECK_GOOD);
    ck_assert(!form.raw && !form.not_minimal && !form.weak);
    ck_assert_int_eq(
        cert_verify(cert, "1.2.156.10197.1.501", span_of("massage"), buf_span(&value), NULL),
        SIGCHECK_WRONG);
    value.data[value.len - 1] ^= 1;
    ck_assert_int_eq(
        cert_verify(cert, "1.2.156.10197.1.501", span_of("message"), buf_span(&value), NULL),
        SIGCHECK_WRONG);
}

START_TEST(a_key_signs_what_its_certificate_verifies)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "人", "SM2", NULL);
    CLEANUP(signer_freep) struct signer *signer = NULL;
    struct err err = ERR_INIT;

    CK_OK(signer_of_key(MOVE(party.key), party.cert, &signer, &err), &err);
    ck_assert_ptr_eq(signer_cert(signer), party.cert);
    ck_assert(!signer_is_ses(signer));
    signs_and_verifies(signer, party.cert);
}
END_TEST

START_TEST(key_and_certificate_must_belong_together)
{
    CLEANUP(party_clear) struct party a = pki_party(CERT_PROFILE_SIGNER, "甲", "SM2", NULL);
    CLEANUP(party_clear) struct party b = pki_party(CERT_PROFILE_SIGNER, "乙", "SM2", NULL);
    CLEANUP(party_clear) struct party p256 = pki_party(CERT_PROFILE_SIGNER, "丙", "P-256", NULL);
    struct signer *signer = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(signer_of_key(MOVE(a.key), b.cert, &signer, &err), RC_KEY);
    ck_assert_ptr_nonnull(strstr(err.text, "乙"));
    ck_assert_int_eq(signer_of_key(MOVE(p256.key), p256.cert, &signer, &err), RC_KEY);
    ck_assert_ptr_null(signer);
}
END_TEST

static void *sign_much(void *argument)
{
    struct signer *signer = argument;
    struct err err = ERR_INIT;

    for (int i = 0; i < 20; i++) {
        CLEANUP(buf_clear) struct buf value = BUF_INIT(100);

        if (signer_sign(signer, "test", span_of("m"), &value, &err) != RC_OK ||
            cert_verify(signer_cert(signer), "", span_of("m"), buf_span(&value), NULL) !=
                SIGCHECK_GOOD)
            return signer;
    }
    return NULL;
}

START_TEST(several_threads_sign_with_one_signer)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "人", "SM2", NULL);
    CLEANUP(signer_freep) struct signer *signer = NULL;
    struct err err = ERR_INIT;
    pthread_t threads[4];

    CK_OK(signer_of_key(MOVE(party.key), party.cert, &signer, &err), &err);
    for (int i = 0; i < N_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, sign_much, signer), 0);
    for (int i = 0; i < N_OF(threads); i++) {
        void *failed;

        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
}
END_TEST

/*
 * A signing program: a shell script that drops the line of JSON and signs e with
 * `openssl pkeyutl`, as a vendor's program would with its device.
 */
struct program {
    char path[40], key[60], script[60], log[60];
    struct party party;
};

static void write_file(const char *path, const char *text, mode_t mode)
{
    struct err err = ERR_INIT;

    CK_OK(file_write(path, span_of(text), FILE_FORCE | FILE_NOSYNC, &err), &err);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static struct program program_new(const char *body)
{
    struct program program = {.path = "/tmp/ecert-signer-XXXXXX"};
    char text[600];
    struct err err = ERR_INIT;

    ck_assert_ptr_nonnull(mkdtemp(program.path));
    (void)snprintf(program.key, sizeof(program.key), "%s/key", program.path);
    (void)snprintf(program.script, sizeof(program.script), "%s/sign", program.path);
    (void)snprintf(program.log, sizeof(program.log), "%s/log", program.path);
    program.party = pki_party(CERT_PROFILE_SIGNER, "设备", "SM2", NULL);
    CK_OK(key_save(program.party.key, program.key, NULL, FILE_NOSYNC, &err), &err);
    (void)snprintf(text, sizeof(text), "#!/bin/sh\nkey=%s log=%s\n%s\n", program.key, program.log,
                   body);
    write_file(program.script, text, 0700);
    return program;
}

static void program_clear(struct program *program)
{
    (void)unlink(program->key);
    (void)unlink(program->script);
    (void)unlink(program->log);
    (void)rmdir(program->path);
    party_clear(&program->party);
}

#define SIGN "read -r line; echo \"$line $*\" >$log; openssl pkeyutl -sign -inkey $key"

START_TEST(a_program_signs_without_a_shell)
{
    CLEANUP(program_clear) struct program program = program_new(SIGN);
    CLEANUP(signer_freep) struct signer *signer = NULL;
    CLEANUP(buf_clear) struct buf log = BUF_INIT(1000);
    struct err err = ERR_INIT;
    char command[100];

    (void)snprintf(command, sizeof(command), " %s  --slot $HOME;1 ", program.script);
    CK_OK(signer_of_command(command, program.party.cert, &signer, &err), &err);
    signs_and_verifies(signer, program.party.cert);
    CK_OK(file_read(program.log, &log, &err), &err);
    ck_assert_ptr_nonnull(
        strstr(log.data, "{\"want\":\"value\",\"purpose\":\"test\",\"cert_sm3\":"));
    ck_assert_ptr_nonnull(strstr(log.data, "} --slot $HOME;1\n"));
}
END_TEST

static const struct {
    const char *body, *says;
} failures[] = {
    {"cat >/dev/null; exit 3", "ended with status 3"},
    {"kill -9 $$", "ended by signal 9"},
    {"cat >/dev/null; echo hello", "no SM2 value"},
    {"cat >/dev/null", "no SM2 value"},
    {"cat >/dev/null; printf '\\060\\006\\002\\001\\001\\002\\001\\001'", "no SM2 value"},
    {"read -r x; head -c 31 | openssl dgst -sm3 -binary | openssl pkeyutl -sign -inkey $key",
     "no SM2 value"}, /* a good value over something else */
    {"head -c 3000000 /dev/zero", "larger than the limit"},
};

START_TEST(a_program_that_fails_or_lies_is_not_believed)
{
    CLEANUP(program_clear) struct program program = program_new(failures[_i].body);
    CLEANUP(signer_freep) struct signer *signer = NULL;
    CLEANUP(buf_clear) struct buf value = BUF_INIT(100);
    struct err err = ERR_INIT;

    CK_OK(signer_of_command(program.script, program.party.cert, &signer, &err), &err);
    ck_assert_int_eq(signer_sign(signer, "test", span_of("m"), &value, &err), RC_KEY);
    ck_assert_msg(strstr(err.text, failures[_i].says), "%s", err.text);
    ck_assert_uint_eq(value.len, 0);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_a_fault_of_the_key)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "人", "SM2", NULL);
    CLEANUP(signer_freep) struct signer *signer = NULL;
    CLEANUP(buf_clear) struct buf value = BUF_INIT(100);
    struct err err = ERR_INIT;

    CK_OK(signer_of_command("/nonexistent/program", party.cert, &signer, &err), &err);
    ck_assert_int_eq(signer_sign(signer, "test", span_of("m"), &value, &err), RC_KEY);
    ck_assert_int_eq(signer_of_command("  ", party.cert, &signer, &err), RC_USAGE);
}
END_TEST

START_TEST(a_program_without_a_certificate_makes_whole_seal_signatures)
{
    CLEANUP(program_clear) struct program program = program_new("head -n 1; wc -c");
    CLEANUP(signer_freep) struct signer *signer = NULL;
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1000);
    const unsigned char digest[SM3_LEN] = "0123456789abcdef0123456789abcde";
    struct err err = ERR_INIT;

    CK_OK(signer_of_command(program.script, NULL, &signer, &err), &err);
    ck_assert(signer_is_ses(signer));
    ck_assert_ptr_null(signer_cert(signer));
    CK_OK(signer_ses(signer, digest, "/Doc_0/Signs/Sign_0/Signature.xml", &value, &err), &err);
    ck_assert_ptr_nonnull(
        strstr(value.data, "{\"want\":\"ses\",\"path\":\"/Doc_0/Signs/Sign_0/Signature.xml\""));
    ck_assert_int_eq(signer_sign(signer, "test", span_of("m"), &value, &err), RC_KEY);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_key_signs_what_its_certificate_verifies);
    tcase_add_test(tc, key_and_certificate_must_belong_together);
    tcase_add_test(tc, several_threads_sign_with_one_signer);
    tcase_add_test(tc, a_program_signs_without_a_shell);
    tcase_add_loop_test(tc, a_program_that_fails_or_lies_is_not_believed, 0, N_OF(failures));
    tcase_add_test(tc, a_program_that_is_not_there_is_a_fault_of_the_key);
    tcase_add_test(tc, a_program_without_a_certificate_makes_whole_seal_signatures);
}
