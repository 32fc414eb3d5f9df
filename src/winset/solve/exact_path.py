"""The principal branch of one stage's fixed point, for many beliefs at once.

In logits x the equilibrium at precision t·λ solves H(x, t) = x - t λ Q(softmax(x)) = 0, Q centred over the actions
of each type. The branch that starts at t = 0 in the uniform profile (x = 0) is followed by pseudo-arclength
continuation (Turocy 2005 follows the same branch) until it first reaches t = 1. Each step goes along the tangent
and returns by chord Newton in the plane normal to it; it is accepted only if Newton contracts fast and stays
close, else it is halved. A change of sign of dt/ds is a fold. Derivatives are one-sided differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from winset.game.game import Floats, Ints

Field = Callable[[Ints, Floats], Floats]
"""field(rows, (len(rows), size) logits) -> λQ at those points, centred; `rows` says which beliefs."""

TOLERANCE = 1e-11
SHIFT = 1e-6
"""Difference step in logits: balances truncation against the error 1e-11 of nested solutions."""
FIRST, LONGEST, SHORTEST = 0.5, 4.0, 1e-5
MOST_STEPS = 400


@dataclass(frozen=True, kw_only=True)
class Followed:
    """logits (N, size), residual (N,), folds (N,), and whether t = 1 was reached (N,)."""

    logits: Floats
    residual: Floats
    folds: Ints
    reached: np.ndarray


def follow(field: Field, number: int, size: int) -> Followed:
    """Follows the branch for `number` beliefs in step, each with its own step length."""
    x, t = np.zeros((number, size)), np.zeros(number)
    step = np.full(number, FIRST)
    folds = np.zeros(number, dtype=np.int64)
    done, lost = np.zeros(number, dtype=bool), np.zeros(number, dtype=bool)
    tangent = np.zeros((number, size + 1))
    tangent[:, -1] = 1.0
    slope = np.zeros((number, size, size + 1))
    fresh = np.ones(number, dtype=bool)
    for _ in range(MOST_STEPS):
        rows = np.flatnonzero(~done & ~lost)
        if not rows.size:
            break
        renew = rows[fresh[rows]]
        if renew.size:
            slope[renew] = _slope(field, renew, x[renew], t[renew])
            direction = _tangent(slope[renew], tangent[renew])
            folds[renew] += (direction[:, -1] * tangent[renew, -1] < 0) & (t[renew] > 0)
            tangent[renew] = direction
            fresh[renew] = False
        last = (tangent[rows, -1] > 0) & (t[rows] + step[rows] * tangent[rows, -1] >= 1.0)
        ok = np.zeros(rows.size, dtype=bool)
        for ending in (True, False):
            part = np.flatnonzero(last == ending)
            if part.size:
                ok[part] = _advance(field, rows[part], x, t, step, tangent, slope, ending)
        fresh[rows[ok]] = True
        done[rows[ok & last]] = True
        step[rows[~ok]] *= 0.4
        lost |= step < SHORTEST
    residual = np.full(number, np.inf)
    if number:
        x, residual = _polish(field, x, done)
    return Followed(logits=x, residual=residual, folds=folds, reached=done)


def _slope(field: Field, rows: Ints, x: Floats, t: Floats) -> Floats:
    """(N, size, size + 1) derivatives of H."""
    number, size = x.shape
    moved = np.concatenate([x[None], x[None] + SHIFT * np.eye(size)[:, None, :]])
    values = field(np.tile(rows, size + 1), moved.reshape(-1, size)).reshape(size + 1, number, size)
    out = np.empty((number, size, size + 1))
    change = np.moveaxis((values[1:] - values[0]) / SHIFT, 0, 2)
    out[:, :, :size] = np.eye(size) - t[:, None, None] * change
    out[:, :, size] = -values[0]
    return out


def _tangent(slope: Floats, old: Floats) -> Floats:
    """Unit tangents that go on in the direction of the old ones."""
    number, size, _ = slope.shape
    square = np.concatenate([slope, old[:, None, :]], axis=1)
    right = np.zeros((number, size + 1, 1))
    right[:, -1] = 1.0
    new = np.linalg.solve(square, right)[:, :, 0]
    return new / np.linalg.norm(new, axis=1, keepdims=True)


def _advance(
    field: Field, rows: Ints, x: Floats, t: Floats, step: Floats, tangent: Floats, slope: Floats, ending: bool
) -> np.ndarray:
    """One step of some beliefs, in place; returns which were accepted. `ending` lands on t = 1 instead of the plane."""
    size = x.shape[1]
    ahead = tangent[rows]
    length = (1.0 - t[rows]) / ahead[:, -1] if ending else step[rows]
    y = np.concatenate([x[rows], t[rows, None]], axis=1)
    start = y + length[:, None] * ahead
    plane = np.zeros_like(ahead) if ending else ahead
    if ending:
        plane[:, -1] = 1.0
    inverse = np.linalg.inv(np.concatenate([slope[rows], plane[:, None, :]], axis=1))
    point, before = start.copy(), np.full(rows.size, np.inf)
    settled, bad = np.zeros(rows.size, dtype=bool), np.zeros(rows.size, dtype=bool)
    first = before
    for turn in range(6):
        live = np.flatnonzero(~settled & ~bad)
        if not live.size:
            break
        h = point[live, :size] - point[live, -1:] * field(rows[live], point[live, :size])
        delta = np.einsum("nij,nj->ni", inverse[live, :, :size], h)
        point[live] -= delta
        moved = np.linalg.norm(delta, axis=1)
        if turn == 0:
            first = first.copy()
            first[live] = moved
            bad[live] = moved > 0.25 * np.maximum(length[live], 0.2)
        else:
            bad[live] = moved > 0.4 * before[live]
        settled[live] = (moved < 1e-5) & ~bad[live]
        before = before.copy()
        before[live] = moved
    ok = settled & ~bad
    at = rows[ok]
    x[at], t[at] = point[ok, :size], point[ok, -1]
    step[at] = np.clip(
        length[ok] * np.clip(0.1 / np.maximum(first[ok] / np.maximum(length[ok], 1e-12), 1e-9), 0.5, 2.0) ** 1.0,
        SHORTEST,
        LONGEST,
    )
    return ok


def _polish(field: Field, x: Floats, reached: np.ndarray) -> tuple[Floats, Floats]:
    """Newton at t = 1 to the last digit; returns logits and max |x - λQ|."""
    x = x.copy()
    residual = np.full(len(x), np.inf)
    rows = np.flatnonzero(reached)
    inverse = np.zeros((len(x), x.shape[1], x.shape[1]))
    for turn in range(8):
        if not rows.size:
            break
        if turn in (0, 3, 5):
            inverse[rows] = np.linalg.inv(_slope(field, rows, x[rows], np.ones(rows.size))[:, :, :-1])
        h = x[rows] - field(rows, x[rows])
        residual[rows] = np.max(np.abs(h), axis=1)
        keep = residual[rows] > TOLERANCE
        rows, h = rows[keep], h[keep]
        x[rows] -= np.einsum("nij,nj->ni", inverse[rows], h)
    return x, residual
