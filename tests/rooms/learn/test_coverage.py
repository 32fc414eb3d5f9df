"""`winset check` says how far the record reaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from talks import ROWS, talks

import winset
from winset.face.cli.main import main
from winset.learn.coverage import coverage


def test_every_row_is_counted_once(tmp_path: Path) -> None:
    found = coverage(talks(tmp_path))
    assert found is not None
    own, events = found.tables
    assert (own.rows, own.mapped, own.behind) == (2, 1, 1)
    assert (events.rows, events.mapped, events.behind, events.outside) == (13, 7, 2, 2)
    assert (events.undated, events.nothing) == (1, 1)
    assert found.silent == ("comply",)
    assert found.unseen == ()


def test_acts_that_no_row_shows_are_named(tmp_path: Path) -> None:
    found = coverage(
        talks(tmp_path, ROWS, ("exercise: events where kind = exercise", "stand: events where kind = letter"))
    )
    assert found is not None
    assert found.unseen == (("reply", "stand"),)
    assert "acts listed that never count: stand (reply)" in " ".join(found.lines())


def test_check_prints_it_within_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talks(tmp_path)
    assert main(["check", str(tmp_path / "talks.yaml"), "--rows"]) == 0
    out = capsys.readouterr().out
    assert "moves of which it says nothing: comply" in out
    assert "events 2019-12-24: a letter: no rule of `observed` takes it" in " ".join(out.split())
    assert max(map(len, out.splitlines()[1:])) <= 80
    assert main(["check", str(tmp_path / "talks.yaml"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["ok"] and [t["mapped"] for t in data["record"]["tables"]] == [1, 7]


def test_a_scenario_without_a_record_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage(winset.read("beer-quiche")) is None
    assert main(["check", "beer-quiche"]) == 0
    assert "record" not in capsys.readouterr().out
