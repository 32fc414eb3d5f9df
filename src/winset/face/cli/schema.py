"""`winset schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import argparse
from pathlib import Path

from winset.face.cli.screen import Screen, write

NAME = "schema"
SUMMARY = "print the JSON Schema of scenario files, for editors"
ABOUT = """\
Prints the JSON Schema of scenario files. An editor that knows it completes
keys and marks what does not fit while you type."""
EXAMPLES = """\
examples:
  winset schema                          prints the schema
  winset schema --out winset.schema.json writes it to a file; then put this line
                                         on top of a scenario:
  # yaml-language-server: $schema=winset.schema.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("--out", metavar="FILE", type=Path, help="write it to a file")
    parser.add_argument("--json", action="store_true", help="accepted for likeness with other verbs; it is JSON anyway")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Prints or writes the schema."""
    import json

    import winset

    data = winset.schema()
    if arguments.out is not None:
        write(arguments.out, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        screen.say(f"wrote {arguments.out}")
    else:
        screen.json(data)
    return 0
