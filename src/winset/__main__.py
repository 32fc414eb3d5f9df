"""`python -m winset` is the command line."""

from __future__ import annotations

from winset.face.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
