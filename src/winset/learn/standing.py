"""Where a record has led: nodes with the probabilities that it gives them, and how they move over one stage."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints, Mover, Stage
from winset.game.grid import BeliefGrid
from winset.game.merging import by_spread
from winset.game.reach import Believe, Nodes
from winset.game.scattering import OVER
from winset.game.shape import NATURE
from winset.learn.histories import Layer, Place, edge_beliefs, next_round, observables, start_nodes
from winset.learn.sighting import Chances, Sighting


@dataclass(frozen=True, kw_only=True)
class Filtering:
    """How closely the record is followed.

    Attributes:
        spread: most probability times variance of beliefs (in bent log-odds, `game.merging`) put into one node; 0 puts
            together only what is equal.
        prune: probability, given the record, below which a node is dropped and counted.
        most: most nodes kept; the lightest beyond are dropped and counted.
    """

    spread: float = 1e-5
    prune: float = 1e-10
    most: int = 20_000


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that the record leaves possible.

    Attributes:
        nodes: where the game may stand; None: it is over. Their mass and `over` sum to 1.
        round: number of the round of the next stage.
        over, over_belief: probability that the game is over, and (W,) that times the mean belief there.
        before: the layers that led here, each edge weighed by what was sighted there.
        factors: by how much each later stage has changed the weight of what was over before it.
        lost: probability dropped so far, summed.
    """

    game: Game
    nodes: Nodes | None
    round: int
    over: float
    over_belief: Floats
    before: tuple[Layer, ...] = ()
    factors: tuple[float, ...] = ()
    lost: float = 0.0

    @property
    def live(self) -> int:
        """How many nodes go on."""
        return 0 if self.nodes is None else len(self.nodes.mass)

    @property
    def reader(self) -> Floats:
        """(R,) what the reader of the record believes of types."""
        rows = self.game.rows
        found: Floats = self.over_belief[:rows].copy()
        if self.nodes is not None:
            found += self.nodes.mass @ self.nodes.belief[:, :rows]
        return found

    @property
    def place(self) -> Place:
        """The same for forecasts: what was over early weighs what the record since then leaves of it."""
        layers: list[Layer] = []
        factor = 1.0
        for layer, own in zip(reversed(self.before), reversed(self.factors), strict=True):
            weighed = np.where(layer.child == OVER, layer.probability * factor, layer.probability)
            layers.append(replace(layer, probability=weighed))
            factor *= own
        return Place(nodes=self.nodes, before=tuple(reversed(layers)), round=self.round)


def begun(game: Game, prior: Floats | None) -> Standing:
    """The start of the game, every player believing the prior (or the belief given, as wide as beliefs are)."""
    nodes = start_nodes(game)
    if prior is not None:
        nodes = replace(nodes, belief=np.tile(prior, (len(nodes.mass), 1)))
    return Standing(
        game=game, nodes=nodes, round=game.stages[0].round, over=0.0, over_belief=np.zeros(nodes.belief.shape[1])
    )


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What a stage leaves: the reader's belief once types have changed, what was then dropped, and the standing."""

    moved: Floats
    dropped: float
    standing: Standing


def passed(standing: Standing, layer: Layer, weights: Floats, absent: float, whole: float, *,
           how: Filtering, believe: Believe | None) -> Passed:  # fmt: skip
    """The standing after a stage.

    Args:
        standing: before it.
        layer: the stage opened there.
        weights: (E,) likelihood of what was sighted, by edge.
        absent: the same where the game was over before.
        whole: probability of what was sighted.
    """
    game = standing.game
    probability = layer.probability * weights / whole
    some = np.flatnonzero(probability > 0)
    layer = replace(
        layer, node=layer.node[some], joint=layer.joint[some], branch=layer.branch[some], child=layer.child[some],
        probability=probability[some],
    )  # fmt: skip
    mass = layer.mass[layer.node] * layer.probability
    belief = edge_beliefs(game, layer, np.arange(len(some)), believe)
    ended = layer.child == OVER
    over = standing.over * absent / whole + float(mass[ended].sum())
    over_belief = standing.over_belief * absent / whole + mass[ended] @ belief[ended]
    on = np.flatnonzero(~ended)
    target = game.stages[layer.stage].target[layer.branch[on]]
    group, count = _groups(game, target, belief[on], mass[on], how.spread)
    weight = np.bincount(group, mass[on], count).astype(np.float64)
    keep = _kept(weight, how)
    dropped = float(weight[~keep].sum())
    scale = 1.0 / (1.0 - dropped)
    number = np.where(keep, np.cumsum(keep) - 1, -1)
    mean = np.stack([np.bincount(group, mass[on] * column, count)[keep] for column in belief[on].T], axis=1)
    head = np.zeros(count, dtype=np.int64)
    head[group] = np.arange(len(group))
    following = game.next_stage(layer.stage)
    nodes = None
    if keep.any() and following is not None:
        nodes = Nodes(
            stage=following, round=next_round(game, layer), state=target[head[keep]],
            belief=mean / weight[keep, None], mass=weight[keep] * scale,
        )  # fmt: skip
    child = layer.child.copy()
    child[on] = number[group]
    there = np.flatnonzero(ended | (child >= 0))
    kept = replace(
        layer, node=layer.node[there], joint=layer.joint[there], branch=layer.branch[there], child=child[there],
        probability=layer.probability[there] * scale,
    )  # fmt: skip
    return Passed(
        moved=over_belief[: game.rows] + mass[on] @ belief[on][:, : game.rows], dropped=dropped,
        standing=Standing(
            game=game, nodes=nodes, round=next_round(game, layer), over=over * scale, over_belief=over_belief * scale,
            before=(*standing.before, kept), factors=(*standing.factors, absent / whole * scale),
            lost=standing.lost + dropped,
        ),
    )  # fmt: skip


def _groups(game: Game, state: Ints, belief: Floats, mass: Floats, spread: float) -> tuple[Ints, int]:
    """Which edges become one node."""
    if not len(state):
        return np.zeros(0, dtype=np.int64), 0
    grid, rows = BeliefGrid(game.type_counts), game.rows
    blocks = [grid.coordinates(belief[:, at : at + rows]) for at in range(0, belief.shape[1], rows)]
    over = np.zeros(len(state), dtype=bool)
    return by_spread(state, np.concatenate(blocks, axis=1), mass, over, spread)


def _kept(weight: Floats, how: Filtering) -> Bools:
    """Which nodes are heavy enough."""
    keep = weight >= min(how.prune, weight.max(initial=0.0))
    if keep.sum() > how.most:
        keep &= weight >= np.partition(weight, len(weight) - how.most)[len(weight) - how.most]
    return np.asarray(keep, dtype=bool)


@dataclass(frozen=True, kw_only=True)
class Side:
    """Something that can be sighted at a stage: one mover, or chance.

    Attributes:
        player: whose act; "chance" for outcomes.
        labels: what may be done, the last of them "" for a move that does not come about.
        label: (E,) index into `labels` of each edge.
    """

    player: str
    labels: tuple[str, ...]
    label: Ints

    def likelihood(self, chances: Chances | Sighting) -> Floats:
        """(labels,) probability of a report by what was done; `offer(share=0.5)` counts by its name too."""
        known, found = chances.likelihood, []
        for text in self.labels[:-1]:
            name = text if text in known else text.partition("(")[0]
            found.append(float(known.get(name, chances.otherwise)))
        return np.array([*found, chances.absent])


def sides(game: Game, stage: Stage, layer: Layer) -> dict[str, Side]:
    """What can be sighted at a stage, by player; chance too."""
    found: dict[str, Side] = {}
    nature: tuple[Mover, Ints] | None = None
    for mover, sign in zip(stage.movers, observables(stage, layer.joint), strict=True):
        happens = mover.happens[layer.state[layer.node]]
        label = np.where(happens, sign, len(mover.observables))
        if mover.actions == (NATURE,):
            nature = mover, label
        else:
            player = game.players[mover.player].name
            found[player] = Side(player=player, labels=(*mover.observables, ""), label=label)
    labels, label = [*stage.outcomes[1:], ""], (stage.outcome[layer.branch] - 1) % len(stage.outcomes)
    if nature is not None:  # what is drawn by a player's type; a further draw may follow
        mover, drawn = nature
        labels = [*labels[:-1], *mover.observables, ""]
        nothing = len(stage.outcomes) - 1
        label = np.where(label < nothing, label, nothing + drawn)
    found["chance"] = Side(player="chance", labels=tuple(labels), label=np.asarray(label, dtype=np.int64))
    return found
