#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert verify: many files, in folders and lists; the order is stable and nothing piles up.

load common

setup_file()
{
    make_authority
    mkdir -p tree/b/deep tree/a.d
    cp licence.ofd tree/1.ofd
    cp licence.ofd tree/b/2.OFD
    cp licence.ofd tree/b/deep/3.ofd
    cp licence.ofd tree/a.d/4.Ofd
    echo no >tree/readme.txt
    trial issue -t business-license -d record.json -o unsigned.ofd
}

TREE=tree
folder() { cp -a "$BATS_FILE_TMPDIR/$TREE" .; }
paths() { jq -r 'select(.type == "item") | .item.path' out | tr '\n' ' '; }

@test "-r takes every OFD in the folder, in any letter case, in the order of the names" {
    folder
    for jobs in 1 2 7; do
        ok trial verify -r tree --jsonl -j $jobs
        [ "$(paths)" = "tree/1.ofd tree/a.d/4.Ofd tree/b/2.OFD tree/b/deep/3.ofd " ]
    done
    ok trial verify -r tree/b tree/1.ofd --jsonl
    [ "$(paths)" = "tree/b/2.OFD tree/b/deep/3.ofd tree/1.ofd " ]
    ok trial verify --recursive tree --json
    answer '.summary | [.items, .passed]' '[4,4]'
}

@test "a folder without -r is a usage error that says so" {
    folder
    fails 2 trial verify tree
    says "tree is a folder" "-r"
    fails 2 trial verify tree/1.ofd tree --json
    answer .exit_status 2
    fails 2 trial --lang zh_CN verify tree
    says 文件夹 -r
}

@test "no file is never a success" {
    mkdir empty
    fails 2 trial verify -r empty
    says "no *.ofd"
    touch empty/readme.txt
    fails 2 trial verify -r "$LICENCE" empty
    fails 2 trial verify 'none/*.ofd'
    : >list
    fails 2 trial verify --files-from list
    fails 2 trial verify -r
}

@test "links to folders are not followed, links to files are; a pipe is not opened" {
    folder
    ln -s .. tree/b/up
    ln -s ../1.ofd tree/b/link.ofd
    mkfifo tree/pipe.ofd
    ok timeout 20 ecert --config "$AUTHORITY/config.yaml" verify -r tree --jsonl
    [ "$(paths)" = "tree/1.ofd tree/a.d/4.Ofd tree/b/2.OFD tree/b/deep/3.ofd tree/b/link.ofd " ]
    ln -s tree named
    ok trial verify -r named --jsonl
    [ "$(jq -c 'select(.type == "summary") | .summary.items' out)" = 5 ]
}

@test "a folder that cannot be read is an item of its own, and no stop" {
    # root reads every folder, unless it lays down the capabilities for it
    [ "$(id -u)" -ne 0 ] || plain=(setpriv --bounding-set=-dac_override,-dac_read_search
        --inh-caps=-dac_override,-dac_read_search)
    folder
    chmod 0 tree/a.d
    fails 3 "${plain[@]}" ecert --config "$AUTHORITY/config.yaml" verify -r tree --jsonl
    chmod 755 tree/a.d
    [ "$(paths)" = "tree/1.ofd tree/a.d tree/b/2.OFD tree/b/deep/3.ofd " ]
}

@test "a file that is gone, a broken one and an unsigned one stop nothing, and the worst decides" {
    folder
    ln -s nowhere tree/b/gone.ofd
    echo x >tree/b/broken.ofd
    cp "$BATS_FILE_TMPDIR/unsigned.ofd" tree/0.ofd
    fails 3 trial verify -r tree --json -j 2
    answer '.summary | [.items, .passed, .unsigned, .errors]' '[7,4,1,2]'
    answer '.items | map(.path) | . == sort' true
    answer '.verdict' error
}

@test "a list names files one a line, or with -0 whatever they are called" {
    folder
    mv tree/1.ofd $'tree/new\nline.ofd'
    find tree -iname '*.ofd' -print0 | sort -z >list
    ok trial verify --files-from list -0 --jsonl
    [ "$(jq -r 'select(.type == "item") | .item.path | length' out | wc -l)" -eq 4 ]
    printf 'tree/b/2.OFD\r\n\ntree/a.d/4.Ofd' >list
    ok trial verify --files-from list --jsonl
    [ "$(paths)" = "tree/b/2.OFD tree/a.d/4.Ofd " ]
    echo tree | ecert --config "$AUTHORITY/config.yaml" verify -r --files-from - --jsonl >out
    [ "$(jq -r 'select(.type == "item")' -c out | wc -l)" -eq 4 ]
}

@test "the report of many files is the same document as that of their items" {
    folder
    ok trial verify -r tree --json
    cp out json
    ok trial verify -r tree --jsonl
    jq -s 'map(select(.type == "item").item)' out >items
    jq .items json | diff - items
    # One byte for one: nothing of it depends on where the items waited.
    jq --indent 2 . json | diff - json
}

@test "many files are judged in a memory that does not grow with their number" {
    case ${ECERT_DIR:-} in *build-*) skip "the sanitizers keep freed memory" ;; esac
    mkdir many
    for i in $(seq 1 300); do ln "$LICENCE" many/$i.ofd; done
    # meter puts the most memory that the program held, in bytes, behind what it said
    peak()
    {
        "$(program_folder)/tests/bench/meter" peak ecert --config "$AUTHORITY/config.yaml" verify -j 2 -q --json "$@" >told
        head -n -1 told >out
        tail -1 told
    }
    few=$(peak many/1.ofd many/2.ofd many/3.ofd)
    for i in $(seq 1 4); do echo many; done >list
    much=$(peak -r --files-from list)
    jq -e '.summary.passed == 1200' out
    echo "$few bytes for 3 files, $much for 1200"
    [ "$few" -gt 1000000 ] && [ "$much" -lt $((few + 12000000)) ]
}

@test "no file is opened twice and no member inflated twice" {
    [[ ${ECERT_DIR:-} != *build-* ]] || skip "the sanitizers want to be loaded first"
    folder
    ok env FAULT_INFLATED=1 LD_PRELOAD="$(program_folder)/tests/fault/fault.so" \
        ecert --config "$AUTHORITY/config.yaml" verify "$LICENCE"
    [ "$(grep -c '^inflated$' err)" -gt 3 ]
    silent "inflated twice"
    command -v strace >/dev/null || skip "strace is not installed"
    strace -f -o trace true 2>/dev/null || skip "strace may not trace here"
    ok env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=openat,open -o trace \
        ecert --config "$AUTHORITY/config.yaml" verify -r tree --json
    [ "$(grep -ci '\.ofd", O_RDONLY' trace)" -eq 4 ]
}
