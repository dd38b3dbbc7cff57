#!/bin/sh
# Fetches the MariaDB server of a release of Debian into the cache, beside whatever this machine has, and prints its path:
#
#   fetch-mariadb.sh SUITE    ${XDG_CACHE_HOME:-~/.cache}/monitor_service/mariadb-server-SUITE/mariadbd
#
# It is unpacked, never installed, and runs with its own loader and libraries. Needs no root. A second run does nothing.
set -eu

suite=$1
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
target=$cache/mariadb-server-$suite

refuse() {
	echo "fetch-mariadb.sh: $*" >&2
	exit 1
}

if [ -x "$target/mariadbd" ]; then
	echo "$target/mariadbd"
	exit 0
fi
case $suite in
bullseye) package=mariadb-server-core-10.5 ;;
*) package=mariadb-server-core ;;
esac

mkdir -p "$cache"
work=$(mktemp -d "$target.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
"$here/unpack-debian-packages.sh" "$suite" "$work/unpacked" "$package"

# As mariadb-install-db looks for it below its --basedir.
server=$work/server
mkdir -p "$server/bin" "$server/sbin" "$server/share" "$server/plugin"
tables=$(find "$work/unpacked/usr/share" -name '*_system_tables.sql' | head -n 1)
[ -n "$tables" ] || refuse 'found no system tables in the package'
share=${tables%/*}
mv "$share" "$server/share/"
share=${share##*/}
mv "$work/unpacked/usr/sbin/mariadbd" "$server/mariadbd.bin"
mv "$work/unpacked/usr/bin/mariadb-install-db" "$server/bin/"
loader=$("$here/copy-libraries.sh" "$work/unpacked" "$server/lib" "$server/mariadbd.bin")

cat >"$server/mariadbd" <<WRAPPER
#!/bin/sh
# Starts the server of this folder with its own loader and libraries.
here=\$(dirname "\$(readlink -f "\$0")")
[ "\${1:-}" = --no-defaults ] && shift
exec "\$here/lib/$loader" --library-path "\$here/lib" "\$here/mariadbd.bin" --no-defaults --basedir="\$here" \\
	--plugin-dir="\$here/plugin" --lc-messages-dir="\$here/share/$share" --character-sets-dir="\$here/share/$share/charsets" "\$@"
WRAPPER
cat >"$server/mariadb-install-db" <<'WRAPPER'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
[ "${1:-}" = --no-defaults ] && shift
exec "$here/bin/mariadb-install-db" --no-defaults --basedir="$here" "$@"
WRAPPER
# What mariadb-install-db asks of these is nothing: there are no defaults, and no name of a host is resolved.
printf '#!/bin/sh\n' | tee "$server/bin/my_print_defaults" >"$server/bin/resolveip"
chmod 755 "$server/mariadbd" "$server/mariadb-install-db" "$server/bin/my_print_defaults" "$server/bin/resolveip"
for name in mariadbd mysqld; do ln -s ../mariadbd "$server/sbin/$name"; done
"$server/mariadbd" --version >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	refuse "the MariaDB of Debian $suite does not run here"
}

# -T: never into a folder that another run finished meanwhile.
mv -T "$server" "$target" 2>/dev/null || [ -x "$target/mariadbd" ] || refuse "cannot move the server to $target"
echo "$target/mariadbd"
