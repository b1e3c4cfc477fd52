#!/bin/sh
# A provider's name, host, code or field stands in its folder, in base/provider_id.h (ProviderFacts) and in the texts,
# nowhere else: whoever adds a provider must not have to look for the others. Comments may name one as an example.
set -eu
cd "$(dirname "$0")/../../mod_calint"

names='google|outlook|microsoft|msgraph|apple|icloud'
# Where they may: the rooms of providers; pictures, templates and texts of the pages; the words of administrators
# (directives, calintctl's help); names that calendars themselves use.
allowed='^\./(provider/|base/provider_id\.h|pages/(static|templates|texts)/|mod_calint\.c|httpd/(check_config|provider_directives|arguments)\.cc|httpd/setter\.h|ctl/main\.cc|calendar/(windows_zones|zones|attendance)\.(cc|h))'
# A default of ProviderId, the form's field that the contract names, an example in a directive's message.
excepted='ProviderId::google[;}]|"apple_id"|"e\.g\. google='

found=$(grep -rniE "$names" --include='*.cc' --include='*.h' --include='*.c' --include='*.sql' . |
  grep -vE "$allowed" | sed -E 's@ *(//|--) .*@@' | grep -iE "$names" | grep -vE "$excepted" || true)
grep -q 'google' base/provider_id.h || { echo "ProviderFacts was not found: the check is out of date"; exit 1; }
if [ -n "$found" ]; then
  echo "a provider is named outside of its room:"
  printf '%s\n' "$found"
  exit 1
fi
