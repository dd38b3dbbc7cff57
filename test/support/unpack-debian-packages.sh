#!/bin/sh
# Downloads packages of Debian with all that they depend on, and unpacks them into a folder:
#
#   unpack-debian-packages.sh SUITE FOLDER PACKAGE …
#
# They are downloaded by apt, with the keys and from the mirror that this machine already uses, and never installed. Needs no
# root.
set -eu

suite=$1
folder=$2
shift 2

refuse() {
	echo "unpack-debian-packages.sh: $*" >&2
	exit 1
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	refuse 'needs apt'
fi
# shellcheck source=/dev/null
. /etc/os-release
[ "$ID" = debian ] || refuse "fetches from Debian's archive only, and this is $ID"

# Whatever form the machine's sources have (.list, .sources, a mirror list), apt tells the result. Other archives use
# Debian's release names too, so the first whose address speaks of Debian wins.
# shellcheck disable=SC2016 # the $(…) are apt's
mirrors=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
	sed -n -E "s/^(${VERSION_CODENAME:-sid}|stable|testing|unstable|sid) main //p")
mirror=$(echo "$mirrors" | grep -i debian | head -n 1)
[ -n "$mirror" ] || mirror=$(echo "$mirrors" | head -n 1)
[ -n "$mirror" ] || refuse "this machine's apt sources name no mirror of Debian"

keyring=
for file in /usr/share/keyrings/debian-archive-keyring.pgp /usr/share/keyrings/debian-archive-keyring.gpg; do
	if [ -r "$file" ]; then
		keyring="[signed-by=$file]"
		break
	fi
done

work=$(mktemp -d "$folder.apt-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

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
		-o Acquire::Languages=none -o Acquire::Retries=5 -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true \
		"$@" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		refuse "apt could not fetch it from Debian $suite"
	}
}
private_apt update
private_apt install --yes --download-only --no-install-recommends "$@"

for archive in "$work"/archives/*.deb; do
	dpkg-deb -x "$archive" "$folder"
done
