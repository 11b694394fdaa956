/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "tests/unit/unit.h"

static char folder[] = "/tmp/test_core_file.XXXXXX";

static void enter(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave(void)
{
    char **names = NULL;
    size_t n = 0;
    struct err err = ERR_INIT;

    CK_OK(dir_list(".", &names, &n, &err), &err);
    for (size_t i = 0; i < n; i++)
        (void)unlink(names[i]);
    names_free(names, n);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

static void expect(const char *path, const char *want)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(100);
    struct err err = ERR_INIT;

    CK_OK(file_read(path, &text, &err), &err);
    ck_assert_str_eq(text.data, want);
}

static size_t count_files(void)
{
    char **names = NULL;
    size_t n = 0;
    struct err err = ERR_INIT;

    CK_OK(dir_list(".", &names, &n, &err), &err);
    names_free(names, n);
    return n;
}

START_TEST(a_file_that_is_there_is_replaced_only_by_force)
{
    struct err err = ERR_INIT;

    CK_OK(file_check_free("a", 0, &err), &err);
    CK_OK(file_write("a", span_of("old"), 0, &err), &err);
    ck_assert_int_eq(chmod("a", 0640), 0);
    ck_assert_int_eq(file_check_free("a", 0, &err), RC_REFUSED);
    ck_assert_int_eq(file_write("a", span_of("new"), 0, &err), RC_REFUSED);
    expect("a", "old");
    err = (struct err)ERR_INIT;
    CK_OK(file_check_free("a", FILE_FORCE, &err), &err);
    CK_OK(file_write("a", span_of("new"), FILE_FORCE, &err), &err);
    expect("a", "new");
    ck_assert_uint_eq(count_files(), 1);
}
END_TEST

/* Fresh: nobody looked before; the name is found to be taken when the file shall have it. */
START_TEST(a_fresh_file_gets_its_name_only_if_it_is_free)
{
    const unsigned flags = FILE_FRESH | FILE_NOSYNC;
    char *taken = NULL, *free_one = NULL;
    struct err err = ERR_INIT;

    CK_OK(file_write("a", span_of("old"), 0, &err), &err);
    CK_OK(file_stage("a", span_of("new"), flags, &taken, &err), &err);
    CK_OK(file_stage("b", span_of("new"), flags, &free_one, &err), &err);
    ck_assert_uint_eq(count_files(), 3);
    CK_OK(file_commit(free_one, "b", 0, &err), &err);
    ck_assert_int_eq(file_commit(taken, "a", 0, &err), RC_REFUSED);
    expect("a", "old");
    expect("b", "new");
    ck_assert_uint_eq(count_files(), 2);
}
END_TEST

START_TEST(through_a_link_the_file_behind_it_is_replaced)
{
    struct err err = ERR_INIT;
    struct stat st;

    CK_OK(file_write("a", span_of("old"), 0, &err), &err);
    ck_assert_int_eq(symlink("a", "link"), 0);
    ck_assert_int_eq(file_write("link", span_of("new"), 0, &err), RC_REFUSED);
    expect("a", "old");
    err = (struct err)ERR_INIT;
    CK_OK(file_write("link", span_of("new"), FILE_FORCE, &err), &err);
    expect("a", "new");
    ck_assert_int_eq(lstat("link", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

START_TEST(a_device_is_written_to_and_stays)
{
    struct err err = ERR_INIT;

    CK_OK(file_check_free("/dev/null", 0, &err), &err);
    CK_OK(file_check_free("-", 0, &err), &err);
    CK_OK(file_write("/dev/null", span_of("gone"), 0, &err), &err);
    expect("/dev/null", "");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, enter, leave);
    tcase_add_test(tc, a_file_that_is_there_is_replaced_only_by_force);
    tcase_add_test(tc, a_fresh_file_gets_its_name_only_if_it_is_free);
    tcase_add_test(tc, through_a_link_the_file_behind_it_is_replaced);
    tcase_add_test(tc, a_device_is_written_to_and_stays);
}
