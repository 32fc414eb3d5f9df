"""A course of play on which an event comes about, told move by move.

The likeliest course of all is often a short cut, which says little of how the event comes about. So where the event is
something that comes about, and public, the course told is a typical one (`winset.study.usual`).

The likeliest course is found on the graph of public histories (the path of largest probability, Viterbi 1967). Either
is then played again move by move at the exact beliefs, since the graph puts close beliefs together. Where the event
reads a type or a hidden action, the course says those as well, and its probability is that of the whole course, private
parts included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.game.bayes import change_types, update
from winset.game.game import Floats, Ints, Stage
from winset.game.scattering import OVER
from winset.game.shape import NATURE
from winset.game.solution import Respond
from winset.language.clock import label
from winset.learn.histories import Layer, observables
from winset.study.atoms import Language
from winset.study.events import Event
from winset.study.explanation_data import BeliefMove, WitnessData, WitnessStep
from winset.study.flow import ByActs, Watch, begin, change_joint_types
from winset.study.gains import Gains, event_gains, stepped
from winset.study.graph import Graph
from winset.study.usual import Path, typical, usual

TELLING = 0.03
"""A belief is told where a move shifts it by at least so much."""


@dataclass(frozen=True)
class _Way:
    """How the likeliest course came to each (node, memory, joint type): split row, memory and type before."""

    row: Ints
    memory: Ints
    kind: Ints


def likeliest(graph: Graph, language: Language, event: Event) -> Path | None:
    """The likeliest path on which the event comes about (or holds to the end, for `always` and `at`); None: no path."""
    private = any(language.is_private(c) for c in event.conditions)
    watch = Watch(language, (event,))
    automaton = watch.automata[0]
    best = begin(graph, watch, private)
    held = [v for v in range(automaton.count) if automaton.accepts(v) and automaton.settled(v, 0)]
    if held and best[:, held].any():
        return Path(edges=(), kinds=int(best[:, held].max(axis=(0, 1)).argmax()) if private else -1)
    ways: list[_Way] = []
    splits: list[ByActs] = []
    found: tuple[float, int, int, int, int, int] = (0.0, 0, 0, 0, 0, 0)
    for i, layer in enumerate(graph.layers):
        last = i + 1 == len(graph.layers)
        closes = last or graph.layers[i + 1].round != layer.round
        split, values = stepped(graph.game, graph.stage(layer), layer, watch, closes, private)
        splits.append(split)
        moves = _moves(graph, layer, split, best, values, private)
        ended = _arrived(graph, layer, split, watch, moves, closes, last)
        if ended is not None and ended[0] > found[0]:
            found = (ended[0], i, *ended[1:])
        best, way = _onward(
            moves, layer, split, watch.count, best.shape[2], 0 if last else len(graph.layers[i + 1].mass)
        )
        ways.append(way)
        if not (best > found[0]).any():
            break
    return _traced(graph, splits, ways, found, private) if found[0] > 0 else None


@dataclass(frozen=True)
class _Moves:
    """Every way on from a layer: probability, split row, memory and joint type before and after, (N,) each."""

    chance: Floats
    row: Ints
    memory: Ints
    kind: Ints
    new: Ints
    then: Ints


def _moves(graph: Graph, layer: Layer, split: ByActs, best: Floats, values: list[Any], private: bool) -> _Moves:
    stage = graph.stage(layer)
    parts = []
    for memory, new in enumerate(values):
        amount = best[layer.node[split.edge], memory] * split.weight
        if not amount.any():
            continue
        rows, kinds = np.nonzero(amount)
        chance, then = amount[rows, kinds], kinds
        if private and stage.laws is not None:
            rows, kinds, then, chance = _changed(graph, layer, split, rows, kinds, chance)
        after = np.broadcast_to(new, amount.shape)[rows, then]
        parts.append((chance, rows, np.full(len(rows), memory), kinds, after, then))
    empty = np.zeros(0, dtype=np.int64)
    if not parts:
        return _Moves(np.zeros(0), empty, empty, empty, empty, empty)
    return _Moves(*(np.concatenate([p[j] for p in parts]) for j in range(6)))


def _changed(graph: Graph, layer: Layer, split: ByActs, rows: Ints, kinds: Ints, chance: Floats
             ) -> tuple[Ints, Ints, Ints, Floats]:  # fmt: skip
    """The moves with every change of type that may follow: row, joint type before and after, probability."""
    game, stage = graph.game, graph.stage(layer)
    count = int(np.prod(game.type_counts))
    sure = np.zeros((len(rows), count))
    sure[np.arange(len(rows)), kinds] = chance
    state = layer.state[layer.node[split.edge[rows]]]
    acts = tuple(a[rows] for a in split.acts)
    spread = change_joint_types(game, stage, state, layer.branch[split.edge[rows]], acts, sure)
    which, then = np.nonzero(spread)
    return rows[which], kinds[which], then, spread[which, then]


def _arrived(graph: Graph, layer: Layer, split: ByActs, watch: Watch, moves: _Moves, closes: bool, last: bool
             ) -> tuple[float, int, int, int, int] | None:  # fmt: skip
    """The likeliest way on which nothing that may still come can undo the event: chance, row, memory, types."""
    automaton = watch.automata[0]
    over = (layer.child[split.edge[moves.row]] == OVER) | last
    after = layer.round if closes else layer.round - 1
    settled = np.array([automaton.settled(v, after) for v in range(automaton.count)])
    accepts = np.array([automaton.accepts(v) for v in range(automaton.count)])
    hit = np.flatnonzero(accepts[moves.new] & (settled[moves.new] | over))
    if not len(hit):
        return None
    at = hit[np.argmax(moves.chance[hit])]
    parts = (moves.row, moves.memory, moves.kind, moves.then)
    row, memory, kind, then = (int(part[at]) for part in parts)
    return float(moves.chance[at]), row, memory, kind, then


def _onward(moves: _Moves, layer: Layer, split: ByActs, memories: int, kinds: int, after: int) -> tuple[Floats, _Way]:
    """The largest probability at every (node, memory, joint type) of the next layer, and how it was reached."""
    child = layer.child[split.edge[moves.row]]
    on = np.flatnonzero(child >= 0)
    target = (child[on] * memories + moves.new[on]) * kinds + moves.then[on]
    order = np.argsort(moves.chance[on], kind="stable")
    best = np.zeros(after * memories * kinds)
    pick = np.full(len(best), -1, dtype=np.int64)
    best[target[order]] = moves.chance[on][order]  # the last of equal targets, the likeliest, stays
    pick[target[order]] = on[order]
    cube: Any = pick.reshape(after, memories, kinds)
    way = _Way(*(np.where(cube >= 0, part[cube], 0) if len(part) else cube for part in
                 (moves.row, moves.memory, moves.kind)))  # fmt: skip
    return best.reshape(after, memories, kinds), way


def _traced(graph: Graph, splits: list[ByActs], ways: list[_Way], found: tuple[float, int, int, int, int, int],
            private: bool) -> Path:  # fmt: skip
    """The path back from where the event came about."""
    _, i, row, memory, kind, then = found
    edges = []
    while True:
        split, layer = splits[i], graph.layers[i]
        edge = int(split.edge[row])
        edges.append((i, edge, tuple(int(a[row]) for a in split.acts), kind if private else -1, then))
        if i == 0:
            break
        node = int(layer.node[edge])
        way, then = ways[i - 1], kind
        row, memory, kind = (int(p[node, memory, kind]) for p in (way.row, way.memory, way.kind))
        i -= 1
    return Path(edges=tuple(reversed(edges)), kinds=kind if private else -1)


def witness(
    graph: Graph,
    language: Language,
    respond: Respond,
    event: Event,
    *,
    formula: str,
    variant: str,
    skip: int = 0,
    gains: Gains | None = None,
) -> WitnessData | None:
    """A typical course on which an event comes about, else the likeliest of all; None where there is none.

    Args:
        graph: public histories from the start, or with the history that was followed in front.
        language: of the graph's game.
        respond: the strategies, at any belief.
        event: what is to come about.
        formula, variant: what is asked, as text, for the answer.
        skip: how many of the graph's first layers are the history followed; they are not told, and given.
        gains: how its probability comes about, where that is known already.
    """
    only = typical(gains or event_gains(graph, language, event)) if event.form == "eventually" else None
    course = usual(graph, language, event, only) if only is not None else None
    if course is None:
        course, only = likeliest(graph, language, event), None
    if course is None:
        return None
    steps: list[WitnessStep] = []
    total, types = _types_said(graph, course)
    belief: Floats | None = None
    for i, edge, acts, kind, then in course.edges:
        layer = graph.layers[i]
        if belief is None or i <= skip:
            belief = layer.belief[layer.node[edge]][None]
        step = _replayed(graph, layer, edge, acts, (kind, then), belief, respond)
        if i >= skip:
            total *= step.chance
            if step.choice:
                steps.append(_told(graph, layer, step, belief[0]))
        belief = step.after
    return WitnessData(
        formula=formula, variant=variant, step=only.step if only else "",
        date=label(graph.game.scenario.clock, only.round) if only else "", share=only.share if only else None,
        probability=total, types=types, steps=steps,
    )  # fmt: skip


def _types_said(graph: Graph, course: Path) -> tuple[float, dict[str, str]]:
    """The probability of the types that the course is about, and their names by player."""
    layer, game = graph.layers[0], graph.game
    node = int(layer.node[course.edges[0][1]]) if course.edges else 0
    chance = float(layer.mass[node] / layer.mass.sum())
    if course.kinds < 0:
        return chance, {}
    names: dict[str, str] = {}
    joint = np.unravel_index(course.kinds, game.type_counts)
    for player, at, k in zip(game.players, game.row_start, joint, strict=True):
        chance *= float(layer.belief[node, at + int(k)])
        if len(player.types) > 1:
            names[player.name] = player.types[int(k)]
    return chance, names


@dataclass(frozen=True, kw_only=True)
class _Step:
    chance: float
    choice: bool
    after: Floats
    text: str


def _replayed(graph: Graph, layer: Layer, edge: int, acts: tuple[int, ...], kinds: tuple[int, int], belief: Floats,
              respond: Respond) -> _Step:  # fmt: skip
    """A move of the course at the exact belief."""
    game, stage = graph.game, graph.stage(layer)
    state, branch, joint = (
        layer.state[layer.node[edge]][None],
        layer.branch[edge : edge + 1],
        layer.joint[edge : edge + 1],
    )
    open_to = [int(m.available[state[0]].sum()) for m in stage.movers]
    if any(n > 1 for n in open_to):
        strategies = respond(layer.stage, state, belief).strategies
    else:
        strategies = tuple(s[layer.node[edge]][None] for s in layer.strategies)
    seen = update(game, stage, state, belief, strategies)
    drawn = float(stage.probability[branch[0]])
    chance = float(seen.probability(np.zeros(1, dtype=np.int64), joint)[0])
    kind, then = kinds
    if kind >= 0:
        chance = _given_types(graph, stage, strategies, int(state[0]), acts, joint, kind)
        sure = np.eye(int(np.prod(game.type_counts)))[kind][None]
        single = tuple(np.array([a]) for a in acts)
        chance *= float(change_joint_types(game, stage, state, branch, single, sure)[0, then])
    after = change_types(game, stage, branch, seen.posterior(np.zeros(1, dtype=np.int64), joint))
    signals = [m.signal is not None and bool((m.signal[state[0]] < 1).any()) for m in stage.movers]
    choice = drawn < 1 or any(n > 1 for n in open_to) or any(signals)
    choice = choice and (not stage.movers or bool(stage.movers[0].happens[state[0]]))
    text = _words(graph, stage, int(state[0]), acts, joint, int(branch[0]), kind >= 0)
    return _Step(chance=chance * drawn, choice=choice, after=after, text=text)


def _given_types(graph: Graph, stage: Stage, strategies: tuple[Floats, ...], state: int, acts: tuple[int, ...],
                 joint: Ints, kind: int) -> float:  # fmt: skip
    """Probability of the movers' actions and signals, given everyone's type."""
    types = np.unravel_index(kind, graph.game.type_counts)
    out = 1.0
    for side, strategy, act, sign in zip(stage.movers, strategies, acts, observables(stage, joint), strict=True):
        k = int(types[side.player])
        out *= float(strategy[0, k, act])
        if side.signal is not None:
            out *= float(side.signal[state, act, k, int(sign[0])])
    return out


def _words(graph: Graph, stage: Stage, state: int, acts: tuple[int, ...], joint: Ints, branch: int,
           private: bool) -> str:  # fmt: skip
    """What is done and seen at a move; a hidden action only where the course is about it."""
    parts = []
    for side, act, sign in zip(stage.movers, acts, observables(stage, joint), strict=True):
        if not side.happens[state]:
            continue
        name, seen = graph.game.players[side.player].name, side.observables[int(sign[0])]
        if side.actions == (NATURE,):
            parts.append(f"chance plays {seen}")
        elif side.signal is None:
            parts.append(f"{name} plays {seen}")
        elif private:
            parts.append(f"{name} plays {side.actions[act]} unseen and {seen} is seen")
        else:
            parts.append(f"of {name} {seen} is seen")
    drawn = stage.outcomes[int(stage.outcome[branch])]
    told = " and ".join(parts)
    if drawn and f"plays {drawn}" not in told:
        told = f"{told}, then {drawn}" if told else f"chance plays {drawn}"
    return told or "the round ends"


def _told(graph: Graph, layer: Layer, step: _Step, before: Floats) -> WitnessStep:
    game = graph.game
    shifted = []
    for player, at in zip(game.players, game.row_start, strict=True):
        change = step.after[0, at : at + len(player.types)] - before[at : at + len(player.types)]
        k = int(np.argmax(change))
        if change[k] >= TELLING:
            shifted.append(
                BeliefMove(player=player.name, type=player.types[k], before=float(before[at + k]),
                           after=float(step.after[0, at + k]))
            )  # fmt: skip
    return WitnessStep(
        date=label(game.scenario.clock, layer.round), move=graph.stage(layer).move, text=step.text,
        probability=step.chance, beliefs=shifted,
    )  # fmt: skip


__all__ = ["likeliest", "witness"]
