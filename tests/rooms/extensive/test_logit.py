"""Agent logit equilibria of trees: against dense oracles, closed forms and what has to be invariant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracles.logit_games import FOLDED, beer_quiche, centipede, kuhn, trust, who_moves_first
from oracles.tree_logit import path as slow_path
from oracles.trees import absent_minded
from oracles.trees import random_tree as other_random_tree
from winset.base.errors import ScenarioError, SolveError
from winset.certify.extensive import certify_tree
from winset.solve.extensive.logit import solve_logit
from winset.tree.build import build, chance, move, pays
from winset.tree.random_trees import random_talks, random_tree
from winset.tree.ranges import payoff_range
from winset.tree.tree import Tree

SMALL = {
    **{f"random-{seed}": lambda seed=seed: random_tree(seed, nodes=30, together=3) for seed in range(8)},
    **{f"other-{seed}": lambda seed=seed: other_random_tree(seed, depth=4, exact=False) for seed in range(7)},
    "three-players": lambda: random_tree(5, nodes=30, players=3, together=4, chance=0.1),
    "who-moves-first": who_moves_first,
    "talks": lambda: random_talks(2, types=2, actions=2, rounds=2),
    "trust": trust,
}


def _at(tree: Tree, lam: float) -> np.ndarray:
    return solve_logit(tree, precision=lam).profile


@pytest.mark.parametrize("name", SMALL)
def test_the_dense_oracle_agrees(name: str) -> None:
    tree = SMALL[name]()
    lam = 8.0 / payoff_range(tree)
    found = solve_logit(tree, precision=lam)
    ell, folds = slow_path(tree, lam)
    mine = ~tree.is_chance
    assert np.max(np.abs(found.profile[mine] - np.exp(ell))) < 1e-10
    assert found.path is not None and len(found.path.folds) == folds
    certificate = certify_tree(tree, found.profile, precision=lam)
    assert certificate.sound and certificate.residual < 1e-11
    assert np.allclose(certificate.payoffs, found.values, atol=1e-12)
    # the same certificate does not pass a profile that is a little off, nor another λ
    off = found.profile.copy()
    h = int(np.flatnonzero((tree.set_player > 0) & (np.diff(tree.set_first) > 1))[0])
    off[tree.set_first[h]] += 1e-6
    off[tree.set_first[h] + 1] -= 1e-6
    assert certify_tree(tree, off, precision=lam).residual > 1e-7


@pytest.mark.parametrize(("name", "turns"), [("folded-47", (7.0, 6.693)), ("folded-229", (13.237, 11.602))])
def test_folds_are_followed_to_the_same_branch(name: str, turns: tuple[float, float]) -> None:
    tree, beyond = FOLDED[name](), turns[0] + 3.0
    found = solve_logit(tree, precision=beyond)
    assert found.path is not None
    assert np.allclose(found.path.folds, turns, atol=0.05)
    falls = np.diff(found.path.precision) < 0
    assert falls.any() and not falls[0] and not falls[-1]
    ell, folds = slow_path(tree, beyond)
    assert folds == 2
    assert np.max(np.abs(found.profile[~tree.is_chance] - np.exp(ell))) < 1e-9
    # just before the fold the answer is on the first sheet, far from the one just behind the second fold's λ
    before, after = _at(tree, turns[0] - 0.01), _at(tree, turns[0] + 0.01)
    assert np.max(np.abs(before - after)) > 0.05


def test_perfect_information_is_a_backward_recursion() -> None:
    tree = random_tree(3, nodes=3000, together=1)
    lam = 15.0
    value = tree.node_payoff()
    p = np.where(tree.is_chance, tree.chance, 0.0)
    for n in reversed(range(tree.nodes)):
        kids = slice(tree.first[n], tree.first[n + 1])
        if tree.player[n] < 0:
            continue
        span = slice(tree.set_first[tree.infoset[n]], tree.set_first[tree.infoset[n] + 1])
        if tree.player[n] > 0:
            u = lam * value[kids, tree.player[n] - 1]
            p[span] = np.exp(u - u.max()) / np.exp(u - u.max()).sum()
        value[n] += p[span] @ value[kids]
    found = solve_logit(tree, precision=lam)
    assert np.max(np.abs(found.profile - p)) < 1e-12
    assert np.allclose(found.values, value[0], atol=1e-12)


@pytest.mark.parametrize("make", [kuhn, trust, who_moves_first, FOLDED["folded-47"]])
def test_units_and_constants_of_payoffs_do_not_matter(make: object) -> None:
    tree = make()  # type: ignore[operator]
    lam = 9.0 / payoff_range(tree)
    wanted = _at(tree, lam)
    other = replace(tree, payoff=1000.0 * tree.payoff, exact_payoff=None)
    assert np.max(np.abs(_at(other, lam / 1000.0) - wanted)) < 1e-10
    root = int(tree.infoset[0])
    assert np.max(np.abs(_at(other, lam / 999.0)[root:] - wanted[root:])) > 1e-8


def test_names_of_players_and_order_of_actions_do_not_matter() -> None:
    left = random_talks(7, types=2, actions=3, rounds=3)
    wanted = solve_logit(left, precision=12.0)
    swap = np.array([0, 2, 1], dtype=np.int32)
    turned = np.concatenate([left.player[:1], np.where(left.player[1:] > 0, 3 - left.player[1:], -1)]).astype(np.int32)
    other = replace(left, player=turned, set_player=swap[left.set_player], payoff=left.payoff[:, ::-1].copy())
    found = solve_logit(other, precision=12.0)
    assert np.max(np.abs(found.profile - wanted.profile)) < 1e-12
    assert np.allclose(found.values[::-1], wanted.values)


def test_points_asked_for_lie_on_the_path_exactly() -> None:
    tree = beer_quiche("2/5")
    wanted = [0.0, 0.5, 0.5000001, 1.0, 7.5, 200.0]
    found = solve_logit(tree, precision=wanted)
    path = found.path
    assert path is not None
    for lam in wanted:
        k = int(np.flatnonzero(path.precision == lam)[0])
        profile = np.where(tree.is_chance, tree.chance, 0.0)
        profile[path.kept] = path.probability[k]
        assert certify_tree(tree, profile, precision=lam).residual < 1e-12
    assert path.precision[-1] == 200.0 == found.facts["precision"]
    assert np.array_equal(path.probability[0], tree.uniform()[path.kept])


def test_every_point_of_the_path_is_an_equilibrium() -> None:
    tree = FOLDED["folded-229"]()
    path = solve_logit(tree, precision=15.0).path
    assert path is not None and len(path.folds) == 2
    profile = np.where(tree.is_chance, tree.chance, 0.0)
    for lam, row, miss in zip(path.precision, path.probability, path.residual, strict=True):
        profile[path.kept] = row
        assert certify_tree(tree, profile, precision=float(lam)).residual < 1e-8
        assert miss < 1e-8


def test_the_limit_is_an_equilibrium_of_the_game() -> None:
    for strong, weak, duel in (("9/10", 1.0, 0.0), ("2/5", 2 / 3, 0.5)):
        tree = beer_quiche(strong)
        found = solve_logit(tree)
        path = found.path
        assert found.status == "solved" and path is not None and path.limit is not None
        named = {tree.path_name(n): tree.arrived[n] for n in range(1, tree.nodes)}
        assert path.limit[named["“weak, beer”"]] == pytest.approx(weak, abs=1e-6)
        assert path.limit[named["“weak, beer, duel”"]] == pytest.approx(duel, abs=1e-6)
        assert certify_tree(tree, path.limit).gain.max() < 1e-6
        assert path.limit_error < 1e-6 < path.regret or duel == 0.0
        assert certify_tree(tree, tree.uniform()).gain.max() > 0.1


def test_several_thousand_levels_do_no_harm() -> None:
    node = pays(1)
    for k in range(5000):
        node = move("A", None, stop=pays(k % 3), go=node)
    tree = build("deep", ["A"], node)
    assert certify_tree(tree, _at(tree, 3.0), precision=3.0).residual < 1e-12


def test_the_path_as_a_table() -> None:
    found = solve_logit(centipede(4), precision=1.0)
    assert found.path is not None
    lines = found.path.csv().splitlines()
    assert lines[0] == (
        "lambda,residual,one:move 1:take,one:move 1:pass_,two:move 2:take,two:move 2:pass_,"
        "one:move 3:take,one:move 3:pass_,two:move 4:take,two:move 4:pass_"
    )
    assert len(lines) == 1 + len(found.path.precision)
    cells = [float(x) for x in lines[-1].split(",")]
    assert cells[0] == 1.0 and np.array_equal(cells[2:], found.path.probability[-1])
    assert "it does not fold" in repr(found.path)
    few = solve_logit(centipede(4), precision=1.0, keep=[0, 6]).path
    assert few is not None and few.probability.shape[1] == 2
    assert few.probability[-1, 1] == found.path.probability[-1, 6]


def test_what_cannot_be_solved_is_refused_with_the_reason() -> None:
    tree = kuhn()
    for bad in (-1.0, float("nan"), float("inf"), [2.0, 1.0]):
        with pytest.raises(ScenarioError, match="X401"):
            solve_logit(tree, precision=bad)
    with pytest.raises(ScenarioError, match="absent-minded"):
        solve_logit(absent_minded(), precision=1.0)
    never = build("never", ["A", "B"], chance({"yes": 1, "no": 0}, yes=pays(1, 1), no=move("B", "b", l=pays(0, 0))))
    with pytest.raises(ScenarioError, match="X402"):
        solve_logit(never, precision=1.0)
    seldom = chance({"yes": 1, "no": 0}, yes=move("B", "b", l=pays(0, 0), r=pays(0, 1)),
                    no=move("B", "b", l=pays(0, 5), r=pays(0, 0)))  # fmt: skip
    found = solve_logit(build("seldom", ["A", "B"], seldom), precision=1.0)
    assert found.profile[2] == pytest.approx(1 / (1 + np.e), abs=1e-14)
    with pytest.raises(SolveError, match="3 steps were not enough") as caught:
        solve_logit(tree, precision=50.0, most_steps=3)
    assert caught.value.result.facts["residual"] < 1e-12
    short = solve_logit(tree, most_steps=3)
    assert short.status == "3 steps were not enough" and short.advice


def test_nobody_with_a_choice_is_solved_at_once() -> None:
    tree = build("none", ["A"], chance({"a": "1/3", "b": "2/3"}, a=pays(3), b=move("A", "s", only=pays(0))))
    found = solve_logit(tree, precision=5.0)
    assert found.values[0] == pytest.approx(1.0) and found.profile[2] == 1.0
    assert solve_logit(tree).status == "solved"
    assert solve_logit(build("end", ["A"], pays(2)), precision=1.0).values[0] == 2.0


def test_equal_calls_give_equal_bytes_and_progress_is_told() -> None:
    told: list[tuple[int, int, str]] = []
    tree = random_talks(3, types=3, actions=2, rounds=4)
    one = solve_logit(tree, precision=20.0, progress=lambda *x: told.append(x))
    two = solve_logit(tree, precision=20.0)
    assert one.profile.tobytes() == two.profile.tobytes()
    assert [t[0] for t in told] == list(range(1, len(told) + 1)) and told[-1][2].startswith("λ ")
