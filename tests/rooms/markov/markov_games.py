"""Markov games with known equilibria, and ways to say the same game otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from winset.game.markov import MarkovGame, Rows, markov_game


def sparse(game: MarkovGame) -> MarkovGame:
    """The same game with its transitions as rows."""
    size, joint = game.transition.shape[:2]  # type: ignore[union-attr]
    flat = np.asarray(game.transition).reshape(size * joint, size)
    row, target = np.nonzero(flat)
    begin = np.searchsorted(row, np.arange(size * joint + 1))
    return replace(game, transition=Rows(begin=begin, target=target, probability=flat[row, target]))


def big_match(d: float) -> MarkovGame:
    """Gillette 1957; payoffs times 1 - d, so that values are averages. Rows Top and Bottom, columns L and R."""
    first = np.array([[1.0, 0.0], [0.0, 1.0]]) * (1.0 - d)
    for_ever = [np.full((1, 1), x * (1.0 - d)) for x in (1.0, 0.0)]
    leads = np.zeros((2, 2, 3))
    leads[0, 0, 1] = leads[0, 1, 2] = leads[1, :, 0] = 1.0
    stays = np.zeros((2, 1, 1, 3))
    stays[0, 0, 0, 1] = stays[1, 0, 0, 2] = 1.0
    return markov_game([np.stack([u, -u]) for u in (first, *for_ever)], [leads, *stays], discount=d)


def treaty(
    d: float, *, r: float = 3.0, t: float = 4.0, p: float = 1.0, eps: float = 0.1, rho: float = 0.3
) -> MarkovGame:
    """Treaty with punishment of random length: in force (keep, breach), suspended (no choice)."""
    one = np.array([[r, p - 1.0], [t, p]])
    leads = np.zeros((2, 2, 2))
    leads[:, :, 1] = 1.0
    leads[0, 0] = 1.0 - eps, eps
    return markov_game(
        [np.stack([one, one.T]), np.full((2, 1, 1), p)], [leads, np.array([[[rho, 1.0 - rho]]])], discount=d
    )


def static(one: np.ndarray, two: np.ndarray, d: float = 0.0) -> MarkovGame:
    """One state, played again and again."""
    return markov_game([np.stack([one, two])], [np.ones((*one.shape, 1))], discount=d)
