"""What the agreements on the table are worth to each player and type, under the equilibrium.

An agreement is told by the public state right after it. It is valued where it is first signed: at the earliest move
that leads straight into that state. Its worth is what is paid on the way in, and the expected discounted payoff from
the next move on; walking away is the same place without it. Beliefs are those of the start: what the signing itself
would tell about types is left out, so that all agreements are compared alike.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from winset.game.game import Floats, Game, Ints, Stage
from winset.language.scenario import Agreement
from winset.study.bargaining import nash, pareto, zone
from winset.study.figure_data import AgreementData, BargainingData, PairData
from winset.study.solved import Solved

MOST_PAIRS = 16
"""Combinations of types that are told."""


def bargaining(solved: Solved) -> BargainingData | None:
    """The agreements of a solved scenario; None where it names none."""
    named = solved.game.scenario.agreements
    if len(named) < 2:
        return None
    found = [_valued(solved, named[0], one) for one in named]
    return BargainingData(agreements=found, pairs=_pairs(solved.game, found))


def _row(game: Game, agreement: Agreement) -> int | None:
    """The row of `Game.states` that is like the likeliest start but for what is agreed; None where there is none."""
    start = max(game.start, key=lambda pair: pair[1])[0]
    row = game.states[game.stages[0].states[start]].copy()
    for name, value in agreement.state:
        column = [n for n, _ in game.variables].index(name)
        row[column] = list(game.variables[column][1]).index(value)
    hits = np.nonzero((game.states == row).all(axis=1))[0]
    return int(hits[0]) if len(hits) else None


def _valued(solved: Solved, none: Agreement, agreement: Agreement) -> AgreementData:
    game = solved.game
    out = AgreementData(
        name=agreement.name, state=dict(agreement.state), round="", move="", gain=_empty(game), paid={}, why=""
    )
    row, away = _row(game, agreement), _row(game, none)
    if agreement is none:
        out["gain"] = _by_type(game, np.zeros(game.rows)) if away is not None else out["gain"]
        out["why"] = "" if away is not None else "the game never comes to this state"
        return out
    if row is None or away is None:
        out["why"] = "the game never comes to this state" if row is None else "the game never comes to the walk-away"
        return out
    signed = _signed(game, row)
    if signed is None:
        return _standing(solved, out, row, away)
    index, branches = signed
    stage = game.stages[index]
    without = _after(solved, index, away)
    if without is None:
        out["why"] = f"after the move {stage.move} the walk-away cannot stand"
        return out
    paid = np.array([_paid(game, stage, int(b)) for b in branches])
    follows = _continued(solved, index, int(stage.target[branches[0]]))
    out["round"], out["move"] = game.dates[min(stage.round, len(game.dates)) - 1], stage.move
    out["gain"] = _by_type(game, paid.mean(axis=0) + follows - without)
    out["paid"] = _by_type(game, paid.mean(axis=0))  # type: ignore[assignment]
    if stage.action_reward is not None:
        out["why"] = "what the hidden action pays is not in it"
    elif float(np.ptp(paid, axis=0).max(initial=0.0)) > 1e-9:
        out["why"] = f"what signing pays differs over {len(branches)} ways in; their mean is taken"
    return out


def _signed(game: Game, row: int) -> tuple[int, Ints] | None:
    """The earliest stage with branches into a row from other rows, and these branches."""
    for index, stage in enumerate(game.stages):
        into = np.nonzero(stage.landing == row)[0]
        source = (np.searchsorted(stage.first, into, side="right") - 1) // stage.joint_observables
        into = into[stage.states[source] != row]
        if len(into):
            return index, into
    return None


def _paid(game: Game, stage: Stage, branch: int) -> Floats:
    """(R,) what a branch pays each (player, type), averaged over the others' types at the prior."""
    shape = game.type_counts
    out = []
    for i, _ in enumerate(game.players):
        table = stage.reward[branch, i].reshape(shape)
        for other in reversed(range(len(shape))):
            if other != i:
                table = np.tensordot(table, game.players[other].prior, axes=([other], [0]))
        out.append(table)
    return np.concatenate(out)


def _after(solved: Solved, index: int, row: int) -> Floats | None:
    """(R,) values right after a stage at a row; None where the game cannot stand there then."""
    following = solved.game.next_stage(index)
    if following is None:
        return np.zeros(solved.game.rows)
    spots = np.nonzero(solved.game.stages[following].states == row)[0]
    return _continued(solved, index, int(spots[0])) if len(spots) else None


def _continued(solved: Solved, index: int, target: int) -> Floats:
    """(R,) discounted values of the next stage at one of its states; zero where the game is over."""
    game = solved.game
    following = game.next_stage(index)
    if target < 0 or following is None:
        return np.zeros(game.rows)
    return _worth(solved, following, target) * np.repeat(game.stages[index].discount, game.type_counts)


def _worth(solved: Solved, index: int, state: int) -> Floats:
    belief = np.concatenate([p.prior for p in solved.game.players])[None]
    values = solved.solution.respond(index, np.array([state]), belief).values[0]
    return np.asarray(values, dtype=np.float64)


def _standing(solved: Solved, out: AgreementData, row: int, away: int) -> AgreementData:
    """An agreement that no single move brings about: valued as it stands, where both it and the walk-away can."""
    game = solved.game
    for index, stage in enumerate(game.stages):
        spots = [np.nonzero(stage.states == wanted)[0] for wanted in (row, away)]
        if all(len(s) for s in spots):
            there, without = (_worth(solved, index, int(s[0])) for s in spots)
            label = game.dates[min(stage.round, len(game.dates)) - 1]
            out["gain"] = _by_type(game, there - without)
            out["why"] = f"no single move leads here; valued as it stands in round {label}, without what signing pays"
            return out
    out["why"] = "this state and the walk-away are never possible at the same time"
    return out


def _by_type(game: Game, rows: Floats) -> dict[str, dict[str, float | None]]:
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
