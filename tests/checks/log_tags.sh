#!/bin/sh
# Every log tag in the code is explained in docs/log-messages.md, and every explained tag is used.
set -eu
cd "$(dirname "$0")/../.."

used=$(grep -rhv '^ *//' mod_calint --include='*.cc' --include='*.h' --include='*.c' | grep -oE 'CALINT0[0-9]{3}' | sort -u)
explained=$(sed -n 's/^| \(CALINT0[0-9]*\) .*/\1/p' docs/log-messages.md | sort)
failed=0
[ "$(printf '%s\n' "$used" | wc -l)" -ge 15 ] || { echo "no log tags were found in the code"; failed=1; }
for tag in $used; do printf '%s\n' "$explained" | grep -qx "$tag" || { echo "not explained: $tag"; failed=1; }; done
for tag in $explained; do printf '%s\n' "$used" | grep -qx "$tag" || { echo "not used: $tag"; failed=1; }; done
[ -z "$(printf '%s\n' "$explained" | uniq -d)" ] || { echo "explained twice"; failed=1; }
exit $failed
