"""All equilibria of small two-player games, in fractions.

Every equilibrium is a mixture within one of finitely many products of polytopes. Their corners are the extreme
equilibria: pairs of corners of the two best-response polytopes at which every strategy is either not played or a best
response (Mangasarian 1964; Avis, Rosenberg, Savani and von Stengel 2010, "Enumeration of Nash equilibria for
two-player games"). Sets of extreme equilibria in which every strategy of one side goes with every one of the other, as
large as can be, span the maximal Nash subsets (Millham 1974; Winkels 1979); those that meet make a component.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm

from winset.base.card import Card, Shown, few
from winset.base.card import Table as Shape
from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SizeError
from winset.language.rules.catalogue import complete
from winset.solve.extensive.corners import Corner, corners
from winset.solve.extensive.strategic import Strategy, Table, payoffs, pure_strategies
from winset.tree.recall import Recall, with_perfect_recall
from winset.tree.tree import CHANCE, NormalForm, Tree

Mixed = tuple[Fraction, ...]
BUDGET = 100_000_000
"""Steps that are made unless another number is asked for: of the order of ten seconds."""


@dataclass(frozen=True)
class Equilibrium:
    """A pair of mixed strategies.

    Attributes:
        first, second: probability of each strategy.
        values: what each player expects.
        profile: of a tree, probability of each action, chance's included; else None. Actions at sets that a player's
            own strategy never comes to are all alike.
    """

    first: Mixed
    second: Mixed
    values: tuple[Fraction, Fraction]
    profile: Mixed | None = None


@dataclass(frozen=True)
class NashSubset:
    """A maximal Nash subset: mixtures of `first` against mixtures of `second` are equilibria, each with each."""

    first: tuple[Mixed, ...]
    second: tuple[Mixed, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AllEquilibria(Shown):
    """The equilibria of a two-player game.

    Attributes:
        game: what was solved.
        strategies: labels of both players' strategies; of a tree, of its reduced strategic form.
        extreme: the extreme equilibria, in order of the first player's strategies.
        components: the connected sets of equilibria, each as its maximal Nash subsets.
        degenerate: whether some mixed strategy has more best responses than it plays strategies. Without it the
            extreme equilibria are all there are, an odd number of them, each a component of its own.
        steps: made, of the budget.
    """

    game: Tree | NormalForm
    strategies: tuple[tuple[str, ...], tuple[str, ...]]
    extreme: tuple[Equilibrium, ...]
    components: tuple[tuple[NashSubset, ...], ...]
    degenerate: bool
    steps: int

    @property
    def finite(self) -> bool:
        """Whether the extreme equilibria are all there are."""
        return all(len(s.first) == len(s.second) == 1 for part in self.components for s in part)

    def card(self) -> Card:
        """What it shows of itself."""
        rows = tuple(
            (str(k), *(_said(names, mixed) for names, mixed in zip(self.strategies, (e.first, e.second), strict=True)),
             ", ".join(map(str, e.values)))
            for k, e in enumerate(self.extreme, 1)
        )  # fmt: skip
        count, parts = len(self.extreme), len(self.components)
        many = f"{count} extreme equilibri{'um' if count == 1 else 'a'} in {parts} component{'s' * (parts > 1)}"
        what = "mixtures within a maximal Nash subset are equilibria too"
        if self.finite:
            what = "there is no other equilibrium"
        notes = ("the game is degenerate: some strategy has more best responses than it mixes",) * self.degenerate
        return Card(
            title=f"{self.game.title or 'a game without a title'}: {many}",
            lines=(what,),
            tables=(Shape(columns=("", *self.game.players, "expect"), rows=few(rows, 40)),),
            notes=notes,
        )


def all_equilibria(game: Tree | NormalForm, *, budget: int = BUDGET) -> AllEquilibria:
    """All equilibria of a two-player game, exactly.

    A tree is solved in its reduced strategic form; where it keeps floats only, these are taken at their word.

    Args:
        game: a table, or a tree of perfect recall, of two players.
        budget: steps after which to give up.

    Raises:
        ScenarioError: other than two players, or a player that forgets.
        SizeError: the budget does not suffice.
    """
    if len(game.players) != 2:
        raise ScenarioError([complete(Diagnostic(
            code="X411", message=f"the game has {len(game.players)} players, and the method solves games of two",
        ))])  # fmt: skip
    purse = _Purse(game.title, budget)
    form: _TreeForm | None = None
    if isinstance(game, Tree):
        memory = with_perfect_recall(game, "the reduced strategic form")
        pure = tuple(pure_strategies(game, i, memory, purse.spend) for i in (1, 2))
        form = _TreeForm(game, memory, (pure[0], pure[1]))
        table = payoffs(game, memory, form.pure, purse.spend)
        names = tuple(tuple(_label(game, s) for s in side) for side in pure)
    else:
        table, names = _entries(game), tuple(game.strategies)
    first, second = _polytopes(table, purse.spend)
    pairs = _pairs(first, second, len(table), len(table[0]), purse.spend)
    mixed = tuple(tuple(_normal(c.weights) for c in side) for side in (first, second))
    extreme = tuple(_equilibrium(table, mixed[0][p], mixed[1][q], form) for p, q in pairs)
    return AllEquilibria(
        game=game,
        strategies=(names[0], names[1]),
        extreme=extreme,
        components=_components(pairs, (mixed[0], mixed[1]), purse.spend),
        degenerate=any(c.labels.bit_count() > len(c.weights) for side in (first, second) for c in side),
        steps=purse.spent,
    )


class _Purse:
    """Counts steps, and refuses to make more than the budget."""

    def __init__(self, title: str, budget: int) -> None:
        self.title, self.budget, self.spent = title or "the game", budget, 0

    def spend(self, steps: int) -> None:
        self.spent += steps
        if self.spent > self.budget:
            raise SizeError([complete(Diagnostic(
                code="X413", message=f"all equilibria of {self.title} take more than {self.budget:,} steps",
            ))])  # fmt: skip


@dataclass(frozen=True)
class _TreeForm:
    """A tree, and the pure strategies that its mixed ones mix."""

    tree: Tree
    memory: Recall
    pure: tuple[list[Strategy], list[Strategy]]

    def profile(self, first: Mixed, second: Mixed) -> Mixed:
        """Choices at each set that come to the same as the mixed strategies (Kuhn 1953)."""
        tree, weight = self.tree, [Fraction(0)] * self.tree.actions
        for pure, mixed in zip(self.pure, (first, second), strict=True):
            for strategy, p in zip(pure, mixed, strict=True):
                for a in strategy:
                    weight[a] += p
        out: list[Fraction] = []
        for h in range(tree.sets):
            span = range(tree.set_first[h], tree.set_first[h + 1])
            if tree.set_player[h] == CHANCE:
                known = tree.exact_chance
                out += [(known[a] or Fraction(0)) if known else Fraction(float(tree.chance[a])) for a in span]
                continue
            total = sum((weight[a] for a in span), Fraction(0))
            out += [weight[a] / total if total else Fraction(1, len(span)) for a in span]
        return tuple(out)


def _label(tree: Tree, strategy: Strategy) -> str:
    return ", ".join(tree.action_label[a] or str(a - tree.set_first[tree.set_of[a]] + 1) for a in strategy) or "nothing"


def _said(names: tuple[str, ...], mixed: Mixed) -> str:
    return "; ".join(f"{name} {p}" for name, p in zip(names, mixed, strict=True) if p)


def _entries(game: NormalForm) -> Table:
    rows, columns = game.shape
    flat = game.exact_payoff or tuple(Fraction(float(x)) for x in game.payoff.ravel())
    size = rows * columns
    return [[(flat[i * columns + j], flat[size + i * columns + j]) for j in range(columns)] for i in range(rows)]


def _polytopes(table: Table, spend: Callable[[int], None]) -> tuple[list[Corner], list[Corner]]:
    """Corners of both players' polytopes; the payoffs moved and stretched to positive whole numbers."""
    one = [[cell[0] for cell in row] for row in table]
    two = [list(column) for column in zip(*([cell[1] for cell in row] for row in table), strict=True)]
    return corners(_whole(two), len(table), spend), corners(_whole(one), len(table[0]), spend)


def _whole(rows: list[list[Fraction]]) -> list[list[int]]:
    least = min(x for row in rows for x in row)
    stretch = lcm(*(x.denominator for row in rows for x in row))
    return [[int((x - least) * stretch) + 1 for x in row] for row in rows]


def _pairs(
    first: list[Corner], second: list[Corner], rows: int, columns: int, spend: Callable[[int], None]
) -> list[tuple[int, int]]:
    """Corners that together have every label: each strategy is not played or a best response."""
    every = (1 << (rows + columns)) - 1
    low = (1 << columns) - 1
    turned = [((c.labels & low) << rows) | (c.labels >> columns) for c in second]
    found = []
    for p, corner in enumerate(first):
        spend(len(second))
        found += [(p, q) for q, labels in enumerate(turned) if corner.labels | labels == every]
    return found


def _normal(weights: Sequence[int]) -> Mixed:
    total = sum(weights)
    return tuple(Fraction(w, total) for w in weights)


def _equilibrium(table: Table, first: Mixed, second: Mixed, form: _TreeForm | None) -> Equilibrium:
    one = two = Fraction(0)
    for (p, row), (q, j) in product(zip(first, table, strict=True), ((q, j) for j, q in enumerate(second))):
        if p and q:
            one += p * q * row[j][0]
            two += p * q * row[j][1]
    return Equilibrium(first, second, (one, two), form.profile(first, second) if form else None)


def _components(
    pairs: list[tuple[int, int]], mixed: tuple[tuple[Mixed, ...], tuple[Mixed, ...]], spend: Callable[[int], None]
) -> tuple[tuple[NashSubset, ...], ...]:
    """Maximal Nash subsets by component, in order of their first equilibria.

    The answers that all strategies of a set of the first player share are intersections of the answers of each; every
    intersection that is not empty belongs to one maximal subset. Subsets that share only a strategy of the second
    player both meet, in the first's, the subset of all that it answers; so it is enough to compare the first's.
    """
    answers: dict[int, frozenset[int]] = {}
    for p, q in pairs:
        answers[p] = answers.get(p, frozenset()) | {q}
    closed: set[frozenset[int]] = set()
    for each in answers.values():
        spend(len(closed) + 1)
        closed |= {each & known for known in closed if each & known} | {each}
    subsets = []
    for shared in closed:
        spend(len(answers))
        subsets.append((tuple(p for p, each in answers.items() if shared <= each), tuple(sorted(shared))))
    parts: list[list[tuple[tuple[int, ...], tuple[int, ...]]]] = []
    for subset in sorted(subsets):
        spend(len(subsets))
        met = [part for part in parts if any(set(subset[0]) & set(s) for s, _ in part)]
        parts = [part for part in parts if part not in met] + [[*(s for part in met for s in part), subset]]
    return tuple(
        tuple(
            NashSubset(tuple(mixed[0][p] for p in s), tuple(mixed[1][q] for q in t)) for s, t in sorted(part)
        )
        for part in sorted(sorted(part) for part in parts)
    )  # fmt: skip
