#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What hostile files and surroundings may not do to the person who reads the answer.

load common

setup_file()
{
    make_authority
    # a name that would erase the verdict, write another and turn the direction of the line
    trial eseal make --picture authority/seals/official.png --key maker --signer authority/agency/agency.crt \
        --name $'x\033[2K\rpassed  all.ofd\nfake line\u202e\u009b' -o odd.esl
    trial issue -t business-license -d record.json --serial auto -o plain.ofd
    trial seal plain.ofd --seal odd.esl --key agency --on-behalf test -o odd.ofd
}

# What a terminal obeys is in no stream of the last ok/fails.
harmless() { silent $'\033' $'\r' $'\u202e' $'\u009b' $'\nfake'; }

@test "the name of a seal does not write on the terminal" {
    ok trial verify "$BATS_FILE_TMPDIR/odd.ofd" -v
    harmless
    says 'fake line'
    ok trial show "$BATS_FILE_TMPDIR/odd.ofd"
    harmless
    says 'fake line'
    ok ecert eseal show "$BATS_FILE_TMPDIR/odd.esl"
    harmless
    says 'fake line'
}

@test "the name of a file does not write on the terminal" {
    cp "$LICENCE" $'a\033[2K.ofd'
    ok trial verify $'a\033[2K.ofd'
    harmless
    fails 2 trial verify $'missing\033[2K.ofd'
    harmless
    fails 2 trial seal $'a\033[2K.ofd'
    harmless
}

@test "SOURCE_DATE_EPOCH does not turn the clock of verify back" {
    record 营业期限至=2021-03-01 >old.json
    trial issue -t business-license -d old.json --serial auto -o old.ofd
    fails 1 ecert verify old.ofd
    says TIM292
    fails 1 env SOURCE_DATE_EPOCH=1600000000 ecert verify old.ofd
    says TIM292
    fails 5 ecert verify --at 2020-09-13T00:00:00Z old.ofd
    silent TIM292
}

@test "a signature moved to another folder is not where its seal says" {
    edit "$LICENCE" moved.ofd name Doc_0/Signs/Sign_0/Signature.xml X/Doc_0/Signs/Sign_0/Signature.xml \
        swap Doc_0/Signs/Signatures.xml /Doc_0/Signs/Sign_0/Signature.xml /X/Doc_0/Signs/Sign_0/Signature.xml
    fails 4 trial verify moved.ofd
    says SIG107
}
