"""Forward through the public histories of a game, layer by layer.

A layer holds the histories that stand before one stage, as nodes (state, belief, mass). Histories in the same
state whose beliefs lie close together are one node with their mass-weighted mean belief, which leaves the mean
of beliefs where it was (merging is the only approximation, besides dropping). Nodes below `prune` are dropped,
their mass is counted in `mass_lost`, and nothing is renormalised. Histories whose game is over stay as nodes of
the state they ended in. Beliefs at a node are the probabilities of types there, so every joint distribution of
state and types can be read off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from winset.game.bayes import change_types, update
from winset.game.game import Bools, Floats, Game, Ints, Mover, Stage
from winset.game.grid import BeliefGrid
from winset.game.merging import by_spread, pooled
from winset.game.solution import Respond

Believe = Callable[[int, Ints, Floats, Sequence[Floats], Ints, Ints, Ints], Floats]
"""believe(stage index, (N,) states, (N, W) beliefs, strategies, (M,) points, joint observables, branches) -> (M, W).

How beliefs move where it is not by Bayes' rule from the strategies played (`study.course`). Beliefs may then be wider
than R: whole blocks of R, of which the first holds the probabilities of types."""

LIMIT = 16.0
"""Log-odds beyond which beliefs count as equally extreme when merging (1 in 9 million); certainties stay apart."""
_SAME = 1e-12


@dataclass(frozen=True, kw_only=True)
class Edges:
    """From the nodes of a layer to those of the next.

    `source`, `target`: (E,) node numbers; `probability`: given the source; `observable`: joint observable, and
    `branch` of the stage, both -1 where the game was over already. Edges to dropped nodes are left out."""

    source: Ints
    target: Ints
    probability: Floats
    observable: Ints
    branch: Ints


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Histories before a stage.

    Attributes:
        stage: index of the stage that comes next; -1 after the last.
        round: number of the round of that stage, counted on in an infinite game; after the last, one more.
        state: (N,) state index in the stage; -1 where the game is over.
        row: (N,) row of `Game.states`.
        belief: (N, R) stacked beliefs.
        mass: (N,) probability.
        lost: mass dropped on the way from the layer before.
        strategies: per mover (live nodes, K, A), the live nodes being the first ones; empty in the last layer.
        folds: per live node, met on the path of its stage (`Response.folds`); None where nobody was asked.
        edges: to the next layer; None in the last.
    """

    stage: int
    round: int
    state: Ints
    row: Ints
    belief: Floats
    mass: Floats
    lost: float = 0.0
    strategies: tuple[Floats, ...] = ()
    folds: Ints | None = None
    edges: Edges | None = None

    @property
    def over(self) -> Bools:
        """(N,) where the game is over."""
        return self.state < 0

    @cached_property
    def live(self) -> int:
        """How many nodes are not over; they come first."""
        return int(np.count_nonzero(self.state >= 0))


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Where to start: nodes of one stage. `state` (N,), `belief` (N, R), `mass` (N,); `round` in an infinite game."""

    stage: int
    state: Ints
    belief: Floats
    mass: Floats
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class Reach:
    """All layers, and the mass dropped in all."""

    game: Game
    layers: tuple[Layer, ...]
    mass_lost: float

    def at_end_of(self, number: int) -> Layer:
        """The layer at the end of a round (before the next one begins).

        Raises:
            ValueError: the round ended before the first layer.
        """
        for layer in self.layers:
            if layer.round > number:
                if layer is self.layers[0]:
                    raise ValueError(f"round {number} is over before the first layer")
                return layer
        return self.layers[-1]

    def states_at_end_of(self, number: int) -> Floats:
        """(N,) probability of each row of `Game.states` at the end of a round; sums to 1 less the mass lost."""
        layer = self.at_end_of(number)
        return _sum(layer.row, layer.mass, len(self.game.states))

    def backward(
        self, terminal: Floats, step: Callable[[int, Edges, Floats], Floats] | None = None
    ) -> tuple[Floats, ...]:
        """Values of every node of every layer, from those of the last layer back.

        Args:
            terminal: (N,) values in the last layer.
            step: (layer number, its edges, values of the edges' targets) -> values along the edges; the values
                themselves where None. A hit along an edge is `np.where(hit, 1.0, value)`.

        Returns:
            Per layer (N,): the sum over edges of probability times value (dropped edges count as 0).
        """
        found = [terminal]
        for k in range(len(self.layers) - 2, -1, -1):
            layer = self.layers[k]
            edges = layer.edges
            assert edges is not None
            value = found[-1][edges.target]
            if step is not None:
                value = step(k, edges, value)
            found.append(_sum(edges.source, edges.probability * value, len(layer.mass)))
        return tuple(reversed(found))

    def eventually(
        self,
        at_node: Callable[[int, Layer], Bools] | None = None,
        along: Callable[[int, Layer], Bools] | None = None,
        *,
        while_: Callable[[int, Layer], Bools] | None = None,
    ) -> tuple[Floats, ...]:
        """Per layer (N,): probability that a node, or an edge, of the named kind is met from here on.

        Args:
            at_node: (layer number, layer) -> (N,) true at the nodes looked for.
            along: (layer number, layer) -> (E,) true on the edges looked for.
            while_: (layer number, layer) -> (N,) true where the search may go on (`X until Y`); everywhere if None.
        """
        last = len(self.layers) - 1
        value: Floats = np.zeros(len(self.layers[last].mass))
        found: list[Floats] = []
        for k in range(last, -1, -1):
            layer = self.layers[k]
            if k < last:
                edges = layer.edges
                assert edges is not None
                ahead = value[edges.target]
                if along is not None:
                    ahead = np.where(along(k, layer), 1.0, ahead)
                value = _sum(edges.source, edges.probability * ahead, len(layer.mass))
            if while_ is not None:
                value = np.where(while_(k, layer), value, 0.0)
            if at_node is not None:
                value = np.where(at_node(k, layer), 1.0, value)
            found.append(value)
        return tuple(reversed(found))

    def from_start(self, values: Sequence[Floats]) -> float:
        """The mass-weighted value of the first layer."""
        return float(self.layers[0].mass @ values[0])


def reach(
    game: Game,
    respond: Respond,
    *,
    start: Nodes | None = None,
    merge: float = 0.02,
    prune: float = 1e-7,
    max_nodes: int = 100_000,
    rounds: int | None = None,
    spread: float = 0.0,
    believe: Believe | None = None,
) -> Reach:
    """The public histories of a game under a profile.

    Args:
        game: the game.
        respond: the strategies at (stage, states, beliefs); called once a layer.
        start: nodes to start from; the start of the game where None.
        merge: width in log-odds, per belief coordinate, of what becomes one node; 0 merges only what is equal
            to 1e-12.
        prune: mass below which a node is dropped.
        max_nodes: most nodes kept in a layer; the lightest beyond are dropped (and counted).
        spread: most probability times variance of beliefs put together (`game.merging`); then `merge`
            is not used. 0: off.
        rounds: how many rounds to go on for; required in an infinite game, else to the end.
        believe: how beliefs move; by Bayes' rule from the strategies played where None.

    Raises:
        ValueError: an infinite game without `rounds`.
    """
    if game.infinite and rounds is None:
        raise ValueError("how many rounds? an infinite game has no end to run to")
    grid = BeliefGrid(game.type_counts)
    layer = _first(game, start)
    final = None if rounds is None else layer.round + rounds
    layers: list[Layer] = []
    lost = 0.0
    while layer.stage >= 0 and (final is None or layer.round < final):
        layer = _decided(game, respond, layer, believe is not None)
        layer, following = _advance(game, grid, layer, merge, prune, max_nodes, spread, believe)
        layers.append(layer)
        lost += following.lost
        layer = following
    layers.append(layer)
    return Reach(game=game, layers=tuple(layers), mass_lost=lost)


def _sum(index: Ints, weights: Floats, size: int) -> Floats:
    return np.bincount(index, weights=weights, minlength=size).astype(np.float64, copy=False)


def _first(game: Game, start: Nodes | None) -> Layer:
    if start is None:
        states = np.array([s for s, _ in game.start], dtype=np.int64)
        prior = np.concatenate([p.prior for p in game.players])
        mass = np.array([p for _, p in game.start])
        start = Nodes(stage=0, state=states, belief=np.tile(prior, (len(states), 1)), mass=mass)
    stage = game.stages[start.stage]
    return Layer(
        stage=start.stage,
        round=start.round if game.infinite else stage.round,
        state=np.asarray(start.state, dtype=np.int64),
        row=stage.states[start.state],
        belief=np.asarray(start.belief, dtype=float),
        mass=np.asarray(start.mass, dtype=float),
    )


def _decided(game: Game, respond: Respond, layer: Layer, errs: bool) -> Layer:
    """The layer with the profile at its live nodes; nobody is asked where nobody has a choice.

    errs: somebody errs about the game, and is asked at all nodes of a layer that offers a choice: what such a player
    means to do may not be possible there."""
    stage, live = game.stages[layer.stage], layer.live
    states = layer.state[:live]
    strategies = tuple(_open(mover, states, game.type_counts[mover.player]) for mover in stage.movers)
    asked = np.flatnonzero(stage.chooses.take(states))
    if errs and len(asked):
        asked = np.arange(live)
    if not len(asked):
        return replace(layer, strategies=strategies)
    response = respond(layer.stage, states[asked], layer.belief[asked])
    for own, found in zip(strategies, response.strategies, strict=True):
        own[asked] = found
    folds = np.zeros(live, dtype=np.int64)
    folds[asked] = response.folds
    return replace(layer, strategies=strategies, folds=folds)


def _open(mover: Mover, states: Ints, kinds: int) -> Floats:
    """(N, K, A) 1 for every action that is open: what is played where only one is."""
    rows = mover.available.take(np.repeat(states, kinds), axis=0)  # broadcasting such short rows takes much longer
    return rows.reshape(len(states), kinds, rows.shape[1]).astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class _Children:
    """What edges lead to, before merging; those of histories whose game was over come last."""

    source: Ints
    probability: Floats
    observable: Ints
    branch: Ints
    state: Ints
    row: Ints
    belief: Floats

    def at(self, some: Ints) -> _Children:
        """Some of them."""
        return _Children(**{name: part[some] for name, part in vars(self).items()})


def _advance(
    game: Game,
    grid: BeliefGrid,
    layer: Layer,
    merge: float,
    prune: float,
    max_nodes: int,
    spread: float,
    believe: Believe | None,
) -> tuple[Layer, Layer]:
    """This layer with its edges, and the next."""
    stage = game.stages[layer.stage]
    children = _children(game, stage, layer, believe)
    mass = layer.mass.take(children.source) * children.probability
    if spread > 0:
        group, count = _spread_groups(game, grid, children, mass, spread)
    else:
        group, count = _groups(game, grid, children, merge)
    total, mean, member = pooled(group, count, mass, children.belief)
    keep = (total >= prune) & (total > 0)
    if np.count_nonzero(keep) > max_nodes:
        keep &= total >= np.partition(total, len(total) - max_nodes)[len(total) - max_nodes]
    lost, state, row = 0.0, children.state[member], children.row[member]
    if not keep.all():
        lost = float(total[~keep].sum())
        total, mean, state, row = total[keep], mean[keep], state[keep], row[keep]
        some = np.flatnonzero(keep[group])
        children, group = children.at(some), (np.cumsum(keep) - 1)[group[some]]
    edges = Edges(
        source=children.source,
        target=group,
        probability=children.probability,
        observable=children.observable,
        branch=children.branch,
    )
    index = game.next_stage(layer.stage)
    turns = index is None or index <= layer.stage or game.stages[index].round != stage.round
    following = Layer(
        stage=-1 if index is None else index,
        round=layer.round + 1 if turns else layer.round,
        state=state,
        row=row,
        belief=mean,
        mass=total,
        lost=lost,
    )
    return replace(layer, edges=edges), following


def _children(game: Game, stage: Stage, layer: Layer, believe: Believe | None) -> _Children:
    live = layer.live
    states, beliefs = layer.state[:live], layer.belief[:live]
    seen = update(game, stage, states, beliefs, layer.strategies)
    point, observable, branch = stage.edges(states)
    probability = seen.probability(point, observable) * stage.probability.take(branch)
    some = probability > 0
    if not some.all():
        point, observable, branch = point[some], observable[some], branch[some]
        probability = probability[some]
    if believe is None:
        belief = change_types(game, stage, branch, seen.posterior(point, observable))
    else:
        belief = believe(layer.stage, states, beliefs, layer.strategies, point, observable, branch)
    over = np.arange(live, len(layer.state))
    none = np.full(len(over), -1, dtype=np.int64)
    return _Children(
        source=np.concatenate([point, over]),
        probability=np.concatenate([probability, np.ones(len(over))]),
        observable=np.concatenate([observable, none]),
        branch=np.concatenate([branch, none]),
        state=np.concatenate([stage.target.take(branch), none]),
        row=np.concatenate([stage.landing.take(branch), layer.row[live:]]),
        belief=np.concatenate([belief, layer.belief[live:]]),
    )


def _coordinates(grid: BeliefGrid, beliefs: Floats) -> Floats:
    """(E, D) coordinates of beliefs; of several blocks of them, those that differ from one another."""
    rows = sum(grid.type_counts)
    blocks = [grid.coordinates(beliefs[:, at : at + rows]) for at in range(0, beliefs.shape[1], rows)]
    if len(blocks) == 1:
        return blocks[0]
    found: list[Floats] = []
    for column in (c for block in blocks for c in block.T):
        if all(np.abs(column - other).max(initial=0.0) > _SAME for other in found):
            found.append(column)
    return np.stack(found, axis=1) if found else blocks[0]


def _spread_groups(game: Game, grid: BeliefGrid, children: _Children, mass: Floats, spread: float) -> tuple[Ints, int]:
    """Like `_groups`, by probability times variance."""
    over = children.state < 0
    key = children.row + np.where(over, len(game.states), 0)
    return by_spread(key, _coordinates(grid, children.belief), mass, over, spread)


def _groups(game: Game, grid: BeliefGrid, children: _Children, merge: float) -> tuple[Ints, int]:
    """(E,) number of the node that each child becomes part of, live ones first; and how many there are."""
    key = children.row + np.where(children.state < 0, len(game.states), 0)
    coordinates = _coordinates(grid, children.belief)
    for column in coordinates.T:
        if merge > 0:
            with np.errstate(divide="ignore"):
                odds = np.log(column) - np.log1p(-column)
            cell = np.round(np.clip(odds, -LIMIT, LIMIT) / merge)
            cell = np.where(column <= 0, cell - 1, np.where(column >= 1, cell + 1, cell))
        else:
            cell = np.round(column / _SAME)
        inner = (cell - cell.min(initial=0.0)).astype(np.int64)
        size = int(inner.max(initial=0)) + 1
        if size > 100_000:
            inner = np.unique(inner, return_inverse=True)[1].reshape(-1)
            size = int(inner.max(initial=0)) + 1
        if size * (int(key.max(initial=0)) + 1) >= 2**62:
            key = np.unique(key, return_inverse=True)[1].reshape(-1)
        key = key * size + inner
    _, group = np.unique(key, return_inverse=True)
    return group.reshape(-1), int(group.max(initial=-1)) + 1
