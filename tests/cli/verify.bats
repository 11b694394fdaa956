#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert verify: each yes has its twin that must not pass, changed by one bit or one part.

load common

setup_file()
{
    make_authority
    make_second
    SECOND=$BATS_FILE_TMPDIR/second
    trial issue -t business-license -d record.json -o unsigned.ofd
    joint_record >joint.json
    trial issue -t land-site-opinion -d joint.json --seal official --key agency -o half.ofd
    second seal half.ofd --seal official --key agency -o joint.ofd
}

both() { ecert verify --trust "$AUTHORITY/trust" --trust "$SECOND/trust" "$@"; }

# The longest a hostile file may take, in seconds; the sanitizers are slow.
case ${ECERT_DIR:-} in
*build-*) PATIENCE=20 ;;
*) PATIENCE=2 ;;
esac

# refuses CODE FILE: at once, with status 9 and this finding
refuses()
{
    fails 9 timeout $PATIENCE ecert verify --config "$AUTHORITY/config.yaml" "$2"
    says "$1"
}

# ---- the answer is yes ----

@test "a licence as issued passes under its trust, and every answer is yes" {
    ok trial verify "$LICENCE"
    says "passed  $LICENCE  1 seal  TEST 示例市市场监督管理局(测试)"
    [ "$(wc -l <out)" -eq 1 ]
    ok trial verify "$LICENCE" --json
    answer .verdict passed
    answer '.items[0].answers | [.[]]' '["yes","yes","yes","yes"]'
    answer '.items[0].coverage.complete' true
    answer '.items[0].signatures[0] | [.kind, .format, .indication, .sub_indication, .page, .box_mm]' \
        '["seal","SES-4","TOTAL-PASSED",null,1,[208,134,42,42]]'
    answer '[.items[0].signatures[0].steps[].result] | unique' '["passed"]'
    answer .network false
}

@test "the verdict is said in Chinese to those who read Chinese" {
    ok trial --lang zh_CN verify "$LICENCE"
    says 通过 "1 枚印章"
    fails 5 trial --lang zh_CN verify "$BATS_FILE_TMPDIR/unsigned.ofd"
    says 没有
    fails 4 ecert --lang zh_CN verify "$LICENCE"
    says 不认识 根证书 --trust
}

@test "another ZIP writer's package of the same members passes, in any order" {
    edit "$LICENCE" stored.ofd
    ok trial verify stored.ofd
    edit "$LICENCE" moved.ofd last OFD.xml
    ok trial verify moved.ofd
}

@test "a licence on standard input is judged like a file" {
    ok trial verify <"$LICENCE"
    says "passed  -"
    ok trial verify - <"$LICENCE"
    fails 9 trial verify </dev/null
}

# ---- what was changed ----

@test "one bit in any member makes the answer no" {
    for name in $(unzip -Z1 "$LICENCE" | grep -v Signatures.xml); do
        case $name in
        *.xml) edit "$LICENCE" b.ofd digit "$name" ;;
        *) edit "$LICENCE" b.ofd flip "$name" ;;
        esac
        fails 1 trial verify b.ofd
        says "failed  b.ofd"
    done
}

@test "a changed part is named first, with what to do" {
    edit "$LICENCE" b.ofd digit Doc_0/Pages/Page_0/Content.xml
    fails 1 trial verify b.ofd
    [[ $(sed -n 2p out) == *"DIG201 error"*"Doc_0/Pages/Page_0/Content.xml was changed after signing"* ]]
    says "ask the issuer for the original"
    fails 1 trial verify b.ofd --json
    answer '.items[0].coverage.changed_after' '["Doc_0/Pages/Page_0/Content.xml"]'
    answer '.items[0].answers.intact' no
    answer '.items[0].signatures[0].sub_indication' HASH_FAILURE
}

@test "one bit of the value, of the certificate in it, of its seal: each is no" {
    local size at
    member "$LICENCE" Doc_0/Signs/Sign_0/SignedValue.dat >value
    size=$(wc -c <value)
    openssl x509 -in "$AUTHORITY/agency/agency.crt" -outform DER -out agency.der
    at=$(perl -0777 -e 'open A, "value"; open B, "agency.der"; print index <A>, <B>')
    [ "$at" -gt 0 ]
    for bit in $((size - 1)) $((size - 40)) $((at + 60)) 200 9000; do
        edit "$LICENCE" b.ofd flip Doc_0/Signs/Sign_0/SignedValue.dat $bit
        fails 1 trial verify b.ofd
    done
    edit "$LICENCE" b.ofd flip Doc_0/Signs/Sign_0/SignedValue.dat $((size - 1))
    fails 1 trial verify b.ofd
    says SIG201
    edit "$LICENCE" b.ofd put Doc_0/Signs/Sign_0/SignedValue.dat value
    ok trial verify b.ofd
}

@test "a surplus byte behind the value is no" {
    member "$LICENCE" Doc_0/Signs/Sign_0/SignedValue.dat >value
    printf x >>value
    edit "$LICENCE" b.ofd put Doc_0/Signs/Sign_0/SignedValue.dat value
    fails 1 trial verify b.ofd
}

@test "a newline in Signature.xml is no, and so are references in another order" {
    member "$LICENCE" Doc_0/Signs/Sign_0/Signature.xml >plain.xml
    (cat plain.xml && echo) >more.xml
    edit "$LICENCE" b.ofd put Doc_0/Signs/Sign_0/Signature.xml more.xml
    fails 1 trial verify b.ofd
    says SIG203
    perl -0pe 's{(<ofd:Reference .*?</ofd:Reference>)(<ofd:Reference .*?</ofd:Reference>)}{$2$1}' plain.xml >order.xml
    fails 1 cmp -s plain.xml order.xml
    edit "$LICENCE" b.ofd put Doc_0/Signs/Sign_0/Signature.xml order.xml
    fails 1 trial verify b.ofd
    says SIG203
}

@test "licence.json with another name in it is no, however well the package is put together" {
    for name in Doc_0/Attachs/licence.json OFD.xml Doc_0/Pages/Page_0/Content.xml; do
        edit "$LICENCE" b.ofd swap $name 张三 李四
        fails 1 trial verify b.ofd
        says "$name was changed after signing"
    done
}

@test "face, metadata and codes that disagree are no, signed or not" {
    unsigned=$BATS_FILE_TMPDIR/unsigned.ofd
    edit "$unsigned" b.ofd swap OFD.xml '"KZ_FDDBR">张三' '"KZ_FDDBR">李四'
    fails 1 trial verify b.ofd
    says OFD206
    edit "$unsigned" b.ofd swap Doc_0/Pages/Page_0/Content.xml 长期 短期
    fails 1 trial verify b.ofd --json
    answer '.items[0].answers.face_agrees' no
    answer '.items[0].findings[] | select(.code == "OFD206").where.field' 营业期限至
    edit "$unsigned" b.ofd swap OFD.xml '.001.L<' '.001.M<' swap Doc_0/Attachs/licence.json '.001.L"' '.001.M"'
    fails 1 trial verify b.ofd
    says IDN201
    edit "$unsigned" b.ofd
    fails 5 trial verify b.ofd
}

@test "a covered member that is gone is no; one that was added is undecided and named" {
    edit "$LICENCE" b.ofd drop Doc_0/Res/image_0.png
    fails 1 trial verify b.ofd
    says DIG202 "Doc_0/Res/image_0.png is missing"
    echo '<evil/>' >evil.xml
    edit "$LICENCE" b.ofd add Doc_0/evil.xml evil.xml
    fails 4 trial verify b.ofd
    says DIG103 "Doc_0/evil.xml is covered by no signature"
    fails 4 trial verify b.ofd --json
    answer '.items[0].coverage | [.complete, .uncovered]' '[false,["Doc_0/evil.xml"]]'
}

@test "a seal file changed for another agency's is no" {
    edit "$LICENCE" b.ofd put Doc_0/Signs/Sign_0/Seal.esl "$SECOND/seals/official.esl"
    fails 1 trial verify b.ofd
    says OFD202
}

@test "a signature list taken out is no; one emptied, with the signature still there, is never yes" {
    edit "$LICENCE" b.ofd drop Doc_0/Signs/Signatures.xml
    fails 1 trial verify b.ofd
    says OFD204 OFD103
    entry=$(member "$LICENCE" Doc_0/Signs/Signatures.xml | grep -o '<ofd:Signature ID[^>]*>')
    edit "$LICENCE" b.ofd swap Doc_0/Signs/Signatures.xml "$entry" ''
    fails 5 trial verify b.ofd
    says OFD103 "Doc_0/Signs/Sign_0 holds a signature that the signature list does not name"
    fails 5 trial verify b.ofd --json
    answer .verdict unsigned
}

@test "a listed signature whose parts are gone is no" {
    for name in Signature.xml SignedValue.dat; do
        edit "$LICENCE" b.ofd drop Doc_0/Signs/Sign_0/$name
        fails 1 trial verify b.ofd
    done
}

# ---- who says so ----

@test "an unsigned file is 5 and says so" {
    fails 5 trial verify "$BATS_FILE_TMPDIR/unsigned.ofd"
    says "unsigned  " "carries no seal and no signature"
    fails 5 trial verify "$BATS_FILE_TMPDIR/unsigned.ofd" --json
    answer .verdict unsigned
    answer .exit_status 5
}

@test "a chain to nobody's anchor is 4, names the root that is missing and what would decide" {
    id=$(openssl x509 -in "$AUTHORITY/ca/root.crt" -noout -ext subjectKeyIdentifier | tail -1 | tr -d ' :')
    for trust in "" "--trust $SECOND/trust"; do
        fails 4 ecert verify "$LICENCE" $trust
        says CRT101 "ecert TEST Root CA" "$id" "--trust DIR"
    done
    ok ecert verify "$LICENCE" --trust "$AUTHORITY/trust"
    fails 4 ecert verify "$LICENCE" --json
    answer '.items[0].answers | [.intact, .issuer_trusted]' '["yes","unknown"]'
    answer '.items[0].signatures[0] | [.indication, .sub_indication]' '["INDETERMINATE","NO_CERTIFICATE_CHAIN_FOUND"]'
}

@test "a broken file stays no without any trust" {
    edit "$LICENCE" b.ofd digit Doc_0/Document.xml
    fails 1 ecert verify b.ofd
}

@test "a trust that is not there is 2, by name or by path" {
    fails 2 trial verify "$LICENCE" --trust nowhere
    says "no trust 'nowhere'" default
    fails 2 trial verify "$LICENCE" --trust ./nowhere
    ok trial verify "$LICENCE" --trust default
}

# sm3 CERT: the digest that issuers.yaml names a certificate by
sm3() { openssl x509 -in "$1" -outform DER | openssl dgst -sm3 -r | cut -d' ' -f1; }

@test "a trust folder that lists its issuers decides who may issue what, with which key" {
    cp -R "$AUTHORITY/trust" trust
    ok ecert verify "$LICENCE" --trust trust -v
    says CRT306
    agency=$(sm3 "$AUTHORITY/agency/agency.crt") root=$(sm3 "$AUTHORITY/ca/root.crt") maker=$(sm3 "$AUTHORITY/ca/maker.crt")
    other=$(sm3 "$SECOND/agency/agency.crt")
    own='uscc: 11330199MB0TE5T1X6' type='types: [11100000MB0143028R001]'
    while IFS='|' read -r status code text; do
        printf '%b' "$text" >trust/issuers.yaml
        fails "$status" ecert verify "$LICENCE" --trust trust -v
        silent CRT306
        [ -z "$code" ] || says "$code"
    done <<LISTS
0||issuers: [{$own, $type, certs: [$agency]}]
0||issuers: [{$own, types: ["*"], anchors: [$root]}]
0||issuers: [{name: 示例市市场监督管理局(测试), types: ["*"], certs: [$agency]}]
4|CRT105|issuers: [{uscc: 11330199MB0TE5T286, types: ["*"], certs: [$agency]}]
4|CRT106|issuers: [{$own, types: [11100000MB0143028R002], certs: [$agency]}]
4|CRT107|issuers: [{$own, types: ["*"], certs: [$other]}]
0||issuers: [{$own, types: ["*"], certs: [$agency]}]\\nmakers: [$maker]
4|CRT108|issuers: [{$own, types: ["*"], certs: [$agency]}]\\nmakers: [$other]
LISTS
    fails 4 ecert verify "$LICENCE" --trust trust --json
    answer '.items[0] | [.answers.intact, .answers.issuer_trusted]' '["yes","unknown"]'
    printf 'issuers:\n  - {uscc: wrong}\n' >trust/issuers.yaml
    fails 2 ecert verify "$LICENCE" --trust trust
    says issuers.yaml:2
}

@test "a list speaks of those under its own anchors, and of several issuers one that may is enough" {
    cp -R "$AUTHORITY/trust" trust
    printf 'issuers: [{uscc: 11330199MB0TE5T1X6, types: ["*"], certs: [%s]}]\n' \
        "$(sm3 "$AUTHORITY/agency/agency.crt")" >trust/issuers.yaml
    ok ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust trust --trust "$SECOND/trust"
    cp -R "$SECOND/trust" other
    printf 'issuers: [{uscc: 11330199MB0TE5T361, types: ["*"], certs: [%s]}]\n' \
        "$(sm3 "$SECOND/agency/agency.crt")" >other/issuers.yaml
    fails 4 ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust trust --trust other
    says CRT105
}

# revoke WHEN: a list of the first authority that revokes the agency's certificate at yymmddHHMMSSZ
revoke()
{
    local serial
    serial=$(openssl x509 -in "$AUTHORITY/agency/agency.crt" -noout -serial | cut -d= -f2)
    printf 'R\t361122000000Z\t%s\t%s\tunknown\t/CN=x\n' "$1" "$serial" >index.txt
    echo 05 >crlnumber
    cat >ca.cnf <<CNF
[ca]
default_ca = trial
[trial]
database = index.txt
crlnumber = crlnumber
default_crl_days = 3650
CNF
    openssl ca -gencrl -config ca.cnf -md sm3 -sigopt distid:1234567812345678 -cert "$AUTHORITY/ca/root.crt" \
        -keyfile "$AUTHORITY/ca/root.key" -out revoked.crl 2>openssl.log
}

@test "a certificate revoked before the seal is no; revoked after it, the seal stays good" {
    revoke "$(date -u -d yesterday +%y%m%d%H%M%SZ)"
    fails 1 trial verify "$LICENCE" --crl revoked.crl
    says CRT205 revoked
    fails 1 trial verify "$LICENCE" --crl revoked.crl --json
    answer '.items[0].signatures[0].sub_indication' REVOKED
    revoke "$(date -u -d tomorrow +%y%m%d%H%M%SZ)"
    ok trial verify "$LICENCE" --crl revoked.crl --at "$(date -u -d '2 days' +%F)"
}

@test "a revocation list that is somebody else's, spoilt or missing" {
    ok trial verify "$LICENCE" --crl "$SECOND/trust/crls/root.crl"
    fails 3 trial verify "$LICENCE" --crl nowhere.crl
    echo rubbish >bad.crl
    got=0
    trial verify "$LICENCE" --crl bad.crl >out 2>err || got=$?
    [ $got -eq 2 ] || [ $got -eq 9 ]
    says bad.crl
    cp -R "$AUTHORITY/trust" bare
    rm bare/crls/*
    ok ecert verify "$LICENCE" --trust bare --verbose
    says CRT301
}

# ---- joint seals ----

@test "two agencies' seals are both good when both are trusted, else undecided" {
    ok both "$BATS_FILE_TMPDIR/joint.ofd"
    says "2 seals"
    ok both "$BATS_FILE_TMPDIR/joint.ofd" --json
    answer '[.items[0].signatures[] | [.id, .indication]]' '[["s001","TOTAL-PASSED"],["s003","TOTAL-PASSED"]]'
    fails 4 trial verify "$BATS_FILE_TMPDIR/joint.ofd" --json
    answer '[.items[0].signatures[].indication]' '["TOTAL-PASSED","INDETERMINATE"]'
    fails 4 second verify "$BATS_FILE_TMPDIR/joint.ofd"
}

@test "fewer seals than the licence requires is undecided" {
    fails 4 both "$BATS_FILE_TMPDIR/half.ofd"
    says OFD104 "1 of the 2 seals"
}

@test "the last of several seals stripped from the list is never yes" {
    entry=$(member "$BATS_FILE_TMPDIR/joint.ofd" Doc_0/Signs/Signatures.xml | grep -o '<ofd:Signature ID="s003[^>]*>')
    edit "$BATS_FILE_TMPDIR/joint.ofd" b.ofd swap Doc_0/Signs/Signatures.xml "$entry" ''
    fails 4 both b.ofd
    says OFD103 OFD104
    for name in Signature.xml SignedValue.dat Seal.esl; do
        edit b.ofd c.ofd drop Doc_0/Signs/Sign_1/$name
        mv c.ofd b.ofd
    done
    fails 4 both b.ofd # without a trace but the requirement of the licence
    says OFD104
}

@test "a bit in either seal of two is no, and the other's steps stay as they are" {
    for folder in Sign_0 Sign_1; do
        edit "$BATS_FILE_TMPDIR/joint.ofd" b.ofd flip Doc_0/Signs/$folder/SignedValue.dat 2000
        fails 1 both b.ofd
    done
    fails 1 both b.ofd --json
    answer '[.items[0].signatures[].indication]' '["TOTAL-PASSED","TOTAL-FAILED"]'
}

@test "--require asks for more: seals, status" {
    ok trial verify "$LICENCE" --require seals=1
    fails 4 trial verify "$LICENCE" --require seals=2
    says OFD104
    fails 4 trial verify "$LICENCE" --require status
    says OFD313
    fails 4 trial verify "$LICENCE" --require seals=1,status
    for bad in seals seals=0 seals=x nonsense ,; do
        fails 2 trial verify "$LICENCE" --require $bad
    done
}

# ---- time ----

@test "outside the licence's own validity the answer is no and the seal's steps are unchanged" {
    ok both "$BATS_FILE_TMPDIR/joint.ofd" --json --at 2029-03-01
    jq -S '.items[0].signatures' out >inside
    answer '.items[0].answers.in_force' yes
    fails 1 both "$BATS_FILE_TMPDIR/joint.ofd" --json --at 2029-03-02
    answer '.items[0].answers | [.intact, .in_force, .issuer_trusted]' '["yes","no","yes"]'
    answer '[.items[0].findings[] | select(.severity == "error").code]' '["TIM292"]'
    jq -S '.items[0].signatures' out | diff inside -
}

@test "before its start a licence is not in force yet, and on its first day it is" {
    until=$(date -d '+20 days' +%F)
    record "营业期限自=$(date -d '+10 days' +%F)" "成立日期=2026-01-01" >early.json
    trial issue -t business-license -d early.json --seal official --key agency -o early.ofd
    fails 1 trial verify early.ofd
    says TIM291
    fails 1 trial verify early.ofd --at "$(date -d '+9 days' +%F)"
    ok trial verify early.ofd --at "$(date -d '+10 days' +%F)"
    record "营业期限至=$until" >short.json
    trial issue -t business-license -d short.json --seal official --key agency -o short.ofd
    ok trial verify short.ofd --at "$until 23:59:59"
    fails 1 trial verify short.ofd --at "$(date -d '+21 days' +%F)"
    says TIM292
}

@test "an open end never ends, and a certificate that ended after the seal is no fault" {
    ok trial verify "$LICENCE" --at 2099-01-01
    fails 1 trial verify "$LICENCE" --at 2020-02-29
}

@test "a time before the seal was put on is undecided; what is no time is 2" {
    fails 4 trial verify "$LICENCE" --at 2025-01-01
    says TIM102
    fails 2 trial verify "$LICENCE" --at yesterday
    says "--at" yesterday
}

@test "the time of the check is the time that was asked for" {
    ok trial verify "$LICENCE" --json --at 2027-01-01T00:00:00+08:00
    answer .validation_time 2026-12-31T16:00:00Z
}

# ---- several files ----

@test "the worst file decides, and the report has each one's own answer" {
    unsigned=$BATS_FILE_TMPDIR/unsigned.ofd half=$BATS_FILE_TMPDIR/half.ofd
    edit "$LICENCE" b.ofd digit Doc_0/Document.xml
    echo rubbish >r.ofd
    fails 5 trial verify "$LICENCE" "$unsigned"
    fails 4 trial verify "$half" "$unsigned" "$LICENCE"
    fails 1 trial verify "$unsigned" b.ofd "$half"
    fails 9 trial verify b.ofd r.ofd "$LICENCE"
    fails 3 trial verify b.ofd r.ofd nowhere.ofd "$LICENCE"
    fails 3 trial verify b.ofd r.ofd nowhere.ofd "$half" "$unsigned" "$LICENCE" --json
    answer .exit_status 3
    answer '[.items[].verdict]' '["failed","error","error","indeterminate","unsigned","passed"]'
    answer '.summary | [.items, .passed, .failed, .indeterminate, .unsigned, .errors]' '[6,1,1,1,1,2]'
}

@test "a missing file is 3, a bad signature 1, no file that matches 2" {
    fails 3 trial verify nowhere.ofd
    says nowhere.ofd
    edit "$LICENCE" b.ofd digit Doc_0/Document.xml
    fails 1 trial verify b.ofd
    fails 2 trial verify '*.nothing'
    says "no file matches '*.nothing'"
    fails 2 trial verify .
}

@test "files are read from a list, with newlines or NULs; an empty list is 2" {
    cp "$LICENCE" 'with space.ofd'
    printf '%s\r\nwith space.ofd\n\n' "$LICENCE" >list
    ok trial verify --files-from list
    [ "$(wc -l <out)" -eq 2 ]
    printf '%s\0with space.ofd\0' "$LICENCE" | ok trial verify -0 --files-from -
    [ "$(wc -l <out)" -eq 2 ]
    : >list
    fails 2 trial verify --files-from list
    says "list names no file"
    fails 3 trial verify --files-from nowhere
}

@test "as many at once as you like: the same lines in the same order" {
    for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
        if [ $((10#$i % 3)) -eq 0 ]; then edit "$LICENCE" $i.ofd digit OFD.xml; else cp "$LICENCE" $i.ofd; fi
    done
    fails 1 trial verify -j 1 ./*.ofd
    cp out one
    for jobs in 2 7; do
        fails 1 trial verify -j $jobs ./*.ofd
        diff one out
    done
    [ "$(grep -c '^passed' out)" -eq 14 ]
}

# ---- for scripts ----

@test "JSON is the same bytes in every language and time zone; text is not" {
    both --json --at 2030-01-01 "$BATS_FILE_TMPDIR/joint.ofd" >c || [ $? -eq 1 ]
    for place in "zh_CN.UTF-8 Asia/Shanghai" "C America/New_York" "de_DE Pacific/Apia"; do
        LC_ALL=${place% *} LANGUAGE=zh_CN TZ=${place#* } both --json --at 2030-01-01 "$BATS_FILE_TMPDIR/joint.ofd" |
            cmp c - || return 1
        LC_ALL=${place% *} TZ=${place#* } both --jsonl --at 2030-01-01 "$BATS_FILE_TMPDIR/joint.ofd" >lines || [ $? -eq 1 ]
        [ ! -e first ] || cmp first lines
        cp lines first
    done
    both --lang zh_CN --at 2030-01-01 "$BATS_FILE_TMPDIR/joint.ofd" >zh || [ $? -eq 1 ]
    both --lang en --at 2030-01-01 "$BATS_FILE_TMPDIR/joint.ofd" >en || [ $? -eq 1 ]
    fails 1 cmp -s zh en
}

@test "every object of the report always has all its keys" {
    edit "$LICENCE" b.ofd digit OFD.xml
    keys='[(. | keys), (.items[] | keys, (.identity, .answers, .coverage | keys)), (.items[].signatures[] | keys, (.signer | keys)), (.items[].findings[] | keys, (.where | keys), (.text | keys))] | unique'
    ok trial verify --json "$LICENCE"
    jq "$keys" out >want
    fails 3 trial verify --json "$LICENCE" b.ofd "$BATS_FILE_TMPDIR/unsigned.ofd" nowhere.ofd /dev/null
    jq "$keys" out | diff want -
    jq -e '[keys_unsorted == ["schema","tool","command","verdict","exit_status","validation_time","policy","network","insecure","summary","items"],
        (.items[] | keys_unsorted == ["path","sm3","size","identity","verdict","answers","coverage","signatures","findings"])] | all' out
}

@test "a stream of events begins with its version and ends with its summary" {
    fails 5 trial verify --jsonl "$LICENCE" "$BATS_FILE_TMPDIR/unsigned.ofd"
    jq -se '[.[].type] == ["version","item","item","summary"] and .[0].schema == "ecert.events/1" and .[3].exit_status == 5' out
}

@test "more findings than a report holds are counted, and said" {
    echo x >x
    for i in $(seq 1100); do printf 'add Doc_0/n%s x ' "$i"; done | xargs perl "$BATS_TEST_DIRNAME/package.pl" "$LICENCE" b.ofd
    fails 4 trial verify --json b.ofd
    answer .summary.truncated true
    answer '.items[0].findings | length' 1000
    fails 4 trial verify b.ofd
    says "more findings"
    ok trial verify --json "$LICENCE"
    answer .summary.truncated false
}

@test "nothing but answers on standard output, and nothing at all on standard error" {
    ok trial verify "$LICENCE" "$LICENCE" "$LICENCE" --progress auto
    [ ! -s err ]
    fails 5 trial verify --json "$BATS_FILE_TMPDIR/unsigned.ofd"
    [ ! -s err ]
    ok trial verify --quiet "$LICENCE"
    says passed
    ok trial verify "$LICENCE" --progress always
    grep -q "1 of 1" err
    ok trial verify "$LICENCE" --progress json
    jq -e '.type == "progress" and .done == 1 and .total == 1' err
}

@test "colour only where it is asked for or seen" {
    ok trial verify "$LICENCE"
    silent $'\033'
    ok trial verify "$LICENCE" --color always
    grep -q $'\033' out
    needs_terminal
    script -qec "ecert --config '$AUTHORITY/config.yaml' verify '$LICENCE'" /dev/null >seen
    grep -q $'\033' seen
    NO_COLOR=1 script -qec "ecert --config '$AUTHORITY/config.yaml' verify '$LICENCE'" /dev/null >seen
    fails 1 grep -q $'\033' seen
}

@test "no file and a terminal to read from is called wrongly" {
    got=0
    needs_terminal
    script -qec "ecert verify" /dev/null >seen || got=$?
    [ $got -eq 2 ]
    grep -q "which file" seen
}

@test "a full disk under the answer is 3" {
    fails 3 sh -c "ecert --config '$AUTHORITY/config.yaml' verify '$LICENCE' >/dev/full"
    fails 3 sh -c "ecert --config '$AUTHORITY/config.yaml' verify --json '$LICENCE' >/dev/full"
}

@test "names and numbers of people are masked, unless they are asked for" {
    record 名称=王小明 >person.json
    trial issue -t business-license -d person.json --seal official --key agency -o person.ofd
    edit person.ofd b.ofd swap OFD.xml '"KZ_MC">王小明' '"KZ_MC">王小月'
    for how in "" --json --jsonl; do
        fails 1 trial verify b.ofd $how
        silent 王小明
    done
    fails 1 trial verify b.ofd --json
    answer '.items[0].identity | [.holder, .number]' '["王**","3301************0001"]'
    fails 1 trial verify b.ofd --json --show-personal
    answer '.items[0].identity | [.holder, .number]' '["王小明","33019900202603010001"]'
}

# ---- what is no licence at all ----

@test "what is no package is 9 at once and leaves nothing" {
    size=$(wc -c <"$LICENCE")
    for n in 0 1 3 4 30 100 $((size / 2)) $((size - 1)) $((size - 22)); do
        head -c "$n" "$LICENCE" >cut.ofd
        refuses PKG cut.ofd
    done
    echo 'not a package at all, only text' >text.ofd
    refuses PKG001 text.ofd
    (printf JUNKJUNK && cat "$LICENCE") >junk.ofd
    refuses PKG junk.ofd
    (cat "$LICENCE" && printf JUNK) >tail.ofd
    refuses PKG tail.ofd
    rm cut.ofd text.ofd junk.ofd tail.ofd
    only
}

@test "members that lie are 9: encrypted, twice there, absolute, climbing out, of another size" {
    echo x >x
    edit "$LICENCE" b.ofd encrypted Doc_0/Document.xml
    refuses PKG006 b.ofd
    edit "$LICENCE" b.ofd add Doc_0/Document.xml x
    refuses PKG004 b.ofd
    edit "$LICENCE" b.ofd add doc_0/DOCUMENT.xml x
    refuses PKG004 b.ofd
    for name in /etc/passwd ../evil Doc_0/../../evil 'Doc_0\..\evil'; do
        edit "$LICENCE" b.ofd add "$name" x
        refuses PKG005 b.ofd
    done
    edit "$LICENCE" b.ofd lie Doc_0/Document.xml 5
    refuses PKG b.ofd
    edit "$LICENCE" b.ofd drop OFD.xml
    refuses PKG007 b.ofd
}

@test "a bomb is 9 before it goes off" {
    edit "$LICENCE" b.ofd bomb Doc_0/zeroes 300
    [ "$(wc -c <b.ofd)" -lt 2000000 ]
    refuses PKG b.ofd
    edit "$LICENCE" b.ofd bomb Doc_0/a 5 bomb Doc_0/b 5
    fails 4 timeout $PATIENCE ecert --config "$AUTHORITY/config.yaml" verify b.ofd
}

# xml FILE: the licence with this for its Document.xml
xml() { edit "$LICENCE" b.ofd put Doc_0/Document.xml "$1"; }

@test "hostile XML is 9: document types, entities, depth, wrong encodings, nonsense" {
    root='xmlns:ofd="http://www.ofdspec.org/2016"'
    echo "<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><ofd:Document $root/>" >doc.xml
    xml doc.xml
    refuses XML b.ofd
    echo "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><ofd:Document $root>&b;</ofd:Document>" >doc.xml
    xml doc.xml
    refuses XML b.ofd
    perl -e 'print "<a>" x 10000, "</a>" x 10000' >doc.xml
    xml doc.xml
    refuses XML b.ofd
    printf '<?xml version="1.0" encoding="UTF-8"?><ofd:Document %s>\xff\xfe</ofd:Document>' "$root" >doc.xml
    xml doc.xml
    refuses XML b.ofd
    for text in '' '<' '<a' '<a></b>' 'text' '<a>&undefined;</a>'; do
        echo "$text" >doc.xml
        xml doc.xml
        refuses XML b.ofd
    done
}

@test "a refusal says file, part and line" {
    printf '<?xml version="1.0"?>\n<a>\n</b>\n' >doc.xml
    xml doc.xml
    fails 9 trial verify b.ofd --json
    answer '.items[0].findings[0] | [.code, .where.part, .where.line, .clause]' '["XML001","Doc_0/Document.xml",3,"GB/T 33190-2016 7.1"]'
    answer .verdict error
}

@test "two documents in one package are 9" {
    body=$(member "$LICENCE" OFD.xml | grep -o '<ofd:DocBody>.*</ofd:DocBody>')
    edit "$LICENCE" b.ofd swap OFD.xml '</ofd:DocBody>' "</ofd:DocBody>$body"
    refuses OFD001 b.ofd
}

@test "a licence whose page links to nothing is told, not followed" {
    edit "$LICENCE" b.ofd swap Doc_0/Document.xml Pages/Page_0 Pages/Page_7
    fails 1 trial verify b.ofd
    says OFD301
}
