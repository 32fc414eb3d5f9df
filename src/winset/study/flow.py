"""Probabilities of events, by letting probability flow forward through the graph of public histories.

The flow carries (node, memory of the automata) and, where an event reads a type or a hidden action, the joint
type Θ as well; then each edge is split by the actions that may stand behind what is seen. Nothing is lost on the
way but what the graph itself dropped, and the sums say how much that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.scattering import OVER, scatter
from winset.learn.histories import Layer, observables
from winset.study.atoms import Language, mask_of, on_types
from winset.study.events import Automaton, Event, Moment
from winset.study.graph import Flat, Graph
from winset.study.public_flow import Memories, memories, spread


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Where the probability went.

    Attributes:
        automata: one per event, as asked.
        final: probability by final memory of each automaton, one axis per event.
        rounds: number of each round.
        by_round: (rounds, ...) like `final`, at the end of each round.
        open: like `final`, but only histories that go on beyond the last layer.
        total: probability of the condition under which all this stands (the history followed), lost mass included.
    """

    automata: tuple[Automaton, ...]
    final: Floats
    rounds: tuple[int, ...]
    by_round: Floats
    open: Floats
    total: float

    def accepted(self, which: tuple[int, ...], mass: Floats | None = None) -> float:
        """Probability that all the events listed have happened (not yet divided by `total`)."""
        mass = self.final if mass is None else mass
        for axis, automaton in enumerate(self.automata):
            if axis in which:
                keep = np.array([automaton.accepts(v) for v in range(automaton.count)])
                mass = mass * keep.reshape([-1 if a == axis else 1 for a in range(mass.ndim)])
        return float(mass.sum())

    @property
    def lost(self) -> float:
        """Probability dropped or, for histories that were cut off, not yet decided."""
        last = self.rounds[-1] if self.rounds else 0
        settled = np.ones(self.open.shape, dtype=bool)
        for axis, automaton in enumerate(self.automata):
            done = np.array([automaton.settled(v, last) for v in range(automaton.count)])
            settled &= done.reshape([-1 if a == axis else 1 for a in range(settled.ndim)])
        return max(self.total - float(self.final.sum()), 0.0) + float(self.open[~settled].sum())

    def by(self, deadline: int | None) -> tuple[float, float]:
        """For one event without a deadline: probability that it has happened by the end of a round (None: ever), and
        what was dropped or left open until then.

        Raises:
            ValueError: the round ended before the first layer.
        """
        if deadline is None or not self.rounds or deadline > self.rounds[-1]:
            return self.accepted((0,)), self.lost
        if deadline < self.rounds[0]:
            raise ValueError(f"round {deadline} is over before the first layer")
        there = self.by_round[deadline - self.rounds[0]]
        return self.accepted((0,), there), max(self.total - float(there.sum()), 0.0)


@dataclass(frozen=True)
class ByActs:
    """The edges of a layer, split by hidden actions: X rows."""

    edge: Ints
    acts: tuple[Ints, ...]
    seen: tuple[Ints, ...]
    weight: Floats  # (X, Θ) or (X, 1): probability given the node and the joint type


def run(graph: Graph, language: Language, events: tuple[Event, ...]) -> Flow:
    """Lets the probability flow, with all events watched at once."""
    game = graph.game
    private = any(language.is_private(c) for e in events for c in e.conditions)
    watch = Watch(language, events)
    if not private:
        return _run_public(graph, watch)
    flow, final = begin(graph, watch, private), np.zeros(watch.count)
    opened = np.zeros(watch.count)
    rounds: list[int] = []
    by_round: list[Floats] = []
    for i, layer in enumerate(graph.layers):
        last = i + 1 == len(graph.layers)
        closes = last or graph.layers[i + 1].round != layer.round
        after = 0 if last else len(graph.layers[i + 1].mass)
        flow, ended, cut = _push(game, layer, flow, watch, after=after, closes=closes, private=private)
        final += ended
        opened += cut
        if closes:
            rounds.append(layer.round)
            by_round.append(final + flow.sum(axis=(0, 2)) + cut)
    final = final + opened
    shape = tuple(a.count for a in watch.automata)
    return Flow(
        automata=watch.automata,
        final=final.reshape(shape),
        rounds=tuple(rounds),
        by_round=np.array(by_round).reshape(len(rounds), *shape),
        open=opened.reshape(shape),
        total=graph.reached,
    )


def _run_public(graph: Graph, watch: Watch) -> Flow:
    """As `run`, where no event reads what is private."""
    flat = flat_of(graph, watch)
    _, by_round, final, opened = spread(flat, memories_of(graph, watch), begin(graph, watch, False)[:, :, 0])
    shape = tuple(a.count for a in watch.automata)
    return Flow(
        automata=watch.automata,
        final=final.reshape(shape),
        rounds=tuple(dict.fromkeys(flat.rounds.tolist())),
        by_round=by_round.reshape(len(by_round), *shape),
        open=opened.reshape(shape),
        total=graph.reached,
    )


def memories_of(graph: Graph, watch: Watch) -> Memories:
    """The joint memory of public events after each edge of `flat_of` a graph."""

    def told(which: int, now: int, landing: Ints, mask: Ints, closes: Bools, over: Bools) -> Moment:
        return watch.moment(which, now=now, landing=landing, mask=mask, closes=closes, over=over)

    flat = flat_of(graph, watch)
    return memories(graph.game, graph.layers, flat, watch.language, watch.automata, watch.atoms, told)


def flat_of(graph: Graph, watch: Watch) -> Flat:
    """The edges that public events have to look at."""
    return graph.flat if any(watch.atoms) else graph.busy


class Watch:
    """The automata run side by side, with their conditions' truth tables at hand."""

    def __init__(self, language: Language, events: tuple[Event, ...]) -> None:
        self.language = language
        self.conditions = [e.conditions for e in events]
        self.atoms = [tuple(dict.fromkeys(a for c in e.conditions for a in language.atoms(c))) for e in events]
        self.automata = tuple(Automaton(e, len(a)) for e, a in zip(events, self.atoms, strict=True))
        self.count = int(np.prod([a.count for a in self.automata], dtype=np.int64))
        self._tables: dict[tuple[int, int, int], Bools] = {}

    def table(self, which: int, condition: int, now: int) -> Bools:
        """(2**atoms, N, Θ or 1) truth of one condition of one event in round `now`."""
        tree = self.conditions[which][condition]
        key = (which, condition, now if self.language.reads_now(tree) else 0)
        if key not in self._tables:
            self._tables[key] = self.language.table(tree, self.atoms[which], now)
        return self._tables[key]

    def moment(self, which: int, *, now: int, landing: Ints, mask: Ints, closes: Bools, over: Bools) -> Moment:
        """What one automaton is told on edges that land on these rows of `Game.states`."""
        tables = [self.table(which, c, now) for c in range(len(self.conditions[which]))]
        return Moment(
            round=now, truth=tuple(t[mask, landing] for t in tables), table=tables[0][:, landing], mask=mask,
            closes=closes, over=over,
        )  # fmt: skip


def begin(graph: Graph, watch: Watch, private: bool) -> Floats:
    """(M, Q, Θ) flow on the first layer."""
    layer = graph.layers[0]
    stage = graph.stage(layer)
    count = len(layer.mass)
    none = np.zeros(count, dtype=bool)
    memory = np.zeros((1, 1), dtype=np.int64)
    for i, automaton in enumerate(watch.automata):
        moment = watch.moment(
            i, now=layer.round - 1, landing=stage.states[layer.state], mask=np.zeros(count, dtype=np.int64),
            closes=none, over=none,
        )  # fmt: skip
        memory = memory * automaton.count + automaton.first(moment)
    if private:
        parts = [layer.belief[:, s : s + k] for s, k in zip(graph.game.row_start, graph.game.type_counts, strict=True)]
        weight = on_types(graph.game, parts, count, list(range(len(parts)))) * layer.mass[:, None]
    else:
        weight = layer.mass[:, None]
    out = np.zeros((count, watch.count, weight.shape[1]))
    rows, kinds = np.indices(weight.shape)
    np.add.at(out, (rows, np.broadcast_to(memory, weight.shape), kinds), weight)
    return out


def by_acts(game: Game, stage: Stage, layer: Layer, private: bool) -> ByActs:
    """The edges of a layer; where `private`, split by the acts that may stand behind what is seen, by joint type."""
    edge = np.arange(len(layer.node))
    seen = observables(stage, layer.joint)
    if not private:
        return ByActs(edge, seen, seen, layer.probability[:, None])
    acts: list[Ints] = []
    weights: list[Floats] = []
    for j, side in enumerate(stage.movers):
        gamma = layer.strategies[j]
        if side.signal is None:
            act = seen[j][edge]
            weights.append(gamma[layer.node[edge], :, act])
            acts.append(act)
            continue
        rows, chosen, likelihoods = [], [], []
        for a in range(len(side.actions)):
            node = layer.node[edge]
            likelihood = gamma[node, :, a] * side.signal[layer.state[node], a, :, seen[j][edge]]
            keep = np.nonzero(likelihood.sum(axis=1) > 0)[0]
            rows.append(keep)
            chosen.append(np.full(len(keep), a))
            likelihoods.append(likelihood[keep])
        keep = np.concatenate(rows)
        edge, acts, weights = edge[keep], [x[keep] for x in acts], [w[keep] for w in weights]
        acts.append(np.concatenate(chosen))
        weights.append(np.concatenate(likelihoods))
    weight = on_types(game, weights, len(edge), [m.player for m in stage.movers])
    weight = weight * stage.probability[layer.branch[edge]][:, None]
    return ByActs(edge, tuple(acts), tuple(s[edge] for s in seen), weight)


def _push(game: Game, layer: Layer, flow: Floats, watch: Watch, *, after: int, closes: bool,
          private: bool) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """The flow on the next layer, what ended, and what was cut off, by memory."""
    stage = game.stages[layer.stage]
    split = by_acts(game, stage, layer, private)
    node, branch, child = layer.node[split.edge], layer.branch[split.edge], layer.child[split.edge]
    over = child == OVER
    steps = []
    for i, automaton in enumerate(watch.automata):
        mask = mask_of(watch.language, watch.atoms[i], stage, split.acts, split.seen, layer.state[node], branch)
        moment = watch.moment(
            i, now=layer.round, landing=stage.landing[branch], mask=mask, closes=np.full(len(node), closes), over=over
        )
        steps.append([automaton.step(v, moment) for v in range(automaton.count)])
    onward = np.zeros((after, watch.count, flow.shape[2]))
    ended, cut = np.zeros(watch.count), np.zeros(watch.count)
    for memory, values in enumerate(product(*(range(a.count) for a in watch.automata))):
        if not flow[:, memory].any():
            continue
        amount = flow[node, memory] * split.weight
        if private:
            amount = change_joint_types(game, stage, layer.state[node], branch, split.acts, amount)
        new = np.zeros((1, 1), dtype=np.int64)
        for automaton, step, value in zip(watch.automata, steps, values, strict=True):
            new = new * automaton.count + step[value]
        scatter(np.ascontiguousarray(amount), new, child, onward, ended, cut)
    return onward, ended, cut


def change_joint_types(
    game: Game, stage: Stage, state: Ints, branch: Ints, acts: tuple[Ints, ...], amount: Floats
) -> Floats:
    """(X, Θ) amounts after the movers' own laws and the branch's."""
    if stage.laws is None:
        return amount
    changes = [(m.player, m.law[state, a]) for m, a in zip(stage.movers, acts, strict=True) if m.law is not None]
    if stage.branch_law is not None:
        changes += [(i, stage.branch_law[branch, i]) for i in range(len(game.players))]
    for player, law in changes:
        hit = np.nonzero(law >= 0)[0]
        if not len(hit):
            continue
        kinds = game.type_counts[player]
        matrix = stage.laws[law[hit]][:, :kinds, :kinds]
        tensor = np.moveaxis(amount[hit].reshape(len(hit), *game.type_counts), 1 + player, -1)
        shape = tensor.shape
        moved = np.einsum("xrk,xkl->xrl", tensor.reshape(len(hit), -1, kinds), matrix).reshape(shape)
        amount = amount.copy()
        amount[hit] = np.moveaxis(moved, -1, 1 + player).reshape(len(hit), -1)
    return amount
