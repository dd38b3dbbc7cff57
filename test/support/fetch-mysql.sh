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

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	refuse "needs apt; elsewhere install a MySQL server and set MONITOR_TEST_MYSQLD to its mysqld"
fi
# shellcheck source=/dev/null
. /etc/os-release
[ "$ID" = debian ] ||
	refuse "fetches from Debian's archive only; on $ID install a MySQL server, mysqld is then found on PATH"

# Whatever form the machine's sources have (.list, .sources, a mirror list), apt tells the result. Other archives use
# Debian's release names too, so the first whose address speaks of Debian wins.
# shellcheck disable=SC2016 # the $(…) are apt's
mirrors=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
	sed -n -E "s/^(${VERSION_CODENAME:-sid}|stable|testing|unstable|sid) main //p")
mirror=$(echo "$mirrors" | grep -i debian | head -n 1)
[ -n "$mirror" ] || mirror=$(echo "$mirrors" | head -n 1)
[ -n "$mirror" ] || refuse "this machine's apt sources name no mirror of Debian"

mkdir -p "$cache"
work=$(mktemp -d "$cache/mysql-server.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

keyring=
for file in /usr/share/keyrings/debian-archive-keyring.pgp /usr/share/keyrings/debian-archive-keyring.gpg; do
	if [ -r "$file" ]; then
		keyring="[signed-by=$file]"
		break
	fi
done

# An apt of its own: other sources, no packages installed, so that the download is complete without this machine's.
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/none"
: >"$work/status"
echo "deb $keyring $mirror $suite main" >"$work/sources.list"
private_apt() {
	apt-get -qq \
		-o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" \
		-o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" \
		-o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/none" \
		-o Dir::Etc::preferences="$work/none/none" -o Dir::Etc::preferencesparts="$work/none" \
		-o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true \
		"$@" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		refuse "apt could not fetch $package of Debian $suite"
	}
}
private_apt update
private_apt install --yes --download-only --no-install-recommends "$package"

for archive in "$work"/archives/*.deb; do
	dpkg-deb -x "$archive" "$work/unpacked"
done

# Only what the server needs: itself, its plugins and messages, its loader and the libraries that this finds. And the
# program that copies a binlog, which the bench of a busy server runs.
server=$work/mysql-server
mkdir -p "$server/lib"
mv "$work/unpacked/usr/sbin/mysqld" "$server/mysqld.bin"
mv "$work/unpacked/usr/bin/mysqlbinlog" "$server/mysqlbinlog.bin"
mv "$work/unpacked/usr/lib/mysql/plugin" "$server/plugin"
mv "$work/unpacked/usr/share/mysql" "$server/share"
loader=$(find "$work/unpacked" -name 'ld-linux*.so*' -type f | head -n 1)
[ -n "$loader" ] || refuse "found no loader among the unpacked libraries"
libraries=${loader%/*}
cp "$loader" "$server/lib/"
for binary in "$server"/*.bin "$server"/plugin/*.so; do
	"$loader" --library-path "$libraries" --list "$binary"
done | sed -n "s|.* => \($libraries/.*\) (0x.*|\1|p" | sort -u | while read -r library; do
	cp -L "$library" "$server/lib/"
done

cat >"$server/mysqld" <<WRAPPER
#!/bin/sh
# Starts this folder's mysqld with its own loader and libraries.
here=\${0%/*}
[ "\${1:-}" = --no-defaults ] && shift
exec "\$here/lib/${loader##*/}" --library-path "\$here/lib" "\$here/mysqld.bin" --no-defaults --mysqlx=OFF \\
	--secure-file-priv= --basedir="\$here" --plugin-dir="\$here/plugin" \\
	--lc-messages-dir="\$here/share" --character-sets-dir="\$here/share/charsets" "\$@"
WRAPPER
cat >"$server/mysqlbinlog" <<WRAPPER
#!/bin/sh
here=\${0%/*}
exec "\$here/lib/${loader##*/}" --library-path "\$here/lib" "\$here/mysqlbinlog.bin" "\$@"
WRAPPER
chmod 755 "$server/mysqld" "$server/mysqlbinlog"
"$server/mysqld" --version >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	refuse "the MySQL server that was fetched does not run here"
}

# -T: never into a folder that another run finished meanwhile.
mv -T "$server" "$target" 2>/dev/null || true
done_already || refuse "cannot move the server to $target"
