"""Logit equilibria of a tree at precisions at which errors no longer show, continued from its logit path.

`solve_logit` follows the principal branch from λ = 0 as far as is asked. From there this module goes on: the unknowns
are log-odds, beliefs are computed from logarithms (so that no probability is too small to have a ratio), and Newton's
method solves `log-odds / λ = difference in what the actions are worth` at λ a few times larger each time. Where a set
mixes in the limit its log-odds stay, where it does not they grow with λ. At λ = 10^10 a mixed probability is off its
limit by the order of 10^-10, and `certify_tree`, which shares nothing with this, says what could still be gained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from winset.base.errors import SolveError
from winset.certify.extensive import TreeCertificate, certify_tree
from winset.solve.extensive.logit import solve_logit
from winset.tree.tree import CHANCE, Floats, Ints, Tree

FAR = 5e9
GROWTH = 8.0
MOST_ROUNDS = 10
LEAST_GROWTH = 1.0001
MOST_GAIN = 1e-9
MIXED, LONGEST = 10.0, 1.5
"""Log-odds up to which a set counts as mixed, and the longest step of Newton's there."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Limit:
    """A profile at a very high precision.

    Attributes:
        tree: of what.
        profile: (A,) probabilities.
        precision: λ.
        certificate: of the profile.
    """

    tree: Tree
    profile: Floats
    precision: float
    certificate: TreeCertificate

    def probability(self, player: str, action: str, *, at: str) -> float:
        """Of an action at the set of a player whose label is `at`.

        Raises:
            KeyError: there is no such set or action.
        """
        return float(self.profile[action_at(self.tree, player, action, at=at)])

    def better(self, player: str, action: str, other: str, *, at: str) -> float:
        """By how much an action is worth more than another at a set, as the certificate has it."""
        first, second = (action_at(self.tree, player, a, at=at) for a in (action, other))
        return float(self.certificate.action_value[first] - self.certificate.action_value[second])

    def reached(self, **types: str) -> Floats:
        """(N,) probability of each node; `types`: given that players are of these types."""
        tree, weight = self.tree, self.profile.copy()
        for player, kind in types.items():
            for a in np.flatnonzero(tree.is_chance):
                if tree.set_label[tree.set_of[a]].startswith(f"type of {player}"):
                    weight[a] = float(tree.action_label[a] == kind)
        out = np.ones(tree.nodes)
        for d in range(1, tree.depth):
            a, b = tree.level[d], tree.level[d + 1]
            out[a:b] = out[tree.parent[a:b]] * weight[tree.arrived[a:b]]
        return out

    def payoff(self, player: str, kind: str) -> float:
        """What a player expects from the start if it is of this type."""
        paid = self.tree.node_payoff()[:, self.tree.players.index(player)]
        return float(self.reached(**{player: kind}) @ paid)

    def chance_of(self, action: str, round_: int, **types: str) -> float:
        """Probability that an action is played in a round."""
        tree, reached = self.tree, self.reached(**types)
        return float(sum(
            reached[n] for n in range(1, tree.nodes)
            if tree.action_label[tree.arrived[n]] == action
            and tree.set_label[tree.set_of[tree.arrived[n]]].startswith(f"round {round_}:")
        ))  # fmt: skip


def action_at(tree: Tree, player: str, action: str, *, at: str) -> int:
    """The number of an action, by the names of the mover (without its round), the set and the action.

    Raises:
        KeyError: there is none, or there are several.
    """
    found = [
        a
        for h in range(tree.sets)
        if tree.set_player[h] != CHANCE
        and tree.set_label[h] == at
        and tree.player_name(int(tree.set_player[h])).split(" (")[0] == player
        for a in range(int(tree.set_first[h]), int(tree.set_first[h + 1]))
        if tree.action_label[a] == action
    ]
    if len(found) != 1:
        raise KeyError(f"{len(found)} actions {action!r} of {player!r} at {at!r}")
    return found[0]


def limit_of(tree: Tree, *, begin: float, far: float = FAR, gain: float = MOST_GAIN) -> Limit:
    """The principal branch, followed to λ = `begin` and continued to λ = `far`.

    Args:
        tree: of perfect recall.
        begin: a λ at which it shows which actions will be played in the limit.
        far: the λ to reach.
        gain: most that somebody may gain in the end by changing what is done at one set.

    Raises:
        SolveError: the branch was lost, or somebody could gain more.
    """
    board = _Board(tree)
    point = board.newton(np.log(np.maximum(solve_logit(tree, precision=begin).profile, 1e-300)), begin, 1.0)
    reached, growth = begin, GROWTH
    while point is not None and reached < far:
        ahead = min(far, reached * growth)
        found = board.newton(point, reached, ahead / reached)
        if found is not None:
            point, reached, growth = found, ahead, min(GROWTH, growth**1.5)
        elif growth > LEAST_GROWTH:
            growth = growth**0.5
        else:
            point = None
    if point is None:
        raise SolveError(f"the branch was lost at λ = {reached:g}", None)
    profile = np.where(tree.is_chance, tree.chance, np.exp(point))
    certificate = certify_tree(tree, profile)
    most = float(np.nanmax(certificate.agent_gain, initial=0.0))
    if not most <= gain:
        raise SolveError(f"at λ = {far:g} a change at one set would gain {most:.2g}", None)
    return Limit(tree=tree, profile=profile, precision=far, certificate=certificate)


def crossing(function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-9) -> float:
    """Where a function that differs in sign at the ends is zero, by false position.

    The value at an end that stays is halved: few evaluations where the function is smooth (Dowell and Jarratt 1971,
    the Illinois method).

    Raises:
        ValueError: it has the same sign at both ends.
    """
    f_low, f_high = function(low), function(high)
    if f_low * f_high > 0:
        raise ValueError(f"the function is {f_low:g} at {low:g} and {f_high:g} at {high:g}")
    side = 0
    for _ in range(100):
        if f_low == 0 or f_high == 0 or high - low < tolerance:
            break
        middle = high - f_high * (high - low) / (f_high - f_low)
        value = function(middle)
        if abs(value) < tolerance:
            return middle
        if value * f_high > 0:
            high, f_high, f_low, side = middle, value, f_low / 2 if side == 1 else f_low, 1
        else:
            low, f_low, f_high, side = middle, value, f_high / 2 if side == -1 else f_high, -1
    return low if abs(f_low) < abs(f_high) else high


class _Board:
    """The equations of one tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.paid = tree.node_payoff()
        self.starts, self.members = tree.members
        below = np.arange(1, tree.nodes)
        self.below = below[np.argsort(tree.arrived[below], kind="stable")]
        self.below_starts = np.searchsorted(tree.arrived[self.below], np.arange(tree.actions))
        self.whose = np.maximum(tree.player[tree.parent[self.below]] - 1, 0)
        self.players = np.flatnonzero(tree.set_player != CHANCE)

    def worth(self, ell: Floats) -> tuple[Floats, Floats, Floats]:
        """What each action is worth at its set (A,), the nodes' shares of their sets (N,), and their values (N, P).

        `ell` (A,) are log-probabilities."""
        tree, p = self.tree, np.exp(ell)
        reach, value = np.zeros(tree.nodes), self.paid.copy()
        for d in range(1, tree.depth):
            a, b = tree.level[d], tree.level[d + 1]
            reach[a:b] = reach[tree.parent[a:b]] + ell[tree.arrived[a:b]]
        for d in range(tree.depth - 2, -1, -1):
            nodes = np.arange(tree.level[d], tree.level[d + 1])
            nodes = nodes[tree.first[nodes + 1] > tree.first[nodes]]
            a, b = tree.level[d + 1], tree.level[d + 2]
            value[nodes] += np.add.reduceat(p[tree.arrived[a:b], None] * value[a:b], tree.first[nodes] - a)
        at = self.members
        sizes, share = np.diff(self.starts), np.zeros(tree.nodes)
        raised = np.exp(reach[at] - np.repeat(np.maximum.reduceat(reach[at], self.starts[:-1]), sizes))
        share[at] = raised / np.repeat(np.add.reduceat(raised, self.starts[:-1]), sizes)
        coming = share[tree.parent[self.below]] * value[self.below, self.whose]
        return np.add.reduceat(coming, self.below_starts), share, value

    def newton(self, ell: Floats, lam: float, growth: float) -> Floats | None:
        """Log-probabilities of the logit equilibrium at λ * growth next to that at λ, or None."""
        free, base = self._free(ell)
        z = ell[free] - ell[base]
        if growth > 1.0:
            z = z + (growth - 1.0) * self._step(ell, free, base, lam, z / lam)
            lam *= growth
        noise = max(1e-8, 1e-15 * lam * float(np.abs(self.paid).max()))  # of log-odds, where actions are worth the same
        for _ in range(MOST_ROUNDS):
            ell = self._normal(ell, free, base, z)
            step = self._step(ell, free, base, lam, None)
            if not np.all(np.isfinite(step)):
                return None
            z = z + np.where(np.abs(z) < MIXED, np.clip(step, -LONGEST, LONGEST), step)
            if np.all(np.abs(step) <= np.maximum(noise, 1e-5 * (np.abs(z) - MIXED))):
                return self._normal(ell, free, base, z)
        return None

    def _free(self, ell: Floats) -> tuple[Ints, Ints]:
        """The actions whose log-odds are unknown, and for each the likeliest action of its set."""
        tree, free, base = self.tree, [], []
        for h in self.players:
            span = np.arange(tree.set_first[h], tree.set_first[h + 1])
            best = span[int(np.argmax(ell[span]))]
            others = span[span != best]
            free.append(others)
            base.append(np.full(len(others), best))
        return np.concatenate(free), np.concatenate(base)

    def _normal(self, ell: Floats, free: Ints, base: Ints, z: Floats) -> Floats:
        """(A,) log-probabilities at these log-odds."""
        tree, first = self.tree, self.tree.set_first[:-1]
        out = ell.copy()
        out[base] = 0.0
        out[free] = z
        top = np.maximum.reduceat(out, first)[tree.set_of]
        total = np.log(np.add.reduceat(np.exp(out - top), first))[tree.set_of] + top
        return np.where(tree.is_chance, ell, out - total)

    def _step(self, ell: Floats, free: Ints, base: Ints, lam: float, right: Floats | None) -> Floats:
        """Changes of log-odds for a right-hand side, by default Newton's; NaN where the matrix is singular."""
        tree = self.tree
        worth, share, value = self.worth(ell)
        entries = _Entries(tree.actions + tree.nodes * (1 + len(tree.players)))
        # the rows of log-odds, brought to one size
        scale = np.minimum(lam, 1.0 / np.maximum(np.exp(ell[free]), 1e-300))
        self._choices(entries, free, base, scale, lam, worth, share, value)
        self._bookkeeping(entries, free, base, np.exp(ell), value)
        missing = worth[free] - worth[base] - (ell[free] - ell[base]) / lam if right is None else right
        x = entries.solve(free, scale * missing)
        return np.asarray(x[free] - x[base])

    def _choices(
        self, entries: _Entries, free: Ints, base: Ints, scale: Floats, lam: float, worth: Floats, share: Floats,
        value: Floats,
    ) -> None:  # fmt: skip
        """One row for each action but the base of its set: log-odds / λ = what it is worth more."""
        tree = self.tree
        size, lead = np.zeros(tree.actions), np.full(tree.actions, -1)
        size[free], lead[free] = scale, base
        entries.put(free, free, scale / lam)
        entries.put(free, base, -scale / lam)
        c = 1 + np.flatnonzero(lead[tree.arrived[1:]] >= 0)  # the nodes behind these actions
        a, m = tree.arrived[c].astype(np.int64), tree.parent[c].astype(np.int64)
        other = tree.first[m] + lead[a] - tree.set_first[tree.set_of[a]]  # those behind the base instead
        who = tree.player[m].astype(np.int64) - 1
        entries.put(a, self.value_of(c, who), -size[a] * share[m])
        entries.put(a, self.value_of(other, who), size[a] * share[m])
        apart = value[c, who] - worth[a] - value[other, who] + worth[lead[a]]
        entries.put(a, tree.actions + m, -size[a] * share[m] * apart)

    def _bookkeeping(self, entries: _Entries, free: Ints, base: Ints, p: Floats, value: Floats) -> None:
        """Probabilities of a set sum to one; how likely a node is, and what it is worth, follow from its neighbours."""
        tree = self.tree
        heads = np.setdiff1d(np.arange(tree.actions), free)  # the base of each set, and chance's actions
        entries.put(heads, heads, np.where(tree.is_chance[heads], 1.0, p[heads]))
        entries.put(base, free, p[free])
        nodes = np.arange(tree.nodes)
        below, parent, action = nodes[1:], tree.parent[1:].astype(np.int64), tree.arrived[1:].astype(np.int64)
        entries.put(tree.actions + nodes, tree.actions + nodes, np.ones(tree.nodes))
        entries.put(tree.actions + below, tree.actions + parent, -np.ones(len(below)))
        entries.put(tree.actions + below, action, -np.ones(len(below)))
        for i in range(len(tree.players)):
            entries.put(self.value_of(nodes, i), self.value_of(nodes, i), np.ones(tree.nodes))
            entries.put(self.value_of(parent, i), self.value_of(below, i), -p[action])
            entries.put(self.value_of(parent, i), action, -p[action] * value[below, i])

    def value_of(self, node: Ints, player: Ints | int) -> Ints:
        """The number of the unknown that is a node's value to a player: behind the actions' and the nodes' own."""
        tree = self.tree
        return np.asarray(tree.actions + tree.nodes + node * len(tree.players) + player)


class _Entries:
    """A sparse matrix in the making.

    Beliefs and values are unknowns of their own, with an equation each, so that every equation is local: the matrix
    is as sparse as the tree, and so are its factors.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows: list[Ints] = []
        self.cols: list[Ints] = []
        self.data: list[Floats] = []

    def put(self, row: Ints, col: Ints, entry: Floats) -> None:
        """Adds entries; those at the same place are summed."""
        self.rows.append(row)
        self.cols.append(col)
        self.data.append(entry)

    def solve(self, rows: Ints, right: Floats) -> Floats:
        """The solution for a right-hand side that is 0 but in some rows; NaN where there is none."""
        sparse, linalg = import_module("scipy.sparse"), import_module("scipy.sparse.linalg")
        data, places = np.concatenate(self.data), (np.concatenate(self.rows), np.concatenate(self.cols))
        whole = np.zeros(self.size)
        whole[rows] = right
        try:
            return np.asarray(linalg.splu(sparse.csc_matrix((data, places), shape=(self.size, self.size))).solve(whole))
        except RuntimeError:  # singular
            return np.full(self.size, np.nan)
