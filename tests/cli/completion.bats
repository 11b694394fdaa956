#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ecert completion: the scripts, and what they offer.

load common

# complete WORD...: what the bash script offers when the last word is under the cursor, one a line
complete()
{
    # shellcheck source=/dev/null
    bash -c '
        source <(ecert completion bash)
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _ecert
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" >out 2>err
    [ ! -s err ]
}

# offers / withholds WORD...: whole lines of the last answer
offers() { for word; do grep -qxF -- "$word" out || { echo "not offered: $word"; cat out; return 1; }; done; }
withholds() { for word; do grep -qxF -- "$word" out && { echo "offered: $word"; return 1; }; done; true; }

@test "a script is printed for each shell and for no other" {
    for shell in bash zsh fish; do
        ok ecert completion $shell
        says __complete
    done
    fails 2 ecert completion tcsh
    says bash zsh fish
    fails 2 ecert completion
}

@test "the scripts are good for their shells" {
    ecert completion bash | bash -n
    ! command -v zsh >/dev/null || ecert completion zsh | zsh -n /dev/stdin
    ! command -v fish >/dev/null || { ecert completion fish >script.fish && fish --no-execute script.fish; }
}

@test "commands are offered by what was typed, then verbs" {
    complete ecert ""
    offers authority completion eseal explain id issue seal show sign verify
    complete ecert se
    offers seal
    withholds sign verify
    complete ecert eseal ""
    offers make show check
    complete ecert eseal m
    offers make
    withholds show
}

@test "options are offered once a dash is typed, and only then" {
    complete ecert verify --
    offers --trust --json --help
    withholds --seal
    complete ecert verify --t
    offers --trust
    withholds --json
    complete ecert eseal make --pic
    offers --picture
    : >file.ofd
    complete ecert verify ""
    offers file.ofd
    withholds --trust
}

@test "values are offered: choices, files, folders" {
    complete ecert verify --color ""
    offers auto always never
    complete ecert verify --color al
    offers always
    withholds auto
    : >a.txt
    mkdir folder
    complete ecert issue --data ""
    offers a.txt
    complete ecert issue --out-dir ""
    offers folder
    withholds a.txt
    complete ecert issue -t ""
    withholds --data
}

@test "what stands before the command does not hide it" {
    complete ecert --config x.yaml ver
    offers verify
    complete ecert --config x.yaml verify --tr
    offers --trust
    complete ecert --lang ""
    offers zh_CN en
    complete ecert --con
    offers --config
}

@test "what cannot be completed is left alone" {
    complete ecert nonsense --
    withholds --help
    complete ecert completion ""
    : >file
    withholds file
}
