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
from winset.study.atoms import Language
from winset.study.events import Event
from winset.study.flow import ByActs, Watch
from winset.study.gains import Gains, moved, step_names, stepped
from winset.study.graph import Graph, Layer


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


@dataclass(frozen=True)
class _Ways:
    """The ways on from a layer before the event: row of `split`, and the probability of the way and of what follows."""

    split: ByActs
    row: Ints
    node: Ints
    weight: Floats


def usual(graph: Graph, language: Language, event: Event, only: Occasion) -> Path | None:
    """The typical path to an event of the form *eventually* that reads nothing private; None where there is none."""
    if event.form != "eventually" or any(language.is_private(c) for c in event.conditions):
        return None
    watch = Watch(language, (event,))
    last = max((i for i, layer in enumerate(graph.layers) if layer.round == only.round), default=-1)
    ways: list[_Ways] = []
    ahead: Floats = np.zeros(len(graph.layers[last + 1].mass) if last + 1 < len(graph.layers) else 0)
    for i in range(last, -1, -1):
        one = _ways(graph, i, watch, ahead, only)
        ahead = np.bincount(one.node, one.weight, len(graph.layers[i].mass)).astype(np.float64)
        ways.append(one)
    if not ways:
        return None
    ways.reverse()
    return _followed(graph, ways, graph.layers[0].mass * ahead)


def _ways(graph: Graph, i: int, watch: Watch, ahead: Floats, only: Occasion) -> _Ways:
    """The ways from layer i on which the event comes about there and then, or may still; `ahead` is how likely then."""
    layer = graph.layers[i]
    closes = i + 1 == len(graph.layers) or graph.layers[i + 1].round != layer.round
    split, values = stepped(graph.game, graph.stage(layer), layer, watch, closes, False)
    child = layer.child[split.edge]
    comes = np.broadcast_to(values[0], (len(split.edge), 1))[:, 0] == 1
    later = np.where((child >= 0) & ~comes, ahead[np.maximum(child, 0)] if len(ahead) else 0.0, 0.0)
    now = comes & _by_step(graph, layer, split.edge, only.step) if layer.round == only.round else np.zeros(len(child))
    weight = split.weight[:, 0] * (now + later)
    row = np.flatnonzero(weight > 0)
    return _Ways(split=split, row=row, node=layer.node[split.edge[row]], weight=weight[row])


def _by_step(graph: Graph, layer: Layer, edge: Ints, step: str) -> Bools:
    """(N,) whether edges show a step."""
    stage = graph.stage(layer)
    if not len(edge):
        return np.zeros(0, dtype=bool)
    happens = moved(stage, layer)[edge]
    names, which = step_names(graph.game, stage, layer.joint[edge], layer.branch[edge], happens)
    return np.asarray(np.array([name == step for name in names])[which])


def _followed(graph: Graph, ways: list[_Ways], start: Floats) -> Path | None:
    """The path that takes the most frequent way at every layer, until the event comes about."""
    if not start.any():
        return None
    node = int(start.argmax())
    edges = []
    for i, (layer, one) in enumerate(zip(graph.layers, ways, strict=False)):
        here = np.flatnonzero(one.node == node)
        if not len(here):
            break
        row = int(one.row[here[one.weight[here].argmax()]])
        edge = int(one.split.edge[row])
        edges.append((i, edge, tuple(int(a[row]) for a in one.split.acts), -1, 0))
        node = int(layer.child[edge])
    return Path(edges=tuple(edges), kinds=-1)


__all__ = ["Occasion", "Path", "typical", "usual"]
