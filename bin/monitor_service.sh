#!/bin/sh
# Installed as PREFIX/bin/monitor_service. Looks for Node.js at each start: an update may have moved it.
here=$(dirname "$(readlink -f "$0")")
node=$("$here/find_node") || exit
exec "$node" "$here/../dist/main.js" "$@"
