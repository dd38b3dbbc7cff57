#!/bin/sh
# Packs this checkout, where npm run build has run, into monitor_service-VERSION.tar.gz, and prints its path:
#
#   build-tarball.sh [--output DIR]    default: the checkout
#
# What is in it is built and complete: make install works in it without npm and without a network.
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
output=$checkout
# What make install reads, and what a person reads before it.
contents='Makefile LICENSE CHANGELOG.md package.json test_alarm.sh bin config dist docs man sql systemd'

refuse() {
	echo "build-tarball.sh: $*" >&2
	exit 1
}

while [ $# -gt 0 ]; do
	[ "$1" = --output ] && [ $# -ge 2 ] || refuse "there is only the option --output DIR"
	output=$2
	shift 2
done

cd "$checkout"
version=$(packaging/built-version.sh)
name=monitor_service-$version

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/$name"
# shellcheck disable=SC2086 # a list
cp -R $contents "$work/$name/"
while read -r package; do
	mkdir -p "$work/$name/${package%/*}"
	cp -R "$package" "$work/$name/$package"
done <dist/packages.txt

mkdir -p "$output"
# The same checkout makes the same file, but for the times of its files.
tar --create --directory "$work" --sort=name --owner=root:0 --group=root:0 --mode=u=rwX,go=rX "$name" |
	gzip --no-name --best >"$work/tarball"
chmod 0644 "$work/tarball"
mv "$work/tarball" "$output/$name.tar.gz"
cd "$output"
echo "$PWD/$name.tar.gz"
