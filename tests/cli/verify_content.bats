#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# verify --content: what a sealed licence shows against what it says, and text that nobody can see.

load common

PAGE=Doc_0/Pages/Page_0/Content.xml
FORM=Doc_0/Tpls/Tpl_0/Content.xml

setup_file()
{
    make_authority
    # what an insider could do between issuing and sealing
    trial issue -t business-license -d record.json --serial auto -o plain.ofd
    PLAIN=$BATS_FILE_TMPDIR/plain.ofd
    export PLAIN
}

# forge EDIT...: the unsealed licence, changed, then sealed by the agency itself, as ./forged.ofd
forge()
{
    edit "$PLAIN" changed.ofd "$@"
    ok trial seal changed.ofd --seal official --key agency --force -o forged.ofd
}

# text ATTRIBUTES INSIDE: a text object that no field has
text()
{
    echo "<ofd:TextObject ID=\"900\" Boundary=\"60 190 50 6\" Font=\"27\" Size=\"4\" $1>$2<ofd:TextCode X=\"0\" Y=\"4\">全国通用</ofd:TextCode></ofd:TextObject>"
}

# holder EDIT-OLD EDIT-NEW: changes the object that shows 张三
holder() { forge swap $PAGE '<ofd:TextCode X="0.44" Y="4.4" DeltaX="4.4">张三<' "$1<ofd:TextCode X=\"0.44\" Y=\"4.4\" DeltaX=\"4.4\">张三<"; }

@test "our own licences raise nothing, of every template" {
    for folder in "$ECERT_TEMPLATES"/*/template.yaml; do
        local id
        id=$(basename "$(dirname "$folder")")
        ok trial issue -t "$id" -d "$ECERT_TEMPLATES/$id/sample.json" --serial auto --seal official --key agency \
            -o "$id.ofd"
        ok trial verify --content "$id.ofd" --json
        answer '[.items[0].findings[].code|select(test("^LAY|OFD2|OFD33|OFD312"))]' '[]'
        answer '.items[0].answers.face_agrees' yes
    done
}

@test "a face that says another name than the data is not sealed, and fails unsealed" {
    edit "$PLAIN" changed.ofd swap $PAGE '>张三<' '>李四<'
    fails 7 trial seal changed.ofd --seal official --key agency -o forged.ofd
    fails 1 trial verify changed.ofd
    says OFD206 '李*' '张*'
    silent 李四 张三
    fails 1 trial verify --show-personal changed.ofd
    says 李四 张三
}

@test "a name changed in the printed form alone is found without --content" {
    edit "$PLAIN" changed.ofd swap $PAGE '>张三<' '>李四<' \
        swap Doc_0/Attachs/licence.json '"text":"张三"' '"text":"李四"'
    fails 7 trial seal changed.ofd --seal official --key agency -o forged.ofd
    fails 1 trial verify changed.ofd
    says OFD232
}

@test "the code of another licence on the page is remarked, without decoding it" {
    trial issue -t business-license -d "$BATS_FILE_TMPDIR/record.json" --serial auto -o other.ofd
    member other.ofd Doc_0/Res/image_0.png >other.png
    forge put Doc_0/Res/image_0.png other.png
    ok trial verify -v forged.ofd
    says OFD312
    ok trial verify --content --json forged.ofd
    answer '[.items[0].findings[]|select(.code=="OFD333")]|length' 1
    echo 'schema: ecert.policy/1' >careful.yaml
    printf 'name: careful\nfindings: {OFD333: fail}\n' >>careful.yaml
    fails 1 trial verify --content --policy careful.yaml forged.ofd
    ok trial seal "$PLAIN" --seal official --key agency -o good.ofd
    ok trial verify --content --json good.ofd
    answer '[.items[0].findings[].code|select(test("OFD333|OFD312"))]' '[]'
}

@test "a picture or shape that no field has is found" {
    forge swap $PAGE '</ofd:Layer>' '<ofd:ImageObject ID="901" Boundary="60 190 20 9" CTM="20 0 0 9 0 0" ResourceID="1000"/></ofd:Layer>'
    ok trial verify forged.ofd
    fails 1 trial verify --content forged.ofd
    says OFD234 'ImageObject'
}

@test "text added to the form is found where the template is at hand, and said to be unknown where not" {
    forge swap $FORM '</ofd:Layer>' "$(text '' '')</ofd:Layer>"
    ok trial verify forged.ofd
    fails 1 trial verify --content forged.ofd
    says OFD235 全国通用
    ECERT_TEMPLATES=$BATS_TEST_TMPDIR ok trial verify --content forged.ofd -v
    says OFD331
    silent OFD235
}

@test "text that nobody can see is a warning" {
    holder '<ofd:FillColor Value="255 255 255"/>'
    ok trial verify forged.ofd
    ok trial verify --content forged.ofd
    says LAY307 '张*'
    ok trial verify --content --json forged.ofd
    answer '[.items[0].findings[]|select(.code=="LAY307")|.severity,.where.part,.params.page]' '["warning","'$PAGE'","1"]'

    holder '<ofd:FillColor Value="10 10 10"/>'
    ok trial verify --content forged.ofd -v
    silent LAY3
}

@test "text outside the page and under a shape is told by object" {
    forge swap $PAGE 'Boundary="53.56 90.272 ' 'Boundary="353.56 90.272 '
    ok trial verify --content forged.ofd
    says LAY303 '张*' '35'
    forge swap $FORM '</ofd:Layer>' "$(text 'Visible="false"' '')</ofd:Layer>"
    fails 1 trial verify --content forged.ofd
    says LAY305 OFD235
    forge swap $FORM '</ofd:Layer>' '<ofd:PathObject ID="902" Boundary="20 20 200 180" Stroke="false" Fill="true"><ofd:FillColor Value="255 255 255"/><ofd:AbbreviatedData>M 0 0 L 200 0 L 200 180 L 0 180 C</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer>'
    ok trial verify --content forged.ofd
    says LAY301 营业执照
    silent '张*'
}

@test "a policy can make hidden text fail the file" {
    holder '<ofd:FillColor Value="255 255 255"/>'
    cat >hidden.yaml <<'Y'
schema: ecert.policy/1
name: hidden
extends: default
findings: {LAY307: fail}
Y
    fails 1 trial verify --content --policy hidden.yaml forged.ofd
    ok trial verify --policy hidden.yaml forged.ofd
}

@test "the file of another maker is compared as far as it goes" {
    shared_samples
    fails 4 trial verify --content --json "$SAMPLES/ofd/ofdrw-999.ofd"
    answer '.items[0].answers.face_agrees' yes
    answer '[.items[0].findings[].code|select(test("OFD332"))]' '[]'
    fails 5 trial verify --content "$SAMPLES/ofd/ofdrw-path-unstd.ofd"
    says LAY307
}
