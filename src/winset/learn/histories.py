"""Public histories one stage further: what the public can see next, how likely it is, and what it leaves behind.

A layer holds nodes (state, belief, mass) before one stage. An *edge* is one thing the public can see next: a joint
observable and a branch of chance. Axis letters: M nodes, E edges, R value rows (player, type), K types, A actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from winset.game.bayes import change_types, split, update
from winset.game.game import Floats, Game, Ints, Stage
from winset.game.reach import Believe, Nodes
from winset.game.scattering import CUT, OVER
from winset.game.solution import Respond


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The histories at one stage that are not over.

    Attributes:
        stage: index into `Game.stages`.
        round: number of the round, counted on in infinite games.
        state: (M,) index into `Stage.states`.
        belief: (M, R) stacked type probabilities.
        mass: (M,) probability of the node.
        strategies: one (M, K, A) array per mover.
        node, joint, branch: (E,) where the edge starts, its joint observable, its branch (row of the stage's B).
        child: (E,) node of the next layer; OVER when the game ends, CUT when it goes on beyond the last layer.
            Edges to dropped nodes are left out.
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
class Place:
    """Where a history has led.

    Attributes:
        nodes: where the game stands (None: it is over).
        before: the layers followed, with the observed edges only.
        reached: probability of the history.
        round: number of the round in which the game then stands.
    """

    nodes: Nodes | None
    before: tuple[Layer, ...] = ()
    reached: float = 1.0
    round: int = 1


def start_nodes(game: Game) -> Nodes:
    """The start of the game: every start state with the prior."""
    prior = np.concatenate([p.prior for p in game.players])
    state = np.array([s for s, _ in game.start], dtype=np.int64)
    mass = np.array([p for _, p in game.start], dtype=float)
    return Nodes(stage=0, state=state, belief=np.tile(prior, (len(state), 1)), mass=mass)


def opened(game: Game, respond: Respond, nodes: Nodes, number: int) -> Layer:
    """The layer of these nodes with all its edges, the children not yet numbered."""
    stage = game.stages[nodes.stage]
    strategies = respond(nodes.stage, nodes.state, nodes.belief).strategies if stage.movers else ()
    seen = update(game, stage, nodes.state, nodes.belief, strategies)
    node, joint, branch = stage.edges(nodes.state)
    probability = seen.probability(node, joint) * stage.probability[branch]
    keep = probability > 0
    return Layer(
        stage=nodes.stage, round=number, state=nodes.state, belief=nodes.belief, mass=nodes.mass,
        strategies=tuple(strategies), node=node[keep], joint=joint[keep], branch=branch[keep],
        child=np.where(stage.target[branch[keep]] < 0, OVER, CUT), probability=probability[keep],
    )  # fmt: skip


def led_to(game: Game, layer: Layer, believe: Believe | None = None) -> tuple[Layer, Nodes | None]:
    """The layer with its children numbered, and the nodes that they are, one for each edge that goes on."""
    on = np.nonzero(layer.child != OVER)[0]
    following = game.next_stage(layer.stage)
    if not len(on) or following is None:
        return layer, None
    child = layer.child.copy()
    child[on] = np.arange(len(on))
    nodes = Nodes(
        stage=following, round=next_round(game, layer), state=game.stages[layer.stage].target[layer.branch[on]],
        belief=edge_beliefs(game, layer, on, believe), mass=layer.mass[layer.node[on]] * layer.probability[on],
    )  # fmt: skip
    return replace(layer, child=child), nodes


def next_round(game: Game, layer: Layer) -> int:
    """Number of the round in which the stage after a layer's lies."""
    following = game.next_stage(layer.stage)
    turns = (
        following is None or following <= layer.stage or game.stages[following].round != game.stages[layer.stage].round
    )
    return layer.round + int(turns)


def observables(stage: Stage, joint: Ints) -> tuple[Ints, ...]:
    """One array of observable indices per mover, for row-major joint observables."""
    return tuple(split(stage, joint))


def edge_beliefs(game: Game, layer: Layer, edges: Ints, believe: Believe | None = None) -> Floats:
    """(len(edges), R) public belief after each of these edges: Bayes, then the branch's change of types.

    `believe`: how beliefs move where it is otherwise (`game.reach`)."""
    if believe is not None:
        at = layer.node[edges], layer.joint[edges], layer.branch[edges]
        return believe(layer.stage, layer.state, layer.belief, layer.strategies, *at)
    stage = game.stages[layer.stage]
    seen = update(game, stage, layer.state, layer.belief, layer.strategies)
    after = seen.posterior(layer.node[edges], layer.joint[edges])
    return change_types(game, stage, layer.branch[edges], after)


def types_before(game: Game, layer: Layer) -> Floats:
    """(E, R) what each edge tells of the types that the players had before it, by Bayes' rule."""
    stage = game.stages[layer.stage]
    seen = update(game, stage, layer.state, np.ascontiguousarray(layer.belief[:, : game.rows]), layer.strategies)
    return seen.posterior(layer.node, layer.joint, changed=False)
