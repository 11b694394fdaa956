#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert show: what is in a licence, of ours or of others.

load common

setup_file()
{
    make_authority
    cd "$BATS_FILE_TMPDIR" || return 1
    record 名称=王小明 法定代表人=欧阳修 住所='身份证330102199001011234旁' >person.json
    trial issue -t business-license -d person.json -o person.ofd
}

PERSON=$BATS_FILE_TMPDIR/person.ofd

@test "identity, fields, seals, pages, fonts, attachments and members are shown" {
    ok ecert show "$LICENCE"
    says 1.2.156.3005.2.11100000MB0143028R001 营业执照 示例市星河食品有限公司 "SES-4" "TEST 示例市市场监督管理局" \
        "297 x 210 mm" 宋体 licence.json digests.json Doc_0/Document.xml
    ok ecert show --json "$LICENCE"
    answer '[.schema, .identity.type, (.signatures | length), (.pages | length), (.attachments | length)]' '["ecert.show/1","营业执照",1,1,3]'
    [ "$(jq '.members | length' out)" -eq "$(unzip -Z1 "$LICENCE" | wc -l)" ]
    answer '[.fonts[].embedded] | unique' '[true]'
}

@test "a licence on standard input is shown; of several files it wants one" {
    ok ecert show <"$LICENCE"
    cp out piped
    ok ecert show - <"$LICENCE"
    cmp out piped
    fails 2 ecert show "$LICENCE" "$LICENCE"
    got=0
    needs_terminal
    script -qec "ecert show" /dev/null >seen || got=$?
    [ $got -eq 2 ]
}

@test "a field is printed raw and alone, by its name, its short name or as metadata" {
    for name in 名称 MC; do
        ok ecert show "$PERSON" --field $name
        [ "$(cat out)" = 王小明 ]
    done
    ok ecert show "$PERSON" --field CZZT
    [ "$(cat out)" = 王小明 ]
    ok ecert show "$LICENCE" --field 营业期限至
    [ "$(cat out)" = 长期 ]
    ok ecert show "$LICENCE" --field 注册资本
    [ "$(cat out)" = 100万元 ]
    fails 1 ecert show "$LICENCE" --field 没有的
    says 没有的
}

@test "names and numbers of people are masked, unless they are asked for" {
    for how in "" --json; do
        ok ecert show "$PERSON" $how
        silent 王小明 欧阳修 330102199001011234
        says '王**' '欧**' '3301**********1234'
        ok ecert show "$PERSON" $how --show-personal
        says 王小明 欧阳修 330102199001011234
    done
}

@test "JSON is the same bytes in every language and time zone; text is in the user's" {
    ok ecert show --json "$LICENCE"
    cp out first
    LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN TZ=Asia/Shanghai ok ecert show --json "$LICENCE" --lang zh_CN
    cmp out first
    ok ecert --lang zh_CN show "$LICENCE"
    says 字段 印章
    ok ecert --lang en show "$LICENCE"
    silent 字段
}

@test "a broken licence is shown as far as it can be read; what is none is told" {
    edit "$LICENCE" b.ofd digit Doc_0/Attachs/licence.json
    ok ecert show b.ofd
    echo rubbish >r.ofd
    fails 9 ecert show r.ofd
    says r.ofd
    fails 9 ecert show r.ofd --json
    answer .exit_status 9
    fails 9 ecert show /dev/null
    fails 3 ecert show nowhere.ofd
    fails 3 sh -c "ecert show '$LICENCE' >/dev/full"
    fails 3 sh -c "ecert show --json '$LICENCE' >/dev/full"
    fails 3 sh -c "ecert show '$LICENCE' --field 名称 >/dev/full"
}

@test "nothing in a file reaches the terminal as a command to it" {
    esc=$(printf '\033]0;evil\007')
    edit "$BATS_FILE_TMPDIR/person.ofd" b.ofd swap OFD.xml '<ofd:Title>营业执照' '<ofd:Title>&#155;evil' \
        name Doc_0/Res/image_0.png "Doc_0/Res/$esc.png"
    got=0
    ecert show b.ofd >out 2>err || got=$?
    [ $got -eq 0 ] || [ $got -eq 9 ]
    silent "$esc" $'\033' $'\302\233'
    got=0
    ecert verify b.ofd >out 2>err || got=$?
    silent $'\033'
}
