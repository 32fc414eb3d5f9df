"""Where a mistake on the command line is shown: the caret under it, in the text that it is in; odd paths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import winset
from winset.face.cli import screen as screens
from winset.face.cli.main import main


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def pointed(err: str) -> list[str]:
    """What stands from each caret on, in the line above it."""
    rows = err.splitlines()
    return [rows[i - 1][row.index("^") :] for i, row in enumerate(rows) if row.strip(" |") == "^"]


FORMULA = "belief(defender is weak)"


@pytest.fixture
def talks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = tmp_path / "talks.yaml"
    run(["new", str(path)], capsys)
    return str(path)


@pytest.mark.parametrize(
    ("formula", "after", "rests"),
    [
        (FORMULA, "x", [""]),
        (FORMULA, ")", [")"]),
        (FORMULA, "challenger  demand", ["demand"]),
        (FORMULA, "challenger plays demand, defender plays nope", ["defender plays nope"]),
        (FORMULA, "challenger plays demand,", [""]),
        (FORMULA, "challenger plays wait) in (known_weak", [") in (known_weak"]),
        ("1 + belief(defender is wek)", "challenger plays wait", ["belief(defender is wek)"]),
        ("belief(defender is", "challenger plays wait", [""]),
        (f"{FORMULA} after (challenger plays wait)", "challenger plays demand",
         ["challenger plays demand", "after (challenger plays wait)"]),
        ("resolve", "challenger plays wait",
         ["challenger plays wait", "after (challenger plays demand, defender …"]),
        ("invites", "challenger plays nope", ["challenger plays nope"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_history_is_shown_in_it(
    formula: str, after: str, rests: list[str], talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(["explain", talks, formula, "--after", after], capsys)
    assert (code, out) == (2, "")
    assert pointed(err) == rests


@pytest.mark.slow
def test_what_does_not_fit_the_game_is_shown_in_the_history(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(
        ["explain", talks, FORMULA, "--after", "challenger plays demand, challenger plays fight"], capsys
    )
    assert code == 2
    assert "C491" in err and "why:" in err
    assert pointed(err) == ["challenger plays fight"]


@pytest.mark.slow
@pytest.mark.parametrize("formula", ["exp(2)", "1 < 2", "2 * rounds"])
def test_what_asks_nothing_is_not_explained(formula: str, talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["explain", talks, formula], capsys)
    assert (code, out) == (2, "")
    assert "C490" in err and "asks nothing of the game" in err


@pytest.mark.slow
@pytest.mark.parametrize("word", ["1", "true", "rounds"])
def test_a_word_alone_is_taken_for_a_name(word: str, talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["explain", talks, word], capsys)
    assert (code, out) == (2, "")
    assert "C493" in err and f"called `{word}`" in err


@pytest.mark.slow
@pytest.mark.parametrize("sides", ["P(crisis = war) <= P(crisis = war)", "value(challenger) - value(challenger)"])
def test_equal_sides_are_told_to_be_equal(sides: str, talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["explain", talks, sides], capsys)
    assert code == 0
    assert "othing that is played sets the two sides apart" in " ".join(out.split())
    assert "error below" not in out


@pytest.mark.parametrize("path", ["a\0b", "\0", "\ud800"])
@pytest.mark.parametrize("verb", ["brief", "new", "diff", "claims", "expand", "check", "format", "schema"])
def test_a_path_that_cannot_be_is_one_message(
    verb: str, path: str, talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = {
        "brief": ["brief", talks, "--out", path], "new": ["new", path, "--force"], "diff": ["diff", path, talks],
        "schema": ["schema", "--out", path],
    }.get(verb, [verb, path])  # fmt: skip
    code, out, err = run(argv, capsys)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert "\0" not in err
    assert any(part in err for part in ("can stand in no path", "S001", "S110"))
    if verb == "brief":
        data = json.loads(run([*argv, "--json"], capsys)[1])
        assert data["ok"] is False


def test_standard_input_is_for_some_verbs_only(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["diff", "-", "-"], ["diff", talks, "-"], ["claims", "-"]):
        code, _, err = run(argv, capsys)
        assert code == 2
        assert "standard input is read by `check`, `expand` and `format`" in " ".join(err.split())
        assert "did you mean" not in err


def test_messages_show_no_character_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["brief", "\x1b[2Jx"], ["claims", "beer-quiche", "\x1b[2Jx"], ["new", "/\x1b[2Jx/y"]):
        code, _, err = run(argv, capsys)
        assert code == 2
        assert "\x1b" not in err
        assert "?[2Jx" in err


def test_a_comma_in_brackets_is_told_to_be_quoted() -> None:
    text = "winset: 1\nscenario: T\nclock: {rounds: 1}\nplayers: {a: {}}\nquestions: {q: max(1, value(a))}\n"
    found = [d for d in winset.check(text)[1] if d.code == "N109"]
    assert found and "into quotes" in found[0].fix


def test_json_has_no_number_that_json_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"a": [1.5, float("inf")], "b": {"c": float("nan"), "d": (float("-inf"), "x")}}
    screens.Screen().json(data)
    assert json.loads(capsys.readouterr().out) == {"a": [1.5, None], "b": {"c": None, "d": [None, "x"]}}


@pytest.mark.parametrize("verb", ["ask", "explain"])
def test_a_formula_may_begin_with_a_minus(verb: str, talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run([verb, talks, "-valu(challenger)"], capsys)
    assert code == 2
    assert "S209" in err
    assert pointed(err) == ["valu(challenger)"]
    with pytest.raises(SystemExit):  # what looks like an option still is one
        main([verb, talks, "--variants", "x"])
