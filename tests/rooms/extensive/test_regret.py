"""Zero-sum trees by regret minimisation: published values, the certificate, and rules of learning that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from oracles import trees
from oracles.zero_sums import zero_sum
from winset.base.errors import ScenarioError
from winset.certify.extensive import certify_tree
from winset.solve.extensive import regret, regret_passes
from winset.solve.extensive.regret import RegretSolution, solve_regret
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.tree.build import build, chance, ends, move, pays
from winset.tree.games import kuhn, leduc
from winset.tree.liars_dice import liars_dice
from winset.tree.tree import Tree

# As in test_zero_sum.py.
PUBLISHED = {"Kuhn poker": -1 / 18, "Leduc hold'em": -0.085606424078}


def judged(found: RegretSolution, accuracy: float) -> float:
    """The value to the first, once the certificate has agreed with the solver."""
    certificate = certify_tree(found.tree, found.profile)
    assert certificate.sound
    assert certificate.exploitability <= accuracy
    assert certificate.exploitability == pytest.approx(found.facts["exploitability"], abs=1e-12)
    assert certificate.payoffs == pytest.approx(found.values, abs=1e-12)
    return float(found.values[0])


@pytest.mark.parametrize("accuracy", [1e-2, 1e-4, 1e-6])
@pytest.mark.parametrize("make", [kuhn, leduc], ids=lambda make: make.__name__)
def test_published_values(make: Callable[[], Tree], accuracy: float) -> None:
    found = solve_regret(make(), accuracy=accuracy)
    assert found.status == "solved" and not found.advice
    assert judged(found, accuracy) == pytest.approx(PUBLISHED[found.tree.title], abs=accuracy)


@pytest.mark.parametrize("tree", [liars_dice(4), leduc("89TJQK")], ids=["dice", "leduc"])
def test_larger_games_agree_with_the_linear_programme(tree: Tree) -> None:
    value = judged(solve_regret(tree, accuracy=1e-4), 1e-4)
    assert value == pytest.approx(solve_zero_sum(tree).values[0], abs=1e-4)


@pytest.mark.slow
def test_a_tree_of_three_hundred_thousand_nodes() -> None:
    found = solve_regret(liars_dice(6), accuracy=1e-3)
    assert found.tree.nodes == 294_877 and found.status == "solved"
    judged(found, 1e-3)


def test_random_trees_agree_with_the_linear_programme() -> None:
    """Chance, inner outcomes, sets of any width, players that never move."""
    for seed in range(60):
        tree = zero_sum(seed)
        value = judged(solve_regret(tree, accuracy=1e-5), 1e-5)
        assert value == pytest.approx(solve_zero_sum(tree).values[0], abs=1e-5), seed


def test_what_is_not_there_yet_says_so_and_the_certificate_sees_it() -> None:
    found = solve_regret(leduc(), most_turns=20)
    gain = certify_tree(found.tree, found.profile).exploitability
    assert found.facts["turns"] == 20 and gain > 0.1
    assert found.status == f"stopped after 20 turns: both could gain {gain:.2g} in sum" and "resume" in found.advice
    assert solve_regret(leduc(), most_seconds=0.0).status.startswith("out of time after 0 turns: both could gain")


RIGHT = regret_passes._learn.py_func
Rule = Callable[[regret_passes.Learner, float, float, float], None]


def _not_added_up(p: regret_passes.Learner, *settings: float) -> None:
    p.regret[:] = 0.0
    RIGHT(p, *settings)


def _turned_round(p: regret_passes.Learner, *settings: float) -> None:
    p.worth[:] = -p.worth
    RIGHT(p, *settings)


def _not_passed_on(p: regret_passes.Learner, *settings: float) -> None:
    """What a set is worth never comes to the sequence that leads to it."""
    RIGHT(p._replace(leads=np.zeros_like(p.leads)), *settings)


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> Callable[[Rule], None]:
    """Puts a rule of learning, and the turns as they are written, in the place of the compiled ones."""
    solve_regret(kuhn())  # all kernels are compiled before

    def put(rule: Rule) -> None:
        for name in ("_worths", "_follow"):
            monkeypatch.setattr(regret_passes, name, getattr(regret_passes, name).py_func)
        monkeypatch.setattr(regret_passes, "_learn", rule)
        monkeypatch.setattr(regret, "take_turns", regret_passes.take_turns.py_func)

    return put


def test_the_right_rule_uncompiled(uncompiled: Callable[[Rule], None]) -> None:
    compiled = solve_regret(kuhn())
    uncompiled(RIGHT)
    found = solve_regret(kuhn())
    assert found.status == "solved"
    assert found.profile == pytest.approx(compiled.profile, abs=1e-12)


@pytest.mark.parametrize("rule", [_not_added_up, _turned_round, _not_passed_on])
def test_a_wrong_rule_of_learning_is_found_out(uncompiled: Callable[[Rule], None], rule: Rule) -> None:
    uncompiled(rule)
    found = solve_regret(kuhn(), accuracy=1e-3, most_turns=300)
    assert found.status.startswith("stopped after 300 turns")
    assert certify_tree(found.tree, found.profile).exploitability > 1e-3


def test_an_interrupt_ends_the_run_with_the_best_so_far() -> None:
    gains = []

    def stop(done: int, total: int, label: str) -> None:
        gains.append(float(label.split()[-1]))
        if len(gains) == 40:
            raise KeyboardInterrupt

    found = solve_regret(leduc(), progress=stop)
    gain = certify_tree(found.tree, found.profile).exploitability
    assert found.status == f"interrupted after {found.facts['turns']} turns: both could gain {gain:.2g} in sum"
    assert gain == pytest.approx(min(gains), rel=0.05)
    assert solve_regret(leduc(), resume=found.learned).status == "solved"


def test_an_interrupt_before_the_first_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(regret, "take_turns", stop)
    found = solve_regret(kuhn())
    assert found.profile == pytest.approx(kuhn().uniform()) and found.status.startswith("interrupted after 0 turns")


def test_going_on_is_the_same_as_never_stopping() -> None:
    whole = solve_regret(leduc(), most_turns=300)
    part = solve_regret(leduc(), most_turns=120)
    kept = [array.copy() for player in part.learned.kept for array in player]
    rest = solve_regret(leduc(), most_turns=300, resume=part.learned)
    for one, two in zip(whole.learned.kept, rest.learned.kept, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert all(map(np.array_equal, kept, (array for player in part.learned.kept for array in player)))
    assert rest.learned.turns == 300 and rest.facts["exploitability"] < part.facts["exploitability"]
    with pytest.raises(ScenarioError, match=r"337 sequences.*13") as caught:
        solve_regret(kuhn(), resume=part.learned)
    assert [d.code for d in caught.value.diagnostics] == ["X422"]


def test_progress_is_told_and_answers_are_the_same_every_time() -> None:
    told: list[tuple[int, int]] = []
    one = solve_regret(leduc(), accuracy=1e-3, progress=lambda done, total, label: told.append((done, total)))
    done = [step[0] for step in told]
    assert done == sorted(done) and done[0] == 0 and told[-1] == (1000, 1000)
    assert np.array_equal(one.profile, solve_regret(leduc(), accuracy=1e-3).profile)
    assert "Leduc hold'em: solved" in str(one)


def test_a_constant_sum_and_inner_outcomes() -> None:
    """The pennies of test_zero_sum.py: one player of a set each, a prize of 10 to divide."""
    second = {a: move("B", "guess", heads=pays(*x), tails=pays(*y)) for a, x, y in (
        ("heads", (3, 3), (1, 5)), ("tails", (1, 5), (4, 2)),
    )}  # fmt: skip
    found = solve_regret(build("pennies", ["A", "B"], move("A", "coin", second).paying(4, 0)), accuracy=1e-8)
    assert found.values == pytest.approx([4 + 11 / 5, 6 - 11 / 5], abs=1e-8)
    assert found.profile == pytest.approx([0.6, 0.4, 0.6, 0.4], abs=1e-6)


def test_trees_with_little_in_them() -> None:
    nothing = solve_regret(build("nothing", ["A", "B"], pays(2, -2)))
    assert nothing.values.tolist() == [2, -2] and nothing.status == "solved"
    luck = solve_regret(build("luck", ["A", "B"], chance({"x": "1/4", "y": "3/4"}, x=pays(4, -4), y=pays(0, 0))))
    assert luck.values.tolist() == [1, -1]
    free = solve_regret(build("free", ["A", "B"], move("A", "s", a=ends(), b=move("B", "t", c=ends()))))
    assert free.values.tolist() == [0, 0] and free.facts["entries"] == 0 and free.status == "solved"
    one = solve_regret(build("one", ["A", "B"], move("B", "s", l=pays(1, -1), r=pays(-1, 1))))
    assert one.values == pytest.approx([-1, 1], abs=1e-4) and one.status == "solved"


def test_a_set_behind_a_choice_never_made() -> None:
    """Nothing is believed about what is never played: all alike there, and a sound profile."""
    behind = move("A", "later", up=pays(-3, 3), down=pays(-2, 2))
    found = solve_regret(build("never", ["A", "B"], move("A", "first", out=pays(0, 0), on=behind)), accuracy=1e-9)
    assert certify_tree(found.tree, found.profile).sound
    assert found.profile[:2] == pytest.approx([1, 0], abs=1e-9)


def test_what_is_not_solved_this_way_is_refused() -> None:
    for accuracy in (0.0, -1.0, float("nan")):
        with pytest.raises(ScenarioError, match="accuracy of") as caught:
            solve_regret(kuhn(), accuracy=accuracy)
        assert [d.code for d in caught.value.diagnostics] == ["X421"]
    with pytest.raises(ScenarioError, match="X412"):
        solve_regret(build("no", ["A", "B"], move("A", "s", a=pays(1, -1), b=pays(2, 1))))
    with pytest.raises(ScenarioError, match=r"X411.*3 players"):
        solve_regret(build("three", ["A", "B", "C"], pays(0, 0, 0)))
    rows = trees.forgetful()
    zero = replace(rows, payoff=rows.payoff * 0, exact_payoff=tuple((Fraction(0),) * 2 for _ in rows.payoff))
    with pytest.raises(ScenarioError, match=r"X201.*forgets"):
        solve_regret(zero)
