#!/bin/sh
# Runs a script with the Python of .venv if it is whole, else with the newest Python of this machine that will do.
# Each candidate is tried, not only looked up: a version manager leaves commands behind that start nothing.
will_do='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'

if [ -f .venv/made ] && .venv/bin/python -c "import pip; $will_do" 2>/dev/null; then
    exec .venv/bin/python "$@"
fi
for python in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$python" -c "$will_do" 2>/dev/null; then
        exec "$python" "$@"
    fi
done
found=$(python3 --version 2>/dev/null) || found="no python3 at all"
echo "Understudy needs Python 3.11, 3.12, 3.13 or 3.14, and this machine has $found." >&2
echo "Install one of them (from python.org, or with your system's packages) and run the same command again." >&2
exit 2
