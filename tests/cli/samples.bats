#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# OFD files of other producers, and hostile ones, against the answers that are known of
# them.  They are no part of the project: where they are not, this says so and skips.

load common

setup_file()
{
    surroundings
    mkdir "$BATS_FILE_TMPDIR/nobody"
}

@test "every sample ends with the exit status that its row names" {
    shared_samples
    grep -v '^#' "$SAMPLES/EXPECTED.tsv" | awk -F'\t' '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { print $column["exit"] "\t" $column["file"] }' >want
    [ "$(wc -l <want)" -ge 91 ]
    while IFS=$'\t' read -r status file; do
        got=0
        timeout 10 ecert verify --trust "$BATS_FILE_TMPDIR/nobody" "$SAMPLES/$file" >out 2>err || got=$?
        [ $got -eq "$status" ] || { echo "$file: $got, want $status"; cat out err; } >>wrong
        [ $got -eq 0 ] || grep -q '^    [A-Z]\{3\}[0-9]\{3\} ' out || echo "$file: no finding" >>wrong
        [ ! -s err ] || { echo "$file: standard error"; cat err; } >>wrong
    done <want
    [ ! -e wrong ] || { cat wrong; return 1; }
    echo "# $(wc -l <want) samples agree" >&3
}

@test "no hostile file takes two seconds or leaves anything behind" {
    shared_samples
    case ${ECERT_DIR:-} in *build-*) skip "the sanitizers are slow" ;; esac
    for file in "$SAMPLES"/hostile/*; do
        for words in "verify" "show" "show --json" "eseal check" "eseal show" "explain --journal"; do
            got=0
            timeout 2 ecert $words "$file" >out 2>err || got=$?
            [ $got -lt 70 ] || { echo "$got: ecert $words $file"; return 1; }
        done
    done
    only
}

@test "old name spaces, odd ZIP headers and folders called otherwise are read" {
    shared_samples
    for file in ofdrw-namespace-no-std ofdrw-chinesedir w5wa-chinesedir-gbk c5soft-6.2.004-2-space-in-path \
        c5soft-6.2.002-flat-structure c5soft-6.1.004-odd-compression ofdrwnet-simple; do
        ok ecert show "$SAMPLES/ofd/$file.ofd"
        says Pages "Package members"
    done
}

@test "the fields that other makers tag are shown by name" {
    shared_samples
    found=0
    for file in "$SAMPLES"/ofd/*.ofd; do
        ecert show --json "$file" >out 2>err || continue
        [ "$(jq '.fields | length' out)" -gt 0 ] || continue
        found=$((found + 1))
        name=$(jq -r '.fields | keys_unsorted[0]' out)
        ok ecert show "$file" --field "$name"
    done
    [ $found -gt 0 ]
}

@test "a file of another maker is sealed where it is told, and then judged like ours" {
    shared_samples
    make_authority
    cd "$BATS_TEST_TMPDIR"
    for file in easyofdrust-gen01-docinfo ofdrw-helloworld zc310-helloworld; do
        fails 2 trial seal "$SAMPLES/ofd/$file.ofd" --seal official --key agency -o out.ofd
        says --place
        ok trial seal "$SAMPLES/ofd/$file.ofd" --seal official --key agency --place 1,100,200 -o "$file.ofd"
        ok trial verify "$file.ofd"
        says "1 seal"
        ok trial sign "$file.ofd" --key agency -o "$file.signed.ofd"
        ok trial verify "$file.signed.ofd"
        edit "$file.ofd" b.ofd flip OFD.xml 40
        got=0
        trial verify b.ofd >out || got=$?
        [ $got -eq 1 ] || [ $got -eq 9 ]
    done
}
