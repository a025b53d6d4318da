# Sourced by test.sh and sizes.sh: finds Chrome or Chromium and its driver, or says how to get them.
# CHROME= and CHROMEDRIVER= overrule what is found.

first_of() {
  for candidate in "$@"; do
    found=$(command -v "$candidate" 2>/dev/null || true)
    if [ -n "$found" ]; then
      printf '%s' "$found"
      return
    fi
  done
}

find_browser() {
  CHROME=${CHROME:-$(first_of chromium chromium-browser google-chrome google-chrome-stable chrome \
    /usr/bin/chromium /usr/lib/chromium/chromium /opt/google/chrome/chrome /snap/bin/chromium \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" \
    "$HOME/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")}
  CHROMEDRIVER=${CHROMEDRIVER:-$(first_of chromedriver /usr/bin/chromedriver /usr/lib/chromium/chromedriver \
    /usr/lib/chromium-browser/chromedriver /snap/bin/chromium.chromedriver \
    /opt/homebrew/bin/chromedriver /usr/local/bin/chromedriver)}
  export CHROME CHROMEDRIVER
}

# As root on Debian it is installed; everybody else gets the one line to run.
ensure_browser() {
  find_browser
  if [ -n "$CHROME" ] && [ -n "$CHROMEDRIVER" ]; then
    return
  fi
  missing="The tests need Chrome or Chromium and its chromedriver."
  if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
      say "Installing Chromium, its driver and Korean letters (usually under a minute)."
      # Not in /tmp: when systemd is upgraded in the same run, its cleaning takes dpkg's files away there.
      mkdir -p /var/tmp/celery-checkup-apt
      apt-get update -qq
      TMPDIR=/var/tmp/celery-checkup-apt DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-noto-cjk >/dev/null
      rm -rf /var/tmp/celery-checkup-apt
      find_browser
      [ -n "$CHROME" ] && [ -n "$CHROMEDRIVER" ] && return
      stop "Chromium was installed but not found. Name it with CHROME= and CHROMEDRIVER=."
    fi
    stop "$missing Run: sudo apt-get install --no-install-recommends chromium chromium-driver fonts-noto-cjk"
  fi
  if [ "$(uname -s)" = Darwin ]; then
    stop "$missing Run: brew install --cask google-chrome chromedriver"
  fi
  stop "$missing Install them, or name them with CHROME= and CHROMEDRIVER=."
}
