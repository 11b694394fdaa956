#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# issuers.yaml of the trust folder: who issues what, by whose certificate, under whose seal maker.

load common

setup_file()
{
    make_authority
    make_second
    SECOND=$BATS_FILE_TMPDIR/second
    joint_record >joint.json
    trial issue -t land-site-opinion -d joint.json --seal official --key agency -o half.ofd
    second seal half.ofd --seal official --key agency -o joint.ofd
    # one folder that believes both roots
    cp -R authority/trust shared
    cp second/trust/anchors/* shared/anchors/second.crt
    cp second/trust/crls/* shared/crls/second.crl
}

FIRST_CODE=11330199MB0TE5T1X6
SECOND_CODE=11330199MB0TE5T286
STRANGE_CODE=11330199MB0TE5T361

sm3() { openssl x509 -in "$1" -outform DER | openssl dgst -sm3 -r | cut -d' ' -f1; }

# digests: those that issuers.yaml names certificates by
digests()
{
    AGENCY=$(sm3 "$AUTHORITY/agency/agency.crt") ROOT=$(sm3 "$AUTHORITY/ca/root.crt") MAKER=$(sm3 "$AUTHORITY/ca/maker.crt")
    OTHER=$(sm3 "$SECOND/agency/agency.crt") OTHER_ROOT=$(sm3 "$SECOND/ca/root.crt") OTHER_MAKER=$(sm3 "$SECOND/ca/maker.crt")
}

# list LINE...: the shared trust folder with this issuers.yaml
list()
{
    [ -d trust ] || cp -R "$BATS_FILE_TMPDIR/shared" trust
    printf '%s\n' "$@" >trust/issuers.yaml
}

@test "an issuer is allowed by code and type and certificate together, and by nothing less" {
    digests
    while IFS='|' read -r status code text; do
        list "$text"
        fails "$status" ecert verify "$LICENCE" --trust trust
        [ -z "$code" ] || says "$code"
    done <<LISTS
0||issuers: [{uscc: $FIRST_CODE, types: [11100000MB0143028R001], certs: [$AGENCY]}]
4|CRT106|issuers: [{uscc: $FIRST_CODE, types: [11100000MB0143028R002, 1], certs: [$AGENCY]}]
4|CRT106|issuers: [{uscc: $FIRST_CODE, types: [], certs: [$AGENCY]}]
4|CRT105|issuers: [{uscc: $STRANGE_CODE, types: ["*"], certs: [$AGENCY]}]
4|CRT105|issuers: [{name: 别的机关, types: ["*"], certs: [$AGENCY]}]
4|CRT105|issuers: []
4|CRT107|issuers: [{uscc: $FIRST_CODE, types: ["*"], certs: [$OTHER]}, {uscc: $SECOND_CODE, types: ["*"], certs: [$AGENCY]}]
4|CRT107|issuers: [{uscc: $FIRST_CODE, types: ["*"], anchors: [$OTHER_ROOT]}]
4|CRT107|issuers: [{uscc: $FIRST_CODE, types: ["*"], certs: [$ROOT]}]
0||issuers: [{uscc: $FIRST_CODE, types: ["*"], anchors: [$ROOT]}]
0||issuers: [{uscc: $FIRST_CODE, types: ["x"], certs: [$AGENCY]}, {uscc: $FIRST_CODE, types: ["*"], certs: [$AGENCY]}]
LISTS
}

@test "of two who sealed both must be listed" {
    digests
    list "issuers: [{uscc: $FIRST_CODE, types: ['*'], certs: [$AGENCY]}, {uscc: $SECOND_CODE, types: ['*'], certs: [$OTHER]}]"
    ok ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust trust
    list "issuers: [{uscc: $FIRST_CODE, types: ['*'], certs: [$AGENCY]}]"
    fails 4 ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust trust --json
    answer '[.items[0].signatures[].indication]' '["TOTAL-PASSED","INDETERMINATE"]'
    answer '[.items[0].findings[].code | select(startswith("CRT"))]' '["CRT107"]'
    list "issuers: [{uscc: $SECOND_CODE, types: ['*'], certs: [$OTHER]}]"
    fails 4 ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust trust --json
    answer '[.items[0].signatures[].indication]' '["INDETERMINATE","TOTAL-PASSED"]'
}

@test "a seal counts if its maker is listed, by its own certificate or by the anchor above it" {
    digests
    own="issuers: [{uscc: $FIRST_CODE, types: ['*'], certs: [$AGENCY]}]"
    for maker in "$MAKER" "$ROOT"; do
        list "$own" "makers: [$OTHER_MAKER, $maker]"
        ok ecert verify "$LICENCE" --trust trust
    done
    for maker in "$OTHER_MAKER" "$OTHER_ROOT" "$AGENCY"; do
        list "$own" "makers: [$maker]"
        fails 4 ecert verify "$LICENCE" --trust trust
        says CRT108
    done
    list "$own" "makers: []"
    fails 4 ecert verify "$LICENCE" --trust trust
    says CRT108
}

@test "an issuer that is asked for must have sealed" {
    digests
    list "issuers: [{uscc: $FIRST_CODE, types: ['*'], certs: [$AGENCY]}, {uscc: $SECOND_CODE, types: ['*'], certs: [$OTHER]}]"
    ok ecert verify "$LICENCE" --trust trust --require issuer=$FIRST_CODE
    fails 4 ecert verify "$LICENCE" --trust trust --require issuer=$SECOND_CODE
    says CRT193
    ok ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust trust --require issuer=$FIRST_CODE,issuer=$SECOND_CODE
    rm trust/issuers.yaml
    fails 4 ecert verify "$LICENCE" --trust trust --require issuer=$FIRST_CODE
    says CRT193
}

@test "under an anchor that several share only the one that the file names has sealed" {
    digests
    list "issuers: [{uscc: $FIRST_CODE, types: ['*'], anchors: [$ROOT]}, {uscc: $SECOND_CODE, types: ['*'], anchors: [$ROOT]}]"
    ok ecert verify "$LICENCE" --trust trust --require issuer=$FIRST_CODE
    fails 4 ecert verify "$LICENCE" --trust trust --require issuer=$SECOND_CODE
    says CRT193
}

@test "a trust folder with odd names, twice the same and useless anchors does its work, and -v counts" {
    cp -R "$AUTHORITY/trust" "trust folder"
    mkdir "trust folder/intermediates"
    mv "trust folder/anchors/"* "trust folder/anchors/根 证书 (1).crt"
    cp "trust folder/anchors/根 证书 (1).crt" "trust folder/anchors/again.pem"
    cp "$SECOND/agency/agency.crt" "trust folder/anchors/no ca.crt"
    cp "$SECOND/ca/maker.crt" "trust folder/intermediates/maker.crt"
    touch "trust folder/anchors/.hidden"
    ok ecert verify "$LICENCE" --trust "trust folder" -v
    says "2 anchors, 1 intermediates, 1 revocation lists, 0 OCSP" "1 anchors are no certificate authorities"
    fails 4 ecert verify "$BATS_FILE_TMPDIR/joint.ofd" --trust "trust folder"
    ok ecert verify "$LICENCE" --trust "trust folder"
    [ ! -s err ]
}

@test "a file of the trust folder that cannot be read stops the run and is named" {
    cp -R "$AUTHORITY/trust" trust
    echo rubbish >trust/anchors/rubbish.crt
    fails 9 ecert verify "$LICENCE" --trust trust
    says anchors/rubbish.crt
    rm trust/anchors/rubbish.crt
    cp "$AUTHORITY/ca/root.key" trust/intermediates.key
    ok ecert verify "$LICENCE" --trust trust
    ln -s nowhere trust/crls/gone.crl
    fails 3 ecert verify "$LICENCE" --trust trust
    says crls/gone.crl
}

@test "an anchor that has expired counts for what was sealed before" {
    ok ecert verify "$LICENCE" --trust "$AUTHORITY/trust" -v
    silent "have expired"
    ok ecert verify "$LICENCE" --trust "$AUTHORITY/trust" --at 2090-01-01 -v
    says "1 anchors have expired"
}
