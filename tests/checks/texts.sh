#!/bin/sh
# Sentences for people stand in pages/texts/<language>.json, and each of them is used. That an id is there and gets its
# arguments is the compiler's matter in C++ (cmake/embed_texts.cc), and the unit tests' in templates.
set -eu
cd "$(dirname "$0")/../../mod_calint"
failed=0

# Every text is used: in C++ by its type, in a template by its id. "provider.<name>.x" is one type for all providers.
ids=$(sed -n 's/^  "\([a-z0-9_.]*\)": ".*/\1/p' pages/texts/en.json)
code=$(grep -rhoE 'texts(::[a-z0-9_]+)+' --include='*.cc' --include='*.h' . | sort -u)
named=$(grep -rhoE '\{\{@ [a-z0-9_.]+' pages/templates | cut -c5- | sort -u)
[ "$(printf '%s\n' "$ids" | wc -l)" -ge 150 ] || { echo "the texts were not found"; failed=1; }
for id in $ids; do
  type=texts::$(printf '%s' "$id" | sed -E 's/^provider\.[a-z0-9_]+\./provider./; s/\./::/g')
  printf '%s\n' "$code" | grep -qx "$type" || printf '%s\n' "$named" | grep -qx "$id" ||
    { echo "no page says the text $id"; failed=1; }
done

# No sentence stands in the code of the rooms that speak to people. What looks like one begins with a capital and goes
# on, or ends as a sentence does; log lines do neither.
sentences='"([A-Z][a-z'"'"']+ [^"]*[a-z][^"]*|[^"]*[a-z] [^"]*[a-z)][.?!])"'
# What an error says inside, for logs; answers to programs, to which no page leads; the id of a property of Graph's.
excepted='\.what = |"This address answers "|"Not found\.\\n"|"String \{[0-9a-f-]+\} Name '
found=$(grep -rnE "$sentences" --include='*.cc' --include='*.h' site pages provider integration |
  sed -E 's@^([^:]*:[0-9]+:) *//.*@\1@; s@ // .*@@' | grep -E "$sentences" | grep -vE "$excepted" || true)
if [ -n "$found" ]; then
  echo "these are sentences; they belong into pages/texts/en.json:"
  printf '%s\n' "$found"
  failed=1
fi
grep -rqE 'texts::notice::saved' site pages || { echo "not even a notice was found: the check is out of date"; failed=1; }

# Nor in a template: what is left without tags and markup has no words, and an attribute that people hear has none either.
for file in pages/templates/*.mustache; do
  words=$(tr '\n' ' ' <"$file" | sed -E 's/\{\{![^}]*\}\}//g; s/\{\{[^}]*\}\}//g; s/<[^>]*>//g' | grep -oE '[A-Za-z][A-Za-z ]+' || true)
  words="$words$(grep -oE '(aria-label|alt|title|placeholder)="[A-Za-z][^"]*"' "$file" || true)"
  [ -z "$words" ] || { echo "$file has words of its own: $words"; failed=1; }
done
exit $failed
