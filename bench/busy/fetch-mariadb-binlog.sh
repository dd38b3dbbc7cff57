#!/bin/sh
# Fetches mariadb-binlog into the cache, where the bench of the busy server finds it. Downloaded by apt with the keys and
# from the mirror that this machine already uses, and unpacked, never installed. Needs no root. A second run does nothing.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/monitor_service
target=$cache/mariadb-client
if [ -x "$target/usr/bin/mariadb-binlog" ]; then exit 0; fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	echo "${0##*/}: needs apt; elsewhere install mariadb-binlog, which is then found on PATH" >&2
	exit 1
fi
mkdir -p "$cache"
work=$(mktemp -d "$cache/mariadb-client.building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
apt-get -qq -o APT::Sandbox::User="$(id -un)" download mariadb-client
dpkg-deb -x mariadb-client_*.deb unpacked
unpacked/usr/bin/mariadb-binlog --version >/dev/null
# -T: never into a folder that another run finished meanwhile.
mv -T unpacked "$target" 2>/dev/null || true
