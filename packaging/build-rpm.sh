#!/bin/sh
# Builds monitor_service-VERSION-RELEASE.noarch.rpm of this checkout, where npm run build has run, and prints its path:
#
#   build-rpm.sh [--output DIR] [--release N]    default: the checkout, 1
#
# Needs make, rpmbuild and no network. As root it installs rpmbuild if it is missing.
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
output=$checkout
release=1

refuse() {
	echo "build-rpm.sh: $*" >&2
	exit 1
}

while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || refuse "$1 needs a value"
	case $1 in
	--output) output=$2 ;;
	--release) release=$2 ;;
	*) refuse "there is no option $1, only --output DIR and --release N" ;;
	esac
	shift 2
done

install_rpmbuild() {
	if command -v dnf >/dev/null; then
		how='dnf install rpm-build'
	elif command -v apt-get >/dev/null; then
		how='apt-get install rpm'
	else
		refuse 'needs rpmbuild'
	fi
	[ "$(id -u)" = 0 ] || refuse "needs rpmbuild; type: sudo $how"
	echo "build-rpm.sh: no rpmbuild on this machine: $how" >&2
	case $how in
	dnf*) dnf --quiet --assumeyes install rpm-build >&2 ;;
	*)
		# Package lists that are a little old still serve.
		apt-get -qq update >&2 || true
		DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends rpm >&2
		;;
	esac
}
command -v rpmbuild >/dev/null || install_rpmbuild

cd "$checkout"
version=$(packaging/built-version.sh)
node=$(bin/find_node)
# What is in it, in SPDX, e.g. MIT AND ISC.
licences=$("$node" -p '
	const { metadata, components } = require("./dist/sbom.cdx.json");
	const names = [metadata.component, ...components].flatMap(({ licenses }) => licenses);
	[...new Set(names.map(({ license, expression }) => license?.id ?? `(${expression})`))].join(" AND ")')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# A ~ sorts a version such as 1.0.0-rc.1 before 1.0.0; a - is not allowed.
rpm_version=$(echo "$version" | tr - '~')
package=monitor_service-$rpm_version-$release.noarch.rpm
"$node" packaging/rpm-changelog.mjs "$rpm_version" "$release" >"$work/changelog"
rpmbuild -bb --quiet --define "_topdir $work" --define "_tmppath $work" --define "checkout $checkout" \
	--define "package_version $rpm_version" --define "package_release $release" \
	--define "package_licences $licences" --define "package_changelog $work/changelog" packaging/monitor_service.spec >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	refuse 'rpmbuild failed'
}
mkdir -p "$output"
mv "$work/RPMS/noarch/$package" "$output/"
cd "$output"
echo "$PWD/$package"
