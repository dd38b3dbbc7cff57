#!/bin/sh
# Fetches HAProxy for the tests into the cache, where test/support/haproxy.ts finds it:
#
#   ${XDG_CACHE_HOME:-~/.cache}/monitor_service/haproxy/haproxy
#
# It is downloaded by apt and unpacked with its own loader and libraries, never installed. Needs no root. A second run does
# nothing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
target=$cache/haproxy

if [ -x "$target/haproxy" ]; then
	echo "HAProxy is in $target"
	exit 0
fi
if [ ! -r /etc/os-release ] || ! grep -q '^ID=debian' /etc/os-release; then
	echo "fetch-haproxy.sh: this is no Debian; install haproxy, or set MONITOR_TEST_HAPROXY to it" >&2
	exit 1
fi
# shellcheck source=/dev/null
. /etc/os-release

mkdir -p "$cache"
work=$(mktemp -d "$target.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
"$here/unpack-debian-packages.sh" "${VERSION_CODENAME:-sid}" "$work/unpacked" haproxy

mkdir "$work/haproxy"
mv "$work/unpacked/usr/sbin/haproxy" "$work/haproxy/haproxy.bin"
loader=$("$here/copy-libraries.sh" "$work/unpacked" "$work/haproxy/lib" "$work/haproxy/haproxy.bin")
cat >"$work/haproxy/haproxy" <<WRAPPER
#!/bin/sh
here=\${0%/*}
exec "\$here/lib/$loader" --library-path "\$here/lib" "\$here/haproxy.bin" "\$@"
WRAPPER
chmod 755 "$work/haproxy/haproxy"
# -T: never into a folder that another run finished meanwhile.
mv -T "$work/haproxy" "$target" 2>/dev/null || true
[ -x "$target/haproxy" ] || {
	echo "fetch-haproxy.sh: cannot move it to $target" >&2
	exit 1
}
echo "HAProxy is in $target"
