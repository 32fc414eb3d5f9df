"""The form of a game, read off its scenario: who, in which order, what is hidden, when it ends."""

from __future__ import annotations

from winset.game.game import Game
from winset.language.clock import label, parse_date, round_of
from winset.language.printing import show
from winset.language.scenario import Move, Pay, Scenario
from winset.learn.observe import observe
from winset.study.figure_data import ActorData, MoveData, RecordData, ShapeData, SideData


def shape(game: Game) -> ShapeData:
    """The form of the compiled game's scenario, with the priors in force."""
    scenario = game.scenario
    rounds = scenario.clock.rounds
    abouts = {p.name: p.about for p in scenario.players}
    return ShapeData(
        players=[
            ActorData(
                name=p.name,
                about=abouts.get(p.name, ""),
                types={kind: round(float(p.prior[k]), 10) for k, kind in enumerate(p.types)},
            )  # fmt: skip
            for p in game.players
        ],
        moves=[_move(move) for move in scenario.round],
        paid=_parts(scenario.each_round),
        last=_parts(scenario.at_end),
        ends=show(scenario.ends_when) if scenario.ends_when is not None else "",
        rounds=rounds,
        unit=scenario.clock.unit,
        first=game.dates[0] if rounds is not None and game.dates else "",
        final=game.dates[-1] if rounds is not None and game.dates else "",
    )


def _move(move: Move) -> MoveData:
    followed = [a.effect for side in move.sides for a in side.actions]
    followed += [s.effect for side in move.sides for s in side.signals]
    draws = [o.name for effect in followed for o in effect.chance]
    draws += [o.name for case in move.cases for o in case.effect.chance]
    return MoveData(
        name=move.name,
        by="chance" if move.kind == "chance" else "players",
        condition=show(move.condition) if move.condition is not None else "",
        sides=[
            SideData(player=s.player, actions=[a.name for a in s.actions], seen=[o.name for o in s.signals])
            for s in move.sides
        ],
        outcomes=[o.name for o in move.outcomes],
        draws=list(dict.fromkeys(draws)),
    )


def _parts(pays: tuple[Pay, ...]) -> dict[str, list[str]]:
    """What is paid to each player, by the parts' labels; a payment without label has none to show."""
    out: dict[str, list[str]] = {}
    for pay in pays:
        labels = out.setdefault(pay.player, [])
        if pay.label and pay.label not in labels:
            labels.append(pay.label)
    return out


def record_rows(scenario: Scenario, dates: list[str]) -> list[RecordData]:
    """What the record says in the rounds with these labels, by day: the scenario's own rows, and of each round and
    move the first row of its files that stands for an act."""
    clock = scenario.clock
    if clock.start is None:
        return []
    rows = [(r.date.isoformat(), r.player, r.action, r.source, r.note) for r in scenario.record]
    for sighting in observe(scenario).sightings if scenario.observed.moves else ():
        found = [r for r in sighting.reports if r.act == sighting.says and r.table]
        rows += [(r.date, r.player, r.act, r.source, r.text) for r in found[:1]]
    out = []
    for date, player, action, source, note in sorted(rows):
        number = round_of(clock, parse_date(date))
        if number >= 1 and label(clock, number) in dates:
            out.append(
                RecordData(
                    date=date, round=label(clock, number), by=player, action=action, source=source, note=note
                )  # fmt: skip
            )
    return out
