"""Payoffs along the histories that are really walked: what each side gets when somebody errs about the game.

A stage at a node with joint type Θ pays, for player i,

    U_i(n, Θ) = Σ over acts and edges  Pr(acts, edge | n, Θ) · (payment_i + δ_i Σ_Θ' Pr(Θ' | Θ, acts, edge) U_i(n', Θ'))

with what is really played at the node; nobody's beliefs enter but through that. With shocks in the values, each mover
also gets the expected shock of its own choice, entropy / λ. Histories that were dropped count nothing: `lost` says how
probable they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.game.counterpart import law_of
from winset.game.game import Floats, Game, Ints, Stage
from winset.game.scattering import CUT
from winset.learn.histories import Layer
from winset.study.atoms import on_types
from winset.study.flow import by_acts
from winset.study.graph import Graph


@dataclass(frozen=True, kw_only=True)
class Along:
    """Payoffs at the nodes of one layer of a graph.

    Attributes:
        payoff: (M, P, Θ) expected discounted payoff of each player from the node on, by joint type.
        weight: (M, Θ) probability of node and joint type.
        largest: the largest payoff, in absolute value, at any node from here on.
    """

    payoff: Floats
    weight: Floats
    largest: float

    def mean(self, game: Game, player: int, kind: int | None) -> float:
        """The expected payoff of a player, or of one of its types; not a number where that type has probability 0."""
        shape = (len(self.weight), *game.type_counts)
        weight, payoff = self.weight.reshape(shape), self.payoff[:, player].reshape(shape)
        if kind is not None:
            weight, payoff = np.take(weight, kind, axis=1 + player), np.take(payoff, kind, axis=1 + player)
        total = float(weight.sum())
        return float((weight * payoff).sum()) / total if total > 0 else float("nan")


def payoffs_along(graph: Graph, skip: int = 0) -> Along:
    """The payoffs at layer `skip` of the graph of a finite game; earlier ones lie in the past.

    Raises:
        ValueError: histories go on beyond the last layer.
    """
    game = graph.game
    after: Floats = np.zeros((0, len(game.players), int(np.prod(game.type_counts))))
    largest = 0.0
    for layer in tuple(reversed(graph.layers[skip:])):
        if (layer.child == CUT).any():
            raise ValueError("histories go on beyond the last layer")
        after = _before(game, layer, after)
        largest = max(largest, float(np.abs(after).max(initial=0.0)))
    first = graph.layers[skip]
    parts = [first.belief[:, s : s + k] for s, k in zip(game.row_start, game.type_counts, strict=True)]
    weight = on_types(game, parts, len(first.mass), list(range(len(parts)))) * first.mass[:, None]
    return Along(payoff=after, weight=weight, largest=largest)


def _before(game: Game, layer: Layer, after: Floats) -> Floats:
    """(M, P, Θ) payoffs at a layer, from those at the next."""
    stage, count = game.stages[layer.stage], len(layer.mass)
    split = by_acts(game, stage, layer, True)
    node, branch, child = layer.node[split.edge], layer.branch[split.edge], layer.child[split.edge]
    value = np.zeros((len(split.edge), *after.shape[1:]))
    on = np.flatnonzero(child >= 0)
    value[on] = after[child[on]]
    value = _changed(game, stage, layer.state[node], branch, split.acts, value) * stage.discount[:, None]
    value = split.weight[:, None, :] * (value + stage.reward[branch])
    out = np.zeros((count, *after.shape[1:]))
    np.add.at(out, node, value)
    if stage.action_reward is not None:
        out += _for_acts(game, stage, layer)
    if game.shocks:
        _add_shocks(game, stage, layer, out)
    return out


def _changed(game: Game, stage: Stage, state: Ints, branch: Ints, acts: tuple[Ints, ...], value: Floats) -> Floats:
    """(X, P, Θ) values by the types before the branch's and then the movers' changes of types."""
    if stage.laws is None:
        return value
    changes = [] if stage.branch_law is None else [(i, stage.branch_law[branch, i]) for i in range(len(game.players))]
    changes += [(m.player, m.law[state, a]) for m, a in zip(stage.movers, acts, strict=True) if m.law is not None]
    for player, law in changes:
        hit = np.flatnonzero(law >= 0)
        if not len(hit):
            continue
        cube = value[hit].reshape(len(hit), len(game.players), *game.type_counts)
        cube = np.moveaxis(cube, 2 + player, -1)
        moved = np.einsum("xkl,x...l->x...k", law_of(stage, law[hit], game.type_counts[player]), cube)
        value = value.copy()
        value[hit] = np.moveaxis(moved, -1, 2 + player).reshape(len(hit), *value.shape[1:])
    return value


def _for_acts(game: Game, stage: Stage, layer: Layer) -> Floats:
    """(M, P, Θ) what is paid for joint actions whatever is seen of them."""
    assert stage.action_reward is not None
    players = [m.player for m in stage.movers]
    out = np.zeros((len(layer.mass), *stage.action_reward.shape[2:]))
    for c in range(stage.joint_actions):
        acts = np.unravel_index(c, [len(m.actions) for m in stage.movers])
        chance = [g[:, :, a] for g, a in zip(layer.strategies, acts, strict=True)]
        weight = on_types(game, chance, len(layer.mass), players)
        out += weight[:, None, :] * stage.action_reward[layer.state, c]
    return out


def _add_shocks(game: Game, stage: Stage, layer: Layer, out: Floats) -> None:
    """Adds each mover's expected shock, by its type."""
    for mover, gamma in zip(stage.movers, layer.strategies, strict=True):
        precision = game.players[mover.player].precision
        if precision <= 0:
            continue
        entropy = -(gamma * np.log(np.where(gamma > 0, gamma, 1.0))).sum(axis=2) / precision
        shape = [len(layer.mass)] + [k if i == mover.player else 1 for i, k in enumerate(game.type_counts)]
        whole = np.broadcast_to(entropy.reshape(shape), (len(layer.mass), *game.type_counts))
        out[:, mover.player] += whole.reshape(len(layer.mass), -1)
