#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the seeds of der/, cert/, crl/ and ocsp/ anew: tests/fuzz/corpus/make_crypto.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
id='distid:1234567812345678'

# Certificates: a root, a signer under it, one of RSA, one of P-256 with many extensions.
openssl genpkey -quiet -algorithm SM2 -out "$work/root.key"
openssl req -x509 -key "$work/root.key" -sm3 -sigopt "$id" -days 3650 -utf8 -subj '/C=CN/O=测试/CN=根' \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' -out "$work/root.pem"
openssl genpkey -quiet -algorithm SM2 -out "$work/signer.key"
openssl req -new -key "$work/signer.key" -sm3 -sigopt "$id" -utf8 -subj '/C=CN/CN=签发机关' -out "$work/signer.csr"
openssl x509 -req -in "$work/signer.csr" -vfyopt "$id" -CA "$work/root.pem" -CAkey "$work/root.key" -sm3 \
    -sigopt "$id" -days 3650 -out "$work/signer.pem"
openssl req -x509 -newkey rsa:1024 -nodes -keyout "$work/rsa.key" -days 3650 -subj '/CN=rsa' -out "$work/rsa.pem"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ec.key" -days 3650 \
    -subj '/CN=ec' -addext 'extendedKeyUsage=critical,timeStamping' -addext 'subjectAltName=DNS:example.org' \
    -addext 'crlDistributionPoints=URI:http://example.org/1.crl' \
    -addext 'nameConstraints=critical,permitted;DNS:example.org' -out "$work/ec.pem"
for name in root signer rsa ec; do
    openssl x509 -in "$work/$name.pem" -outform DER -out "cert/$name.der"
done
cat "$work/signer.pem" "$work/root.pem" >cert/chain.pem
head -c 200 cert/root.der >cert/cut.der

# Lists: empty, with entries and reasons, with a scope.
cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = d
[d]
database = $work/index
default_md = sm3
default_crl_days = 30
crlnumber = $work/number
[scope]
issuingDistributionPoint = critical,@point
authorityKeyIdentifier = keyid
[point]
fullname = URI:http://example.org/1.crl
onlyuser = TRUE
CNF
list() {
    echo 01 >"$work/number"
    openssl ca -config "$work/ca.cnf" -gencrl -cert "$work/root.pem" -keyfile "$work/root.key" -sigopt "$id" \
        -out "$work/list.pem" "$@"
}
: >"$work/index"
list && openssl crl -in "$work/list.pem" -outform DER -out crl/empty.der
printf 'R\t350101000000Z\t260101000000Z,keyCompromise\t0A\tunknown\t/CN=a\nR\t350101000000Z\t260102000000Z\t0B01\tunknown\t/CN=b\nR\t350101000000Z\t260102000000Z,certificateHold\t7F\tunknown\t/CN=c\n' >"$work/index"
list -crlexts scope && cp "$work/list.pem" crl/entries.pem
openssl crl -in "$work/list.pem" -outform DER -out crl/entries.der
head -c 150 crl/entries.der >crl/cut.der

# OCSP answers: of the root itself, of a delegate with its certificate, good, revoked and unknown.
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/ocsp.key"
openssl req -new -key "$work/ocsp.key" -subj /CN=ocsp -out "$work/ocsp.csr"
printf 'extendedKeyUsage=OCSPSigning\nnoCheck=NULL\n' >"$work/ocsp.ext"
openssl x509 -req -in "$work/ocsp.csr" -CA "$work/root.pem" -CAkey "$work/root.key" -sm3 -sigopt "$id" -days 3650 \
    -extfile "$work/ocsp.ext" -out "$work/ocsp.pem"
serial=$(openssl x509 -in "$work/signer.pem" -noout -serial | cut -d= -f2)
openssl ocsp -sm3 -issuer "$work/root.pem" -cert "$work/signer.pem" -reqout "$work/request"
answer() {
    openssl ocsp -index "$work/index" -CA "$work/root.pem" -reqin "$work/request" "$@"
}
printf 'V\t350101000000Z\t\t%s\tunknown\t/CN=x\n' "$serial" >"$work/index"
answer -rsigner "$work/root.pem" -rkey "$work/root.key" -rmd sm3 -rsigopt "$id" -ndays 1 -resp_no_certs \
    -respout ocsp/good.der
printf 'R\t350101000000Z\t260101000000Z,keyCompromise\t%s\tunknown\t/CN=x\n' "$serial" >"$work/index"
answer -rsigner "$work/ocsp.pem" -rkey "$work/ocsp.key" -resp_key_id -respout ocsp/revoked.der
: >"$work/index"
answer -rsigner "$work/ocsp.pem" -rkey "$work/ocsp.key" -resp_no_certs -respout "$work/unknown.der"
{ echo '-----BEGIN OCSP RESPONSE-----' && base64 "$work/unknown.der" && echo '-----END OCSP RESPONSE-----'; } >ocsp/unknown.pem
head -c 300 ocsp/revoked.der >ocsp/cut.der
printf '\060\003\012\001\003' >ocsp/later

# Elements by hand: octal, so that any printf makes them.
printf '\060\006\002\001\001\002\001\002' >der/value
printf '\060\012\002\003\000\000\001\002\001\002\000\000' >der/value_not_minimal
printf '\060\200\002\001\005\240\200\004\001a\000\000\000\000' >der/indefinite
printf '\060\201\003\002\001\005' >der/long_length
printf '\060\037\006\010\052\201\034\317\125\001\203\165\027\015260301080000Z\003\002\004\360' >der/oid_time_bits
printf '\037\201\110\001\377' >der/high_tag
printf '\060\204\377\377\377\377\002' >der/huge
cp cert/signer.der der/certificate
