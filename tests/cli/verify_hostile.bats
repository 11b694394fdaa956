#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert verify and show run confined, and nobody who uses them notices.

load common

setup_file()
{
    make_authority
    mkdir many
    for i in $(seq 1 70); do cp licence.ofd "many/$i.ofd"; done
}

# What -v says on this machine: the kernel or the container may have less.
CONFINED='ecert: (confined: (landlock abi [0-9]+, (no )?seccomp|seccomp, no landlock)|not confined: neither landlock nor seccomp to be had)'
ZH_CONFINED='ecert: (已受限运行：(landlock 接口 [0-9]+，无? ?seccomp|seccomp，无 landlock)|未受限运行：landlock 和 seccomp 均不可用)'

@test "-v says on standard error what is in force, in both languages" {
    ok trial verify -v "$LICENCE"
    grep -Eqx "$CONFINED" err
    ok trial verify -v --lang zh_CN "$LICENCE"
    grep -Eqx "$ZH_CONFINED" err
    ok trial show -v "$LICENCE"
    grep -Eqx "$CONFINED" err
}

@test "without -v nothing is said, and a report holds no word of it" {
    ok trial verify --json -v "$LICENCE"
    answer .verdict passed
    ok trial verify "$LICENCE"
    [ ! -s err ]
}

@test "a link is followed, alone and among many files, and so are standard input and a pipe" {
    mkdir -p far/away
    cp "$LICENCE" far/away/real.ofd
    ln -s far/away/real.ofd link.ofd
    ok trial verify link.ofd
    ok trial verify -j 3 "$BATS_FILE_TMPDIR"/many/*.ofd link.ofd far/away/../away/real.ofd
    [ "$(grep -c '^passed' out)" -eq 72 ]
    ok trial verify - <"$LICENCE"
    ok trial verify /dev/stdin <"$LICENCE"
    ok trial verify <(cat "$LICENCE")
}

@test "what is not there and what may not be read are told as ever" {
    fails 3 trial verify none.ofd
    says "cannot open: No such file or directory"
    fails 3 trial verify "$BATS_FILE_TMPDIR"/many/*.ofd nowhere/none.ofd
    says "nowhere/none.ofd" "No such file or directory"
}

@test "a detached signature is read beside the file it is over" {
    record >record.json
    ok trial sign --detached --key agency record.json -o s.p7s
    ok trial verify --detached s.p7s record.json
}

@test "a kernel without either, or a container that forbids both, changes no verdict" {
    command -v valgrind >/dev/null || skip "no valgrind, which stands in for an old kernel here"
    [[ ${ECERT_DIR:-} != *build-* ]] || skip "valgrind and the sanitizers do not go together"
    ok valgrind --quiet "$(command -v ecert)" --config "$AUTHORITY/config.yaml" verify -v "$LICENCE"
    says "passed  " "not confined: neither landlock nor seccomp to be had"
}
