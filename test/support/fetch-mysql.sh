#!/bin/sh
# Fetches a current MySQL server for the tests into the cache, where test/support/server-programs.ts finds it:
#
#   ${XDG_CACHE_HOME:-~/.cache}/monitor_service/mysql-server/mysqld
#
# Debian stable has MariaDB only; MySQL is in Debian unstable. Its packages are downloaded by apt, with the keys and
# from the mirror that this machine already uses, and are unpacked, never installed: the server runs with its own
# loader and libraries beside whatever this machine has. Needs no root. A second run does nothing.
set -eu

suite=sid
package=mysql-server-core
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
target=$cache/mysql-server

refuse() {
	echo "fetch-mysql.sh: $*" >&2
	exit 1
}

done_already() {
	[ -x "$target/mysqld" ] || return 1
	echo "$("$target/mysqld" --version | sed 's/.*Ver \([0-9.]*\).*/MySQL \1/') is in $target"
}

if done_already; then exit 0; fi

command -v apt-get >/dev/null ||
	refuse "needs apt; elsewhere install a MySQL server and set MONITOR_TEST_MYSQLD to its mysqld, or let it be found on PATH"

mkdir -p "$cache"
work=$(mktemp -d "$cache/mysql-server.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
"$here/unpack-debian-packages.sh" "$suite" "$work/unpacked" "$package"

# Only what the server needs: itself, its plugins and messages, its loader and the libraries that this finds. And the
# program that copies a binlog, which the bench of a busy server runs.
server=$work/mysql-server
mkdir -p "$server"
mv "$work/unpacked/usr/sbin/mysqld" "$server/mysqld.bin"
mv "$work/unpacked/usr/bin/mysqlbinlog" "$server/mysqlbinlog.bin"
mv "$work/unpacked/usr/lib/mysql/plugin" "$server/plugin"
mv "$work/unpacked/usr/share/mysql" "$server/share"
loader=$("$here/copy-libraries.sh" "$work/unpacked" "$server/lib" "$server"/*.bin "$server"/plugin/*.so)

cat >"$server/mysqld" <<WRAPPER
#!/bin/sh
# Starts this folder's mysqld with its own loader and libraries.
here=\${0%/*}
[ "\${1:-}" = --no-defaults ] && shift
exec "\$here/lib/$loader" --library-path "\$here/lib" "\$here/mysqld.bin" --no-defaults --mysqlx=OFF \\
	--secure-file-priv= --basedir="\$here" --plugin-dir="\$here/plugin" \\
	--lc-messages-dir="\$here/share" --character-sets-dir="\$here/share/charsets" "\$@"
WRAPPER
cat >"$server/mysqlbinlog" <<WRAPPER
#!/bin/sh
here=\${0%/*}
exec "\$here/lib/$loader" --library-path "\$here/lib" "\$here/mysqlbinlog.bin" "\$@"
WRAPPER
chmod 755 "$server/mysqld" "$server/mysqlbinlog"
"$server/mysqld" --version >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	refuse "the MySQL server that was fetched does not run here"
}

# -T: never into a folder that another run finished meanwhile.
mv -T "$server" "$target" 2>/dev/null || true
done_already || refuse "cannot move the server to $target"
