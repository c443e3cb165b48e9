#!/bin/sh
# The Rust tests under AddressSanitizer, which also looks for leaks. Rust's sanitizers are not stable yet; RUSTC_BOOTSTRAP
# opens them in a stable compiler, whose rustup build brings the runtime. Debian's has none.
set -eu
cd "$(dirname "$0")/.."
host=$(rustc -vV | sed -n 's/^host: //p')
if ! ls "$(rustc --print=target-libdir)"/librustc*_rt.asan.a >/dev/null 2>&1; then
  echo '- skipped: the Rust tests under AddressSanitizer, because this Rust comes without its runtime'
  exit 0
fi
export RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/asan ASAN_OPTIONS=detect_leaks=1
# Left out: what measures memory, which the sanitizer pads, and what races with a child that has to be fast.
memory=takes_up_what_is_used
race=a_child_in_the_making_holds_nothing_but_its_own
if cargo nextest --version >/dev/null 2>&1; then
  exec cargo nextest run --no-fail-fast --target "$host" -E "not (test($memory) or test($race))"
fi
exec cargo test --lib --tests --target "$host" -- --skip "$memory" --skip "$race"
