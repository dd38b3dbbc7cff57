#!/bin/sh
# Prints the version of this checkout, where npm run build has run; else says what is missing.
set -eu

cd "$(dirname "$0")/.."

refuse() {
	echo "${0##*/}: $*" >&2
	exit 1
}

[ -f dist/sbom.cdx.json ] || refuse 'not built yet: run npm run build first'
node=$(bin/find_node)
version=$("$node" -p 'require("./package.json").version')
built=$("$node" dist/main.js --version)
[ "$built" = "$version" ] || refuse "dist is of version $built, package.json of $version: run npm run build"
echo "$version"
