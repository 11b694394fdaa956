/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that reading and judging needs, for seccomp(2).  A list of what may be, since
 * a kernel gains calls that a list of what may not be would let through.  All others fail with
 * ENOSYS, as on a kernel that lacks them: so the C library takes its older way where it has one.
 */
#include "core/base/confine_calls.h"

#include "core/base/sanitized.h"

#if defined(__x86_64__) || defined(__aarch64__)
#if defined(__linux__) && __has_include(<linux/seccomp.h>) && !defined(ECERT_NO_CONFINE)
#define CAN_FILTER
#endif
#endif

#ifndef CAN_FILTER

bool confine_calls(void)
{
    return false;
}

#else

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#else
#define ARCH AUDIT_ARCH_AARCH64
#endif

/* Whatever their arguments.  A machine has not all of them: the older ones are x86's alone. */
static const unsigned free_calls[] = {
    __NR_read,
    __NR_write,
    __NR_readv,
    __NR_writev,
    __NR_pread64,
    __NR_lseek,
    __NR_close,
    __NR_fstat,
    __NR_newfstatat,
    __NR_statx,
    __NR_faccessat,
    __NR_readlinkat,
    __NR_getdents64,
    __NR_getcwd,
    __NR_fcntl,
    __NR_fadvise64,
    __NR_fsync,
    __NR_ftruncate, /* of what is open for writing already */
    /* memory */
    __NR_munmap,
    __NR_mremap,
    __NR_madvise,
    __NR_brk,
    /* threads and signals */
    __NR_futex,
    __NR_set_robust_list,
    __NR_set_tid_address,
    __NR_rt_sigaction,
    __NR_rt_sigprocmask,
    __NR_rt_sigreturn,
    __NR_sigaltstack,
    __NR_restart_syscall,
    __NR_exit,
    __NR_exit_group,
    __NR_gettid,
    __NR_getpid,
    __NR_sched_yield,
    __NR_sched_getaffinity,
    __NR_sched_getparam,
    __NR_sched_getscheduler,
    __NR_membarrier,
    /* time, chance, what machine this is */
    __NR_clock_gettime,
    __NR_clock_getres,
    __NR_clock_nanosleep,
    __NR_nanosleep,
    __NR_gettimeofday,
    __NR_getrandom,
    __NR_getrusage,
    __NR_sysinfo,
    __NR_uname,
    __NR_getuid,
    __NR_geteuid,
    __NR_getgid,
    __NR_getegid,
#ifdef __NR_rseq
    __NR_rseq,
#endif
#ifdef __NR_faccessat2
    __NR_faccessat2,
#endif
#ifdef __NR_stat
    __NR_stat,
    __NR_lstat,
    __NR_access,
    __NR_readlink,
    __NR_pause,
    __NR_time,
    __NR_getrlimit,
    __NR_getdents,
#endif
#if IS_SANITIZED /* the process that looks for leaks */
    __NR_clone,
    __NR_ptrace,
    __NR_getppid,
    __NR_tgkill,
    __NR_wait4,
    __NR_prctl,
    __NR_kill,
    __NR_process_vm_readv,
    __NR_prlimit64,
#endif
};

/* Free as long as an argument says no more than reading, or threads of this process. */
static const struct {
    unsigned nr;
    unsigned char arg;
    enum { NONE_OF, HAS, IS } how;
    uint32_t value;
} bound_calls[] = {
    {__NR_openat, 2, NONE_OF, O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY)},
#ifdef __NR_open
    {__NR_open, 1, NONE_OF, O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY)},
#endif
    {__NR_mmap, 2, NONE_OF, PROT_EXEC},
    {__NR_mprotect, 2, NONE_OF, PROT_EXEC},
    {__NR_clone, 0, HAS, CLONE_THREAD}, /* clone3 hides its flags behind a pointer */
    {__NR_ioctl, 1, IS, TCGETS},
    {__NR_ioctl, 1, IS, TIOCGWINSZ},
};

enum { N_FREE = sizeof(free_calls) / sizeof(*free_calls) };
enum { N_BOUND = sizeof(bound_calls) / sizeof(*bound_calls) };
enum { PROGRAM_MAX = 5 + 2 * N_FREE + 5 * N_BOUND + 7 };

struct program {
    struct sock_filter code[PROGRAM_MAX];
    unsigned short n;
};

static void add(struct program *program, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
    assert(program->n < PROGRAM_MAX);
    program->code[program->n++] = (struct sock_filter)BPF_JUMP(
        (unsigned short)code, k, (unsigned char)yes, (unsigned char)no);
}

static void load(struct program *program, size_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void end(struct program *program, uint32_t what)
{
    add(program, BPF_RET | BPF_K, what, 0, 0);
}

#define ARG(n)                                                                         \
    (offsetof(struct seccomp_data, args) + 8 * (size_t)(n)) /* little-endian: low half \
                                                             */

/* Load the number, and where it is this one, the argument; what does not fit falls through. */
static void add_bound(struct program *program, size_t i)
{
    static const unsigned tests[] = {BPF_JSET, BPF_JSET, BPF_JEQ};
    bool wanted = bound_calls[i].how != NONE_OF;

    load(program, offsetof(struct seccomp_data, nr));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, bound_calls[i].nr, 0, 3);
    load(program, ARG(bound_calls[i].arg));
    add(program, BPF_JMP | tests[bound_calls[i].how] | BPF_K, bound_calls[i].value, wanted ? 0 : 1,
        wanted ? 1 : 0);
    end(program, SECCOMP_RET_ALLOW);
}

/* A thread may end its own process (abort, raise) and signal no other. */
static void add_own_signals(struct program *program)
{
    load(program, offsetof(struct seccomp_data, nr));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, __NR_tgkill, 0, 3);
    load(program, ARG(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1);
    end(program, SECCOMP_RET_ALLOW);
}

/* Calls of another machine's table (i386 on x86-64) have other numbers: the process ends. */
static void assemble(struct program *program)
{
    load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
    end(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < N_FREE; i++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, free_calls[i], 0, 1);
        end(program, SECCOMP_RET_ALLOW);
    }
    for (size_t i = 0; i < N_BOUND; i++)
        add_bound(program, i);
    add_own_signals(program);
    end(program, SECCOMP_RET_ERRNO | ENOSYS);
}

bool confine_calls(void)
{
    struct program program = {.n = 0};
    struct sock_fprog whole;

    assemble(&program);
    whole = (struct sock_fprog){.len = program.n, .filter = program.code};
    return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole) == 0;
}

#endif
