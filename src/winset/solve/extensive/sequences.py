"""The sequence form of a two-player tree (Koller, Megiddo and von Stengel 1996).

With perfect recall a player's plan is one number for each of its sequences: the probability that its own choices lead
there. What a player expects is linear in its own plan and in the other's; the matrix of it has an entry for each pair
of sequences behind which something is paid, weighted by chance's probability.

Sequence 0 of a player is the empty one; the others end with one of its actions each, set by set, in an order in which
every set comes after those that the player passes before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.language.rules.catalogue import complete
from winset.tree.recall import with_perfect_recall
from winset.tree.tree import CHANCE, TERMINAL, Floats, Ints, Tree

EVEN = 1e-9
"""Sums of payoffs that differ by less, relative to the largest payoff, count as equal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """A player's sequences and information sets.

    Attributes:
        actions: (W - 1,) the tree's number of the action that ends sequence 1, 2, …
        sequence: (A + 1,) the sequence that ends with action a, at a + 1; 0 for none.
        leads: (sets,) the sequence that leads to each of its sets.
        spans: (sets + 1,) the actions of the k-th set end sequences spans[k] to spans[k + 1].
        layers: (own moves + 1,) sets layers[m] to layers[m + 1] have m of its own sets before them.
    """

    actions: Ints
    sequence: Ints
    leads: Ints
    spans: Ints
    layers: Ints

    @property
    def width(self) -> int:
        """W, the empty sequence included."""
        return len(self.actions) + 1


def zero_sum_sides(tree: Tree) -> tuple[tuple[Side, Side], Ints]:
    """The sequences of both players, and (N, P) the last action of each before a node, -1 none.

    Raises:
        ScenarioError: other than two players, payoffs that do not add up to a constant, or a player that forgets.
    """
    if len(tree.players) != 2:
        raise ScenarioError([complete(Diagnostic(
            code="X411", message=f"the game has {len(tree.players)} players, and the method solves games of two",
        ))])  # fmt: skip
    total = tree.node_payoff().sum(axis=1)
    for d in range(1, tree.depth):
        rows = np.arange(tree.level[d], tree.level[d + 1])
        total[rows] += total[tree.parent[rows]]
    ends = np.flatnonzero(tree.player == TERMINAL)
    low, high = ends[np.argmin(total[ends])], ends[np.argmax(total[ends])]
    if total[high] - total[low] > EVEN * np.max(np.abs(tree.payoff), initial=1e-300):
        raise ScenarioError([complete(Diagnostic(
            code="X412", message="what both players get does not add up to the same everywhere",
            example={tree.path_name(int(n)): f"{total[n]:.10g} in sum" for n in (low, high)},
        ))])  # fmt: skip
    found = with_perfect_recall(tree, "the sequence form")
    before = found.before.astype(np.int64)
    return (_side(tree, 1, before), _side(tree, 2, before)), found.last.astype(np.int64)


def _side(tree: Tree, player: int, before: Ints) -> Side:
    sets = np.flatnonzero(tree.set_player == player)
    above = np.where(before[sets] >= 0, tree.set_of[before[sets]], -1).astype(np.int64)
    over = np.full(tree.sets, -1, dtype=np.int64)
    over[sets] = above
    moves = np.zeros(len(sets), dtype=np.int64)
    while np.any(above >= 0):
        moves += above >= 0
        above = np.where(above >= 0, over[above], -1)
    order = np.argsort(moves, kind="stable")
    sets, moves = sets[order], moves[order]
    sizes = np.diff(tree.set_first)[sets]
    spans = np.concatenate([[1], 1 + np.cumsum(sizes)]).astype(np.int64)
    actions = np.repeat(tree.set_first[sets] - spans[:-1], sizes) + np.arange(1, spans[-1])
    sequence = np.zeros(tree.actions + 1, dtype=np.int64)
    sequence[actions + 1] = np.arange(1, len(actions) + 1)
    layers = np.searchsorted(moves, np.arange(int(moves.max(initial=-1)) + 2))
    return Side(actions=actions, sequence=sequence, leads=sequence[before[sets] + 1], spans=spans, layers=layers)


def paid_at(tree: Tree, sides: tuple[Side, Side], last: Ints) -> tuple[tuple[Ints, Ints], Floats]:
    """What nodes pay: the pair of sequences that lead to each, and (nodes, 2) payoffs times chance's probability."""
    weight = np.ones(tree.nodes)
    for d in range(1, tree.depth):
        rows = np.arange(tree.level[d], tree.level[d + 1])
        above = tree.parent[rows]
        here = np.where(tree.player[above] == CHANCE, tree.chance[tree.arrived[rows]], 1.0)
        weight[rows] = weight[above] * here
    nodes = np.flatnonzero((tree.outcome >= 0) & (weight > 0))
    at = (sides[0].sequence[last[nodes, 0] + 1], sides[1].sequence[last[nodes, 1] + 1])
    return at, weight[nodes, None] * tree.payoff[tree.outcome[nodes]]


def choices(side: Side, plan: Floats, profile: Floats, *, noise: float = 0.0) -> None:
    """Writes the choices that a plan makes at each set; all alike where it never comes to a set.

    Args:
        side: of the player.
        plan: (W,) weights of its sequences, those of the empty one 1.
        profile: (A,) the player's part is overwritten.
        noise: weights below it count as none, and a set to which less than a hundred times as much leads is one to
            which the plan never comes.
    """
    if not len(side.leads):
        return
    sizes = np.diff(side.spans)
    weights = np.where(plan[1:] > noise, plan[1:], 0.0)
    total = np.repeat(np.add.reduceat(weights, side.spans[:-1] - 1), sizes)
    came = total > 100 * noise
    profile[side.actions] = np.where(came, weights / np.where(came, total, 1.0), np.repeat(1.0 / sizes, sizes))


def plan_of(side: Side, profile: Floats) -> Floats:
    """(W,) the plan that a profile's choices make."""
    out = np.ones(side.width)
    out[1:] = profile[side.actions]
    for low, high in zip(side.layers[:-1], side.layers[1:], strict=True):
        span = slice(side.spans[low], side.spans[high])
        out[span] *= np.repeat(out[side.leads[low:high]], np.diff(side.spans[low : high + 1]))
    return out


def best_worth(side: Side, worth: Floats) -> float:
    """The most that a plan gets where each sequence is worth this much by itself."""
    total = worth.copy()
    for low, high in zip(side.layers[-2::-1], side.layers[:0:-1], strict=True):
        tops = np.maximum.reduceat(total[: side.spans[high]], side.spans[low:high])
        np.add.at(total, side.leads[low:high], tops)
    return float(total[0])
