#!/bin/sh
# Copies the loader and the libraries of unpacked programs into a folder, so that they run whatever this machine has:
#
#   copy-libraries.sh UNPACKED FOLDER PROGRAM …
#
# UNPACKED is a folder of unpack-debian-packages.sh. It prints the name of the loader: `FOLDER/LOADER --library-path FOLDER PROGRAM`.
set -eu

unpacked=$1
folder=$2
shift 2

# Not that of /lib64, which may be a link to where it would be if it were installed.
loader=$(find "$unpacked" -name 'ld-linux*.so*' -path '*-linux-gnu/*' | head -n 1)
if [ -z "$loader" ]; then
	echo "copy-libraries.sh: found no loader among the unpacked libraries" >&2
	exit 1
fi
mkdir -p "$folder"
cp -L "$loader" "$folder/"
# Some that a program needs may lie in a folder of their own below the others.
path=$(find "$unpacked" -type d \( -path '*-linux-gnu' -o -path '*-linux-gnu/*' \) | tr '\n' ':')
for program in "$@"; do
	"$loader" --library-path "$path" --list "$program"
done | sed -n "s|.* => \($unpacked/.*\) (0x.*|\1|p" | sort -u | while read -r library; do
	cp -L "$library" "$folder/"
done
echo "${loader##*/}"
