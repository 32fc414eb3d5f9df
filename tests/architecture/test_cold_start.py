"""What `--help` and `check` load: no numeric library, no template engine, no progress bar."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "numba", "llvmlite", "scipy", "rich", "jinja2")

PROGRAM = """
import sys
from winset.face.cli.main import main
try:
    code = main({argv!r})
except SystemExit as stop:
    code = stop.code
loaded = [name for name in {heavy!r} if name in sys.modules]
print("LOADED", loaded, "CODE", code)
"""


def loaded(argv: list[str], folder: Path) -> str:
    """The last line of a fresh interpreter that has run one command."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(argv=argv, heavy=HEAVY)],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "argv", [["--help"], ["--version"], ["brief", "--help"], ["list"], ["rules"], ["schema"], ["cite"]]
)
def test_help_and_tables_load_nothing_heavy(argv: list[str], tmp_path: Path) -> None:
    assert loaded(argv, tmp_path) == "LOADED [] CODE 0"


def test_check_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded(["new", "talks.yaml"], tmp_path) == "LOADED [] CODE 0"
    assert loaded(["check", "talks.yaml"], tmp_path) == "LOADED [] CODE 0"
    assert loaded(["format", "talks.yaml", "--check"], tmp_path) == "LOADED [] CODE 0"


def test_what_the_record_covers_is_told_without_anything_heavy(tmp_path: Path) -> None:
    assert loaded(["check", "us-dprk-2019", "--rows"], tmp_path) == "LOADED [] CODE 0"


def test_import_of_the_facade_loads_no_room() -> None:
    program = "import sys, winset; print([m for m in sys.modules if m.startswith('winset.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['winset.base', 'winset.base.version']")
