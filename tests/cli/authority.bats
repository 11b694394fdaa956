#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert authority: a trial authority in one folder, all of it marked TEST.

load common

setup_file()
{
    surroundings
    cd "$BATS_FILE_TMPDIR" || return 1
    ecert authority new trial >said
}

TRIAL=$BATS_FILE_TMPDIR/trial

@test "a new authority is a whole folder, and says how it is used" {
    for file in ca/root.crt ca/root.key ca/maker.crt ca/maker.key agency/agency.crt agency/agency.key seals/official.esl \
        seals/official.png trust/anchors/root.crt trust/crls/root.crl config.yaml; do
        [ -s "$TRIAL/$file" ] || { echo "no $file"; return 1; }
    done
    grep -q -- "--config trial/config.yaml" "$BATS_FILE_TMPDIR/said"
    [ -z "$(find "$TRIAL" -name '*.XXXXXX' -o -name 'trial.*')" ]
    ok ecert authority new quiet --quiet
    [ ! -s out ]
}

@test "with its configuration alone a licence is issued, sealed, verified and noted" {
    cp -R "$TRIAL" demo
    record >r.json
    ok ecert --config demo/config.yaml issue -t business-license -d r.json --seal official --key agency -o a.ofd
    ok ecert --config demo/config.yaml verify a.ofd
    ok ecert explain --journal demo/journal.jsonl
    says a.ofd
    fails 4 ecert verify a.ofd
}

@test "everything says TEST, and the private keys are private" {
    for cert in ca/root ca/maker agency/agency; do
        openssl x509 -in "$TRIAL/$cert.crt" -noout -subject | grep -q TEST
        [ "$(stat -c %a "$TRIAL/$cert.key")" = 600 ]
    done
    ok ecert eseal show "$TRIAL/seals/official.esl"
    says TEST 测试
    ok ecert --config "$TRIAL/config.yaml" eseal check "$TRIAL/seals/official.esl"
    fails 4 ecert eseal check "$TRIAL/seals/official.esl"
}

@test "the drawn seal is an indexed PNG of at most 10 kB with transparency" {
    [ "$(wc -c <"$TRIAL/seals/official.png")" -le 10000 ]
    [ "$(od -An -tu1 -j25 -N1 "$TRIAL/seals/official.png" | tr -d ' ')" = 3 ]
    grep -qa tRNS "$TRIAL/seals/official.png"
}

@test "each certificate ends before its issuer's, and the first revocation list lasts as long as the root" {
    ends() { date -d "$(openssl x509 -in "$TRIAL/$1" -noout -enddate | cut -d= -f2)" +%s; }
    [ "$(ends agency/agency.crt)" -lt "$(ends ca/maker.crt)" ]
    [ "$(ends ca/maker.crt)" -lt "$(ends ca/root.crt)" ]
    [ "$(openssl crl -in "$TRIAL/trust/crls/root.crl" -noout -nextupdate | cut -d= -f2)" = \
        "$(openssl x509 -in "$TRIAL/ca/root.crt" -noout -enddate | cut -d= -f2)" ]
}

@test "agency and code of one's own go together, and the code passes its check" {
    ok ecert authority new own --agency '另一市行政审批局(测试)' --uscc 11330199MB0TE5T361
    ok ecert eseal show own/seals/official.esl
    says 'TEST 另一市行政审批局(测试)'
    grep -q 11330199MB0TE5T361 own/config.yaml
    fails 2 ecert authority new other --agency 某局
    fails 2 ecert authority new other --uscc 11330199MB0TE5T361
    fails 2 ecert authority new other --agency 某局 --uscc 11330199MB0TE5T362
    says 11330199MB0TE5T362
    only own
}

@test "an agency of a long name, of another script, of odd characters still gets its seal" {
    for name in 示例省示例自治州示例自治县人力资源和社会保障局行政审批服务中心 Example 局 '引"号:局'; do
        rm -rf odd
        ok ecert authority new odd --agency "$name" --uscc 11330199MB0TE5T361
        ok ecert --config odd/config.yaml eseal check odd/seals/official.esl
    done
}

@test "what is there already is never overwritten; an empty folder is as good as none" {
    mkdir full empty
    echo keep >full/kept
    echo keep >file
    fails 7 ecert authority new full
    fails 7 ecert authority new file
    [ "$(cat full/kept file | sort -u)" = keep ]
    [ "$(ls full)" = kept ]
    ok ecert authority new empty
    fails 7 ecert authority new empty
    ok ecert authority new deep/er/folder
    ok ecert authority new slash/
    [ -d slash/ca ]
}

@test "an unwritable place and a full disk are 3, and nothing is left" {
    : >file
    fails 3 ecert authority new file/sub
    (ulimit -f 2 && fails 3 ecert authority new made)
    only file
}

@test "keys are encrypted with a PIN when one is given" {
    echo 'one two three' >pin
    ok ecert authority new locked --pin-file pin
    grep -q 'BEGIN ENCRYPTED PRIVATE KEY' locked/agency/agency.key
    fails 8 ecert authority renew locked
    echo wrong >wrong
    fails 8 ecert authority renew locked --pin-file wrong
    ok ecert authority renew locked --pin-file pin
    fails 3 ecert authority new other --pin-file nowhere
    : >empty
    fails 8 ecert authority new other --pin-file empty
    [ ! -e other ]
    grep -q 'BEGIN PRIVATE KEY' "$TRIAL/agency/agency.key"
}

@test "renew makes a fresh revocation list with a higher number" {
    cp -R "$TRIAL" demo
    number() { openssl crl -in demo/trust/crls/root.crl -noout -text | grep -A1 'CRL Number' | tail -1 | tr -d ' '; }
    before=$(number)
    ok ecert authority renew demo
    [ "$(number)" -gt "$before" ]
    record >r.json
    ok ecert --config demo/config.yaml issue -t business-license -d r.json --seal official --key agency -o a.ofd
    ok ecert --config demo/config.yaml verify a.ofd -v
    silent CRT301 CRT302
    fails 3 ecert authority renew nowhere
    cp "$BATS_FILE_TMPDIR/trial/ca/maker.key" demo/ca/root.key
    fails 8 ecert authority renew demo
}
