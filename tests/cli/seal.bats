#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert seal: seals put on, joint and alone, and all that is refused before a key is touched.

load common

setup_file()
{
    make_authority
    make_second
    SECOND=$BATS_FILE_TMPDIR/second
    trial issue -t business-license -d record.json -o unsealed.ofd
    joint_record >joint.json
    trial issue -t land-site-opinion -d joint.json -o joint.ofd
    echo 'correct horse' >pin
    ecert authority new locked --pin-file pin >/dev/null
    sed -i '/^journal:/d' locked/config.yaml
}

UNSEALED=$BATS_FILE_TMPDIR/unsealed.ofd JOINT=$BATS_FILE_TMPDIR/joint.ofd

# seal ARGS...: with the seal and key of the first authority; co_seal: of the second; locked_seal: with a PIN
seal() { trial seal --seal official --key agency "$@"; }
co_seal() { second seal --seal official --key agency "$@"; }
locked_seal() { ecert --config "$BATS_FILE_TMPDIR/locked/config.yaml" seal --seal official --key agency --on-behalf test "$@"; }
both() { ecert verify --trust "$AUTHORITY/trust" --trust "$SECOND/trust" "$@"; }

# ---- one seal ----

@test "a seal is put on the first free place that the licence names, and verifies" {
    ok seal "$UNSEALED" -o a.ofd
    says "sealed  a.ofd  1 seal"
    ok trial verify a.ofd --json
    answer '.items[0].signatures[0] | [.page, .box_mm]' '[1,[208,134,42,42]]'
    only a.ofd
}

@test "issued and sealed in one step or in two, a licence is covered alike" {
    ok seal "$UNSEALED" -o a.ofd
    member a.ofd Doc_0/Signs/Sign_0/Signature.xml | grep -o 'FileRef="[^"]*"' | sort >two
    member "$LICENCE" Doc_0/Signs/Sign_0/Signature.xml | grep -o 'FileRef="[^"]*"' | sort | diff - two
}

@test "the seal goes where it is told: a place, a field, a word on the page" {
    ok seal "$UNSEALED" --place 1,20.5,150 -o a.ofd
    ok trial verify a.ofd --json
    answer '.items[0].signatures[0].box_mm' '[20.5,150,42,42]'
    ok seal "$UNSEALED" --place-field 名称 -o b.ofd
    ok trial verify b.ofd --json
    answer '.items[0].signatures[0] | [.page, .box_mm[1]]' '[1,48.176]'
    ok seal "$UNSEALED" --place-keyword 登记机关 -o c.ofd
    ok seal "$UNSEALED" --place-keyword '（副　本）' -o d.ofd
    ok trial verify c.ofd d.ofd
}

@test "a place that is not there or not on the page is 2" {
    for place in 2,10,10 0,10,10 1,280,10 1,-5,10 1,10,190 1,10 1,x,10 nonsense ''; do
        fails 2 seal "$UNSEALED" --place "$place" -o a.ofd
    done
    fails 2 seal "$UNSEALED" --place-field 没有 -o a.ofd
    says 没有
    fails 2 seal "$UNSEALED" --place-keyword 没有这句话 -o a.ofd
    fails 2 seal "$UNSEALED" --place 1,10,10 --place-field 名称 -o a.ofd
    says "only one of"
    only
}

@test "an agency's second seal wants a place of its own; a place that is taken is refused" {
    fails 7 seal "$LICENCE" -o a.ofd
    says SIG224
    fails 7 seal "$LICENCE" --place 1,210,136 -o a.ofd
    says SIG224
    ok seal "$LICENCE" --place 1,20,150 -o a.ofd
    ok trial verify a.ofd
    says "2 seals"
}

@test "a file that names no place wants one" {
    edit "$UNSEALED" foreign.ofd name Doc_0/Attachs/licence.json Doc_0/Attachs/notes.json \
        swap Doc_0/Attachs/Attachments.xml '"licence.json"' '"notes.json"' swap Doc_0/Attachs/Attachments.xml '>licence.json<' '>notes.json<'
    fails 2 seal foreign.ofd -o a.ofd
    says --place-keyword
    ok seal foreign.ofd --place 1,10,10 -o a.ofd
    ok trial verify a.ofd
}

# ---- joint seals ----

@test "two agencies seal one after the other, each on its own place, and both stay valid" {
    ok seal "$JOINT" -o one.ofd
    ok co_seal one.ofd -o two.ofd
    ok both two.ofd --json
    answer '[.items[0].signatures[] | [.indication, .box_mm]]' '[["TOTAL-PASSED",[120,216,42,42]],["TOTAL-PASSED",[76,216,42,42]]]'
    fails 4 both one.ofd
    says OFD104
}

@test "in the other order each still takes its own place" {
    ok co_seal "$JOINT" -o one.ofd
    ok seal one.ofd -o two.ofd
    ok both two.ofd --json
    answer '[.items[0].signatures[] | .box_mm[0]]' '[76,120]'
}

@test "--close ends the row: too early is refused, after it nobody seals or signs" {
    fails 7 seal "$JOINT" --close -o a.ofd
    says SIG223 "1 of 2"
    ok seal "$JOINT" -o one.ofd
    ok co_seal one.ofd --close -o two.ofd
    ok both two.ofd
    fails 7 seal two.ofd --place 1,20,220 -o three.ofd
    says SIG222
    fails 7 trial sign two.ofd --key agency -o three.ofd
    says SIG222
    entry='<ofd:Signature ID="s009" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>'
    edit two.ofd b.ofd swap Doc_0/Signs/Signatures.xml '</ofd:Signatures>' "$entry"
    fails 1 both b.ofd
    edit two.ofd b.ofd swap Doc_0/Signs/Signatures.xml s003 s005
    fails 1 both b.ofd
    says DIG205
    only one.ofd two.ofd b.ofd
}

@test "a seal of somebody who is no issuer is refused, unless on behalf, and the journal keeps why" {
    fails 7 co_seal "$UNSEALED" -o a.ofd
    says SEA221 "示例市市场监督管理局(测试)" --on-behalf
    [ ! -e a.ofd ]
    ok co_seal "$UNSEALED" --on-behalf 受委托盖章 --journal j.jsonl -o a.ofd
    ok ecert explain --journal j.jsonl
    says 受委托盖章 seal
    [ "$(jq -r 'select(.op == "seal").reason' j.jsonl)" = 受委托盖章 ]
    fails 4 trial verify a.ofd
}

@test "nothing is put on a broken, changed or unreadable file" {
    echo x >x
    for change in "swap OFD.xml 2026-03-01 2026-03-02" "drop Doc_0/Signs/Signatures.xml" "add Doc_0/evil.xml x" \
        "flip Doc_0/Res/font_0.ttf"; do
        edit "$LICENCE" b.ofd $change
        fails 7 seal b.ofd --place 1,20,150 -o a.ofd
        says SIG221
    done
    entry=$(member "$LICENCE" Doc_0/Signs/Signatures.xml | grep -o '<ofd:Signature ID[^>]*>')
    edit "$LICENCE" b.ofd swap Doc_0/Signs/Signatures.xml "$entry" ''
    fails 7 seal b.ofd --place 1,20,150 -o a.ofd
    says SIG221 "taken out"
    edit "$LICENCE" b.ofd flip Doc_0/Signs/Sign_0/SignedValue.dat 9000
    fails 7 seal b.ofd --place 1,20,150 -o a.ofd
    says SIG221
    echo rubbish >b.ofd
    fails 9 seal b.ofd -o a.ofd
    says PKG001
    fails 3 seal nowhere.ofd -o a.ofd
    edit "$UNSEALED" b.ofd swap OFD.xml '"KZ_FDDBR">张三' '"KZ_FDDBR">李四'
    fails 7 seal b.ofd -o a.ofd
    says SIG221 "do not agree"
    [ ! -e a.ofd ]
}

# ---- keys ----

@test "a wrong PIN is 8 and what stood there before is untouched" {
    echo wrong >wrong
    echo keep >kept.ofd
    fails 8 locked_seal "$UNSEALED" -o kept.ofd --force --pin-file wrong
    says "wrong PIN"
    [ "$(cat kept.ofd)" = keep ]
    cp "$UNSEALED" in.ofd
    fails 8 locked_seal in.ofd --in-place --pin-file wrong
    cmp in.ofd "$UNSEALED"
    ok locked_seal "$UNSEALED" -o kept.ofd --force --pin-file "$BATS_FILE_TMPDIR/pin"
    fails 8 locked_seal "$UNSEALED" -o a.ofd --pin-file wrong --json
    answer '.items[0].findings[0].code' CMD005
    only wrong kept.ofd in.ofd
}

@test "a PIN comes from a file, a descriptor or the terminal, and from nowhere else" {
    pin=$BATS_FILE_TMPDIR/pin
    ok locked_seal "$UNSEALED" -o a.ofd --pin-fd 7 7<"$pin"
    printf '%s\r\n' "$(cat "$pin")" >dos
    ok locked_seal "$UNSEALED" -o b.ofd --pin-file dos
    fails 8 locked_seal "$UNSEALED" -o c.ofd --no-input
    says --pin-file
    fails 8 setsid "$(command -v ecert)" --config "$BATS_FILE_TMPDIR/locked/config.yaml" seal --seal official --key agency \
        --on-behalf test "$UNSEALED" -o c.ofd </dev/null
    : >empty
    fails 8 locked_seal "$UNSEALED" -o c.ofd --pin-file empty
    fails 3 locked_seal "$UNSEALED" -o c.ofd --pin-file nowhere
    [ ! -e c.ofd ]
    needs_terminal
    (sleep 0.5 && cat "$pin") | script -qec "ecert --config '$BATS_FILE_TMPDIR/locked/config.yaml' seal --seal official \
        --key agency --on-behalf test '$UNSEALED' -o d.ofd" /dev/null >seen
    fails 1 grep -q "$(cat "$pin")" seen
    fails 4 both d.ofd
}

@test "one PIN is enough for many files" {
    for i in 1 2 3; do cp "$UNSEALED" $i.ofd; done
    ok locked_seal 1.ofd 2.ofd 3.ofd --out-dir made --pin-fd 7 7<"$BATS_FILE_TMPDIR/pin"
    [ "$(ls made | wc -l)" -eq 3 ]
}

@test "an expired key or seal is refused before the PIN is asked" {
    for time in 2050-01-01 2020-01-01; do
        fails 7 locked_seal "$UNSEALED" -o a.ofd --pin-file nowhere --insecure-time $time
        says certificate
    done
    fails 7 trial seal "$UNSEALED" --seal official --key agency -o a.ofd --insecure-time 2050-01-01 --json
    answer '.items[0].findings[0].code' CRT222
    ok trial eseal make --key file:"$AUTHORITY/ca/maker.key" --cert "$AUTHORITY/ca/maker.crt" --picture "$AUTHORITY/seals/official.png" \
        --name 短期章 --signer "$AUTHORITY/agency/agency.crt" --until "$(date -u -d '+1 day' +%FT%TZ)" -o short.esl
    fails 7 trial seal "$UNSEALED" --seal ./short.esl --key agency -o a.ofd --on-behalf test --insecure-time "$(date -u -d '+3 days' +%F)"
    says "the seal expired"
    only short.esl
}

@test "a seal that does not list the key's certificate is refused before the PIN is asked" {
    fails 7 trial seal "$UNSEALED" --seal "$SECOND/seals/official.esl" --key agency -o a.ofd
    says "does not list"
    fails 7 ecert --config "$BATS_FILE_TMPDIR/locked/config.yaml" seal --seal "$SECOND/seals/official.esl" --key agency \
        --pin-file nowhere "$UNSEALED" -o a.ofd
    only
}

@test "--insecure-time is for TEST keys alone, and the report lists it" {
    ok seal "$UNSEALED" -o a.ofd --insecure-time 2027-01-01 --json
    answer .insecure '["insecure-time"]'
    fails 4 trial verify a.ofd
    says TIM102
    ok trial verify a.ofd --at 2027-01-02
    ok seal "$UNSEALED" -o b.ofd --json
    answer .insecure '[]'
    openssl genpkey -algorithm SM2 -out real.key 2>openssl.log
    openssl req -x509 -new -key real.key -sm3 -sigopt distid:1234567812345678 -subj '/CN=Somebody' -days 30 -out real.crt \
        -addext keyUsage=digitalSignature 2>>openssl.log
    fails 7 trial seal "$UNSEALED" --seal official --key file:real.key --cert real.crt -o c.ofd --insecure-time 2026-12-01
    says TEST
}

@test "key and certificate that do not belong together, or are not there, are told" {
    fails 8 trial seal "$UNSEALED" --seal official --key file:"$AUTHORITY/ca/maker.key" --cert "$AUTHORITY/agency/agency.crt" -o a.ofd
    says "do not belong together"
    fails 8 trial seal "$UNSEALED" --seal official --key file:"$AUTHORITY/agency/agency.key" -o a.ofd
    says --cert
    fails 3 trial seal "$UNSEALED" --seal official --key file:nowhere.key --cert "$AUTHORITY/agency/agency.crt" -o a.ofd
    fails 2 trial seal "$UNSEALED" --seal official --key nobody -o a.ofd
    says "no key 'nobody'" agency
    fails 2 trial seal "$UNSEALED" --seal nothing --key agency -o a.ofd
    says "no seal 'nothing'" official
    fails 2 trial seal "$UNSEALED" --seal official -o a.ofd
    fails 2 trial seal "$UNSEALED" --key agency -o a.ofd
    echo rubbish >rubbish
    got=0
    trial seal "$UNSEALED" --seal ./rubbish --key agency -o a.ofd >out 2>err || got=$?
    [ $got -eq 9 ] || [ $got -eq 2 ]
    got=0
    trial seal "$UNSEALED" --seal official --key file:rubbish --cert "$AUTHORITY/agency/agency.crt" -o a.ofd >out 2>err || got=$?
    [ $got -eq 8 ] || [ $got -eq 9 ]
    only rubbish
}

# A signing program: the request goes to ./request, the digest is signed with this key
program()
{
    cat >program <<PROGRAM
#!/usr/bin/perl
\$/ = "\n"; my \$head = <STDIN>; read STDIN, my \$e, 32;
open R, '>>', 'request'; print R \$head; close R;
open D, '>', 'digest'; print D \$e; close D;
exec qw(openssl pkeyutl -sign -in digest -inkey), '$1';
PROGRAM
    chmod +x program
}

@test "a signing program gets a line of JSON and a digest; its value is verified before it is used" {
    program "$AUTHORITY/agency/agency.key"
    ok trial seal "$UNSEALED" --seal official --key cmd:./program --cert "$AUTHORITY/agency/agency.crt" -o a.ofd
    jq -se 'length == 1 and .[0].want == "value"' request
    ok trial verify a.ofd
    program "$SECOND/agency/agency.key"
    fails 8 trial seal "$UNSEALED" --seal official --key cmd:./program --cert "$AUTHORITY/agency/agency.crt" -o b.ofd
    says "no SM2 value"
    for command in /bin/false /bin/true ./nowhere /bin/cat; do
        fails 8 trial seal "$UNSEALED" --seal official --key cmd:$command --cert "$AUTHORITY/agency/agency.crt" -o b.ofd
    done
    fails 8 trial seal "$UNSEALED" --seal official --key cmd:./program -o b.ofd
    says --cert
    [ ! -e b.ofd ]
}

@test "a seal service answers with a whole value, which is verified before it is used" {
    service="cmd:ses:$BATS_TEST_DIRNAME/seal_service.pl"
    mine="$AUTHORITY/seals/official.esl $AUTHORITY/agency/agency.crt $AUTHORITY/agency/agency.key"
    ok trial seal "$UNSEALED" --seal official --key "$service $mine" -o a.ofd
    ok trial verify a.ofd --json
    answer '.items[0].signatures[0] | [.format, .indication]' '["SES-4","TOTAL-PASSED"]'
    fails 8 trial seal "$UNSEALED" --seal official --key "$service ${mine//authority/second}" -o b.ofd
    says "another seal"
    fails 8 trial seal "$UNSEALED" --seal official --key "$service ${mine%/*}/agency.crt" -o b.ofd
    fails 8 trial seal "$UNSEALED" --seal official --key "$service $AUTHORITY/seals/official.esl $AUTHORITY/agency/agency.crt \
$SECOND/agency/agency.key" -o b.ofd
    says "does not verify"
    for command in cmd:ses:/bin/cat cmd:ses:/bin/false cmd:ses:/bin/true; do
        fails 8 trial seal "$UNSEALED" --seal official --key $command -o b.ofd
    done
    [ ! -e b.ofd ]
}

@test "a seal service named in the configuration works, one in ./.ecert.yaml is refused" {
    mine="$AUTHORITY/seals/official.esl $AUTHORITY/agency/agency.crt $AUTHORITY/agency/agency.key"
    sed "s|^  agency: .*|  agency: {key: \"cmd:$BATS_TEST_DIRNAME/seal_service.pl $mine\", mode: ses}|;
        s|seals/official.esl, for|$AUTHORITY/&|; s|default: trust|default: $AUTHORITY/trust|" "$AUTHORITY/config.yaml" >config.yaml
    ok ecert --config config.yaml seal "$UNSEALED" --seal official --key agency -o a.ofd
    ok trial verify a.ofd
    mv config.yaml .ecert.yaml
    fails 2 ecert seal "$UNSEALED" --seal official --key agency -o b.ofd
    only a.ofd .ecert.yaml
}

# ---- files ----

@test "a file in wants to be told where its result goes" {
    fails 2 seal "$UNSEALED"
    says --out-dir --in-place
    fails 2 seal "$UNSEALED" --in-place -o a.ofd
    says "only one of"
    fails 2 seal "$UNSEALED" "$LICENCE" -o a.ofd
    fails 2 seal '*.nothing' --in-place
    fails 2 seal - --in-place <"$UNSEALED"
    only
}

@test "in place, a file is replaced by its result or left as it is" {
    cp "$UNSEALED" a.ofd
    chmod 640 a.ofd
    ok seal a.ofd --in-place
    ok trial verify a.ofd
    [ "$(stat -c %a a.ofd)" = 640 ]
    cp a.ofd before
    fails 7 seal a.ofd --in-place
    cmp a.ofd before
    (ulimit -f 16 && fails 3 seal a.ofd --in-place --place 1,20,150)
    cmp a.ofd before
    only a.ofd before
}

@test "an output that exists is refused, replaced with --force" {
    echo keep >a.ofd
    fails 7 seal "$UNSEALED" -o a.ofd
    [ "$(cat a.ofd)" = keep ]
    ok seal "$UNSEALED" -o a.ofd --force
    ok trial verify a.ofd
    mkdir made
    cp "$UNSEALED" b.ofd
    ok seal b.ofd --out-dir made
    fails 7 seal b.ofd --out-dir made
}

@test "an unwritable target and a full disk are 3, and nothing is left" {
    fails 3 seal "$UNSEALED" -o nowhere/a.ofd
    (ulimit -f 16 && fails 3 seal "$UNSEALED" -o a.ofd)
    fails 3 seal "$UNSEALED" -o /dev/full
    fails 3 sh -c "ecert --config '$AUTHORITY/config.yaml' seal --seal official --key agency <'$UNSEALED' >/dev/full"
    only
}

@test "of many files the good ones are sealed (6), the others named; none is the worst's status" {
    cp "$UNSEALED" 1.ofd
    cp "$LICENCE" 2.ofd
    echo rubbish >3.ofd
    fails 6 seal 1.ofd 2.ofd 3.ofd --out-dir made --json
    answer '[.items[].verdict]' '["passed","error","error"]'
    [ "$(ls made)" = 1.ofd ]
    fails 9 seal 2.ofd 3.ofd --out-dir none
    [ -z "$(ls none)" ]
    fails 6 seal 1.ofd nowhere.ofd --out-dir more
}

@test "two results are never written over each other, forced or not" {
    mkdir a b
    cp "$UNSEALED" a/x.ofd
    record 证照编号=33019900202603010002 >r.json
    ok trial issue -t business-license -d r.json -o b/x.ofd
    for force in "" --force; do
        fails 2 seal a/x.ofd b/x.ofd --out-dir made $force
        says made/x.ofd
        fails 2 seal a/x.ofd ./a/x.ofd --in-place $force
        ln -sf x.ofd a/y.ofd
        fails 2 seal a/x.ofd a/y.ofd --in-place $force
        fails 2 trial sign --key agency --detached a/x.ofd b/x.ofd --out-dir made $force
    done
    [ ! -e made ]
    fails 5 trial verify a/x.ofd
}

@test "twenty files, two at once: the same verdicts in the same order" {
    for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
        if [ $((10#$i % 4)) -eq 0 ]; then cp "$LICENCE" $i.ofd; else cp "$UNSEALED" $i.ofd; fi
    done
    fails 6 seal ./*.ofd --out-dir one -j 1
    sed 's|one/||' out >one.txt
    fails 6 seal ./*.ofd --out-dir two -j 2
    sed 's|two/||' out | diff one.txt -
    [ "$(ls two | wc -l)" -eq 15 ]
    ok trial verify two/*.ofd
}

@test "files are read from a list" {
    cp "$UNSEALED" 'with space.ofd'
    printf '%s\n' 'with space.ofd' >list
    ok seal --files-from list --out-dir made
    ok trial verify 'made/with space.ofd'
    : >list
    fails 2 seal --files-from list --out-dir made
}

@test "record to verified licence in one pipe, and nothing said but the verdict" {
    set -o pipefail
    trial issue -t business-license -d "$BATS_FILE_TMPDIR/record.json" 2>log1 |
        trial seal --seal official --key agency 2>log2 |
        trial sign --key agency 2>log3 |
        trial verify - >out 2>err
    says "passed  -  1 seal  1 signature"
    [ ! -s log1 ] && [ ! -s log2 ] && [ ! -s log3 ] && [ ! -s err ]
}

@test "no file and a terminal to read from, a licence to a terminal: called wrongly" {
    got=0
    needs_terminal
    script -qec "ecert --config '$AUTHORITY/config.yaml' seal --seal official --key agency -o a.ofd" /dev/null >seen || got=$?
    [ $got -eq 2 ]
    got=0
    script -qec "ecert --config '$AUTHORITY/config.yaml' seal --seal official --key agency <'$UNSEALED'" /dev/null >seen || got=$?
    [ $got -eq 2 ]
    grep -q "not for the terminal" seen
    only seen
}

@test "--dry-run does everything but write" {
    ok seal "$UNSEALED" -o a.ofd --dry-run --journal j.jsonl
    fails 7 seal "$LICENCE" -o a.ofd --dry-run
    only
}

@test "the journal holds the digests of before and after" {
    cp "$UNSEALED" a.ofd
    before=$(openssl dgst -sm3 -r a.ofd | cut -d' ' -f1)
    ok seal a.ofd --in-place --journal j.jsonl --operator 王芳
    jq -se --arg before "$before" --arg after "$(openssl dgst -sm3 -r a.ofd | cut -d' ' -f1)" \
        '.[] | select(.op == "seal") | .before == $before and .after == $after and .operator == "王芳" and .path == "a.ofd"' j.jsonl
    ok ecert explain --journal j.jsonl
    fails 3 seal "$UNSEALED" -o b.ofd --journal nowhere/j.jsonl
    [ ! -e b.ofd ]
}

@test "a licence sealed today is sealed with the system's time, whatever SOURCE_DATE_EPOCH says" {
    SOURCE_DATE_EPOCH=1700000000 ok seal "$UNSEALED" -o a.ofd
    ok trial verify a.ofd --json
    answer '.items[0].signatures[0].claimed_time[0:10]' "$(date -u +%F)"
}
