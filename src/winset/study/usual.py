"""A typical course of play on which an event comes about.

The likeliest course of all is a fluke: each of many long courses is unlikely, so that one with few branches wins,
however seldom play goes that way. A typical course is one on which the event comes about by the step that brings it
about most often, in the round up to which that step has done half of its part; and on which every move is the one that
is the most frequent among all courses that begin like it and end so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.game.game import Bools, Floats, Ints
from winset.learn.histories import Layer, observables
from winset.study.atoms import Language
from winset.study.events import Event
from winset.study.flow import Watch, flat_of, memories_of
from winset.study.gains import Gains, moved, step_names
from winset.study.graph import Flat, Graph


@dataclass(frozen=True, kw_only=True)
class Path:
    """A path through a graph.

    Attributes:
        edges: (layer, its edge, each mover's action, joint type before and after) of every move, in order.
        kinds: joint type at the start; -1 where types play no part.
    """

    edges: tuple[tuple[int, int, tuple[int, ...], int, int], ...]
    kinds: int


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """How and when an event typically comes about: the step in words, its round, and its share of the probability."""

    step: str
    round: int
    share: float


def typical(gains: Gains) -> Occasion | None:
    """The step that brings an event about most often, and the round by which it has done half of its part.

    None where nothing that is played brings it about, or something takes from its probability.
    """
    steps = gains.by_step()
    if not steps or min(steps.values()) < 0 or gains.start > 0:
        return None
    step = min(steps, key=lambda name: (-steps[name], name))
    done = 0.0
    for number, amount in sorted((n, v) for (n, name), v in gains.steps.items() if name == step):
        done += amount
        if done >= steps[step] / 2:
            return Occasion(step=step, round=number, share=steps[step] / gains.total)
    return None


def usual(graph: Graph, language: Language, event: Event, only: Occasion) -> Path | None:
    """The typical path to an event of the form *eventually* that reads nothing private; None where there is none."""
    if event.form != "eventually" or any(language.is_private(c) for c in event.conditions):
        return None
    watch = Watch(language, (event,))
    flat, memory = flat_of(graph, watch), memories_of(graph, watch)
    comes = memory.after[memory.told, 0] == 1
    ahead, weight = np.zeros(int(flat.nodes[-1])), np.zeros(len(flat.node))
    for i in range(int(np.sum(flat.rounds <= only.round)) - 1, -1, -1):
        part = slice(int(flat.edges[i]), int(flat.edges[i + 1]))
        now, child = comes[part], flat.child[part]
        chance = np.where((child >= 0) & ~now, ahead[child], 0.0)  # of the event later on
        if flat.rounds[i] == only.round:
            chance[now] = _by_step(graph.layers[i], graph, _own(flat, graph, i)[now], only.step)
        weight[part] = flat.probability[part] * chance
        at = slice(int(flat.nodes[i]), int(flat.nodes[i + 1]))
        ahead[at] = np.bincount(flat.node[part] - at.start, weight[part], at.stop - at.start)
    first = graph.layers[0].mass * ahead[: len(graph.layers[0].mass)]
    return _followed(graph, flat, comes, weight, int(first.argmax())) if first.any() else None


def _own(flat: Flat, graph: Graph, i: int) -> Ints:
    """The numbers that the edges of a layer have there."""
    part = slice(int(flat.edges[i]), int(flat.edges[i + 1]))
    return flat.kept[part].astype(np.int64) - sum(len(layer.node) for layer in graph.layers[:i])


def _by_step(layer: Layer, graph: Graph, edge: Ints, step: str) -> Floats:
    """(N,) 1 where edges show a step."""
    stage = graph.stage(layer)
    names, which = step_names(graph.game, stage, layer.joint[edge], layer.branch[edge], moved(stage, layer)[edge])
    return np.array([float(name == step) for name in names])[which]


def _followed(graph: Graph, flat: Flat, comes: Bools, weight: Floats, node: int) -> Path:
    """The path from a node that takes the most frequent way at every move, until the event comes about."""
    edges = []
    while True:
        i = int(np.searchsorted(flat.nodes, node, side="right")) - 1
        low = int(flat.edges[i])
        mine = low + np.flatnonzero(flat.node[low : int(flat.edges[i + 1])] == node)
        edge = int(mine[weight[mine].argmax()])
        layer, own = graph.layers[i], int(_own(flat, graph, i)[edge - low])
        acts = observables(graph.stage(layer), layer.joint[own : own + 1])
        edges.append((i, own, tuple(int(a[0]) for a in acts), -1, 0))
        if comes[edge]:
            return Path(edges=tuple(edges), kinds=-1)
        node = int(flat.child[edge])


__all__ = ["Occasion", "Path", "typical", "usual"]
