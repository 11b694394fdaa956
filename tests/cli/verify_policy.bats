#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert verify: policies, what --require demands, facts kept and judged again, --detailed.

load common

setup_file()
{
    make_authority
    trial issue -t business-license -d record.json -o unsealed.ofd
    printf x >x
    edit licence.ofd stray.ofd add Doc_0/x.xml x
    sed 's/示例市/他市/' <(member licence.ofd Doc_0/Pages/Page_0/Content.xml) >page.xml
    edit licence.ofd changed.ofd put Doc_0/Pages/Page_0/Content.xml page.xml
    head -c 3000 licence.ofd >cut.ofd
}

FILES="licence.ofd unsealed.ofd stray.ofd changed.ofd cut.ofd"

at() { echo "$BATS_FILE_TMPDIR/$1"; }
policy() { printf '%s\n' "$@" >policy.yaml; }

# ---- policies by name and by file ----

@test "the report names the policy and the digest of its bytes" {
    ok trial verify --json "$LICENCE"
    answer .policy.name default
    answer '.policy.sm3 | length' 64
    fails 4 trial verify --json --policy strict "$LICENCE"
    answer .policy.name strict
    policy 'name: mine' 'extends: default'
    ok trial verify --json --policy policy.yaml "$LICENCE"
    answer .policy.name mine
    answer .policy.sm3 "$(openssl dgst -sm3 -r policy.yaml | cut -c1-64)"
    answer .insecure '[]'
}

@test "the policies inside the program are those of the templates folder" {
    fails 4 trial verify --json --policy strict "$LICENCE"
    answer .policy.sm3 "$(openssl dgst -sm3 -r "$ECERT_TEMPLATES/policies/strict.yaml" | cut -c1-64)"
}

@test "strict wants proof of time, a list of issuers, and everything covered" {
    fails 4 trial verify --json --policy strict "$LICENCE"
    answer '.items[0].signatures[0].sub_indication' NO_POE
    answer '[.items[0].signatures[0].steps[] | select(.id == "time-proof") | .result][0]' unknown
    says TIM104 CRT306
    fails 4 trial verify "$(at stray.ofd)"
    fails 1 trial verify --policy strict "$(at stray.ofd)"
    says "DIG103 error"
}

@test "archive wants proof of time" {
    fails 4 trial verify --policy archive "$LICENCE"
    says TIM104
}

@test "an unknown policy, or one with a fault, is exit 2 and nothing is done" {
    fails 2 trial verify --policy lax "$LICENCE"
    says "lax"
    policy 'findings:' '  DIG201: warn'
    fails 2 trial verify --policy policy.yaml --facts facts "$LICENCE"
    says policy.yaml:2:11 DIG201
    fails 2 trial verify --lang zh_CN --policy policy.yaml "$LICENCE"
    says "不得放宽"
    policy 'findigs: {}'
    fails 2 trial verify --policy policy.yaml "$LICENCE"
    says "policy.yaml:1:1" "findings"
    [ ! -e facts ]
}

@test "a policy of the configuration is found by its name, and default is the default" {
    policy 'name: counter' 'require: {status: true}'
    printf 'policies: {default: policy.yaml, ours: "builtin:strict"}\n' >config.yaml
    fails 4 ecert --config config.yaml verify --trust "$AUTHORITY/trust" --json "$LICENCE"
    answer .policy.name counter
    fails 4 ecert --config config.yaml verify --trust "$AUTHORITY/trust" --json --policy ours "$LICENCE"
    answer .policy.name strict
}

@test "a file of the working folder does not take the place of a built-in name" {
    printf 'name: mine\n' >strict
    fails 4 trial verify --json --policy strict "$LICENCE"
    answer .policy.name strict
    ok trial verify --json --policy ./strict "$LICENCE"
    answer .policy.name mine
}

@test "what a policy lowers is said in the report, as text and for programs" {
    policy 'name: mild' 'findings: {DIG103: inform}'
    ok trial verify --policy policy.yaml "$(at stray.ofd)"
    says "insecure: --policy"
    ok trial verify --policy policy.yaml -v "$(at stray.ofd)"
    says CMD301 mild DIG103
    ok trial verify --policy policy.yaml --json "$(at stray.ofd)"
    answer .insecure '["policy"]'
    answer '[.items[0].findings[] | select(.code == "DIG103") | .severity][0]' info
    policy 'name: blind' 'findings: {DIG103: ignore}'
    ok trial verify --policy policy.yaml --json "$(at stray.ofd)"
    answer '[.items[0].findings[].code] | index("DIG103")' null
    answer '[.items[0].findings[].code] | index("CMD301") != null' true
    policy 'findings: {DIG102: fail}'
    ok trial verify --policy policy.yaml --json "$LICENCE"
    answer .insecure '[]'
}

@test "no policy makes a changed page valid" {
    policy 'findings: {DIG101: ignore, DIG102: ignore, DIG103: ignore, OFD104: ignore, TIM292: ignore, OFD103: ignore}'
    fails 1 trial verify --policy policy.yaml "$(at changed.ofd)"
    says DIG201
}

@test "keys and algorithms are judged by the policy" {
    policy 'algorithms: {SM3: refuse}'
    fails 4 trial verify --policy policy.yaml --json "$LICENCE"
    answer '.items[0].signatures[0].sub_indication' CRYPTO_CONSTRAINTS_FAILURE
    policy 'keys: {sm2: {min: 512}}'
    fails 4 trial verify --policy policy.yaml "$LICENCE"
    says CRT191
    policy 'keys: {sm2: {min: 512, from: 2090-01-01}}' 'algorithms: {SM3: {until: 2090-01-01}}'
    ok trial verify --policy policy.yaml "$LICENCE"
}

# ---- --require ----

@test "--require: each demand, met and not met" {
    ok trial verify --require seals=1,coverage=full "$LICENCE"
    fails 4 trial verify --require seals=2 "$LICENCE"
    says "OFD104"
    fails 4 trial verify --require timestamp "$LICENCE"
    says "TIM190"
    fails 4 trial verify --require status "$LICENCE"
    says "OFD313"
    fails 4 trial verify --require coverage=full "$(at stray.ofd)"
    says "DIG190"
    fails 4 trial verify --require issuer=11330199MB0TE5T1X6 "$LICENCE"
    says "CRT193" "11330199MB0TE5T1X6"
    for bad in coverage timestamp=1 issuer=1 seals=0 ''; do
        fails 2 trial verify --require "$bad" "$LICENCE"
    done
}

@test "--require issuer= goes by issuers.yaml of the trust folder" {
    cp -r "$AUTHORITY/trust" trust
    leaf=$(trial verify --json "$LICENCE" | jq -r '.items[0].signatures[0].signer.sm3')
    printf 'issuers:\n  - {uscc: 11330199MB0TE5T1X6, types: ["*"], certs: [%s]}\n' "$leaf" >trust/issuers.yaml
    ok ecert verify --trust trust --require issuer=11330199MB0TE5T1X6 "$LICENCE"
    fails 4 ecert verify --trust trust --require issuer=11330199MB0TE5T286 "$LICENCE"
    says CRT193
}

@test "--require adds to the policy, which may demand too" {
    policy 'require: {seals: 2}'
    fails 4 trial verify --policy policy.yaml "$LICENCE"
    ok trial verify --policy policy.yaml --require seals=1 "$LICENCE"
    fails 4 trial verify --policy policy.yaml --require seals=1,status "$LICENCE"
}

# ---- facts ----

@test "facts judged again under a policy give the report of a direct run, byte for byte" {
    cd "$BATS_FILE_TMPDIR"
    now=2026-11-23T00:00:00Z
    printf 'name: odd\nfindings: {DIG103: ignore, OFD309: fail, TIM301: warn}\nrequire: {seals: 2}\nkeys: {sm2: {min: 300}}\n' >odd.yaml
    fails 3 trial verify --at $now --facts "$BATS_TEST_TMPDIR/facts" -j 2 $FILES missing.ofd
    for policy in default strict archive odd.yaml; do
        want=0 got=0
        trial verify --at $now --json --policy $policy $FILES missing.ofd >"$BATS_TEST_TMPDIR/want" || want=$?
        ecert --config "$AUTHORITY/config.yaml" verify --json --policy $policy --replay "$BATS_TEST_TMPDIR/facts" >"$BATS_TEST_TMPDIR/got" || got=$?
        [ $want -eq $got ]
        cmp "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
    done
}

@test "the same for every sample of other producers" {
    shared_samples
    find "$SAMPLES" -name '*.ofd' | sort >list
    fails 9 trial verify --at 2026-11-23T00:00:00Z --facts facts --files-from list # some are no OFD
    [ "$(wc -l <facts)" -eq "$(wc -l <list)" ]
    for policy in default strict archive; do
        fails 9 trial verify --at 2026-11-23T00:00:00Z --json --policy $policy --files-from list
        mv out want
        fails 9 trial verify --json --policy $policy --replay facts
        cmp want out
    done
    echo "# $(wc -l <list) samples agree under 3 policies" >&3
}

@test "every step of every sample that is not good says why, and indications are those of EN 319 102-1" {
    shared_samples
    find "$SAMPLES" -name '*.ofd' | sort >list
    for policy in default strict; do
        fails 9 trial verify --json --policy $policy --files-from list
        jq -e '
            ["FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "EXPIRED", "NOT_YET_VALID"] as $failed |
            [.items[].signatures[] | select(
                (.indication == "TOTAL-PASSED" and .sub_indication != null) or
                (.indication == "TOTAL-FAILED" and (.sub_indication | IN($failed[]) | not)) or
                (.indication == "INDETERMINATE" and (.sub_indication == null or (.sub_indication | IN($failed[])))))]
            == []' out >/dev/null
        jq -e '[.items[].signatures[].steps[] | select((.result == "failed" or .result == "unknown") and .finding == null)] == []' out >/dev/null
        jq -e '[.items[].findings[] | select(.severity != "info" and (.hint == null or .text.zh == "" or .text.en == ""))] == []' out >/dev/null
    done
}

@test "facts mask names and numbers as reports do" {
    ok trial verify --facts facts "$LICENCE"
    jq -e '.found[0].identity.number | contains("***")' facts >/dev/null
    jq -e '.schema == "ecert.facts/1" and .found[0].signatures[0].signer_path[0].key == "SM2"' facts >/dev/null
    ok trial verify --facts - "$LICENCE"
    jq -e '.schema == "ecert.facts/1"' out >/dev/null
}

@test "a facts file that is there is kept, unless told" {
    echo mine >facts
    fails 7 trial verify --facts facts "$LICENCE"
    [ "$(cat facts)" = mine ]
    ok trial verify --facts facts --force "$LICENCE"
    [ "$(wc -l <facts)" -eq 1 ]
}

@test "a replay says that facts are no evidence, and takes nothing that is in them" {
    ok trial verify --facts facts "$LICENCE"
    ok trial verify --replay facts
    says "nobody signed"
    ok trial verify --lang zh_CN --replay facts
    says "没有签名"
    fails 2 trial verify --replay facts "$LICENCE"
    fails 2 trial verify --replay facts --trust "$AUTHORITY/trust"
    fails 2 trial verify --replay facts --at 2026-01-01
    fails 2 trial verify --replay facts --facts other
    fails 2 trial verify --replay facts --ocsp facts
    fails 2 trial verify --replay facts --content
    fails 2 trial verify --replay facts --diagnose
}

@test "facts that are cut off, changed in kind or no facts at all are refused with their line" {
    ok trial verify --facts facts "$LICENCE" "$LICENCE"
    head -c -20 facts >cut
    fails 9 trial verify --replay cut
    says "cut: line 2"
    sed '2s/"size":[0-9]*/"size":"big"/' facts >bad
    fails 9 trial verify --replay bad
    says "bad: line 2" "size"
    printf 'hello\n' >no
    fails 9 trial verify --replay no
    : >empty
    fails 9 trial verify --replay empty
    fails 3 trial verify --replay missing
}

# ---- --detailed ----

@test "--detailed lists the steps of each seal in order, in both languages" {
    ok trial verify --detailed "$LICENCE"
    says "seal 1: " "TOTAL-PASSED" "the signed parts are unchanged" "the seal maker is trusted"
    fails 4 trial verify --detailed --policy strict --lang zh_CN "$LICENCE"
    says "印章 1：" "INDETERMINATE (NO_POE)" "签署的内容未被改动" "无法判定  有时间戳证明签署时间  TIM104"
    fails 1 trial verify --detailed "$(at changed.ofd)"
    says "NO         the signed parts are unchanged  DIG201"
}
