"""Scenario texts that the tests of the language share."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def example_text() -> str:
    """The example of the language page."""
    page = (ROOT / "docs" / "reference" / "language.md").read_text(encoding="utf-8")
    match = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert match is not None
    return match.group(1)


def valid_texts() -> dict[str, str]:
    """Every scenario that must be accepted, by name."""
    found = {"language.md": example_text()}
    for path in sorted((ROOT / "src" / "winset").rglob("*.yaml")):
        found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return found
