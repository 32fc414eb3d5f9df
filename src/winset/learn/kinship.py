"""Which draws of sequential Monte Carlo err alike, and how many of them are therefore effective.

Draws that descend from one draw err alike until moves have parted them. Two that began at one place and have moved
with autocorrelation ρ correlate by ρ²; ρ is read off how far the draws moved, 1 - E(x'-x)²/2σ². The effective number
of draws is 1/Σᵢⱼ wᵢwⱼrᵢⱼ with these correlations r (families without moves: Lee and Whiteley 2018), so that a cloud
of copies is told as the few draws that it stems from, however many different points it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Kinship:
    """Which of N draws err alike because they descend from one.

    Attributes:
        families: (G, N) for each of G resamplings, the eldest first: the draw before it that each descends from.
        alike: (G,) correlation of two draws of one such family after the moves since; it never falls from one
            resampling to the next.
    """

    families: Ints
    alike: Floats

    @classmethod
    def none(cls, count: int) -> Kinship:
        """Of draws that are independent."""
        return cls(families=np.zeros((0, count), dtype=np.int64), alike=np.zeros(0))

    def resampled(self, pick: Ints) -> Kinship:
        """Of the draws picked."""
        return Kinship(families=np.vstack([self.families[:, pick], pick[None]]), alike=np.append(self.alike, 1.0))

    def moved(self, correlation: float) -> Kinship:
        """After moves that leave two draws that began at one place with this correlation."""
        alike = self.alike * correlation
        told = alike > 1e-4
        return Kinship(families=self.families[told], alike=alike[told])

    def effective(self, weights: Floats, points: Floats) -> float:
        """The effective number of draws with these weights (which add up to 1) at these (N, D) points of the cube."""
        same = np.unique(points, axis=0, return_inverse=True)[1].reshape(-1)
        total, below = 0.0, 0.0
        for family, alike in zip([*self.families, same], [*self.alike, 1.0], strict=True):
            shares = np.bincount(family, weights)
            total, below = total + float((alike - below) * (shares @ shares)), float(alike)
        return 1.0 / total


__all__ = ["Floats", "Ints", "Kinship"]
