"""From dated rows to sightings: what the record says of each side at each move, and how probable that is.

The section `observed` of a scenario says which rows stand for which acts; the scenario's own `record` counts beside it.
Nothing numeric is loaded, so that `winset check` can say how far the record reaches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from winset.language.acts import CHANCE, Act, acts_of
from winset.language.clock import label, parse_date, round_of
from winset.language.lexer import problem, shown
from winset.language.read_rest import MOST_ROUNDS
from winset.language.scenario import Clock, Scenario
from winset.language.variants import apply
from winset.learn.reading import Reading, last_day, last_of, rows_until
from winset.learn.sighting import Chances, Observations, Report, Sighting
from winset.learn.watching import Watch, Watched, WatchedMove, watched


def observe(
    scenario: Scenario, *, until: str | None = None, variant: str = "", unchecked: bool = True,
    values: Mapping[str, float] | None = None,
) -> Observations:  # fmt: skip
    """What the record says up to a day.

    In each round and at each move, of the acts of one side that have rows the first listed counts; acts that no rule
    lists come after these, in the order of their declaration. A round without rows is evidence only where `silence`
    names what was then done, and only once the round is over and its rows are known. Rows that are dated, or known,
    after the day have no effect at all.

    Args:
        until: the last day, such as 2019-10-09; a month or a year stands for its last day. None: the day on which the
            last row that there is has become known.
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
    watch = watched(scenario, changed, values)
    day = _day(clock, until) if until is not None else _whole(last_day(scenario), watch) or _before(clock.start)
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


def _whole(last: dt.date | None, watch: Watch) -> dt.date | None:
    """The day on which a row of the last day is known, however late that is."""
    if last is None:
        return None
    late = max((side.delay for move in watch.moves for side in move.sides.values()), default=0)
    return dt.date.fromordinal(min(last.toordinal() + late, dt.date.max.toordinal()))


def _before(day: dt.date) -> dt.date:
    return dt.date.fromordinal(max(1, day.toordinal() - 1))


def _at(scenario: Scenario, move: WatchedMove, number: int, reading: Reading, trust: float) -> list[Sighting]:
    """The sightings of one round at one move: one of each side of which something is said."""
    taken = reading.taken.get((number, move.move.name), {})
    said: dict[str, list[tuple[Act, bool]]] = {player: [] for player in move.sides}
    place = {act: i for i, act in enumerate(acts_of(move.move))}
    others = sorted((act for act in taken if act not in move.order), key=lambda act: place.get(act, len(place)))
    for act in (act for act in (*move.order, *others) if act in taken):
        against = _against(move, act, any(r.checked for r in taken[act]), said, trust)
        if against is not None:
            _passed(taken[act], against, label(scenario.clock, number), reading)
            continue
        said[act.player].append((act, any(report.checked for report in taken[act])))
        for report in taken[act]:
            reading.rows[report.table, report.row].settle("counted")
    drawn = {act for by in said.values() for act, sure in by if act.player == CHANCE and (sure or trust >= 1)}
    spoken = {act.player for one in drawn for act in move.after.get(one.name) or ()}  # it tells of what led to it
    return [
        _sighting(side, number, said[player], taken, trust)
        for player, side in move.sides.items()
        if said[player]
        or (side.silent and side.acts and player not in spoken and _silence_known(scenario, number, side, reading))
    ]


def _against(
    move: WatchedMove, act: Act, checked: bool, said: dict[str, list[tuple[Act, bool]]], trust: float
) -> Act | None:  # fmt: skip
    """The act that counts in place of this one, if any.

    After an act that rests on unchecked rows alone the next one counts too, in case these are wrong; so does a checked
    act of another side that cannot have come with it.
    """
    for player, earlier in said.items():
        if not earlier:
            continue
        sure = trust >= 1 or any(known for _, known in earlier)
        if player == act.player and sure:
            return earlier[0][0]
        if player != act.player and not move.together(earlier[0][0], act) and (sure or not checked):
            return earlier[0][0]
    return None


def _passed(reports: list[Report], against: Act, when: str, reading: Reading) -> None:
    """Rows of an act that does not count, since another of the same round does."""
    for report in reports:
        why = f"in {when} `{against.name}` counts at `{report.move}`, not `{report.act}`"
        reading.rows[report.table, report.row].settle("behind", why)


def _silence_known(scenario: Scenario, number: int, side: Watched, reading: Reading) -> bool:
    """Whether a round is over, and its rows would be known."""
    return last_of(scenario, number).toordinal() + side.delay <= reading.until.toordinal()


def _sighting(
    side: Watched, number: int, said: list[tuple[Act, bool]], taken: dict[Act, list[Report]], trust: float
) -> Sighting:  # fmt: skip
    """What the record says of one side, with its probability under everything that may have been done."""
    known = list(dict.fromkeys([*(name for name, _ in side.acts), *(act.name for act, _ in said)]))
    words = [(act.name, checked) for act, checked in said]
    likelihood = {
        label: side.weighed(words, trust, name, known)
        for name in known
        for label in side.labels[name]
    }  # fmt: skip
    otherwise = side.weighed(words, trust, "", known)
    reports: list[Report] = []
    for act, _ in said:
        reports += sorted(taken[act], key=lambda r: (not r.checked, r.date, r.table, r.row))
    return Sighting(
        round=number, move=side.move, player=side.player, says=words[0][0] if words else "", reports=tuple(reports),
        likelihood=likelihood, otherwise=otherwise, absent=otherwise,
        might=_might(side, known, words, trust) if side.acts else {},
    )  # fmt: skip


def _might(side: Watched, known: list[str], words: list[tuple[str, bool]], trust: float) -> dict[str, Chances]:
    """What may stand in the record of this side; silence only where it says something.

    Where the report rests on rows that nobody has checked: which act such rows might have named."""
    found: dict[str, Chances] = {}
    if words and not words[0][1]:
        for says in (name for name in known if name not in {act for act, _ in words[1:]}):
            told = [(says, False), *words[1:]]
            nothing = side.weighed(told, trust, "", known)
            likelihood = {
                label: side.weighed(told, trust, name, known) for name in known for label in side.labels[name]
            }
            found[says] = Chances(likelihood=likelihood, otherwise=nothing, absent=nothing)
        return found
    for says in [*known, ""] if side.silent else known:
        nothing = side.chance(says, "", known)
        likelihood = {label: side.chance(says, name, known) for name in known for label in side.labels[name]}
        found[says] = Chances(likelihood=likelihood, otherwise=nothing, absent=nothing)
    return found
