"""The battery: every scenario and solver passes it, and every check of it is seen to fail on something broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import winset
from truth.test_invariance import LONG, NEVER_MATTER, SHELF
from winset.base.errors import SolveError
from winset.game.solution import Solution
from winset.language.shelf import list_scenarios
from winset.language.variants import apply
from winset.solve.extensive.logit import solve_logit
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.testing import BatteryError, check_scenario, check_solver, check_tree_solver
from winset.testing import planted as planting
from winset.testing import scenarios as battery
from winset.testing.rewriting import order_of, rescaled
from winset.testing.scenarios import CHECKS
from winset.testing.tables import pennies
from winset.tree.solution import TreeSolution
from winset.tree.tree import Tree

FLAGSHIP = "us-dprk-2019"
NAMES = [entry.name for entry in list_scenarios() if entry.name != FLAGSHIP]
GRID = 15
JUMPS = {"chain-store", "informed-proposer"}
"""At their precision answers jump where the belief passes a node, at 15 nodes as at 30: refining tells nothing."""
SMALLER = {"legislature": "three"}
"""Solved again, in other words or broken, it takes minutes: that is done of a variant with fewer states."""
AGAIN = ("relabelling", "order of declaration", "units of payoffs", "planted: a lost branch")
PLANTED = [name for name in CHECKS if name.startswith("planted")]


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_the_library_passes(name: str) -> None:
    scenario = winset.read(name)
    short = name.rpartition("/")[2]
    left = ["refinement converges"] * (short in JUMPS)
    left += AGAIN * (short in SMALLER)
    left += NEVER_MATTER * (short in (*SHELF, *LONG))  # made by test_invariance, of variants and other equilibria too
    report = check_scenario(scenario, grid=min(GRID, scenario.settings.grid), leave_out=left).require()
    if short in SMALLER:  # a variant has no text of its own to declare in another order
        small = replace(apply(scenario, SMALLER[short]), text="")
        again = check_scenario(small, only=AGAIN).require()
        assert [c.outcome for c in again.checks].count("passed") == 3
        report = replace(report, checks=(*report.checks, *again.checks))
    private = any(len(p.types) > 1 for p in scenario.players)
    for check in report.checks:
        if check.outcome == "not applicable":
            assert check.says
    assert (report["planted: a wrong posterior"].outcome == "passed") == private
    assert report["planted: a perturbed strategy"].outcome == report["planted: a lost branch"].outcome == "passed"


@pytest.mark.slow
def test_the_scenario_of_october_2019_passes() -> None:
    leave_out = (
        "claims that are results",
        "refinement converges",
        "relabelling",
        "order of declaration",
        "units of payoffs",
    )  # the first are proved by test_article, the last by test_invariance
    check_scenario(FLAGSHIP, grid=2, leave_out=leave_out).require()


def test_every_solver_passes() -> None:
    for report in (
        check_solver(winset.solve),
        check_tree_solver(solve_zero_sum, promises="nash", zero_sum_only=True),
        check_tree_solver(solve_logit, promises="logit"),
    ):
        assert len(report.require().checks) > 20


# What is broken, so that each check fails.


def shifted(game: Any, **how: Any) -> Solution:
    """A solver whose values are a little off."""
    good = winset.solve(game, **how)
    return replace(good, values=tuple(v + 1e-3 * (k == 0) for k, v in enumerate(good.values)))


def careless(game: Any, **how: Any) -> Solution:
    """A solver whose strategies leave a gain: all actions alike."""
    good = winset.solve(game, **how)

    def even(stage: int, states: Any, gammas: Any) -> tuple[Any, ...]:
        out = []
        for mover, gamma in zip(game.stages[stage].movers, gammas, strict=True):
            open_ = mover.available[states].astype(float)
            shape = (len(states), *[1] * (gamma.ndim - 2), gamma.shape[-1])
            out.append(np.broadcast_to((open_ / open_.sum(axis=1, keepdims=True)).reshape(shape), gamma.shape))
        return tuple(out)

    def respond(stage: int, states: Any, beliefs: Any, guess: Any = None, along: Any = None) -> Any:
        got = good.respond(stage, states, beliefs)
        return replace(got, strategies=even(stage, np.asarray(states), got.strategies))

    strategies = [even(k, np.arange(len(s.states)), good.strategies[k]) for k, s in enumerate(game.stages)]
    return replace(good, strategies=tuple(strategies), respond=respond)


def unsettled(game: Any, **how: Any) -> Solution:
    return replace(winset.solve(game, **how), status="not stationary")


def refusing(game: Any, **how: Any) -> Solution:
    raise SolveError("no answer")


@pytest.mark.parametrize(
    ("solver", "check"),
    [(shifted, "certificate"), (careless, "certificate"), (careless, "deviation gains"), (unsettled, "solves"),
     (refusing, "solves"), (refusing, "planted: a lost branch")],
)  # fmt: skip
def test_a_broken_solver_fails(solver: Callable[..., Solution], check: str) -> None:
    report = check_scenario("chain-store", grid=3, solve=solver, only=[check])
    assert [c.outcome for c in report.checks] == ["failed"]
    with pytest.raises(BatteryError, match=check):
        report.require()


def test_a_broken_solver_misses_the_table() -> None:
    report = check_solver(careless, scenarios=[])
    assert len(report.failed) == len(report.checks) == 7
    assert check_solver(winset.solve, scenarios=[]).passed


def failed(name: str, check: str, **how: Any) -> bool:
    report = check_scenario(name, only=[check], **how)
    assert len(report.checks) == 1
    return bool(report.failed)


def test_compiling_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(scenario: Any) -> Any:
        return winset.compile_game(scenario, max_states=1)

    monkeypatch.setattr(battery, "compile_game", too_large)
    assert failed("centipede", "compiles")


def test_beliefs_that_do_not_move_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right = planting.reach
    still = lambda stage, states, beliefs, strategies, point, seen, branch: beliefs[point]  # noqa: E731
    monkeypatch.setattr(planting, "reach", lambda *args, **how: right(*args, **how, believe=still))
    assert failed("chain-store", "beliefs average to the prior", grid=3)


def test_beliefs_that_drift_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right = planting.reach

    def drifting(stage: Any, states: Any, beliefs: Any, strategies: Any, point: Any, seen: Any, branch: Any) -> Any:
        out = beliefs[point].copy()
        out[:, -2:] = 0.9 * out[:, -2:] + 0.1 * np.array([1.0, 0.0])
        return out

    monkeypatch.setattr(planting, "reach", lambda *args, **how: right(*args, **how, believe=drifting))
    assert failed("beer-quiche", "beliefs average to the prior", grid=3) or failed(
        "chain-store", "beliefs average to the prior", grid=3
    )


def test_names_that_matter_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right = battery.renamed
    units = battery.units

    def wrong(scenario: Any, names: Any) -> Any:
        return right(rescaled(scenario, units(scenario), precision=False), names)

    monkeypatch.setattr(battery, "renamed", wrong)
    assert failed("matching-pennies", "relabelling")


def test_an_order_that_matters_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(document: Any, seed: int, keep: Any = ()) -> Any:
        return {**document, "round": list(reversed(document["round"]))}

    monkeypatch.setattr(battery, "shuffled", wrong)
    assert failed("centipede", "order of declaration")


def test_units_that_matter_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(battery, "rescaled", lambda scenario, how: rescaled(scenario, how, precision=False))
    assert failed("matching-pennies", "units of payoffs")


def test_answers_that_move_more_on_a_finer_grid_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(battery._Asked, "answers", lambda self, scenario, formulas, grid=None: {"x": 0.01 * grid})
    assert failed("chain-store", "refinement converges", grid=4)
    monkeypatch.setattr(battery._Asked, "answers", lambda self, scenario, formulas, grid=None: {"x": 1.0 / grid})
    assert not failed("chain-store", "refinement converges", grid=4)


def test_a_text_that_changes_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(battery, "format_text", lambda text: text.replace("scenario: ", "scenario: Another ", 1))
    assert failed("centipede", "round trip through text")
    once = lambda text: text if ": Another" in text else text.replace("scenario: ", "scenario: Another ", 1)  # noqa: E731
    monkeypatch.setattr(battery, "format_text", once)
    assert failed("centipede", "round trip through text")


def test_a_claim_that_is_false_fails() -> None:
    scenario = winset.read("centipede")
    claims = tuple(replace(c, holds_if="value(one) > 100") for c in scenario.claims)
    assert failed(replace(scenario, claims=claims), "claims that are results")  # type: ignore[arg-type]
    assert not failed(replace(scenario, claims=claims[:0]), "claims that are results")  # type: ignore[arg-type]


@pytest.mark.parametrize("check", PLANTED)
def test_a_blind_certificate_fails(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good = planting.judged(winset.solve(winset.compile_game(winset.read("chain-store"))))
    assert good.failures == ()
    monkeypatch.setattr(planting, "certify", lambda solution, **how: good)
    assert failed("chain-store", check, grid=3)


def test_one_side_of_a_lost_branch_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both the draw that does not add up and the solution that does not fit the true game have to be seen."""
    right = planting.certify

    def forgiving(solution: Solution, **how: Any) -> Any:
        got = right(solution, **how)
        return replace(got, chance_residual=replace(got.chance_residual, value=0.0))

    monkeypatch.setattr(planting, "certify", forgiving)
    assert failed("chain-store", "planted: a lost branch", grid=3)


def uniform(tree: Tree, precision: float = 0.0) -> TreeSolution:
    profile = tree.uniform()
    values = winset.certify_tree(tree, profile).payoffs
    return TreeSolution(tree=tree, profile=profile, values=values, method="uniform")


def boasting(tree: Tree) -> TreeSolution:
    good = solve_zero_sum(tree)
    return replace(good, values=good.values + 0.1)


def partial(tree: Tree, precision: float) -> TreeSolution:
    """Looks at the first player's name, and at the size of payoffs."""
    factor = 1.5 if tree.players[0] == "odd" else 1.0
    return solve_logit(tree, precision=precision * factor * float(np.abs(tree.payoff).max()))


@pytest.mark.parametrize(
    ("solver", "promises", "checks"),
    [
        (uniform, "nash", {"Kuhn poker: known value", "Kuhn poker: certificate"}),
        (boasting, "nash", {"Kuhn poker: values", "Kuhn poker: known value", "Leduc hold'em: values"}),
        (lambda tree: replace(solve_zero_sum(tree), profile=2 * solve_zero_sum(tree).profile), "nash",
         {"matching pennies: certificate"}),
        (uniform, "logit", {"Kuhn poker: certificate"}),
        (partial, "logit", {"card: units of payoffs", "card: players exchanged"}),
    ],
)  # fmt: skip
def test_a_broken_tree_solver_fails(solver: Any, promises: Any, checks: set[str]) -> None:
    from oracles.logit_games import asymmetric_matching_pennies

    card = replace(asymmetric_matching_pennies(9), players=("row", "odd"))
    games = {"card": card} if solver is partial else None
    report = check_tree_solver(solver, promises=promises, zero_sum_only=True, games=games)
    assert checks <= {check.name for check in report.failed}


def test_a_solver_that_ends_in_an_error_fails() -> None:
    def refuses(tree: Tree) -> TreeSolution:
        raise SolveError("not today")

    report = check_tree_solver(refuses, promises="nash", games={"pennies": pennies()})
    assert report.failed[0].says == "it ended in an error: not today"


def test_where_several_equilibria_may_differ_in_value_they_are_not_compared() -> None:
    report = check_tree_solver(uniform, promises="nash", games={"x": replace(pennies(), payoff=np.eye(4)[:, :2])})
    assert report["x: units of payoffs"].outcome == "not applicable"


def test_a_report_is_read_and_kept() -> None:
    report = check_scenario("centipede", only=["compiles", "solves", "refinement converges"])
    text = repr(report)
    assert "2 passed, 1 not applicable" in text and "nobody has private" in text
    assert "<table" in report._repr_html_()
    again = json.loads(json.dumps(report.as_dict()))
    assert again["passed"] and [c["outcome"] for c in again["checks"]] == ["passed", "passed", "not applicable"]
    assert report["solves"].figure == 0.0 and report["solves"].tolerance == 1e-4
    with pytest.raises(KeyError, match="no check `x`"):
        report["x"]
    with pytest.raises(KeyError, match="no check `speed`"):
        check_scenario("centipede", only=["speed"])
    nothing = check_scenario("centipede", only=["refinement converges"])
    assert not nothing.passed
    with pytest.raises(BatteryError):
        nothing.require()


def test_a_figure_that_is_no_number_fails() -> None:
    from winset.testing.report import held

    assert held("x", float("nan"), 1.0, "").outcome == "failed"
    assert held("x", 1.0, 1.0, "").outcome == "passed" and held("x", 1.1, 1.0, "").outcome == "failed"


def test_a_scenario_without_text_says_so() -> None:
    scenario = replace(winset.read("centipede"), text="")
    report = check_scenario(scenario, only=["order of declaration", "round trip through text"])
    assert {c.outcome for c in report.checks} == {"not applicable"}
    assert order_of({"a": {"b": 1}}) == ["a", "b"]
