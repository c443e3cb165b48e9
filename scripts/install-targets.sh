#!/bin/sh
# Gets what `npm run artifacts -- --all` makes Rust's standard library of every platform from, as root. Debian has its
# source packaged, which needs no server but Debian's; elsewhere it comes from rustup.
set -eu
cd "$(dirname "$0")/.."
apt-get update -qq
if [ -n "$(apt-cache --names-only search '^rust-web-src$')" ]; then
  exec sh scripts/apt-install.sh rustc-web cargo-web rust-web-src
fi
node -p 'require("./package.json").napi.targets.join("\n")' | xargs rustup target add
