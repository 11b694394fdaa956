#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert verify --diagnose: why another reader may say something else; the verdict stays.

load common

setup_file() { make_authority; }

XML=Doc_0/Signs/Sign_0/Signature.xml
PAGE=Doc_0/Pages/Page_0/Content.xml

# same_verdict FILE: status and all findings but the diagnoses are those without --diagnose
same_verdict()
{
    local plain=0 told=0
    trial verify --json "$1" >plain.json 2>/dev/null || plain=$?
    trial verify --json --diagnose "$1" >told.json 2>/dev/null || told=$?
    [ "$plain" -eq "$told" ]
    jq -S 'del(.validation_time, .items[].findings)' plain.json >plain
    jq -S 'del(.validation_time, .items[].findings)' told.json >told
    diff plain told
    jq -S '[.items[].findings[] | {code, severity}]' plain.json >plain
    jq -S '[.items[].findings[] | select(.code | test("^(SIG3[345]|DIG3[345])") | not) | {code, severity}]' told.json >told
    diff plain told
    jq -e '[.items[].findings[] | select(.code | test("^(SIG3[345]|DIG3[345])")) | .severity] | all(. == "info")' told.json
}

# changed NAME OUT COMMAND...: the licence with a member put through a filter
changed()
{
    local name=$1 out=$2
    shift 2
    member "$LICENCE" "$name" | "$@" >bytes
    edit "$LICENCE" "$out" put "$name" bytes
}

@test "a licence that passes has nothing to explain" {
    ok trial verify --diagnose "$LICENCE"
    silent SIG3 DIG3
    ok trial verify --diagnose --json "$LICENCE"
    answer '[.items[0].findings[].code | select(test("^(SIG3[345]|DIG3[345])"))]' '[]'
}

@test "a file that is right but of nobody we trust is said to be right" {
    fails 4 ecert verify --diagnose "$LICENCE"
    says SIG350 "no deviation to look for"
    fails 4 ecert verify "$LICENCE"
    silent SIG350
}

@test "line ends that were changed on the way are named, with the part" {
    changed $XML crlf.ofd perl -pe 's/\n/\r\n/'
    fails 1 trial verify --diagnose crlf.ofd
    says DIG332 "$XML" "another reader may show it as valid"
    fails 1 trial --lang zh_CN verify --diagnose crlf.ofd
    says DIG332 换行 另一款阅读器可能因此显示有效
    same_verdict crlf.ofd
}

@test "a byte order mark, a final line break and the other namespace are named" {
    changed $XML bom.ofd sed '1s/^/\xef\xbb\xbf/'
    fails 1 trial verify --diagnose bom.ofd
    says DIG330
    changed $PAGE end.ofd sed '$a\'
    same_verdict end.ofd
    fails 1 trial verify --diagnose end.ofd
    says DIG336 "$PAGE"
    changed $XML old.ofd sed 's,ofdspec.org/2016,ofdspec.org,'
    fails 1 trial verify --diagnose old.ofd
    says DIG337
}

@test "what really differs is said to differ, and where" {
    edit "$LICENCE" flipped.ofd flip $PAGE
    fails 1 trial verify --diagnose flipped.ofd
    says DIG201 DIG349 "really differs (1): $PAGE"
    same_verdict flipped.ofd
    edit "$LICENCE" value.ofd flip Doc_0/Signs/Sign_0/SignedValue.dat
    same_verdict value.ofd
}

@test "a part under another name is found by its digest" {
    edit "$LICENCE" renamed.ofd name $PAGE Doc_0/Pages/Page_0/content.xml
    fails 1 trial verify --diagnose renamed.ofd
    says DIG347 Doc_0/Pages/Page_0/content.xml
    same_verdict renamed.ofd
    edit "$LICENCE" gone.ofd drop Doc_0/Attachs/salts.json
    fails 1 trial verify --diagnose gone.ofd
    says DIG351 salts.json
}

@test "a detached signature over a file whose line ends changed is explained" {
    printf 'one\ntwo\n' >text
    ok trial sign --detached -o text.p7s --key agency text
    ok trial verify --detached text.p7s text
    sed 's/$/\r/' text >crlf
    fails 1 trial verify --detached text.p7s --diagnose crlf
    says DIG332
    fails 1 trial verify --detached text.p7s crlf
    silent DIG332
    printf 'one\nTWO\n' >other
    fails 1 trial verify --detached text.p7s --diagnose other
    says DIG349
}

@test "every diagnosis can be looked up" {
    for code in SIG33{0..9} SIG34{0..9} SIG350 DIG33{0..9} DIG34{0..9} DIG35{0..2}; do
        ok ecert explain "$code"
        says "$code"
    done
}
