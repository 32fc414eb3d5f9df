"""Builds the graph of public histories from a profile.

Forward from stated nodes: at every node the stage is solved at that very belief, each thing that the public can
see moves the belief by Bayes' rule, and nodes are merged when they stand in the same state at nearly the same belief
(log-odds in the same box of width `merge`); a merged node takes the mean belief, weighted by probability, so the
mean belief is kept. Nodes below `prune` are dropped and their probability is reported, never spread over the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.solution import Respond
from winset.study.graph import CUT, DROPPED, OVER, Graph, Layer, edge_beliefs, observables, seen

_FAR = 40.0
"""Log-odds beyond which a belief counts as certain."""


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Public histories at one stage: (M,) state, (M, R) belief, (M,) mass."""

    stage: int
    round: int
    state: Ints
    belief: Floats
    mass: Floats


@dataclass(frozen=True, kw_only=True)
class Walking:
    """How closely histories are followed.

    Attributes:
        merge: width of a box in log-odds; 0 merges only equal beliefs (to 1e-9).
        prune: probability below which a node is dropped.
        enough: in infinite games, the walk stops once less than this is still going on ...
        rounds: ... or after so many rounds.
    """

    merge: float = 0.05
    prune: float = 1e-9
    enough: float = 1e-6
    rounds: int = 200


def start_nodes(game: Game) -> Nodes:
    """The start of the game: every start state with the prior."""
    prior = np.concatenate([p.prior for p in game.players])
    state = np.array([s for s, _ in game.start], dtype=np.int64)
    return Nodes(
        stage=0, round=1, state=state, belief=np.tile(prior, (len(state), 1)),
        mass=np.array([p for _, p in game.start], dtype=float),
    )  # fmt: skip


def open_layer(game: Game, respond: Respond, nodes: Nodes) -> Layer:
    """The layer of these nodes with all its edges; children not yet known (CUT, or OVER)."""
    stage = game.stages[nodes.stage]
    chooses = any(len(m.actions) > 1 for m in stage.movers)
    strategies = respond(nodes.stage, nodes.state, nodes.belief).strategies if chooses else _forced(game, stage, nodes)
    joints = stage.joint_observables
    begin, end = stage.first[nodes.state * joints], stage.first[(nodes.state + 1) * joints]
    count = end - begin
    node = np.repeat(np.arange(len(nodes.state)), count)
    branch = np.arange(len(node)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
    joint = (np.searchsorted(stage.first, branch, side="right") - 1) % joints
    probability = stage.probability[branch].copy()
    parts = observables(stage, joint)
    for j in range(len(stage.movers)):
        chance, _ = seen(game, stage, j, nodes.belief, strategies[j], nodes.state)
        probability *= chance[node, parts[j]]
    keep = probability > 0
    node, branch, joint, probability = node[keep], branch[keep], joint[keep], probability[keep]
    return Layer(
        stage=nodes.stage, round=nodes.round, state=nodes.state, belief=nodes.belief, mass=nodes.mass,
        strategies=strategies, node=node, joint=joint, branch=branch,
        child=np.where(stage.target[branch] < 0, OVER, CUT), probability=probability,
    )  # fmt: skip


def _forced(game: Game, stage: Stage, nodes: Nodes) -> tuple[Floats, ...]:
    """Strategies where every mover has a single action."""
    return tuple(np.ones((len(nodes.state), game.type_counts[m.player], 1)) for m in stage.movers)


def close_layer(game: Game, layer: Layer, *, merge: float, prune: float) -> tuple[Layer, Nodes | None, float]:
    """The layer with its children filled in, the next nodes (None: nothing goes on), and the mass dropped."""
    stage = game.stages[layer.stage]
    following = game.next_stage(layer.stage)
    on = np.nonzero(layer.child != OVER)[0]
    if not len(on) or following is None:
        return layer, None, 0.0
    belief = edge_beliefs(game, layer, on)
    mass = layer.mass[layer.node[on]] * layer.probability[on]
    target = stage.target[layer.branch[on]]
    group, count = merged(target, belief, merge)
    total = np.bincount(group, mass, count)
    mean = np.stack([np.bincount(group, mass * belief[:, r], count) for r in range(belief.shape[1])], axis=1)
    keep: Bools = (total >= prune) & (total > 0)
    number = np.where(keep, np.cumsum(keep) - 1, DROPPED)
    child = layer.child.copy()
    child[on] = number[group]
    state = np.zeros(count, dtype=np.int64)
    state[group] = target
    wraps = following <= layer.stage or game.stages[following].round != stage.round
    nodes = Nodes(
        stage=following, round=layer.round + int(wraps), state=state[keep],
        belief=mean[keep] / total[keep][:, None], mass=total[keep],
    )  # fmt: skip
    return replace(layer, child=child), nodes if keep.any() else None, float(total[~keep].sum())


def merged(state: Ints, belief: Floats, merge: float) -> tuple[Ints, int]:
    """(N,) group of each (state, belief), and how many groups there are."""
    width = merge if merge > 0 else 1e-9
    with np.errstate(divide="ignore"):
        odds = np.clip(np.log(belief) - np.log1p(-np.minimum(belief, 1.0)), -_FAR, _FAR)
    box = np.rint(odds / width).astype(np.int64)
    key = state.astype(np.uint64)
    for column in range(box.shape[1]):
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) + box[:, column].astype(np.uint64)
    key = key ^ (key >> np.uint64(32))
    _, group = np.unique(key, return_inverse=True)
    return group, int(group.max()) + 1


def follow_on(game: Game, respond: Respond, nodes: Nodes, *, how: Walking, before: tuple[Layer, ...] = (),
              reached: float = 1.0, tick: Callable[[int], None] | None = None) -> Graph:  # fmt: skip
    """The graph from these nodes to the end (or, in infinite games, until little is still going on).

    Args:
        nodes: where to start; their mass sums to `reached`.
        before: layers that led here (a followed history), kept so that events can look back.
        reached: probability of that history.
        tick: called with the number of each round begun.
    """
    layers, lost, last = list(before), 0.0, nodes.round + how.rounds
    current: Nodes | None = nodes
    while current is not None:
        if tick is not None:
            tick(current.round)
        layer = open_layer(game, respond, current)
        layer, current, dropped = close_layer(game, layer, merge=how.merge, prune=how.prune * reached)
        lost += dropped
        if current is not None and game.infinite and current.stage == 0:
            if current.mass.sum() < how.enough * reached or current.round >= last:
                layer = replace(layer, child=np.where(layer.child >= 0, CUT, layer.child))
                current = None
        layers.append(layer)
    return Graph(game=game, layers=tuple(layers), mass_lost=lost / reached, reached=reached)
