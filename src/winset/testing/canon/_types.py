"""What the recipes with private types share: types in cells, formulas over one solution, trees from scenarios.

A type that is continuous in the literature is cut into cells of equal chance, each at its middle, and the offers lie at
multiples of half a cell, a hair off, so that nobody is indifferent; halving the cells then moves the answers by half as
much each time, and they are extrapolated with the order that they show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from winset.certify.extensive import TreeCertificate, certify_tree
from winset.game.compile import compile_game
from winset.language.expr import Number
from winset.language.scenario import Outcome, Scenario
from winset.solve.extensive.logit import solve_logit
from winset.study.asking import answer
from winset.study.formulas import Asker
from winset.study.solved import Study
from winset.testing.canon._tools import Floats, Points, observed_order, regrid, shelf
from winset.tree.from_game import Unfolded, unfold
from winset.tree.tree import CHANCE, TERMINAL, Tree

HAIR = 1e-10
"""By which offers miss the points of indifference."""
SHARP = {"lambda": 1e13}
"""A precision at which a difference of a hair is never missed."""
STEPS = (0.025, 0.0125, 0.00625)
"""Steps between offers; a cell of types is twice as wide."""


def told(scenario: Scenario | str, formulas: Sequence[str], values: Mapping[str, float]) -> list[float]:
    """The values of formulas over one solution of a scenario at other parameter values.

    Raises:
        ValueError: a formula has no value there.
    """
    one = shelf(scenario) if isinstance(scenario, str) else scenario
    asker = Asker(Study(scenario=one, values=dict(values)), grid_check=False)
    out = []
    for formula in formulas:
        got = answer(asker, formula, certificate=False)
        value = got.equilibria[0]["value"] if got.equilibria else got.value
        if value is None:
            raise ValueError(f"{formula} has no value: {got.undecided}")
        out.append(float(value))
    return out


def in_cells(scenario: Scenario, move: str, variable: str, count: int, points: Points) -> Scenario:
    """The scenario in which a move of chance draws one of `count` equally likely cells, and offers lie at `points`.

    The move's first outcome is the pattern of the others: it assigns the number of its cell to the variable."""

    def outcome(pattern: Outcome, k: int) -> Outcome:
        then = tuple(replace(a, value=Number(float(k))) for a in pattern.effect.then)
        return replace(pattern, name=f"c{k}", effect=replace(pattern.effect, then=then))

    moves = tuple(
        replace(m, outcomes=tuple(outcome(m.outcomes[0], k) for k in range(count))) if m.name == move else m
        for m in scenario.round
    )
    return regrid(replace(scenario, round=moves), {**points, variable: range(count)})


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Answers on three grids, each twice as fine: where they go, and the order of convergence that they show.

    Attributes:
        order: NaN where nothing moved.
    """

    value: float
    order: float


def limits(answer_at: Callable[[float], Sequence[float]], steps: Sequence[float] = STEPS) -> list[Limit]:
    """Limits of some answers as the step goes to 0, each twice as fine as the one before."""
    found = np.array([answer_at(step) for step in steps])
    return [Limit(value=at_zero(steps, column), order=_order(column)) for column in found.T]


def _order(column: Floats) -> float:
    moved = np.abs(np.diff(column)) > 1e-12
    return observed_order([float(x) for x in column[-3:]]) if moved[-2:].all() else float("nan")


def at_zero(steps: Sequence[float], values: Sequence[float] | Floats) -> float:
    """The limit of answers whose error has all whole powers of the step (Richardson 1911; by Neville's scheme)."""
    column, h = [float(v) for v in values], list(steps)
    for k in range(1, len(column)):
        column = [(h[i] * column[i + 1] - h[i + k] * column[i]) / (h[i] - h[i + k]) for i in range(len(column) - 1)]
    return column[0]


def crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is linear between two points is zero, from its values there, to rounding.

    Raises:
        ValueError: it has one sign at both.
    """
    return zero_between(low, high, function(low), function(high))


def zero_between(low: float, high: float, at_low: float, at_high: float) -> float:
    """Where a line is zero that has these values at two points.

    Raises:
        ValueError: they have one sign.
    """
    if at_low * at_high > 0:
        raise ValueError(f"{at_low:g} at {low:g} and {at_high:g} at {high:g} have one sign")
    return low + (high - low) * at_low / (at_low - at_high)


class Judged:
    """A tree on which profiles are written by hand and judged by the certificate.

    Args:
        tree: the game.
        unfolded: the scenario that it comes from, where it comes from one.
    """

    def __init__(self, tree: Tree, unfolded: Unfolded | None = None) -> None:
        self.tree, self.unfolded = tree, unfolded

    @classmethod
    def of(cls, scenario: Scenario | str, **values: float) -> Judged:
        """The tree of a scenario at other parameter values."""
        one = shelf(scenario) if isinstance(scenario, str) else scenario
        unfolded = unfold(compile_game(one, values=values))
        return cls(unfolded.tree, unfolded)

    @cached_property
    def sets(self) -> dict[tuple[str, str], int]:
        """Information sets of players, by the player's name and the set's label."""
        tree = self.tree
        players = (None, *tree.players)
        return {
            (str(players[tree.set_player[h]]), tree.set_label[h]): h
            for h in range(tree.sets)
            if tree.set_player[h] != CHANCE
        }

    def at(self, player: str, label: str) -> int:
        """The information set of a player with this label.

        Raises:
            KeyError: there is none.
        """
        return self.sets[player, label]

    def action(self, at: int, label: str) -> int:
        """The number of an action of a set.

        Raises:
            ValueError: it has no such action.
        """
        first, end = self.tree.set_first[at], self.tree.set_first[at + 1]
        return int(first) + self.tree.action_label[first:end].index(label)

    def profile(self, choice: Callable[[str, str], str | Mapping[str, float] | None]) -> Floats:
        """The profile in which each player does at each set what `choice` says.

        Args:
            choice: (player, label of the set) to an action, to probabilities of actions, or to None: all alike.
        """
        out = self.tree.uniform()
        for (player, label), h in self.sets.items():
            chosen = choice(player, label)
            if chosen is None:
                continue
            out[self.tree.set_first[h] : self.tree.set_first[h + 1]] = 0.0
            for action, probability in ({chosen: 1.0} if isinstance(chosen, str) else chosen).items():
                out[self.action(h, action)] = probability
        return out

    def principal(self, precision: float | None) -> Floats:
        """The logit profile on the principal branch: at a precision, or its limit as errors vanish."""
        found = solve_logit(self.tree, precision=precision)
        if precision is None and found.path is not None and found.path.limit is not None:
            return np.asarray(found.path.limit)
        return np.asarray(found.profile)

    def probability(self, profile: Floats, *happens: str) -> float:
        """Probability that actions with all these labels are taken on the way; each stands once on any path."""
        tree = self.tree
        reach, marked = np.ones(tree.nodes), np.zeros((tree.nodes, len(happens)), dtype=bool)
        for n in range(1, tree.nodes):
            above, arrived = tree.parent[n], tree.arrived[n]
            reach[n] = reach[above] * profile[arrived]
            marked[n] = marked[above] | np.array([tree.action_label[arrived] == label for label in happens])
        return float(reach[(tree.player == TERMINAL) & marked.all(axis=1)].sum())

    def judge(self, profile: Floats) -> TreeCertificate:
        """The certificate of a profile."""
        return certify_tree(self.tree, profile)

    def worst(self, profile: Floats) -> float:
        """The most that anybody gains: from the start, or by another choice at a set that the others let be reached.

        Sets that nobody comes to are judged by none of the two."""
        found = self.judge(profile)
        return float(max(np.nanmax(found.gain), np.nanmax(found.agent_gain)))
