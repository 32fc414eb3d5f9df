"""Plain averages over the graph: states, beliefs, actions and values, by round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.game.game import Bools, Floats, Game
from winset.game.reach import Nodes
from winset.game.scattering import OVER
from winset.game.solution import Respond
from winset.language.expr import Plays
from winset.learn.histories import Layer, edge_beliefs
from winset.study.atoms import Language, matches
from winset.study.graph import Graph, player_slice


@dataclass(frozen=True, kw_only=True)
class RoundEnd:
    """What stands at the end of a round: still going on, and over by then.

    Attributes:
        round: its number; the first entry of a list of these is the start.
        rows: (N,) probability of each row of `Game.states`.
        belief, weight: (H, R) public beliefs and (H,) their probabilities.
        ended: probability that the game is over.
    """

    round: int
    rows: Floats
    belief: Floats
    weight: Floats
    ended: float


def round_ends(graph: Graph) -> list[RoundEnd]:
    """The start and the end of every round, conditioned on the history followed."""
    game = graph.game
    rows_over = np.zeros(len(game.states))
    beliefs_over: list[Floats] = []
    weights_over: list[Floats] = []
    first = graph.layers[0]
    out = [_here(graph, first, first.round - 1, rows_over, beliefs_over, weights_over)]
    for i, layer in enumerate(graph.layers):
        stage = graph.stage(layer)
        over = np.nonzero(layer.child == OVER)[0]
        if len(over):
            mass = layer.mass[layer.node[over]] * layer.probability[over]
            rows_over += np.bincount(stage.landing[layer.branch[over]], mass, len(game.states))
            beliefs_over.append(edge_beliefs(game, layer, over, graph.believe))
            weights_over.append(mass)
        following = graph.layers[i + 1] if i + 1 < len(graph.layers) else None
        if following is None or following.round != layer.round:
            out.append(_here(graph, following, layer.round, rows_over, beliefs_over, weights_over))
    return out


def _here(graph: Graph, layer: Layer | None, number: int, rows: Floats, beliefs: list[Floats],
          weights: list[Floats]) -> RoundEnd:  # fmt: skip
    total = rows.copy()
    belief, weight = list(beliefs), list(weights)
    if layer is not None:
        total += np.bincount(graph.stage(layer).states[layer.state], layer.mass, len(rows))
        belief.append(layer.belief)
        weight.append(layer.mass)
    share = graph.reached
    stacked = np.concatenate(belief) if belief else np.zeros((0, graph.game.rows))
    masses = np.concatenate(weight) if weight else np.zeros(0)
    return RoundEnd(
        round=number, rows=total / share, belief=stacked, weight=masses / share, ended=float(rows.sum()) / share
    )


def at_round(ends: list[RoundEnd], number: int | None) -> RoundEnd:
    """The end of a round; None: of the last. Rounds outside stand for the nearest."""
    if number is None:
        return ends[-1]
    return ends[min(max(number - ends[0].round, 0), len(ends) - 1)]


def mean_belief(nodes: Nodes, column: int) -> float:
    """One column of the beliefs at a place (`Course.column`), averaged over its nodes."""
    return float((nodes.mass * nodes.belief[:, column]).sum() / nodes.mass.sum())


def value_at(game: Game, respond: Respond, nodes: Nodes, player: int, kind: int | None) -> float:
    """Expected discounted payoff from a place on: of one type, or over the types as the public believes."""
    values = respond(nodes.stage, nodes.state, nodes.belief).values
    columns = player_slice(game, player)
    belief = nodes.belief[:, columns] * nodes.mass[:, None]
    own = values[:, columns]
    if kind is None:
        return float((belief * own).sum() / belief.sum())
    weight = belief[:, kind].sum()
    return float((belief[:, kind] * own[:, kind]).sum() / weight) if weight > 0 else float("nan")


def next_choice(graph: Graph, language: Language, atom: Plays, kind: int | None, skip: int = 0) -> tuple[float, float]:
    """Probability of an action at the player's next move that offers it, and the probability that such a move comes.

    Args:
        kind: the type asked about; None for the mean over types.
        skip: layers of the graph that lie in the past.
    """
    game = graph.game
    going = graph.layers[skip].mass.copy() if skip < len(graph.layers) else np.zeros(0)
    whole = going.sum()
    played = offered = came = 0.0
    for i in range(skip, len(graph.layers)):
        layer = graph.layers[i]
        stage = graph.stage(layer)
        for j, side in enumerate(stage.movers):
            if game.players[side.player].name != atom.player:
                continue
            named: Bools = np.array([matches(atom, label, language.numbers) for label in side.actions])
            here = (side.available[:, named].any(axis=1) & side.happens)[layer.state]
            weight = going[:, None] * layer.belief[:, player_slice(game, side.player)] * here[:, None]
            if kind is not None:
                weight = weight * (np.arange(weight.shape[1]) == kind)
            played += float((weight[:, :, None] * layer.strategies[j][:, :, named]).sum())
            offered += float(weight.sum())
            came += float((going * here).sum())
            going = np.where(here, 0.0, going)
        if i + 1 == len(graph.layers) or going.sum() <= 1e-12 * whole:
            break
        on = layer.child >= 0
        amount = going[layer.node[on]] * layer.probability[on]
        going = np.bincount(layer.child[on], amount, len(graph.layers[i + 1].mass)).astype(np.float64)
    return (played / offered if offered > 0 else float("nan")), (came / whole if whole > 0 else 0.0)


def quantiles(values: Floats, weights: Floats, levels: tuple[float, ...]) -> list[float]:
    """Quantiles of a discrete distribution: the smallest value at which the cumulative weight reaches each level."""
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    total = cumulative[-1] if len(cumulative) else 0.0
    if total <= 0:
        return [float("nan")] * len(levels)
    spots = np.searchsorted(cumulative, np.array(levels) * total * (1 - 1e-12))
    return [float(values[order][min(s, len(values) - 1)]) for s in spots]
