#!/bin/sh
# Every fuzz target, SECONDS_EACH long (180 unless told); TARGETS="python log" picks some. Findings stay in tests/fuzz/artifacts.
set -eu
. "$(dirname "$0")/tools.sh"
cd "$root"
command -v cargo-fuzz >/dev/null 2>&1 || stop "The fuzzer is needed. Run: cargo install cargo-fuzz --locked"
# The sanitizer's flags are unstable; this lets the pinned toolchain take them.
export RUSTC_BOOTSTRAP=1
targets=${TARGETS:-$(cargo fuzz list --fuzz-dir tests/fuzz)}
say "Building the fuzz targets (the first time usually 5 minutes)."
cargo fuzz build --fuzz-dir tests/fuzz
for target in $targets; do
  say "Fuzzing $target for ${SECONDS_EACH:-180} s."
  cargo fuzz run --fuzz-dir tests/fuzz "$target" -- -max_total_time="${SECONDS_EACH:-180}" -timeout=10 -max_len=16384 \
    -dict=tests/fuzz/words.dict
done
say "No target found anything."
