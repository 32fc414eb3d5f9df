"""States of one game that are, from there on, states of another: what has been solved there need not be solved again.

Two states at a stage match when they are the same public state, the same can be done there with the same payments,
signals and chances, and what it leads to matches in turn. Where play begins and what the priors are does not matter.
"""

from __future__ import annotations

import numpy as np

from winset.game.game import Bools, Game, Ints, Mover, Stage


def matching(game: Game, other: Game) -> tuple[Ints, ...] | None:
    """Which states of `other` continue exactly as those of `game`.

    Returns:
        Per stage (S,) the index of the matching state in that stage of `other`, -1 where there is none; None where
        the games have different players, variables or numbers of stages.
    """
    if game.infinite != other.infinite or game.shocks != other.shocks or game.variables != other.variables:
        return None
    if len(game.stages) != len(other.stages) or not _same_players(game, other):
        return None
    names = np.unique(np.concatenate([game.states, other.states]), axis=0, return_inverse=True)[1].reshape(-1)
    mine, theirs = names[: len(game.states)], names[len(game.states) :]
    pairs = list(zip(game.stages, other.stages, strict=True))
    if not game.infinite:
        ahead: list[Ints] = []  # from the last stage back
        for one, two in reversed(pairs):
            following = ahead[-1] if ahead else None
            if following is not None and not (following >= 0).any() and _all_go_on(one):
                ahead.append(np.full(len(one.states), -1, dtype=np.int64))
            else:
                ahead.append(_leading_alike(one, two, _alike(one, two, mine, theirs), following))
        return tuple(reversed(ahead))
    found = [_alike(one, two, mine, theirs) for one, two in pairs]
    while True:
        changed = False
        for k in range(len(found) - 1, -1, -1):
            kept = _leading_alike(*pairs[k], found[k], found[(k + 1) % len(found)])
            changed |= not np.array_equal(kept, found[k])
            found[k] = kept
        if not changed:
            return tuple(found)


def _all_go_on(stage: Stage) -> bool:
    """Whether every state may lead on to the next stage, so that none matches where nothing matches there."""
    begins = stage.first[np.arange(len(stage.states)) * stage.joint_observables]
    return bool((np.maximum.reduceat(stage.target, begins) >= 0).all()) if len(begins) else True


def _same_players(game: Game, other: Game) -> bool:
    def facts(g: Game) -> list[tuple[object, ...]]:
        return [(p.name, p.types, p.discount, p.precision) for p in g.players]

    return facts(game) == facts(other)


def _alike(one: Stage, two: Stage, mine: Ints, theirs: Ints) -> Ints:
    """(S,) the same public state in the other stage where the same can be done; -1 elsewhere."""
    nowhere = np.full(len(one.states), -1, dtype=np.int64)
    if one.move != two.move or not np.array_equal(one.discount, two.discount) or not _same_frame(one, two):
        return nowhere
    order = np.argsort(theirs[two.states])
    there = theirs[two.states][order]
    place = np.minimum(np.searchsorted(there, mine[one.states]), max(len(there) - 1, 0))
    if not len(there):
        return nowhere
    found = np.where(there[place] == mine[one.states], order[place], -1)
    rows = np.maximum(found, 0)
    same = found >= 0
    for a, b in zip(one.movers, two.movers, strict=True):
        for name in ("available", "happens", "signal", "law"):
            same &= _equal_rows(getattr(a, name), getattr(b, name), rows)
    same &= _equal_rows(one.action_reward, two.action_reward, rows)
    J = one.joint_observables
    same &= _equal_rows(np.diff(one.first).reshape(-1, J), np.diff(two.first).reshape(-1, J), rows)
    return np.where(same, found, -1)


def _same_frame(one: Stage, two: Stage) -> bool:
    """Whether two stages have the same sides with the same labels and the same laws of types."""

    def facts(m: Mover) -> tuple[object, ...]:
        return m.player, m.actions, m.observables, m.signal is None, m.law is None

    if [facts(m) for m in one.movers] != [facts(m) for m in two.movers]:
        return False
    if (one.action_reward is None) != (two.action_reward is None):
        return False
    if (one.branch_law is None) != (two.branch_law is None) or (one.laws is None) != (two.laws is None):
        return False
    return one.laws is None or np.array_equal(one.laws, two.laws)  # type: ignore[arg-type]


def _equal_rows(one: np.ndarray | None, two: np.ndarray | None, rows: Ints) -> Bools:
    """(S,) where a row of the one equals the row of the other that is named."""
    if one is None or two is None:
        return np.ones(len(rows), dtype=bool)
    return _all(one == two[rows])


def _leading_alike(one: Stage, two: Stage, found: Ints, following: Ints | None) -> Ints:
    """`found` without the states that something different follows on; `following`: what matches at the next stage."""
    states = np.flatnonzero(found >= 0)
    owner, mine = one.branches(states)
    _, theirs = two.branches(found[states])  # as many of each, see `_alike`
    same = one.probability[mine] == two.probability[theirs]
    same &= _all(one.reward[mine] == two.reward[theirs])
    if one.branch_law is not None and two.branch_law is not None:
        same &= _all(one.branch_law[mine] == two.branch_law[theirs])
    target = one.target[mine]
    if following is not None:
        target = np.where(target >= 0, following[np.maximum(target, 0)], target)
        same &= (one.target[mine] < 0) | (target >= 0)
    same &= target == two.target[theirs]
    out = found.copy()
    out[states[np.bincount(owner[~same], minlength=len(states)) > 0]] = -1
    return out


def _all(equal: Bools) -> Bools:
    """(n,) where everything in a row holds."""
    return np.asarray(equal.all(axis=tuple(range(1, equal.ndim))), dtype=bool)
