"""Public histories as a layered graph: what every answer is read from.

Layer l holds the public histories up to stage l of the game, merged where state and belief agree. An *edge* is
one thing the public can see next: a joint observable and a branch of chance. On a node the types of the players
are independent given the public history, with the node's belief as their distribution, so all that is private
can be put back exactly by `winset.study.flow`.

Axis letters: M nodes of a layer, E edges, R value rows (player, type), K types, A actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints, Stage

OVER = -1
DROPPED = -2
CUT = -3


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The histories at one stage.

    Attributes:
        stage: index into `Game.stages`.
        round: number of the round, counted on in infinite games.
        state: (M,) index into `Stage.states`.
        belief: (M, R) stacked type probabilities.
        mass: (M,) probability of the node.
        strategies: one (M, K, A) array per mover.
        node, joint, branch: (E,) where the edge starts, its joint observable, its branch (row of the stage's B).
        child: (E,) node of the next layer; OVER when the game ends, DROPPED when pruned, CUT when it goes on
            beyond the last layer.
        probability: (E,) of the edge, given the node.
    """

    stage: int
    round: int
    state: Ints
    belief: Floats
    mass: Floats
    strategies: tuple[Floats, ...]
    node: Ints
    joint: Ints
    branch: Ints
    child: Ints
    probability: Floats


@dataclass(frozen=True, kw_only=True)
class Graph:
    """All layers, and the probability that was dropped on the way."""

    game: Game
    layers: tuple[Layer, ...]
    mass_lost: float
    reached: float = 1.0
    """Probability of the public history that everything is conditioned on; the layers' mass includes it."""

    def stage(self, layer: Layer) -> Stage:
        """The stage of a layer."""
        return self.game.stages[layer.stage]


def observables(stage: Stage, joint: Ints) -> tuple[Ints, ...]:
    """One array of observable indices per mover, for row-major joint observables."""
    if not stage.movers:
        return ()
    return tuple(np.unravel_index(joint, [len(m.observables) for m in stage.movers]))


def happens(stage: Stage, state: Ints) -> Bools:
    """True where the stage's move takes place (a chance move with no movers always does)."""
    if not stage.movers:
        return np.ones(len(state), dtype=bool)
    return stage.movers[0].happens[state]


def player_slice(game: Game, player: int) -> slice:
    """Columns of stacked beliefs that belong to a player."""
    start = game.row_start[player]
    return slice(start, start + game.type_counts[player])


def seen(game: Game, stage: Stage, mover: int, belief: Floats, strategy: Floats, state: Ints) -> tuple[Floats, Floats]:
    """What is seen of a mover and what it does to the belief about it.

    Args:
        belief: (M, R); strategy: (M, K, A); state: (M,).

    Returns:
        probability (M, O) of each observable, and posterior (M, O, K) after Bayes and the mover's own law; where an
        observable has probability 0 the posterior repeats the belief.
    """
    side = stage.movers[mover]
    prior = belief[:, player_slice(game, side.player)]
    kinds = prior.shape[1]
    if side.signal is None:
        joint = prior[:, :, None] * strategy
        laws = side.law
        if laws is not None and stage.laws is not None:
            index = laws[state]
            matrix = stage.laws[np.maximum(index, 0)][..., :kinds, :kinds]
            moved = np.einsum("mka,makl->mla", joint, matrix)
            joint = np.where((index >= 0)[:, None, :], moved, joint)
    else:
        acts = prior[:, :, None] * strategy
        per_action = acts[:, :, :, None] * np.swapaxes(side.signal[state], 1, 2)
        if side.law is not None and stage.laws is not None:
            index = side.law[state]
            matrix = stage.laws[np.maximum(index, 0)][..., :kinds, :kinds]
            moved = np.einsum("mkao,makl->mlao", per_action, matrix)
            per_action = np.where((index >= 0)[:, None, :, None], moved, per_action)
        joint = per_action.sum(axis=2)
    weight = np.swapaxes(joint, 1, 2)
    total = weight.sum(axis=2)
    safe = np.where(total > 0, total, 1.0)
    posterior = np.where(total[:, :, None] > 0, weight / safe[:, :, None], prior[:, None, :])
    return total, posterior


def edge_beliefs(game: Game, layer: Layer, edges: Ints) -> Floats:
    """(len(edges), R) public belief after each of these edges: Bayes, then the branch's change of types."""
    stage = game.stages[layer.stage]
    node, branch = layer.node[edges], layer.branch[edges]
    out = layer.belief[node].copy()
    parts = observables(stage, layer.joint[edges])
    for j, side in enumerate(stage.movers):
        _, posterior = seen(game, stage, j, layer.belief, layer.strategies[j], layer.state)
        out[:, player_slice(game, side.player)] = posterior[node, parts[j]]
    if stage.branch_law is not None and stage.laws is not None:
        for i, kinds in enumerate(game.type_counts):
            index = stage.branch_law[branch, i]
            hit = np.nonzero(index >= 0)[0]
            if len(hit):
                columns = player_slice(game, i)
                matrix = stage.laws[index[hit]][:, :kinds, :kinds]
                out[hit, columns] = np.einsum("ek,ekl->el", out[hit, columns], matrix)
    return out


def round_ends(graph: Graph) -> Iterable[tuple[int, Layer, bool]]:
    """Each layer with its round and whether a round ends with it (the settlement, or the last stage)."""
    for i, layer in enumerate(graph.layers):
        last = i + 1 == len(graph.layers) or graph.layers[i + 1].round != layer.round
        yield layer.round, layer, last
