"""Random Markov games for tests and benchmarks: the draws of sgamesolver's `SGame.random_game`, seed by seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from winset.game.markov import MarkovGame, markov_game


def random_markov_game(
    seed: int, *, states: int, actions: int | Sequence[Sequence[int]], players: int = 2, discount: float = 0.95
) -> MarkovGame:
    """Payoffs uniform on [0, 1]; transitions exponential, normalised, to every state.

    Args:
        seed: of the random numbers; with the same one sgamesolver draws the same game.
        states, players: how many.
        actions: of each player in each state; or one list a state, with a number for each player.
        discount: of everybody.
    """
    rng = np.random.default_rng(seed)
    counts = np.broadcast_to(np.asarray(actions, dtype=np.int64), (states, players))
    payoffs = [rng.random((players, *counts[s])) for s in range(states)]
    transitions = [rng.exponential(scale=1.0, size=(*counts[s], states)) for s in range(states)]
    transitions = [t / t.sum(axis=-1, keepdims=True) for t in transitions]
    return markov_game(payoffs, transitions, discount=discount)


__all__ = ["random_markov_game"]
