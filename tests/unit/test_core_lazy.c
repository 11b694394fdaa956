/* SPDX-License-Identifier: Apache-2.0 */
/* Files of which only what is needed is read. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/lazy.h"
#include "core/base/mem.h"
#include "tests/unit/unit.h"

#define LARGE_FILE ((size_t)6 << 20)
#define MAX ((size_t)64 << 20)

static char path[] = "/tmp/ecert-lazy-XXXXXX";
static unsigned char *bytes;

static void make_file(size_t n)
{
    int fd;

    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    bytes = malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 65536);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    (void)close(fd);
}

static void remove_file(void)
{
    (void)unlink(path);
    free(bytes);
}

static struct span range(const struct lazy *lazy, size_t at, size_t n)
{
    return (struct span){.data = lazy_span(lazy).data + at, .len = n};
}

START_TEST(a_file_of_ordinary_size_is_read_whole)
{
    static const size_t sizes[] = {0, 1, 70000, (size_t)4 << 20};
    struct lazy lazy = LAZY_INIT;
    struct err err = ERR_INIT;

    make_file(sizes[_i]);
    CK_OK(lazy_open(&lazy, path, MAX, &err), &err);
    ck_assert_uint_eq(lazy_span(&lazy).len, sizes[_i]);
    ck_assert_int_eq(memcmp(lazy_span(&lazy).data, bytes, sizes[_i]), 0);
    CK_OK(lazy_check(&lazy, &err), &err);
    /* and the struct serves for the next one */
    CK_OK(lazy_open(&lazy, path, MAX, &err), &err);
    ck_assert_uint_eq(lazy_span(&lazy).len, sizes[_i]);
    lazy_clear(&lazy);
    remove_file();
}
END_TEST

START_TEST(of_a_large_file_what_is_needed_is_there_and_can_be_had_again)
{
    struct lazy lazy = LAZY_INIT;
    struct err err = ERR_INIT;
    const size_t at[] = {0, 65535, 65536, 100000, LARGE_FILE - 1};

    make_file(LARGE_FILE);
    CK_OK(lazy_open(&lazy, path, MAX, &err), &err);
    ck_assert_uint_eq(lazy_span(&lazy).len, LARGE_FILE);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < N_OF(at); i++) {
            size_t n = LARGE_FILE - at[i] < 200000 ? LARGE_FILE - at[i] : 200000;

            CK_OK(lazy_need(&lazy, range(&lazy, at[i], n), &err), &err);
            ck_assert_int_eq(memcmp(lazy_span(&lazy).data + at[i], bytes + at[i], n), 0);
        }
        lazy_forget(&lazy, range(&lazy, 0, LARGE_FILE));
    }
    CK_OK(lazy_check(&lazy, &err), &err);
    lazy_clear(&lazy);
    remove_file();
}
END_TEST

static enum rc collect(void *context, struct span piece, struct err *err)
{
    return buf_add(context, piece.data, piece.len, err);
}

START_TEST(all_pieces_in_order_are_the_file)
{
    CLEANUP(buf_clear) struct buf all = BUF_INIT(MAX);
    struct lazy lazy = LAZY_INIT;
    struct err err = ERR_INIT;
    size_t n = _i ? LARGE_FILE + 5 : 1000;

    make_file(n);
    CK_OK(lazy_open(&lazy, path, MAX, &err), &err);
    CK_OK(lazy_each(&lazy, collect, &all, &err), &err);
    ck_assert_uint_eq(all.len, n);
    ck_assert_int_eq(memcmp(all.data, bytes, n), 0);
    lazy_clear(&lazy);
    remove_file();
}
END_TEST

/* Under mmap() this would be the end of the process. */
START_TEST(a_file_that_is_cut_meanwhile_is_an_error_and_no_crash)
{
    struct lazy lazy = LAZY_INIT;
    struct err err = ERR_INIT;

    make_file(LARGE_FILE);
    CK_OK(lazy_open(&lazy, path, MAX, &err), &err);
    ck_assert_int_eq(truncate(path, 100000), 0);
    ck_assert_int_eq(lazy_need(&lazy, range(&lazy, 1000000, 10), &err), RC_SYSTEM);
    err = (struct err)ERR_INIT;
    ck_assert_int_eq(lazy_check(&lazy, &err), RC_SYSTEM);
    lazy_clear(&lazy);
    remove_file();
}
END_TEST

START_TEST(a_file_that_is_overwritten_meanwhile_is_found_out)
{
    struct lazy lazy = LAZY_INIT;
    struct err err = ERR_INIT;
    int fd;

    make_file(LARGE_FILE);
    (void)usleep(20000); /* file systems count time in ticks */
    CK_OK(lazy_open(&lazy, path, MAX, &err), &err);
    (void)usleep(20000);
    fd = open(path, O_WRONLY);
    ck_assert_int_eq(pwrite(fd, "x", 1, 5000000), 1);
    (void)close(fd);
    ck_assert_int_eq(lazy_check(&lazy, &err), RC_SYSTEM);
    lazy_clear(&lazy);
    remove_file();
}
END_TEST

START_TEST(what_is_larger_than_the_limit_is_refused_before_it_is_read)
{
    struct lazy lazy = LAZY_INIT;
    struct err err = ERR_INIT;

    make_file(_i ? LARGE_FILE : 5000);
    ck_assert_int_eq(lazy_open(&lazy, path, 4999, &err), RC_INPUT);
    ck_assert_ptr_nonnull(strstr(err.where, path));
    err = (struct err)ERR_INIT;
    ck_assert_int_eq(lazy_open(&lazy, "/nowhere/at/all", MAX, &err), RC_SYSTEM);
    lazy_clear(&lazy);
    remove_file();
}
END_TEST

void unit_suite(TCase *t)
{
    tcase_add_loop_test(t, a_file_of_ordinary_size_is_read_whole, 0, 4);
    tcase_add_test(t, of_a_large_file_what_is_needed_is_there_and_can_be_had_again);
    tcase_add_loop_test(t, all_pieces_in_order_are_the_file, 0, 2);
    tcase_add_test(t, a_file_that_is_cut_meanwhile_is_an_error_and_no_crash);
    tcase_add_test(t, a_file_that_is_overwritten_meanwhile_is_found_out);
    tcase_add_loop_test(t, what_is_larger_than_the_limit_is_refused_before_it_is_read, 0, 2);
}
