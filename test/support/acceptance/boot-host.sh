#!/bin/sh
# Boots a throwaway host over a tree and is its guardian: on SIGTERM it switches the host off and removes all of it.
#
#   boot-host.sh TREE LAYER [option of systemd-nspawn …] [argument of its pid 1 …]
#
# TREE is only read; what the host writes goes to LAYER, an empty directory. The host has its own mounts, processes and
# cgroups, and with --private-network a network of its own: nothing in it sees or touches this machine. To be run under `unshare --mount`, so that the mount
# below is nobody else's, and `setpriv --pdeathsig TERM`, so that the host goes with whoever booted it.
set -eu

tree=$1
layer=$2
if [ -d /run/systemd/system ] && [ -z "${IN_SCOPE:-}" ]; then
	# Where systemd runs, cgroups are its own to give.
	IN_SCOPE=1 exec systemd-run --quiet --scope --property=Delegate=yes "$0" "$@"
fi
shift 2
# Named after the layer, which is one of its kind, and not after our pid: a guardian that was killed leaves its cgroups.
prefix=monitor-service-acceptance-
name=$prefix$(basename "$layer" | sed 's/^host-layer-//')
nspawn=

clean_up() {
	trap '' TERM INT HUP
	# pid 1 of the host first: it does not end with systemd-nspawn.
	while [ -n "$nspawn" ] && kill -0 "$nspawn" 2>/dev/null; do
		children=$(cat "/proc/$nspawn/task/$nspawn/children" 2>/dev/null || true)
		# shellcheck disable=SC2086 # a list
		kill -KILL $children 2>/dev/null || kill -KILL "$nspawn" 2>/dev/null || true
		wait "$nspawn" || true
	done
	umount -R "$layer/root" 2>/dev/null || true
	rm -rf --one-file-system "$layer"
	for hierarchy in $hierarchies; do
		echo $$ >"$hierarchy/cgroup.procs"
		find "$hierarchy/$name" -depth -type d -exec rmdir {} \; || true
	done
	exit "${1:-0}"
}
hierarchies=
trap clean_up TERM INT HUP

# The pid behind the prefix is that of the test run that wanted the host.
remove_stale_cgroups() {
	for stale in "$1/$prefix"*; do
		owner=${stale#"$1/$prefix"}
		kill -0 "${owner%%-*}" 2>/dev/null || find "$stale" -depth -type d -exec rmdir {} \; 2>/dev/null || true
	done
}

# systemd takes the cgroup that it finds itself in for its own: two hosts, or a host and this machine, must not share one.
if [ -z "${IN_SCOPE:-}" ]; then
	for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ -e "$hierarchy/cgroup.procs" ] || continue
		remove_stale_cgroups "$hierarchy"
		mkdir "$hierarchy/$name"
		hierarchies="$hierarchies $hierarchy"
		echo $$ >"$hierarchy/$name/cgroup.procs"
	done
fi

mkdir "$layer/root" "$layer/upper" "$layer/work"
# An overlay cannot lie upon another one, as it would in many containers: then a copy.
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$layer/upper,workdir=$layer/work" "$layer/root" 2>/dev/null ||
	cp -a --reflink=auto "$tree/." "$layer/root/"

# With --keep-unit a reboot of the host ends systemd-nspawn with 133, and whoever started it is to start it again.
status=133
while [ "$status" = 133 ]; do
	systemd-nspawn --quiet --boot --directory="$layer/root" --machine="$name" --hostname=acceptance \
		--register=no --keep-unit --link-journal=no --resolv-conf=off --timezone=off \
		--console=pipe "$@" &
	nspawn=$!
	status=0
	wait "$nspawn" || status=$?
done
clean_up "$status"
