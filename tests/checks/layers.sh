#!/bin/sh
# Dependencies point one way: a room includes only rooms below it in the map of mod_calint/README.md, and no door
# includes another. What the map calls pure uses pure rooms and base alone.
set -eu
cd "$(dirname "$0")/../../mod_calint"

map=$(sed -n 's/^| `\([a-z]*\)\/` | \([a-z]*\) *|.*/\1:\2/p' README.md)
pure=$(sed -n 's/^| `\([a-z]*\)\/` | [a-z]* *| pure:.*/\1/p' README.md)
failed=0
checked=0
[ -n "$pure" ] || { echo "no room is pure: the check is out of date"; failed=1; }
above=
for line in $map; do
  room=${line%%:*}
  kind=${line#*:}
  [ -n "$(find "$room" -name '*.cc' -o -name '*.h')" ] || { echo "no files in $room: the map is out of date"; failed=1; }
  for file in $(find "$room" -name '*.cc' -o -name '*.h'); do
    checked=$((checked + 1))
    for target in $(sed -n 's|^#include "\([a-z_]*\)/.*|\1|p' "$file"); do
      [ "$target" = "$room" ] && continue
      case " $above " in
        *" $target "*) echo "$file includes $target/, which stands above $room/"; failed=1 ;;
      esac
      case " $(echo $pure) : base $(echo $pure) " in
        *" $room "*:*" $target "*) ;;
        *" $room "*:*) echo "$file includes $target/, and $room/ is pure"; failed=1 ;;
      esac
      # httpd and calintctl open the other doors; a person, an ATS and a provider never wait for one another.
      case "$kind:$room:$map " in
        door:httpd:* | door:ctl:*) ;;
        door:*"$target:door"*) echo "$file includes $target/, another door"; failed=1 ;;
      esac
    done
  done
  above="$above $room"
done

for room in *; do
  [ -d "$room" ] || continue
  printf '%s\n' "$map" | grep -q "^$room:" || { echo "room $room is not in the map"; failed=1; }
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

[ "$checked" -gt 200 ] || { echo "only $checked files were checked"; failed=1; }
exit $failed
