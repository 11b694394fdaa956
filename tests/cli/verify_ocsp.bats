#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# OCSP answers made by the command line of OpenSSL, none of our code.

load common

setup_file()
{
    make_authority
    make_second
    cd "$BATS_FILE_TMPDIR"
    delegate rsa "rsa -pkeyopt rsa_keygen_bits:2048" OCSPSigning
    delegate ec "EC -pkeyopt ec_paramgen_curve:P-256" OCSPSigning
    delegate sm2 SM2 OCSPSigning
    delegate plain SM2 emailProtection
}

ID=distid:1234567812345678

# delegate NAME ALGORITHM PURPOSE: a certificate of the first authority's root
delegate()
{
    # shellcheck disable=SC2086
    local check="-vfyopt $ID"
    openssl genpkey -quiet -algorithm $2 -out "$1.key"
    case $1 in
    rsa | ec) check= && openssl req -new -key "$1.key" -sha256 -subj "/CN=$1" -out "$1.csr" ;;
    *) openssl req -new -key "$1.key" -sm3 -sigopt $ID -subj "/CN=$1" -out "$1.csr" ;;
    esac
    printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nnoCheck=NULL\n' "$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" $check -CA authority/ca/root.crt -CAkey authority/ca/root.key -sm3 \
        -sigopt $ID -days 3650 -extfile "$1.ext" -out "$1.crt" 2>"$1.log"
}

# index STATUS: what the root knows of the agency's certificate: good, or revoked at TIME[,reason], or nothing
index()
{
    local serial
    serial=$(openssl x509 -in "$AUTHORITY/agency/agency.crt" -noout -serial | cut -d= -f2)
    case $1 in
    good) printf 'V\t491231235959Z\t\t%s\tunknown\t/CN=x\n' "$serial" ;;
    nothing) ;;
    *) printf 'R\t491231235959Z\t%s\t%s\tunknown\t/CN=x\n' "$1" "$serial" ;;
    esac >index.txt
}

# answer_of SIGNER FILE [OPTION...]: the answer of root, rsa, ec, sm2 or plain
answer_of()
{
    local crt=$BATS_FILE_TMPDIR/$1.crt key=$BATS_FILE_TMPDIR/$1.key out=$2 sign="-rmd sm3 -rsigopt $ID"
    case $1 in
    root) crt=$AUTHORITY/ca/root.crt key=$AUTHORITY/ca/root.key ;;
    rsa | ec) sign="-rmd sha256" ;;
    esac
    shift 2
    openssl ocsp -sha256 -issuer "$AUTHORITY/ca/root.crt" -cert "$AUTHORITY/agency/agency.crt" -no_nonce -reqout req.der
    # shellcheck disable=SC2086
    openssl ocsp -index index.txt -CA "$AUTHORITY/ca/root.crt" -rsigner "$crt" -rkey "$key" -reqin req.der \
        -respout "$out" $sign "$@" >openssl.log 2>&1
}

@test "an answer of the issuer or of its delegate, of any key, says that the certificate is good" {
    index good
    for who in root sm2 rsa ec; do
        answer_of $who answer.der -ndays 1
        ok ecert verify "$LICENCE" --trust "$AUTHORITY/trust" --ocsp answer.der -v
        says "1 OCSP" TIM301
        silent CRT301 CRT302 CRT307 CRT308
    done
}

@test "without a list or an answer it is said that nobody knows, and with an answer it is not" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    ok ecert verify "$LICENCE" --trust trust -v
    says CRT301 --ocsp "0 revocation lists" "0 OCSP responses"
    index good
    answer_of root answer.der -ndays 1
    mkdir trust/ocsp
    { echo "-----BEGIN OCSP RESPONSE-----" && base64 answer.der && echo "-----END OCSP RESPONSE-----"; } \
        >"trust/ocsp/an answer.pem"
    ok ecert verify "$LICENCE" --trust trust -v
    says "maker-revocation: no revocation list" "1 OCSP responses"
    silent signer-revocation
    ok ecert eseal check "$AUTHORITY/seals/official.esl" --trust trust --ocsp answer.der -v
    says CRT301 "2 OCSP responses"
}

@test "a revocation before the seal fails, one since then does not, and a theft warns" {
    index "$(date -u -d '1 day ago' +%y%m%d%H%M%SZ)"
    for who in root rsa; do
        answer_of $who answer.der -ndays 1
        fails 1 trial verify "$LICENCE" --ocsp answer.der
        says CRT205
        fails 1 trial verify "$LICENCE" --ocsp answer.der --json
        answer '.items[0].signatures[0].sub_indication' REVOKED
    done
    index "$(date -u -d '1 day' +%y%m%d%H%M%SZ)"
    answer_of root answer.der -ndays 1
    ok trial verify "$LICENCE" --ocsp answer.der --at "$(date -u -d '2 days' +%F)" -v
    says CRT304
    index "$(date -u -d '1 day' +%y%m%d%H%M%SZ),keyCompromise"
    answer_of root answer.der -ndays 1
    ok trial verify "$LICENCE" --ocsp answer.der --at "$(date -u -d '2 days' +%F)" -v
    says CRT305
}

@test "a certificate on hold is undecided until the hold ends" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    index "$(date -u -d '1 day ago' +%y%m%d%H%M%SZ),holdInstruction,holdInstructionNone"
    answer_of root held.der -ndays 1
    fails 4 ecert verify "$LICENCE" --trust trust --ocsp held.der
    says CRT111
    fails 4 ecert verify "$LICENCE" --trust trust --ocsp held.der --json
    answer '.items[0].signatures[0].sub_indication' TRY_LATER
    sleep 1
    index good
    answer_of root answer.der -ndays 1
    ok ecert verify "$LICENCE" --trust trust --ocsp held.der --ocsp answer.der
}

@test "a responder that does not know the certificate leaves it undecided" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    index nothing
    answer_of root answer.der -ndays 1
    fails 4 ecert verify "$LICENCE" --trust trust --ocsp answer.der
    says CRT110
    ok ecert verify "$LICENCE" --trust "$AUTHORITY/trust" --ocsp answer.der
}

@test "who was not made for answering answers for nobody, and neither does another authority" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    index "$(date -u -d '1 day ago' +%y%m%d%H%M%SZ)"
    answer_of plain answer.der -ndays 1
    ok ecert verify "$LICENCE" --trust trust --ocsp answer.der -v
    says CRT308
    answer_of sm2 answer.der -ndays 1
    fails 1 ecert verify "$LICENCE" --trust trust --ocsp answer.der
    printf '\001' | dd of=answer.der bs=1 seek=200 conv=notrunc 2>dd.log
    got=0
    ecert verify "$LICENCE" --trust trust --ocsp answer.der >out 2>err || got=$?
    [ $got -eq 0 ] || [ $got -eq 9 ]
}

@test "an answer grows old, and one from tomorrow is not used" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    index good
    answer_of root answer.der -ndays 1
    ok ecert verify "$LICENCE" --trust trust --ocsp answer.der --at "$(date -u -d '3 days' +%F)" -v
    says CRT307
    answer_of root forever.der
    ok ecert verify "$LICENCE" --trust trust --ocsp forever.der --at "$(date -u -d '3 days' +%F)" -v
    silent CRT307
    ok ecert verify "$LICENCE" --trust trust --ocsp forever.der --at "$(date -u -d '9 days' +%F)" -v
    says CRT307
    fails 4 ecert verify "$LICENCE" --trust trust --ocsp answer.der --at "$(date -u -d '1 day ago' +%F)" -v
    says CRT309
}

@test "a file that is no answer, or none at all, stops the run" {
    fails 3 trial verify "$LICENCE" --ocsp nowhere.der
    echo rubbish >bad.der
    fails 9 trial verify "$LICENCE" --ocsp bad.der
    says bad.der
    printf '\060\003\012\001\003' >later.der
    fails 9 trial verify "$LICENCE" --ocsp later.der
    says "gave no answer (3)"
    cp -R "$AUTHORITY/trust" trust
    mkdir trust/ocsp
    cp bad.der trust/ocsp
    fails 9 ecert verify "$LICENCE" --trust trust
    says ocsp/bad.der
}

@test "--detailed and --facts tell on what source the answer rests" {
    index good
    answer_of root answer.der -ndays 1
    ok trial verify "$LICENCE" --ocsp answer.der --detailed --facts facts.json
    says "by the OCSP answer of" "by the revocation list"
    [ "$(jq -r '[.. | .signer_revocation? // empty] | .[0] | [.state, .source] | join(" ")' facts.json)" = "good ocsp" ]
    [ "$(jq -r '[.. | .signer_revocation? // empty] | .[0].sm3' facts.json)" = "$(openssl dgst -sm3 -r answer.der | cut -d' ' -f1)" ]
    [ "$(jq -r '[.. | .maker_revocation? // empty] | .[0] | [.state, .source] | join(" ")' facts.json)" = "good crl" ]
    ok trial verify --replay facts.json
}

@test "a policy may demand that revocation is known, and trust no time that a thief could have written" {
    printf 'schema: ecert.policy/1\nname: mine\nextends: default\nfindings: {CRT301: undecided, CRT307: undecided, CRT305: fail}\n' >mine.yaml
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    ok ecert verify "$LICENCE" --trust trust
    fails 4 ecert verify "$LICENCE" --trust trust --policy mine.yaml
    says CRT301
    ok ecert verify "$LICENCE" --trust "$AUTHORITY/trust" --policy mine.yaml
    index "$(date -u -d '1 day' +%y%m%d%H%M%SZ),keyCompromise"
    answer_of root answer.der -ndays 1
    fails 1 trial verify "$LICENCE" --ocsp answer.der --at "$(date -u -d '2 days' +%F)" --policy mine.yaml
    says CRT305
    index "$(date -u -d '1 day' +%y%m%d%H%M%SZ),superseded"
    answer_of root answer.der -ndays 1
    ok trial verify "$LICENCE" --ocsp answer.der --at "$(date -u -d '2 days' +%F)" --policy mine.yaml
}
