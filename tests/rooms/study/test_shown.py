"""Results that print: a few lines in a terminal, escaped HTML in a notebook, and data all the same."""

from __future__ import annotations

import json
import re
from typing import Any, cast
from xml.etree import ElementTree

import pytest

import winset
from winset.base.card import WIDTH, Card, Table, as_html, as_text, few
from winset.language.scenario import Scenario
from winset.study.cards import ShownBrief, ShownForecast, certificate_text, drawing

NASTY = "<b>&\"'"


@pytest.fixture(scope="module")
def fearon() -> Scenario:
    return winset.read("fearon-ultimatum")


@pytest.fixture(scope="module")
def results(fearon: Scenario) -> dict[str, Any]:
    solution = winset.solve(winset.compile_game(fearon))
    return {
        "scenario": fearon,
        "solution": solution,
        "certificate": winset.certify(solution),
        "answer": winset.ask(fearon, "P(b plays fight) < P(b plays fight) in above", cache=False),
        "brief": winset.brief(fearon, cache=False),
        "forecast": winset.forecast(fearon),
    }


SAID = {
    "scenario": ("Fearon's ultimatum", "low_cost resolute", "ask(share: 0.048", "P(b plays fight)"),
    "solution": ("principal equilibrium", "low_cost, high_cost", "17", "belief nodes", "residual"),
    "certificate": ("Certificate: cannot tell", "stage_residual", "full_gain", "not measured: grid_error"),
    "answer": ("false", "above", "certificate: "),
    "brief": ("War: unlikely", "Below the threshold A demands", "holds", "certificate: passes"),
    "forecast": ("Forecast, 1 to 1", "war", "0.200"),
}


@pytest.mark.parametrize("name", SAID)
def test_every_result_prints_what_matters(name: str, results: dict[str, Any]) -> None:
    text = repr(results[name])
    shown = [part for part in SAID[name] if part not in text]
    assert shown == []
    assert max(map(len, text.splitlines())) <= 1.3 * WIDTH
    assert len(text.splitlines()) < 60


@pytest.mark.parametrize("name", SAID)
def test_every_result_is_sound_html_in_a_notebook(name: str, results: dict[str, Any]) -> None:
    page = results[name]._repr_html_()
    ElementTree.fromstring(page)
    assert "<table>" in page
    assert "<script" not in page


def test_a_brief_and_a_forecast_stay_plain_data(fearon: Scenario, results: dict[str, Any]) -> None:
    for name in ("brief", "forecast"):
        assert json.loads(json.dumps(results[name])) == results[name] == dict(results[name])
    stored = winset.brief(fearon)
    again = winset.brief(fearon)
    assert again["timings"]["from_cache"] == 1.0
    assert repr(again) == repr(stored)


def test_the_content_of_a_scenario_says_everything(fearon: Scenario) -> None:
    """The cache keeps answers by it, whatever a scenario prints."""
    other = winset.build(
        scenario="x", clock={"rounds": 1}, players={"a": {}}, round=[{"move": "m", "by": "a", "actions": {"b": {}}}]
    )
    same = winset.build(
        scenario="x", clock={"rounds": 1}, players={"a": {}}, round=[{"move": "m", "by": "a", "actions": {"b": {}}}]
    )
    assert other.content() == same.content() != fearon.content()
    assert "'fight'" in fearon.content()
    assert "0.25" in fearon.content()  # a parameter that the card leaves out
    assert "0.25" not in repr(fearon)


def test_text_and_html_of_a_card() -> None:
    card = Card(
        title=f"T {NASTY}",
        lines=("word " * 40,),
        tables=(Table(heading="H", columns=("", "n"), rows=(("a", "1"), ("bcd", NASTY))), Table(heading="none")),
        notes=("n",),
    )
    text = as_text(card).splitlines()
    assert text[0] == f"T {NASTY}"
    assert text[-4:] == ["       n", "  a    1", f"  bcd  {NASTY}", "  ! n"]
    assert max(map(len, text)) <= WIDTH
    assert "none" not in as_text(card)
    page = as_html(card)
    assert NASTY not in page
    assert "".join(ElementTree.fromstring(page).itertext()).count(NASTY) == 2


def test_a_long_table_says_how_much_is_left_out() -> None:
    rows = [(str(i), "x") for i in range(20)]
    assert few(rows, 18)[-1] == ("…", "and 2 more")
    assert len(few(rows, 18)) == 19
    assert few(rows, 19) == tuple(rows)


def test_curves_are_drawn_where_they_lie() -> None:
    page = drawing(["2024-01", "2024-02", "2024-03"], [(NASTY, [0.0, 0.5, 1.0]), ("other", [0.0, 0.0, 1.0])])
    root = ElementTree.fromstring(page)
    lines = [node for node in root if node.tag == "polyline"]
    heights = [float(point.split(",")[1]) for point in lines[0].attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)
    assert heights[1] == pytest.approx((heights[0] + heights[2]) / 2)
    labels = [float(node.attrib["y"]) for node in root if node.tag == "text"][-2:]
    assert abs(labels[0] - labels[1]) >= 12  # both end at 1, and neither name lies on the other
    assert lines[0].attrib.get("stroke-dasharray") != lines[1].attrib.get("stroke-dasharray")
    assert "100%" in cast(str, root[0].text)


@pytest.mark.parametrize(("passes", "word"), [(True, "passes"), (False, "does not pass"), (None, "no verdict")])
def test_a_certificate_says_its_verdict(passes: bool | None, word: str) -> None:
    told = certificate_text({"passes": passes, "stage_residual": 1e-17, "grid_error": None})
    assert told == f"certificate: {word} (residual 1.0e-17)"


def test_empty_results_print_too() -> None:
    forecast = ShownForecast(dates=[], curves=[], variables=[], actions=[], ended=[], mass_lost=0.1, marks=[])
    assert re.search(r"probability 1\.0e-01 was not followed", repr(forecast))
    brief = ShownBrief(title="t", variant="v", bottom_line=[], questions=[], claims=[], certificate={}, warnings=["w"])
    assert repr(brief).splitlines() == ["t (variant v)", "  ! certificate: none was asked for", "  ! w"]
