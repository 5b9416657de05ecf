"""The command line: `tandem`."""

from __future__ import annotations

import sys

_STOPPED = 130


def main() -> None:
    """Run a command; Ctrl-C is no failure, not even while Tandem is still loading."""
    try:
        from services.commands.app import run  # noqa: PLC0415 - takes a second, in which people press Ctrl-C

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = _STOPPED
    if code == _STOPPED:
        sys.stderr.write("Stopped. What was committed stays; run the same command again to go on.\n")
    sys.exit(code)
