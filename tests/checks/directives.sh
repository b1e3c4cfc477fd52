#!/bin/sh
# Every directive of the module is documented, and nothing else is: table, reference, example and README agree.
set -eu
cd "$(dirname "$0")/../.."

table=$(sed -n 's/.*AP_INIT_[A-Z0-9_]*("<\{0,1\}\(CalInt[A-Za-z]*\)".*/\1/p' mod_calint/mod_calint.c | sort)
documented=$(sed -n 's/^### <\{0,1\}\(CalInt[A-Za-z]*\).*/\1/p' docs/mod_calint.8.md | sort)
failed=0

[ "$(printf '%s\n' "$table" | wc -l)" -ge 20 ] || { echo "the table of directives was not found"; failed=1; }
if [ "$table" != "$documented" ]; then
  echo "mod_calint.c and docs/mod_calint.8.md don't list the same directives:"
  for name in $table; do printf '%s\n' "$documented" | grep -qx "$name" || echo "  not documented: $name"; done
  for name in $documented; do printf '%s\n' "$table" | grep -qx "$name" || echo "  not a directive: $name"; done
  failed=1
fi
for file in conf/calint.conf README.md docs/mod_calint.8.md; do
  for name in $(grep -oE 'CalInt[A-Z][A-Za-z]*' "$file" | sort -u); do
    printf '%s\n' "$table" | grep -qx "$name" || { echo "$file names $name, which is no directive"; failed=1; }
  done
done
exit $failed
