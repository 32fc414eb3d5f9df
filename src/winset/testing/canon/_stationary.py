"""Stationary equilibria of infinite games of complete information, found fast.

A backward sweep maps continuation values at the start of a round to those one round earlier. Near a stationary
equilibrium that map is affine, so few sweeps tell where it leads (reduced rank extrapolation); the values found are
then swept again, and only what the sweep itself leaves in place counts. On a grid of offers the map moves in steps,
whose sum over time is bounded by the step over the distance of the discount from 1: hence `adaptive`, which starts each
finer grid from the values of the coarser one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from winset.language.scenario import Scenario
from winset.testing.canon._tools import Floats, Played, Refined, StillMovingError, adaptive

_LOOK = 5
"""Sweeps between extrapolations."""
_FARTHEST = 2000.0
"""An extrapolation by more than so many last steps is noise."""


def extrapolated(iterates: Sequence[Floats]) -> Floats:
    """The limit of a sequence whose steps shrink as an affine map makes them: reduced rank extrapolation."""
    x = np.array([np.ravel(one) for one in iterates])
    u = np.diff(x, axis=0)
    v = np.diff(u, axis=0)
    weights = np.linalg.lstsq(v.T, -u[0], rcond=1e-6)[0]
    return np.asarray(x[0] + weights @ u[:-1]).reshape(np.shape(iterates[0]))


Sharpen = Callable[[Played], Floats]
"""A solved game to better values at the start of a round, (S, R), see `between_points`."""


def settle(played: Played, *, tolerance: float, sharpen: Sharpen | None = None, cycles: int = 6) -> float:
    """Sweeps until no value moves by more than the tolerance, extrapolating on the way; of one belief node.

    Args:
        played: the game, solved by one sweep.
        tolerance: see above.
        sharpen: values to sweep on from; by default those of the solution.
        cycles: most extrapolations and one.

    Returns:
        How far the last sweep moved the values. On a coarse grid they may wander for ever.
    """

    def after() -> Floats:
        return played.solution.values[0][:, 0, :] if sharpen is None else sharpen(played)

    start = after()
    for cycle in range(cycles):
        seen = [start]
        for _ in range(_LOOK):
            played.sweep(seen[-1])
            seen.append(after())
            moved = float(np.abs(seen[-1] - seen[-2]).max())
            if moved <= tolerance:
                return float(np.abs(played.solution.values[0][:, 0, :] - seen[-2]).max())
        start = seen[-1]
        if cycle < cycles - 1:
            far = extrapolated(seen)
            if np.abs(far - start).max() > _FARTHEST * moved:
                continue
            played.sweep(far)
            if np.abs(after() - far).max() <= moved:  # else it led astray
                start = after()
    return moved


def between_points(
    played: Played, answers: Sequence[tuple[str, str, int, int]], offer: str
) -> tuple[Floats, list[float]]:
    """The values at the start of a round if an offer could lie between the points of the grid, and those offers.

    On a grid the proposer leaves the other side a little more than refusing is worth, up to a step. Here the values of
    both are carried on along the offers that are accepted, to the one that leaves nothing more. It only speeds the way:
    what is found is swept again and judged by the sweep.

    Args:
        played: a solved game whose rounds start with the variable `turn`.
        answers: for each turn, (its name, the move that answers, the proposer, the responder).
        offer: the variable that holds the offer.
    """
    values, between = played.solution.values[0][:, 0, :].copy(), []
    for turn, move, proposer, responder in answers:
        index = played.stage(move)
        rows = played.states(index, {"turn": turn})
        offers = np.array([float(played.game.state(r)[offer]) for r in played.game.stages[index].states[rows]])
        order = np.argsort(offers)
        rows, offers = rows[order], offers[order]
        mine = played.solution.values[index][rows, 0, proposer]
        other = played.solution.values[index][rows, 0, responder]
        best, refused = int(np.argmax(mine)), float(other.min())
        step = 1 if other[min(best + 1, len(rows) - 1)] > other[best] else -1  # to offers that leave more
        near = best + step
        if not 0 <= near < len(rows) or other[near] <= other[best]:
            between.append(float(offers[best]))
            continue
        back = (other[best] - refused) / (other[near] - other[best])
        at = played.states(0, {"turn": turn})
        values[at, responder] = refused
        values[at, proposer] = mine[best] + back * (mine[best] - mine[near])
        between.append(float(offers[best] + back * (offers[best] - offers[near])))
    return values, between


def lasting_offers(
    scenario: Scenario,
    values: Mapping[str, float],
    *,
    names: Sequence[str],
    coarse: Sequence[float],
    used: Callable[[Played], Sequence[float]],
    read: Callable[[Played], dict[str, float]],
    tolerance: float = 2e-9,
    precision: float = 50.0,
    sharpen: Sharpen | None = None,
    **refining: Any,
) -> tuple[Refined, Played]:
    """Answers of an infinite game whose offers lie on a grid that is refined where they are used.

    Args:
        scenario: with a parameter `lambda` that is everyone's precision.
        values: its parameters' values.
        names: variables and parameters of actions that take the grid's values.
        coarse: the first grid.
        used: a solved game to the offers that it uses.
        read: a solved game to the answers.
        tolerance, refining: see `adaptive`.
        precision: precision times the finest step.
        sharpen: see `settle`.

    Returns:
        The answers, and the game solved on the last grid.

    Raises:
        StillMovingError: the answers, or the values of the last game, do not stand still.
    """
    last: list[Played] = []
    drift: list[float] = []

    def answer(points: list[float], step: float) -> tuple[dict[str, float], Sequence[float]]:
        start = last[-1].solution.values[0][:, 0, :] if last else 0.0
        given = {**values, "lambda": precision / step}
        played = Played(scenario, given, points=dict.fromkeys(names, points), sweeps=1, start_values=start)
        drift[:] = [settle(played, tolerance=2 * step, sharpen=sharpen)]
        last[:] = [played]
        return read(played), used(played)

    found = adaptive(answer, coarse, tolerance=tolerance, **{"levels": 2, "reach": 10, **refining})
    if drift[-1] > 4 * tolerance:
        raise StillMovingError(f"the values still move by {drift[-1]:.1e} from sweep to sweep")
    return found, last[-1]
