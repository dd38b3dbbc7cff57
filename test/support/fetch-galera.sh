#!/bin/sh
# Fetches the library that makes a MariaDB server a Galera node into the cache, where test/support/database/galera.ts finds it:
#
#   ${XDG_CACHE_HOME:-~/.cache}/monitor_service/galera/libgalera_smm.so
#
# It is that of the package galera-4 of this machine's own Debian, whose MariaDB loads it. A second run does nothing.
set -eu

lay_out() {
	# -L: the package has a link under the place where others look for it.
	cp -L "$1/usr/lib/galera/libgalera_smm.so" "$2/"
}

# shellcheck source=test/support/fetch-into-cache.sh
. "$(dirname "$0")/fetch-into-cache.sh"
fetch_into_cache galera libgalera_smm.so galera-4 'install galera-4, or set MONITOR_TEST_GALERA to its libgalera_smm.so'
