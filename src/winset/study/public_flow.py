"""The flow of probability where events read only what is public: all edges of a graph at once.

`winset.study.flow` goes layer by layer, since hidden actions and types split edges anew at each. Public events need
none of that: their memory after an edge depends on the edge and the memory before. So the edges of all layers stand in
one row in order of time, memories are computed round by round, and one pass of a kernel adds everything up.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints
from winset.game.scattering import flow_along
from winset.language.expr import Plays
from winset.study.atoms import Language, mask_of
from winset.study.events import Automaton, Moment
from winset.study.graph import Flat, Layer, observables

Told = Callable[[int, int, Ints, Ints, Bools, Bools], Moment]
"""told(event, round, landing, mask, closes, over): what an automaton is told on edges."""


def memories(game: Game, layers: tuple[Layer, ...], flat: Flat, language: Language, automata: tuple[Automaton, ...],
             atoms: list[tuple[Plays, ...]], told: Told) -> Ints:  # fmt: skip
    """(E, Q) the joint memory after each edge, by the joint memory before it."""
    counts = [a.count for a in automata]
    new = np.zeros((len(flat.node), int(np.prod(counts, dtype=np.int64))), dtype=np.int64)
    masks = [_masks(game, layers, flat, language, own) for own in atoms]
    closes = flat.closing[flat.layer]
    for number in dict.fromkeys(flat.rounds.tolist()):
        mine = np.flatnonzero(flat.rounds == number)
        part = slice(int(flat.edges[mine[0]]), int(flat.edges[mine[-1] + 1]))
        steps = []
        for i, automaton in enumerate(automata):
            moment = told(i, number, flat.landing[part], masks[i][part], closes[part], flat.over[part])
            steps.append([automaton.step(v, moment) for v in range(automaton.count)])
        for q, values in enumerate(product(*map(range, counts))):
            joint = np.zeros(1, dtype=np.int64)
            for step, value, count in zip(steps, values, counts, strict=True):
                joint = joint * count + step[value][:, 0]
            new[part, q] = joint
    return new


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


def spread(flat: Flat, new: Ints, first: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Lets probability run from the first layer's (M, Q) on.

    Returns:
        flow: (N, Q) at every node.
        by_round: (rounds, Q) at the end of each round, what ended before included.
        final: (Q,) in all; opened: (Q,) the part of it that goes on beyond the last layer.
    """
    count, memory = len(flat.rounds), new.shape[1]
    flow = np.zeros((int(flat.nodes[-1]), memory))
    flow[: len(first)] = first
    ended, cut = np.zeros((count, memory)), np.zeros((count, memory))
    flow_along(flat.node, flat.child, flat.probability, new, flow, ended, cut, flat.layer)
    settled = np.cumsum(ended, axis=0)
    by_round = []
    for i in np.flatnonzero(flat.closing):
        here = flow[flat.nodes[i + 1] : flat.nodes[i + 2]].sum(axis=0) if i + 1 < count else np.zeros(memory)
        by_round.append(settled[i] + here + cut[i])
    return flow, np.array(by_round), settled[-1] + cut.sum(axis=0), cut.sum(axis=0)
