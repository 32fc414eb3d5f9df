"""The flow of probability where events read only what is public: all edges of a graph at once.

`winset.study.flow` goes layer by layer, since hidden actions and types split edges anew at each. Public events need
none of that: their memory after an edge depends on the edge and the memory before. So the edges of all layers stand in
one row in order of time, memories are computed round by round, and one pass of a kernel adds everything up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints
from winset.game.scattering import flow_along
from winset.language.expr import Plays
from winset.learn.histories import Layer, observables
from winset.study.atoms import Language, mask_of
from winset.study.events import Automaton, Moment
from winset.study.graph import Flat, Shorts, distinct

Told = Callable[[int, int, Ints, Ints, Bools, Bools], Moment]
"""told(event, round, landing, mask, closes, over): what an automaton is told at moments."""


@dataclass(frozen=True, kw_only=True)
class Memories:
    """The joint memory of events after each edge.

    Attributes:
        after: (U, Q) the memory after each different thing that may be told, by the memory before it.
        told: (E,) which of these each edge tells.
    """

    after: Ints
    told: Shorts


def memories(game: Game, layers: tuple[Layer, ...], flat: Flat, language: Language, automata: tuple[Automaton, ...],
             atoms: list[tuple[Plays, ...]], told: Told) -> Memories:  # fmt: skip
    """The joint memory of events, asked once for each moment and set of choices made."""
    counts, moments = [a.count for a in automata], flat.moments
    which, edges, masks = np.arange(len(moments.round)), flat.moment, np.zeros(len(moments.round), dtype=np.int64)
    read = tuple(dict.fromkeys(atom for own in atoms for atom in own))
    if read:
        joint = _masks(game, layers, flat, language, read)
        seen, edges = distinct((flat.moment.astype(np.int64) << len(read)) + joint, len(which) << len(read))
        which, masks = seen >> len(read), seen & ((1 << len(read)) - 1)
    after = np.zeros((len(which), int(np.prod(counts, dtype=np.int64))), dtype=np.int64)
    rounds = moments.round[which]
    starts = np.flatnonzero(np.append(True, rounds[1:] != rounds[:-1])) if len(rounds) else np.zeros(0, dtype=np.int64)
    for low, high in zip(starts.tolist(), [*starts[1:].tolist(), len(rounds)], strict=True):
        part, steps = which[low:high], []
        for i, automaton in enumerate(automata):
            mine = _some(masks[low:high], [read.index(atom) for atom in atoms[i]])
            moment = told(i, int(rounds[low]), moments.landing[part], mine, moments.closes[part], moments.over[part])
            steps.append([automaton.step(v, moment) for v in range(automaton.count)])
        for q, values in enumerate(product(*map(range, counts))):
            new = np.zeros(1, dtype=np.int64)
            for step, value, count in zip(steps, values, counts, strict=True):
                new = new * count + step[value][:, 0]
            after[low:high, q] = new
    return Memories(after=after, told=edges)


def _some(masks: Ints, bits: list[int]) -> Ints:
    """(X,) masks of some bits only, in the order given."""
    out = np.zeros(len(masks), dtype=np.int64)
    for i, bit in enumerate(bits):
        out |= (masks >> bit & 1) << i
    return out


def _masks(game: Game, layers: tuple[Layer, ...], flat: Flat, language: Language, atoms: tuple[Plays, ...]) -> Ints:
    """(E,) bit i set where atom i holds."""
    out, begin = np.zeros(len(flat.node), dtype=np.int64), 0
    for i, layer in enumerate(layers) if atoms else ():
        stage = game.stages[layer.stage]
        part = slice(int(flat.edges[i]), int(flat.edges[i + 1]))
        mine = flat.kept[part] - begin
        begin += len(layer.node)
        if not any(language.may_hold(atom, stage) for atom in atoms):
            continue
        seen = observables(stage, layer.joint[mine])
        out[part] = mask_of(language, atoms, stage, seen, seen, layer.state[layer.node[mine]], layer.branch[mine])
    return out


def spread(flat: Flat, memory: Memories, first: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Lets probability run from the first layer's (M, Q) on.

    Returns:
        flow: (N, Q) at every node.
        by_round: (rounds, Q) at the end of each round, what ended before included.
        final: (Q,) in all; opened: (Q,) the part of it that goes on beyond the last layer.
    """
    count, width = len(flat.rounds), memory.after.shape[1]
    flow = np.zeros((int(flat.nodes[-1]), width))
    flow[: len(first)] = first
    ended, cut = np.zeros((count, width)), np.zeros((count, width))
    flow_along(flat.node, flat.child, flat.probability, memory.after, memory.told, flow, ended, cut, flat.layer)
    settled = np.cumsum(ended, axis=0)
    by_round = []
    for i in np.flatnonzero(flat.closing):
        here = flow[flat.nodes[i + 1] : flat.nodes[i + 2]].sum(axis=0) if i + 1 < count else np.zeros(width)
        by_round.append(settled[i] + here + cut[i])
    return flow, np.array(by_round), settled[-1] + cut.sum(axis=0), cut.sum(axis=0)
