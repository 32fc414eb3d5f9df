"""Trees as arrays: what the builder makes of nested data, and that no broken array passes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from oracles.trees import absent_minded, card, forgetful, random_tree
from winset.base.errors import ScenarioError
from winset.tree.build import build, chance, ends, move, pays
from winset.tree.checks import checked, checked_table
from winset.tree.recall import recall, with_perfect_recall
from winset.tree.tree import NormalForm


def test_the_builder_orders_by_depth() -> None:
    tree = card()
    assert tree.nodes == 11 and tree.sets == 4 and tree.actions == 8
    assert tree.level.tolist() == [0, 1, 3, 7, 11]
    assert tree.first.tolist() == [1, 3, 5, 7, 9, 9, 11, 11, 11, 11, 11, 11]
    assert all(tree.parent[c] == n for n in range(11) for c in range(tree.first[n], tree.first[n + 1]))
    assert [tree.action_label[a] for a in tree.arrived[1:7]] == ["red", "black", "raise_", "fold", "raise_", "fold"]
    assert tree.exact_payoff is not None and tree.exact_payoff[0] == (Fraction(1), Fraction(-1))
    starts, members = tree.members
    assert [members[a:b].tolist() for a, b in pairwise(starts.tolist())] == [[0], [1], [2], [3, 5]]
    assert np.array_equal(tree.uniform(), np.full(8, 0.5))


def test_floats_are_told_from_fractions() -> None:
    assert build("", ["A"], pays(0.5)).exact_payoff is None
    assert build("", ["A"], pays("1/3")).payoff[0, 0] == 1 / 3


def test_a_tree_may_be_deep() -> None:
    node = ends()
    for i in range(30_000):
        node = move("A", None, stop=pays(i), go=node)
    tree = build("deep", ["A"], node)
    assert tree.depth == 30_001 and tree.nodes == 60_001
    assert len(tree.path(tree.nodes - 1)) == 30_000


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("X905", lambda: move("A", "s", a=move("A", "s", b=ends()))),
        ("X909", lambda: chance({"a": 1}, b=ends())),
        ("X115", lambda: pays(1, 2)),
        ("X105", lambda: pays("one")),
        ("X105", lambda: pays(float("nan"))),
        ("X903", lambda: move("B", None, a=ends())),
        ("X906", lambda: chance({"a": "1/2", "b": "1/3"}, a=ends(), b=ends())),
        ("X906", lambda: chance({"a": -1, "b": 2}, a=ends(), b=ends())),
    ],
)
def test_what_makes_no_tree_is_refused(code: str, make: Any) -> None:
    with pytest.raises(ScenarioError) as caught:
        build("", ["A"], make())
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.message and found.why and found.fix


def _changed(values: Any, at: int, value: Any) -> Any:
    out = values.copy()
    out[at] = value
    return out


@pytest.mark.parametrize(
    ("code", "field", "change"),
    [
        ("X901", "parent", lambda v: v[:-1]),
        ("X901", "set_label", lambda v: v[:-1]),
        ("X902", "first", lambda v: _changed(v, 1, 2)),
        ("X902", "parent", lambda v: _changed(v, 3, 2)),
        ("X902", "level", lambda v: _changed(v, 1, 2)),
        ("X903", "player", lambda v: _changed(v, 4, 1)),
        ("X903", "player", lambda v: _changed(v, 3, 9)),
        ("X904", "infoset", lambda v: _changed(v, 3, -1)),
        ("X904", "set_first", lambda v: _changed(v, 1, 0)),
        ("X904", "infoset", lambda v: np.where(v == 2, 1, v)),
        ("X905", "infoset", lambda v: _changed(v, 3, 1)),
        ("X906", "chance", lambda v: _changed(v, 0, np.nan)),
        ("X906", "exact_chance", lambda v: (Fraction(1, 3), *v[1:])),
        ("X907", "outcome", lambda v: _changed(v, 4, 99)),
        ("X907", "payoff", lambda v: v * np.inf),
        ("X907", "outcome_number", lambda v: v * 0 + 1),
    ],
)
def test_a_broken_array_is_found(code: str, field: str, change: Any) -> None:
    tree = checked(card())
    with pytest.raises(ScenarioError) as caught:
        checked(replace(tree, **{field: change(getattr(tree, field))}))
    assert code in {d.code for d in caught.value.diagnostics}
    assert all(d.why and d.fix for d in caught.value.diagnostics)


def test_a_table_fits_its_players() -> None:
    table = NormalForm(title="", players=("A",), strategies=(("a", "b"),), payoff=np.zeros((1, 2)))
    assert checked_table(table) is table
    with pytest.raises(ScenarioError, match="X908"):
        checked_table(replace(table, payoff=np.zeros((1, 3))))


def test_perfect_recall_is_recognised() -> None:
    for tree in (card(), *(random_tree(seed) for seed in range(20))):
        found = recall(tree)
        assert found.perfect
        for n in range(tree.nodes):
            for i in range(len(tree.players)):
                own = [a for a in tree.path(n) if tree.set_player[tree.set_of[a]] == i + 1]
                assert found.last[n, i] == (own[-1] if own else -1)
        assert all(found.before[h] == -1 for h in range(tree.sets) if tree.set_player[h] == 0)


def test_who_forgets_is_told_what() -> None:
    assert recall(forgetful()).before.tolist() == [-1, 0]  # of the first node
    with pytest.raises(ScenarioError) as caught:
        with_perfect_recall(forgetful(), "the sequence form")
    (found,) = caught.value.diagnostics
    assert found.code == "X201"
    assert "Ann forgets at Ann's information set 2 “later”" in found.message
    assert found.example == {"“up”": "“up” at set 1", "“down”": "“down” at set 1"}
    assert found.why.startswith("the sequence form needs perfect recall")


def test_the_absent_minded_are_told_where() -> None:
    with pytest.raises(ScenarioError) as caught:
        with_perfect_recall(absent_minded(), "a best response")
    (found,) = caught.value.diagnostics
    assert found.code == "X202"
    assert found.example == {"first at": "the root", "again at": "“stay”"}
