#!/bin/sh
# The interface as its documentation has it: every type of problem with its status, and every address.
set -eu
cd "$(dirname "$0")/../.."
failed=0

types=$(sed -n 's/^    {"\([a-z_]*\)", \([0-9]*\), .*/\1 \2/p' mod_calint/api/problem_types.h)
[ "$(printf '%s\n' "$types" | wc -l)" -ge 20 ] || { echo "the problems were not found"; failed=1; }
told=$(sed -n 's/^| `\([a-z_]*\)` | \([0-9]*\)[ ,].*/\1 \2/p' docs/api.md)
if [ "$types" != "$told" ]; then
  echo "docs/api.md doesn't list the problems of api/problem_types.h, in their order:"
  printf '%s\n%s\n' "$types" "$told" | sort | uniq -u
  failed=1
fi

routes=$(sed -n 's/^    {"\([A-Z]*\)", "\([^"]*\)", Right.*/\1 \2/p' mod_calint/api/routes.cc)
[ "$(printf '%s\n' "$routes" | wc -l)" -ge 2 ] || { echo "the routes were not found"; failed=1; }
documented=$(sed -n 's/^| `\([A-Z]* [^`]*\)` |.*/\1/p' docs/api.md)
if [ "$(printf '%s\n' "$routes" | sort)" != "$(printf '%s\n' "$documented" | sort)" ]; then
  echo "docs/api.md says of other calls than api/routes.cc who may make them:"
  printf '%s\n%s\n' "$routes" "$documented" | sort | uniq -u
  failed=1
fi
exit $failed
