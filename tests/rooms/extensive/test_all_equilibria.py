"""All equilibria in fractions: closed forms, a slow oracle, Gambit, and games with whole sets of equilibria."""

from __future__ import annotations

import io
import random
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from oracles import supports, trees
from oracles.zero_sums import strategies, zero_sum
from winset.base.errors import ScenarioError, SizeError
from winset.certify.extensive import certify_tree
from winset.solve.extensive.all_equilibria import AllEquilibria, Equilibrium, all_equilibria
from winset.solve.extensive.corners import corners
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.tree.build import build, move, pays
from winset.tree.efg_write import efg_text
from winset.tree.games import kuhn
from winset.tree.nfg import nfg_text
from winset.tree.tree import NormalForm

Number = int | Fraction
Pair = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]


def table(one: list[list[Any]], two: list[list[Any]]) -> NormalForm:
    m, n = len(one), len(one[0])
    flat = tuple(Fraction(x) for side in (one, two) for row in side for x in row)
    return NormalForm(
        title="a table",
        players=("A", "B"),
        strategies=(tuple(f"r{i}" for i in range(m)), tuple(f"c{j}" for j in range(n))),
        payoff=np.array([float(x) for x in flat]).reshape(2, m, n),
        exact_payoff=flat,
    )


def pairs(found: AllEquilibria) -> set[Pair]:
    return {(e.first, e.second) for e in found.extreme}


def share(*weights: Number) -> tuple[Fraction, ...]:
    return tuple(Fraction(w) / sum(weights) for w in weights)


def pure(k: int, n: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(i == k)) for i in range(n))


def coordination(d: tuple[int, ...], e: tuple[int, ...]) -> tuple[NormalForm, set[Pair]]:
    """Diagonals d and e, 0 elsewhere: one equilibrium for each set of strategies, each played as the other's 1/d."""
    n, want = len(d), set()
    for size in range(1, n + 1):
        for s in combinations(range(n), size):
            want.add(tuple(share(*(Fraction(int(i in s), w[i]) for i in range(n))) for w in (e, d)))
    diagonal = [[[w[i] if i == j else 0 for j in range(n)] for i in range(n)] for w in (d, e)]
    return table(*diagonal), want  # type: ignore[return-value]


def pennies(a: int, b: int, c: int, d: int) -> tuple[NormalForm, set[Pair]]:
    """Matching pennies with four prizes: each mixes as the other's prizes say."""
    return table([[a, 0], [0, b]], [[0, c], [d, 0]]), {(share(d, c), share(b, a))}


def scissors(a: int, b: int, c: int) -> tuple[NormalForm, set[Pair]]:
    """Rock, scissors, paper with stakes: each is played in proportion to the stake it is not part of."""
    one = [[0, -c, b], [c, 0, -a], [-b, a, 0]]
    return table(one, [[-x for x in row] for row in one]), {(share(a, b, c), share(a, b, c))}


def hawks(v: int, c: int) -> tuple[NormalForm, set[Pair]]:
    """Hawk and dove (Maynard Smith and Price 1973): a prize v, a fight at cost c > v; hawk with v/c."""
    one = [[Fraction(v - c, 2), v], [0, Fraction(v, 2)]]
    even = share(v, c - v)
    return table(one, [list(x) for x in zip(*one, strict=True)]), {
        (even, even), (pure(0, 2), pure(1, 2)), (pure(1, 2), pure(0, 2)),
    }  # fmt: skip


def dilemma(t: int, r: int, p: int, s: int) -> tuple[NormalForm, set[Pair]]:
    one = [[r, s], [t, p]]
    return table(one, [list(x) for x in zip(*one, strict=True)]), {(pure(1, 2), pure(1, 2))}


CLOSED = [
    *(coordination(d, e) for d, e in (
        ((1, 1), (1, 1)), ((2, 1), (1, 2)), ((3, 5), (7, 2)), ((1, 2, 3), (3, 2, 1)), ((1, 1, 1), (4, 5, 6)),
        ((2, 3, 5), (7, 11, 13)), ((1, 2, 3, 4), (4, 3, 2, 1)), ((9, 1, 1, 2), (3, 3, 5, 1)), ((1,) * 5, (1,) * 5),
    )),
    *(pennies(*x) for x in product((1, 3), (1, 7), (2, 5), (1, 9))),
    *(scissors(*x) for x in product((1, 4), (1, 3), (2, 5))),
    *(hawks(v, c) for v, c in ((1, 2), (2, 3), (1, 5), (4, 7), (9, 10), (3, 11))),
    *(dilemma(*x) for x in ((3, 2, 1, 0), (5, 3, 1, 0), (10, 4, 3, -7))),
]  # fmt: skip


def test_there_are_forty_closed_forms() -> None:
    assert len(CLOSED) >= 40


@pytest.mark.parametrize("case", CLOSED)
def test_closed_forms(case: tuple[NormalForm, set[Pair]]) -> None:
    game, want = case
    found = all_equilibria(game)
    assert pairs(found) == want and len(found.extreme) == len(want)
    assert not found.degenerate and found.finite and len(found.components) == len(want)


def random_table(seed: int, largest: int) -> tuple[NormalForm, list[list[Fraction]], list[list[Fraction]]]:
    rng = random.Random(seed)
    m, n = rng.randint(2, 4), rng.randint(2, 4)
    one, two = ([[Fraction(rng.randint(-largest, largest), rng.choice([1, 2, 3])) for _ in range(n)]
                 for _ in range(m)] for _ in range(2))  # fmt: skip
    return table(one, two), one, two


@pytest.mark.parametrize("seed", range(40))
def test_the_slow_oracle_finds_the_same(seed: int) -> None:
    game, one, two = random_table(seed, 1000)
    found = all_equilibria(game)
    assert not found.degenerate
    assert pairs(found) == supports.equilibria(one, two)
    assert len(found.extreme) % 2 == 1


def gain(one: list[list[Fraction]], two: list[list[Fraction]], x: Any, y: Any) -> Fraction:
    """What both could gain together."""
    rows = [sum(a * q for a, q in zip(row, y, strict=True)) for row in one]
    columns = [sum(p * row[j] for p, row in zip(x, two, strict=True)) for j in range(len(y))]
    return (max(rows) - sum(p * u for p, u in zip(x, rows, strict=True))
            + max(columns) - sum(q * v for q, v in zip(y, columns, strict=True)))  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_all_of_a_nash_subset_are_equilibria(seed: int) -> None:
    """Payoffs of few values: ties and whole sets of equilibria. Mixtures are equilibria, each with each."""
    game, one, two = random_table(seed, 1)
    found = all_equilibria(game)
    rng = random.Random(seed)
    seen = set()
    for subset in (s for part in found.components for s in part):
        seen |= set(product(subset.first, subset.second))
        for _ in range(3):
            mixed = []
            for side in (subset.first, subset.second):
                weights = share(*(rng.randint(1, 9) for _ in side))
                mixed.append([sum(w * c[k] for w, c in zip(weights, side, strict=True)) for k in range(len(side[0]))])
            assert gain(one, two, *mixed) == 0
    assert seen == pairs(found)
    # maximal: none lies within another
    sets = [(set(s.first), set(s.second)) for part in found.components for s in part]
    assert not any(a is not b and a[0] <= b[0] and a[1] <= b[1] for a in sets for b in sets)


def ties(seed: int, least: int = 2, most: int = 4) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Payoffs 0 and 1 only."""
    rng = random.Random(seed)
    m, n = rng.randint(least, most), rng.randint(least, most)
    one, two = ([[Fraction(rng.randint(0, 1)) for _ in range(n)] for _ in range(m)] for _ in range(2))
    return one, two


@pytest.mark.parametrize("seed", range(40))
def test_subsets_and_components_by_trying_every_set(seed: int) -> None:
    """Maximal Nash subsets from every set of the first player's strategies; components by following pairs."""
    found = all_equilibria(table(*ties(seed)))
    edges = pairs(found)
    left = sorted({x for x, _ in edges})
    answers = {x: {y for u, y in edges if u == x} for x in left}
    want = set()
    for size in range(1, len(left) + 1):
        for chosen in combinations(left, size):
            shared = set.intersection(*(answers[x] for x in chosen))
            if shared:
                want.add((frozenset(x for x in left if shared <= answers[x]), frozenset(shared)))
    got = [(frozenset(s.first), frozenset(s.second)) for part in found.components for s in part]
    assert len(got) == len(want) and set(got) == want
    islands = 0
    while edges:
        islands += 1
        reached = {next(iter(edges))}
        while more := {e for e in edges - reached if any(e[0] == r[0] or e[1] == r[1] for r in reached)}:
            reached |= more
        edges -= reached
    assert len(found.components) == islands


@pytest.mark.parametrize("seed", range(40))
def test_corners_by_trying_every_basis(seed: int) -> None:
    """Each choice of as many equalities as there are strategies, where it has one solution that keeps the others."""
    rows = [[int(x) + 1 for x in row] for row in ties(seed, 3, 6)[0]]
    m = len(rows[0])
    faces = [([Fraction(int(i == k)) for i in range(m)], Fraction(0)) for k in range(m)]
    faces += [([Fraction(x) for x in row], Fraction(1)) for row in rows]
    want = set()
    for chosen in combinations(faces, m):
        x = supports.solved([list(a) for a, _ in chosen], [b for _, b in chosen])
        if x and any(x) and min(x) >= 0 and all(sum(a * b for a, b in zip(r, x, strict=True)) <= 1 for r in rows):
            tight = [sum(a * b for a, b in zip(face, x, strict=True)) == b0 for face, b0 in faces]
            want.add((tuple(x), sum(1 << k for k, on in enumerate(tight) if on)))
    got = [(tuple(Fraction(w, c.scale) for w in c.weights), c.labels) for c in corners(rows, m, lambda steps: None)]
    assert len(got) == len(want) and set(got) == want


def test_a_degenerate_game_is_said_to_be_so() -> None:
    """Against the top row the second does not care what it plays: a line of equilibria."""
    found = all_equilibria(table([[1, 1], [1, 0]], [[1, 1], [0, 1]]))
    assert found.degenerate and not found.finite
    assert len(found.components) == 1
    assert "degenerate" in str(found) and "maximal Nash subset" in str(found)
    assert gain([[Fraction(1)] * 2, [Fraction(1), Fraction(0)]], [[Fraction(1)] * 2, [Fraction(0), Fraction(1)]],
                (1, 0), (Fraction(1, 3), Fraction(2, 3))) == 0  # fmt: skip


def test_nothing_at_stake() -> None:
    """All payoffs alike: every pair is an equilibrium, one Nash subset spanned by the pure strategies."""
    found = all_equilibria(table([[2] * 3] * 2, [[5] * 3] * 2))
    assert len(found.extreme) == 6 and found.degenerate
    ((subset,),) = found.components
    assert (set(subset.first), set(subset.second)) == ({pure(i, 2) for i in (0, 1)}, {pure(j, 3) for j in range(3)})


def test_two_subsets_that_meet_make_one_component() -> None:
    """The top row with any answer, and the left column with any row: they share their corner."""
    found = all_equilibria(table([[1, 1], [1, 0]], [[0, 0], [1, 0]]))
    assert [[(len(s.first), len(s.second)) for s in part] for part in found.components] == [[(1, 2), (2, 1)]]


SMALL = [seed for seed in range(30) if strategies(zero_sum(seed)) <= 60]


def test_there_are_enough_small_trees() -> None:
    assert len(SMALL) >= 20


@pytest.mark.parametrize("seed", SMALL)
def test_zero_sum_trees_have_the_value_of_the_linear_programme(seed: int) -> None:
    tree = zero_sum(seed)
    found = all_equilibria(tree)
    (value,) = {e.values for e in found.extreme}
    assert value[0] + value[1] == 0
    assert float(value[0]) == pytest.approx(solve_zero_sum(tree).values[0], abs=1e-9)
    for e in found.extreme[:4]:
        _is_equilibrium(tree, e)


def _is_equilibrium(tree: Any, e: Equilibrium) -> None:
    assert e.profile is not None
    profile = list(e.profile)
    assert trees.play_out(tree, profile) == list(e.values)
    assert [trees.best_by_trying(tree, profile, i) for i in (1, 2)] == list(e.values)
    judged = certify_tree(tree, np.array([float(p) for p in profile]))
    assert judged.sound and judged.exploitability < 1e-9


def test_myersons_card_game() -> None:
    """The card game of Myerson 1991, section 2.1: raise with black 1/3 of the time, meet 2/3 of the time, value 1/3."""
    tree = trees.card()
    (e,) = all_equilibria(tree).extreme
    assert e.profile == tuple(Fraction(x) for x in ("1/2", "1/2", "1", "0", "1/3", "2/3", "2/3", "1/3"))
    assert e.values == (Fraction(1, 3), Fraction(-1, 3))
    _is_equilibrium(tree, e)


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(SizeError, match=r"X413.*Kuhn poker take more than 100,000 steps(.|\n)*raise `budget`"):
        all_equilibria(kuhn(), budget=100_000)
    game = CLOSED[0][0]
    spent = all_equilibria(game).steps
    assert all_equilibria(game, budget=spent).steps == spent
    with pytest.raises(SizeError) as caught:
        all_equilibria(game, budget=spent - 1)
    assert [d.code for d in caught.value.diagnostics] == ["X413"]


def test_what_the_method_does_not_solve_is_refused() -> None:
    with pytest.raises(ScenarioError, match="X411"):
        all_equilibria(build("three", ["A", "B", "C"], pays(0, 0, 0)))
    with pytest.raises(ScenarioError, match="X201"):
        all_equilibria(trees.forgetful())


def test_a_tree_where_one_has_no_choice() -> None:
    (e,) = all_equilibria(build("one", ["A", "B"], move("A", "s", l=pays(1, 5), r=pays("1/3", 7)))).extreme
    assert (e.first, e.second, e.values) == (pure(0, 2), (Fraction(1),), (1, 5))


@pytest.mark.oracle
@pytest.mark.parametrize("largest", [1, 1000])
def test_gambit_finds_the_same_fractions(largest: int) -> None:
    gambit = pytest.importorskip("pygambit", reason="needs the oracle pygambit")
    for seed in range(100, 130):
        game, _, _ = random_table(seed, largest)
        other = gambit.read_nfg(io.StringIO(nfg_text(game)))
        theirs = {
            tuple(tuple(Fraction(str(e[s])) for s in player.strategies) for player in other.players)
            for e in gambit.nash.enummixed_solve(other, rational=True).equilibria
        }
        assert pairs(all_equilibria(game)) == theirs, seed


@pytest.mark.slow
@pytest.mark.oracle
def test_gambit_finds_the_same_values_of_trees() -> None:
    gambit = pytest.importorskip("pygambit", reason="needs the oracle pygambit")
    small = [s for s in range(60) if strategies(trees.random_tree(s, depth=4)) <= 60]
    assert len(small) >= 15
    for seed in small[:15]:
        tree = trees.random_tree(seed, depth=4)
        other = gambit.read_efg(io.StringIO(efg_text(tree)))
        theirs = sorted(
            tuple(Fraction(str(e.payoff(player))) for player in other.players)
            for e in gambit.nash.enummixed_solve(other, rational=True).equilibria
        )
        assert sorted(e.values for e in all_equilibria(tree).extreme) == theirs, seed
