"""`python -m winset` is the command line, and so is the script `winset`."""

from __future__ import annotations

import sys


def start() -> int:
    """Runs the command line; Ctrl-C while it is still being loaded ends it in one line too."""
    try:
        from winset.face.cli.main import main

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("winset: stopped; nothing was written\n")
        return 130


if __name__ == "__main__":
    raise SystemExit(start())
