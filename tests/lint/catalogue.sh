#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# po/zh_CN.po translates every message of the source: none missing, none doubtful, none left over.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
po/extract "$work/ecert.pot"
msgfmt --check -o /dev/null po/zh_CN.po
msgmerge --quiet --no-fuzzy-matching -o "$work/now.po" po/zh_CN.po "$work/ecert.pot"
missing=$(msgattrib --untranslated --no-obsolete "$work/now.po" | grep -c '^msgid "..*\|^msgid ""$' || true)
fuzzy=$(msgattrib --only-fuzzy --no-obsolete "$work/now.po" | grep -c '^msgid' || true)
if [ "$missing" -gt 1 ] || [ "$fuzzy" -gt 0 ]; then
    msgattrib --untranslated --no-obsolete --no-wrap "$work/now.po" | grep -A3 '^#: ' | head -60
    echo "po/zh_CN.po: messages without a translation; run po/update and translate them"
    exit 1
fi
