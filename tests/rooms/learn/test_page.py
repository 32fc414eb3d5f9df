"""What the how-to page shows is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import winset
from winset.face.cli.main import main

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "use-your-own-record.md"


def test_the_example_of_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    kinds = ("csv", "yaml", "text")
    rows, scenario, shown = (re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)[0] for kind in kinds)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "events.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "dam.yaml").write_text(scenario, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["check", "dam.yaml", "--rows"]) == 0
    assert capsys.readouterr().out == shown
    seen = winset.observe(winset.read("dam.yaml"), until="2021-04-30")
    assert [(s.round, s.move, s.says) for s in seen.sightings] == [
        (1, "pressure", "warn"), (2, "pressure", "show_force"), (2, "answer", "talk"), (3, "pressure", ""),
        (4, "pressure", "warn"), (4, "answer", "punish"),
    ]  # fmt: skip
