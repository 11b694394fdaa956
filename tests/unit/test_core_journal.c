/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/codec.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/model/journal.h"
#include "tests/unit/unit.h"

static char folder[] = "/tmp/ecert-journal-XXXXXX";
static const unsigned char one[32] = {1}, two[32] = {2};

static void enter(void)
{
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave(void)
{
    (void)unlink("j");
    ck_assert_int_eq(chdir("/"), 0);
    (void)rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

static struct journal *open_journal(void)
{
    struct journal *journal = NULL;
    struct err err = ERR_INIT;

    CK_OK(journal_open("j", "王五", &journal, &err), &err);
    return journal;
}

static void add(struct journal *journal, enum journal_op op, const char *identifier,
                const unsigned char *content)
{
    struct journal_entry entry = {
        .op = op, .identifier = identifier, .version = 1, .content = content};
    struct err err = ERR_INIT;

    CK_OK(journal_append(journal, &entry, &err), &err);
}

static void sync_journal(struct journal *journal)
{
    struct err err = ERR_INIT;

    CK_OK(journal_sync(journal, &err), &err);
}

static void put(const char *text, size_t n)
{
    struct err err = ERR_INIT;

    CK_OK(file_write("j", (struct span){(const unsigned char *)text, n}, FILE_FORCE, &err), &err);
}

/* The file's text; the caller frees. */
static char *get(void)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT((size_t)64 << 20);
    struct err err = ERR_INIT;

    CK_OK(file_read("j", &text, &err), &err);
    return buf_take(&text, NULL);
}

static void write_three(void)
{
    CLEANUP(journal_freep) struct journal *journal = open_journal();

    add(journal, JOURNAL_BEGIN, NULL, NULL);
    add(journal, JOURNAL_RESERVE, "1.2.A", one);
    add(journal, JOURNAL_DONE, "1.2.A", one);
    sync_journal(journal);
}

START_TEST(lines_hold_all_keys_in_order_and_the_digest_of_the_line_before)
{
    static const char *const rules[] = {"R1", NULL};
    CLEANUP(journal_freep) struct journal *journal = open_journal();
    struct journal_entry entry = {.op = JOURNAL_SEAL,
                                  .row = 12,
                                  .content = one,
                                  .identifier = "1.2.A",
                                  .version = 1,
                                  .path = "a\xff.ofd",
                                  .before = one,
                                  .after = two,
                                  .seal = "S",
                                  .cert = "0A",
                                  .reason = "代办",
                                  .rules = rules};
    CLEANUP(freep) char *text = NULL;
    char sum[2 * SM3_LEN + 1], want[100], *second;
    struct err err = ERR_INIT;
    struct stat st;

    CK_OK(journal_write(journal, &entry, &err), &err);
    CK_OK(journal_write(journal, &(struct journal_entry){.op = JOURNAL_SUMMARY}, &err), &err);
    text = get();
    ck_assert_int_eq(stat("j", &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    ck_assert_int_eq(strncmp(text, "{\"n\":1,\"prev\":\"0000", 19), 0);
    ck_assert_ptr_nonnull(strstr(text, "\"operator\":\"王五\",\"host\":\""));
    ck_assert_ptr_nonnull(strstr(text, "\",\"op\":\"seal\",\"row\":12,\"row_sm3\":\""));
    ck_assert_ptr_nonnull(strstr(text, "\",\"identifier\":\"1.2.A\",\"version\":1,"
                                       "\"path\":\"a\uFFFD.ofd\",\"before\":\"0100"));
    ck_assert_ptr_nonnull(strstr(text, "\"seal\":\"S\",\"cert\":\"0A\",\"reason\":\"代办\","
                                       "\"rules\":[\"R1\"]}\n"));
    second = strchr(text, '\n');
    sm3_hex((struct span){(unsigned char *)text, (size_t)(second - text)}, sum);
    (void)snprintf(want, sizeof(want), "\n{\"n\":2,\"prev\":\"%s\",\"time\":\"2", sum);
    ck_assert_int_eq(strncmp(second, want, strlen(want)), 0);
    ck_assert_ptr_nonnull(strstr(second, "\"op\":\"summary\",\"row\":null,\"row_sm3\":null,"
                                         "\"salt\":null,\"identifier\":null,\"version\":null,"
                                         "\"path\":null,\"before\":null,\"after\":null,"
                                         "\"seal\":null,\"cert\":null,\"reason\":null,"
                                         "\"rules\":[]}\n"));
}
END_TEST

START_TEST(content_is_written_salted_so_that_it_cannot_be_guessed)
{
    CLEANUP(freep) char *text = NULL;
    char hex[2 * SM3_LEN + 1], *first, *second;

    write_three();
    text = get();
    hex_encode(one, SM3_LEN, hex);
    ck_assert_ptr_null(strstr(text, hex));
    first = strstr(text, "\"row_sm3\":\"");
    second = first ? strstr(first + 1, "\"row_sm3\":\"") : NULL;
    ck_assert(first && second && strncmp(first, second, 11 + 64) != 0);
}
END_TEST

START_TEST(what_was_issued_is_known_to_the_same_run_and_to_the_next)
{
    for (int round = 0; round < 2; round++) {
        CLEANUP(journal_freep) struct journal *journal = open_journal();

        if (round == 0) {
            ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, one), JOURNAL_NEW);
            add(journal, JOURNAL_RESERVE, "1.2.A", one);
            ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, one), JOURNAL_RESERVED_SAME);
            ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, two), JOURNAL_RESERVED_OTHER);
            add(journal, JOURNAL_DONE, "1.2.A", NULL);
            add(journal, JOURNAL_RESERVE, "1.2.B", one);
            add(journal, JOURNAL_RESERVE, "1.2.C", one);
            add(journal, JOURNAL_REJECT, "1.2.C", NULL);
            add(journal, JOURNAL_SEAL, "1.2.D", one);
            add(journal, JOURNAL_DONE, "1.2.A", two);
            sync_journal(journal);
        }
        ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, one), JOURNAL_ISSUED_SAME);
        ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, two), JOURNAL_ISSUED_OTHER);
        ck_assert_int_eq(journal_ask(journal, "1.2.A", 2, two), JOURNAL_NEW);
        ck_assert_int_eq(journal_ask(journal, "1.2.B", 1, one), JOURNAL_RESERVED_SAME);
        ck_assert_int_eq(journal_ask(journal, "1.2.C", 1, one), JOURNAL_NEW);
        ck_assert_int_eq(journal_ask(journal, "1.2.D", 1, one), JOURNAL_NEW);
    }
}
END_TEST

START_TEST(a_thousand_identifiers_are_all_found_again)
{
    char identifier[20];

    for (int round = 0; round < 2; round++) {
        CLEANUP(journal_freep) struct journal *journal = open_journal();

        for (int i = 0; i < 1000; i++) {
            (void)snprintf(identifier, sizeof(identifier), "1.2.%d", i);
            if (round == 0)
                add(journal, JOURNAL_DONE, identifier, i % 2 ? one : two);
            ck_assert_int_eq(journal_ask(journal, identifier, 1, one),
                             i % 2 ? JOURNAL_ISSUED_SAME : JOURNAL_ISSUED_OTHER);
        }
        sync_journal(journal);
    }
}
END_TEST

static enum rc count_line(long line, const struct js *entry, void *context, struct err *err)
{
    ck_assert_ptr_nonnull(js_get_text(entry, "op"));
    ck_assert_int_ge(line, 1);
    (void)err;
    ++*(int *)context;
    return RC_OK;
}

START_TEST(a_journal_that_nobody_touched_is_whole)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;
    int n = 0;

    write_three();
    write_three();
    CK_OK(journal_read("j", count_line, &n, &findings, &err), &err);
    ck_assert_int_eq(n, 6);
    ck_assert_uint_eq(findings.n, 0);
    ck_assert_int_eq(journal_read("missing", NULL, NULL, &findings, &err), RC_SYSTEM);
}
END_TEST

static void change_byte(char *text)
{
    *strstr(text, "1.2.A") = '2';
}

static void drop_first(char *text)
{
    char *second = strchr(text, '\n') + 1;

    memmove(text, second, strlen(second) + 1);
}

static void drop_middle(char *text)
{
    char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;

    memmove(second, third, strlen(third) + 1);
}

static void garble_middle(char *text)
{
    strchr(text, '\n')[1] = 'x';
}

static void repeat_last(char *text)
{
    char *third = strchr(strchr(text, '\n') + 1, '\n') + 1, *copy = strdup(third);

    memcpy(text + strlen(text), copy, strlen(copy) + 1);
    free(copy);
}

static void cut_last(char *text)
{
    text[strlen(text) - 5] = '\0';
}

static const struct {
    void (*change)(char *text);
    enum rc rc;
    const char *code;
    long line;
    int n;
} changes[] = {
    {change_byte, RC_NO, "JNL002", 3, 1}, {drop_first, RC_NO, "JNL002", 1, 1},
    {drop_middle, RC_NO, "JNL002", 2, 1}, {garble_middle, RC_NO, "JNL001", 2, 2},
    {repeat_last, RC_NO, "JNL002", 4, 1}, {cut_last, RC_OK, "JNL003", 3, 1},
};

START_TEST(a_change_is_found_with_its_line)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    CLEANUP(freep) char *text = NULL;
    struct err err = ERR_INIT;

    write_three();
    text = get();
    text = realloc(text, 2 * strlen(text) + 1);
    changes[_i].change(text);
    put(text, strlen(text));
    ck_assert_int_eq(journal_read("j", NULL, NULL, &findings, &err), changes[_i].rc);
    ck_assert_int_eq((int)findings.n, changes[_i].n);
    ck_assert_str_eq(findings.list[0].type->code, changes[_i].code);
    ck_assert_int_eq(findings.list[0].where.line, changes[_i].line);
}
END_TEST

START_TEST(a_torn_last_line_is_cut_wherever_it_was_torn)
{
    CLEANUP(freep) char *text = NULL;
    char *third;
    size_t whole;

    write_three();
    text = get();
    whole = strlen(text);
    third = strchr(strchr(text, '\n') + 1, '\n') + 1;
    for (size_t n = (size_t)(third - text) + 1; n < whole; n += 37) {
        CLEANUP(findings_clear) struct findings findings = {.n = 0};
        struct journal *journal;
        struct err err = ERR_INIT;

        put(text, n);
        journal = open_journal();
        ck_assert_int_eq(journal_torn_line(journal), 3);
        ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, one), JOURNAL_RESERVED_SAME);
        add(journal, JOURNAL_DONE, "1.2.A", one);
        sync_journal(journal);
        journal_free(journal);
        CK_OK(journal_read("j", NULL, NULL, &findings, &err), &err);
        ck_assert_uint_eq(findings.n, 0);
    }
}
END_TEST

START_TEST(a_hole_that_a_crash_left_is_cut_like_a_torn_line)
{
    static const char hole[4096];
    struct journal *journal;

    put(hole, sizeof(hole));
    journal = open_journal();
    ck_assert_int_eq(journal_torn_line(journal), 1);
    journal_free(journal);
}
END_TEST

static const char *const strangers[] = {
    "{\"名称\":\"甲\"}",
    "{\"名称\":\"甲\"}\n",
    "hello",
    "hello\nworld\n",
    "\n",
    "{\"n\":2,\"prev\":\"00",
    "{\"n\":0,\"prev\":\"\",\"op\":\"done\"}\n",
    "\xff\xff\n",
};

START_TEST(a_file_that_is_no_journal_is_refused_and_left_alone)
{
    struct journal *journal = NULL;
    CLEANUP(freep) char *text = NULL;
    struct err err = ERR_INIT;

    put(strangers[_i], strlen(strangers[_i]));
    ck_assert_int_eq(journal_open("j", NULL, &journal, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "JNL001");
    text = get();
    ck_assert_str_eq(text, strangers[_i]);
}
END_TEST

START_TEST(a_folder_a_pipe_and_a_missing_folder_are_no_journal)
{
    struct journal *journal = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(journal_open("/nonexistent/j", NULL, &journal, &err), RC_SYSTEM);
    ck_assert_int_eq(journal_open("/tmp", NULL, &journal, &err), RC_SYSTEM);
    ck_assert_int_eq(mkfifo("j", 0600), 0);
    ck_assert_int_eq(journal_open("j", NULL, &journal, &err), RC_USAGE);
}
END_TEST

START_TEST(two_runs_share_a_journal_and_see_each_others_lines)
{
    CLEANUP(journal_freep) struct journal *a = open_journal();
    CLEANUP(journal_freep) struct journal *b = open_journal();
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;
    int n = 0;

    add(a, JOURNAL_RESERVE, "1.2.A", one);
    sync_journal(a);
    add(b, JOURNAL_RESERVE, "1.2.A", one); /* the same content: both make the same licence */
    sync_journal(b);
    add(b, JOURNAL_RESERVE, "1.2.A", two);
    add(a, JOURNAL_DONE, "1.2.A", one);
    sync_journal(a);
    ck_assert_int_eq(journal_sync(b, &err), RC_REFUSED);
    add(b, JOURNAL_DONE, "1.2.B", two);
    sync_journal(b);
    CK_OK(journal_read("j", count_line, &n, &findings, &err), &err);
    ck_assert_int_eq(n, 4);
}
END_TEST

START_TEST(a_journal_that_somebody_cut_meanwhile_is_not_written_to)
{
    CLEANUP(journal_freep) struct journal *journal = NULL;
    struct err err = ERR_INIT;

    write_three();
    journal = open_journal();
    ck_assert_int_eq(truncate("j", 10), 0);
    add(journal, JOURNAL_DONE, "1.2.B", one);
    ck_assert_int_eq(journal_sync(journal, &err), RC_INPUT);
}
END_TEST

START_TEST(a_full_disk_leaves_the_journal_whole)
{
    CLEANUP(journal_freep) struct journal *journal = NULL;
    CLEANUP(freep) char *before = NULL;
    CLEANUP(freep) char *after = NULL;
    struct err err = ERR_INIT;

    write_three();
    before = get();
    journal = open_journal();
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){strlen(before) + 300, strlen(before) + 300}), 0);
    add(journal, JOURNAL_DONE, "1.2.B", one);
    add(journal, JOURNAL_DONE, "1.2.C", one);
    ck_assert_int_eq(journal_sync(journal, &err), RC_SYSTEM);
    after = get();
    ck_assert_str_eq(after, before);
}
END_TEST

START_TEST(an_identifier_that_would_break_the_line_is_refused)
{
    static const char *const bad[] = {"a\"b", "a,b", "a\\b", "a b", "甲"};
    CLEANUP(journal_freep) struct journal *journal = open_journal();
    struct err err = ERR_INIT;

    for (int i = 0; i < N_OF(bad); i++) {
        struct journal_entry entry = {.op = JOURNAL_DONE, .identifier = bad[i], .version = 1};

        ck_assert_int_eq(journal_append(journal, &entry, &err), RC_INPUT);
    }
}
END_TEST

START_TEST(text_that_looks_like_keys_does_not_deceive_the_index)
{
    struct journal_entry entry = {
        .op = JOURNAL_DONE,
        .content = one,
        .identifier = "1.2.A",
        .version = 1,
        .reason = "\",\"op\":\"done\",\"identifier\":\"1.2.Z\",\"version\":1,\""};
    struct journal *journal = NULL;
    struct err err = ERR_INIT;

    CK_OK(journal_open("j", "\"op\":\"reject\"", &journal, &err), &err);
    CK_OK(journal_write(journal, &entry, &err), &err);
    journal_free(journal);
    journal = open_journal();
    ck_assert_int_eq(journal_ask(journal, "1.2.A", 1, one), JOURNAL_ISSUED_SAME);
    ck_assert_int_eq(journal_ask(journal, "1.2.Z", 1, one), JOURNAL_NEW);
    journal_free(journal);
}
END_TEST

static void *add_many(void *journal)
{
    char identifier[40];

    for (int i = 0; i < 100; i++) {
        (void)snprintf(identifier, sizeof(identifier), "1.%lx.%d", (unsigned long)pthread_self(),
                       i);
        add(journal, JOURNAL_DONE, identifier, one);
        ck_assert_int_eq(journal_ask(journal, identifier, 1, one), JOURNAL_ISSUED_SAME);
        if (i % 10 == 9)
            sync_journal(journal);
    }
    return NULL;
}

/* Two processes of four threads each. */
START_TEST(threads_and_processes_write_one_chain)
{
    CLEANUP(findings_clear) struct findings findings = {.n = 0};
    struct err err = ERR_INIT;
    int n = 0, status = 0;
    pid_t child = fork();
    CLEANUP(journal_freep) struct journal *journal = open_journal();
    pthread_t threads[4];

    for (int i = 0; i < N_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, add_many, journal), 0);
    for (int i = 0; i < N_OF(threads); i++)
        (void)pthread_join(threads[i], NULL);
    if (child == 0)
        _exit(0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    CK_OK(journal_read("j", count_line, &n, &findings, &err), &err);
    ck_assert_int_eq(n, 800);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, enter, leave);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines_hold_all_keys_in_order_and_the_digest_of_the_line_before);
    tcase_add_test(tc, content_is_written_salted_so_that_it_cannot_be_guessed);
    tcase_add_test(tc, what_was_issued_is_known_to_the_same_run_and_to_the_next);
    tcase_add_test(tc, a_thousand_identifiers_are_all_found_again);
    tcase_add_test(tc, a_journal_that_nobody_touched_is_whole);
    tcase_add_loop_test(tc, a_change_is_found_with_its_line, 0, N_OF(changes));
    tcase_add_test(tc, a_torn_last_line_is_cut_wherever_it_was_torn);
    tcase_add_test(tc, a_hole_that_a_crash_left_is_cut_like_a_torn_line);
    tcase_add_loop_test(tc, a_file_that_is_no_journal_is_refused_and_left_alone, 0,
                        N_OF(strangers));
    tcase_add_test(tc, a_folder_a_pipe_and_a_missing_folder_are_no_journal);
    tcase_add_test(tc, two_runs_share_a_journal_and_see_each_others_lines);
    tcase_add_test(tc, a_journal_that_somebody_cut_meanwhile_is_not_written_to);
    tcase_add_test(tc, a_full_disk_leaves_the_journal_whole);
    tcase_add_test(tc, an_identifier_that_would_break_the_line_is_refused);
    tcase_add_test(tc, text_that_looks_like_keys_does_not_deceive_the_index);
    tcase_add_test(tc, threads_and_processes_write_one_chain);
}
