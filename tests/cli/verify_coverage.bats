#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert verify: what each seal covers, what came after it, what nobody covers.

load common

setup_file()
{
    make_authority
    make_second
    SECOND=$BATS_FILE_TMPDIR/second
    joint_record >joint.json
    trial issue -t land-site-opinion -d joint.json --seal official --key agency -o half.ofd
    second seal half.ofd --seal official --key agency -o joint.ofd
}

both() { ecert verify --trust "$AUTHORITY/trust" --trust "$SECOND/trust" "$@"; }

@test "-v says for each seal what it covers and what came after it" {
    ok both "$BATS_FILE_TMPDIR/joint.ofd" -v
    says "seal 1 in the list (ID s001) covers" "; added after it: 3 signature parts"
    says "seal 2 in the list" "4 signature parts; nothing was added after it"
    ok both "$BATS_FILE_TMPDIR/joint.ofd"
    silent "in the list"
    ok both --lang zh_CN "$BATS_FILE_TMPDIR/joint.ofd" -v
    says "第1枚章（编号 s001）：覆盖" "；之后新增：3 个签名文件" "第2枚章" "；之后没有新增"
}

@test "--detailed names each part, and who covers it" {
    ok both "$BATS_FILE_TMPDIR/joint.ofd" --detailed
    says "Doc_0/Signs/Sign_1/Seal.esl: came with signature s003"
    printf x >x
    edit "$BATS_FILE_TMPDIR/joint.ofd" b.ofd add Doc_0/x.xml x
    fails 4 both b.ofd --detailed
    says "Doc_0/x.xml: no signature covers it" "covered by nobody: 1 part that nothing refers to"
    fails 4 both --lang zh_CN b.ofd --detailed
    says "Doc_0/x.xml：没有签名覆盖" "没有任何签名覆盖：1 个未被引用的文件"
}

@test "the report counts by kinds and names what came later" {
    ok both "$BATS_FILE_TMPDIR/joint.ofd" --json
    answer '.items[0].coverage.signatures | map(.id)' '["s001","s003"]'
    answer '.items[0].coverage.signatures[0].covers.page' 1
    answer '.items[0].coverage.signatures[0].added_after | map_values(select(. > 0))' '{"signature":3}'
    answer '.items[0].coverage.signatures[0].not_covered_here | map(.covered_by) | unique' '["s003"]'
    answer '.items[0].coverage.signatures[1].not_covered_here' '[]'
    answer '.items[0].coverage | [.complete, .uncovered, .unreferenced]' '[true,[],[]]'
}

@test "each file that nobody covers has a finding that says what a reader does with it" {
    printf x >x
    edit "$LICENCE" b.ofd add Doc_0/x.xml x
    fails 4 trial verify b.ofd --json
    answer '[.items[0].findings[] | select(.code == "DIG103") | .params | [.name, .kind, .use]]' \
        '[["Doc_0/x.xml","unreferenced","unreferenced"]]'
    answer '.items[0].coverage | [.complete, .uncovered, .unreferenced]' '[false,["Doc_0/x.xml"],["Doc_0/x.xml"]]'
}

@test "a list that does not say what the folders hold is told apart from a broken one" {
    list=Doc_0/Signs/Signatures.xml
    edit "$BATS_FILE_TMPDIR/joint.ofd" twice.ofd swap $list 's003' 's001'
    fails 1 both twice.ofd
    says OFD212
    edit "$LICENCE" type.ofd swap $list 'Type="Seal"' 'Type="Stamp"'
    fails 1 trial verify type.ofd
    says OFD201
    edit "$LICENCE" max.ofd swap $list '<ofd:MaxSignId>' '<ofd:MaxSignId>s000</ofd:MaxSignId><ofd:x>' swap $list '</ofd:MaxSignId><ofd:Sig' '</ofd:x><ofd:Sig'
    ok trial verify max.ofd
    says OFD316
    edit "$LICENCE" lost.ofd swap $list Sign_0/ Sign_5/
    fails 1 trial verify lost.ofd
    says OFD003
    printf x >x
    edit "$LICENCE" more.ofd add Doc_0/Signs/Sign_1/Seal.esl x
    fails 4 trial verify more.ofd
    says OFD103
}
