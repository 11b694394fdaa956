#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every finding that decides (1xx, 2xx) is provoked by a test that names it, or stands here with
# the reason why not.
set -eu
cd "$(dirname "$0")/../.."
excused='
CRT221 refusals before sealing: tests look at the exit status and the words
CRT223 as CRT221
SEA222 as CRT221
SEA223 as CRT221
SEA224 as CRT221
SIG220 as CRT221
FLD207 rules of records: the check is pinned in test_core_licence.c by field
FLD210 identity numbers: the check is pinned in test_core_checkdigit.c
FLD211 as FLD210
FLD212 as FLD210
FLD221 as FLD207
IDN202 as FLD210
OFD102 the samples hold the one link that leads out, and are no part of the project
OFD105 follows from the verdict on the signature below, which has tests of its own
SEA102 what makes seals here writes no such time; fuzz_ses_seal reaches it
SIG105 what makes seals here writes no such digest; fuzz_ses_signature reaches it
SIG110 seven signers in one value: fuzz_cms reaches it
TIM205 as a wrong value of a token, by its verdict in test_formats_timestamp.c
'
bad=0
for code in $(sed -n 's/^ *{"\([A-Z]\{3\}[12][0-9]\{2\}\)",.*/\1/p' core/model/finding_table.c); do
    named=$(grep -lw "$code" tests/unit/*.c tests/cli/*.bats | head -1)
    case $excused in
    *"
$code "*)
        [ -z "$named" ] || { echo "tests/lint/provoked.sh: $code is provoked by $named and needs no excuse"; bad=1; } ;;
    *)
        [ -n "$named" ] || { echo "core/model/finding_table.c: no test provokes $code"; bad=1; } ;;
    esac
done
exit $bad
