"""The certificate of a profile on a tree: against plain loops in fractions, and each planted error is caught."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.trees import absent_minded, best_by_trying, card, forgetful, play_out, random_profile, random_tree
from winset.certify.extensive import certify_tree
from winset.tree.build import build, move, pays
from winset.tree.tree import Tree

SEEDS = [s for s in range(40) if random_tree(s, depth=4, players=3).nodes > 8]


def floats(values: object) -> np.ndarray:
    return np.array([float(v) for v in values])  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", SEEDS)
def test_payoffs_and_gains_are_those_of_plain_loops(seed: int) -> None:
    tree = random_tree(seed, depth=4, players=3)
    profile = random_profile(tree, seed)
    found = certify_tree(tree, floats(profile))
    assert found.sound
    paid = play_out(tree, profile)
    best = [best_by_trying(tree, profile, i) for i in (1, 2, 3)]
    assert found.payoffs == pytest.approx(floats(paid), abs=1e-12)
    assert found.best == pytest.approx(floats(best), abs=1e-12)
    assert found.gain == pytest.approx(floats(b - p for b, p in zip(best, paid, strict=True)), abs=1e-12)
    assert found.exploitability == pytest.approx(float(sum(best) - sum(paid)), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_values_of_actions_are_those_of_the_changed_profile(seed: int) -> None:
    """Ex ante: playing one action at one set changes what is expected by its value times how often play comes there."""
    tree = random_tree(seed, depth=4, players=2)
    profile = floats(random_profile(tree, seed))
    found = certify_tree(tree, profile)
    for h in range(tree.sets):
        who = int(tree.set_player[h])
        span = slice(int(tree.set_first[h]), int(tree.set_first[h + 1]))
        if not who or np.isnan(found.agent_gain[h]):
            continue
        nodes = tree.members[1][tree.members[0][h] : tree.members[0][h + 1]]
        reach = sum(np.prod([profile[a] for a in tree.path(int(n))]) for n in nodes)
        mean = profile[span] @ found.action_value[span]
        assert found.agent_gain[h] == pytest.approx(found.action_value[span].max() - mean, abs=1e-12)
        for a in range(span.start, span.stop):
            changed = profile.copy()
            changed[span] = 0.0
            changed[a] = 1.0
            moved = float(play_out(tree, changed.tolist())[who - 1]) - found.payoffs[who - 1]  # type: ignore[arg-type]
            assert moved == pytest.approx(reach * (found.action_value[a] - mean), abs=1e-10)


def equilibrium() -> tuple[Tree, np.ndarray]:
    """One card: who has black raises in a third of the cases, and two thirds of the raises are met (Myerson 1991)."""
    return card(), np.array([0.5, 0.5, 1.0, 0.0, 1 / 3, 2 / 3, 2 / 3, 1 / 3])


def test_the_known_equilibrium_passes() -> None:
    tree, profile = equilibrium()
    found = certify_tree(tree, profile)
    assert found.payoffs == pytest.approx([1 / 3, -1 / 3], abs=1e-12)
    assert np.abs(found.gain).max() < 1e-12
    assert np.nanmax(np.abs(found.agent_gain)) < 1e-12
    assert "certificate of a profile of one card" in repr(found)


def test_planted_errors_are_caught() -> None:
    tree, profile = equilibrium()
    moved = profile + np.array([0, 0, 0, 0, 0.01, -0.01, 0, 0])
    assert certify_tree(tree, moved).gain[1] > 1e-3
    assert np.nanmax(certify_tree(tree, moved).agent_gain) > 1e-3
    heavy = profile + np.array([0, 0, 0, 0, 0.01, 0, 0, 0])
    assert certify_tree(tree, heavy).sum_error == pytest.approx(0.01)
    assert not certify_tree(tree, heavy).sound
    loaded = profile + np.array([0.1, -0.1, 0, 0, 0, 0, 0, 0])
    assert certify_tree(tree, loaded).chance_error == pytest.approx(0.1)
    assert not certify_tree(tree, loaded).sound
    negative = profile + np.array([0, 0, 0, 0, 0, 0, 1, -1])
    assert certify_tree(tree, negative).least < 0
    assert not certify_tree(tree, negative).sound
    assert "no profile" in repr(certify_tree(tree, negative))
    with pytest.raises(ValueError, match="8 finite numbers"):
        certify_tree(tree, profile[:-1])
    with pytest.raises(ValueError, match="finite"):
        certify_tree(tree, profile * np.nan)


def test_the_logit_residual_is_that_of_the_definition() -> None:
    """A single choice between 0 and 1: at λ the better action has probability 1 / (1 + exp(-λ))."""
    tree = build("", ["A"], move("A", None, worse=pays(0), better=pays(1)))
    for lam in (0.0, 0.7, 30.0):
        p = 1 / (1 + np.exp(-lam))
        assert certify_tree(tree, np.array([1 - p, p]), precision=lam).residual < 1e-15
        wrong = certify_tree(tree, np.array([1 - p + 1e-3, p - 1e-3]), precision=lam)
        assert wrong.residual == pytest.approx(1e-3)
    assert np.isnan(certify_tree(tree, np.array([0.5, 0.5])).residual)


def test_precisions_may_differ_by_set() -> None:
    tree, profile = equilibrium()
    lam = np.array([np.nan, 1.0, 2.0, 3.0])
    found = certify_tree(tree, profile, precision=lam)
    assert found.residual == pytest.approx(np.nanmax(found.residual_at))
    again = certify_tree(tree, profile, precision=lam * [1, 1, 1, 2])
    assert np.array_equal(again.residual_at[:6], found.residual_at[:6], equal_nan=True)  # type: ignore[index]


def test_sets_never_come_to_are_counted_not_guessed() -> None:
    below = {k: move("B", "b", x=pays(0, 1), y=pays(0, 5)) for k in ("left", "right")}
    tree = build("", ["A", "B"], move("A", None, out=pays(1, 1), **below))
    found = certify_tree(tree, np.array([1.0, 0.0, 0.0, 1.0, 0.0]))
    assert found.unreached == 1 and np.isnan(found.agent_gain[1])
    assert found.gain.tolist() == [0.0, 0.0]


def test_who_is_at_the_only_node_of_a_set_knows_it() -> None:
    below = move("B", None, x=pays(0, 1), y=pays(0, 5))
    tree = build("", ["A", "B"], move("A", None, out=pays(1, 1), into=below))
    found = certify_tree(tree, np.array([1.0, 0.0, 1.0, 0.0]))
    assert found.unreached == 0 and found.agent_gain.tolist() == [0.0, 4.0]
    assert found.gain.tolist() == [0.0, 0.0]


def test_beliefs_are_told_where_reach_vanishes() -> None:
    """Both nodes of B's set are reached with less than the smallest number, one three times as likely as the other."""
    ends = {k: move("B", "b", x=pays(0, 0, k == "l"), y=pays(0, 0, k == "m")) for k in ("l", "m")}
    tree = build("", ["A", "C", "B"], move("A", "a", out=pays(1, 0, 0), go=move("C", "c", o=pays(0, 1, 0), **ends)))
    tiny = 1e-200
    profile = np.array([1.0, tiny, 1.0, tiny, 3 * tiny, 0.5, 0.5])
    found = certify_tree(tree, profile, precision=1.0)
    assert found.unreached == 0 and found.action_value[-2:].tolist() == pytest.approx([0.25, 0.75])
    # of one that errs a probability of 0 stands for one too small to be written, and then nothing is told
    profile[3] = 0.0
    assert certify_tree(tree, profile, precision=1.0).unreached == 0
    profile[4] = 0.0
    assert certify_tree(tree, profile, precision=1.0).unreached == 1
    profile[4] = 1e-307
    assert certify_tree(tree, profile, precision=1.0).unreached == 1
    assert certify_tree(tree, profile).action_value[-2:].tolist() == pytest.approx([0.0, 1.0])


def test_sets_that_only_the_player_itself_avoids_are_judged() -> None:
    again = move("A", None, little=pays(0), much=pays(5))
    tree = build("", ["A"], move("A", None, out=pays(1), go_on=again))
    found = certify_tree(tree, np.array([1.0, 0.0, 1.0, 0.0]))
    assert found.unreached == 0 and found.agent_gain.tolist() == [0.0, 5.0]
    assert found.gain.tolist() == [4.0]


def test_who_forgets_has_no_best_response_here() -> None:
    for tree in (forgetful(), absent_minded()):
        found = certify_tree(tree, tree.uniform())
        assert np.all(np.isnan(found.gain)) and found.forgotten
    assert certify_tree(absent_minded(), np.array([1 / 3, 2 / 3])).payoffs[0] == pytest.approx(4 / 3)
