#!/bin/sh
# Boots a throwaway host over a tree and stays its parent: when this process ends, by whatever signal, the host is gone.
#
#   boot-host.sh TREE LAYER [option of systemd-nspawn …]
#
# TREE is only read; what the host writes goes to LAYER, an empty directory. The host has its own mounts, processes,
# network and cgroups: nothing in it sees or touches this machine. To be run under `unshare --mount`, so that the mount
# below goes with this process.
set -eu

tree=$1
layer=$2
shift 2

# systemd takes the cgroup that it finds itself in for its own: two hosts, or a host and this machine, must not share one.
cgroup=monitor_service-acceptance-$$
if [ -d /run/systemd/system ]; then
	if [ -z "${IN_SCOPE:-}" ]; then
		IN_SCOPE=1 exec systemd-run --quiet --scope --property=Delegate=yes "$0" "$tree" "$layer" "$@"
	fi
else
	for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ -e "$hierarchy/cgroup.procs" ] || continue
		mkdir "$hierarchy/$cgroup"
		echo $$ >"$hierarchy/$cgroup/cgroup.procs"
	done
fi

mkdir "$layer/root" "$layer/upper" "$layer/work"
# An overlay cannot lie upon another one, as it would in many containers: then a copy.
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$layer/upper,workdir=$layer/work" "$layer/root" 2>/dev/null ||
	cp -a --reflink=auto "$tree/." "$layer/root/"

# With --keep-unit a reboot of the host ends systemd-nspawn with 133, and whoever started it is to start it again.
while :; do
	status=0
	setpriv --pdeathsig KILL systemd-nspawn --quiet --boot --directory="$layer/root" --machine=acceptance \
		--register=no --keep-unit --private-network --link-journal=no --resolv-conf=off --timezone=off \
		--console=pipe "$@" || status=$?
	[ "$status" = 133 ] || exit "$status"
done
