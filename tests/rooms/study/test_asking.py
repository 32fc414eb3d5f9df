"""Asking one formula: what it names is checked before anything is computed."""

from __future__ import annotations

import pytest

import winset
from winset.base.errors import ScenarioError
from winset.language.formula import parse_formula
from winset.study.formulas import Asker
from winset.study.solved import Study, StudySettings


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("P(wrr)", "N102"),
        ("P(demand)", "U319"),
        ("P(b plays figt)", "N107"),
        ("P(c plays fight)", "N105"),
        ("P(b is strong)", "N106"),
        ("P(b plays fight by 2019-10)", "T709"),
        ("P(b plays fight) in nowhere", "N110"),
        ("P(demand = 0.5)", "U329"),
        ("value(a) after (a plays ask(share = 0.5))", "U329"),
        ("strategy(b plays accept if low_cost) from (demand = 0.5)", "U316"),
    ],
)
def test_a_formula_that_names_what_is_not_there_has_no_answer(formula: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        winset.ask(winset.read("fearon-ultimatum"), formula)
    assert [d.code for d in caught.value.diagnostics] == [code]


@pytest.mark.slow
def test_a_history_that_does_not_fit_is_told_in_a_few_words() -> None:
    scenario = winset.build(
        scenario="Offers", clock={"rounds": 1}, players={"a": {}}, state={"high": {"start": False}},
        round=[
            {"move": "offer", "by": "a", "actions": {"ask": {"for": {"share": "0 to 1 by 0.1"}, "if": "share < 0.95"}}},
            {"move": "end", "by": "a", "actions": {"stop": {"then": {"high": True}}, "go": {}}},
        ],
    )  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        winset.ask(scenario, "P(high) after (a plays stop)", cache=False)
    said = str(caught.value)
    assert "the public sees one of ask(share=0), ask(share=0.1), ask(share=0.2), …, ask(share=1), not `stop`" in said


def test_an_unknown_variant_names_those_there_are() -> None:
    with pytest.raises(ScenarioError) as caught:
        winset.ask(winset.read("fearon-ultimatum"), "value(a)", variant="nowhere")
    assert "above" in caught.value.diagnostics[0].fix


def test_the_other_grid_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Histories walked on the half grid, for variants, are not taken for those of the grid asked for as a check."""
    monkeypatch.setattr("winset.study.formulas.SMALL", 0)
    study = Study(scenario=winset.read("beer-quiche"), settings=StudySettings(grid=20))
    asker = Asker(study, check=study.on_grid(40))
    tree = parse_formula("P(stranger plays beer)")
    asker.side.ask(tree)
    asker.elsewhere(tree)
    grids = {place[0].solution.grid.inner for place in asker.rough._places.values()}
    assert grids == {40} and asker.other_grid.startswith("about twice")
