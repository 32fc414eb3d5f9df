"""What is to be explained: by name, by title, by the beginning of a quote."""

from __future__ import annotations

from pathlib import Path

import pytest

import winset
from winset.language.reading import read_text
from winset.study.pointing import meant

TEXT = """\
winset: 1
scenario: One choice
clock: {from: 2020-01, to: 2020-02, round: month}
parameters: {gain: 1}
players: {a: {precision: 1}}
round: [{move: choice, by: a, actions: {go: {pays: {a: gain}}, stay: {}}}]
questions:
  going: {ask: P(a plays go by 2020-01), headline: true, note: a goes at once}
  staying: P(a plays stay by 2020-01)
claims:
  sure: {quote: "They will go, sooner or later", by: x, kind: forecast, holds if: P(a plays go) > 0.8}
  late: {quote: "They will go when it is too late", by: x, kind: forecast, reason: nobody knows}
"""
SCENARIO = read_text(TEXT)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("sure", "sure"),
        ("A goes at once", "going"),
        ("a goes", "going"),
        ("Staying by the end of January 2020", "staying"),
        ("“They will go, sooner or later”", "sure"),
        ("they will  go when…", "late"),
        ("P(a plays go)", ""),
        ("gain", ""),
        ("P(a plays go", ""),
    ],
)
def test_a_title_or_a_quote_is_as_good_as_a_name(given: str, name: str) -> None:
    assert meant(SCENARIO, given).name == name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("They will go", "Write more of it, or one of these names: sure, late."),
        ("who goes", "Use one of these names: going, staying, sure, late."),
        ("stayng", "Write `staying`."),
    ],
)
def test_else_the_names_are_told(given: str, said: str) -> None:
    with pytest.raises(winset.ScenarioError) as caught:
        winset.explain(SCENARIO, given)
    found = caught.value.diagnostics[0]
    assert (found.code, found.fix) == ("C493", said)


def test_what_was_meant_is_explained() -> None:
    by_quote, by_name = (winset.explain(SCENARIO, text, cache=False) for text in ("They will go, s", "sure"))
    assert by_quote == by_name
    assert by_quote.value is True
    assert winset.explain(SCENARIO, "They will go when", cache=False).reason == "nobody knows"


def test_what_a_brief_has_explained_is_not_computed_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WINSET_CACHE", str(tmp_path))
    fresh = {name: winset.explain(SCENARIO, name, cache=False) for name in ("going", "staying", "sure")}
    winset.brief(SCENARIO)

    def never(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("winset.study.explaining.make_explanation", never)
    for name in ("going", "sure"):
        assert winset.explain(SCENARIO, name) == fresh[name]
    for what in ({"formula_or_name": "staying"}, {"formula_or_name": "sure", "values": {"gain": 2.0}}):
        with pytest.raises(AssertionError, match="computed again"):  # no headline; another game
            winset.explain(SCENARIO, **what)  # type: ignore[arg-type]
