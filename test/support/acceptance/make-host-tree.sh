#!/bin/sh
# Makes the tree of a throwaway host in the cache and prints where it is:
#
#   make-host-tree.sh NAME    ${XDG_CACHE_HOME:-~/.cache}/monitor_service/host-NAME-rN
#
# NAME is a release of Debian, or one with a word behind it: trixie-dbus-broker has dbus-broker in place of dbus-daemon,
# bookworm-floating has keepalived and Pacemaker too. The tree is a small Debian with systemd, a MariaDB server, rpm and rpmlint, from the mirror that this machine's apt
# already uses. It is never booted itself: each run boots a throwaway layer over it. Needs root; installs debootstrap and
# systemd-container where they are missing. A second run does nothing.
set -eu

name=$1
suite=${name%%-*}
# To be raised whenever this file changes what is in the tree.
revision=4
# The last two: libraries of Node.js, which each run borrows from this machine.
base=systemd,systemd-sysv,dbus,procps,make,libstdc++6,libatomic1
packages='mariadb-server rpm'
# That of Debian 11 is of another generation: it reads no configuration of ours.
[ "$suite" = bullseye ] || packages="$packages rpmlint"
case $name in
*-dbus-broker) packages="$packages dbus-broker" ;;
*-floating) packages="$packages iproute2 keepalived pacemaker pacemaker-cli-utils corosync resource-agents pcs" ;;
esac
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
tree=$cache/host-$name-r$revision

refuse() {
	echo "make-host-tree.sh: $*" >&2
	exit 1
}

if [ -d "$tree" ]; then
	echo "$tree"
	exit 0
fi
[ "$(id -u)" = 0 ] || refuse 'needs root: it makes a root file system with owners and devices of its own'
command -v apt-get >/dev/null || refuse 'needs the apt of a Debian machine'
# shellcheck source=/dev/null
. /etc/os-release
[ "$ID" = debian ] || refuse "needs a Debian machine, this is $ID"

missing=
command -v debootstrap >/dev/null || missing="$missing debootstrap"
command -v systemd-nspawn >/dev/null || missing="$missing systemd-container"
if [ -n "$missing" ]; then
	echo "make-host-tree.sh: installing$missing" >&2
	# A machine that was just started may still be updating itself.
	apt-get -qq -o Acquire::Retries=5 update >&2 || true
	# shellcheck disable=SC2086 # a list
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 \
		install --yes --no-install-recommends $missing >&2
fi

# Whatever form the machine's sources have, apt tells the result. Other archives use Debian's release names too, so the
# first whose address speaks of Debian wins.
# shellcheck disable=SC2016 # the $(…) are apt's
mirrors=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
	sed -n -E "s/^(${VERSION_CODENAME:-sid}|stable|testing|unstable|sid) main //p")
mirror=$(echo "$mirrors" | grep -i debian | head -n 1)
[ -n "$mirror" ] || mirror=$(echo "$mirrors" | head -n 1)
[ -n "$mirror" ] || refuse "this machine's apt sources name no mirror of Debian"

mkdir -p "$cache"
work=$(mktemp -d "$cache/host.building-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM
root=$work/root
log=$work/log

run() {
	"$@" >"$log" 2>&1 || {
		tail -n 30 "$log" >&2
		refuse "failed: $*"
	}
}
echo "make-host-tree.sh: making $tree (once, some minutes)" >&2
run debootstrap --variant=minbase --include="$base" "$suite" "$root" "$mirror"

# No package may start its daemon while it is installed.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
# Small files: they are copied into the throwaway layer at the first write.
mkdir -p "$root/etc/mysql/mariadb.conf.d"
printf '[mariadbd]\ninnodb_log_file_size = 8M\ninnodb_buffer_pool_size = 64M\n' \
	>"$root/etc/mysql/mariadb.conf.d/10-small.cnf"
# In a container, so that nothing that is installed meets this machine's processes.
inside() {
	run systemd-nspawn --quiet --register=no --keep-unit --as-pid2 -D "$root" \
		--setenv=DEBIAN_FRONTEND=noninteractive "$@"
}
# shellcheck disable=SC2086 # a list
inside apt-get -qq -o Acquire::Retries=5 install --yes --no-install-recommends $packages
case $name in
# Its alias is dbus.service.
*-dbus-broker) inside systemctl enable dbus-broker.service ;;
# The tests configure and start what they need.
*-floating) inside systemctl disable keepalived corosync pacemaker pcsd ;;
esac
inside apt-get clean

rm -rf "$root/usr/sbin/policy-rc.d" "$root/var/lib/apt/lists" "$root/usr/share/doc"
# Each host that is booted gets a number of its own.
: >"$root/etc/machine-id"
echo acceptance >"$root/etc/hostname"
printf '127.0.0.1 localhost acceptance\n::1 localhost\n' >"$root/etc/hosts"
chmod 755 "$root"

# -T: never into a tree that another run finished meanwhile.
mv -T "$root" "$tree" 2>/dev/null || [ -d "$tree" ] || refuse "cannot move the tree to $tree"
echo "$tree"
