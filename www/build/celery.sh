#!/bin/sh
# make test-celery: what the cards and tables say, held against real Celerys.
# Each Celery is installed once, into a virtual environment in the cache folder.
set -eu

. "$(dirname "$0")/tools.sh"

celerys=$(dirname "$cache")/celerys

# Finds a Python of a version on PATH or among pyenv's.
find_python() {
  if command -v "python$1" >/dev/null 2>&1 && "python$1" -c 'import venv, ensurepip' 2>/dev/null; then
    command -v "python$1"
    return
  fi
  for found in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
    [ -x "$found" ] && printf '%s\n' "$found" && return
  done
  return 0
}

# ensure_celery VERSION PYTHON PACKAGES…: a virtual environment, unless one with the same packages is there.
ensure_celery() {
  version=$1
  wanted=$2
  shift 2
  home=$celerys/$version
  if [ -f "$home/.packages" ] && [ "$(cat "$home/.packages")" = "$*" ] && "$home/bin/python" -c 'import celery' 2>/dev/null; then
    return
  fi
  python=$(find_python "$wanted")
  if [ -z "$python" ]; then
    say "Python $wanted is missing, so Celery $version is left out. It is looked for on PATH and among pyenv's versions."
    return
  fi
  say "Installing Celery $version with $python (once; usually under a minute)."
  rm -rf "$home"
  "$python" -m venv "$home"
  "$home/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
  printf '%s' "$*" >"$home/.packages"
}

mkdir -p "$celerys"
ensure_celery 5.7.0 3.12 celery==5.7.0 kombu==5.7.0 amqp==5.4.2 billiard==4.3.2 click==8.5.1 \
  Django==6.1.3 flower==2.2.0 redis==8.1.0 packaging PyYAML msgpack cryptography SQLAlchemy
ensure_celery 5.3.6 3.11 celery==5.3.6 kombu==5.3.7 amqp==5.2.0 billiard==4.2.0 click==8.1.7 \
  Django==5.2.19 flower==2.0.1 "redis<6" PyYAML msgpack cryptography SQLAlchemy "setuptools<70"
# Old source packages no longer build with today's tools; what is pinned here installs from wheels.
ensure_celery 4.4.7 3.8 "setuptools<58" "importlib_metadata<5" celery==4.4.7 kombu==4.6.11 amqp==2.6.1 \
  billiard==3.6.4.0 Django==3.2.25 flower==0.9.7 "redis<4" PyYAML msgpack cryptography "SQLAlchemy<2"

cd "$root"
CELERY_CHECKUP_VENVS=$celerys cargo test --test celery -- --ignored --nocapture --test-threads=1
