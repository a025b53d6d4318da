#!/bin/sh
# The page as static files in dist/: any host can serve them, in any folder.
set -eu
. "$(dirname "$0")/tools.sh"
check_prerequisites
ensure_page_tools
cd "$root"
say "Building the page for release (the first time usually 2 to 3 minutes, later half a minute)."
trunk build --release --dist "$root/dist"
say "The page is in dist/."
