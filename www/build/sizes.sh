#!/bin/sh
# Sizes and first-finding times of the release build, beside their budgets.
set -eu
. "$(dirname "$0")/tools.sh"
. "$(dirname "$0")/browser.sh"
check_prerequisites
ensure_browser
ensure_page_tools
ensure_packages tests/browser "the browser tests' npm packages"
cd "$root"
say "Building the page for release (the first time usually 2 to 3 minutes, later half a minute)."
trunk build --release --dist "$root/dist"
node tests/browser/sizes.mjs
