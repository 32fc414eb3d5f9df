"""The façade: every public name exists, says what it is, and is written down for readers."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import winset
from winset.base.version import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(winset.__all__))
def test_public_names_are_bound_and_documented(name: str) -> None:
    thing = getattr(winset, name)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert inspect.getdoc(thing)


@pytest.mark.parametrize("name", sorted(n for n in winset.__all__ if n[0].islower()))
def test_functions_take_one_subject_and_keywords(name: str) -> None:
    kinds = [p.kind for p in inspect.signature(getattr(winset, name)).parameters.values()]
    assert sum(kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds) <= 2


def test_unknown_name_tells_what_there_is() -> None:
    with pytest.raises(AttributeError, match="winset"):
        winset.solv  # noqa: B018


def test_rooms_do_not_take_the_place_of_functions() -> None:
    """`winset.solve` is a function and a room; importing from the room must not change that."""
    program = (
        "import winset\n"
        "from winset.solve import backward\n"
        "from winset.certify.certificate import certify\n"
        "assert winset.solve is backward.solve and winset.certify is certify"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_one_version() -> None:
    assert winset.__version__ == __version__


def test_python_examples_in_the_docs_use_public_names() -> None:
    used = set()
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            used |= set(re.findall(r"\bwinset\.([A-Za-z_]+)\(", block))
    assert used <= set(winset.__all__)
