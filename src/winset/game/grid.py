"""Coordinates and nodes of public beliefs.

A belief about a player with K types is K - 1 coordinates in [0, 1], the
stick-breaking fractions c_m = π_m / (π_m + ... + π_{K-1}) of the types in order;
with two types that is the probability of the first. The beliefs about all
players are a point of the cube [0, 1]^D, D = Σ (K_i - 1), and the nodes are the
product of one set of nodes per dimension: `inner` nodes evenly spaced in
log-odds from -span to +span, and the certainties 0 and 1. Where the remaining
stick has length 0 the coordinate means nothing and is set to 1/2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BeliefGrid:
    """Nodes over the beliefs about players with these numbers of types.

    Attributes:
        type_counts: K_i of every player, in order.
        inner: number of inner nodes per dimension, at least 1.
        span: log-odds of the outermost inner nodes.
    """

    type_counts: tuple[int, ...]
    inner: int = 15
    span: float = 6.0

    @cached_property
    def dimensions(self) -> int:
        """D, the number of belief coordinates."""
        return sum(k - 1 for k in self.type_counts)

    @cached_property
    def axis(self) -> Floats:
        """(n,) the nodes of one dimension, from 0 to 1, n = inner + 2."""
        if self.inner == 1:
            logits = np.zeros(1)
        else:
            logits = np.linspace(-self.span, self.span, self.inner)
        return np.concatenate([[0.0], 1.0 / (1.0 + np.exp(-logits)), [1.0]])

    @property
    def shape(self) -> tuple[int, ...]:
        """(n,) * D."""
        return (self.inner + 2,) * self.dimensions

    @cached_property
    def nodes(self) -> int:
        """Number of belief nodes, (inner + 2) ** D."""
        return int((self.inner + 2) ** self.dimensions)

    def points(self) -> Floats:
        """(nodes, D) coordinates of all nodes, row-major over dimensions; one array for all who ask."""
        return self._points

    @cached_property
    def _points(self) -> Floats:
        if not self.dimensions:
            return np.zeros((1, 0))
        mesh = np.meshgrid(*([self.axis] * self.dimensions), indexing="ij")
        return np.stack([m.ravel() for m in mesh], axis=1)

    def coordinates(self, beliefs: Floats) -> Floats:
        """(..., D) coordinates of (..., R) stacked type probabilities, player by player."""
        out = np.empty((*beliefs.shape[:-1], self.dimensions))
        row = dim = 0
        for count in self.type_counts:
            rest = np.ones(())  # what is left of the stick
            for m in range(count - 1):
                share = beliefs[..., row + m]
                if m:
                    rest = np.maximum(rest - beliefs[..., row + m - 1], 0.0)
                    share = np.where(rest > 0, share / np.where(rest > 0, rest, 1.0), 0.5)
                out[..., dim + m] = np.minimum(np.maximum(share, 0.0), 1.0)
            row += count
            dim += count - 1
        return out

    def beliefs(self, coordinates: Floats) -> Floats:
        """(..., R) stacked type probabilities of (..., D) coordinates; inverse of `coordinates`."""
        rows = sum(self.type_counts)
        out = np.empty((*coordinates.shape[:-1], rows))
        row = dim = 0
        for count in self.type_counts:
            rest = np.ones(coordinates.shape[:-1])
            for m in range(count - 1):
                out[..., row + m] = rest * coordinates[..., dim + m]
                rest = rest * (1.0 - coordinates[..., dim + m])
            out[..., row + count - 1] = rest
            row += count
            dim += count - 1
        return out
