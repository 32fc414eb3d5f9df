"""Bayes' rule on public beliefs: the one place that normalises.

For a mover with belief π over its types, strategy γ and signal probabilities g (the identity where the action
is seen), an observable o has

    mass(o) = Σ_θ π(θ) Σ_a γ(a|θ) g(o|a,θ)
    before(θ|o) = π(θ) Σ_a γ(a|θ) g(o|a,θ) / mass(o)                            (belief about the type it had)
    after(θ'|o) = Σ_θ π(θ) Σ_a γ(a|θ) g(o|a,θ) law_a(θ,θ') / mass(o)            (about the type it has now)

Types are independent across players and each mover's observable depends on its own type alone, so beliefs stay
a product and each mover is treated by itself; a joint observable has the product of the masses.
Where mass(o) is zero there is no posterior: the belief is left as it was and `mass` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.game.game import Floats, Game, Ints, Mover, Stage


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Of one mover at N points, its O observables one point after the other.

    `mass` (N·O,); `before` and `after` (K, N·O) times the mass, so not yet normalised; the same array where no type
    changes."""

    player: int
    mass: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, kw_only=True)
class Update:
    """Bayes' rule at N (state, belief) points of a stage, mover by mover; `joint` puts them together."""

    stage: Stage
    row_start: tuple[int, ...]
    beliefs: Floats
    movers: tuple[Seen, ...]

    def probability(self, point: Ints, observable: Ints) -> Floats:
        """(M,) probability of joint observable `observable[m]` at point `point[m]`."""
        out = np.ones(len(point))
        for seen, at in zip(self.movers, self._places(point, observable), strict=True):
            out *= seen.mass.take(at)
        return out

    def posterior(self, point: Ints, observable: Ints, *, changed: bool = True) -> Floats:
        """(M, R) stacked belief after each joint observable, `changed` or not by the movers' laws of types."""
        out = self.beliefs.take(point, axis=0)
        for seen, at in zip(self.movers, self._places(point, observable), strict=True):
            row, mass = self.row_start[seen.player], seen.mass.take(at)
            weight = (seen.after if changed else seen.before).take(at, axis=1)
            own = out[:, row : row + len(weight)]
            some = mass > 0
            if some.all():
                own[:] = (weight / mass).T
            else:
                own[some] = (weight[:, some] / mass[some]).T
        return out

    def joint(self) -> tuple[Floats, Floats, Floats]:
        """(N, J) probability, (N, J, R) posterior before and after the changes of type, of every joint observable."""
        n, j = len(self.beliefs), self.stage.joint_observables
        point, observable = np.repeat(np.arange(n), j), np.tile(np.arange(j), n)
        shape = (n, j, self.beliefs.shape[1])
        return (
            self.probability(point, observable).reshape(n, j),
            self.posterior(point, observable, changed=False).reshape(shape),
            self.posterior(point, observable).reshape(shape),
        )

    def _places(self, point: Ints, observable: Ints) -> list[Ints]:
        """Of each mover, where its part of a joint observable stands among those of all points."""
        movers = self.stage.movers
        own = [observable] if len(movers) == 1 else split(self.stage, observable)
        return [point * len(m.observables) + o for m, o in zip(movers, own, strict=True)]


def split(stage: Stage, observable: Ints) -> list[Ints]:
    """Each mover's observable in a joint one."""
    sizes = [len(m.observables) for m in stage.movers]
    return [np.asarray(o, dtype=np.int64) for o in np.unravel_index(observable, sizes)] if sizes else []


def update(game: Game, stage: Stage, states: Ints, beliefs: Floats, strategies: Sequence[Floats]) -> Update:
    """Bayes' rule at N points.

    Args:
        game: the game.
        stage: one of its stages.
        states: (N,) state indices of the stage.
        beliefs: (N, R) stacked beliefs before the move.
        strategies: (N, K, A) of each mover.
    """
    movers = tuple(
        _seen(game, stage, mover, states, beliefs, strategy)
        for mover, strategy in zip(stage.movers, strategies, strict=True)
    )
    return Update(stage=stage, row_start=game.row_start, beliefs=beliefs, movers=movers)


def _seen(game: Game, stage: Stage, mover: Mover, states: Ints, beliefs: Floats, strategy: Floats) -> Seen:
    at, k = game.row_start[mover.player], game.type_counts[mover.player]
    weight = np.multiply(beliefs[:, at : at + k].T[:, :, None], strategy.transpose(1, 0, 2), order="C")
    known = changed = weight if mover.signal is None else _signalled(weight, mover.signal[states])
    if mover.law is not None and stage.laws is not None:
        mats = np.concatenate([stage.laws, np.eye(stage.laws.shape[1])[None]])[mover.law[states], :k, :k]
        if mover.signal is None:
            changed = np.einsum("kna,nakl->lna", known, mats)
        else:
            changed = np.einsum("kna,nako,nakl->lno", weight, mover.signal[states], mats, optimize=True)
    before, after = known.reshape(k, -1), changed.reshape(k, -1)
    return Seen(player=mover.player, mass=before.sum(axis=0), before=before, after=after)


def _signalled(weight: Floats, signal: Floats) -> Floats:
    """(K, N, O) sum over actions of weight (K, N, A) times signal (N, A, K, O)."""
    out = np.zeros((*weight.shape[:2], signal.shape[3]))
    for action in range(weight.shape[2]):  # much faster than einsum
        out += weight[:, :, action, None] * signal[:, action].transpose(1, 0, 2)
    return out


def change_types(game: Game, stage: Stage, branches: Ints, beliefs: Floats) -> Floats:
    """(M, R) beliefs moved by the type changes of each branch."""
    if stage.branch_law is None or stage.laws is None:
        return beliefs
    out = beliefs.copy()
    for player, (at, k) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
        law = stage.branch_law[branches, player]
        rows = np.flatnonzero(law >= 0)
        if len(rows):
            out[rows, at : at + k] = np.einsum("nk,nkl->nl", beliefs[rows, at : at + k], stage.laws[law[rows], :k, :k])
    return out
