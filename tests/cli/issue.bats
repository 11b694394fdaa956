#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert issue: records in, licences out, or a finding for each field and nothing written.

load common

setup_file()
{
    make_authority
}

# issue ARGS...: from record.json of this test
issue() { trial issue -t business-license "$@"; }

@test "a record becomes a licence; the same licence is sealed at once when seal and key are named" {
    record >r.json
    ok issue -d r.json -o a.ofd
    says "issued  a.ofd"
    fails 5 trial verify a.ofd
    ok issue -d r.json --seal official --key agency -o b.ofd
    says "issued  b.ofd  1 seal"
    ok trial verify b.ofd
    only r.json a.ofd b.ofd
}

@test "a sealed licence of one page takes at most 80 kB" {
    [ "$(wc -c <"$LICENCE")" -le 80000 ]
}

@test "the record comes from a file, from standard input, from options, over one line or many" {
    record >r.json
    ok issue -o a.ofd <r.json
    ok issue -d - -o b.ofd <r.json
    jq . r.json >lines.json
    ok issue -d lines.json -o c.ofd
    jq -r 'to_entries[] | "--set=" + .key + "=" + .value' r.json >sets
    mapfile -t sets <sets
    ok issue "${sets[@]}" -o d.ofd
    (printf '\xef\xbb\xbf' && cat r.json) >bom.json
    ok issue -d bom.json -o e.ofd
    for file in a b c d e; do
        ok ecert show --json $file.ofd
        jq -cS '[.fields, .metadata]' out >>facts
    done
    [ "$(sort -u facts | wc -l)" -eq 1 ]
}

@test "--set changes a field of every record" {
    (record && record 证照编号=33019900202603010002) >two.jsonl
    ok issue -d two.jsonl --set 法定代表人=李四光 --set 住所=别处 --out-dir made
    for file in made/*.ofd; do
        ok ecert show "$file" --field 法定代表人
        [ "$(cat out)" = 李四光 ]
    done
    fails 2 issue -d two.jsonl --set 法定代表人 --out-dir other
    says "want FIELD=VALUE"
    fails 2 issue -d two.jsonl --set =x --out-dir other
    fails 2 issue -d two.jsonl --set $'\xff=x' --out-dir other
    [ ! -e other ]
}

@test "of many records the good ones are issued (6), each bad one named by its place; none is 1" {
    (record && record 名称=x && echo '{"a":1,"a":2}' && record 证照编号=33019900202603010002) >many.jsonl
    fails 6 issue -d many.jsonl --out-dir made
    says "record 2" "'名称' has 1 characters" "many.jsonl:3:10" "duplicate object key"
    [ "$(find made -name '*.ofd' | wc -l)" -eq 2 ]
    fails 6 issue -d many.jsonl --out-dir made2 --json
    answer .exit_status 6
    answer '[.items[].verdict]' '["passed","failed","error","passed"]'
    answer '.items[2].findings[0] | [.code, .where.part, .where.line, .where.column]' '["FLD001","many.jsonl",3,10]'
    record 名称=x >bad.jsonl
    record 类型= >>bad.jsonl
    fails 1 issue -d bad.jsonl --out-dir none
    [ -z "$(ls none)" ]
}

@test "several records want a folder" {
    (record && record) >two.jsonl
    fails 2 issue -d two.jsonl -o a.ofd
    says --out-dir
    only two.jsonl
}

@test "one finding for each field, and nothing is written" {
    record 名称=x 成立日期=2026-13-01 注册资本=一百 统一社会信用代码=91330199MA0TE5T16K >r.json
    fails 1 issue -d r.json -o a.ofd --json
    answer '[.items[0].findings[] | [.code, .where.field]] | sort' \
        '[["FLD205","名称"],["FLD209","统一社会信用代码"],["FLD213","成立日期"],["FLD214","注册资本"]]'
    only r.json
}

@test "unknown fields are refused, with a suggestion where one is near" {
    record 法定代表=张三 >r.json
    fails 1 issue -d r.json -o a.ofd
    says "unknown field '法定代表'; did you mean '法定代表人'?"
    record 完全不同=张三 >r.json
    fails 1 issue -d r.json -o a.ofd
    says FLD202 完全不同
    only r.json
}

@test "what is no record is 9: no JSON, keys twice, other bytes than UTF-8, a list, nothing, too much" {
    for text in '{"' '{"名称":"a","名称":"b"}' '[1]' '"x"' '{"a":1}}' 'x=1' '{"a":NaN}'; do
        echo "$text" >r.json
        fails 9 issue -d r.json -o a.ofd
        says r.json:1
    done
    printf '{"名称":"\xb2\xe2\xca\xd4"}' >gbk.json
    fails 9 issue -d gbk.json -o a.ofd
    says gbk.json:1 "not UTF-8" iconv
    perl -e 'print "[" x 100000' >deep.json
    fails 9 issue -d deep.json -o a.ofd
    perl -e 'print "{\"a\":\"", "x" x 9000000, "\"}"' >large.json
    fails 9 issue -d large.json -o a.ofd
    [ ! -e a.ofd ]
}

@test "no record at all is told, not passed over" {
    : >empty
    got=0
    issue -d empty -o a.ofd >out 2>err || got=$?
    [ $got -eq 2 ] || [ $got -eq 9 ]
    got=0
    issue -d empty --out-dir made >out 2>err || got=$?
    [ $got -eq 2 ] || [ $got -eq 9 ]
    fails 3 issue -d nowhere.json -o a.ofd
    says nowhere.json
}

@test "rules of the template hold" {
    record 成立日期=2026-04-01 >r.json
    fails 1 issue -d r.json -o a.ofd
    says FLD220 成立日期 "nothing is approved before the body is founded"
    record -t land-site-opinion 有效期至=2029-03-02 >o.json
    fails 1 trial issue -t land-site-opinion -d o.json -o a.ofd
    says FLD223
    record -t land-site-opinion >o.json
    ok trial issue -t land-site-opinion -d o.json -o a.ofd
}

@test "300 characters wrap and shrink within their box; what cannot fit is a finding, not clipped" {
    scope=$(perl -CO -e 'print substr("\x{519c}\x{526f}\x{4ea7}\x{54c1}\x{9500}\x{552e}\x{ff1b}" x 43, 0, 300)')
    record 经营范围="$scope" >r.json
    ok issue -d r.json --seal official --key agency -o a.ofd
    ok trial verify a.ofd
    ok ecert show a.ofd --field 经营范围
    [ "$(cat out)" = "$scope" ]
    record 经营范围="$scope$scope$scope$scope$scope$scope" >r.json
    fails 1 issue -d r.json -o b.ofd
    says LAY201 经营范围 "94 × 78 mm" "left over"
    record 证照编号=123456789012345678901 >r.json
    fails 1 issue -d r.json -o b.ofd
    [ ! -e b.ofd ]
}

@test "characters beyond the BMP and the dot in names are drawn and kept" {
    record 法定代表人='𠮷䶮·买买提' 名称='示例市𠮷䶮食品有限公司(测试)' >r.json
    ok issue -d r.json --seal official --key agency -o a.ofd
    ok trial verify a.ofd
    ok ecert show a.ofd --field 法定代表人
    [ "$(cat out)" = '𠮷䶮·买买提' ]
    record 法定代表人="$(printf '\U2fffd')" >r.json
    fails 1 issue -d r.json -o b.ofd
    says FNT201 U+2FFFD 法定代表人
    [ ! -e b.ofd ]
}

@test "what cannot be seen is refused: line breaks, tabs, blanks at the ends, zero width" {
    for value in $'上\n下' $'上\t下' '前 ' ' 后' $'上\u200b下' $'上\u202e下'; do
        record 住所="$value" >r.json
        fails 1 issue -d r.json -o a.ofd
        says 住所
    done
    [ ! -e a.ofd ]
}

@test "the identifier follows the record: the same record, the same identifier" {
    record >r.json
    ok issue -d r.json -o a.ofd
    ok issue -d r.json -o b.ofd
    for file in a.ofd b.ofd; do
        ok ecert show $file --field ZZBS
        [ "$(cat out)" = 1.2.156.3005.2.11100000MB0143028R001.11330199MB0TE5T1X6.33019900202603010001.001.L ]
    done
    ok ecert id check "$(cat out)"
    ok issue -d r.json --issue-version 2 -o c.ofd
    ok ecert show c.ofd --field ZZBS
    says .002.
    for version in 0 1000 x; do
        fails 2 issue -d r.json --issue-version $version -o d.ofd
    done
}

@test "--serial auto is 20 random characters, never a counter" {
    record >r.json
    for file in a b c; do
        ok issue -d r.json --serial auto -o $file.ofd
        ok ecert show $file.ofd --field ZZBS
        ok ecert id check "$(cat out)"
        ecert show $file.ofd --field ZZBS | cut -d. -f8 >>serials
    done
    [ "$(sort -u serials | wc -l)" -eq 3 ]
    fails 1 grep -vx '[0-9A-Z]\{20\}' serials
    ok issue -d r.json --serial ABC123 -o d.ofd
    ok ecert show d.ofd --field ZZBS
    says .ABC123.001.
    for serial in 'a b' abc ''; do
        got=0
        issue -d r.json --serial "$serial" -o e.ofd >out 2>err || got=$?
        [ $got -eq 1 ] || [ $got -eq 2 ]
    done
    [ ! -e e.ofd ]
}

@test "the date of issue is the record's, else the one that is given, else today" {
    record >r.json
    ok issue -d r.json --issued-at 2026-02-02 -o a.ofd
    ok ecert show a.ofd --field ZZBFRQ
    says 2026-03-01
    jq -c 'del(.["核准日期"])' r.json >silent.json
    ok issue -d silent.json --issued-at 2026-02-02 -o b.ofd
    ok ecert show b.ofd --field ZZBFRQ
    says 2026-02-02
    ok issue -d silent.json -o c.ofd
    ok ecert show c.ofd --field ZZBFRQ
    says "$(TZ=Asia/Shanghai date +%F)"
    fails 2 issue -d r.json --issued-at yesterday -o b.ofd
}

@test "a picture for a template that shows none is refused" {
    record >r.json
    fails 2 issue -d r.json --photo "$AUTHORITY/seals/official.png" -o a.ofd
    says --photo business-license
    fails 3 issue -d r.json --photo nowhere.png -o a.ofd
    only r.json
}

@test "a template with a picture shows the photo, in the box, and binds its digest" {
    mkdir -p templates/badge
    sed -e 's/^id: .*/id: badge/' -e '/name: 住所, short/i\  - {name: 照片, short: ZP, type: image, required: true}' \
        -e 's/^        codes:/        images:\n          - {field: 照片, box_mm: [200, 64, 20, 25]}\n        codes:/' \
        "$ECERT_TEMPLATES/business-license/template.yaml" >templates/badge/template.yaml
    record >r.json
    cp r.json templates/badge/sample.json
    fails 1 trial issue --templates templates -t badge -d r.json -o a.ofd
    says 照片
    ok trial issue --templates templates -t badge -d r.json --photo "$AUTHORITY/seals/official.png" --seal official --key agency -o a.ofd
    ok trial verify a.ofd
    echo no picture >text
    fails 1 trial issue --templates templates -t badge -d r.json --photo text -o b.ofd
    says FLD219 照片
    [ ! -e b.ofd ]
}

@test "templates are found by name or folder; an unknown one is 2 and says where it looked" {
    record >r.json
    fails 2 issue -t nonesuch -d r.json -o a.ofd
    fails 2 trial issue -t nonesuch -d r.json -o a.ofd
    says nonesuch business-license land-site-opinion
    ok env ECERT_TEMPLATES= ecert issue -t "$ECERT_TEMPLATES/business-license" -d r.json -o a.ofd
    mkdir templates
    cp -R "$ECERT_TEMPLATES/business-license" templates/
    ok env ECERT_TEMPLATES= ecert issue -t business-license -d r.json -o b.ofd
    fails 2 ecert issue -d r.json -o c.ofd
    says "--template is required"
    fails 2 issue -t business-license -d r.json --face 反面 -o c.ofd
    fails 2 trial issue -t business-license -d r.json --face 反面 -o c.ofd
    says 反面
}

@test "a broken template is 2 with its line" {
    mkdir -p templates/business-license
    cp -R "$ECERT_TEMPLATES/business-license" templates/
    echo 'surplus: key' >>templates/business-license/template.yaml
    record >r.json
    fails 2 trial issue --templates templates -t business-license -d r.json -o a.ofd
    says template.yaml: surplus
    only templates r.json
}

# ---- outputs ----

@test "an output that exists is refused (7), replaced with --force, and whole or not at all" {
    record >r.json
    echo keep >a.ofd
    fails 7 issue -d r.json -o a.ofd
    says "a.ofd" --force
    [ "$(cat a.ofd)" = keep ]
    ok issue -d r.json -o a.ofd --force
    fails 5 trial verify a.ofd
    ok issue -d r.json --out-dir made
    fails 7 issue -d r.json --out-dir made
    ok issue -d r.json --out-dir made --force
    only r.json a.ofd made
}

@test "a target that cannot be written is 3 and nothing is left" {
    record >r.json
    fails 3 issue -d r.json -o nowhere/a.ofd
    says nowhere/a.ofd
    : >file
    fails 3 issue -d r.json --out-dir file/made
    mkdir folder
    fails 7 issue -d r.json -o folder
    fails 3 issue -d r.json -o folder --force
    only r.json file folder
    [ -z "$(ls -A folder)" ]
}

@test "a full disk is 3 and leaves neither licence nor temporary" {
    record >r.json
    mkdir made
    fails 3 issue -d r.json -o /dev/full
    fails 3 sh -c "ecert issue -t business-license -d r.json >/dev/full"
    for target in "-o a.ofd" "--out-dir made"; do
        (ulimit -f 16 && fails 3 issue -d r.json $target --seal official --key agency)
        says "too large"
    done
    (ulimit -f 16 && echo keep >old.ofd && fails 3 issue -d r.json -o old.ofd --force)
    [ "$(cat old.ofd)" = keep ]
    [ -z "$(ls -A made)" ]
    only r.json made old.ofd
}

@test "a licence goes to standard output, talk to standard error; to a terminal only when told" {
    record >r.json
    issue -d r.json >a.ofd 2>err
    [ ! -s err ]
    fails 5 trial verify a.ofd
    issue -d r.json -o - -v >b.ofd 2>err
    fails 5 trial verify b.ofd
    got=0
    needs_terminal
    script -qec "ecert issue -t business-license -d r.json" /dev/null >seen || got=$?
    [ $got -eq 2 ]
    grep -q "not for the terminal" seen
    script -qec "ecert issue -t business-license -d r.json -o -" /dev/null | grep -qa PK
}

@test "devices stay devices, links stay links, files keep their mode" {
    record >r.json
    ok issue -d r.json -o /dev/null --force
    [ -c /dev/null ]
    echo old >a.ofd
    chmod 600 a.ofd
    ln -s a.ofd link.ofd
    ok issue -d r.json -o link.ofd --force
    [ -L link.ofd ]
    [ "$(stat -c %a a.ofd)" = 600 ]
    (umask 027 && ok issue -d r.json -o b.ofd)
    [ "$(stat -c %a b.ofd)" = 640 ]
}

@test "--dry-run does everything but write" {
    record >r.json
    ok issue -d r.json -o a.ofd --dry-run --journal j.jsonl
    only r.json
    record 名称=x >r.json
    fails 1 issue -d r.json -o a.ofd --dry-run
    only r.json
}

# ---- reproducible ----

@test "--reproducible with one salt key gives the same bytes, with another other salts" {
    record >r.json
    head -c 32 /dev/zero >key1
    head -c 32 /dev/urandom >key2
    ok issue -d r.json --reproducible --salt-key key1 --issued-at 2026-03-01 -o a.ofd
    sleep 1
    TZ=Asia/Shanghai LC_ALL=C ok issue -d r.json --reproducible --salt-key key1 --issued-at 2026-03-01 -o b.ofd
    cmp a.ofd b.ofd
    ok issue -d r.json --reproducible --salt-key key2 --issued-at 2026-03-01 -o c.ofd
    fails 1 cmp -s a.ofd c.ofd
    cmp <(member a.ofd Doc_0/Attachs/licence.json) <(member c.ofd Doc_0/Attachs/licence.json)
    ok issue -d r.json -o d.ofd
    ok issue -d r.json -o e.ofd
    fails 1 cmp -s <(member d.ofd Doc_0/Attachs/salts.json) <(member e.ofd Doc_0/Attachs/salts.json)
    fails 2 issue -d r.json --reproducible -o f.ofd
    says --salt-key guessed
    echo short >key3
    fails 2 issue -d r.json --reproducible --salt-key key3 -o f.ofd
}

@test "SOURCE_DATE_EPOCH sets the date in the document, not the time in the seal" {
    record >r.json
    SOURCE_DATE_EPOCH=1700000000 ok issue -d r.json --seal official --key agency -o a.ofd
    ok ecert show a.ofd --json
    answer .document.created 2023-11-15
    answer '.signatures[0].time[0:4]' "$(date -u +%Y)"
    SOURCE_DATE_EPOCH=soon fails 2 issue -d r.json -o b.ofd
    says SOURCE_DATE_EPOCH
}

# ---- journal ----

@test "the journal notes the same record again; other content under its identifier is refused" {
    record >r.json
    ok issue -d r.json -o a.ofd --journal j.jsonl --operator 王芳
    ok issue -d r.json -o b.ofd --journal j.jsonl
    record 法定代表人=李四 >other.json
    fails 7 issue -d other.json -o c.ofd --journal j.jsonl
    says JNL201 --issue-version
    [ ! -e c.ofd ]
    ok issue -d other.json -o c.ofd --journal j.jsonl --issue-version 2
    ok ecert explain --journal j.jsonl
    says 王芳 a.ofd again
    [ "$(stat -c %a j.jsonl)" = 600 ]
    fails 1 grep -q '张三\|李四\|星河' j.jsonl
    jq -se '[.[].n] == [range(1; length + 1)]' j.jsonl
    jq -re 'select(.path == "a.ofd").after' j.jsonl | grep -qx "$(openssl dgst -sm3 -r a.ofd | cut -d' ' -f1)"
}

@test "two runs that share a journal keep its chain, and no identifier is taken twice" {
    record | jq -c '. as $record | range(60) | $record + {"证照编号": (330199002026 + . | tostring)}' >many.jsonl
    jq -c '.["法定代表人"] = "李四"' many.jsonl >other.jsonl
    run=(ecert --config "$AUTHORITY/config.yaml" issue -t business-license --journal j.jsonl --seal official --key agency)
    "${run[@]}" -d many.jsonl --out-dir one >one.txt 2>&1 &
    first=$!
    # Which of the two is refused what the other took first is chance: all, some, or none of it.
    ends 0,6,7 "${run[@]}" -d other.jsonl --out-dir two >two.txt 2>&1
    second=$status
    ends 0,6,7 wait $first
    [ $status -ne 0 ] || [ $second -ne 0 ]
    ok ecert explain --journal j.jsonl
    find one two -name '*.ofd' -printf '%f\n' >names
    [ "$(sort names | uniq -d | wc -l)" -eq 0 ]
    [ "$(wc -l <names)" -ge 60 ]
}

@test "of many records only those that the journal knows otherwise are refused" {
    (record && record 证照编号=33019900202603010002) >two.jsonl
    ok issue -d two.jsonl --out-dir made --journal j.jsonl
    (record 法定代表人=李四 && record 证照编号=33019900202603010002 && record 证照编号=33019900202603010003) >three.jsonl
    fails 6 issue -d three.jsonl --out-dir again --journal j.jsonl
    says JNL201
    [ "$(find again -name '*.ofd' | wc -l)" -eq 2 ]
    ok ecert explain --journal j.jsonl
}

@test "two records of one identifier in one run are never merged" {
    (record && record 法定代表人=李四) >two.jsonl
    for how in "" --force "--journal j.jsonl" "--force --journal k.jsonl" --dry-run; do
        rm -rf made
        fails 6 issue -d two.jsonl --out-dir made $how
        [ "$how" != --dry-run ] || continue
        says "record 2"
        [ "$(find made -name '*.ofd' | wc -l)" -eq 1 ]
        ok ecert show made/*.ofd --field 法定代表人
        [ "$(cat out)" = 张三 ]
    done
}

@test "a torn last line of the journal is cut; a file that is no journal is left as it is" {
    record >r.json
    ok issue -d r.json -o a.ofd --journal j.jsonl
    cp j.jsonl whole
    size=$(wc -c <j.jsonl)
    ok issue -d r.json -o more.ofd --journal j.jsonl
    head -c $((size + 30)) j.jsonl >torn
    cp torn j.jsonl
    ok ecert explain --journal j.jsonl
    says JNL003
    ok issue -d r.json -o b.ofd --journal j.jsonl
    ok ecert explain --journal j.jsonl
    silent JNL003
    head -n "$(wc -l <whole)" j.jsonl | cmp whole -
    echo rubbish >other.jsonl
    fails 9 issue -d r.json -o c.ofd --journal other.jsonl
    [ "$(cat other.jsonl)" = rubbish ]
    [ ! -e c.ofd ]
    fails 3 issue -d r.json -o c.ofd --journal nowhere/j.jsonl
    [ ! -e c.ofd ]
}

@test "a journal on a full disk stops the work before anything is signed" {
    record >r.json
    fails 3 issue -d r.json -o a.ofd --journal /dev/full || fails 2 issue -d r.json -o a.ofd --journal /dev/full
    [ ! -e a.ofd ]
}

@test "a program that is killed leaves no half licence" {
    record | jq -c '. as $record | range(2000) | $record + {"证照编号": (330199002026 + . | tostring)}' >many.jsonl
    ecert --config "$AUTHORITY/config.yaml" issue -t business-license -d many.jsonl --out-dir made --journal j.jsonl \
        --seal official --key agency >out 2>err &
    sleep 0.5
    kill -TERM $!
    got=0
    wait $! || got=$?
    [ $got -eq 143 ]
    [ -z "$(find made -type f ! -name '*.ofd')" ]
    for file in $(find made -name '*.ofd' | head -3); do ok trial verify "$file"; done
    ok ecert explain --journal j.jsonl
}

@test "the report of an issue says what became of each record" {
    record >r.json
    ok issue -d r.json -o a.ofd --json --seal official --key agency
    answer '[.command, .verdict, .items[0].path, .items[0].verdict, .insecure]' '["issue","passed","a.ofd","passed",[]]'
    answer '.items[0].identity.identifier | endswith(".001.L")' true
    record 名称=x >r.json
    fails 1 issue -d r.json -o b.ofd --jsonl
    jq -se '[.[].type] == ["version","item","summary"] and .[2].exit_status == 1' out
    silent 张三
}

@test "several issuers are joined, the identifier carries the leading one" {
    joint_record >joint.json
    ok trial issue -t land-site-opinion -d joint.json -o a.ofd
    ok ecert show a.ofd --json
    answer '.identity.identifier | split(".")[6]' 11330199MB0TE5T1X6
    answer .metadata.ZZBFJG '示例市市场监督管理局(测试)^示例市自然资源和规划局(测试)'
    joint_record 发证机关代码=11330199MB0TE5T1X6 >joint.json
    fails 1 trial issue -t land-site-opinion -d joint.json -o b.ofd
    says FLD224
}

@test "a file in GB18030 is told as such, with the way to convert it" {
    iconv -f UTF-8 -t GB18030 "$ECERT_TEMPLATES/business-license/sample.json" >gb.json
    fails 9 ecert issue -t business-license -d gb.json -o a.ofd
    grep -q 'gb.json:2: .*not UTF-8.*iconv -f GB18030' err
    [ ! -e a.ofd ]
    iconv -f GB18030 -t UTF-8 gb.json >utf8.json
    ok ecert issue -t business-license -d utf8.json -o a.ofd
}

@test "a seal of somebody who is no issuer is refused at once; a co-issuer takes its own place" {
    make_second
    cd "$BATS_TEST_TMPDIR" || return 1
    record >r.json
    fails 7 second issue -t business-license -d r.json --seal official --key agency -o a.ofd --journal j.jsonl
    says SEA221
    [ ! -e a.ofd ]
    ok issue -d r.json --seal official --key agency -o a.ofd --journal j.jsonl
    joint_record >joint.json
    ok second issue -t land-site-opinion -d joint.json --seal official --key agency -o b.ofd
    fails 4 ecert verify b.ofd --trust "$SECOND/trust" --json
    answer '.items[0].signatures[0].box_mm' '[76,216,42,42]'
    ok trial seal b.ofd --seal official --key agency -o c.ofd
    ok ecert verify c.ofd --trust "$AUTHORITY/trust" --trust "$SECOND/trust"
}
