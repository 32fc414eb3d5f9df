"""Zero-sum trees by linear programming: published values, certificates, and every pure strategy tried."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from oracles import trees
from oracles.zero_sums import strategies, zero_sum
from winset.base.errors import ScenarioError, WinsetError
from winset.certify.extensive import certify_tree
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.tree.build import build, chance, move, pays
from winset.tree.games import kuhn, leduc
from winset.tree.tree import Tree

# Kuhn 1950; Leduc: OpenSpiel, open_spiel/python/algorithms/sequence_form_lp_test.py, after Lanctot et al. 2017,
# "A unified game-theoretic approach to multiagent reinforcement learning", appendix E.2.
PUBLISHED = {"Kuhn poker": -1 / 18, "Leduc hold'em": -0.085606424078}


@pytest.mark.parametrize("make", [kuhn, leduc], ids=lambda make: make.__name__)
def test_published_values(make: Callable[[], Tree]) -> None:
    tree = make()
    found = solve_zero_sum(tree)
    judged = certify_tree(tree, found.profile)
    assert found.status == "solved"
    assert found.values == pytest.approx([PUBLISHED[tree.title], -PUBLISHED[tree.title]], abs=1e-9)
    assert judged.sound and judged.exploitability < 1e-9
    assert judged.payoffs == pytest.approx(found.values, abs=1e-12)
    assert found.facts["exploitability"] == pytest.approx(judged.exploitability, abs=1e-12)


def test_the_sizes_are_those_of_the_rules() -> None:
    """Kuhn poker: 3 cards at each of 4 histories. Leduc hold'em: 3 cards at 6, then 9 pairs of cards at 6 behind 5."""
    assert [int(np.sum(make().set_player > 0)) for make in (kuhn, leduc)] == [12, 288]


def test_kuhns_equilibria() -> None:
    """Kuhn 1950: the first bets the lowest card with α ≤ 1/3, the highest with 3α, never the middle one."""
    tree = kuhn()
    p = dict(zip(((tree.set_label[h], tree.action_label[a]) for a, h in enumerate(tree.set_of)),
                 solve_zero_sum(tree).profile, strict=True))  # fmt: skip
    alpha = p["J", "bet"]
    assert -1e-9 <= alpha <= 1 / 3 + 1e-9
    assert p["K", "bet"] == pytest.approx(3 * alpha, abs=1e-9)
    assert p["Q", "bet"] == pytest.approx(0, abs=1e-9)
    assert p["Q cb", "call"] == pytest.approx(alpha + 1 / 3, abs=1e-9)
    assert (p["J c", "bet"], p["Q b", "call"]) == pytest.approx((1 / 3, 1 / 3), abs=1e-9)


SEEDS = [seed for seed in range(60) if 6 < strategies(zero_sum(seed)) < 200]


def test_there_are_enough_random_trees() -> None:
    assert len(SEEDS) >= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_gains_by_any_pure_strategy(seed: int) -> None:
    """What each could get by the best of all its pure strategies bounds the value from both sides."""
    tree = zero_sum(seed)
    found = solve_zero_sum(tree)
    profile = found.profile.tolist()
    high, low = trees.best_by_trying(tree, profile, 1), -trees.best_by_trying(tree, profile, 2)
    assert float(low) - 1e-9 <= found.values[0] <= float(high) + 1e-9
    assert float(high - low) == pytest.approx(found.facts["exploitability"], abs=1e-9)
    assert float(high - low) < 1e-9 * max(1.0, np.abs(tree.payoff).max(initial=0))
    assert certify_tree(tree, found.profile).sound


def test_a_disturbed_profile_is_found_out() -> None:
    tree = leduc()
    profile = solve_zero_sum(tree).profile.copy()
    begin = tree.set_first[1]
    profile[begin : begin + 2] = profile[begin : begin + 2][::-1]
    assert certify_tree(tree, profile).exploitability > 1e-3


def test_a_constant_sum_and_inner_outcomes() -> None:
    """Matching pennies about a prize of 10, 4 of which the first has already; the odd one pays 2."""
    second = {a: move("B", "guess", heads=pays(*x), tails=pays(*y)) for a, x, y in (
        ("heads", (3, 3), (1, 5)), ("tails", (1, 5), (4, 2)),
    )}  # fmt: skip
    tree = build("pennies", ["A", "B"], move("A", "coin", second).paying(4, 0))
    found = solve_zero_sum(tree)
    # rows (3, 1), (1, 4): value (3·4 - 1·1) / (3 + 4 - 1 - 1) = 11/5; first row with probability 3/5
    assert found.values == pytest.approx([4 + 11 / 5, 6 - 11 / 5], abs=1e-12)
    assert found.profile == pytest.approx([0.6, 0.4, 0.6, 0.4], abs=1e-12)


def test_trees_with_little_in_them() -> None:
    nothing = solve_zero_sum(build("nothing", ["A", "B"], pays(2, -2)))
    assert nothing.values.tolist() == [2, -2] and nothing.status == "solved"
    luck = build("luck", ["A", "B"], chance({"x": "1/4", "y": "3/4"}, x=pays(4, -4), y=pays(0, 0)))
    assert solve_zero_sum(luck).values.tolist() == [1, -1]
    one = solve_zero_sum(build("one", ["A", "B"], move("B", "s", l=pays(1, -1), r=pays(-1, 1))))
    assert one.values.tolist() == [-1, 1] and one.profile.tolist() == [0, 1]


def test_what_is_not_zero_sum_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"X412.*add up(.|\n)*“b” = 3 in sum(.|\n)*why") as caught:
        solve_zero_sum(build("no", ["A", "B"], move("A", "s", a=pays(1, -1), b=pays(2, 1))))
    assert "“a” = 0 in sum" in str(caught.value)
    inner = move("A", "t", c=pays(0, 0), d=pays(1, -1))
    with pytest.raises(ScenarioError, match="X412"):
        solve_zero_sum(build("inner", ["A", "B"], move("A", "s", a=pays(1, -1), b=inner.paying(1, 5))))
    with pytest.raises(ScenarioError, match=r"X411.*3 players"):
        solve_zero_sum(build("three", ["A", "B", "C"], pays(0, 0, 0)))
    rows = trees.forgetful()
    zero = replace(rows, payoff=rows.payoff * 0, exact_payoff=tuple((Fraction(0),) * 2 for _ in rows.payoff))
    with pytest.raises(ScenarioError, match=r"X201.*forgets"):
        solve_zero_sum(zero)


def test_without_scipy_the_way_to_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(WinsetError, match=r"winset\[exact\]"):
        solve_zero_sum(kuhn())


def test_progress_is_told_and_answers_are_the_same_every_time() -> None:
    told: list[tuple[int, int, str]] = []
    one = solve_zero_sum(leduc(), progress=lambda *step: told.append(step))
    assert [step[0] for step in told] == [0, 1, 2] and all(step[1] == 3 for step in told)
    assert np.array_equal(one.profile, solve_zero_sum(leduc()).profile)
    assert "Leduc hold'em: solved" in str(one)


def test_what_misses_the_tolerance_says_so() -> None:
    found = solve_zero_sum(leduc(), tolerance=0.0)
    assert found.facts["exploitability"] > 0
    assert found.status.startswith("both could gain") and found.advice
