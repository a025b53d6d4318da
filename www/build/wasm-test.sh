#!/bin/sh
# Runs one wasm test in the browser that browser.sh found. The runner reads webdriver.json where it stands,
# so it stands in a folder of its own, with a file that names this machine's browser.
set -eu
folder=${CARGO_TARGET_DIR:-$PWD/target}/webdriver
mkdir -p "$folder"
case $1 in
  /*) wasm=$1 ;;
  *) wasm=$PWD/$1 ;;
esac
shift
cat >"$folder/webdriver.json" <<JSON
{
  "goog:chromeOptions": {
    "binary": "$CHROME",
    "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]
  }
}
JSON
cd "$folder"
exec wasm-bindgen-test-runner "$wasm" "$@"
