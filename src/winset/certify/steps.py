"""Each history against those it follows from, one step at a time, where the histories say which follows which.

`histories` compares layers state by state, which is blind to histories of one state: what is learnt in one and
unlearnt in another cancels. Here every history is compared with the steps that lead into it. Histories put together
keep their mean belief; what that hides is the variance of the beliefs put together, which is the second figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from winset.certify.sweep import Histories
from winset.game.game import Floats, Game, Ints, Mover, Stage


class Stepping(Histories, Protocol):
    """A layer that also says what its histories lead to: edge by edge, `child` below 0 where to no history."""

    @property
    def node(self) -> Ints: ...  # noqa: D102

    @property
    def joint(self) -> Ints: ...  # noqa: D102

    @property
    def branch(self) -> Ints: ...  # noqa: D102

    @property
    def child(self) -> Ints: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Stepped:
    """Over all steps.

    Attributes:
        moved: largest difference of a probability-weighted belief from the sum of what leads there; 1 where a step
            leads to a history of another state.
        spread: most probability times variance of a belief, over the steps that lead to one history.
    """

    moved: float
    spread: float


def step_by_step(game: Game, layers: Sequence[Any]) -> Stepped | None:
    """Works every history out from those before it; None where the layers do not say which these are."""
    if not layers or not all(hasattr(layer, name) for layer in layers for name in ("node", "joint", "branch", "child")):
        return None
    moved = spread = 0.0
    for layer, following in pairwise(layers):
        stage = game.stages[layer.stage]
        on = np.flatnonzero((layer.child >= 0) & (layer.child < len(following.mass)))
        node, branch, child = layer.node[on], layer.branch[on], layer.child[on]
        if np.any(stage.target[branch] != following.state[child]):
            moved = 1.0
        weight, belief = _after(game, stage, layer, node, layer.joint[on], branch)
        for row in range(game.rows):
            arrived = np.bincount(child, weight * belief[:, row], len(following.mass))
            apart = np.bincount(child, weight * (belief[:, row] - following.belief[child, row]) ** 2)
            moved = max(moved, float(np.abs(arrived - following.mass * following.belief[:, row]).max(initial=0.0)))
            spread = max(spread, float(apart.max(initial=0.0)))
    return Stepped(moved=moved, spread=spread)


def _after(game: Game, stage: Stage, layer: Any, node: Ints, joint: Ints, branch: Ints) -> tuple[Floats, Floats]:
    """(E,) probability of each step and (E, R) belief after it."""
    weight, belief = layer.mass[node] * stage.probability[branch], layer.belief[node].copy()
    sizes = [len(m.observables) for m in stage.movers]
    seen = np.unravel_index(joint, sizes) if sizes else ()
    for j, (mover, o) in enumerate(zip(stage.movers, seen, strict=True)):
        row, kinds = game.row_start[mover.player], game.type_counts[mover.player]
        likely, turned = _told(stage, mover, layer.state, layer.strategies[j], kinds)
        prior = layer.belief[node, row : row + kinds]
        whole = np.einsum("ek,ek->e", prior, likely[node, :, o])
        weight = weight * whole
        new = prior * likely[node, :, o] if turned is None else np.einsum("ek,ekl->el", prior, turned[node, :, o])
        some = whole[:, None] > 0
        belief[:, row : row + kinds] = np.where(some, new / np.where(some, whole[:, None], 1.0), prior)
    if stage.branch_law is not None and stage.laws is not None:
        for i, kinds in enumerate(game.type_counts):
            law, row = stage.branch_law[branch, i], game.row_start[i]
            for number in np.unique(law[law >= 0]):
                those = np.flatnonzero(law == number)
                part = belief[those, row : row + kinds]
                belief[those, row : row + kinds] = part @ stage.laws[number, :kinds, :kinds]
    return weight, belief


def _told(stage: Stage, mover: Mover, state: Ints, gamma: Floats, kinds: int) -> tuple[Floats, Floats | None]:
    """(N, K, O) probability of each observable by type; and (N, K, O, K) by the type afterwards too, None where no
    action changes it."""
    seen = None if mover.signal is None else mover.signal[state]  # (N, A, K, O)
    likely = gamma if seen is None else np.einsum("nka,nako->nko", gamma, seen)
    if mover.law is None or stage.laws is None:
        return likely, None
    laws = np.concatenate([stage.laws[:, :kinds, :kinds], np.eye(kinds)[None]])[mover.law[state]]  # -1: the last
    if seen is None:
        return likely, np.einsum("nka,nakl->nkal", gamma, laws)
    return likely, np.einsum("nka,nako,nakl->nkol", gamma, seen, laws, optimize=True)
