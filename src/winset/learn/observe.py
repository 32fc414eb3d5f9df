"""From dated rows to sightings: what the record says of each side at each move, and how probable that is.

The section `observed` of a scenario says which rows stand for which acts; the scenario's own `record` counts beside it.
Nothing numeric is loaded, so that `winset check` can say how far the record reaches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from winset.language.acts import CHANCE, Act
from winset.language.clock import label, parse_date, round_of
from winset.language.lexer import problem, shown
from winset.language.read_rest import MOST_ROUNDS
from winset.language.scenario import Clock, Scenario
from winset.language.variants import apply
from winset.learn.reading import Reading, last_day, last_of, rows_until
from winset.learn.sighting import Chances, Observations, Report, Sighting
from winset.learn.watching import Watched, WatchedMove, watched


def observe(
    scenario: Scenario, *, until: str | None = None, variant: str = "", unchecked: bool = True,
    values: Mapping[str, float] | None = None,
) -> Observations:  # fmt: skip
    """What the record says up to a day.

    In each round and at each move, of the acts of one side that have rows the first listed counts. A round without
    rows is evidence only where `silence` names what was then done, and only once the round is over and its rows are
    known. Rows that are dated, or known, after the day have no effect at all.

    Args:
        until: the last day, such as 2019-10-09; a month or a year stands for its last day. None: the day of the last
            row that there is.
        variant: the variant whose dates and parameters are in force.
        unchecked: False leaves out the rows whose sources the scenario calls unchecked.
        values: parameters with other values than the variant's, by name; chances written in place have the name of
            their path, such as `observed.reply.mistaken`.

    Raises:
        ScenarioError: T701 `until` is no day; T702 the clock has no calendar; N110 there is no such variant; N115 no
            such parameter; P403 a chance lies outside 0 to 1 with these values.
    """
    return observed(scenario, until=until, variant=variant, unchecked=unchecked, values=values)[0]


def observed(
    scenario: Scenario, *, until: str | None = None, variant: str = "", unchecked: bool = True,
    values: Mapping[str, float] | None = None,
) -> tuple[Observations, Reading]:  # fmt: skip
    """The same, and what became of every row."""
    changed = apply(scenario, variant)
    clock = changed.clock
    if clock.start is None:
        raise problem("T702", "a record is dated, and the clock has no calendar", clock.where)
    day = _day(clock, until) if until is not None else last_day(scenario) or _before(clock.start)
    watch = watched(scenario, changed, values)
    scenario = replace(scenario, clock=clock)  # the rounds are those of the variant
    reading = rows_until(scenario, watch.moves, day, unchecked_too=unchecked and watch.trust > 0)
    last = max(0, min(round_of(clock, day), clock.rounds or MOST_ROUNDS))
    sightings = tuple(
        sighting
        for n in range(1, last + 1)
        for move in watch.moves
        for sighting in _at(scenario, move, n, reading, watch.trust)
    )
    over = last > 0 and last_of(scenario, last) <= day
    return Observations(
        until=day.isoformat(), last_round=last, over=over, sightings=sightings, unused=reading.unused
    ), reading  # fmt: skip


def _day(clock: Clock, text: str) -> dt.date:
    """The day that a text or a named date means."""
    named = dict(clock.dates)
    if text in named:
        return named[text]
    try:
        return parse_date(text, last=True)
    except ValueError:
        fix = "Write a day such as 2019-10-09, or a month such as 2019-10 for its last day."
        raise problem("T701", f"`until` must be a date, not `{shown(text)}`", fix=fix) from None


def _before(day: dt.date) -> dt.date:
    return dt.date.fromordinal(max(1, day.toordinal() - 1))


def _at(scenario: Scenario, move: WatchedMove, number: int, reading: Reading, right: float) -> list[Sighting]:
    """The sightings of one round at one move: one of each side of which something is said."""
    taken = reading.taken.get((number, move.move.name), {})
    said: dict[str, list[tuple[Act, bool]]] = {player: [] for player in move.sides}
    others = sorted((act for act in taken if act not in move.order), key=lambda act: _begun(taken[act]))
    for act in (act for act in (*move.order, *others) if act in taken):
        against = _against(move, act, said, right)
        if against is not None:
            _passed(taken[act], against, label(scenario.clock, number), reading)
            continue
        said[act.player].append((act, any(report.checked for report in taken[act])))
        for report in taken[act]:
            reading.rows[report.table, report.row].settle("counted")
    drawn = {act for said_by in said.values() for act, _ in said_by if act.player == CHANCE}
    spoken = {act.player for one in drawn for act in move.after.get(one.name) or ()}  # it tells of what led to it
    return [
        _sighting(side, number, said[player], taken, right)
        for player, side in move.sides.items()
        if said[player]
        or (side.silent and side.acts and player not in spoken and _silence_known(scenario, number, side, reading))
    ]


def _against(
    move: WatchedMove, act: Act, said: dict[str, list[tuple[Act, bool]]], right: float
) -> Act | None:  # fmt: skip
    """The act that counts in place of this one, if any.

    After an act that rests on unchecked rows alone the next one counts too, in case these are wrong.
    """
    for player, earlier in said.items():
        if player == act.player and earlier and (right >= 1 or any(checked for _, checked in earlier)):
            return earlier[0][0]
        if player != act.player and earlier and not move.together(earlier[0][0], act):
            return earlier[0][0]
    return None


def _begun(reports: list[Report]) -> tuple[str, int]:
    return min((report.date, report.row) for report in reports)


def _passed(reports: list[Report], against: Act, when: str, reading: Reading) -> None:
    """Rows of an act that does not count, since another of the same round does."""
    for report in reports:
        why = f"in {when} `{against.name}` counts at `{report.move}`, not `{report.act}`"
        reading.rows[report.table, report.row].settle("behind", why)


def _silence_known(scenario: Scenario, number: int, side: Watched, reading: Reading) -> bool:
    """Whether a round is over, and its rows would be known."""
    return last_of(scenario, number).toordinal() + side.delay <= reading.until.toordinal()


def _sighting(
    side: Watched, number: int, said: list[tuple[Act, bool]], taken: dict[Act, list[Report]], right: float
) -> Sighting:  # fmt: skip
    """What the record says of one side, with its probability under everything that may have been done."""
    known = list(dict.fromkeys([*(name for name, _ in side.acts), *(act.name for act, _ in said)]))
    words = [(act.name, checked) for act, checked in said]
    likelihood = {
        label: side.weighed(words, right, name, known)
        for name in known
        for label in side.labels[name]
    }  # fmt: skip
    otherwise = side.weighed(words, right, "", known)
    reports: list[Report] = []
    for act, _ in said:
        reports += sorted(taken[act], key=lambda r: (not r.checked, r.date, r.table, r.row))
    return Sighting(
        round=number, move=side.move, player=side.player, says=words[0][0] if words else "", reports=tuple(reports),
        likelihood=likelihood, otherwise=otherwise, absent=otherwise,
        might=_might(side, known) if side.acts else {},
    )  # fmt: skip


def _might(side: Watched, known: list[str]) -> dict[str, Chances]:
    """What may stand in the record of this side; silence only where it says something."""
    found: dict[str, Chances] = {}
    for says in [*known, ""] if side.silent else known:
        nothing = side.chance(says, "", known)
        likelihood = {label: side.chance(says, name, known) for name in known for label in side.labels[name]}
        found[says] = Chances(likelihood=likelihood, otherwise=nothing, absent=nothing)
    return found
