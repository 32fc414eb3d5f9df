"""Who gains from delay: the same position some rounds later, against now.

A delay of k rounds is a thought experiment that any scenario allows: for k rounds nobody moves, chance draws nothing,
the public state and the beliefs stay as they are at the start, and only the payoffs of each round are paid; then the
game goes on as solved, k rounds later. It is a standstill, not stalling: neither side can use the time. With V(t) the
value of a type at the start state and the prior in round t, u(t) what round t pays there, and δ the discount factor,
the gain is

    u(1) + δ u(2) + ... + δ^(k-1) u(k) + δ^k V(1 + k) - V(1).

V(1 + k) is what the formula `value(player is type) from (round = 1 + k)` answers. In a stationary game without payoffs
by the round it is (δ^k - 1) V: waiting is pure loss (Rubinstein 1982). Deadlines, elections and the end of the game
make it more than that. A game that never stands at the start state in a later round has no such number, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.base import words
from winset.game.game import Floats
from winset.language.clock import label
from winset.study.conditions import evaluate
from winset.study.history import placed
from winset.study.mind_data import DelayData, DelayRow
from winset.study.solved import Solved

LENGTHS = ((12, (1, 3, 6, 12)), (6, (1, 2, 3, 6)), (3, (1, 2, 3)), (2, (1, 2)), (1, (1,)))
"""Which delays are told: the first row whose number of rounds still leaves one to play."""
_TINY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What delays are worth in one solution.

    Attributes:
        lengths: of the delays, in rounds.
        gains: (R, K) gain of each value row by each delay, nan where the game never stands so.
        now: (R,) values without a delay.
    """

    lengths: tuple[int, ...]
    gains: Floats
    now: Floats


def waits(solved: Solved) -> Waits | None:
    """What delays are worth; None where there is no later round, or nobody who lives to see it, or somebody errs about
    the game: what is played there is not the solution's."""
    game = solved.game
    last = 10**9 if game.infinite else game.stages[-1].round
    lengths = next((some for least, some in LENGTHS if least < last), ())
    if solved.course.perceived or not lengths or not any(p.discount > 0 for p in game.players):
        return None
    gains, now = _gains(solved, lengths)
    return Waits(lengths=lengths, gains=gains, now=now)


def delay(solved: Solved, rough: Waits | None = None) -> DelayData | None:
    """What delays are worth to each player and type.

    Args:
        solved: the base.
        rough: the same on another belief grid, to see how far the gains move.

    Returns:
        None where `waits` has nothing to say.
    """
    found = waits(solved)
    if found is None:
        return None
    game, lengths, gains, now = solved.game, found.lengths, found.gains, found.now
    kept = [i for i, p in enumerate(game.players) if p.discount > 0]
    other = gains if rough is None else rough.gains
    rows = []
    for i in kept:
        player = game.players[i]
        at = game.row_start[i]
        whole = player.prior[:, None]
        mean, moved = (np.sum(whole * g[at : at + len(player.types)], axis=0) for g in (gains, other))
        first = float(player.prior @ now[at : at + len(player.types)])
        rows.append(_row(player.name, "", first, mean, moved))
        if len(player.types) > 1:
            rows += [
                _row(player.name, kind, float(now[at + k]), gains[at + k], other[at + k])
                for k, kind in enumerate(player.types)
            ]
    clock = game.scenario.clock
    unit = clock.unit or "round"
    never = [k for n, k in enumerate(lengths) if np.isnan(gains[:, n]).all()]
    told = [words.plural(k, unit) for k in never]
    missing = f"the game never stands as at the start {words.listing(told)} later" if never else ""
    return DelayData(
        rounds=list(lengths), dates=[label(clock, 1 + k) for k in lengths],
        lengths=[words.plural(k, unit) for k in lengths], rows=rows, told=_told(rows, lengths, unit, missing),
        missing=missing,
    )  # fmt: skip


def _row(player: str, kind: str, now: float, gains: Floats, other: Floats) -> DelayRow:
    known = [None if np.isnan(g) else round(float(g), 12) for g in gains]
    errors = [
        None if np.isnan(g) or np.isnan(o) else round(abs(float(g - o)), 12) for g, o in zip(gains, other, strict=True)
    ]
    return DelayRow(player=player, type=kind, now=now, gains=known, errors=errors)


def _gains(solved: Solved, lengths: tuple[int, ...]) -> tuple[Floats, Floats]:
    """(R, K) gain of each value row by each delay, nan where the game never stands so; (R,) values now."""
    game = solved.game
    factor = np.repeat([p.discount for p in game.players], game.type_counts)
    now = _value(solved, 1)
    assert now is not None
    out = np.full((game.rows, len(lengths)), np.nan)
    paid = np.zeros(game.rows)
    for k in range(1, lengths[-1] + 1):
        paid = paid + factor ** (k - 1) * _paid(solved, k)
        if k in lengths:
            later = _value(solved, 1 + k)
            if later is not None:
                out[:, lengths.index(k)] = paid + factor**k * later - now
    return out, now


def _start(solved: Solved) -> tuple[tuple[int, ...], Floats, Floats]:
    """Rows of `Game.states` at the start with their weights, and the prior over all value rows."""
    game = solved.game
    rows = tuple(int(game.stages[0].states[s]) for s, _ in game.start)
    weights = np.array([w for _, w in game.start])
    return rows, weights, np.concatenate([p.prior for p in game.players])


def _value(solved: Solved, number: int) -> Floats | None:
    """(R,) value of each type at the start state and the prior in a round; None where the game never stands so."""
    rows, weights, prior = _start(solved)
    place = placed(solved.game, round_=number, states=rows, weights=weights, belief=prior)
    if place is None or place.nodes is None:
        return None
    nodes = place.nodes
    values = solved.solution.respond(nodes.stage, nodes.state, nodes.belief).values
    return np.asarray(weights @ values / weights.sum())


def _paid(solved: Solved, number: int) -> Floats:
    """(R,) what a round pays to each type at the start state, others' types as the prior has them."""
    game, language = solved.game, solved.language
    rows, weights, _ = _start(solved)
    scope = language.scope(number, {})
    out = np.zeros(game.rows)
    names = [p.name for p in game.players]
    for pay in game.scenario.each_round:
        amount = np.asarray(evaluate(pay.amount, scope), dtype=float)
        joint = int(np.prod(game.type_counts))
        wide = np.broadcast_to(amount, np.broadcast_shapes(amount.shape, (len(game.states), joint)))
        mean = (weights @ wide[list(rows)] / weights.sum()).reshape(game.type_counts)
        i = names.index(pay.player)
        others = tuple(a for a in range(len(names)) if a != i)
        for a in others:
            mean = mean * game.players[a].prior.reshape([-1 if b == a else 1 for b in range(len(names))])
        at = game.row_start[i]
        out[at : at + game.type_counts[i]] += mean.sum(axis=others)
    return out


def _told(rows: list[DelayRow], lengths: tuple[int, ...], unit: str, missing: str) -> str:
    """`Who gains from delay: were everything to stand still for 3 months, A would gain (0.02) and B …`"""
    said = []
    known = [n for n in range(len(lengths)) if rows[0]["gains"][n] is not None]
    if not known:
        return f"Who gains from delay cannot be said: {missing}."
    n = known[len(known) // 2]
    for row in rows:
        gain, error = row["gains"][n], row["errors"][n]
        if row["type"] or gain is None:
            continue
        verb = "gain" if gain > 0 else "lose"
        if abs(gain) <= max(error or 0.0, _TINY):
            verb = "neither gain nor lose beyond numerical error"
        amount = words.figure(float(f"{abs(gain):.2g}"))
        said.append(f"{words.capital(words.human(row['player']))} would {verb} ({amount})")
    still = words.plural(lengths[n], unit)
    return f"Who gains from delay: were everything to stand still for {still}, {words.listing(said)}."
