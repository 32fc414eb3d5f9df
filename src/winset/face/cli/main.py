"""The command line's entry point."""

from __future__ import annotations


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    raise SystemExit("not there yet")
