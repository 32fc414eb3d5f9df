"""What each observation of a history did to a belief: before, after, and the likelihood ratio between."""

from __future__ import annotations

import numpy as np

from winset.game.game import Floats, Game
from winset.language.clock import label
from winset.language.formula import Belief
from winset.learn.histories import Layer, Place, edge_beliefs, observables
from winset.study.explanation_data import EvidenceData
from winset.study.gains import moved, step_names
from winset.study.graph import player_slice


def evidence(game: Game, place: Place, leaf: Belief) -> list[EvidenceData]:
    """The observations that led to a place, those that left the belief alone left out.

    The ratio is P(seen | the type) / P(seen | another type of the player), the other types weighed as believed; by
    Bayes' rule the odds are multiplied by it (types that change on the way apart).
    """
    who = [p.name for p in game.players].index(leaf.player)
    kind = game.players[who].types.index(leaf.type)
    column = game.row_start[who] + kind
    out = []
    for layer in place.before:
        stage = game.stages[layer.stage]
        before = float((layer.mass * layer.belief[:, column]).sum() / layer.mass.sum())
        weight = layer.mass[layer.node] * layer.probability
        beliefs = edge_beliefs(game, layer, np.arange(len(layer.node)))
        after = float((weight * beliefs[:, column]).sum() / weight.sum())
        chances = _chances(game, layer, who)
        if chances is None and abs(after - before) < 1e-12:
            continue
        names, which = step_names(game, stage, layer.joint, layer.branch, moved(stage, layer))
        text = names[int(np.argmax(np.bincount(which, weight, len(names))))]
        ratio = None if chances is None else _ratio(chances, kind)
        if ratio is not None and abs(ratio - 1) < 1e-12 and abs(after - before) < 1e-12:
            continue
        date = label(game.scenario.clock, layer.round)
        out.append(EvidenceData(date=date, text=text, before=before, after=after, ratio=ratio))
    return out


def _chances(game: Game, layer: Layer, who: int) -> tuple[Floats, Floats] | None:
    """(K,) probability of what was seen of the player given each type, and the weight of each; None: nothing was."""
    stage = game.stages[layer.stage]
    for j, side in enumerate(stage.movers):
        if side.player != who:
            continue
        pairs = np.unique(np.stack([layer.node, observables(stage, layer.joint)[j]]), axis=1)
        node, sign = pairs
        gamma = layer.strategies[j][node]
        if side.signal is None:
            seen = np.take_along_axis(gamma, sign[:, None, None], axis=2)[:, :, 0]
        else:
            given = side.signal[layer.state[node]]
            spread = np.take_along_axis(given, sign[:, None, None, None], axis=3)[:, :, :, 0]
            seen = np.einsum("nka,nak->nk", gamma, spread)
        weight = layer.mass[:, None] * layer.belief[:, player_slice(game, who)]
        whole = np.maximum(weight.sum(axis=0), 1e-300)
        return (weight[node] * seen).sum(axis=0) / whole, whole
    return None


def _ratio(chances: tuple[Floats, Floats], kind: int) -> float | None:
    seen, weight = chances
    others = np.arange(len(seen)) != kind
    if not others.any():
        return 1.0
    rest = float((seen * weight)[others].sum() / weight[others].sum())
    return float(seen[kind]) / rest if rest > 0 else None


__all__ = ["evidence"]
