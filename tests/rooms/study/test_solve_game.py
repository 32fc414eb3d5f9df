"""`solve_game`: which method it takes and why, what the certificate passes and fails, and the tables of a result."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import winset
from oracles.logit_games import beer_quiche, centipede
from oracles.trees import absent_minded, forgetful
from winset.solve.extensive.strategic import pure_strategies
from winset.study.solver_table import LIGHT, PROBLEM, SOLVERS, VERIFIED, solvers_page
from winset.study.sources import CERTIFICATE_SOURCES, SCENARIO_SOURCES, SOURCES
from winset.study.tree_methods import METHODS, choose, choose_method, traits_of
from winset.tree.games import kuhn
from winset.tree.random_trees import random_talks, random_tree
from winset.tree.recall import recall
from winset.tree.tree import NormalForm, Tree

SEXES = 'NFG 1 R "sexes" { "Ann" "Bob" } { { "opera" "fight" } { "opera" "fight" } } 2 1 0 0 0 0 1 2'
THREE = 'NFG 1 R "three" { "A" "B" "C" } { 2 2 2 } ' + "3 0 1 0 1 0 2 2 0 1 0 3 0 2 2 1 1 1 0 0 3 2 0 1"


def table(text: str) -> NormalForm:
    game = winset.read_game(text)
    assert isinstance(game, NormalForm)
    return game


@pytest.mark.parametrize(
    ("make", "method"),
    [
        (lambda: centipede(4), "backward"),
        (kuhn, "zero-sum"),
        (lambda: beer_quiche("9/10"), "all-equilibria"),
        (lambda: table(SEXES), "all-equilibria"),
        (lambda: table(THREE), "logit"),
        (lambda: random_talks(1, types=4, actions=3, rounds=4), "logit"),
        (lambda: random_tree(4, nodes=10000, together=2), "logit-by-subgame"),
    ],
)
def test_the_method_that_fits_is_taken(make: object, method: str) -> None:
    choice = choose_method(make())  # type: ignore[operator]
    assert choice.method.key == method and choice.why
    assert {m.key for m, _ in choice.others} | {method} == {m.key for m in METHODS}
    assert all(why for _, why in choice.others)


def test_a_zero_sum_tree_too_large_for_a_programme_is_learned() -> None:
    traits = traits_of(kuhn())
    assert choose(traits).method.key == "zero-sum"
    choice = choose(replace(traits, actions=60_000))
    assert choice.method.key == "regret" and "60,000 actions" in {m.key: w for m, w in choice.others}["zero-sum"]


@pytest.mark.parametrize("method", [m.key for m in METHODS])
def test_every_method_solves_what_it_is_for(method: str) -> None:
    made = {"backward": lambda: centipede(4), "zero-sum": kuhn, "regret": kuhn}
    game: Tree | NormalForm = made.get(method, lambda: table(SEXES))()
    found = winset.solve_game(game, method=method)
    assert found.method == method and found.holds and found.status == "solved"
    assert found.why == "asked for" and not found.others
    assert "NOT" not in found.verdict() and found.verdict() in repr(found)
    assert found._repr_html_().startswith("<div>")


def test_a_profile_that_is_off_does_not_pass() -> None:
    for game, lam in ((kuhn(), None), (kuhn(), 2.0), (centipede(4), None)):
        found = winset.solve_game(game, precision=lam)
        profile = found.equilibria[0].profile.copy()
        first = int(np.flatnonzero(~game.is_chance)[0])
        profile[[first, first + 1]] = profile[[first + 1, first]] + np.array([0.1, -0.1]) * (lam is not None)
        wrong = replace(
            found.equilibria[0], profile=profile, certificate=winset.certify_tree(game, profile, precision=lam)
        )
        off = replace(found, equilibria=(wrong,))
        assert found.holds and not off.holds and "NOT" in off.verdict()


@pytest.mark.parametrize(
    "make", [kuhn, lambda: centipede(4), lambda: beer_quiche("9/10"), lambda: random_tree(2, nodes=25)]
)
def test_pure_strategies_are_counted_as_they_are_listed(make: object) -> None:
    tree = make()  # type: ignore[operator]
    memory = recall(tree)
    listed = [len(pure_strategies(tree, i, memory, lambda steps: None)) for i in (1, 2)]
    assert traits_of(tree).strategies == max(listed)


def test_fractions_are_kept() -> None:
    found = winset.solve_game(table(SEXES))
    assert [e.exact_values for e in found.equilibria] == [(2, 1), (Fraction(2, 3), Fraction(2, 3)), (1, 2)]
    assert found.values(found.equilibria[1]) == ("2/3", "2/3")
    assert found.choices(found.equilibria[1], most=9)[1] == [("", ("opera 2/3", "fight 1/3"), False)]


def test_where_no_more_fits_the_path_is_followed_instead() -> None:
    found = winset.solve_game(beer_quiche("9/10"), budget=50)
    assert found.method == "logit" and found.others[0] == ("all-equilibria", "it takes more than 50 steps")
    with pytest.raises(winset.SizeError, match="X413"):
        winset.solve_game(beer_quiche("9/10"), method="all-equilibria", budget=50)


@pytest.mark.parametrize(
    ("game", "options", "code"),
    [
        (kuhn, {"method": "backward"}, "X414"),
        (lambda: table(SEXES), {"method": "zero-sum"}, "X412"),
        (lambda: table(THREE), {"method": "zero-sum"}, "X411"),
        (lambda: table(THREE), {"method": "all-equilibria"}, "X411"),
        (kuhn, {"method": "newton"}, "X415"),
        (kuhn, {"method": "zero-sum", "precision": 1.0}, "X415"),
        (kuhn, {"method": "logit-by-subgame", "path": True}, "X415"),
        (kuhn, {"precision": -1.0}, "X401"),
        (forgetful, {}, "X201"),
        (absent_minded, {}, "X202"),
        (absent_minded, {"precision": 1.0}, "X202"),
    ],
)
def test_what_does_not_apply_is_refused_with_the_reason(game: object, options: dict[str, object], code: str) -> None:
    with pytest.raises(winset.ScenarioError) as caught:
        winset.solve_game(game(), **options)  # type: ignore[operator]
    (problem,) = caught.value.diagnostics
    assert problem.code == code and problem.why and problem.fix


def test_tables_of_a_result() -> None:
    pytest.importorskip("pandas")
    found = winset.solve_game(table(SEXES), precision=1.0)
    frame = winset.to_pandas(found)
    assert frame.loc[(1, "Ann", "1", "opera"), "probability"] == found.equilibria[0].profile[0]
    assert frame.attrs["table"] == "strategies" and frame["reach"].tolist() == pytest.approx([1.0] * 4)
    path = winset.to_pandas(found, table="path")
    assert path["lambda"].max() == 1.0 and path.groupby("point")["probability"].sum().to_numpy() == pytest.approx(2.0)
    assert winset.to_pandas(found, table="values")["value"].tolist() == found.equilibria[0].values.tolist()
    every = winset.solve_game(table(SEXES))
    assert len(winset.to_pandas(every)) == 12 and winset.to_pandas(every, table="path").empty


def test_the_table_of_solvers_is_complete() -> None:
    from pathlib import Path

    root = Path(__file__).resolve().parents[3]
    assert {row.method for row in SOLVERS if row.method} == {m.key for m in METHODS}
    for row in SOLVERS:
        assert (root / "src" / "winset" / row.file).is_file()
        assert row.tests and all("def test_" in (root / name).read_text(encoding="utf-8") for name in row.tests)
        assert row.status in (VERIFIED, LIGHT, PROBLEM) and (row.status != PROBLEM or row.problem)
        assert f"## {row.name.capitalize()}" in solvers_page()


def test_every_source_is_cited_and_every_citation_known() -> None:
    used = {k for row in SOLVERS for k in row.sources} | {k for m in METHODS for k in m.sources}
    used |= set(SCENARIO_SOURCES) | set(CERTIFICATE_SOURCES)
    assert used == set(SOURCES)
    for row in SOLVERS:
        if row.method:
            assert row.sources == next(m.sources for m in METHODS if m.key == row.method)
    for source in SOURCES.values():
        entry = source.bibtex()
        assert entry.count("{") == entry.count("}") and f"{{{source.key}," in entry
        assert str(source.year) in source.text() and source.authors[0].partition(",")[0] in source.text()
