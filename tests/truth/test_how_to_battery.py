"""What the page about the battery says can be run, and its table names every check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from winset.testing.scenarios import CHECKS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "test-a-scenario-or-solver.md"


def test_the_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    names["test_my_scenario_is_sound"]()
    said = capsys.readouterr().out
    assert "15 passed" in said and "relabelling passed" in said and "Kuhn 1950" in said


def test_every_check_is_told() -> None:
    told = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert {name for name in CHECKS if not name.startswith("planted")} <= set(told)
    assert sum(name.startswith("planted") for name in CHECKS) == 4
