#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert id: licence identifiers minted, checked, taken apart.

load common

GOOD=1.2.156.3005.2.11100000MB0143028R001.11330199MB0TE5T1X6.33019900202603010001.001.L

@test "an identifier is minted with its check character, and checks" {
    ok ecert id mint --type 11100000MB0143028R001 --issuer 11330199MB0TE5T1X6 --serial 33019900202603010001
    [ "$(cat out)" = $GOOD ]
    ok ecert id check $GOOD
    says "passed  $GOOD"
    ok ecert id mint --type 11100000MB0143028R001 --issuer 11330199MB0TE5T1X6 --serial 33019900202603010001 --issue-version 12
    says .012.
    ok ecert id check "$(cat out)"
}

@test "without a serial it is 20 random characters" {
    for how in "" "--serial auto"; do
        ok ecert id mint --type 11100000MB0143028R001 --issuer 11330199MB0TE5T1X6 $how
        cut -d. -f8 out | grep -qx '[0-9A-Z]\{20\}'
        cat out >>all
    done
    [ "$(sort -u all | wc -l)" -eq 2 ]
    ok ecert id check $(cat all)
}

@test "parts that are no parts are 2 and named" {
    good=(--type 11100000MB0143028R001 --issuer 11330199MB0TE5T1X6)
    fails 2 ecert id mint "${good[@]:0:2}"
    says "--issuer is required"
    fails 2 ecert id mint --type 1 --issuer 11330199MB0TE5T1X6
    says "type code"
    fails 2 ecert id mint --type 11100000MB0143028R001 --issuer 11330199MB0TE5T1X7
    says issuer
    for serial in 'a b' abc '' 中文 "$(printf 'A%.0s' $(seq 65))"; do
        fails 2 ecert id mint "${good[@]}" --serial "$serial"
        says serial
    done
    for version in 0 1000 x -1; do
        fails 2 ecert id mint "${good[@]}" --issue-version $version
    done
}

@test "any character changed is found, and what it should be is said" {
    fails 1 ecert id check ${GOOD%L}M
    says IDN201 "'M'" "'L'"
    fails 1 ecert id check ${GOOD/0001.001/0002.001}
    says IDN201
    fails 1 ecert id check ${GOOD/3019900/3091900} # two digits swapped
    for text in x 1.2.3 ${GOOD%.L} $GOOD.L "${GOOD/3005/3003}" "$(printf '1%.0s' $(seq 200))"; do
        fails 1 ecert id check "$text"
        says IDN
    done
}

@test "many are checked, one verdict each, from the line or from standard input" {
    fails 1 ecert id check $GOOD x --json
    answer '[.items[].verdict]' '["passed","failed"]'
    printf '%s\r\n\n%s\n' $GOOD $GOOD >list
    ok ecert id check <list
    [ "$(grep -c ^passed out)" -eq 2 ]
    ok ecert id check - <list
    fails 2 ecert id check </dev/null
    says "no identifier"
}

@test "an identifier is taken apart" {
    ok ecert id explain $GOOD
    says 11100000MB0143028R001 11330199MB0TE5T1X6 33019900202603010001 "check character L is right"
    ok ecert id explain ${GOOD%L}M
    says IDN201
    ok ecert --lang zh_CN id explain $GOOD
    says 校验
    fails 2 ecert id explain
}

@test "every vector gets its answer and its finding" {
    n=0
    while IFS=$'\t' read -r identifier expected answer finding; do
        case $answer in
        accepted) ok ecert id check "$identifier" -v ;;
        refused) fails 1 ecert id check "$identifier" ;;
        *) continue ;;
        esac
        [ "$finding" = - ] || says "$finding"
        [ "$answer" = accepted ] || [ "$expected" = - ] || says "should be '$expected'"
        n=$((n + 1))
    done <"$VECTORS/numbers/identifiers.tsv"
    [ $n -ge 9 ]
}
