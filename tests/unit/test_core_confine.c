/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process that has been taken over by a hostile file could still do.  Each test is a
 * process of its own, which stays confined to its end.
 */
#include "core/base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/sanitized.h"
#include "tests/unit/unit.h"

static char folder[] = "/tmp/confine.XXXXXX";
static char inside[64], outside[64];

static void make_folder(void)
{
    struct err err = ERR_INIT;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(inside, sizeof(inside), "%s/inside", folder);
    (void)snprintf(outside, sizeof(outside), "%s/outside", folder);
    CK_OK(file_write(inside, span_of("a"), 0, &err), &err);
    CK_OK(file_write(outside, span_of("b"), 0, &err), &err);
}

/* In the parent of the test, which is not confined. */
static void remove_folder(void)
{
    (void)unlink(inside);
    (void)unlink(outside);
    (void)rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

/* Leaves `inside` readable.  Says so where the kernel has less than the tests want. */
static struct confined enter(void)
{
    struct confine confine;
    struct confined confined;

    confine_begin(&confine);
    confine_read(&confine, inside);
    confine_read(&confine, "/there/is/no/such/file");
    confined = confine_enter(&confine);
    if (!confined.landlock || !confined.seccomp)
        printf("# in force: landlock abi %d, seccomp %d\n", confined.landlock, confined.seccomp);
    return confined;
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags, 0600);

    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

START_TEST(what_was_named_can_be_read_and_nothing_else)
{
    struct confined confined = enter();

    ck_assert(opens(inside, O_RDONLY));
    if (confined.landlock) {
        ck_assert(!opens(outside, O_RDONLY));
        ck_assert(!opens("/etc/passwd", O_RDONLY));
        ck_assert(!opens(folder, O_RDONLY | O_DIRECTORY));
    }
}
END_TEST

START_TEST(a_folder_that_was_named_can_be_read_with_all_beneath_it)
{
    struct confine confine;

    confine_begin(&confine);
    confine_read(&confine, folder);
    (void)confine_enter(&confine);
    ck_assert(opens(inside, O_RDONLY) && opens(outside, O_RDONLY));
    ck_assert(opens(folder, O_RDONLY | O_DIRECTORY));
}
END_TEST

START_TEST(nothing_can_be_written_made_or_removed)
{
    struct confined confined = enter();

    if (!confined.landlock && !confined.seccomp)
        return;
    ck_assert(!opens(inside, O_WRONLY) && !opens(inside, O_RDWR) &&
              !opens(inside, O_RDONLY | O_TRUNC));
    ck_assert(!opens("/dev/null", O_WRONLY));
    (void)snprintf(outside, sizeof(outside), "%s/new", folder);
    ck_assert(!opens(outside, O_RDONLY | O_CREAT) && !opens(folder, O_TMPFILE | O_WRONLY));
    ck_assert(mkdir(outside, 0700) != 0 && rename(inside, outside) != 0);
    ck_assert(link(inside, outside) != 0 && symlink(inside, outside) != 0);
    ck_assert(unlink(inside) != 0 && truncate(inside, 0) != 0);
    if (confined.seccomp)
        ck_assert(chmod(inside, 0777) != 0);
}
END_TEST

START_TEST(there_is_no_network_and_no_other_process)
{
    struct confined confined = enter();
    char program[] = "/bin/true", *argv[] = {program, NULL};

    if (confined.landlock || confined.seccomp) {
        (void)execv(argv[0], argv); /* were it allowed, the test would end well without an end */
        ck_assert(errno == EACCES || errno == ENOSYS);
    }
    if (!confined.seccomp)
        return;
    ck_assert(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == ENOSYS);
    ck_assert(socket(AF_UNIX, SOCK_DGRAM, 0) < 0 && socket(AF_NETLINK, SOCK_RAW, 0) < 0);
    ck_assert(kill(getppid(), 0) != 0 || IS_SANITIZED);
    if (!IS_SANITIZED) { /* there a process of the run time looks for leaks */
        ck_assert(fork() < 0 && vfork() < 0);
        ck_assert(ptrace(PTRACE_ATTACH, getppid(), 0, 0) < 0 && errno == ENOSYS);
    }
    ck_assert(syscall(__NR_io_uring_setup, 1, NULL) < 0 && errno == ENOSYS);
    ck_assert(syscall(__NR_bpf, 0, NULL, 0) < 0 && errno == ENOSYS);
    ck_assert(syscall(__NR_unshare, 0) < 0 && errno == ENOSYS);
}
END_TEST

START_TEST(no_memory_can_be_made_to_run)
{
    struct confined confined = enter();
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(page, MAP_FAILED);
    if (confined.seccomp) {
        ck_assert(mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0);
        ck_assert_ptr_eq(
            mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            MAP_FAILED);
    }
    ck_assert(mprotect(page, 4096, PROT_READ) == 0);
    (void)munmap(page, 4096);
}
END_TEST

static void *try_as_thread(void *data)
{
    struct confined *confined = data;
    bool held = true;

    if (confined->landlock)
        held = !opens(outside, O_RDONLY);
    if (confined->seccomp)
        held = held && socket(AF_INET, SOCK_STREAM, 0) < 0;
    return held ? data : NULL;
}

START_TEST(threads_can_be_started_and_are_confined_too)
{
    struct confined confined = enter();
    pthread_t thread;
    void *held = NULL;

    ck_assert_int_eq(pthread_create(&thread, NULL, try_as_thread, &confined), 0);
    ck_assert_int_eq(pthread_join(thread, &held), 0);
    ck_assert_ptr_eq(held, &confined);
}
END_TEST

START_TEST(a_second_confinement_only_adds)
{
    struct confined confined;

    (void)enter();
    confined = enter(); /* seccomp(2) itself is no longer to be had */
    ck_assert(!confined.seccomp);
    ck_assert(!confined.landlock || !opens(outside, O_RDONLY));
}
END_TEST

/* Stands in for a kernel, or a container, that has neither: their calls fail with `error`. */
static void forbid(uint32_t error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 444, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_seccomp, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
    };
    struct sock_fprog program = {.len = N_OF(code), .filter = code};

    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

START_TEST(a_kernel_that_has_neither_is_told_and_is_no_error)
{
    static const uint32_t errors[] = {ENOSYS, EPERM, EOPNOTSUPP};
    struct confined confined;

    forbid(errors[_i]);
    confined = enter();
    ck_assert(!confined.landlock && !confined.seccomp);
    ck_assert(opens(outside, O_RDONLY));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_folder, remove_folder);
    tcase_add_test(tc, what_was_named_can_be_read_and_nothing_else);
    tcase_add_test(tc, a_folder_that_was_named_can_be_read_with_all_beneath_it);
    tcase_add_test(tc, nothing_can_be_written_made_or_removed);
    tcase_add_test(tc, there_is_no_network_and_no_other_process);
    tcase_add_test(tc, no_memory_can_be_made_to_run);
    tcase_add_test(tc, threads_can_be_started_and_are_confined_too);
    tcase_add_test(tc, a_second_confinement_only_adds);
    tcase_add_loop_test(tc, a_kernel_that_has_neither_is_told_and_is_no_error, 0, 3);
}
