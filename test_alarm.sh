#!/bin/sh
# Tries the service out: a menu that shows, raises and clears alarms.
here=$(dirname "$(readlink -f "$0")")
# An installation elsewhere has its configuration beside this file; an option on the command line wins.
[ ! -e "$here/config.ini" ] || set -- --config "$here/config.ini" "$@"
exec "$here/bin/monitor_service" test-alarm "$@"
