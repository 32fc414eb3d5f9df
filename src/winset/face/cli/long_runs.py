"""What the verbs have in common that make many draws: where the work is done and kept, and that nothing is lost."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from winset.face.cli.screen import Screen


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares where the work is done and kept, and where the data go."""
    parser.add_argument("--workers", type=int, metavar="K", help="processes; by default as many as cores")
    parser.add_argument("--on", default="", metavar="WHERE", help="dask://HOST:PORT, or dask for a cluster here")
    parser.add_argument(
        "--store", type=Path, metavar="FOLDER", help="where draws are kept; by default the user's cache"
    )
    parser.add_argument("--json", metavar="FILE", nargs="?", const="-", help="write the data; without FILE, print them")


@contextmanager
def kept(screen: Screen) -> Iterator[None]:
    """Says, where the run is interrupted, that nothing of it is lost."""
    try:
        yield
    except KeyboardInterrupt:
        screen.say("what has been solved is kept: the same command goes on from there")
        raise
