#!/bin/sh
# Fetches the library that makes a MariaDB server a Galera node into the cache, where test/support/database/galera.ts finds it:
#
#   ${XDG_CACHE_HOME:-~/.cache}/monitor_service/galera/libgalera_smm.so
#
# It is that of the package galera-4 of this machine's own Debian, whose MariaDB loads it. It is unpacked, never installed.
# Needs no root. A second run does nothing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
target=$cache/galera

if [ -e "$target/libgalera_smm.so" ]; then
	echo "Galera is in $target"
	exit 0
fi
if [ ! -r /etc/os-release ] || ! grep -q '^ID=debian' /etc/os-release; then
	echo "fetch-galera.sh: this is no Debian; install galera-4, or set MONITOR_TEST_GALERA to its libgalera_smm.so" >&2
	exit 1
fi
# shellcheck source=/dev/null
. /etc/os-release

mkdir -p "$cache"
work=$(mktemp -d "$target.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
"$here/unpack-debian-packages.sh" "${VERSION_CODENAME:-sid}" "$work/unpacked" galera-4

mkdir "$work/galera"
# -L: the package has a link under the place where others look for it.
cp -L "$work/unpacked/usr/lib/galera/libgalera_smm.so" "$work/galera/"
# -T: never into a folder that another run finished meanwhile.
mv -T "$work/galera" "$target" 2>/dev/null || true
[ -e "$target/libgalera_smm.so" ] || {
	echo "fetch-galera.sh: cannot move the library to $target" >&2
	exit 1
}
echo "Galera is in $target"
