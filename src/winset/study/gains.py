"""Where a probability or an expectation comes about: by which step, in which round.

Along every edge of the graph of public histories an answer changes by what the edge adds to it: an event comes about
(or a thing that always held stops holding), a number of the state rises or falls. Summed over the edges, these gains
are the answer less what it was at the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from winset.game.game import Floats, Game, Ints, Stage
from winset.game.scattering import OVER, scatter
from winset.game.shape import NATURE
from winset.language.expr import Expr
from winset.learn.histories import Layer, observables
from winset.study.atoms import Language, mask_of
from winset.study.conditions import evaluate
from winset.study.events import Event
from winset.study.flow import ByActs, Watch, begin, by_acts, change_joint_types, flat_of, memories_of
from winset.study.graph import Graph
from winset.study.public_flow import spread


@dataclass(frozen=True, kw_only=True)
class Gains:
    """An answer taken apart.

    Attributes:
        start: what it was at the start.
        steps: (round, step in words) -> what such steps add; with `start` they sum to the answer.
    """

    start: float
    steps: dict[tuple[int, str], float]

    @property
    def total(self) -> float:
        """The answer."""
        return self.start + sum(self.steps.values())

    def by_step(self) -> dict[str, float]:
        """What each step adds, over all rounds."""
        out: dict[str, float] = {}
        for (_, step), amount in self.steps.items():
            out[step] = out.get(step, 0.0) + amount
        return out

    def by_round(self) -> dict[int, float]:
        """What each round adds, over all steps."""
        out: dict[int, float] = {}
        for (number, _), amount in self.steps.items():
            out[number] = out.get(number, 0.0) + amount
        return dict(sorted(out.items()))

    def scaled(self, factor: float) -> Gains:
        """The same of the answer times a factor."""
        return Gains(start=factor * self.start, steps={k: factor * v for k, v in self.steps.items()})

    def plus(self, other: Gains) -> Gains:
        """The same of the sum of two answers."""
        steps = dict(self.steps)
        for key, amount in other.steps.items():
            steps[key] = steps.get(key, 0.0) + amount
        return Gains(start=self.start + other.start, steps=steps)


def step_names(game: Game, stage: Stage, joint: Ints, branch: Ints, happens: Any) -> tuple[tuple[str, ...], Ints]:
    """What the public sees on edges, in words, and (E,) which of them each edge shows."""
    outcome = stage.outcome[branch]
    key = (joint * len(stage.outcomes) + outcome) * 2 + happens
    unique, inverse = np.unique(key, return_inverse=True)
    seen = observables(stage, unique // 2 // len(stage.outcomes))
    told = []
    for i, one in enumerate(unique):
        parts = []
        drawn = stage.outcomes[int(one) // 2 % len(stage.outcomes)]
        for side, sign in zip(stage.movers, seen, strict=True):
            if one % 2:
                who = "chance" if side.actions == (NATURE,) else game.players[side.player].name
                parts.append(f"{who} plays {side.observables[int(sign[i])]}")
        text = " and ".join(parts)
        if drawn and drawn not in text.split():
            text = f"{text}, then {drawn}" if text else f"chance plays {drawn}"
        told.append(text or (f"the move {stage.move} is passed over" if stage.move else "the round ends"))
    return tuple(told), inverse.reshape(-1)


def moved(stage: Stage, layer: Layer) -> Ints:
    """(E,) 1 where the edge's move takes place."""
    if not stage.movers:
        return np.ones(len(layer.node), dtype=np.int64)
    return stage.movers[0].happens[layer.state[layer.node]].astype(np.int64)


def event_gains(graph: Graph, language: Language, event: Event) -> Gains:
    """How the probability of an event comes about."""
    game = graph.game
    private = any(language.is_private(c) for c in event.conditions)
    watch = Watch(language, (event,))
    flow = begin(graph, watch, private)
    first = graph.layers[0]
    rows = graph.stage(first).states[first.state]
    held = sum(float((flow[:, v] * _standing(watch, v, rows, first.round - 1)).sum()) for v in range(watch.count))
    start = held / max(float(flow.sum()), 1e-300)
    steps: dict[tuple[int, str], float] = {}
    if not private and event.form != "at":
        _public(graph, watch, flow[:, :, 0], steps)
        return Gains(start=start, steps=steps)
    for i, layer in enumerate(graph.layers):
        flow, gained, whole = _push(graph, i, layer, flow, watch, private)
        _add(game, layer, gained / _reached(graph, layer, whole), steps)
        if not flow.any():
            break
    return Gains(start=start, steps=steps)


def _reached(graph: Graph, layer: Layer, whole: float) -> float:
    """What the probabilities of a layer are to be divided by: they are given the history that was followed."""
    followed = graph.folded is None or layer.mass.sum() > graph.reached * (1 + 1e-9)
    return max(whole if followed else graph.reached, 1e-300)


def _public(graph: Graph, watch: Watch, first: Floats, steps: dict[tuple[int, str], float]) -> None:
    """The steps of an event that reads public things only, all edges at once."""
    flat, automaton = flat_of(graph, watch), watch.automata[0]
    memory = memories_of(graph, watch)
    flow, *_ = spread(flat, memory, first)
    amount = flow[flat.node] * flat.probability[:, None]
    accepts = np.array([automaton.accepts(v) for v in range(automaton.count)], dtype=float)
    gained = (amount * (accepts[memory.after] - accepts)[memory.told]).sum(axis=1)
    begin = 0
    for i, layer in enumerate(graph.layers):
        part = slice(int(flat.edges[i]), int(flat.edges[i + 1]))
        whole = np.zeros(len(layer.node))
        whole[flat.kept[part] - begin] = gained[part]
        begin += len(layer.node)
        _add(
            graph.game, layer, whole / _reached(graph, layer, float(layer.mass[layer.node] @ layer.probability)), steps
        )


def _standing(watch: Watch, memory: int, rows: Ints, now: int) -> Floats:
    """(X, 1 or Θ) 1 where the event had come about if all ended here, at these rows of `Game.states`.

    For `X at D` that is whether X holds as things stand, before D too, so that what is to stand at D is credited to
    the step that brought it about."""
    automaton = watch.automata[0]
    if automaton.event.form == "at" and memory < 2**automaton.atoms:
        return np.asarray(watch.table(0, 0, max(now, 1))[memory, rows], dtype=float)
    return np.full((len(rows), 1), float(automaton.accepts(memory)))


def _push(graph: Graph, i: int, layer: Layer, flow: Floats, watch: Watch, private: bool
          ) -> tuple[Floats, Floats, float]:  # fmt: skip
    """The flow on the next layer, (E,) what each edge gains, and the probability that took the edges at all."""
    stage, last = graph.stage(layer), i + 1 == len(graph.layers)
    closes = last or graph.layers[i + 1].round != layer.round
    split, values = stepped(graph.game, stage, layer, watch, closes, private)
    node, branch, child = layer.node[split.edge], layer.branch[split.edge], layer.child[split.edge]
    onward = np.zeros((0 if last else len(graph.layers[i + 1].mass), watch.count, flow.shape[2]))
    spare = np.zeros(watch.count), np.zeros(watch.count)
    gained, whole = np.zeros(len(layer.node)), 0.0
    for memory, new in enumerate(values):
        if not flow[:, memory].any():
            continue
        amount = flow[node, memory] * split.weight
        if private:
            amount = change_joint_types(graph.game, stage, layer.state[node], branch, split.acts, amount)
        whole += float(amount.sum())
        gained += np.bincount(split.edge, _change(graph, layer, split, watch, flow, amount, memory, new), len(gained))
        scatter(np.ascontiguousarray(amount), new, child, onward, *spare)
    return onward, gained, whole


def _change(graph: Graph, layer: Layer, split: ByActs, watch: Watch, flow: Floats, amount: Floats, memory: int,
            new: Any) -> Floats:  # fmt: skip
    """(X,) what split edges add, taken from one memory to new ones with these amounts."""
    automaton = watch.automata[0]
    if automaton.event.form != "at":
        accepts = np.array([automaton.accepts(v) for v in range(automaton.count)], dtype=float)
        step = accepts[new] - accepts[memory]
        return np.asarray((amount * step).sum(axis=1) if step.any() else np.zeros(len(amount)))
    stage, node, branch = graph.stage(layer), layer.node[split.edge], layer.branch[split.edge]
    before = _standing(watch, memory, stage.states[layer.state[node]], layer.round)
    after = np.zeros(amount.shape)
    for reached in np.unique(new):
        here = np.broadcast_to(_standing(watch, int(reached), stage.landing[branch], layer.round), amount.shape)
        after = np.where(np.broadcast_to(new, amount.shape) == reached, here, after)
    came = flow[node, memory] * split.weight
    return np.asarray((amount * after - came * before).sum(axis=1))


def stepped(game: Game, stage: Stage, layer: Layer, watch: Watch, closes: bool, private: bool) -> tuple[Any, list[Any]]:
    """The edges of a layer split by hidden actions, and for each memory of the event's automaton the next one."""
    split = by_acts(game, stage, layer, private)
    node, branch, child = layer.node[split.edge], layer.branch[split.edge], layer.child[split.edge]
    mask = mask_of(watch.language, watch.atoms[0], stage, split.acts, split.seen, layer.state[node], branch)
    moment = watch.moment(
        0, now=layer.round, landing=stage.landing[branch], mask=mask, closes=np.full(len(node), closes),
        over=child == OVER,
    )  # fmt: skip
    automaton = watch.automata[0]
    return split, [automaton.step(v, moment) for v in range(automaton.count)]


def _add(game: Game, layer: Layer, gained: Floats, steps: dict[tuple[int, str], float]) -> None:
    stage = game.stages[layer.stage]
    live = np.flatnonzero(gained)
    if not len(live):
        return
    names, which = step_names(game, stage, layer.joint[live], layer.branch[live], moved(stage, layer)[live])
    for name, amount in zip(names, np.bincount(which, gained[live], len(names)), strict=True):
        key = (layer.round, name)
        steps[key] = steps.get(key, 0.0) + float(amount)


def value_gains(graph: Graph, language: Language, value: Expr, until: int | None) -> Gains:
    """How the expectation of an expression at the end of a round (None: of the game) comes about."""
    game = graph.game
    last = graph.layers[-1].round if until is None else until
    scope = replace(language.scope(max(last, 1), {}), types={})
    amounts = np.broadcast_to(np.asarray(evaluate(value, scope), dtype=float).reshape(-1), (len(game.states),))
    first = graph.layers[0]
    rows = game.stages[first.stage].states[first.state]
    start = float((first.mass * amounts[rows]).sum() / first.mass.sum())
    steps: dict[tuple[int, str], float] = {}
    for layer in graph.layers:
        if layer.round > last:
            break
        stage = graph.stage(layer)
        change = amounts[stage.landing[layer.branch]] - amounts[stage.states[layer.state[layer.node]]]
        mass = layer.mass[layer.node] * layer.probability
        _add(game, layer, mass * change / _reached(graph, layer, float(mass.sum())), steps)
    return Gains(start=start, steps=steps)


def occasions(gains: Gains) -> Iterator[tuple[str, float]]:
    """The steps by what they add, the most first; equal ones by name."""
    yield from sorted(gains.by_step().items(), key=lambda item: (-abs(item[1]), item[0]))


__all__ = ["Gains", "event_gains", "occasions", "step_names", "stepped", "value_gains"]
