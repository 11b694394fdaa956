#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The EXAMPLES of the manual are run as they are printed: every ".Dl $ COMMAND" of a
# built page, in order, in a folder that holds only a trial authority (demo, made by
# `ecert authority new demo`) and the templates.  A command ends with status 0 unless
# its line ends with "# exit N".

load common

setup_file()
{
    local root
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir fresh
    cp -R "$root/templates" fresh/templates
    PATH=$(program_folder):$PATH
    cd fresh && ecert authority new demo >/dev/null
}

# commands FILE: one command a line, as the reader of the page sees it
commands()
{
    sed -n 's/^\.Dl \$ //p' "$1" | sed -e 's/\\(dq/"/g' -e 's/\\e/\\/g' -e 's/\\-/-/g'
}

# page NAME: runs the examples of a page; the Chinese page has the same
page()
{
    local manual command want got
    manual=$(program_folder)/man
    commands "$manual/$1" >commands
    commands "$manual/zh_CN/$1" >commands.zh
    diff -u commands commands.zh
    [ -s commands ]
    cp -R "$BATS_FILE_TMPDIR/fresh" here
    cd here || return 1
    while IFS= read -r command; do
        want=0 got=0
        case $command in
        *'# exit '*) want=${command##*'# exit '} ;;
        esac
        bash -o pipefail -c "$command" </dev/null >../out 2>../err || got=$?
        [ "$got" -eq "$want" ] || {
            printf 'exit status %s, want %s: %s\n' "$got" "$want" "$command"
            cat ../out ../err
            return 1
        }
    done <../commands
}

@test "every page is run here" {
    for built in "$(program_folder)"/man/*.[157]; do
        grep -q "page ${built##*/}\$" "$BATS_TEST_FILENAME" || {
            echo "${built##*/} is not run"
            return 1
        }
        [ -f "${built%/*}/zh_CN/${built##*/}" ]
    done
}

# block N: the Nth shell block of the README, without its comments
block()
{
    local root
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    awk -v n="$1" '/^```sh$/ { at++; on = at == n; next } /^```$/ { on = 0 } on' "$root/README.md" |
        sed 's/ *#.*//'
}

@test "the ten lines of the README run, and are the same in both languages" {
    block 2 >english
    block 4 >chinese
    diff -u english chinese
    [ "$(grep -c . english)" -eq 10 ]
    cp -R "$BATS_FILE_TMPDIR/fresh/templates" templates
    { echo 'set -eu; shopt -s expand_aliases'; grep -v '^make install' english; } >script
    bash script
    [ -s sealed.ofd ] && [ -s report.json ] && [ -d out ]
}

@test "the examples of ecert(1) run as printed" {
    page ecert.1
}

@test "the examples of ecert-authority(1) run as printed" {
    page ecert-authority.1
}

@test "the examples of ecert-completion(1) run as printed" {
    page ecert-completion.1
}

@test "the examples of ecert-eseal(1) run as printed" {
    page ecert-eseal.1
}

@test "the examples of ecert-explain(1) run as printed" {
    page ecert-explain.1
}

@test "the examples of ecert-id(1) run as printed" {
    page ecert-id.1
}

@test "the examples of ecert-issue(1) run as printed" {
    page ecert-issue.1
}

@test "the examples of ecert-seal(1) run as printed" {
    page ecert-seal.1
}

@test "the examples of ecert-show(1) run as printed" {
    page ecert-show.1
}

@test "the examples of ecert-sign(1) run as printed" {
    page ecert-sign.1
}

@test "the examples of ecert-verify(1) run as printed" {
    page ecert-verify.1
}

@test "the examples of ecert.conf(5) run as printed" {
    page ecert.conf.5
}

@test "the examples of ecert-formats(7) run as printed" {
    page ecert-formats.7
}
