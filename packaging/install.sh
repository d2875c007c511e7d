#!/bin/sh
# Installs stories for you alone, without root: downloads it, checks its SHA-256, and unpacks it into ~/.local.
#   sh install.sh                      the client
#   sh install.sh stories-server       the server (Linux)
# Options:
#   --version VERSION    another version than this script's own
#   --from URL|FOLDER    where the files of the release are
#   --sha256 HASH        refuse everything but a file of this SHA-256
#   --prefix FOLDER      instead of ~/.local
set -eu
# script/release fills these in.
version=@VERSION@
from=@FROM@
program=stories hash='' prefix=${HOME:?}/.local

fail() { printf 'install: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
    case $1 in
        --version | --from | --sha256 | --prefix)
            [ -n "${2-}" ] || fail "$1 needs a value."
            case $1 in --version) version=${2#v} ;; --from) from=${2%/} ;; --sha256) hash=$2 ;; --prefix) prefix=$2 ;; esac
            shift 2
            ;;
        stories | stories-server) program=$1; shift ;;
        *) fail "there is no \"$1\": it is stories or stories-server, with --version, --from, --sha256 and --prefix." ;;
    esac
done
case $version in @*) fail 'say which version: --version 1.2.3' ;; esac
case $from in @*) fail 'say where the release is: --from https://…' ;; esac

case "$(uname -s)" in
    Linux) system=linux ;;
    Darwin) system=osx ;;
    *) fail "there is no $program for $(uname -s)." ;;
esac
if [ "$system" = linux ] && ldd --version 2>&1 | grep -qi musl; then system=linux-musl; fi
case "$(uname -m)" in
    x86_64 | amd64) system=$system-x64 ;;
    aarch64 | arm64) system=$system-arm64 ;;
    *) fail "there is no $program for $(uname -m)." ;;
esac
case $program-$system in
    stories-linux-musl-arm64 | stories-server-linux-musl-* | stories-server-osx-*) fail "there is no $program for $system." ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=$program-$version-$system.tar.gz
fetch() {
    case $from in
        http://* | https://*)
            if command -v curl >/dev/null; then
                curl --fail --silent --show-error --location --retry 3 --output "$work/$1" "$from/$1"
            elif command -v wget >/dev/null; then
                wget -q -O "$work/$1" "$from/$1"
            else
                fail 'neither curl nor wget is here.'
            fi
            ;;
        *) cp "$from/$1" "$work/$1" ;;
    esac || fail "$from/$1 cannot be had."
}
hash_of() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

fetch "$name"
if [ -z "$hash" ]; then
    fetch SHA256SUMS
    hash=$(sed -n "s/^\([0-9a-f]\{64\}\)  $(echo "$name" | sed 's/\./\\./g')\$/\1/p" "$work/SHA256SUMS")
    [ -n "$hash" ] || fail "SHA256SUMS does not name $name."
fi
found=$(hash_of "$work/$name")
[ "$found" = "$hash" ] || fail "$name has the SHA-256 $found, but $hash is expected. Nothing was installed."

mkdir "$work/unpacked"
tar -xzf "$work/$name" -C "$work/unpacked" --strip-components 1
mkdir -p "$prefix/bin" "$prefix/share"
if [ -d "$work/unpacked/share" ]; then cp -R "$work/unpacked/share/." "$prefix/share/"; fi
# A running program keeps its file: the new one takes the name.
cp "$work/unpacked/bin/$program" "$prefix/bin/$program.part"
mv -f "$prefix/bin/$program.part" "$prefix/bin/$program"
echo "install: $prefix/bin/$program $version"
case ":$PATH:" in *":$prefix/bin:"*) ;; *) echo "install: $prefix/bin is not on your PATH: add it to use \"$program\"." ;; esac
