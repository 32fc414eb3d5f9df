"""A solution of a game, as data: made by `solve`, judged by `certify`, read by `study`.

The profile is defined at *every* belief: at a belief off the grid the stage is solved
at that very belief, with continuation values interpolated between nodes (C¹). The
callable `respond` does that; it is the only way to a strategy off the grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from winset.base.card import Card, Shown, Table
from winset.game.game import Game
from winset.game.grid import BeliefGrid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# How a cell was solved (`Response.how`, `Solution.how`).
FORCED = 0  # nobody has a choice
DIRECT = 1  # no fixed point: the choice does not depend on itself
UNIQUE = 2  # the fast way, with a proof that the equilibrium is the only one at every precision up to λ
TRACED = 3  # followed from λ = 0 by pseudo-arclength continuation
FAILED = 4  # tolerance missed


@dataclass(frozen=True, kw_only=True)
class Response:
    """The stage solved at N given (state, belief) points.

    Attributes:
        strategies: one array (N, K_j, A_j) per mover of the stage; rows sum to 1; unavailable actions 0.
        values: (N, R) expected discounted payoff of each (player, type) before the move.
        residual: (N,) largest |γ - softmax(λ Q(γ))|.
        folds: (N,) number of folds met on the path from λ = 0.
        how: (N,) FORCED, DIRECT, UNIQUE, TRACED or FAILED.
    """

    strategies: tuple[Floats, ...]
    values: Floats
    residual: Floats
    folds: Ints
    how: Ints


Respond = Callable[[int, Ints, Floats], Response]
"""respond(stage index, (N,) state indices of that stage, (N, R) stacked beliefs) -> Response."""


class Search(Protocol):
    """`Respond` that can also look for other fixed points of the stage than the principal one."""

    def __call__(
        self,
        index: int,
        states: Ints,
        beliefs: Floats,
        guess: Floats | None = None,
        along: Ints | None = None,
    ) -> Response:
        """The stage at N points.

        Args:
            index, states, beliefs: as for `Respond`.
            guess: (N, M, K, A) strategies, padded with zeros to the largest K of the game and A of the stage, from
                which Newton starts at the full precision; None: the principal branch.
            along: (N,) with a guess: +1 or -1 to follow the path of equilibria through what Newton finds, with the
                precision rising or falling at first, to where it next crosses the full precision; 0: Newton only. A
                point without such a crossing (up to twice the precision) is FAILED.
        """


_HOW = {FORCED: "no choice", DIRECT: "direct", UNIQUE: "proved unique", TRACED: "traced", FAILED: "failed"}


class Strategies(Sequence[tuple[Floats, ...]]):
    """Per stage, one (S, G, K_j, A_j) array per mover; kept where somebody has a choice, put together when asked for.

    Two thirds of the cells of a large game have no choice, and strategies take most of the room of a solution."""

    def __init__(self, game: Game, nodes: int) -> None:
        self.game = game
        self.nodes = nodes
        self._kept: list[tuple[Ints, tuple[Floats, ...]]] = [(np.zeros(0, dtype=np.int64), ())] * len(game.stages)

    def keep(self, index: int, gamma: Floats) -> None:
        """Takes strategies of the states of a stage at which somebody chooses, (C, G, M, K, A) padded."""
        game, stage = self.game, self.game.stages[index]
        self._kept[index] = (
            np.flatnonzero(stage.chooses),
            tuple(gamma[:, :, j, : game.type_counts[m.player], : len(m.actions)] for j, m in enumerate(stage.movers)),
        )

    def at(self, index: int, states: Ints) -> tuple[Floats, ...]:
        """One (N, G, K_j, A_j) array per mover, at some states of a stage."""
        stage, (chosen, kept) = self.game.stages[index], self._kept[index]
        place = np.searchsorted(chosen, states)
        mine = np.flatnonzero(np.append(chosen, -1)[place] == states)
        out = []
        for m, gamma in zip(stage.movers, kept, strict=True):
            only = m.available[states].astype(float)[:, None, None]
            shape = len(states), self.nodes, self.game.type_counts[m.player], len(m.actions)
            whole = np.broadcast_to(only, shape).copy()
            whole[mine] = gamma[place[mine]]
            out.append(whole)
        return tuple(out)

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> tuple[Floats, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[tuple[Floats, ...], ...]: ...
    def __getitem__(self, index: int | slice) -> tuple[Floats, ...] | tuple[tuple[Floats, ...], ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        index = range(len(self))[index]
        return self.at(index, np.arange(len(self.game.stages[index].states)))


@dataclass(frozen=True, kw_only=True, repr=False)
class Solution(Shown):
    """A logit equilibrium of a game on the principal branch.

    Attributes:
        values: per stage, (S, G, R) continuation value before the stage's move at every state and belief node
            (G = grid.nodes, row-major).
        strategies: per stage, one (S, G, K_j, A_j) array per mover.
        residual: per stage, (S, G) largest fixed-point residual of the cell.
        folds: per stage, (S, G) number of folds met.
        how: per stage, (S, G) how the cell was solved.
        respond: solves a stage at arbitrary beliefs, see the module's text; given a guess, finds other fixed points.
        status: "solved", "some cells failed", "not stationary" (infinite games), with `advice`.
        sweeps: backward passes (1 for a finite game) and `drift`, the last change of values between passes.
        origin: which equilibrium this is, "principal" or how it was found.
        facts: seconds, counts and settings, for the report.
    """

    game: Game
    grid: BeliefGrid
    values: tuple[Floats, ...]
    strategies: Sequence[tuple[Floats, ...]]
    residual: tuple[Floats, ...]
    folds: tuple[Ints, ...]
    how: tuple[Ints, ...]
    respond: Search
    status: str = "solved"
    advice: str = ""
    sweeps: int = 1
    drift: float = 0.0
    origin: str = "principal"
    facts: dict[str, Any] = field(default_factory=dict)

    def prior(self) -> Floats:
        """(R,) the stacked prior."""
        return np.concatenate([p.prior for p in self.game.players])

    def played(self, index: int, states: Ints) -> tuple[Floats, ...]:
        """One (N, G, K_j, A_j) array per mover: the strategies at some states of a stage."""
        if isinstance(self.strategies, Strategies):
            return self.strategies.at(index, states)
        return tuple(gamma[states] for gamma in self.strategies[index])

    def forced(self, index: int) -> NDArray[np.bool_]:
        """(S,) where nobody has a choice at a stage and what has to be done is what the strategies say."""
        stage = self.game.stages[index]
        out = ~stage.chooses
        if isinstance(self.strategies, Strategies):  # which puts them together so
            return out
        for mover, gamma in zip(stage.movers, self.strategies[index], strict=True):
            out &= (gamma == mover.available[:, None, None, :]).all(axis=(1, 2, 3))
        return out

    def card(self) -> Card:
        """What it shows of itself: the players, what was solved and how well."""
        game, cells = self.game, sum(h.size for h in self.how)
        counts = {word: sum(int(np.sum(h == code)) for h in self.how) for code, word in _HOW.items()}
        folded = sum(int(np.sum(f > 0)) for f in self.folds)
        worst = max((float(r.max()) for r in self.residual if r.size), default=0.0)
        infinite = ((f"{self.sweeps:,}", "sweeps of the repeated round"),) if game.infinite else ()
        return Card(
            title=f"{game.scenario.title}: {self.status} ({self.origin} equilibrium)",
            lines=(self.advice,) if self.advice else (),
            tables=(
                Table(
                    heading="Players",
                    columns=("", "types", "precision", "discount"),
                    rows=tuple((p.name, ", ".join(p.types), f"{p.precision:g}", f"{p.discount:g}")
                               for p in game.players),
                ),
                Table(
                    heading="Solved",
                    columns=("", ""),
                    rows=(
                        (f"{len(game.stages):,}", f"stages, {len(game.states):,} public states"),
                        (f"{self.grid.nodes:,}", f"belief nodes, {self.grid.inner} inner ones in each of "
                                                 f"{self.grid.dimensions} dimensions"),
                        (f"{cells:,}", "cells: " + ", ".join(f"{n:,} {word}" for word, n in counts.items() if n)),
                        (f"{folded:,}", "cells in which the path from precision 0 folds"),
                        (f"{worst:.1e}", "largest fixed-point residual"),
                        *infinite,
                    ),
                ),
            ),
        )  # fmt: skip
