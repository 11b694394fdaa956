#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Second opinions on our own output, each by a program that knows nothing of ours:
# Bouncy Castle (Verify.java), OpenSSL's command line, xmllint with two sets of schemas,
# unzip, Python with fontTools (walk.py), zbar.  What accepts must also be able to
# refuse: every kind of check has its tampered twin.

load common

ROOT=$BATS_TEST_DIRNAME/../..
INTEROP=$ROOT/tests/interop
FILES=$BATS_FILE_TMPDIR
JARS=/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar
ID=distid:1234567812345678
PAGE=Doc_0/Pages/Page_0/Content.xml
SIGN=Doc_0/Signs/Sign_0

# photo_template: a business licence that shows a photo, on a ground that is a picture
photo_template()
{
    mkdir templates
    cp -R "$ROOT/templates/business-license" templates/photo
    cp authority/seals/official.png templates/photo/ground.png
    sed -i -e 's/^id: business-license/id: photo/' -e 's/^  - {name: 核准日期.*/&\n  - {name: 照片, short: ZP, type: image}/' \
        -e 's/^      - size_mm: .*/&\n        background: ground.png/' \
        -e 's/^        codes:/        images: [{field: 照片, box_mm: [160, 160, 16, 32]}]\n&/' templates/photo/template.yaml
}

# Two authorities, and a file of every kind that we make; tests share them and never change them.
setup_file()
{
    local seal=(--key maker --picture authority/seals/official.png --signer authority/agency/agency.crt)
    make_authority
    make_second
    trial eseal make "${seal[@]}" --ses 5 --name '示例市市场监督管理局(测试)' -o v5.esl
    trial eseal make "${seal[@]}" --digests --name '示例市市场监督管理局(测试)' -o listed.esl
    trial issue -t business-license -d record.json --seal v5.esl --key agency -o v5.ofd
    trial issue -t business-license -d record.json --seal listed.esl --key agency --close -o rare.ofd \
        --set 法定代表人='䶮·买买提𠮷' --set 经营范围="$(printf '食用农产品批发；%.0s' {1..38})"
    photo_template
    trial issue --templates templates -t photo -d record.json --photo "$ROOT/tests/fuzz/corpus/picture/jfif.jpg" \
        --seal official --key agency -o photo.ofd
    trial sign --key agency licence.ofd -o both.ofd
    trial sign --key agency --detached licence.ofd
    record -t land-site-opinion >opinion.json
    trial issue -t land-site-opinion -d opinion.json -o plain.ofd
    trial sign --key agency plain.ofd -o signed.ofd
    joint_record >joint.json
    trial issue -t land-site-opinion -d joint.json -o one.ofd
    trial seal --key agency --seal official --in-place one.ofd
    SECOND=$BATS_FILE_TMPDIR/second
    second seal --key agency --seal official one.ofd -o joint.ofd
}

# bc ARGUMENT...: what Bouncy Castle says, under the roots of both authorities
bc()
{
    java -XX:TieredStopAtLevel=1 -cp "$JARS:$(program_folder)/tests/interop" Verify \
        --root "$AUTHORITY/ca/root.crt" --root "$SECOND/ca/root.crt" "$@"
}

# bc_refuses 'WHAT IT SAYS' ARGUMENT...
bc_refuses()
{
    fails 1 bc "${@:2}"
    grep -q "^FAILED .*$1" out || {
        printf 'no failed check says: %s\n' "$1"
        grep FAILED out
        return 1
    }
}

# twin FILE EDIT...: ./twin.ofd, the same package with something changed (package.pl)
twin() { edit "$FILES/$1.ofd" twin.ofd "${@:2}"; }

# twin_end FILE: the last bit of its first signature's own value is another
twin_end() { twin "$1" flip $SIGN/SignedValue.dat $(($(member "$FILES/$1.ofd" $SIGN/SignedValue.dat | wc -c) - 1)); }

@test "Bouncy Castle accepts seals of both layouts, joint seals and signatures" {
    ok bc "$FILES"/{licence,v5,rare,photo,one,joint,signed,both}.ofd
    says "licence.ofd: s001: seal layout 4" "v5.ofd: s001: seal layout 5" \
        "joint.ofd: s001: signer's value over toSign" "joint.ofd: s003: signer's value over toSign" \
        "signed.ofd: s001: signer's value over the attributes" "both.ofd: s003: signer's value over the attributes"
    [ "$(grep -c "digest of " out)" -gt 100 ]
}

@test "Bouncy Castle refuses a changed page, seal, signature or list of parts" {
    twin licence flip $PAGE
    bc_refuses "s001: digest of /$PAGE" twin.ofd
    twin joint flip $SIGN/Seal.esl
    bc_refuses "s001: Seal.esl is the seal in the value" twin.ofd
    twin licence flip $SIGN/SignedValue.dat
    bc_refuses "s001: seal maker's value over the seal's information" twin.ofd
    twin licence swap $SIGN/Signature.xml 'Boundary="2' 'Boundary="1'
    bc_refuses "s001: dataHash is the SM3 of Signature.xml" twin.ofd
    twin signed swap $SIGN/Signature.xml 'Name="ecert"' 'Name="Ecert"'
    bc_refuses "s001: message digest is the SM3 of Signature.xml" twin.ofd
    twin both drop $SIGN/Seal.esl
    bc_refuses "no part /$SIGN/Seal.esl" twin.ofd
    twin licence add Doc_0/Attachs/more.txt "$INTEROP/walk.py"
    bc_refuses "every part is covered, but not \[Doc_0/Attachs/more.txt\]" twin.ofd
}

@test "Bouncy Castle refuses another value, and a licence of another authority" {
    twin_end licence
    bc_refuses "s001: signer's value over toSign" twin.ofd
    twin_end signed
    bc_refuses "s001: signer's value over the attributes" twin.ofd
    AUTHORITY=$SECOND
    fails 1 bc "$FILES/licence.ofd"
    [ "$(grep FAILED out)" = "FAILED  licence.ofd: s001: signer's certificate is signed by a root
FAILED  licence.ofd: s001: seal maker's certificate is signed by a root" ]
}

@test "Bouncy Castle accepts a detached CMS over its own file only" {
    ok bc --detached "$FILES/licence.ofd.p7s" "$FILES/licence.ofd"
    bc_refuses "signer's value and the file's digest" --detached "$FILES/licence.ofd.p7s" "$FILES/v5.ofd"
}

@test "Bouncy Castle accepts the seals themselves" {
    ok bc --seal "$AUTHORITY/seals/official.esl" "$SECOND/seals/official.esl" "$FILES/v5.esl" "$FILES/listed.esl"
    head -c -1 "$FILES/v5.esl" >bad.esl
    printf '\x55' >>bad.esl
    bc_refuses "seal maker's value over the seal's information" --seal bad.esl
}

# piece FILE DEPTH KIND NTH OUT: the NTH item of that kind at that depth of the DER (or the
# last, "\$"); of a string what is in it
piece()
{
    local at
    at=$(openssl asn1parse -inform DER -in "$1" | sed -n "s/^ *\([0-9]*\):d=$2 .*[snm]: $3 .*/\1/p" | sed -n "$4p")
    openssl asn1parse -inform DER -in "$1" -noout -strparse "$at" -out "$5"
}

# sm2 CERT VALUE MESSAGE: the SM2 value by OpenSSL's command line
sm2()
{
    openssl x509 -in "$1" -noout -pubkey >pub.pem
    openssl dgst -sm3 -verify pub.pem -sigopt $ID -signature "$2" "$3"
}

@test "openssl accepts the certificates of a trial authority, and TEST stands in them" {
    cp -R "$AUTHORITY" demo
    ok openssl verify -CAfile demo/ca/root.crt -vfyopt $ID demo/ca/root.crt demo/agency/agency.crt demo/ca/maker.crt
    fails 2 openssl verify -CAfile "$SECOND/ca/root.crt" -vfyopt $ID demo/agency/agency.crt
    for cert in ca/root ca/maker agency/agency; do
        ok openssl x509 -in demo/$cert.crt -noout -text -nameopt utf8
        says 'Version: 3' 'Signature Algorithm: SM2-with-SM3' 'ASN1 OID: SM2' TEST 测试
        [ "$(openssl x509 -in demo/$cert.crt -noout -subject -nameopt utf8,oneline | grep -c TEST)" = 1 ]
    done
    ok openssl x509 -in demo/ca/root.crt -noout -text
    says 'CA:TRUE' 'Certificate Sign, CRL Sign'
    ok openssl x509 -in demo/agency/agency.crt -noout -text
    says 'CA:FALSE' 'Digital Signature, Non Repudiation'
    ok openssl pkey -in demo/agency/agency.key -noout -text
    says 'ASN1 OID: SM2'
}

@test "openssl accepts the revocation list, also when it is renewed" {
    cp -R "$AUTHORITY" demo
    for number in first second; do
        openssl crl -in demo/trust/crls/root.crl -outform DER -out crl.der
        ok openssl crl -inform DER -in crl.der -noout -text
        says 'Version 2' 'Signature Algorithm: SM2-with-SM3' 'X509v3 CRL Number' 'X509v3 Authority Key Identifier'
        mv out $number
        piece crl.der 1 SEQUENCE 1 tbs
        piece crl.der 1 'BIT STRING' '$' value
        ok sm2 demo/ca/root.crt value tbs
        fails 1 sm2 demo/ca/maker.crt value tbs
        ok ecert authority renew demo
    done
    [ "$(grep -A1 'CRL Number' first)" != "$(grep -A1 'CRL Number' second)" ]
}

@test "openssl accepts the SM2 values of document and seal over their bytes" {
    for file in licence v5 rare; do
        member "$FILES/$file.ofd" $SIGN/SignedValue.dat >ses
        piece ses 1 SEQUENCE 1 tbs
        piece ses 1 'OCTET STRING' 1 cert
        piece ses 1 'BIT STRING' 1 value
        ok sm2 cert value tbs
        piece ses 2 'BIT STRING' 1 hash
        member "$FILES/$file.ofd" $SIGN/Signature.xml | openssl dgst -sm3 -binary | cmp - hash

        piece ses 2 SEQUENCE 1 seal
        member "$FILES/$file.ofd" $SIGN/Seal.esl | cmp - seal
        piece seal 1 SEQUENCE 1 info
        piece seal 1 'OCTET STRING' 1 maker
        piece seal 1 'BIT STRING' 1 value
        ok sm2 maker value info
        fails 1 sm2 cert value info
    done
}

@test "openssl accepts the signed attributes of a detached CMS and of a signed package" {
    cp "$FILES/licence.ofd" detached
    cp "$FILES/licence.ofd.p7s" detached.der
    member "$FILES/signed.ofd" $SIGN/Signature.xml >package
    member "$FILES/signed.ofd" $SIGN/SignedValue.dat >package.der
    for name in detached package; do
        piece $name.der 5 'cont \[ 0 \]' 1 attributes
        piece $name.der 5 'OCTET STRING' '$' value
        [ "$(head -c 1 attributes | xxd -p)" = a0 ]
        { printf '\x31' && tail -c +2 attributes; } >signed # RFC 5652 5.4: signed as SET OF
        ok sm2 "$AUTHORITY/agency/agency.crt" value signed
        fails 1 sm2 "$AUTHORITY/agency/agency.crt" value attributes
        xxd -p signed | tr -d '\n' | grep -q "0420$(openssl dgst -sm3 -r $name | cut -d ' ' -f 1)"
    done
    ok openssl cms -cmsout -print -inform DER -in detached.der
    says 'algorithm: sm3 (1.2.156.10197.1.401)'
}

# parts: every XML part of our packages under ./parts, its name in ./names
parts()
{
    mkdir parts
    for file in "$FILES"/*.ofd; do
        unzip -q -d "parts/$(basename "$file" .ofd)" "$file"
    done
    find parts -name '*.xml' | sort >names
    [ "$(wc -l <names)" -gt 70 ]
}

# validate SCHEMA FILE...: silent when all are valid
validate() { xmllint --nonet --noout --schema "$@" 2>&1 | grep -v ' validates$' || true; }

# own FILE...: the same with the project's schema; the data index is in a namespace of its own
own()
{
    case $1 in
    *Licence.xml) validate "$ROOT/tests/schema/licence-index.xsd" "$@" ;;
    *) validate "$ROOT/tests/schema/ofd.xsd" "$@" ;;
    esac
}

@test "every part validates against the project's own schema" {
    parts
    mapfile -t all < <(grep -v Licence.xml names)
    [ -z "$(own "${all[@]}")" ]
    mapfile -t all < <(grep Licence.xml names)
    [ -z "$(own "${all[@]}")" ]
}

# breaks PART SED: the part validates, and no longer when it is edited
breaks()
{
    mkdir -p good bad
    member "$FILES/rare.ofd" "$1" >"good/${1##*/}"
    sed "$2" "good/${1##*/}" >"bad/${1##*/}"
    [ "$(cat "good/${1##*/}")" != "$(cat "bad/${1##*/}")" ]
    [ -z "$(own "good/${1##*/}")" ]
    [ -n "$(own "bad/${1##*/}")" ] || {
        echo "still valid: $2"
        return 1
    }
}

@test "the project's own schema refuses what we never write" {
    breaks OFD.xml 's,<ofd:DocBody>.*</ofd:DocBody>,&&,'
    breaks OFD.xml 's,Name="ZZBH",Name="ZZBS",'
    breaks OFD.xml 's,Version="1.0",Version="1.1",'
    breaks Doc_0/Document.xml 's,\(<ofd:PageArea>.*</ofd:PageArea>\)\(<ofd:PublicRes>.*</ofd:PublicRes>\),\2\1,'
    breaks Doc_0/Document.xml 's,BaseLoc="Pages,BaseLoc="../Pages,'
    breaks Doc_0/DocumentRes.xml 's,<ofd:FontFile>[^<]*</ofd:FontFile>,,'
    breaks $PAGE 's,<ofd:TextObject ID="[0-9]*",<ofd:TextObject,'
    breaks $PAGE 's,Boundary="[^ ]* ,Boundary=",'
    breaks $PAGE 's,\(<ofd:Template [^>]*>\)\(<ofd:Area>.*</ofd:Area>\),\2\1,'
    breaks Doc_0/Tags/Licence.xml 's,PageRef="[0-9]*",PageRef="x",'
    breaks Doc_0/Attachs/Attachments.xml 's,att1,1,'
    breaks Doc_0/Signs/Signatures.xml 's,ID="s001",ID="1",'
    breaks Doc_0/Signs/Signatures.xml 's,>s00[0-9]<,>3<,'
    breaks $SIGN/Signature.xml 's, CheckMethod="[^"]*",,'
    breaks $SIGN/Signature.xml 's,=</ofd:CheckValue>,</ofd:CheckValue>,'
}

# annex_a: a copy of the schemas of annex A with the two relaxations that SM3 and every producer
# need: CheckMethod knows MD5 and SHA1 alone, and CustomTag has NameSpace where the text says TypeID
annex_a()
{
    local shared=${ECERT_SHARED:-$ROOT/../shared}
    [ -d "$shared/schemas/ofd" ] ||
        skip "no schemas of GB/T 33190 annex A at $shared/schemas/ofd (ECERT_SHARED names their folder)"
    cp -R "$shared/schemas/ofd" annex
    sed -i 's,<xs:enumeration value="SHA1" */>,&<xs:enumeration value="1.2.156.10197.1.401"/>,' annex/Signature.xsd
    sed -i 's,<xs:attribute name="NameSpace",<xs:attribute name="TypeID" type="xs:string"/>&,' annex/CustomTags.xsd
}

@test "every part validates against the schemas of GB/T 33190 annex A" {
    annex_a
    parts
    for kind in OFD Document Res Page CustomTags Attachments Signatures Signature; do
        # grep answers 1 for each batch without a match; that there is one is asked below.
        xargs grep -lE "^(<\?.*\?>)?<ofd:${kind}[ >]" <names >these || true
        mapfile -t all <these
        [ ${#all[@]} -gt 0 ]
        [ -z "$(validate annex/$kind.xsd "${all[@]}")" ] || {
            validate annex/$kind.xsd "${all[@]}"
            return 1
        }
        cat these >>checked
    done
    diff <(grep -v Licence.xml names) <(sort checked) # the data index has a root of its own
    sed 's,1.2.156.10197.1.401,SM3,' parts/licence/$SIGN/Signature.xml >bad.xml
    [ -n "$(validate annex/Signature.xsd bad.xml)" ]
}

@test "unzip tests every package and finds OFD.xml first" {
    for file in "$FILES"/*.ofd; do
        ok unzip -tq "$file"
        [ "$(unzip -Z1 "$file" | head -n 1)" = OFD.xml ]
    done
    twin licence lie OFD.xml 7
    fails 1 unzip -tq twin.ofd
}

@test "links, fonts, texts, index, metadata and digest list agree" {
    ok "$INTEROP/walk.py" "$FILES"/*.ofd
}

# walk_refuses 'WHAT IT SAYS' EDIT...
walk_refuses()
{
    twin rare "${@:2}"
    fails 1 "$INTEROP/walk.py" twin.ofd
    says "$1"
}

@test "a walk through a changed package shows what disagrees" {
    walk_refuses "CustomDatas:" swap OFD.xml '>营业执照</ofd:CustomData>' '>营业执明</ofd:CustomData>'
    walk_refuses "名称: the face shows" swap $PAGE 星 河
    walk_refuses "is cut off" swap $PAGE ' Size="' ' Size="9'
    walk_refuses "lacks 鑫" swap $PAGE 食 鑫
    walk_refuses "leaves the paper" swap $PAGE ' Boundary="' ' Boundary="9'
    walk_refuses "given twice" swap Doc_0/Document.xml 'Page ID="1"' 'Page ID="2"'
    walk_refuses "MaxUnitID 1 <" swap Doc_0/Document.xml 'MaxUnitID>' 'MaxUnitID>1</ofd:MaxUnitID><ofd:MaxUnitID>'
    walk_refuses "is no text" swap Doc_0/Tags/Licence.xml '"1">' '"1">9'
    walk_refuses "its digest is wrong" swap Doc_0/Attachs/salts.json 0 1
    walk_refuses "MaxSignId s001 is a signature's ID" swap Doc_0/Signs/Signatures.xml '>s002<' '>s001<'
    walk_refuses "on no page" swap $SIGN/Signature.xml 'PageRef="1"' 'PageRef="9"'
    twin photo put Doc_0/Res/image_0.jpg "$AUTHORITY/seals/official.png"
    fails 1 "$INTEROP/walk.py" twin.ofd
    says "is no JPEG" "照片: the face shows another picture"
    walk_refuses "begins with" last OFD.xml
    walk_refuses "nothing leads there" add Doc_0/Res/more.png "$INTEROP/walk.py"
}

# metadata FILE NAME: by xmllint
metadata() { member "$1" OFD.xml | xmllint --nonet --xpath "string(//*[local-name()='CustomData'][@Name='$2'])" -; }

@test "zbar reads the identifier out of a drawn page and out of the package" {
    for template in business-license land-site-opinion; do
        record -t $template >record.json
        ok trial issue -t $template -d record.json -o $template.ofd
        identifier=$(metadata $template.ofd ZZBS)
        ok ecert id check "$identifier"
        "$(program_folder)/tests/interop/draw" "$ECERT_TEMPLATES/$template" record.json 120 >page.png
        [ "$(zbarimg --quiet --raw page.png 2>err)" = "$identifier" ]
        member $template.ofd Doc_0/Res/image_0.png >code.png
        [ "$(zbarimg --quiet --raw code.png 2>err)" = "$identifier" ]
    done
}

@test "published identifiers are judged as the vectors say" {
    rows=0
    while IFS=$'\t' read -r identifier right judged finding; do
        case $identifier in '#'*) continue ;; esac
        case $judged in
        accepted) ok ecert id check "$identifier" ;;
        *) fails 1 ecert id check "$identifier" ;;
        esac
        case $finding in
        -) silent IDN ;;
        IDN20*) says "$finding error" "'$right'" ;;
        *) says "$finding " ;;
        esac
        rows=$((rows + 1))
    done <"$VECTORS/numbers/identifiers.tsv"
    [ $rows -ge 9 ]
}
