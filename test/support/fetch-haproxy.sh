#!/bin/sh
# Fetches HAProxy for the tests into the cache, where test/support/database/haproxy.ts finds it:
#
#   ${XDG_CACHE_HOME:-~/.cache}/monitor_service/haproxy/haproxy
#
# It runs with its own loader and libraries. A second run does nothing.
set -eu

lay_out() {
	mv "$1/usr/sbin/haproxy" "$2/haproxy.bin"
	loader=$("$(dirname "$0")/copy-libraries.sh" "$1" "$2/lib" "$2/haproxy.bin")
	cat >"$2/haproxy" <<WRAPPER
#!/bin/sh
here=\${0%/*}
exec "\$here/lib/$loader" --library-path "\$here/lib" "\$here/haproxy.bin" "\$@"
WRAPPER
	chmod 755 "$2/haproxy"
}

# shellcheck source=test/support/fetch-into-cache.sh
. "$(dirname "$0")/fetch-into-cache.sh"
fetch_into_cache haproxy haproxy haproxy 'install haproxy, or set MONITOR_TEST_HAPROXY to it'
