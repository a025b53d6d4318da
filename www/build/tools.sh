# Sourced by the other scripts: checks what must be there and installs what may be installed.
# Nothing here needs root. Tools go to a cache folder named by their version, so a second run finds them.

TRUNK_VERSION=0.21.14
WASM_BINDGEN_VERSION=0.2.130
NODE_AT_LEAST=20

root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/celery-checkup/tools
trunk_home=$cache/trunk-$TRUNK_VERSION
wasm_bindgen_home=$cache/wasm-bindgen-$WASM_BINDGEN_VERSION

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Said in the first second, before anything long begins.
check_prerequisites() {
  command -v rustup >/dev/null 2>&1 || stop "rustup is missing. Install Rust from https://rustup.rs, then run this again."
  command -v cargo >/dev/null 2>&1 || stop "cargo is missing. Install Rust from https://rustup.rs, then run this again."
  command -v node >/dev/null 2>&1 || stop "Node.js is missing. Install Node.js $NODE_AT_LEAST or newer from https://nodejs.org, then run this again."
  command -v npm >/dev/null 2>&1 || stop "npm is missing. It comes with Node.js $NODE_AT_LEAST or newer from https://nodejs.org."
  node_major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$node_major" -ge "$NODE_AT_LEAST" ] || stop "Node.js $(node --version) is too old. Install $NODE_AT_LEAST or newer from https://nodejs.org."
}

# rust-toolchain.toml names channel and target; rustup fetches what is missing when cargo is first called.
ensure_rust() {
  cd "$root" || exit 1
  sysroot=$(rustc --print sysroot || true)
  if [ -z "$sysroot" ] || [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
    say "Installing the Rust toolchain of rust-toolchain.toml and its wasm target (usually under a minute)."
    rustc --version >/dev/null
    rustup target add wasm32-unknown-unknown
  fi
}

# The programs' own release profiles take four times as long to build and make nothing here faster.
ensure_trunk() {
  [ -x "$trunk_home/bin/trunk" ] && return
  say "Building trunk $TRUNK_VERSION, the bundler (once; usually 3 to 4 minutes on 2 cores)."
  (
    unset CARGO_TARGET_DIR
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
      cargo install --quiet --locked trunk --version "$TRUNK_VERSION" --no-default-features --features rustls --root "$trunk_home"
  )
}

# Without --locked: its lock file can name a newer crate than a mirror of the registry has.
ensure_wasm_bindgen() {
  [ -x "$wasm_bindgen_home/bin/wasm-bindgen" ] && return
  say "Building wasm-bindgen $WASM_BINDGEN_VERSION (once; usually 1 to 3 minutes on 2 cores)."
  (
    unset CARGO_TARGET_DIR
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
      cargo install --quiet wasm-bindgen-cli --version "$WASM_BINDGEN_VERSION" --no-default-features --root "$wasm_bindgen_home"
  )
}

# npm ci only when the lock file is another than last time.
ensure_packages() {
  folder=$root/$1
  mark=$folder/node_modules/.lock-checksum
  sum=$(cksum <"$folder/package-lock.json")
  if [ -f "$mark" ] && [ "$(cat "$mark")" = "$sum" ]; then
    return
  fi
  say "Installing $2 (usually under 10 seconds)."
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  printf '%s' "$sum" >"$mark"
}

ensure_page_tools() {
  ensure_rust
  ensure_packages www "the editor and the bundler's npm packages"
  ensure_wasm_bindgen
  ensure_trunk
  PATH=$trunk_home/bin:$wasm_bindgen_home/bin:$root/www/node_modules/.bin:$PATH
  export PATH
  # Trunk takes this variable for an option and stops when it is not `true` or `false`.
  unset NO_COLOR
}
