# SPDX-License-Identifier: Apache-2.0
# fish completion for ecert: asks the program, so it has nothing to fall behind on.
function __ecert_candidates
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    for line in ($program __complete (string join \n -- $words | string collect) 2>/dev/null)
        switch $line
            case @FILE
                __fish_complete_path (commandline -ct)
            case @DIR
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c ecert -f -a '(__ecert_candidates)'
