#!/bin/sh
# Error::code is foreign text for people. Whoever branches on what went wrong asks for the fault or the detail; only the
# rooms that hear the foreign side's words look at them.
set -eu
cd "$(dirname "$0")/../.."

grep -q 'Detail detail' mod_calint/base/error.h || { echo "base/error.h has no detail"; exit 1; }
branches=$(grep -rnE '(error|error\(\)|failure)\.code *([!=]=|\.(starts|ends)_with)' mod_calint --include='*.cc' --include='*.h' |
  grep -vE '^mod_calint/(base|net|postgres|provider)/' || true)
[ -z "$branches" ] || { echo "these branch on a foreign code:"; echo "$branches"; exit 1; }
