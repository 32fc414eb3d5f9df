"""Logit equilibria subgame by subgame: equal to the path of the whole tree, and where that does not get through."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.logit_games import FOLDED, GAMES
from oracles.trees import absent_minded
from winset.base.errors import ScenarioError, SolveError
from winset.certify.extensive import certify_tree
from winset.solve.extensive.by_subgame import solve_logit_by_subgame
from winset.solve.extensive.logit import solve_logit
from winset.tree.build import build, move, pays
from winset.tree.random_trees import random_tree
from winset.tree.ranges import payoff_range
from winset.tree.subgames import pieces

SPLIT = {name: make for name, make in (GAMES | FOLDED).items() if len(pieces(make()).root) > 1}
OTHER_BRANCH = ("random-5", 50.0)
"""What lies above its subgames has several equilibria there, and the path of the whole tree comes to another first."""


def test_there_are_enough_games() -> None:
    assert len(SPLIT) >= 25


@pytest.mark.parametrize("name", SPLIT)
@pytest.mark.parametrize("share", [2.0, 10.0, 50.0])
def test_the_path_of_the_whole_tree_agrees(name: str, share: float) -> None:
    tree = SPLIT[name]()
    lam = share / payoff_range(tree)
    whole, parts = solve_logit(tree, precision=lam), solve_logit_by_subgame(tree, precision=lam)
    assert certify_tree(tree, parts.profile, precision=lam).residual < 1e-11
    apart = np.max(np.abs(whole.profile - parts.profile))
    if (name, share) == OTHER_BRANCH:
        assert apart > 0.1
        return
    assert apart < 1e-11
    assert np.allclose(whole.values, parts.values, atol=1e-12)
    if name not in FOLDED:
        assert parts.facts["folds"] <= whole.facts["folds"]
    assert np.max(np.abs(solve_logit_by_subgame(tree, precision=1.01 * lam).profile - whole.profile)) > 1e-13


def test_folds_stay_in_their_subgame() -> None:
    """Many pieces, some of which fold; the path of the whole tree takes more than ten times as long to come so far."""
    tree, lam = random_tree(3, nodes=6000, together=2), 40.0
    told: list[tuple[int, int, str]] = []
    found = solve_logit_by_subgame(tree, precision=lam, progress=lambda *x: told.append(x))
    certificate = certify_tree(tree, found.profile, precision=lam)
    assert certificate.sound and certificate.residual < 1e-11
    assert np.allclose(certificate.payoffs, found.values, atol=1e-11)
    assert found.facts["folds"] >= 4 and found.facts["pieces with a path"] > 50
    done = [t[0] for t in told]
    assert done == sorted(done) and done[-1] <= tree.nodes == told[-1][1]
    wrong = found.profile.copy()
    h = int(np.flatnonzero(np.diff(tree.set_first) > 1)[-1])
    span = slice(tree.set_first[h], tree.set_first[h + 1])
    wrong[span] = np.roll(wrong[span], 1)
    assert certify_tree(tree, wrong, precision=lam).residual > 1e-6


@pytest.mark.parametrize("seed", [0, 3, 6, 12])
def test_limits_are_subgame_perfect(seed: int) -> None:
    tree = random_tree(seed, nodes=200)
    found = solve_logit_by_subgame(tree)
    certificate = certify_tree(tree, found.profile)
    assert found.status == "solved" and certificate.sound
    assert certificate.gain.max() < 1e-7 and np.nanmax(certificate.agent_gain) < 1e-6
    assert np.max(np.abs(found.profile - solve_logit(tree).path.limit)) < 1e-6  # type: ignore[union-attr]


def test_what_cannot_be_solved_is_refused() -> None:
    tree = SPLIT["trust"]()
    with pytest.raises(ScenarioError, match="X401"):
        solve_logit_by_subgame(tree, precision=-1.0)
    with pytest.raises(ScenarioError, match="X202"):
        solve_logit_by_subgame(absent_minded(), precision=1.0)
    with pytest.raises(SolveError, match=r"in the subgame that begins at .*2 steps were not enough"):
        solve_logit_by_subgame(tree, precision=50.0, most_steps=2)
    assert solve_logit_by_subgame(build("end", ["A"], pays(2)), precision=1.0).values[0] == 2.0


def sexes(extra: float) -> object:
    """Battle of the sexes, or with `extra` one that is not symmetric."""

    def bob(left: tuple[float, float], right: tuple[float, float]) -> object:
        return move("Bob", "b", opera=pays(*left), fight=pays(*right))

    return build(
        "sexes", ["Ann", "Bob"], move("Ann", "a", opera=bob((2 + extra, 1), (0, 0)), fight=bob((0, 0), (1, 2)))
    )  # type: ignore[arg-type]


def test_a_symmetric_path_through_a_branching_point_says_so() -> None:
    """At λ = 1 the symmetric equilibrium is the only one; at λ = 3 there are three, and the path goes straight on."""
    assert solve_logit(sexes(0.0), precision=1.0).advice == ""  # type: ignore[arg-type]
    assert "other branches" in solve_logit(sexes(0.0), precision=3.0).advice  # type: ignore[arg-type]
    assert solve_logit(sexes(0.3), precision=3.0).advice == ""  # type: ignore[arg-type]
    for name in ("folded-47", "folded-229"):  # folds are no branching points
        tree = FOLDED[name]()
        assert solve_logit(tree, precision=15.0).advice == ""
