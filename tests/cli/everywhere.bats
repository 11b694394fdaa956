#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What holds of every command, whatever it does: asked of the program, so that a new
# command is tested from its first day.

load common

# Asked once: the forms, a verb on a line of its own ("verify", "eseal make", ...), and
# the options that --help shows of each, in a file of its name.
setup_file()
{
    local command words form
    make_authority
    for command in $(ecert --list); do
        words=$(ecert __complete "$command
" | cut -f1 | grep -v '^[-@]' || true)
        if [ -z "$words" ]; then
            echo "$command"
        else
            printf "$command %s\n" $words
        fi
    done >forms
    mkdir help helped
    while read -r form; do
        ecert $form --help >"help/$form"
        sed -n 's/^  \(-.,\|   \) \(--[a-z0-9-]*\).*/\2/p' "help/$form" >"helped/$form"
    done <forms
}

forms() { cat "$BATS_FILE_TMPDIR/forms"; }
helped() { cat "$BATS_FILE_TMPDIR/helped/$*"; }

# The options that completion offers after the words of a form
offered() { ecert __complete "$(printf '%s\n' "$@")
" | cut -f1 | grep '^--'; }

# paged LANG FORM...: the options in OPTIONS of the manual page, a verb's under its own heading
paged()
{
    awk -v verb="${3:-}" -v form="${*:2}" '
        /^\.Sh / { inside = verb == "" && /^\.Sh (OPTIONS|选项)$/ }
        /^\.Ss / && verb != "" { inside = substr($0, 5) == form }
        inside && $1 == ".It" && match($0, /Fl -[a-z][a-z0-9-]*/) {
            print "--" substr($0, RSTART + 4, RLENGTH - 4) }' "$(program_folder)/man$1/ecert-$2.1"
}

# every_option: "FORM|OPTION|VALUE'S NAME|BRIEF" of each, a name that several forms share once
every_option()
{
    forms | while read -r form; do
        sed -n "s/^  \(-.,\|   \) \(--[a-z0-9-]*\)\( [A-Zx=,]\+\)\? \+\(.*\)/$form|\2|\3|\4/p" "$BATS_FILE_TMPDIR/help/$form"
    done | sort -t'|' -k2,2 -u
}

# A value that an option called so takes
value_of()
{
    case $1 in
    N) echo 1 ;;
    V) echo 4 ;;
    TIME) echo 2026-01-01 ;;
    LEVEL) echo basic ;;
    HASH) echo sm3 ;;
    WHEN) echo auto ;;
    LANG) echo en ;;
    *) echo x ;;
    esac
}

@test "there are eleven forms or more, and --list, --help, completion and ecert(1) name the same commands" {
    ecert --list >list
    sort -c list
    [ "$(forms | wc -l)" -ge 11 ]
    ecert __complete "" | cut -f1 | grep -v '^-' | diff list -
    ecert --help | sed -n 's/^  \([a-z]\+\) .*/\1/p' | diff list -
    sed -n 's/^\.It Xr ecert-\([a-z]*\) 1$/\1/p' "$(program_folder)/man/ecert.1" | diff list -
}

@test "every option that completion offers stands in --help, and no other" {
    forms | while read -r form; do
        offered $form | sort >offered
        [ "$(wc -l <offered)" -ge 4 ]
        helped $form | sort | diff offered - || { echo "ecert $form"; exit 1; }
    done
}

@test "the manual has a page for every command, in both languages" {
    for command in $(ecert --list); do
        for page in ecert-$command.1 zh_CN/ecert-$command.1; do
            [ -s "$(program_folder)/man/$page" ] || { echo "no $page"; return 1; }
        done
    done
}

@test "OPTIONS of both manual pages name the options of --help, in its order" {
    forms | while read -r form; do
        helped $form >helped
        for lang in "" /zh_CN; do
            paged "$lang" $form | diff helped - || { echo "$lang ecert $form"; exit 1; }
        done
    done
}

@test "SYNOPSIS names every option of the command's forms" {
    for command in $(ecert --list); do
        forms | grep "^$command\( \|$\)" | while read -r form; do helped $form; done | sort -u >want
        sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$(program_folder)/man/ecert-$command.1" |
            sed -n 's/^\.\(Op \)\?Fl -\([a-z0-9-]*\).*/--\2/p' | sort -u | diff want -
    done
}

@test "every page lists every exit status that ecert explain knows" {
    ok ecert explain exit
    sed 's/^ *\([0-9]*\) .*/\1/' out >want
    [ "$(wc -l <want)" -eq 11 ]
    for command in $(ecert --list); do
        sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/s/^\.It \([0-9]*\)$/\1/p' "$(program_folder)/man/ecert-$command.1" | diff want -
    done
}

@test "an unknown option is 2; one that is nearly right gets a suggestion" {
    forms | while read -r form; do
        fails 2 ecert $form --zzzzzzzz </dev/null
        says "no such option: --zzzzzzzz"
        fails 2 ecert $form --verbsoe </dev/null
        says "did you mean --verbose"
        fails 2 ecert $form -Z </dev/null
        says "no such option: -Z"
    done
}

@test "an abbreviation is refused, the whole name is not" {
    every_option >options
    [ "$(wc -l <options)" -ge 40 ]
    while IFS='|' read -r form option called brief; do
        grep -q "|${option%?}|" options && continue # --jsonl and --json
        fails 2 ecert $form ${option%?} </dev/null
        says "no such option: ${option%?}"
    done <options
    ok ecert explain --quiet exit 0
}

@test "an option of one value given twice is 2, also with the same value; a repeatable one is taken" {
    every_option >options
    while IFS='|' read -r form option called brief; do
        [ -n "$called" ] || continue
        value=$(value_of $called)
        case $brief in
        *'may be repeated'*)
            # The command refuses the invented value, or reads its empty input: never for the second.
            ends 2,3,5,8,9 ecert $form $option $value $option $value </dev/null >out 2>err
            silent "given twice"
            ;;
        *)
            fails 2 ecert $form $option $value $option $value </dev/null
            says "$option is given twice"
            ;;
        esac
    done <options
    fails 2 ecert issue --out-dir a -o b -o c </dev/null
    says "--output is given twice"
}

@test "a value that is missing and a value that is not wanted are 2" {
    forms | while read -r form; do
        fails 2 ecert $form --config </dev/null
        says "--config needs a value"
        fails 2 ecert $form --quiet=yes </dev/null
        says "--quiet takes no value"
        fails 2 ecert $form --lang=fr </dev/null
        says "--lang: no such choice: 'fr'"
        fails 2 ecert $form --color=sometimes </dev/null
        says "--color: no such choice: 'sometimes'"
    done
}

@test "a usage error with --json still prints one JSON document" {
    forms | while read -r form; do
        fails 2 ecert $form --json --zzzzzzzz </dev/null
        jq -se --arg form "$form" 'length == 1 and (.[0] | .schema == "ecert.report/1" and .command == $form and
            .exit_status == 2 and .verdict == "error" and .items[0].findings[0].code == "CMD001")' out >/dev/null
    done
    fails 2 ecert nonsense --json
    answer .exit_status 2
    fails 2 ecert --json
    answer .exit_status 2
}

@test "nothing is made, opened or read before every option has parsed" {
    echo keep >kept
    fails 2 ecert issue -t business-license -o kept --force --zzzzzzzz </dev/null
    fails 2 ecert authority new made --zzzzzzzz
    fails 2 ecert seal --out-dir made nowhere.ofd --zzzzzzzz
    [ "$(cat kept)" = keep ]
    only kept
}

@test "help works anywhere in the line and asks for nothing else; -h and --version likewise" {
    forms | while read -r form; do
        ok ecert $form --quiet --help
        says "usage: ecert $form"
        ok ecert $form -h --zzzzzzzz
        says "usage: ecert $form"
        ok ecert $form --version
        says "ecert $(ecert --version | cut -d' ' -f2)"
    done
    for group in authority eseal id; do
        ok ecert $group --help
        says "usage: ecert $group VERB"
        ok ecert $group --version
    done
}

@test "a full disk under standard output is 3, said on standard error" {
    [ -e /dev/full ]
    forms | while read -r form; do
        got=0
        ecert $form --help >/dev/full 2>err || got=$?
        [ $got -eq 3 ] || { echo "ecert $form: $got"; exit 1; }
        grep -q "cannot write" err
    done
    for words in --help --version --list "explain list" "explain exit" "explain SIG201" "completion bash" \
        "id check x" "id explain x" "id check --json x" "id check --jsonl x"; do
        got=0
        ecert $words >/dev/full 2>err || got=$?
        [ $got -eq 3 ] || { echo "ecert $words: $got"; return 1; }
    done
}

@test "closed streams are no files: nothing printed lands in what is written" {
    run=(ecert --config "$AUTHORITY/config.yaml" issue -t business-license -d "$BATS_FILE_TMPDIR/record.json")
    for closed in '>&-' '2>&-' '<&- >&- 2>&-'; do
        rm -f a.ofd j.jsonl
        got=0
        eval '"${run[@]}" -o a.ofd --journal j.jsonl --verbose '"$closed" || got=$?
        [ $got -eq 0 ] || [ $got -eq 3 ]
        fails 5 ecert verify a.ofd
        ok ecert explain --journal j.jsonl
    done
    fails 3 sh -c 'ecert --version >&-'
    fails 3 sh -c 'ecert verify <&-'
}

@test "configuration is searched for: the working folder, then the user's, unless one is named" {
    mkdir -p user/ecert
    sed "s|: trust|: $AUTHORITY/trust|" "$AUTHORITY/config.yaml" | grep '^trust:' -A1 >user/ecert/config.yaml
    fails 4 ecert verify "$LICENCE"
    XDG_CONFIG_HOME=$PWD/user ok ecert verify "$LICENCE"
    HOME=$PWD/home XDG_CONFIG_HOME= fails 4 ecert verify "$LICENCE"
    mkdir -p home/.config
    mv user/ecert home/.config/ecert
    HOME=$PWD/home XDG_CONFIG_HOME= ok ecert verify "$LICENCE"
    echo 'operator: nobody' >empty.yaml
    HOME=$PWD/home XDG_CONFIG_HOME= fails 4 ecert verify "$LICENCE" --config empty.yaml
    echo 'operator: 王芳' >.ecert.yaml
    HOME=$PWD/home XDG_CONFIG_HOME= ok ecert verify "$LICENCE"
}

@test "an unknown command or verb is 2, with a suggestion where one is near" {
    fails 2 ecert verfy
    says "no such command: 'verfy'; did you mean 'verify'?"
    fails 2 ecert zzzzzzzz
    says "try 'ecert --help'"
    fails 2 ecert eseal mak
    says "did you mean 'make'"
    fails 2 ecert eseal
    says "which verb"
    fails 2 ecert
    says "which command"
    fails 2 ecert verif --help
}

@test "operands too many or too few are 2 and say what is expected" {
    fails 2 ecert authority new
    says "expected: DIR"
    fails 2 ecert authority new a b
    fails 2 ecert issue -t business-license operand </dev/null
    says "takes no operands"
    fails 2 ecert completion
    says "expected: SHELL"
    only
}

@test "--config and --lang may stand before the command" {
    fails 2 ecert --lang zh_CN verfy
    says "没有" "verify"
    fails 2 ecert --lang=en verify --config=nowhere.yaml --zzzzzzzz
    ok ecert --lang zh_CN explain exit 4
    says "信任"
    ok ecert --lang en explain exit 4
    silent "信任"
    fails 2 ecert --lang
    fails 2 ecert --config
}

@test "the language follows the locale, and --lang before it" {
    LC_ALL=zh_CN.UTF-8 ok ecert explain exit 0 --lang en
    silent "完成"
    LC_ALL=C.UTF-8 LANGUAGE= ok ecert explain exit 0 --lang zh_CN
    cp out zh
    LC_ALL=C.UTF-8 ok ecert explain exit 0
    fails 1 cmp -s zh out
}

@test "--install makes a link for every command, never a bare one, and each works" {
    ok ecert --install bin
    ecert --list | sed 's/^/ecert-/' | diff - <(ls bin)
    for link in bin/*; do
        ok "$link" --help
        says "usage: ecert ${link#bin/ecert-}"
    done
    ok bin/ecert-id check 1.2.156.3005.2.11100000MB0143028R001.11330199MB0TE5T1X6.33019900202603010001.001.L
    fails 2 ecert --install
    ok ecert --install bin # again: what is there stays
    : >file
    fails 3 ecert --install file/bin
}

@test "a configuration that is not there is 3, one that is wrong is 2 with line and column" {
    fails 3 ecert verify --config nowhere.yaml </dev/null
    says nowhere.yaml
    printf 'keys:\n  agency: {key: "file:a.key"}\nseels: {}\n' >wrong.yaml
    fails 2 ecert verify --config wrong.yaml </dev/null
    says wrong.yaml:3:1 seels
    printf 'trust: [\n' >wrong.yaml
    fails 2 ecert verify --config wrong.yaml </dev/null
    says wrong.yaml:
}

@test "a .ecert.yaml in the working folder may not give trust, policies or programs" {
    : >empty
    for entry in 'trust: {default: trust}' 'policies: {default: "builtin:default"}' \
        'keys: {agency: {key: "cmd:/bin/true", cert: a.crt}}'; do
        echo "$entry" >.ecert.yaml
        fails 2 ecert verify empty
        says .ecert.yaml:1
    done
    echo 'operator: somebody' >.ecert.yaml
    fails 9 ecert verify empty
}

@test "no command talks to the network" {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -f -o trace true 2>/dev/null || skip "strace may not trace here"
    for words in "issue -t business-license -d $BATS_FILE_TMPDIR/record.json --seal official --key agency -o made.ofd" \
        "verify $LICENCE" "show $LICENCE" "sign --key agency --detached $LICENCE -o made.p7s" "explain list"; do
        ok env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=%network -o trace ecert --config "$AUTHORITY/config.yaml" $words
        fails 1 grep -E 'socket\(|connect\(|sendto\(' trace
    done
}
