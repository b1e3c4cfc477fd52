#!/bin/sh
# Dependencies point one way: each room includes only what the map in mod_calint/README.md lets it.
set -eu
cd "$(dirname "$0")/../../mod_calint"

# room: rooms that it may include besides itself
allowed='
base:
calendar: base
crypto: base
net: base
store: base
oauth: base crypto net
provider: base calendar net oauth
vault: base crypto oauth store
pages: base crypto
app: base calendar crypto net store oauth provider vault pages
ctl: base calendar crypto net store provider app
httpd: base crypto net pages app
'

failed=0
checked=0
for line in $(printf '%s\n' "$allowed" | sed -n 's/ *: */:/; s/ /,/g; /./p'); do
  room=${line%%:*}
  rooms=",$room,${line#*:},"
  [ -n "$(ls "$room"/*.cc "$room"/*.h 2>/dev/null)" ] || { echo "no files in $room: the check is out of date"; failed=1; }
  for file in "$room"/*.cc "$room"/*.h; do
    [ -e "$file" ] || continue
    checked=$((checked + 1))
    for target in $(sed -n 's|^#include "\([a-z_]*\)/.*|\1|p' "$file"); do
      case "$rooms" in
        *",$target,"*) ;;
        *) echo "$file includes $target/, which $room may not use"; failed=1 ;;
      esac
    done
  done
done

for room in *; do
  [ -d "$room" ] || continue
  printf '%s\n' "$allowed" | grep -q "^$room:" || { echo "room $room is not in the map"; failed=1; }
done

# httpd's and APR's headers come in through one door; directives.h has one of its own for the C file.
seen=$(grep -rlE '#include [<"](httpd\.h|http_[a-z]+\.h|ap_|apr_|mod_[a-z]+\.h|util_[a-z]+\.h|scoreboard\.h|unixd\.h|mpm_)' --include='*.cc' --include='*.h' --include='*.c' . || true)
for file in $seen; do
  case "$file" in
    ./httpd/apache.h | ./httpd/directives.h) ;;
    *) echo "$file includes httpd's headers itself"; failed=1 ;;
  esac
done
[ -n "$seen" ] || { echo "no file includes httpd's headers: the check is out of date"; failed=1; }

[ "$checked" -gt 50 ] || { echo "only $checked files were checked"; failed=1; }
exit $failed
