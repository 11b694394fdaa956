#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert explain: finding codes, exit statuses and journals in words.

load common

setup_file()
{
    make_authority
}

@test "a finding code is explained with its clause and what to do, in either case of letters" {
    ok ecert explain DIG201
    says DIG201 "the part … was changed after signing" "GB/T 33190-2016 18.2" "ask the issuer for the original"
    ok ecert explain dig201 SIG201
    says DIG201 SIG201
    ok ecert --lang zh_CN explain DIG201
    says 在签章后被改动 请勿采信
    for code in DIG999 DIG 201 DIG2011 '' 'DIG201 '; do
        fails 2 ecert explain "$code"
        says "ecert explain list"
    done
    fails 2 ecert explain DIG201 nonsense
}

@test "the list names every code once, sorted, and each is explained in both languages" {
    ok ecert explain list
    cut -d' ' -f1 out >codes
    sort -c codes
    [ "$(sort -u codes | wc -l)" -eq "$(wc -l <codes)" ]
    ok ecert explain $(cat codes)
    [ "$(grep -c '^[A-Z]' out)" -eq "$(wc -l <codes)" ]
    ok ecert --lang zh_CN explain $(cat codes)
    [ "$(grep -c '^[A-Z]' out)" -eq "$(wc -l <codes)" ]
    cp out chinese
    fails 1 grep -P '^[A-Z]{3}\d{3}  [\x00-\x7f]*$' chinese
    fails 2 ecert explain list of
}

@test "every exit status is explained, and nothing else is one" {
    for value in 0 1 2 3 4 5 6 7 8 9 70 130 143; do
        ok ecert explain exit $value
        says "$value  "
    done
    ok ecert explain exit
    [ "$(wc -l <out)" -eq 11 ]
    for value in 10 69 71 128 256 -1 x '' 4x; do
        fails 2 ecert explain exit "$value"
    done
    fails 2 ecert explain exit 4 5
}

@test "nothing to explain is called wrongly" {
    fails 2 ecert explain
    says CODE --journal
    : >j
    fails 2 ecert explain SIG201 --journal j
}

# Three licences' worth of journal: j.jsonl
make_journal()
{
    for number in 1 2 3; do
        record 证照编号=3301990020260301000$number >r.json
        trial issue -t business-license -d r.json -o $number.ofd --journal j.jsonl --operator 王芳 --quiet
    done
}

@test "a journal whose chain holds is printed; a line changed, cut out, put in or swapped breaks it" {
    make_journal
    ok ecert explain --journal j.jsonl
    says 王芳 1.ofd 2.ofd 3.ofd
    n=$(wc -l <j.jsonl)
    sed '3s/王芳/李芳/' j.jsonl >changed
    sed 3d j.jsonl >cut
    sed 3p j.jsonl >twice
    sed -e 3d -e '4{p;x}' j.jsonl >swapped
    (sed 1q j.jsonl && cat j.jsonl) >before
    sed "s/\"n\":3,/\"n\":7,/" j.jsonl >numbered
    for journal in changed cut twice swapped before numbered; do
        fails 1 ecert explain --journal $journal
        says JNL002 || says JNL001
    done
    fails 1 ecert explain --journal changed
    says "line 4"
    [ "$n" -ge 6 ]
}

@test "a torn last line is told; what is no journal is, too" {
    make_journal
    head -c -10 j.jsonl >torn
    ok ecert explain --journal torn
    says JNL003
    echo rubbish >rubbish
    got=0
    ecert explain --journal rubbish >out 2>err || got=$?
    [ $got -eq 1 ] || [ $got -eq 9 ]
    says JNL001
    fails 3 ecert explain --journal nowhere
    : >empty
    ok ecert explain --journal empty
    fails 3 sh -c 'ecert explain --journal j.jsonl >/dev/full'
}
