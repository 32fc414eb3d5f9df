"""How the dynamic models of the canon are answered: each means against another way, and with a wrong answer."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.logit_games import asymmetric_matching_pennies, beer_quiche
from winset.base.errors import SolveError
from winset.certify.extensive import certify_tree
from winset.game.compile import compile_game
from winset.language.shelf import read
from winset.solve.backward import solve
from winset.solve.extensive.logit import solve_logit
from winset.testing.canon._limits import crossing, limit_of
from winset.testing.canon._support import Sequences
from winset.testing.canon.arms import certified, gain, separating
from winset.testing.canon.attrition import Support, War, total
from winset.testing.canon.markov import stationary
from winset.tree.from_game import unfold
from winset.tree.random_trees import random_tree
from winset.tree.tree import Tree


@pytest.mark.parametrize("tree", [asymmetric_matching_pennies(9), beer_quiche("2/5"), beer_quiche("9/10")])
def test_a_limit_is_the_path_s_own(tree: Tree) -> None:
    """At a moderate precision the path itself; far out a logit equilibrium still, by the certificate."""
    near = limit_of(tree, begin=5.0, far=200.0, gain=1.0)
    assert near.profile == pytest.approx(solve_logit(tree, precision=200.0).profile, abs=1e-9)
    far = limit_of(tree, begin=20.0, far=1e7, gain=1e-6)
    assert certify_tree(tree, far.profile, precision=1e7).residual < 1e-7


def test_a_limit_that_is_no_equilibrium_is_refused() -> None:
    with pytest.raises(SolveError, match="would gain"):
        limit_of(asymmetric_matching_pennies(9), begin=1.0, far=2.0)


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_limits_of_random_games(seed: int) -> None:
    tree = random_tree(seed, nodes=40, players=2, together=2, chance=0.1)
    near = limit_of(tree, begin=2.0, far=20.0, gain=10.0)
    assert near.profile == pytest.approx(solve_logit(tree, precision=20.0).profile, abs=1e-8)


def test_supports_of_small_games() -> None:
    """Both mixtures of matching pennies; beer and quiche where the weak and the bully mix (Cho and Kreps 1987)."""
    pennies = asymmetric_matching_pennies(9)
    profile, _ = Sequences(pennies).profile(np.ones(pennies.actions, dtype=bool))
    assert profile == pytest.approx([0.5, 0.5, 0.1, 0.9], abs=1e-12)
    tree = beer_quiche("2/5")
    label = np.array([tree.set_label[h] for h in tree.set_of])
    action = np.array(tree.action_label)
    never = ((label == "strong") & (action == "quiche")) | ((label == "quiche") & (action == "leave"))
    profile, least = Sequences(tree).profile(~tree.is_chance & ~never)
    assert least > -1e-12 and certify_tree(tree, profile).exploitability < 1e-12
    assert profile[(label == "weak") & (action == "beer")] == pytest.approx(2 / 3, abs=1e-12)


def test_a_support_that_is_not_square_is_refused() -> None:
    tree = asymmetric_matching_pennies(9)
    with pytest.raises(ValueError, match="the first player mixes 1 actions more than it has sets, the second 0"):
        Sequences(tree).profile(np.array([True, True, True, False]))


ATTRITION = {"demand_one": 0.7, "demand_two": 0.6, "patience_one": 0.8, "obstinate_one": 0.04, "first": 2.0}


def test_two_ways_to_the_war_of_attrition() -> None:
    """By its logit path and by its support."""
    war = War(ATTRITION)
    begin, found = Support(ATTRITION, rounds=30).solved()
    assert [total(war.limit, m) for m in range(8)] == pytest.approx([total(found, m) for m in range(8)], abs=1e-8)
    assert total(found, begin) > 0.1


@pytest.mark.parametrize("by", [-1, 1])
def test_a_wrong_support_is_caught(by: int) -> None:
    """One pair of mixed moves more or less: a negative probability, or somebody gains."""
    support = Support(ATTRITION, rounds=30)
    begin, found = support.solved()
    mixed = sum(1e-9 < p < 1 - 1e-9 for p in found.profile[~found.tree.is_chance]) // 4
    right, least = support._profile(begin, mixed)
    assert right == pytest.approx(found.profile) and least > -1e-12
    wrong, least = support._profile(begin, mixed + by)
    assert least < -1e-6 or np.nanmax(certify_tree(found.tree, wrong).agent_gain) > 1e-6


def test_stationary_values_are_those_of_many_sweeps() -> None:
    values = {"d": 0.6, "lambda": 30.0}
    slow = solve(compile_game(read("textbook/big-match"), values=values), stationary=1e-12)
    fast = stationary("textbook/big-match", values).solution
    assert fast.values[0] == pytest.approx(slow.values[0], abs=1e-10)


def test_a_pure_profile_names_every_set() -> None:
    tree = unfold(compile_game(read("textbook/trust"))).tree
    with pytest.raises(ValueError, match="nothing is said of"):
        certified(tree, {"if trustworthy": "cooperate"})
    found = certified(tree, {"encounter": "defect"})
    assert gain(found, "one", "cooperate", "defect", at="round 1: encounter if trustworthy") < 0


def test_a_gesture_that_leads_to_nothing_is_refused() -> None:
    """With so little trust in the other side the trustworthy would not cooperate even if believed."""
    with pytest.raises(ValueError, match="would play otherwise"):
        separating({"receiver_good": 0.3, "sucker_loss": 0.4}, 0.0, 4.0)


def test_a_crossing() -> None:
    calls = []

    def cubic(x: float) -> float:
        calls.append(x)
        return x**3 - 2

    assert crossing(cubic, 0, 4, tolerance=1e-12) == pytest.approx(2 ** (1 / 3), abs=1e-11)
    assert len(calls) < 25
    with pytest.raises(ValueError, match="the function is"):
        crossing(cubic, 2, 4)
