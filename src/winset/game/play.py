"""Histories drawn at random from a game under a profile: the simplest reading of the rules, with types and all.

Nothing is merged, dropped or enumerated: each play holds its players' types, draws actions, signals, branches
and changes of type, and carries the public belief along by Bayes' rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.game.bayes import change_types, update
from winset.game.game import Floats, Game, Ints, Stage
from winset.game.solution import Respond


@dataclass(frozen=True, kw_only=True)
class Step:
    """What happened to n plays at one stage, and where they then stood.

    `state` (n,) before the stage (-1: over), `action` (n, movers), `observable`, `branch` (n,) (-1: over),
    `row` (n,) of `Game.states` and `types` (n, P) and `belief` (n, R) afterwards; `pay` (n, P) undiscounted."""

    stage: int
    round: int
    state: Ints
    action: Ints
    observable: Ints
    branch: Ints
    row: Ints
    types: Ints
    belief: Floats
    pay: Floats


@dataclass(frozen=True, kw_only=True)
class Plays:
    """n plays: their first types, states and every step; `payoff` (n, P) discounted to the start."""

    types: Ints
    row: Ints
    steps: tuple[Step, ...]
    payoff: Floats


def play(game: Game, respond: Respond, *, count: int, seed: int, rounds: int | None = None) -> Plays:
    """Draws plays from the start.

    Args:
        game: the game.
        respond: the strategies at (stage, states, beliefs).
        count: n, how many plays.
        seed: of the random numbers; the same seed gives the same plays.
        rounds: rounds to go on for; required in an infinite game.

    Raises:
        ValueError: an infinite game without `rounds`.
    """
    if game.infinite and rounds is None:
        raise ValueError("how many rounds? an infinite game has no end to run to")
    rng = np.random.default_rng(seed)
    types = np.stack([_pick(rng, np.tile(p.prior, (count, 1))) for p in game.players], axis=1)
    first = _pick(rng, np.tile([p for _, p in game.start], (count, 1)))
    state = np.array([s for s, _ in game.start], dtype=np.int64)[first]
    belief = np.tile(np.concatenate([p.prior for p in game.players]), (count, 1))
    row = game.stages[0].states[state]
    begun, first_row = types.copy(), row.copy()
    payoff, weight = np.zeros((count, len(game.players))), np.ones(len(game.players))
    steps: list[Step] = []
    index: int | None = 0
    number = game.stages[0].round
    while index is not None and (rounds is None or number <= rounds):
        step = _step(game, respond, rng, index, number, state, row, types, belief)
        payoff += weight * step.pay
        stage = game.stages[index]
        weight = weight * stage.discount
        steps.append(step)
        state = np.where(step.branch >= 0, stage.target[np.maximum(step.branch, 0)], -1)
        row, types, belief = step.row, step.types, step.belief
        following = game.next_stage(index)
        if following is not None and (following <= index or game.stages[following].round != stage.round):
            number += 1
        index = following
    return Plays(types=begun, row=first_row, steps=tuple(steps), payoff=payoff)


def _pick(rng: np.random.Generator, weights: Floats) -> Ints:
    """(n,) one draw from each row of (n, M) probabilities."""
    total = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights))[:, None] * total[:, -1:]
    return np.asarray(np.minimum((total <= drawn).sum(axis=1), weights.shape[1] - 1), dtype=np.int64)


def _step(
    game: Game,
    respond: Respond,
    rng: np.random.Generator,
    index: int,
    number: int,
    state: Ints,
    row: Ints,
    types: Ints,
    belief: Floats,
) -> Step:
    stage = game.stages[index]
    live = np.flatnonzero(state >= 0)
    n, s, b, now = len(state), state[live], belief[live], types[live]
    strategies = respond(index, s, b).strategies if stage.movers and len(live) else ()
    actions, seen, after = _choose(stage, rng, s, now, strategies)
    observable = np.ravel_multi_index(seen, [len(m.observables) for m in stage.movers]) if seen else np.zeros_like(s)
    branch = _branch(stage, rng, s, observable)
    pay = np.zeros((n, len(game.players)))
    joint = np.ravel_multi_index(tuple(now.T), game.type_counts) if len(game.players) else np.zeros_like(s)
    pay[live] = stage.reward[branch, :, joint]
    if stage.action_reward is not None:
        c = np.ravel_multi_index(actions, [len(m.actions) for m in stage.movers])
        pay[live] += stage.action_reward[s, c, :, joint]
    if stage.branch_law is not None and stage.laws is not None:
        for p in range(len(game.players)):
            after[:, p] = _turn(rng, stage.laws, stage.branch_law[branch, p], after[:, p], game.type_counts[p])
    new_belief = belief.copy()
    if len(live):
        moved = update(game, stage, s, b, strategies).posterior(np.arange(len(live)), observable)
        new_belief[live] = change_types(game, stage, branch, moved)
    new_row, new_types = row.copy(), types.copy()
    new_row[live], new_types[live] = stage.landing[branch], after
    full = np.full((n, len(actions)), -1, dtype=np.int64)
    if actions:
        full[live] = np.stack(actions, axis=1)
    everything = np.full((2, n), -1, dtype=np.int64)
    everything[:, live] = observable, branch
    return Step(
        stage=index, round=number, state=state, action=full, observable=everything[0], branch=everything[1],
        row=new_row, types=new_types, belief=new_belief, pay=pay,
    )  # fmt: skip


def _choose(
    stage: Stage, rng: np.random.Generator, s: Ints, now: Ints, strategies: tuple[Floats, ...]
) -> tuple[tuple[Ints, ...], tuple[Ints, ...], Ints]:
    """Each mover's action and observable, and everyone's types after the movers' laws."""
    actions, seen, after = [], [], now.copy()
    rows = np.arange(len(s))
    for mover, strategy in zip(stage.movers, strategies, strict=bool(len(s))):
        own = now[:, mover.player]
        a = _pick(rng, strategy[rows, own])
        actions.append(a)
        seen.append(a if mover.signal is None else _pick(rng, mover.signal[s, a, own]))
        if mover.law is not None and stage.laws is not None:
            after[:, mover.player] = _turn(rng, stage.laws, mover.law[s, a], own, stage.laws.shape[1])
    return tuple(actions), tuple(seen), after


def _branch(stage: Stage, rng: np.random.Generator, s: Ints, observable: Ints) -> Ints:
    cell = s * stage.joint_observables + observable
    total = np.concatenate([[0.0], np.cumsum(stage.probability)])
    begin, end = stage.first[cell], stage.first[cell + 1]
    drawn = total[begin] + rng.random(len(s)) * (total[end] - total[begin])
    return np.asarray(np.clip(np.searchsorted(total, drawn, side="right") - 1, begin, end - 1), dtype=np.int64)


def _turn(rng: np.random.Generator, laws: Floats, law: Ints, types: Ints, count: int) -> Ints:
    """Types after a change by numbered laws, -1 for none."""
    mats = np.concatenate([laws, np.eye(laws.shape[1])[None]])
    return _pick(rng, mats[law, types][:, :count])


__all__ = ["Plays", "Step", "play"]
