# shellcheck shell=sh
# For the scripts that fetch something of this machine's own Debian for the tests; they source it:
#
#   fetch_into_cache FOLDER FILE PACKAGE ELSEWHERE
#
# It unpacks PACKAGE and what that depends on, lets `lay_out UNPACKED TARGET` of the script put into TARGET what is needed of it, and
# makes that ${XDG_CACHE_HOME:-~/.cache}/monitor_service/FOLDER. FILE must be in it then; if it is there already, nothing is done.
# ELSEWHERE says what to do if this is no Debian. Nothing is installed, and it needs no root.

fetch_into_cache() {
	file=$2
	cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
	target=$cache/$1
	here=$(cd "$(dirname "$0")" && pwd)

	if [ -e "$target/$file" ]; then
		echo "$file is in $target"
		return
	fi
	if [ ! -r /etc/os-release ] || ! grep -q '^ID=debian' /etc/os-release; then
		echo "${0##*/}: this is no Debian; $4" >&2
		exit 1
	fi
	# shellcheck source=/dev/null
	. /etc/os-release

	mkdir -p "$cache"
	work=$(mktemp -d "$target.building-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	"$here/unpack-debian-packages.sh" "${VERSION_CODENAME:-sid}" "$work/unpacked" "$3"
	mkdir "$work/target"
	lay_out "$work/unpacked" "$work/target"
	# -T: never into a folder that another run finished meanwhile.
	mv -T "$work/target" "$target" 2>/dev/null || true
	[ -e "$target/$file" ] || {
		echo "${0##*/}: cannot move $file to $target" >&2
		exit 1
	}
	echo "$file is in $target"
}
