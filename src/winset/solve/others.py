"""Other fixed points of one stage at one state and belief, the continuation staying as it is.

Newton starts from near-pure strategies and from what is played at other beliefs; then the path of equilibria
through everything found is followed both ways, with rising and with falling precision, to where it comes back to
the full precision. Only the principal path ends at precision 0; on any other, an equilibrium has a partner beyond a
fold at a lower precision, so that the unstable ones, to which Newton hardly ever goes, are met on the way from the
stable ones (McKelvey and Palfrey 1995 for the structure of the graph). The search is deterministic and does not
depend on the order in which a scenario declares things, but it is not exhaustive: a pair of which no start finds
either is missed.
"""

from __future__ import annotations

import math
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from winset.game.game import Game, Stage
from winset.game.solution import Solution

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STARTS = 256
"""Most near-pure profiles, and most strategies of other beliefs, from which Newton starts."""
MOST = 24
"""Most fixed points kept at one place."""
ERROR = 1e-6
"""Probability of each action that a near-pure start does not take."""
CONVERGED = 1e-8
"""Largest residual of a fixed point."""
APART = 1e-4
"""Two fixed points differ where some probability of a believed type does by more."""
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

Block = tuple[int, int, tuple[int, ...]]
"""A chooser: the mover's place in the stage, its type, and the actions it may take, in the order of their labels."""


def other_fixed_points(solution: Solution, index: int, state: int, belief: Floats) -> list[Floats]:
    """The fixed points found at one place besides the principal one.

    Args:
        solution: on whose values the stage is solved.
        index: of the stage.
        state: index of the state in the stage.
        belief: (R,) stacked.

    Returns:
        (M, K, A) strategies, padded with zeros to the widest mover and player, each with a residual of at most
        `CONVERGED` and apart from every other, sorted by name and probability. Empty where nobody has a choice.
    """
    game, stage = solution.game, solution.game.stages[index]
    blocks = choosers(game, stage, state, belief)
    if not blocks:
        return []
    work = _Work(solution, index, state, belief, blocks)
    work.add(work.respond(None, None))
    work.add(work.respond(_starts(solution, index, state, blocks), None))
    work.follow()
    return sorted(work.found[1:], key=lambda g: [-round(float(g[j, k, a]), 6) for j, k, some in blocks for a in some])


def choosers(game: Game, stage: Stage, state: int, belief: Floats) -> list[Block]:
    """The believed types of movers with at least two actions at a place, sorted by name."""
    found = []
    for j, mover in enumerate(stage.movers):
        player, row = game.players[mover.player], game.row_start[mover.player]
        some = np.flatnonzero(mover.available[state])
        actions = tuple(sorted((int(a) for a in some), key=lambda a: mover.actions[a]))
        if len(actions) > 1 and mover.happens[state]:
            found += [(player.name, t, (j, k, actions)) for k, t in enumerate(player.types) if belief[row + k] > 0]
    return [block for _, _, block in sorted(found)]


def padded(game: Game, stage: Stage, strategies: tuple[Floats, ...]) -> Floats:
    """(N, M, K, A) strategies of all movers, padded with zeros, from one (N, K_j, A_j) array per mover."""
    wide = max(len(m.actions) for m in stage.movers)
    out = np.zeros((len(strategies[0]), len(stage.movers), max(game.type_counts), wide))
    for j, own in enumerate(strategies):
        out[:, j, : own.shape[1], : own.shape[2]] = own
    return out


class _Work:
    """The search at one place; `found` holds the fixed points so far, the principal one first."""

    def __init__(self, solution: Solution, index: int, state: int, belief: Floats, blocks: list[Block]) -> None:
        self.solution, self.index, self.state, self.belief = solution, index, state, belief
        self.at = tuple(np.array(x) for x in zip(*((j, k, a) for j, k, some in blocks for a in some), strict=True))
        self.found: list[Floats] = []

    def respond(self, guess: Floats | None, along: Ints | None) -> list[Floats]:
        """Where each guess leads; what does not converge is left out (None: the principal fixed point)."""
        count = 1 if guess is None else len(guess)
        got = self.solution.respond(
            self.index, np.full(count, self.state), np.tile(self.belief, (count, 1)), guess, along
        )
        stacked = padded(self.solution.game, self.solution.game.stages[self.index], got.strategies)
        return [g for g, residual in zip(stacked, got.residual, strict=True) if residual <= CONVERGED]

    def add(self, strategies: list[Floats]) -> None:
        """Keeps what is new."""
        for gamma in strategies:
            if len(self.found) < MOST and self.known(gamma) is None:
                self.found.append(gamma)

    def known(self, gamma: Floats) -> int | None:
        """The number of the fixed point that this one is."""
        near = (i for i, g in enumerate(self.found) if np.abs(g[self.at] - gamma[self.at]).max() <= APART)
        return next(near, None)

    def follow(self) -> None:
        """Follows the paths through all that is found, both ways, until nothing new comes."""
        done = {(0, -1)}  # the principal branch comes from uniform play
        todo = [(0, 1)] + [(i, way) for i in range(1, len(self.found)) for way in (-1, 1)]
        while todo:
            number, way = todo.pop(0)
            if (number, way) in done:
                continue
            done.add((number, way))
            before = len(self.found)
            self.add(self.respond(self.found[number][None], np.array([way])))
            todo += [(i, side) for i in range(before, len(self.found)) for side in (-1, 1)]


def _starts(solution: Solution, index: int, state: int, blocks: list[Block]) -> Floats:
    """(N, M, K, A) where Newton starts."""
    game, stage = solution.game, solution.game.stages[index]
    whole = padded(game, stage, tuple(own[state] for own in solution.strategies[index]))
    spots = np.unique(np.linspace(0, len(whole) - 1, STARTS).astype(np.int64))
    uniform = np.zeros(whole.shape[1:])
    for j, mover in enumerate(stage.movers):
        uniform[j, :, : len(mover.actions)] = mover.available[state] / mover.available[state].sum()
    pure = []
    for choice in _profiles(blocks):
        gamma = uniform.copy()
        for (j, k, some), taken in zip(blocks, choice, strict=True):
            gamma[j, k, list(some)] = ERROR
            gamma[j, k, taken] = 1.0 - ERROR * (len(some) - 1)
        pure.append(gamma)
    return np.concatenate([np.array(pure), whole[spots]])


def _profiles(blocks: list[Block]) -> list[tuple[int, ...]]:
    """Pure profiles, one action a block: where all types of a mover act alike first, then all, thinned evenly."""
    sides = {j: some for j, _, some in blocks}
    alike = islice(product(*sides.values()), STARTS)
    chosen = [tuple(dict(zip(sides, one, strict=True))[j] for j, _, _ in blocks) for one in alike]
    sizes = [len(some) for _, _, some in blocks]
    total = math.prod(sizes)
    numbers = range(total) if total <= STARTS else (int(total * ((i * _GOLDEN) % 1.0)) for i in range(STARTS))
    for number in numbers:
        rest, choice = number, []
        for size, (_, _, some) in zip(sizes, blocks, strict=True):
            choice.append(some[rest % size])
            rest //= size
        chosen.append(tuple(choice))
    return list(dict.fromkeys(chosen))[:STARTS]
