"""What somebody sees who waits without a terminal, and what a solution is said to be."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

import winset
from winset.base import words
from winset.face.cli import screen as screens
from winset.face.cli.main import main


def told(monkeypatch: pytest.MonkeyPatch, seconds: list[float], labels: list[str]) -> list[str]:
    """The lines on a stream that is no terminal, when each label comes at its second."""

    now = [0.0]
    monkeypatch.setattr(screens.time, "monotonic", lambda: now[0])
    err = io.StringIO()
    with screens.Screen(out=io.StringIO(), err=err).progress("Solving") as step:
        for second, label in zip(seconds, labels, strict=True):
            now[0] = second
            step(1, 2, label)
    return err.getvalue().splitlines()


def test_short_work_is_silent_and_long_work_names_each_part_once(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = ["base: first", "base: second", "base: third", "no_inquiry: first", "questions", "claims"]
    assert told(monkeypatch, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], labels) == []
    assert told(monkeypatch, [1, 4, 8, 12, 12.1, 16], labels) == [
        "Solving: base",
        "Solving: no_inquiry",
        "Solving: claims",
    ]


def test_a_long_part_says_now_and_then_how_far_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1.0, 3.0, 20.0, 32.0, 34.0, 70.0, 71.0]
    assert told(monkeypatch, seconds, ["draws"] * 6 + ["checks"]) == [
        "Solving: draws",
        "Solving: draws, 1 of 2",
        "Solving: draws, 1 of 2",
    ]


def test_one_word_for_a_solution_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "talks.yaml"
    main(["new", str(path)])
    capsys.readouterr()
    assert main(["solve", str(path)]) == 0
    solved = " ".join(capsys.readouterr().out.split())
    assert "verdict: passes, grid error not measured: `winset brief` measures it" in solved
    assert "cannot tell" not in solved
    main(["ask", str(path), "P(crisis = war)", "--no-cache"])
    assert "certificate: passes" in capsys.readouterr().out
    main(["brief", str(path), "--no-cache"])
    assert "the solution passes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("passes", "measured", "said"),
    [
        (True, True, "passes"),
        (False, True, "does not pass"),
        (False, False, "does not pass"),
        (None, False, "passes, grid error not measured"),
        (None, True, "no verdict"),
    ],
)
def test_the_words_of_a_certificate(passes: bool | None, measured: bool, said: str) -> None:
    assert words.passing(passes, measured=measured) == said


def test_one_scenario_is_read_once_for_a_comparison(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read, met = winset.read, []

    def counted(name: str) -> winset.Scenario:
        met.append(name)
        return read(name)

    monkeypatch.setattr(winset, "read", counted)
    assert main(["diff", "beer-quiche", "beer-quiche:mostly_weak", "--inputs"]) == 0
    assert met == ["beer-quiche"]
    assert re.search(r"Inputs: \d+ difference", capsys.readouterr().out)
