#!/bin/sh
# Fuzzes the decoders of IPC frames for some seconds (60 by default), starting from the corpus that is committed. What it
# finds there to be new is kept below target/. It drives libFuzzer itself: cargo-fuzz would have to be compiled first.
set -eu
cd "$(dirname "$0")/.."
host=$(rustc -vV | sed -n 's/^host: //p')
sanitizer=-Zsanitizer=address
ls "$(rustc --print=target-libdir)"/librustc*_rt.asan.a >/dev/null 2>&1 || sanitizer=
command -v c++ >/dev/null || sh scripts/apt-install.sh g++
coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=1'
RUSTC_BOOTSTRAP=1 RUSTFLAGS="--cfg fuzzing $coverage $sanitizer" CARGO_TARGET_DIR=target/fuzz \
  cargo build --quiet --release --manifest-path fuzz/Cargo.toml --target "$host"
mkdir -p target/fuzz/corpus target/fuzz/artifacts
exec "target/fuzz/$host/release/ipc_frames" -max_total_time="${1:-60}" -max_len=4096 -print_final_stats=1 -verbosity=0 \
  -artifact_prefix=target/fuzz/artifacts/ target/fuzz/corpus fuzz/corpus/ipc_frames
