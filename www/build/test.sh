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

say "1/5 Format."
cargo fmt --check

say "2/5 Native tests (the first time usually 2 to 3 minutes, later seconds)."
cargo test --quiet

say "3/5 The worker's wasm in a headless browser (the first time usually a minute)."
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="sh $root/www/build/wasm-test.sh" \
  cargo test --target wasm32-unknown-unknown --no-default-features --features worker --test web

say "4/5 The release build and its sizes (the first time usually 2 to 3 minutes, later half a minute)."
trunk build --release --dist "$root/dist"
node tests/browser/sizes.mjs

say "5/5 The page in a headless browser, with axe (usually under two minutes)."
node --test --test-reporter=spec tests/browser/*.test.mjs
say "Everything passed."
