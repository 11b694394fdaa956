# SPDX-License-Identifier: Apache-2.0
# Every call that changes the disk fails once in turn: the command says so (3), what it was to
# write is there whole or not at all, and nothing half-written stays behind.
load common

prepare() {
    FAULT=$(program_folder)/tests/fault/fault.so
    ecert authority new demo -q
    ecert issue -t business-license -d "$ECERT_TEMPLATES/business-license/sample.json" -o in.ofd -q
    case $(ldd "$(command -v ecert)") in
    *libasan* | *libtsan*) skip "the sanitizer's library must be the first one loaded" ;;
    esac
    touch -d '1 hour ago' in.ofd
}

# each CHECK CMD …: runs CMD once for each of its calls, that call failing; then CHECK must hold.
each() {
    local check=$1 n at got
    shift
    FAULT_COUNT=$BATS_FILE_TMPDIR/count LD_PRELOAD=$FAULT "$@" >/dev/null 2>&1
    n=$(cat $BATS_FILE_TMPDIR/count)
    [ "$n" -gt 0 ]
    undo
    for at in $(seq 1 "$n"); do
        got=0
        FAULT_AT=$at LD_PRELOAD=$FAULT "$@" >$BATS_FILE_TMPDIR/said 2>$BATS_FILE_TMPDIR/said-err || got=$?
        if [ "$got" -ne 3 ] && ! $check "$got" "$at"; then
            echo "call $at of $n failed: exit status $got, want 3: $*"
            cat $BATS_FILE_TMPDIR/said $BATS_FILE_TMPDIR/said-err
            return 1
        fi
        left=$(find . -name '*.??????' -newer in.ofd | grep -E '\.[A-Za-z0-9]{6}$' || true)
        if [ -n "$left" ]; then
            echo "call $at of $n failed and left behind: $left"
            return 1
        fi
        undo
    done
}

never() { return 1; }
undo() { rm -rf out.ofd out new in.ofd.p7s journal.jsonl seal.esl; }

@test "faults: issue of one sealed licence" {
    prepare
    each never ecert --config demo/config.yaml issue -t business-license --seal official --key agency -o out.ofd \
        -d "$ECERT_TEMPLATES/business-license/sample.json" --journal journal.jsonl
}

@test "faults: issue of a roster into a folder" {
    prepare
    # One licence that cannot be written is one rejected (6); a failed sync or journal is 3.
    partial() { [ "$1" -eq 6 ]; }
    each partial ecert --config demo/config.yaml issue -t business-license --out-dir out \
        -d "$ECERT_TEMPLATES/business-license/roster.jsonl" --journal journal.jsonl -j1
}

@test "faults: seal, sign and a detached signature" {
    prepare
    each never ecert --config demo/config.yaml seal --seal official --key agency in.ofd -o out.ofd --journal journal.jsonl
    each never ecert --config demo/config.yaml sign --key agency in.ofd -o out.ofd --journal journal.jsonl
    each never ecert --config demo/config.yaml sign --detached --key agency in.ofd --journal journal.jsonl
}

@test "faults: a trial authority and a seal" {
    prepare
    each never ecert authority new new
    each never ecert --config demo/config.yaml eseal make --picture demo/seals/official.png --name x \
        --signer demo/agency/agency.crt --key maker -o seal.esl
}

# Facts and the items of a report are written through descriptors that were open before the first
# file was read, so what can fail is the writing itself.
many() { for i in 1 2 3 4 5 6 7 8; do cp in.ofd "$i.ofd"; done; }

@test "faults: the facts of a run that could not write them all are none" {
    prepare
    many
    fails 5 ecert verify --facts facts.jsonl ./*.ofd
    [ "$(wc -l <facts.jsonl)" -eq 9 ]
    for blocks in 1 4; do # of 1024 bytes
        rm facts.jsonl
        fails 3 bash -c "ulimit -f $blocks; exec ecert verify --facts facts.jsonl ./*.ofd >/dev/null"
        [ ! -s facts.jsonl ]
        fails 9 ecert verify --replay facts.jsonl
    done
    fails 3 ecert verify --facts /dev/full --force in.ofd
    says "cannot write the facts"
}

@test "faults: a report that could not be written whole says so" {
    prepare
    many
    for form in --json --jsonl; do
        fails 3 bash -c "ecert verify $form ./*.ofd >/dev/full"
        fails 3 bash -c "ulimit -f 1; exec ecert verify $form ./*.ofd >report"
    done
}
