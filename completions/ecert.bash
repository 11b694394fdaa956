# SPDX-License-Identifier: Apache-2.0
# bash completion for ecert: asks the program, so it has nothing to fall behind on.
_ecert()
{
    local cur=${COMP_WORDS[COMP_CWORD]} before answer words=()
    before=$(printf '%s\n' "${COMP_WORDS[@]:1:COMP_CWORD-1}")
    answer=$("${COMP_WORDS[0]}" __complete "$before" 2>/dev/null | cut -f1)
    while IFS= read -r line; do
        case $line in
        @FILE) [[ $cur == -* ]] || mapfile -t -O "${#words[@]}" words < <(compgen -f -- "$cur") ;;
        @DIR) mapfile -t -O "${#words[@]}" words < <(compgen -d -- "$cur") ;;
        "$cur"*) [[ -n $cur || $line != --* || $answer != *@FILE* ]] && words+=("$line") ;;
        esac
    done <<<"$answer"
    COMPREPLY=("${words[@]}")
}
complete -o filenames -F _ecert ecert
