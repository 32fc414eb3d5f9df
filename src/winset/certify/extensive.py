"""The certificate of a profile on a game tree: what it pays, who could gain, how far it is from a logit equilibrium.

Everything is computed from the definitions, by code that no solver shares. Payoffs are summed over all nodes by the
probability of being there. The most a player can get against the others is found from its own last set upwards:
with perfect recall, the worth of an action is what is paid before the player moves again, plus the best worth at each
set that the action leads to, all weighted by what the others and chance do (the recursion over sequences of von
Stengel 1996). At a single set, the worth of an action is the mean over its nodes of what follows, the nodes weighted
by the probability that the others and chance lead there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.base.card import Card, Shown, Table
from winset.tree.recall import forgetting, recall
from winset.tree.tree import CHANCE, Tree

Floats = NDArray[np.float64]

ROUNDING = -37.0
"""Logarithm of a weight that does not show beside 1."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TreeCertificate(Shown):
    """The measured quality of a profile.

    Attributes:
        tree: the game.
        payoffs: (P,) what each player expects.
        best: (P,) the most it can get against the others; NaN where a player forgets.
        gain: (P,) `best` less `payoffs`: 0 in a Nash equilibrium; in units of the payoffs.
        exploitability: the sum of the gains.
        action_value: (A,) what each action is worth at its set, all else as in the profile; NaN at chance's sets and
            at those of several nodes to which the others and chance never lead, or so seldom that numbers vanish.
        agent_gain: (H,) the most gained by changing what is done at one set only, given that play comes to it; NaN
            likewise.
        residual: largest difference between a probability and the logit response to the action values, at
            `precision`; NaN where none is asked for.
        residual_at: (A,) that difference at each action; None where none is asked for.
        precision: (H,) λ at each set, or None.
        sum_error: largest difference between 1 and the sum of a set's probabilities.
        chance_error: largest difference between chance's law and what the profile holds in its place.
        least: smallest probability in the profile; below 0 it is none.
        unreached: information sets of players whose actions have no value for that reason.
        forgotten: who forgets what, where somebody does; gains over whole strategies are then not known.
    """

    tree: Tree
    payoffs: Floats
    best: Floats
    gain: Floats
    exploitability: float
    action_value: Floats
    agent_gain: Floats
    residual: float
    residual_at: Floats | None
    precision: Floats | None
    sum_error: float
    chance_error: float
    least: float
    unreached: int
    forgotten: str = ""

    @property
    def sound(self) -> bool:
        """Whether the profile is one: probabilities, summing to 1 at each set, and chance's own law."""
        return self.sum_error <= 1e-9 and self.chance_error <= 1e-12 and self.least >= 0

    def card(self) -> Card:
        """What it shows of itself."""
        rows = [
            (name or f"player {i}", f"{u:.10g}", f"{b:.10g}", f"{g:.2e}")
            for i, (name, u, b, g) in enumerate(
                zip(self.tree.players, self.payoffs, self.best, self.gain, strict=True), 1
            )
        ]
        facts = [("most gained at one set", f"{_most(self.agent_gain):.2e}"),
                 ("largest error of a sum of probabilities", f"{self.sum_error:.1e}")]  # fmt: skip
        if self.precision is not None:
            facts.append(("logit residual", f"{self.residual:.2e}"))
        if self.unreached:
            facts.append(("sets of several nodes never come to by others and chance", f"{self.unreached:,}"))
        notes = [self.forgotten] if self.forgotten else []
        if not self.sound:
            notes.append("this is no profile: its probabilities are not those of a choice at each set")
        return Card(
            title=f"certificate of a profile of {self.tree.title or 'a game'}",
            tables=(
                Table(columns=("player", "payoff", "best against the others", "gain"), rows=tuple(rows)),
                Table(rows=tuple(facts)),
            ),
            notes=tuple(notes),
        )


def certify_tree(tree: Tree, profile: Floats, *, precision: float | Floats | None = None) -> TreeCertificate:
    """Measures a profile.

    Args:
        tree: the game.
        profile: (A,) a probability for every action, chance's included.
        precision: λ, where the profile is meant to be a logit equilibrium: one number, or (H,) one for each
            information set (chance's are not read).

    Raises:
        ValueError: the profile has another length or holds what is no number, or the precisions have.
    """
    sigma = np.asarray(profile, dtype=np.float64)
    if sigma.shape != (tree.actions,) or not np.all(np.isfinite(sigma)):
        raise ValueError(f"a profile holds {tree.actions:,} finite numbers, one for each action")
    paid = tree.node_payoff()
    memory = recall(tree)
    reach = _forward(tree, sigma)
    payoffs = reach @ paid
    follows = _backward(tree, sigma, paid)
    count = len(tree.players)
    best, action_value = np.full(count, np.nan), np.full(tree.actions, np.nan)
    for i in range(count):
        others = np.where(tree.set_player[tree.set_of] == i + 1, 1.0, sigma)
        if memory.perfect:
            best[i] = _best(tree, i + 1, _forward(tree, others) * paid[:, i], memory.last[:, i], memory.before)
        lead = _log_forward(tree, others if memory.perfect else sigma, erring=precision is not None)
        _action_values(tree, i + 1, lead, follows[:, i], action_value)
    mean = _by_set(tree, sigma * np.nan_to_num(action_value))
    known = ~np.isnan(np.maximum.reduceat(action_value, tree.set_first[:-1])) if tree.sets else np.zeros(0, dtype=bool)
    top = np.maximum.reduceat(action_value, tree.set_first[:-1]) if tree.sets else np.zeros(0)
    lam = None if precision is None else np.broadcast_to(np.asarray(precision, dtype=np.float64), (tree.sets,))
    apart = None if lam is None else _apart(tree, sigma, action_value, top, lam)
    chance = tree.is_chance
    gain = best - payoffs
    return TreeCertificate(
        tree=tree,
        payoffs=payoffs,
        best=best,
        gain=gain,
        exploitability=float(gain.sum()),
        action_value=action_value,
        agent_gain=np.where(known, top - mean, np.nan),
        residual=np.nan if apart is None else _most(apart),
        residual_at=apart,
        precision=lam,
        sum_error=float(np.max(np.abs(_by_set(tree, sigma) - 1.0), initial=0.0)),
        chance_error=float(np.max(np.abs(sigma - tree.chance)[chance], initial=0.0)),
        least=float(sigma.min(initial=1.0)),
        unreached=int(np.sum(~known & (tree.set_player != CHANCE))),
        forgotten="" if memory.perfect else forgetting(tree, memory, "a best response over whole strategies").message,
    )


def _most(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.max(initial=0.0))


def _by_set(tree: Tree, values: Floats) -> Floats:
    """(H,) sums over the actions of each set."""
    return np.add.reduceat(values, tree.set_first[:-1]) if tree.sets else np.zeros(0)


def _forward(tree: Tree, weight: Floats) -> Floats:
    """(N,) the product of the weights of the actions that lead to a node."""
    out = np.ones(tree.nodes)
    for d in range(1, tree.depth):
        a, b = tree.level[d], tree.level[d + 1]
        out[a:b] = out[tree.parent[a:b]] * weight[tree.arrived[a:b]]
    return out


def _backward(tree: Tree, sigma: Floats, paid: Floats) -> Floats:
    """(N, P) what is paid at a node and on average behind it."""
    out = paid.copy()
    for d in range(tree.depth - 1, 0, -1):
        a, b = tree.level[d], tree.level[d + 1]
        np.add.at(out, tree.parent[a:b], sigma[tree.arrived[a:b], None] * out[a:b])
    return out


def _best(tree: Tree, player: int, due: Floats, last: NDArray[np.int32], before: NDArray[np.int32]) -> float:
    """The most a player can get; `due` (N,) is what each node pays it, weighted by the others and chance."""
    worth = np.bincount(last + 1, weights=due, minlength=tree.actions + 1)  # 0: before its first move
    mine = np.flatnonzero(tree.set_player == player)
    moves = np.zeros(tree.sets, dtype=np.int64)  # own moves before the set
    for h in mine[np.argsort(_first_node(tree)[mine], kind="stable")]:
        moves[h] = moves[tree.set_of[before[h]]] + 1 if before[h] >= 0 else 0
    for h in mine[np.argsort(-moves[mine], kind="stable")]:
        worth[before[h] + 1] += worth[tree.set_first[h] + 1 : tree.set_first[h + 1] + 1].max()
    return float(worth[0])


def _first_node(tree: Tree) -> NDArray[np.int64]:
    starts, members = tree.members
    return np.minimum.reduceat(members, starts[:-1]).astype(np.int64) if tree.sets else np.zeros(0, dtype=np.int64)


def _log_forward(tree: Tree, weight: Floats, *, erring: bool) -> tuple[Floats, Floats]:
    """(N,) the logarithm of `_forward`, which does not vanish, and (N,) the most that it can be.

    The two differ where players err and a probability of theirs is too small for a number: there it is not 0."""
    least = np.finfo(np.float64).tiny
    sound = weight >= least
    logs = np.full(tree.actions, -np.inf)
    logs[sound] = np.log(weight[sound])
    most = np.where(sound | tree.is_chance, logs, np.log(least)) if erring else logs
    low, high = np.zeros(tree.nodes), np.zeros(tree.nodes)
    for d in range(1, tree.depth):
        a, b = tree.level[d], tree.level[d + 1]
        low[a:b] = low[tree.parent[a:b]] + logs[tree.arrived[a:b]]
        high[a:b] = high[tree.parent[a:b]] + most[tree.arrived[a:b]]
    return low, high


def _action_values(tree: Tree, player: int, lead: tuple[Floats, Floats], follows: Floats, out: Floats) -> None:
    """Fills in the player's actions: the mean over a set's nodes of what follows, weighted by e to the `lead`.

    Only how the nodes of a set compare counts, so the largest weight of each set is taken as 1. A set is left out where
    a node that vanished may weigh as much as rounding."""
    nodes = np.flatnonzero(tree.player == player)
    low, high = lead
    top = np.full(tree.sets, -np.inf)
    np.maximum.at(top, tree.infoset[nodes], low[nodes])
    untold = nodes[(high[nodes] > low[nodes]) & (high[nodes] > top[tree.infoset[nodes]] + ROUNDING)]
    top[tree.infoset[untold]] = -np.inf
    weight = np.zeros(tree.nodes)
    alone = np.bincount(tree.infoset[nodes], minlength=tree.sets)[tree.infoset[nodes]] == 1
    weight[nodes[alone]] = 1.0  # who is at the only node of a set knows it, however it came there
    joint = nodes[~alone]
    met = joint[top[tree.infoset[joint]] > -np.inf]
    weight[met] = np.exp(low[met] - top[tree.infoset[met]])
    at_set = np.bincount(tree.infoset[nodes], weights=weight[nodes], minlength=tree.sets)
    below = np.flatnonzero((tree.parent >= 0) & (tree.player[tree.parent] == player))
    total = np.bincount(
        tree.arrived[below], weights=weight[tree.parent[below]] * follows[below], minlength=tree.actions
    )
    mine = tree.set_player[tree.set_of] == player
    reached = mine & (at_set[tree.set_of] > 0)
    out[reached] = total[reached] / at_set[tree.set_of][reached]


def _apart(tree: Tree, sigma: Floats, value: Floats, top: Floats, precision: Floats) -> Floats:
    """(A,) differences between probabilities and logit responses; NaN where the values are not known."""
    lam = np.where(tree.is_chance, 0.0, precision[tree.set_of])
    raised = np.exp(lam * (value - top[tree.set_of]))
    return np.abs(sigma - raised / _by_set(tree, raised)[tree.set_of])
