#!/bin/sh
# A statement is a file of <room>/sql: no SQL stands in the code, but for what is listed here with its reason.
set -eu
cd "$(dirname "$0")/../../mod_calint"

verbs='(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|TRUNCATE|LOCK TABLE|BEGIN|COMMIT|ROLLBACK|LISTEN|NOTIFY|SET|DO|CALL|MERGE|GRANT)'
found=$(grep -rnE "(\"|R\"[a-z]*\()[[:space:]]*$verbs[ ;]" --include='*.cc' --include='*.h' --include='*.c' . || true)
failed=0

# The frame of a transaction, and what belongs to a session.
allowed='^\./postgres/(session|listener)\.cc:'
# Texts that are made from the ATS's own tables, and examples for their administrator.
allowed="$allowed|^\./schema/ats_(audit|users|users_look)\.cc:"
# The transaction that every migration runs in.
allowed="$allowed|^\./schema/migration\.cc:[0-9]+: *\"BEGIN; SET LOCAL"

left=$(printf '%s\n' "$found" | grep -vE "$allowed" || true)
if [ -n "$left" ]; then
  echo "SQL in the code; it belongs into a file of sql/ (store/README.md):"
  printf '%s\n' "$left"
  failed=1
fi
printf '%s\n' "$found" | grep -q 'LISTEN' || { echo "not even LISTEN was found: the check is out of date"; failed=1; }

# Every statement is used.
count=0
for file in */sql/*/*.sql; do
  case "$file" in */fragments/*)
    name=${file##*/fragments/}
    grep -rqE "^ *\\\\ir (.*/)?$name\$" "${file%%/*}/sql" || { echo "$file is included nowhere"; failed=1; }
    continue ;;
  esac
  count=$((count + 1))
  name=$(basename "$file" .sql)
  grep -rqE "sql::$name\b" --include='*.cc' "${file%%/*}" || { echo "$file is used nowhere"; failed=1; }
done
[ "$count" -ge 50 ] || { echo "only $count statements were found"; failed=1; }
exit $failed
