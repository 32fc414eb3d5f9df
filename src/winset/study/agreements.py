"""What the agreements on the table are worth to each player and type, under the equilibrium.

An agreement is told by the public state right after it. It is valued where it is first signed: at the earliest move
that leads straight into that state. Its worth is what is paid on the way in, and the expected discounted payoff from
the next move on; walking away is the same place without it. Beliefs are those of the start: what the signing itself
would tell about types is left out, so that all agreements are compared alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from winset.game.game import Floats, Game, Ints, Stage
from winset.language.scenario import Agreement
from winset.study.agreeing import agreeing, paid_on, worth_after, worth_at, worth_without
from winset.study.bargaining import nash, pareto, zone
from winset.study.figure_data import AgreementData, BargainingData, PairData
from winset.study.solved import Solved

MOST_PAIRS = 16
"""Combinations of types that are told."""


def bargaining(solved: Solved, dates: list[str]) -> BargainingData | None:
    """The agreements of a solved scenario; None where it names none.

    Args:
        solved: the scenario, in one equilibrium.
        dates: labels of the rounds over which their worth is followed.
    """
    game = solved.game
    named = game.scenario.agreements
    if len(named) < 2:
        return None
    rows = [_row(game, one) for one in named]
    signings = _signings(solved, rows)
    found = [_told(solved, named, rows, signings, i, dates) for i in range(len(named))]
    return BargainingData(agreements=found, pairs=_pairs(game, found))


@dataclass(frozen=True, kw_only=True)
class _Signing:
    """An agreement signed at a stage: (R,) gain beyond walking away, (ways, R) what each way in pays."""

    stage: int
    gain: Floats
    paid: Floats


def _row(game: Game, agreement: Agreement) -> int | None:
    """The row of `Game.states` that is like the likeliest start but for what is agreed; None where there is none."""
    start = max(game.start, key=lambda pair: pair[1])[0]
    row = game.states[game.stages[0].states[start]].copy()
    for name, value in agreement.state:
        column = [n for n, _ in game.variables].index(name)
        row[column] = list(game.variables[column][1]).index(value)
    hits = np.nonzero((game.states == row).all(axis=1))[0]
    return int(hits[0]) if len(hits) else None


def _signings(solved: Solved, rows: list[int | None]) -> dict[int, list[_Signing]]:
    """Every stage at which an agreement can be signed, by agreement, in order; the first agreement is walking away.

    An agreement is signed on a branch that lands in its row from another row, where the walk-away can stand too.
    """
    game, out = solved.game, dict[int, list[_Signing]]()
    away = rows[0]
    if away is None:
        return out
    for index, stage in enumerate(game.stages):
        ways = {i: _ways(stage, row) for i, row in enumerate(rows) if i and row is not None}
        ways = {i: into for i, into in ways.items() if len(into)}
        without = worth_without(solved, index, away) if ways else None
        if without is None:
            continue
        for i, into in ways.items():
            paid = np.array([paid_on(game, stage, int(b)) for b in into])
            follows = worth_after(solved, index, int(stage.target[into[0]]))
            gain = paid.mean(axis=0) + follows - without
            out.setdefault(i, []).append(_Signing(stage=index, gain=gain, paid=paid))
    return out


def _ways(stage: Stage, row: int) -> Ints:
    """The branches into a row from other rows."""
    into = np.nonzero(stage.landing == row)[0]
    source = (np.searchsorted(stage.first, into, side="right") - 1) // stage.joint_observables
    return np.asarray(into[stage.states[source] != row], dtype=np.int64)


def _told(
    solved: Solved,
    named: tuple[Agreement, ...],
    rows: list[int | None],
    signings: dict[int, list[_Signing]],
    which: int,
    dates: list[str],
) -> AgreementData:
    """One agreement as data."""
    game, row, away = solved.game, rows[which], rows[0]
    out = AgreementData(
        name=named[which].name, state=dict(named[which].state), round="", move="", gain=_empty(game), paid={},
        by_date={}, agreeing=[], told="", why="",
    )  # fmt: skip
    if row is None or away is None:
        what = "this state" if row is None else "the walk-away"
        out["why"] = f"the game never comes to {what} with all else as at the start"
        return out
    if which == 0:
        out["gain"] = _by_type(game, np.zeros(game.rows))
        return out
    if which not in signings:
        return _standing(solved, out, row, away)
    first = signings[which][0]
    stage = game.stages[first.stage]
    same = [s for s in signings[which] if game.stages[s.stage].move == stage.move]
    out["round"], out["move"] = _label(game, stage), stage.move
    out["gain"] = _by_type(game, first.gain)
    out["paid"] = _by_type(game, first.paid.mean(axis=0))
    if len(same) > 1 and not game.infinite:
        out["by_date"] = _series(game, {_label(game, game.stages[s.stage]): s.gain for s in same}, dates)
    out["agreeing"] = agreeing(solved, first.stage, row, away)
    if stage.action_reward is not None:
        out["why"] = "what the hidden action pays is not in it"
    elif float(np.ptp(first.paid, axis=0).max(initial=0.0)) > 1e-9:
        out["why"] = f"what signing pays differs over {len(first.paid)} ways in; their mean is taken"
    return out


def _label(game: Game, stage: Stage) -> str:
    return game.dates[min(stage.round, len(game.dates)) - 1]


def _series(game: Game, gains: dict[str, Floats], dates: list[str]) -> dict[str, dict[str, list[float | None]]]:
    """Gains by date of signing; None where it cannot be signed then."""
    start = game.row_start
    return {
        p.name: {
            kind: [round(float(gains[d][start[i] + k]), 10) if d in gains else None for d in dates]
            for k, kind in enumerate(p.types)
        }
        for i, p in enumerate(game.players)
    }


def _standing(solved: Solved, out: AgreementData, row: int, away: int) -> AgreementData:
    """An agreement that no single move brings about: valued as it stands, where both it and the walk-away can."""
    game = solved.game
    for index, stage in enumerate(game.stages):
        spots = [np.nonzero(stage.states == wanted)[0] for wanted in (row, away)]
        if all(len(s) for s in spots):
            there, without = (worth_at(solved, index, int(s[0])) for s in spots)
            out["gain"] = _by_type(game, there - without)
            where = f"valued as it stands in round {_label(game, stage)}, without what signing pays"
            out["why"] = f"no single move leads here; {where}"
            return out
    out["why"] = "this state and the walk-away are never possible at the same time"
    return out


def _by_type(game: Game, rows: Floats) -> dict[str, dict[str, float]]:
    start = game.row_start
    return {
        p.name: {kind: round(float(rows[start[i] + k]), 10) for k, kind in enumerate(p.types)}
        for i, p in enumerate(game.players)
    }


def _empty(game: Game) -> dict[str, dict[str, float | None]]:
    return {p.name: dict.fromkeys(p.types) for p in game.players}


def _pairs(game: Game, agreements: list[AgreementData]) -> list[PairData]:
    """For each combination of types what is possible, the likeliest first."""
    out = []
    known = [a for a in agreements if all(v is not None for own in a["gain"].values() for v in own.values())]
    for kinds in product(*(range(len(p.types)) for p in game.players)):
        types = {p.name: p.types[k] for p, k in zip(game.players, kinds, strict=True)}
        chance = float(np.prod([p.prior[k] for p, k in zip(game.players, kinds, strict=True)]))
        gains = np.array([[a["gain"][name][kind] for name, kind in types.items()] for a in known], dtype=float)
        if not len(gains):
            continue
        best = nash(gains)
        efficient = pareto(gains)
        out.append(
            PairData(
                types=types,
                probability=round(chance, 10),
                zone=[known[a]["name"] for a in zone(gains)],
                pareto=[a["name"] for a, is_best in zip(known, efficient, strict=True) if is_best],
                nash="" if best is None else known[best]["name"],
            )
        )
    return sorted(out, key=lambda pair: -pair["probability"])[:MOST_PAIRS]
