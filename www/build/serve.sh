#!/bin/sh
# Serves the page and builds it again after each change.
set -eu
. "$(dirname "$0")/tools.sh"
check_prerequisites
ensure_page_tools
cd "$root"
port=${PORT:-8080}
say "Building the page (the first time usually 1 to 2 minutes, later a few seconds)."
say "Then it is at http://127.0.0.1:$port/ ; Ctrl+C ends it."
# Trunk stops if a folder that it is told not to watch is not there yet.
mkdir -p dist target www/built www/node_modules
# Not into dist/, which holds the release build.
exec trunk serve --dist "$root/target/serve" --port "$port"
