"""What one figure turns on: a choice, a value, a belief, a forecast, each taken apart into numbers.

A *piece* belongs to one leaf of a formula, read in one place. It is computed from the solution and the public
histories that are there already, and kept when the solution is let go.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from winset.base.errors import WinsetError
from winset.game.game import Bools, Floats, Game, Ints
from winset.game.reach import Nodes
from winset.language.clock import label
from winset.language.expr import Plays
from winset.language.formula import Belief, Expectation, Formula, Probability, StrategyOf, ValueOf
from winset.learn.histories import Layer, Place, edge_beliefs
from winset.study.atoms import matches
from winset.study.context import Context, Part, leaves
from winset.study.evidence import evidence
from winset.study.explanation_data import EvidenceData, WitnessData
from winset.study.flow import ByActs, by_acts, change_joint_types
from winset.study.formulas import Asker, number, ready_event
from winset.study.gains import Gains, event_gains, value_gains
from winset.study.graph import Graph, Walking, happens, walk
from winset.study.labelled import Labelled, after_action, along, labelled, paid_on, types_at
from winset.study.solved import Solved
from winset.study.witness import witness

QUICK = Walking(prune=1e-5, spread=5e-3)
"""How closely the histories after an action are followed in a game that is not small."""

CLOSE = 0.01
"""In such a game, a history that was walked from the start serves where its beliefs lie so close to the place's."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A payoff, or the difference of two, by label and date.

    Attributes:
        labels, dates: what the two axes of `table` (dates, labels) stand for.
        table: discounted to where the figure is read.
        check: the same total from elsewhere: the solver's value, or the odds of two actions over the precision (the
            logit rule read backwards); None where that says nothing.
    """

    labels: tuple[str, ...]
    dates: tuple[str, ...]
    table: Floats
    check: float | None = None

    @property
    def total(self) -> float:
        """The sum of all parts."""
        return float(self.table.sum())

    def by_label(self) -> dict[str, float]:
        """The parts by label."""
        return dict(zip(self.labels, self.table.sum(axis=0).tolist(), strict=True))

    def by_date(self) -> dict[str, float]:
        """The parts by round."""
        return dict(zip(self.dates, self.table.sum(axis=1).tolist(), strict=True))

    def plus(self, other: Parts, factor: float) -> Parts:
        """This and so many times another."""
        labels = tuple(dict.fromkeys(self.labels + other.labels))
        dates = tuple(sorted(dict.fromkeys(self.dates + other.dates), key=lambda d: (len(d), d)))
        out = np.zeros((len(dates), len(labels)))
        for part, by in ((self, 1.0), (other, factor)):
            rows, columns = [dates.index(d) for d in part.dates], [labels.index(x) for x in part.labels]
            out[np.ix_(rows, columns)] += by * part.table
        return Parts(labels=labels, dates=dates, table=out)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The belief at which a choice would turn, all play being what it is: linear in the belief."""

    player: str
    type: str
    now: float
    at: float


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One type's choice at one place: the action asked about against the best other one.

    Attributes:
        chance, other_chance: how often each is played.
        move, date: where.
        gain: what the action pays more than the other.
        turn: the belief that matters most; None where no belief would turn it.
    """

    player: str
    type: str
    move: str
    date: str
    action: str
    chance: float
    other: str
    other_chance: float
    gain: Parts
    turn: Turn | None = None


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What one leaf turns on; all but one of `gains`, `payoff`, `choice` and `evidence` are empty."""

    leaf: Any
    context: Context
    gains: Gains | None = None
    payoff: Parts | None = None
    choice: Choice | None = None
    evidence: list[EvidenceData] = field(default_factory=list)
    witness: WitnessData | None = None
    grid: int = 0
    dates: dict[int, str] = field(default_factory=dict)


class Pieces:
    """The pieces of one study, each made once, on the grid on which variants and the base are compared."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self._kept: dict[tuple[Any, Context], Piece | None] = {}
        self._labelled: dict[str, Labelled] = {}

    def remember(self, formulas: Iterable[Formula], variant: str, side: Asker) -> None:
        """Makes the pieces of all leaves read in a variant, or the base, before its solution is let go."""
        for tree in formulas:
            for leaf, context in leaves(tree, Context(variant=side.study.base), {}):
                if context.variant == variant:
                    self.of(leaf, context)

    def of_variant(self, variant: str) -> dict[tuple[Any, Context], Piece | None]:
        """The pieces made of a variant."""
        return {key: piece for key, piece in self._kept.items() if key[1].variant == variant}

    def adopt(self, pieces: dict[tuple[Any, Context], Piece | None]) -> None:
        """Takes over pieces made elsewhere."""
        self._kept.update(pieces)

    def of(self, leaf: Any, context: Context) -> Piece | None:
        """The piece of a leaf; None where it has none, or its solution has been let go."""
        key = (leaf, context)
        if key not in self._kept:
            side = self.asker.side
            away = context.variant not in ("", side.study.base)
            if away and context.start is None and not side.study.holds(context.variant):
                return None
            try:
                self._kept[key] = self._made(leaf, context, side)
            except WinsetError:
                self._kept[key] = None
        return self._kept[key]

    def _made(self, leaf: Any, context: Context, side: Asker) -> Piece | None:
        solved, place = side.place(context)
        if solved.course.perceived:  # somebody errs: what is paid and believed there has another form
            return None
        piece = Piece(
            leaf=leaf, context=context, grid=side.study.settings.inner(side.study.scenario),
            dates={n: label(solved.game.scenario.clock, n) for n in _rounds(side, context, leaf)},
        )  # fmt: skip
        match leaf:
            case Probability(given=None):
                graph = side.graph(context)
                event = ready_event(leaf.event, solved.language, place.round if context.start is not None else 1)
                gains = event_gains(graph, solved.language, event)
                told = witness(
                    graph, solved.language, solved.solution.respond, event, variant=context.variant,
                    formula=Part(leaf, context, None).formula, skip=len(place.before), gains=gains,  # type: ignore[arg-type]
                )  # fmt: skip
                return replace(piece, gains=gains, witness=told)
            case Expectation():
                until = None if leaf.at is None else number(leaf.at, solved.language)
                return replace(piece, gains=value_gains(side.graph(context), solved.language, leaf.value, until))
            case Belief(at=None):
                return replace(piece, evidence=evidence(solved.game, place, leaf))
            case ValueOf():
                return replace(piece, payoff=self._value(leaf, context, side, solved, place))
            case StrategyOf():
                choice = self._choice(leaf, context, side, solved, place)
                return None if choice is None else replace(piece, choice=choice)
        return None

    def _labels(self, game: Game) -> Labelled:
        if game.key not in self._labelled:
            last = [*self._labelled][-1:]  # comparisons go to and fro between two games
            self._labelled = {key: self._labelled[key] for key in last}
            self._labelled[game.key] = labelled(game)
        return self._labelled[game.key]

    def _value(self, leaf: ValueOf, context: Context, side: Asker, solved: Solved, place: Place) -> Parts | None:
        if place.nodes is None:
            return None
        game = solved.game
        who = [p.name for p in game.players].index(leaf.player)
        fixed = {who: game.players[who].types.index(leaf.type)} if leaf.type else {}
        graph = side.graph(context)
        first = len(place.before)
        layer = graph.layers[first]
        share = layer.mass / layer.mass.sum()
        if fixed:
            share = share * layer.belief[:, game.row_start[who] + fixed[who]]
            share = share / share.sum()
        weight = types_at(graph, layer, fixed) * share[:, None]
        table, _ = along(self._labels(game), graph, first, weight, leaf.player)
        check = side.measured(leaf, context).value
        return _parts(self._labels(game), graph, leaf.player, table.sum(axis=1), check, solved)

    def _choice(self, leaf: StrategyOf, context: Context, side: Asker, solved: Solved, place: Place) -> Choice | None:
        near = solved.graph_from(place, rounds=1)
        found = _decision(near, solved, leaf, len(place.before))
        if found is None:
            near = side.graph(context)
            found = _decision(near, solved, leaf, len(place.before))
        if found is None:
            return None
        layer, node, j = found
        game, mover = solved.game, near.stage(layer).movers[j]
        own = layer.belief[node, game.row_start[mover.player] :][: game.type_counts[mover.player]]
        player = game.players[mover.player]
        k = player.types.index(leaf.type) if leaf.type else int(np.argmax(own))
        gamma, open_to = layer.strategies[j][node, k], mover.available[layer.state[node]]
        atom = Plays(leaf.player, leaf.action, leaf.given)
        named = np.array([matches(atom, text, solved.language.numbers) for text in mover.actions]) & open_to
        action = int(np.argmax(np.where(named, gamma, -1)))
        others = open_to & ~named
        if not others.any():
            others = open_to & (np.arange(len(named)) != action)
        if not others.any():
            return None
        other = int(np.argmax(np.where(others, gamma, -1)))
        gain, turn = self._gain(near, solved, layer, node, j, k, (action, other), side.small)
        return Choice(
            player=player.name, type=player.types[k] if len(player.types) > 1 else "", move=near.stage(layer).move,
            date=label(game.scenario.clock, layer.round), action=mover.actions[action], chance=float(gamma[action]),
            other=mover.actions[other], other_chance=float(gamma[other]), gain=gain, turn=turn,
        )  # fmt: skip

    def _gain(self, near: Graph, solved: Solved, layer: Layer, node: int, j: int, k: int, pair: tuple[int, int],
              small: bool) -> tuple[Parts, Turn | None]:  # fmt: skip
        """What the first action pays more than the second, and the belief that it turns on."""
        game, mover = solved.game, near.stage(layer).movers[j]
        player, what = game.players[mover.player], self._labels(game)
        weights = types_at(near, replace(layer, belief=layer.belief[node : node + 1], mass=np.ones(1)),
                           {mover.player: k})[0]  # fmt: skip
        how = solved.walking if small else QUICK
        shares = np.zeros((len(weights), 0, 0))
        for factor, action in zip((1.0, -1.0), pair, strict=True):
            found = _after(what, solved, layer, node, j, action, player.name, how, weights)
            rounds = max(shares.shape[1], found.shape[1])
            grown = np.zeros((len(weights), rounds, found.shape[2]))
            grown[:, : shares.shape[1], : shares.shape[2]] += shares
            grown[:, : found.shape[1]] += factor * found
            shares = grown
        gamma = layer.strategies[j][node, k]
        table = np.einsum("t,trl->rl", weights, shares)
        odds = gamma[pair[0]] / gamma[pair[1]] if min(gamma[pair[0]], gamma[pair[1]]) > 1e-250 else math.nan
        check = math.log(odds) / player.precision if player.precision > 0 and odds == odds else None
        names = tuple(label(game.scenario.clock, layer.round + i) for i in range(table.shape[0]))
        gain = Parts(labels=what.labels[player.name], dates=names, table=table, check=check)
        if game.shocks and check is not None:
            gain = _with_shocks(gain)
        return gain, _turning(game, layer.belief[node], mover.player, k, shares.sum(axis=(1, 2)))


def _rounds(side: Asker, context: Context, leaf: Any) -> range:
    """The rounds whose dates a piece may name."""
    if not isinstance(leaf, Probability | Expectation):
        return range(0)
    layers = side.graph(context).layers
    return range(layers[0].round - 1, layers[-1].round + 1)


def _parts(what: Labelled, graph: Graph, player: str, table: Floats, check: float | None, solved: Solved) -> Parts:
    clock = solved.game.scenario.clock
    dates = tuple(label(clock, n) for n in dict.fromkeys(layer.round for layer in graph.layers))
    out = Parts(labels=what.labels[player], dates=dates, table=table, check=check)
    return _with_shocks(out) if solved.game.shocks and check is not None else out


def _with_shocks(parts: Parts) -> Parts:
    """With the expected taste shocks as a part of their own: what the labels leave of the value."""
    assert parts.check is not None
    rest = np.zeros((len(parts.table), 1))
    rest[-1, 0] = parts.check - parts.total
    return replace(parts, labels=(*parts.labels, "shocks"), table=np.hstack([parts.table, rest]))


def _decision(graph: Graph, solved: Solved, leaf: StrategyOf, skip: int) -> tuple[Layer, int, int] | None:
    """The next place at which the action may be chosen, the likeliest where there are several."""
    atom = Plays(leaf.player, leaf.action, leaf.given)
    for layer in graph.layers[skip:]:
        stage = graph.stage(layer)
        for j, side in enumerate(stage.movers):
            if solved.game.players[side.player].name != leaf.player:
                continue
            named = np.array([matches(atom, text, solved.language.numbers) for text in side.actions])
            offered: Bools = np.asarray(side.available[:, named].any(axis=1), dtype=bool)
            here = offered[layer.state] & happens(stage, layer.state)
            if here.any():
                return layer, int(np.argmax(np.where(here, layer.mass, -1.0))), j
    return None


@dataclass(frozen=True)
class _Onward:
    """Where the edges of a place lead: public histories, a layer of them, each edge's node there (-1: the end)."""

    graph: Graph | None
    skip: int
    node: Ints


def _onward(solved: Solved, believed: Layer, split: ByActs, how: Walking) -> _Onward:
    """What may follow the edges that are taken at all; beliefs are those of a public that sees them played."""
    game, stage = solved.game, solved.game.stages[believed.stage]
    taken = np.unique(split.edge[split.weight.any(axis=1)])
    going = taken[stage.target[believed.branch[taken]] >= 0]
    index, first = np.full(len(believed.branch), -1), game.next_stage(believed.stage)
    if not len(going) or first is None:
        return _Onward(None, 0, index)
    mass = np.bincount(split.edge, split.weight.mean(axis=1), len(index))[going]
    turns = first <= believed.stage or game.stages[first].round != stage.round
    nodes = Nodes(
        stage=first, round=believed.round + int(turns), state=stage.target[believed.branch[going]],
        belief=edge_beliefs(game, believed, going), mass=mass / mass.sum(),
    )  # fmt: skip
    there = _known(solved, nodes) if how is QUICK else None
    if there is not None:
        index[going] = there[1]
        return _Onward(solved.graph, there[0], index)
    index[going] = np.arange(len(going))
    return _Onward(walk(game, solved.solution.respond, nodes, how=how), 0, index)


def _after(what: Labelled, solved: Solved, layer: Layer, node: int, j: int, action: int, player: str,
           how: Walking, chances: Floats) -> Floats:  # fmt: skip
    """(Θ, rounds, labels) what an action leads to, for each joint type of everyone that has a chance (Θ,)."""
    game, stage = solved.game, solved.game.stages[layer.stage]
    who = [p.name for p in game.players].index(player)
    believed, played = after_action(layer, game, node, j, action)
    split = by_acts(game, stage, played, True)
    onward = _onward(solved, believed, split, how)
    last = layer.round if onward.graph is None else onward.graph.layers[-1].round
    out = np.zeros((len(chances), last - layer.round + 1, len(what.labels[player])))
    out[:, 0] += paid_on(what, played, split, split.weight, player)
    if onward.graph is None:
        return out
    start = onward.graph.layers[onward.skip].round - layer.round
    state, on = np.full(len(split.edge), played.state[0]), onward.node[split.edge] >= 0
    fixed = all(s.laws is None for s in game.stages)  # types then never change, and one pass tells them apart
    for t in np.flatnonzero(chances):
        amount = split.weight * ((np.arange(len(chances)) == t) | (fixed & (chances > 0)))
        amount = change_joint_types(game, stage, state, played.branch[split.edge], split.acts, amount)
        weight = np.zeros((len(onward.graph.layers[onward.skip].mass), len(chances)))
        np.add.at(weight, onward.node[split.edge][on], amount[on])
        table, _ = along(what, onward.graph, onward.skip, weight, player)
        tail = float(stage.discount[who]) * table[len(table) - (out.shape[1] - start) :]
        if fixed:
            out[:, start:] += tail.transpose(1, 0, 2)
            break
        out[t, start:] += tail.sum(axis=1)
    return out


def _known(solved: Solved, nodes: Nodes) -> tuple[int, Ints] | None:
    """Where these places stand in the histories from the start: a layer and its nodes; None where one does not."""
    for i, layer in enumerate(solved.graph.layers):
        if (layer.stage, layer.round) != (nodes.stage, nodes.round):
            continue
        found = []
        for state, belief in zip(nodes.state, nodes.belief, strict=True):
            same = np.flatnonzero(layer.state == state)
            if not len(same):
                return None
            far = np.abs(layer.belief[same] - belief).max(axis=1)
            if far.min() > CLOSE:
                return None
            found.append(same[np.argmin(far)])
        return i, np.array(found, dtype=np.int64)
    return None


def _turning(game: Game, belief: Floats, own: int, k: int, gains: Floats) -> Turn | None:
    """The belief about another player's type at which the gain would be zero, the nearest to what it is."""
    cube = gains.reshape(game.type_counts)
    best: Turn | None = None
    for i, player in enumerate(game.players):
        if i == own or len(player.types) < 2:
            continue
        rest = np.moveaxis(cube, i, -1)
        for q in reversed([p for p in range(len(game.players)) if p != i]):
            at = game.row_start[q]
            weight = np.eye(game.type_counts[q])[k] if q == own else belief[at : at + game.type_counts[q]]
            axis = q if q < i else q - 1
            rest = np.tensordot(weight, rest, axes=(0, axis))
        here = belief[game.row_start[i] :][: len(player.types)]
        for t, kind in enumerate(player.types):
            if not 0 < here[t] < 1:
                continue
            others = float((here * rest).sum() - here[t] * rest[t]) / (1 - here[t])
            if rest[t] == others:
                continue
            at_ = -others / (float(rest[t]) - others)
            turn = Turn(player=player.name, type=kind, now=float(here[t]), at=at_)
            if 0 < at_ < 1 and (best is None or abs(at_ - here[t]) < abs(best.at - best.now) - 1e-12):
                best = turn
    return best


__all__ = ["Choice", "Parts", "Piece", "Pieces", "Turn"]
