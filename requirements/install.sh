#!/bin/sh
# Make .venv and install one locked set: `install.sh base` (demo) or `install.sh dev` (tests, checks).
# Called by make; safe to run again.
set -eu
set_name=$1
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  found=$("$python" --version 2>&1 || echo "no $python")
  say "This shop needs Python 3.11 or newer; found: $found."
  say "Install it (Debian/Ubuntu: apt install python3 python3-venv, macOS: brew install python@3.11) or name another: make demo PYTHON=python3.12"
  exit 1
fi
free_mb=$(df -Pm . | awk 'NR==2 {print $4}')
if [ "${free_mb:-9999}" -lt 800 ]; then
  say "Only ${free_mb} MB are free on this disk; the shop needs 800 MB. Free some space and start again."
  exit 1
fi
[ -x .venv/bin/python ] || { say "Making the environment (.venv) …"; "$python" -m venv .venv || {
  say "Could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }; }
say "Installing packages ($set_name, locked) …"
log=$(mktemp)
if ! .venv/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes -q \
    -r "requirements/$set_name.txt" >"$log" 2>&1; then
  cat "$log" >&2
  say "The packages could not be installed. The lines above say why; most often there is no network: connect and start again."
  exit 1
fi
rm -f "$log"
touch .venv/.base
[ "$set_name" = base ] || touch .venv/.dev
