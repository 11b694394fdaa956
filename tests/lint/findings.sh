#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A code that the sources name has a row in the table, and a row is named by some source.
set -eu
cd "$(dirname "$0")/../.."
table=core/model/finding_table.c
rows=$(sed -n 's/^ *{"\([A-Z]\{3\}[0-9]\{3\}\)",.*/\1/p' $table | sort -u)
# Names of digests look like codes; only the groups of the contract count.
groups='ARC|CMD|CRT|DIG|FLD|FNT|IDN|IMP|JNL|LAY|OFD|PKG|SEA|SIG|STD|TIM|TPL|XML'
used=$(find core formats cmd -name '*.c' ! -path $table -exec grep -ohE "\"($groups)[0-9]{3}\"" {} + | tr -d '"' | sort -u)
bad=0
for code in $used; do
    echo "$rows" | grep -q "^$code\$" || { echo "$table: no row for $code: $(grep -rl "\"$code\"" core formats cmd | head -1)"; bad=1; }
done
for code in $rows; do
    echo "$used" | grep -q "^$code\$" || { echo "$table: $code is named by no source"; bad=1; }
done
exit $bad
