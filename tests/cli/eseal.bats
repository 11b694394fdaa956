#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert eseal: seals made, shown and checked.

load common

setup_file()
{
    make_authority
    make_second
}

# make ARGS...: a seal of the trial's maker for the trial's agency
make()
{
    trial eseal make --key file:"$AUTHORITY/ca/maker.key" --cert "$AUTHORITY/ca/maker.crt" \
        --picture "$AUTHORITY/seals/official.png" --signer "$AUTHORITY/agency/agency.crt" "$@"
}

@test "a seal is made from a picture, checks under its trust, and seals a licence" {
    ok make --name 业务专用章 -o a.esl
    ok trial eseal check a.esl
    says "passed  a.esl" '业务专用章(测试)'
    trial issue -t business-license -d "$BATS_FILE_TMPDIR/record.json" -o u.ofd
    ok trial seal u.ofd --seal ./a.esl --key agency --on-behalf test -o a.ofd
    ok trial verify a.ofd
    fails 4 ecert eseal check a.esl
    says CRT101
}

@test "a seal of the newer version seals licences of its version" {
    ok make --name 新版章 --ses 5 -o five.esl
    ok trial eseal check five.esl
    ok ecert eseal show five.esl --json
    answer '.layout' 5 || answer '.[0].layout' 5
    trial issue -t business-license -d "$BATS_FILE_TMPDIR/record.json" -o u.ofd
    ok trial seal u.ofd --seal ./five.esl --key agency --on-behalf test -o a.ofd
    ok trial verify a.ofd --json
    answer '.items[0].signatures[0].format' SES-5
    ok make --name 摘要章 --digests -o digests.esl
    ok trial eseal check digests.esl
    fails 2 make --name x --ses 3 -o three.esl
}

@test "what is in a seal is shown, of every layout" {
    ok make --name 样章 --id 3301990001 --type 2 --size-mm 40x30 --from 2026-11-22T00:00:00Z --until 2030-01-01T00:00:00Z -o a.esl
    ok ecert eseal show a.esl
    says 3301990001 '样章(测试)' 2026-11-22T00:00:00Z 2030-01-01T00:00:00Z PNG "TEST 示例市市场监督管理局" "Seal Maker"
    ok ecert eseal show --json a.esl "$SECOND/seals/official.esl"
    jq -s -e 'flatten | length == 2' out
    ok ecert eseal show - <a.esl
}

@test "the mark of a trial stays in the name unless the maker is known and no TEST" {
    ok make --name 业务章 -o a.esl
    ok make --name 业务章 --trust default -o b.esl
    for file in a b; do
        ok ecert eseal show $file.esl
        says '业务章(测试)'
    done
    openssl req -x509 -newkey sm2 -nodes -keyout maker.key -sm3 -sigopt distid:1234567812345678 -subj /CN=Maker \
        -days 30 -out maker.crt -addext keyUsage=digitalSignature,keyCertSign 2>openssl.log
    mkdir -p trust/anchors
    cp maker.crt trust/anchors
    echo 'trust: {real: trust}' >config.yaml
    arguments=(--key file:maker.key --cert maker.crt --picture "$AUTHORITY/seals/official.png" --name 业务章
        --signer "$AUTHORITY/agency/agency.crt")
    ok ecert --config config.yaml eseal make "${arguments[@]}" --trust real -o c.esl
    ok ecert eseal show c.esl
    silent '业务章(测试)'
    ok ecert --config config.yaml eseal make "${arguments[@]}" -o d.esl
    ok ecert eseal show d.esl
    says '业务章(测试)'
    fails 2 ecert --config config.yaml eseal make "${arguments[@]}" --trust nobody -o e.esl
    says nobody
}

@test "one bit in a seal makes the answer no" {
    size=$(wc -c <"$AUTHORITY/seals/official.esl")
    for bit in 100 3000 $((size - 5)); do
        perl -0777 -pe "substr(\$_, $bit, 1) ^= chr 1" "$AUTHORITY/seals/official.esl" >b.esl
        got=0
        trial eseal check b.esl >out 2>err || got=$?
        [ $got -eq 1 ] || [ $got -eq 9 ] || { echo "$bit: $got"; return 1; }
    done
    perl -0777 -pe "substr(\$_, 3000, 1) ^= chr 1" "$AUTHORITY/seals/official.esl" >b.esl
    fails 1 trial eseal check b.esl
    says SEA201
    (cat "$AUTHORITY/seals/official.esl" && printf x) >b.esl
    fails 9 trial eseal check b.esl
    for n in 0 1 50 $((size - 1)); do
        head -c $n "$AUTHORITY/seals/official.esl" >b.esl
        fails 9 trial eseal check b.esl
        fails 9 ecert eseal show b.esl
    done
}

@test "outside its validity a seal is no; each file has its own answer" {
    ok make --name 短期章 --until "$(date -u -d tomorrow +%FT%TZ)" -o short.esl
    ok trial eseal check short.esl
    fails 1 trial eseal check short.esl --at "$(date -u -d '3 days' +%F)"
    says SEA203
    ok make --name 将来章 --from "$(date -u -d tomorrow +%FT%TZ)" -o early.esl
    fails 1 trial eseal check early.esl
    says SEA202
    echo rubbish >r.esl
    fails 3 trial eseal check short.esl r.esl nowhere.esl early.esl --json
    answer '[.items[].verdict]' '["passed","error","error","failed"]'
    trial issue -t business-license -d "$BATS_FILE_TMPDIR/record.json" -o u.ofd
    fails 7 trial seal u.ofd --seal ./early.esl --key agency --on-behalf test -o a.ofd
    says "not valid before"
}

@test "what cannot make a seal is told, and nothing is written" {
    echo no picture >text
    fails 9 trial eseal make --key file:"$AUTHORITY/ca/maker.key" --cert "$AUTHORITY/ca/maker.crt" --picture text --name x \
        --signer "$AUTHORITY/agency/agency.crt" -o a.esl
    says text
    fails 2 make --name x --until 2020-01-01 -o a.esl
    fails 2 make --name x --size-mm 400x400 -o a.esl
    fails 2 make --name x --size-mm x -o a.esl
    fails 2 make --name x
    says "-o FILE"
    fails 2 make -o a.esl
    says "--name is required"
    fails 3 make --name x --signer nowhere.crt -o a.esl
    fails 8 trial eseal make --key file:"$AUTHORITY/agency/agency.key" --cert "$AUTHORITY/ca/maker.crt" --name x \
        --picture "$AUTHORITY/seals/official.png" --signer "$AUTHORITY/agency/agency.crt" -o a.esl
    got=0
    trial eseal make --key file:"$AUTHORITY/ca/maker.key" --cert "$AUTHORITY/ca/maker.crt" --name x --signer text \
        --picture "$AUTHORITY/seals/official.png" -o a.esl >out 2>err || got=$?
    [ $got -eq 2 ] || [ $got -eq 9 ]
    fails 7 make --name x -o a.esl --insecure-time 2060-01-01
    (ulimit -f 2 && fails 3 make --name x -o a.esl)
    fails 3 make --name x -o nowhere/a.esl
    only text
    echo keep >a.esl
    fails 7 make --name x -o a.esl
    [ "$(cat a.esl)" = keep ]
    ok make --name x -o a.esl --force
}

@test "a seal comes out of standard output and goes into standard input" {
    make --name x -o - >a.esl
    ok trial eseal check <a.esl
    ok trial eseal check - <a.esl
}

@test "a trust folder that lists its seal makers decides whose seals are believed" {
    cp -R "$AUTHORITY/trust" trust
    digest() { openssl x509 -in "$1" -outform DER | openssl dgst -sm3 -r | cut -d' ' -f1; }
    echo "makers: [$(digest "$AUTHORITY/ca/maker.crt")]" >trust/issuers.yaml
    ok ecert eseal check "$AUTHORITY/seals/official.esl" --trust trust
    echo "makers: [$(digest "$AUTHORITY/ca/root.crt")]" >trust/issuers.yaml
    ok ecert eseal check "$AUTHORITY/seals/official.esl" --trust trust
    echo "makers: [$(digest "$AUTHORITY/agency/agency.crt")]" >trust/issuers.yaml
    fails 4 ecert eseal check "$AUTHORITY/seals/official.esl" --trust trust
    says CRT108
}
