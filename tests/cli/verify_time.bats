#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Proof of time: timestamps by courier (seal and sign --tsa-query, --tsa-reply), verify --level,
# verify --at signing.  The timestamp authority is OpenSSL, with RSA keys.

load common

# The trial authority's trust knows a timestamp authority; two others are like it but for a detail.
setup_file()
{
    make_authority
    trial issue -t business-license -d record.json -o unsealed.ofd
    new_tsa tsa critical,timeStamping
    new_tsa stranger critical,timeStamping
    new_tsa lax timeStamping
    new_tsa web critical,serverAuth
    cp tsa.pem lax.pem web.pem authority/trust/anchors/
    echo 01 >serial
    cat >tsa.cnf <<CNF
[tsa]
default_tsa = t
[t]
serial = $PWD/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha1, sha256
accuracy = secs:1
ess_cert_id_alg = sha256
CNF
    trial seal --seal official --key agency --tsa-query q.tsq --tsa-hash sha256 -o waiting.ofd unsealed.ofd
    reply tsa q.tsq r.tsr
    trial seal --tsa-reply r.tsr -o stamped.ofd waiting.ofd
}

new_tsa()
{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 30 -subj "/CN=TEST $1" \
        -addext "extendedKeyUsage=$2" 2>/dev/null
}

# reply WHO QUERY OUT: what the authority answers
reply()
{
    local who=$BATS_FILE_TMPDIR/$1
    openssl ts -reply -config "$BATS_FILE_TMPDIR/tsa.cnf" -queryfile "$2" -signer "$who.pem" \
        -chain "$who.pem" -inkey "$who.key" -out "$3" 2>/dev/null
}

seal() { trial seal --seal official --key agency "$@"; }

UNSEALED=$BATS_FILE_TMPDIR/unsealed.ofd
WAITING=$BATS_FILE_TMPDIR/waiting.ofd
STAMPED=$BATS_FILE_TMPDIR/stamped.ofd
QUERY=$BATS_FILE_TMPDIR/q.tsq
REPLY=$BATS_FILE_TMPDIR/r.tsr

# step NAME RESULT: of the first signature in the report
step()
{
    answer ".items[0].signatures[0].steps[] | select(.id == \"$1\") | .result" "$2"
}

# ---- by courier ----

@test "the request is RFC 3161 with the digest wanted, a nonce and certReq" {
    openssl ts -query -in "$QUERY" -text >out 2>/dev/null
    says "Version: 1" "Hash Algorithm: sha256" "Nonce: 0x" "Certificate required: yes"
    ok seal --tsa-query own.tsq -o a.ofd "$UNSEALED"
    openssl ts -query -in own.tsq -text >out 2>/dev/null
    says "Hash Algorithm: sm3"
    openssl ts -verify -queryfile "$QUERY" -in "$REPLY" -CAfile "$BATS_FILE_TMPDIR/tsa.pem" 2>/dev/null >/dev/null
}

@test "the reply is put in, the member with the value changes and nothing else" {
    mkdir one two
    (cd one && unzip -q "$WAITING") && (cd two && unzip -q "$STAMPED")
    fails 1 diff -rq one two
    [ "$(wc -l <out)" -eq 1 ]
    says 'Doc_0/Signs/Sign_0/SignedValue.dat differ'
    unzip -Z1 "$WAITING" >one.names && unzip -Z1 "$STAMPED" >two.names
    diff one.names two.names
}

@test "what was waiting is good at level basic, what is stamped at every level" {
    ok trial verify "$WAITING"
    fails 4 trial verify --level long-term "$WAITING"
    says TIM104
    fails 4 trial verify --level archival "$WAITING" --json
    answer '.items[0].signatures[0] | [.indication, .sub_indication, .best_time]' '["INDETERMINATE","NO_POE",null]'
    for level in basic long-term archival; do
        ok trial verify --level $level "$STAMPED" --json
        step timestamp passed
        step time-proof passed
        answer '.items[0].signatures[0].best_time | type' string
    done
    step evidence passed
    fails 2 trial verify --level eternal "$STAMPED"
}

@test "an archive needs the revocation list that level long-term does without" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/crls/*
    ok ecert verify --trust trust --level long-term "$STAMPED"
    fails 4 ecert verify --trust trust --level archival "$STAMPED" --json
    answer '.items[0].signatures[0].sub_indication' TRY_LATER
    step evidence unknown
    answer '[.items[0].findings[] | select(.code == "TIM115")] | length > 0' true
}

@test "sign gets a timestamp the same way" {
    ok trial sign --key agency --tsa-query q.tsq --tsa-hash sha256 -o a.ofd "$LICENCE"
    reply tsa q.tsq r.tsr
    ok trial sign --tsa-reply r.tsr -o b.ofd a.ofd
    says timestamped b.ofd
    ok trial verify b.ofd --json
    answer '[.items[0].signatures[] | .best_time | type]' '["null","string"]'
    answer '.items[0].signatures[1].steps[] | select(.id == "timestamp") | .result' passed
    fails 4 trial verify --level long-term b.ofd
}

@test "a reply of the wrong request, authority or file is refused, and nothing is written" {
    ok seal --tsa-query other.tsq --tsa-hash sha256 -o other.ofd "$UNSEALED"
    fails 7 trial seal --tsa-reply "$REPLY" -o out.ofd other.ofd
    says TIM220
    reply stranger "$QUERY" s.tsr
    fails 4 trial seal --tsa-reply s.tsr -o out.ofd "$WAITING"
    says TIM105
    for who in lax web; do
        reply $who "$QUERY" s.tsr || continue
        fails 7 trial seal --tsa-reply s.tsr -o out.ofd "$WAITING"
        says TIM206
    done
    member "$WAITING" Doc_0/Signs/Sign_0/SignedValue.dat >value
    fails 9 trial seal --tsa-reply value -o out.ofd "$WAITING"
    fails 3 trial seal --tsa-reply none.tsr -o out.ofd "$WAITING"
    fails 5 trial seal --tsa-reply "$REPLY" -o out.ofd "$UNSEALED" || fails 7 trial seal --tsa-reply "$REPLY" -o out.ofd "$UNSEALED"
    [ ! -e out.ofd ]
}

@test "a request made by hand for the same value lacks the nonce: refused" {
    openssl ts -query -digest "$(openssl ts -query -in "$QUERY" -text 2>/dev/null |
        sed -n 's/^    00[01]0 - \([0-9a-f -]*\)   .*/\1/p' | tr -d ' \n-')" -sha256 -cert -out mine.tsq 2>/dev/null
    reply tsa mine.tsq mine.tsr
    fails 7 trial seal --tsa-reply mine.tsr -o out.ofd "$WAITING"
    says nonce
}

@test "a reply that says no says so" {
    printf '\060\016\060\014\002\001\002\060\007\014\005\142\165\163\171\041' >no.tsr
    fails 7 trial seal --tsa-reply no.tsr -o out.ofd "$WAITING"
    says TIM220 "busy!"
}

@test "one bit in the reply and it is not put in" {
    size=$(wc -c <"$REPLY")
    for at in 60 100 140 $((size - 280)) $((size - 5)); do
        perl -0777 -pe "substr(\$_, $at, 1) ^= chr(1)" "$REPLY" >bad.tsr
        got=0
        trial seal --tsa-reply bad.tsr -o out.ofd "$WAITING" >out 2>err || got=$?
        [ $got -eq 7 ] || [ $got -eq 9 ] || [ $got -eq 4 ] || { echo "byte $at: $got"; cat out err; false; }
        [ ! -e out.ofd ]
    done
}

@test "a value that a later seal covers, or that has a timestamp, takes none" {
    ok trial sign --key agency -o later.ofd "$WAITING"
    fails 7 trial seal --tsa-reply "$REPLY" -o out.ofd later.ofd
    says TIM221
    fails 7 trial seal --tsa-reply "$REPLY" -o out.ofd "$STAMPED"
    says TIM222
    ok trial sign --key agency --close -o closed.ofd "$STAMPED"
    ok trial verify closed.ofd
    [ ! -e out.ofd ]
}

@test "a seal that closes the list takes its own timestamp still" {
    ok seal --close --tsa-query q.tsq --tsa-hash sha256 -o a.ofd "$UNSEALED"
    reply tsa q.tsq r.tsr
    ok trial seal --tsa-reply r.tsr -o b.ofd a.ofd
    ok trial verify --level long-term b.ofd
}

@test "query and reply are two steps for one file, and neither is lost" {
    fails 2 seal --tsa-query q --tsa-reply "$REPLY" -o a.ofd "$UNSEALED"
    fails 2 seal --tsa-query q --out-dir out "$UNSEALED" "$UNSEALED"
    fails 2 trial seal --tsa-reply "$REPLY" --out-dir out "$WAITING" "$WAITING"
    fails 2 trial sign --key agency --detached --tsa-query q "$UNSEALED"
    fails 2 trial seal --tsa-reply "$REPLY" "$WAITING"
    echo keep >q.tsq
    fails 7 seal --tsa-query q.tsq -o a.ofd "$UNSEALED"
    [ "$(cat q.tsq)" = keep ]
    [ ! -e a.ofd ]
    ok trial seal -n --tsa-reply "$REPLY" "$WAITING"
    only q.tsq
}

@test "the journal notes the timestamp" {
    ok trial seal --tsa-reply "$REPLY" --journal j.jsonl -o a.ofd "$WAITING"
    [ "$(jq -r 'select(.reason == "tsa-reply") | .op' j.jsonl)" = seal ]
}

# ---- a token that does not belong there ----

# transplant FROM TO OUT: the value of one file with the token of another
transplant()
{
    member "$1" Doc_0/Signs/Sign_0/SignedValue.dat >from
    member "$2" Doc_0/Signs/Sign_0/SignedValue.dat >to
    perl -0777 -e '
        sub body { my $d = shift; my $l = ord substr $d, 1, 1; my $n = $l < 128 ? 2 : 2 + ($l & 127); substr $d, $n }
        sub wrap { my ($t, $b) = @_; my $n = length $b; my $l = $n < 128 ? chr $n : $n < 256 ? pack("CC", 129, $n) : $n < 65536 ? pack("Cn", 130, $n) : pack("CCn", 131, $n >> 16, $n & 65535); chr($t) . $l . $b }
        local $/; open A, "<", "from"; open B, "<", "to"; binmode A; binmode B; binmode STDOUT;
        my $from = body(<A>); my $token;
        while (length $from) { my $b = body($from); my $l = ord substr $from, 1, 1;
            my $n = $l < 128 ? $l : oct "0x" . unpack "H*", substr $from, 2, $l & 127; my $h = length($from) - length($b);
            $token = substr $from, 0, $h + $n; $from = substr $from, $h + $n }
        print wrap(0x30, body(<B>) . $token)' >value
    edit "$2" "$3" put Doc_0/Signs/Sign_0/SignedValue.dat value
}

@test "the timestamp of another seal is a failure" {
    ok seal -o other.ofd "$UNSEALED"
    transplant "$STAMPED" "$WAITING" same.ofd
    ok trial verify --level long-term same.ofd
    transplant "$STAMPED" other.ofd wrong.ofd
    fails 1 trial verify wrong.ofd
    says TIM203
    fails 1 trial verify wrong.ofd --json
    answer '.items[0].signatures[0].best_time' null
    answer '.items[0].answers.intact' yes
}

@test "without the authority's root the timestamp proves nothing and harms nothing" {
    cp -R "$AUTHORITY/trust" trust
    rm trust/anchors/tsa.pem
    ok ecert verify --trust trust -v "$STAMPED"
    says TIM105
    fails 4 ecert verify --trust trust --level long-term "$STAMPED"
    says TIM104 TIM105
}

# ---- the moment that counts ----

@test "--at signing judges each file as of its own time" {
    ok trial verify --at signing -v "$STAMPED" "$LICENCE"
    says TIM307
    fails 2 trial verify --at sealing "$STAMPED"
}
