#!/bin/sh
# Every test: the engine natively, the worker's wasm in a browser, the page from a release build in a browser.
set -eu
. "$(dirname "$0")/tools.sh"
. "$(dirname "$0")/browser.sh"
check_prerequisites
ensure_browser
ensure_page_tools
ensure_packages tests/browser "the browser tests' npm packages"
cd "$root"

say "1/6 Format."
cargo fmt --check

say "2/6 Native tests (the first time usually 2 to 3 minutes, later seconds)."
cargo test --quiet

say "3/6 The page's own logic, natively (the first time usually 1 to 2 minutes, later seconds)."
node www/build/bundle.mjs
cargo test --quiet --no-default-features --features app --lib

say "4/6 The worker's wasm in a headless browser (the first time usually a minute)."
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="sh $root/www/build/wasm-test.sh" \
  cargo test --target wasm32-unknown-unknown --no-default-features --features worker --test web

say "5/6 The release build and its sizes (the first time usually 2 to 3 minutes, later half a minute)."
trunk build --release --dist "$root/dist"
node tests/browser/sizes.mjs

say "6/6 The page in a headless browser, with axe (usually 2 to 3 minutes)."
node --test --test-reporter=spec tests/browser/*.test.mjs
say "Everything passed."
