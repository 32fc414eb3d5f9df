"""The certificate of a strategy at a few places: what `certify` measures at every cell, measured there alone.

For an equilibrium that differs from the certified one at these places only: play afterwards is the solution's own, so
the fixed point of the stage and what one deviation gains, both against the solution's values, say all that is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.certify.arrays import parts, stacked
from winset.certify.interpolant import with_slopes
from winset.certify.kernel import KINDS, judge
from winset.game.game import Floats, Game, Ints
from winset.game.solution import Solution


@dataclass(frozen=True, kw_only=True)
class Spot:
    """What was found.

    Attributes:
        stage_residual: largest |γ - softmax(λQ(γ))|.
        one_shot_gain: most that a believed type gains by deviating once, in payoff units.
        logit_bound: what errors explain of that gain, ln|A|/λ at its place; 0 where values include the shocks.
        beyond_logit: most by which any gain exceeds its bound; below 0 where all are explained.
    """

    stage_residual: float
    one_shot_gain: float
    logit_bound: float
    beyond_logit: float

    def as_dict(self) -> dict[str, float]:
        """Plain JSON data."""
        return dict(vars(self))

    def passes(self, *, residual: float = 1e-8, beyond: float = 1e-6) -> bool:
        """Whether it is a fixed point whose gains the errors explain."""
        return self.stage_residual <= residual and self.beyond_logit <= beyond


def certify_spot(solution: Solution, index: int, states: Ints, beliefs: Floats, strategies: Sequence[Floats]) -> Spot:
    """Measures strategies at N places of a stage, against the solution's values afterwards.

    Args:
        solution: what is played afterwards.
        index: of the stage.
        states: (N,) of the stage.
        beliefs: (N, R) stacked.
        strategies: one (N, K, A) array per mover.
    """
    game, stage = solution.game, solution.game.stages[index]
    places = np.ascontiguousarray(states, dtype=np.int64)
    found = judge(
        parts(game, index),
        table=_ahead(solution, index),
        axis=solution.grid.axis,
        states=places,
        beliefs=np.ascontiguousarray(beliefs, dtype=np.float64),
        which=np.arange(places.size),
        gamma=stacked(strategies, max(game.type_counts), places.size),
    )
    bound = np.zeros(found.gain.shape)
    for mover in stage.movers if not game.shocks else ():
        row, precision = game.row_start[mover.player], game.players[mover.player].precision
        choices = np.log(mover.available[places].sum(axis=1))
        size = choices / precision if precision > 0 else np.where(choices > 0, np.inf, 0.0)
        bound[:, row : row + game.type_counts[mover.player]] = size[:, None]
    gain = np.where(beliefs > 0, found.gain, 0.0)
    worst = np.unravel_index(int(np.argmax(gain)), gain.shape)
    return Spot(
        stage_residual=float(np.max(found.residual)),
        one_shot_gain=float(gain[worst]),
        logit_bound=float(bound[worst]),
        beyond_logit=float(np.max(gain - bound)),
    )


def _ahead(solution: Solution, index: int) -> Floats:
    """The next stage's values with slopes; deviators gain nothing afterwards."""
    game: Game = solution.game
    following, dimensions = game.next_stage(index), solution.grid.dimensions
    if following is None:
        return np.zeros((0, solution.grid.nodes, 2**dimensions, KINDS * game.rows))
    own = solution.values[following]
    return with_slopes(np.concatenate([own, 0.0 * own, 0.0 * own], axis=2), solution.grid.axis, dimensions)
