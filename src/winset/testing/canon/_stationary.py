"""Stationary equilibria of infinite games of complete information, found fast.

A backward sweep maps continuation values at the start of a round to those one round earlier. Near a stationary
equilibrium that map is affine, so few sweeps tell where it leads (reduced rank extrapolation: Mešina 1977; Sidi 2017);
the values found are then swept again, and only what the sweep itself leaves in place counts. On a grid of offers the map
moves in steps, whose sum over time is bounded by the step over the distance of the discount from 1: hence `adaptive`,
which starts each finer grid from the values of the coarser one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from winset.language.scenario import Scenario
from winset.testing.canon._tools import Floats, Played, Refined, adaptive

_LOOK = 5
"""Sweeps between extrapolations."""


def extrapolated(iterates: Sequence[Floats]) -> Floats:
    """The limit of a sequence whose steps shrink as an affine map makes them: reduced rank extrapolation."""
    x = np.array([np.ravel(one) for one in iterates])
    u = np.diff(x, axis=0)
    v = np.diff(u, axis=0)
    weights = np.linalg.lstsq(v.T, -u[0], rcond=1e-9)[0]
    return np.asarray(x[0] + weights @ u[:-1]).reshape(np.shape(iterates[0]))


def settle(played: Played, *, tolerance: float, cycles: int = 6) -> float:
    """Sweeps until no value moves by more than the tolerance, extrapolating on the way; of one belief node.

    Returns:
        How far the last sweep moved the values. On a coarse grid they may wander for ever.
    """
    drift = np.inf
    for cycle in range(cycles):
        seen = [played.solution.values[0][:, 0, :]]
        for _ in range(_LOOK):
            played.sweep(seen[-1])
            seen.append(played.solution.values[0][:, 0, :])
            drift = float(np.abs(seen[-1] - seen[-2]).max())
            if drift <= tolerance:
                return drift
        if cycle < cycles - 1:
            far = extrapolated(seen)
            played.sweep(far)
            if np.abs(played.solution.values[0][:, 0, :] - far).max() > drift:  # it led astray
                played.sweep(seen[-1])
    return drift


def lasting_offers(
    scenario: Scenario, values: Mapping[str, float], *, names: Sequence[str], coarse: Sequence[float],
    used: Callable[[Played], Sequence[float]], read: Callable[[Played], dict[str, float]], reach: int = 16,
    tolerance: float = 2e-9, precision: float = 50.0,
) -> tuple[Refined, Played]:  # fmt: skip
    """Answers of an infinite game whose offers lie on a grid that is refined where they are used.

    Args:
        scenario: with a parameter `lambda` that is everyone's precision.
        values: its parameters' values.
        names: variables and parameters of actions that take the grid's values.
        coarse: the first grid.
        used: a solved game to the offers that it uses.
        read: a solved game to the answers.
        reach, tolerance: see `adaptive`.
        precision: precision times the finest step.

    Returns:
        The answers, and the game solved on the last grid.

    Raises:
        ValueError: the answers, or the values of the last game, do not stand still.
    """
    last: list[Played] = []
    drift: list[float] = []

    def answer(points: list[float], step: float) -> tuple[dict[str, float], Sequence[float]]:
        start = last[-1].solution.values[0][:, 0, :] if last else 0.0
        given = {**values, "lambda": precision / step}
        played = Played(scenario, given, points=dict.fromkeys(names, points), sweeps=1, start_values=start)
        drift[:] = [settle(played, tolerance=2 * step)]
        last[:] = [played]
        return read(played), used(played)

    found = adaptive(answer, coarse, tolerance=tolerance, reach=reach)
    if drift[-1] > tolerance:
        raise ValueError(f"the values still move by {drift[-1]:.1e} from sweep to sweep")
    return found, last[-1]
