#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where other verifiers and signers hurt their users, by the numbers under which these sharp edges
# were collected.  Some are tested elsewhere too; here each has a test of its name.

load common

setup_file()
{
    make_authority
    trial issue -t business-license -d record.json -o unsigned.ofd
    perl "$BATS_TEST_DIRNAME/package.pl" licence.ofd tampered.ofd digit Doc_0/Pages/Page_0/Content.xml
}

@test "1: an unsigned OFD ends in 5 and says 没有签名" {
    fails 5 trial --lang zh_CN verify "$BATS_FILE_TMPDIR/unsigned.ofd"
    says 没有签名
    fails 5 trial verify "$BATS_FILE_TMPDIR/unsigned.ofd" --json
    answer .verdict unsigned
    answer .exit_status 5
}

@test "2: a seal under an authority that made itself ends in 4, however right its cryptography" {
    fails 4 ecert verify "$LICENCE" --json
    answer '.items[0].answers | [.intact, .issuer_trusted]' '["yes","unknown"]'
    ok trial verify "$LICENCE"
}

@test "3: of a tampered input nothing is written" {
    for command in seal sign; do
        args=()
        [ $command != seal ] || args=(--seal official)
        fails 7 trial $command "${args[@]}" --key agency "$BATS_FILE_TMPDIR/tampered.ofd" -o out.ofd
        [ ! -e out.ofd ]
    done
}

@test "4: a wrong PIN ends in 8 and leaves the file at -o as it was" {
    openssl pkcs8 -topk8 -in "$AUTHORITY/agency/agency.key" -out locked.key -passout pass:right 2>/dev/null
    echo wrong >pin
    echo keep >kept.ofd
    fails 8 trial seal --seal official --key file:locked.key --cert "$AUTHORITY/agency/agency.crt" --pin-file pin \
        "$BATS_FILE_TMPDIR/unsigned.ofd" -o kept.ofd --force
    [ "$(cat kept.ofd)" = keep ]
}

@test "5: a missing file ends in 3, a bad signature in 1" {
    fails 3 trial verify nowhere.ofd
    fails 1 trial verify "$BATS_FILE_TMPDIR/tampered.ofd"
}

@test "6: a pattern that matches nothing ends in 2" {
    mkdir empty
    fails 2 trial verify 'empty/*.ofd'
    fails 2 trial verify -r empty
}

@test "7: a report is the same bytes in every language and time zone" {
    ok trial verify "$LICENCE" --json --at 2030-01-01
    mv out first
    for locale in C zh_CN.UTF-8 C.UTF-8; do
        for zone in UTC Asia/Shanghai America/New_York; do
            ok env LC_ALL=$locale LANG=$locale TZ=$zone ecert --config "$AUTHORITY/config.yaml" \
                verify "$LICENCE" --json --at 2030-01-01
            cmp first out
        done
    done
    jq -e .verdict first
}

@test "8: a usage error with --json still prints a document" {
    fails 2 trial verify --json --bogus
    answer '[.schema, .exit_status, .verdict]' '["ecert.report/1",2,"error"]'
}

@test "9: findings that are too many are counted, and the report says that it is cut" {
    args=()
    echo x >x
    for i in $(seq 1 1005); do args+=(add "Doc_0/x$i" x); done
    edit "$LICENCE" many.ofd "${args[@]}"
    fails 4 trial verify many.ofd --json
    answer .summary.truncated true
    answer '.items[0].findings | length' 1000
    answer '.items[0].coverage.uncovered | length' 1005
    fails 4 trial verify many.ofd
    says "more findings"
}

@test "10: without a network nothing is missed: no socket is made" {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -f -o trace true 2>/dev/null || skip "strace may not trace here"
    ok env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=%network -o trace \
        ecert --config "$AUTHORITY/config.yaml" verify "$LICENCE"
    fails 1 grep -E 'socket\(|connect\(|sendto\(' trace
}

@test "11: a second -o ends in 2" {
    fails 2 trial seal --seal official --key agency "$BATS_FILE_TMPDIR/unsigned.ofd" -o a.ofd -o b.ofd
    [ ! -e a.ofd ] && [ ! -e b.ofd ]
}

@test "12: an expired certificate ends in 7, and its key is never asked" {
    printf '#!/bin/sh\ntouch "%s/asked"\nexit 1\n' "$PWD" >token
    chmod +x token
    openssl ecparam -genkey -name SM2 -out old.key 2>/dev/null
    openssl req -new -key old.key -subj /CN=old -sm3 -out old.csr 2>/dev/null
    openssl x509 -req -in old.csr -signkey old.key -sm3 -days -1 -out old.crt 2>/dev/null
    fails 7 trial sign --key "cmd:$PWD/token" --cert old.crt "$BATS_FILE_TMPDIR/unsigned.ofd" -o a.ofd
    [ ! -e asked ] && [ ! -e a.ofd ]
}

@test "16: no progress in a pipe, and standard error is clean" {
    for i in $(seq 1 30); do echo "$LICENCE"; done >list
    ok trial verify --files-from list
    [ ! -s err ]
    ok trial verify --files-from list --progress never
    [ ! -s err ]
}

@test "17: the old namespace, descriptors behind members and odd folder names are read" {
    edit "$BATS_FILE_TMPDIR/unsigned.ofd" old.ofd swap OFD.xml /2016 ''
    fails 5 trial verify old.ofd
    says STD301
    edit "$BATS_FILE_TMPDIR/unsigned.ofd" page.ofd name Doc_0/Pages/Page_0/Content.xml Doc_0/Pages/Page_x/Content.xml \
        swap Doc_0/Document.xml Page_0/Content.xml Page_x/Content.xml
    fails 5 trial verify page.ofd
    silent OFD301
    # Into a pipe, where it cannot go back, Python writes the sizes behind each member.
    python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as old, zipfile.ZipFile(sys.stdout.buffer, "w", zipfile.ZIP_DEFLATED) as new:
    for name in old.namelist():
        new.writestr(name, old.read(name))' "$BATS_FILE_TMPDIR/unsigned.ofd" | cat >streamed.ofd
    unzip -Zv streamed.ofd | grep -q 'extended local header: *yes'
    fails 5 trial verify streamed.ofd
    shared_samples
    for name in namespace-no-std path-unstd; do
        ecert verify "$SAMPLES/ofd/ofdrw-$name.ofd" >out 2>err && return 1
        silent PKG0 OFD00
    done
}

@test "19: seals as other makers write them are read: pictures of any kind, padded numbers" {
    shared_samples
    n=0
    for file in "$SAMPLES"/ofd/*.ofd; do
        got=0
        ecert verify "$file" --json >out 2>err || got=$?
        # 4: nobody here is trusted.  What is read is a seal with a name, or said to be broken.
        [ $got -ne 70 ] && [ $got -lt 128 ]
        n=$((n + $(jq '[.items[0].signatures[] | select(.kind == "seal" and .seal.name != null)] | length' out)))
    done
    [ $n -ge 10 ]
}
