"""Public histories as a layered graph: what every answer is read from.

Layer l holds the public histories up to stage l of the game, put together where states agree and beliefs lie close
(`game.reach`). An *edge* is one thing the public can see next: a joint observable and a branch of chance. On a node
the types of the players are independent given the public history, with the node's belief as their distribution, so
all that is private can be put back exactly by `winset.study.flow`. The layers may begin with a history that was
followed observation by observation (`winset.study.history`).

Axis letters: M nodes of a layer, E edges, R value rows (player, type), K types, A actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.game import reach
from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.reach import Believe, Nodes
from winset.game.scattering import CUT, OVER
from winset.game.solution import Respond
from winset.learn.histories import Layer

Shorts = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What an event that reads no choice may be told: U different moments in order of time, many edges alike.

    `round`, `landing` (row of `Game.states`), `closes` (ends its round), `over` (ends the game): (U,)."""

    round: Ints
    landing: Ints
    closes: Bools
    over: Bools


@dataclass(frozen=True, kw_only=True)
class Flat:
    """The edges of all layers, E in all, nodes counted through.

    Attributes:
        nodes, edges: (L + 1,) where each layer's begin; the last is how many there are.
        kept: (E,) number of each edge among those of all layers one after the other.
        rounds: (L,) number of each layer's round; `closing` (L,) whether the layer is its round's last.
        node, child, probability, layer: (E,) see `flow_along`.
        moments: what can be told on the edges; `moment` (E,) which of it is told on each.
    """

    nodes: Ints
    edges: Ints
    rounds: Ints
    closing: Bools
    kept: Shorts
    node: Shorts
    child: Shorts
    probability: Floats
    layer: Shorts
    moments: Moments
    moment: Shorts


def flatten(game: Game, layers: tuple[Layer, ...]) -> Flat:
    """The layers of a graph in one row."""
    nodes, lengths = np.cumsum([0, *(len(a.mass) for a in layers)]), [len(a.node) for a in layers]
    rounds = np.array([a.round for a in layers], dtype=np.int64)
    closing = np.append(rounds[1:] != rounds[:-1], True)
    child = _row([a.child for a in layers])
    np.add(child, np.repeat(short(nodes[1:]), lengths), out=child, where=child >= 0)
    first, states = int(rounds.min(initial=0)), len(game.states)
    landing = _row([game.stages[a.stage].landing.take(a.branch) for a in layers])
    size = (int(rounds.max(initial=0)) - first + 1) * states * 4
    date = (rounds - first) * states * 4 + closing * 2  # and so moments are numbered in order of time
    date = np.repeat(short(date) if size < 2**31 else date, lengths)
    which, moment = distinct(landing * 4 + date + (child == OVER), size)
    place, end = which // 4, which % 4
    return Flat(
        nodes=nodes, edges=np.cumsum([0, *lengths]), rounds=rounds, closing=closing, child=child,
        kept=np.arange(len(child), dtype=np.int32), probability=np.concatenate([a.probability for a in layers]),
        node=_row([a.node for a in layers]) + np.repeat(short(nodes[:-1]), lengths),
        layer=np.repeat(np.arange(len(layers), dtype=np.int32), lengths), moment=moment,
        moments=Moments(round=place // states + first, landing=place % states, closes=end >= 2, over=end % 2 == 1),
    )  # fmt: skip


def without_idle(game: Game, layers: tuple[Layer, ...], flat: Flat) -> Flat:
    """The edges without histories at a move that does not happen: what leads there leads at once to what follows.

    The state stays, so an event that reads nothing else and looks again learns nothing. (One that reads what is played
    does: there nothing is.) Where a round begins every history is kept, since there is counted what stands."""
    rounds, last, moments = flat.rounds, len(layers) - 1, flat.moments
    within = [i > 0 and rounds[i] == rounds[i - 1] and (i == last or not flat.closing[i]) for i in range(last + 1)]
    still = [~happens(game.stages[a.stage], a.state) & inner for a, inner in zip(layers, within, strict=True)]
    stands = _row([game.stages[a.stage].states.take(a.state) for a in layers])
    alone = np.bincount(flat.node, minlength=len(stands)) == 1
    idle = np.flatnonzero((np.concatenate(still) & alone).take(flat.node))
    same = moments.landing.take(flat.moment[idle]) == stands.take(flat.node[idle])
    idle = idle[same & (flat.probability[idle] == 1) & (flat.child[idle] >= 0)]
    onward = np.arange(len(stands), dtype=np.int32)  # where a history that is left out leads
    for part in reversed(np.split(idle, np.searchsorted(idle, flat.edges[1:-1]))):  # layer by layer
        onward[flat.node[part]] = onward[flat.child[part]]
    kept = np.delete(flat.kept, idle)
    child = flat.child[kept]
    which, moment = distinct(flat.moment[kept], len(moments.round))
    return Flat(
        nodes=flat.nodes, edges=np.searchsorted(kept, flat.edges), rounds=rounds, closing=flat.closing, kept=kept,
        node=flat.node[kept], child=np.where(child >= 0, onward.take(child, mode="clip"), child),
        probability=flat.probability[kept], layer=flat.layer[kept], moment=moment,
        moments=Moments(
            round=moments.round[which], landing=moments.landing[which], closes=moments.closes[which],
            over=moments.over[which],
        ),
    )  # fmt: skip


def _row(parts: list[Ints]) -> Shorts:
    return np.concatenate(parts, dtype=np.int32, casting="unsafe")


def short(numbers: Ints) -> Shorts:
    """Half the room; a graph has fewer than two thousand million edges."""
    return numbers.astype(np.int32)


def distinct(keys: Ints | Shorts, size: int) -> tuple[Ints, Shorts]:
    """The different ones among keys in range(size), ascending, and (E,) the place of each key among them."""
    there = np.zeros(size, dtype=bool)
    there[keys] = True
    place = np.cumsum(there, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(there), place[keys]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """All layers.

    Attributes:
        mass_lost: probability dropped on the way, given the history followed.
        reached: probability of the public history that everything is conditioned on; the layers' mass includes it.
        folded: per layer walked, the probabilities of the nodes at which the path of the stage folds; None if nothing
            goes on from the end of the followed history.
        believe: how beliefs move, where not by Bayes' rule from the strategies played.
    """

    game: Game
    layers: tuple[Layer, ...]
    mass_lost: float
    reached: float = 1.0
    folded: tuple[Floats, ...] | None = None
    believe: Believe | None = None

    def stage(self, layer: Layer) -> Stage:
        """The stage of a layer."""
        return self.game.stages[layer.stage]

    @cached_property
    def flat(self) -> Flat:
        """The edges of all layers in one row."""
        return flatten(self.game, self.layers)

    @cached_property
    def busy(self) -> Flat:
        """As `flat`, without histories at moves that do not happen: for what reads the state alone."""
        return without_idle(self.game, self.layers, self.flat)


@dataclass(frozen=True, kw_only=True)
class Walking:
    """How closely histories are followed; see `game.reach`.

    Attributes:
        merge: width of a box in log-odds within which beliefs become one.
        prune: probability below which nodes are dropped (and counted).
        spread: most probability times variance of what becomes one node; `merge` then does not count. 0: off.
        rounds: in infinite games, how many rounds are followed.
    """

    merge: float = 0.02
    prune: float = 1e-7
    spread: float = 0.0
    rounds: int = 100


def walk(game: Game, respond: Respond, nodes: Nodes, *, how: Walking, before: tuple[Layer, ...] = (),
         reached: float = 1.0, rounds: int | None = None, believe: Believe | None = None) -> Graph:  # fmt: skip
    """The graph from these nodes on.

    Args:
        nodes: where to start; their mass sums to `reached`.
        before: layers that led here, kept so that events can look back.
        rounds: how many rounds to follow; None: to the end, or as `how` says in an infinite game.
        believe: how beliefs move, where not by Bayes' rule from the strategies played.
    """
    if rounds is None and game.infinite:
        rounds = how.rounds
    found = reach.reach(
        game, respond, start=nodes, merge=how.merge, prune=how.prune * reached, rounds=rounds,
        spread=how.spread * reached, believe=believe,
    )  # fmt: skip
    layers = list(before)
    for layer, following in zip(found.layers, found.layers[1:], strict=False):
        if layer.over.all():
            break
        layers.append(_live(layer, following))
    return Graph(
        game=game, layers=tuple(layers), mass_lost=found.mass_lost / reached, reached=reached, believe=believe,
        folded=tuple(
            layer.mass[: len(layer.folds)][layer.folds > 0] for layer in found.layers if layer.folds is not None
        ),
    )  # fmt: skip


def _live(layer: reach.Layer, following: reach.Layer) -> Layer:
    """A layer without the histories that were over before it; live nodes and their edges come first in `game.reach`."""
    edges, live = layer.edges, layer.live
    assert edges is not None
    own = int(np.count_nonzero(edges.branch >= 0))
    target = edges.target[:own]
    onward = target if following.edges is not None else CUT
    return Layer(
        stage=layer.stage, round=layer.round, state=layer.state[:live], belief=layer.belief[:live],
        mass=layer.mass[:live], strategies=layer.strategies, node=edges.source[:own], joint=edges.observable[:own],
        branch=edges.branch[:own], child=np.where(target < following.live, onward, OVER),
        probability=edges.probability[:own],
    )  # fmt: skip


def happens(stage: Stage, state: Ints) -> Bools:
    """True where the stage's move takes place (a chance move with no movers always does)."""
    if not stage.movers:
        return np.ones(len(state), dtype=bool)
    return stage.movers[0].happens[state]


def player_slice(game: Game, player: int) -> slice:
    """Columns of stacked beliefs that belong to a player."""
    start = game.row_start[player]
    return slice(start, start + game.type_counts[player])
