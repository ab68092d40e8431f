#!/bin/sh
# Finds a Python of 3.11 or later and hands over to bootstrap.py, which makes the environment.
set -eu
cd "$(dirname "$0")/.."
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$candidate" scripts/bootstrap.py "$@"
    fi
done
echo "Zhenggai needs Python 3.11 or later, and none was found on the PATH." >&2
echo "Install it (on Debian or Ubuntu: apt-get install python3), or name one: PYTHON=/path/to/python3 make setup" >&2
exit 1
