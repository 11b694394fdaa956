#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Our own licences, changed in thousands of ways: none passes but where nothing that is read was
# changed (tests/mutation/mutate.c says which those are).  A failure says its SEED, to be
# repeated; EFFORT=10 takes ten times as long.

load common

setup_file()
{
    make_authority
    make_second
    SECOND=$BATS_FILE_TMPDIR/second
    trial issue -q -t business-license -d record.json --seal official-v5 --key agency -o v5.ofd
    trial sign licence.ofd --key agency -o signed.ofd
    joint_record >joint.json
    trial issue -q -t land-site-opinion -d joint.json --seal official --key agency -o half.ofd
    second seal half.ofd --seal official --key agency -o joint.ofd
    second seal half.ofd --seal official --key agency --close -o closed.ofd
    mkdir templates
    cp -r "$ECERT_TEMPLATES/business-license" templates/badge
    sed -i -e 's/^id: .*/id: badge/' -e '/name: 住所, short/i\  - {name: 照片, short: ZP, type: image, required: true}' \
        -e 's/^        codes:/        images:\n          - {field: 照片, box_mm: [200, 64, 20, 25]}\n        codes:/' \
        templates/badge/template.yaml
    trial issue -q --templates templates -t badge -d record.json --photo authority/seals/official.png \
        --seal official --key agency -o photo.ofd
}

mutate()
{
    ok "$(program_folder)/tests/mutation/mutate" "$AUTHORITY/trust,$SECOND/trust" "$@"
    sed "s,^\([a-z1]\),# \1," out >&3
}

# Each licence is also crossed with the one behind it.
@test "seals of version 4 and 5, with a photo, and a signature beside the seal" {
    cd "$BATS_FILE_TMPDIR"
    mutate licence.ofd v5.ofd photo.ofd signed.ofd
}

@test "two seals of two authorities, the list open and closed" {
    cd "$BATS_FILE_TMPDIR"
    mutate joint.ofd closed.ofd
}
