#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert sign: signatures without a picture, in a licence or beside any file.

load common

setup_file()
{
    make_authority
    make_second
    SECOND=$BATS_FILE_TMPDIR/second
    trial issue -t business-license -d record.json -o unsealed.ofd
}

UNSEALED=$BATS_FILE_TMPDIR/unsealed.ofd

sign() { trial sign --key agency "$@"; }

# ---- in the package ----

@test "a sealed licence is signed besides, and both are good" {
    ok sign "$LICENCE" -o a.ofd
    says "signed  a.ofd  1 seal  1 signature"
    ok trial verify a.ofd --json
    answer '[.items[0].signatures[] | [.kind, .format, .indication]]' '[["seal","SES-4","TOTAL-PASSED"],["sign","GBT35275","TOTAL-PASSED"]]'
    answer '.items[0].signatures[1] | [.seal, .page, .box_mm]' '[null,null,null]'
}

@test "a signature alone is judged, but the seal that the licence requires is missed" {
    ok sign "$UNSEALED" -o a.ofd
    fails 4 trial verify a.ofd
    says OFD104 "1 signature"
    fails 4 ecert verify a.ofd
    says CRT101
}

@test "one bit in the content, in the value or in Signature.xml makes the answer no" {
    ok sign "$LICENCE" -o a.ofd
    member a.ofd Doc_0/Signs/Sign_1/SignedValue.dat >value
    openssl x509 -in "$AUTHORITY/agency/agency.crt" -outform DER -out agency.der
    at=$(perl -0777 -e 'open A, "value"; open B, "agency.der"; print index <A>, <B>')
    [ "$at" -gt 0 ]
    size=$(wc -c <value)
    for change in "digit OFD.xml" "digit Doc_0/Signs/Sign_1/Signature.xml" "flip Doc_0/Signs/Sign_0/SignedValue.dat 9000" \
        "flip Doc_0/Signs/Sign_1/SignedValue.dat $((size - 5))" "flip Doc_0/Signs/Sign_1/SignedValue.dat $((at + 300))" \
        "flip Doc_0/Signs/Sign_1/SignedValue.dat 0" "drop Doc_0/Signs/Sign_1/SignedValue.dat"; do
        edit a.ofd b.ofd $change
        fails 1 trial verify b.ofd
    done
    edit a.ofd b.ofd
    ok trial verify b.ofd
}

@test "a list that calls a seal's value a signature, or the other way round, is no" {
    edit "$LICENCE" b.ofd swap Doc_0/Signs/Signatures.xml 'Type="Seal"' 'Type="Sign"'
    fails 1 trial verify b.ofd
    says OFD201
    ok sign "$LICENCE" -o a.ofd
    edit a.ofd b.ofd swap Doc_0/Signs/Signatures.xml 'Type="Sign"' 'Type="Seal"'
    got=0
    trial verify b.ofd >out 2>err || got=$?
    [ $got -eq 1 ] || [ $got -eq 4 ]
}

@test "--close ends the row: nobody signs or seals after it" {
    ok sign "$LICENCE" --close -o a.ofd
    ok trial verify a.ofd
    fails 7 sign a.ofd -o b.ofd
    says SIG222
    fails 7 trial seal a.ofd --seal official --key agency --place 1,20,150 -o b.ofd
    fails 7 sign "$UNSEALED" --close -o b.ofd
    says SIG223
    only a.ofd
}

@test "nothing is signed that is broken, expired, out of reach or not to be replaced" {
    edit "$LICENCE" b.ofd swap OFD.xml 2026-03-01 2026-03-02
    fails 7 sign b.ofd -o a.ofd
    says SIG221
    fails 7 sign "$LICENCE" -o a.ofd --insecure-time 2050-01-01
    says expired
    echo rubbish >r.ofd
    fails 9 sign r.ofd -o a.ofd
    fails 3 sign nowhere.ofd -o a.ofd
    fails 2 sign "$LICENCE"
    fails 2 trial sign "$LICENCE" -o a.ofd
    says "--key is required"
    [ ! -e a.ofd ]
    echo keep >a.ofd
    fails 7 sign "$LICENCE" -o a.ofd
    [ "$(cat a.ofd)" = keep ]
}

@test "a licence comes on standard input and goes to standard output, or stays in place" {
    sign <"$LICENCE" >a.ofd
    ok trial verify a.ofd
    cp "$LICENCE" b.ofd
    ok sign b.ofd --in-place
    ok trial verify b.ofd
    says "1 signature"
    cp "$LICENCE" c.ofd
    ok sign c.ofd b.ofd --out-dir made
    ok trial verify made/b.ofd made/c.ofd
    got=0
    needs_terminal
    script -qec "ecert --config '$AUTHORITY/config.yaml' sign --key agency <'$LICENCE'" /dev/null >seen || got=$?
    [ $got -eq 2 ]
}

@test "the journal notes who signed what" {
    ok sign "$LICENCE" -o a.ofd --journal j.jsonl --operator 王芳
    jq -se '.[] | select(.op == "sign") | .path == "a.ofd" and .operator == "王芳" and .seal == null' j.jsonl
    echo x >x
    ok sign --detached x --journal j.jsonl
    ok ecert explain --journal j.jsonl
    says x.p7s
}

# ---- beside any file ----

@test "a detached signature lies beside its file and is checked with it" {
    echo 'any bytes at all' >letter.txt
    ok sign --detached letter.txt
    ok trial verify --detached letter.txt.p7s letter.txt
    says "passed  letter.txt  1 signature"
    fails 4 ecert verify --detached letter.txt.p7s letter.txt
    says CRT101
    fails 4 second verify --detached letter.txt.p7s letter.txt
    ok trial verify --detached letter.txt.p7s letter.txt --json
    answer '.items[0].signatures[0] | [.kind, .indication]' '["sign","TOTAL-PASSED"]'
    openssl asn1parse -inform DER -in letter.txt.p7s >asn1
    fails 1 grep -q 'any bytes' letter.txt.p7s
}

@test "one bit in the file or in its signature makes the answer no" {
    echo 'any bytes at all' >letter.txt
    ok sign --detached letter.txt
    echo 'any bytes at aln' >other.txt
    fails 1 trial verify --detached letter.txt.p7s other.txt
    says SIG203
    : >empty
    fails 1 trial verify --detached letter.txt.p7s empty
    size=$(wc -c <letter.txt.p7s)
    openssl x509 -in "$AUTHORITY/agency/agency.crt" -outform DER -out agency.der
    at=$(perl -0777 -e 'open A, "letter.txt.p7s"; open B, "agency.der"; print index <A>, <B>')
    [ "$at" -gt 0 ]
    for bit in $((size - 1)) $((size - 40)) $((at + 300)); do
        perl -0777 -pe "substr(\$_, $bit, 1) ^= chr 1" letter.txt.p7s >b.p7s
        fails 1 trial verify --detached b.p7s letter.txt
    done
    perl -0777 -pe "substr(\$_, $((at + 60)), 1) ^= chr 1" letter.txt.p7s >b.p7s
    fails 4 trial verify --detached b.p7s letter.txt # its certificate is now another issuer's
    says SIG102
    (cat letter.txt.p7s && printf x) >b.p7s
    fails 9 trial verify --detached b.p7s letter.txt
    head -c 100 letter.txt.p7s >b.p7s
    fails 9 trial verify --detached b.p7s letter.txt
    fails 9 trial verify --detached letter.txt letter.txt
    fails 9 trial verify --detached empty letter.txt --json
    answer .exit_status 9
    fails 3 trial verify --detached nowhere.p7s letter.txt
    fails 3 trial verify --detached letter.txt.p7s nowhere.txt
    fails 2 trial verify --detached letter.txt.p7s letter.txt other.txt
}

@test "a file of no bytes and one of many are signed too" {
    : >empty
    head -c 3000000 /dev/zero >large
    ok sign --detached empty large
    ok trial verify --detached empty.p7s empty
    ok trial verify --detached large.p7s large
    fails 1 trial verify --detached large.p7s empty
}

@test "a revoked or expired certificate is judged at the time of signing" {
    echo x >x
    ok sign --detached x --insecure-time 2027-01-01 --json
    answer .insecure '["insecure-time"]'
    ok trial verify --detached x.p7s x --at 2040-01-01
    fails 4 trial verify --detached x.p7s x --at 2026-12-01
    fails 7 sign --detached x -o y.p7s --insecure-time 2040-01-01
}

@test "where a detached signature goes: beside, -o, --out-dir, standard output; never over another" {
    echo x >x
    echo y >y
    ok sign --detached x -o sig.p7s
    ok sign --detached x y --out-dir made
    [ "$(ls made)" = "x.p7s
y.p7s" ]
    sign --detached - <x >stdin.p7s
    ok trial verify --detached stdin.p7s x
    ok trial verify --detached sig.p7s - <x
    ok sign --detached x
    fails 7 sign --detached x
    ok sign --detached x --force
    fails 2 sign --detached x y -o both.p7s
    fails 2 sign --detached x --in-place
    fails 2 sign --detached x --close
    fails 6 sign --detached y nowhere
    ok trial verify --detached y.p7s y
    fails 3 sign --detached x -o nowhere/x.p7s
    fails 3 sign --detached x -o /dev/full
    (ulimit -f 0 && fails 3 sign --detached x -o z.p7s)
    [ ! -e z.p7s ]
}

@test "a signing program signs files too; a seal service does not" {
    cat >program <<PROGRAM
#!/usr/bin/perl
\$/ = "\n"; my \$head = <STDIN>; read STDIN, my \$e, 32;
open D, '>', 'digest'; print D \$e; close D;
exec qw(openssl pkeyutl -sign -in digest -inkey), '$AUTHORITY/agency/agency.key';
PROGRAM
    chmod +x program
    echo x >x
    ok trial sign --detached x --key cmd:./program --cert "$AUTHORITY/agency/agency.crt" --chain "$AUTHORITY/ca/root.crt"
    ok trial verify --detached x.p7s x
    ok trial sign "$LICENCE" --key cmd:./program --cert "$AUTHORITY/agency/agency.crt" -o a.ofd
    ok trial verify a.ofd
    fails 2 trial sign "$LICENCE" --key cmd:ses:/bin/cat -o b.ofd
    [ ! -e b.ofd ]
}
