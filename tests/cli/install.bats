#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What `make install` puts down works, also when the tree lies elsewhere than it was built for
# (a package is put together that way); `make uninstall` takes all of it away again.

load common

ROOT=$BATS_TEST_DIRNAME/../..
TREE=$BATS_FILE_TMPDIR/tree
USR=$TREE/usr

# tree TARGET: make, on the build under test, as if nobody called it from make
tree()
{
    local build
    build=$(basename "$(program_folder)")
    build=${build#build}
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$ROOT" "$1" \
        "SAN=$(echo "${build#-}" | tr - ,)" DESTDIR="$TREE" PREFIX=/usr
}

setup_file()
{
    tree install
}

# installed ARGUMENT...: the installed program, in a folder and a surrounding that help it nowhere
installed()
{
    mkdir -p away home
    (cd away && env -i HOME="$BATS_TEST_TMPDIR/home" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$USR/bin/ecert" "$@")
}

@test "the installed program finds its templates and its fonts" {
    installed authority new demo
    record >record.json
    installed issue --config demo/config.yaml -t business-license -d "$BATS_TEST_TMPDIR/record.json" \
        --seal official --key agency -o licence.ofd
    installed verify --config demo/config.yaml licence.ofd
    for template in "$ROOT"/templates/*/template.yaml; do
        cmp "$template" "$USR/share/ecert/templates/$(basename "$(dirname "$template")")/template.yaml"
    done
    # Without the base fonts it would still work, only more slowly.
    for font in "$(program_folder)"/fonts/*.ttf; do
        cmp "$font" "$USR/share/ecert/fonts/${font##*/}"
    done
}

@test "an unknown template is looked for in the installed folder too" {
    fails 2 installed issue -t no-such-licence -d /dev/null
    says "$USR/share/ecert/templates"
}

@test "the installed program speaks both languages" {
    ok installed --lang zh_CN explain exit 7
    says 拒绝
    ok installed --lang en explain exit 7
    silent 拒绝
    cmp "$(program_folder)/locale/zh_CN/LC_MESSAGES/ecert.mo" "$USR/share/locale/zh_CN/LC_MESSAGES/ecert.mo"
}

@test "the completions lie where each shell looks, and the program prints them" {
    for pair in bash=bash-completion/completions/ecert zsh=zsh/site-functions/_ecert \
        fish=fish/vendor_completions.d/ecert.fish; do
        ok installed completion "${pair%%=*}"
        cmp out "$USR/share/${pair#*=}"
    done
}

@test "every command has its manual page in both languages" {
    for command in $(installed --list); do
        [ -s "$USR/share/man/man1/ecert-$command.1" ]
        [ -s "$USR/share/man/zh_CN/man1/ecert-$command.1" ]
    done
    for page in man1/ecert.1 man5/ecert.conf.5 man7/ecert-formats.7; do
        [ -s "$USR/share/man/$page" ]
        [ -s "$USR/share/man/zh_CN/$page" ]
    done
    fails 1 grep -rl '@[A-Z]*@' "$USR/share/man"
}

@test "links to commands work from the installed program" {
    ok installed --install "$BATS_TEST_TMPDIR/links"
    [ "$(readlink -f links/ecert-explain)" = "$(readlink -f "$USR/bin/ecert")" ]
    ok links/ecert-explain exit 2
}

@test "files are readable by everybody and writable by their owner alone" {
    [ "$(find "$TREE" -type f ! -path '*/bin/*' ! -perm 644)" = "" ]
    [ "$(find "$TREE" -type f -path '*/bin/*' ! -perm 755)" = "" ]
    fails 1 grep -rlF "$(cd "$ROOT" && pwd)" "$USR/share"
}

@test "make uninstall leaves no file behind" {
    [ "$(find "$TREE" -type f | wc -l)" -gt 30 ]
    tree uninstall
    [ "$(find "$TREE" ! -type d)" = "" ]
    [ ! -e "$USR/share/ecert" ]
}
