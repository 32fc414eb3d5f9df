"""The rows of the record up to a day, each with the acts that it is read as, or with why it is read as none.

Rows after the day are not looked at: neither their cells nor their number decides anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from winset.language.acts import Act, hidden_of, moves_of
from winset.language.clock import first_day, label, round_of
from winset.language.rules.observed import ruled
from winset.language.scenario import Observation, Scenario, Table
from winset.language.selecting import day_of, fits, source_of, told, unchecked
from winset.learn.sighting import Report, Unused
from winset.learn.watching import WatchedMove

Fate = Literal["", "waits", "counted", "behind", "outside", "undated", "unread", "unchecked"]
"""What becomes of a row: nothing is settled; a rule takes it, now or once it is known; it counts; another act of its
round counts; its day lies outside the calendar; it has no day; no rule takes it; it is left out as unchecked."""


_RANK: tuple[Fate, ...] = ("counted", "behind", "waits", "unchecked", "outside", "undated", "unread", "")
"""Of two things said of a row the one that stands first here holds."""


@dataclass
class Row:
    """One row up to the day, and what becomes of it."""

    table: str
    number: int
    date: str
    text: str
    fate: Fate = ""
    why: str = ""

    def settle(self, fate: Fate, why: str = "") -> None:
        """Says what becomes of the row; what counts for one move is not called unused for another."""
        if _RANK.index(fate) < _RANK.index(self.fate):
            self.fate, self.why = fate, why


@dataclass
class Reading:
    """What was read.

    Attributes:
        until: the day.
        taken: the reports by round and move, then by act, in the order of the files.
        rows: every row of every table that `observed` names, and of the scenario's record.
    """

    until: dt.date
    taken: dict[tuple[int, str], dict[Act, list[Report]]] = field(default_factory=dict)
    rows: dict[tuple[str, int], Row] = field(default_factory=dict)

    @property
    def unused(self) -> tuple[Unused, ...]:
        """The rows that no sighting rests on."""
        return tuple(
            Unused(table=r.table, row=r.number, date=r.date, text=r.text, why=r.why)
            for r in self.rows.values()
            if r.fate not in ("counted", "waits")
        )


def tables_read(scenario: Scenario) -> tuple[Table, ...]:
    """The tables that `observed` names and that were read."""
    named = {rows.table for rule in scenario.observed.moves for act in rule.acts for rows in act.rows}
    return tuple(table for table in scenario.tables if table.name in named and table.read)


def last_day(scenario: Scenario) -> dt.date | None:
    """The last day of which the record has a row."""
    days = [dt.date.fromisoformat(d) for t in tables_read(scenario) for row in t.sheet.rows if (d := day_of(t, row))]
    return max([*days, *(row.date for row in scenario.record)], default=None)


def rows_until(
    scenario: Scenario, moves: Sequence[WatchedMove], until: dt.date, *, unchecked_too: bool = True
) -> Reading:  # fmt: skip
    """Reads the rows up to a day; `unchecked_too=False` leaves out those that nobody has checked."""
    reader = _Reader(scenario, moves, until, unchecked_too)
    for number, row in enumerate(scenario.record):
        if row.date <= until:
            reader.own(row, number)
    for table in tables_read(scenario):
        reader.table(table)
    return reader.reading


class _Reader:
    """One reading of all rows."""

    def __init__(
        self, scenario: Scenario, moves: Sequence[WatchedMove], until: dt.date, unchecked_too: bool
    ) -> None:  # fmt: skip
        self.scenario, self.moves, self.unchecked_too = scenario, moves, unchecked_too
        self.reading = Reading(until)
        self.marked = {key: why for table in scenario.tables for key, why in table.unchecked}

    def table(self, table: Table) -> None:
        """Reads one record file: every row by every rule that names the file."""
        days = [day_of(table, row) for row in table.sheet.rows]
        known = [i for i, day in enumerate(days) if not day or dt.date.fromisoformat(day) <= self.reading.until]
        for i in known:
            self.reading.rows[table.name, i] = Row(table.name, i, days[i], told(table, table.sheet.rows[i]))
        sheet = replace(table.sheet, rows=tuple(table.sheet.rows[i] for i in known))  # later cells decide no kind
        for watched in self.moves:
            for side in watched.sides.values():
                for act, selections in side.acts:
                    tests = [fits(sheet, rows.condition) for rows in selections if rows.table == table.name]
                    for i in known:
                        if any(test(table.sheet.rows[i]) for test in tests):
                            self.row(table, i, Act(side.player, act), watched)
        for i in known:
            row = self.reading.rows[table.name, i]
            if self.round(row, 0) is not None:
                row.settle("unread", "no rule of `observed` takes it")

    def row(self, table: Table, number: int, act: Act, watched: WatchedMove) -> None:
        """Reads a row of a file as one act of one move."""
        row, cells = self.reading.rows[table.name, number], table.sheet.rows[number]
        source = source_of(table, cells)
        self.take(row, act, watched, source, unchecked(table, cells))

    def own(self, row: Observation, number: int) -> None:
        """Reads a row of the scenario's own record as a report of the move that has its action."""
        act = Act(row.player, row.action)
        text = f"{row.player} plays {row.action}" + (f" ({row.note})" if row.note else "")
        noted = self.reading.rows["", number] = Row("", number, row.date.isoformat(), text)
        having = moves_of(self.scenario, act)
        found = [m for m in having if act in ruled(self.scenario, m)] if len(having) > 1 else having
        if not having:
            place = next(m.name for m in self.scenario.round if act in hidden_of(m))
            noted.settle("unread", f"`{act.name}` is hidden at `{place}`; the record speaks of what is seen")
        elif len(found) != 1:
            noted.settle("unread", f"it does not say at which of {', '.join(f'`{m.name}`' for m in having)}")
        else:
            watched = next(m for m in self.moves if m.move is found[0])
            self.take(noted, act, watched, row.source, self.marked.get(row.source, ""))

    def take(self, row: Row, act: Act, watched: WatchedMove, source: str, doubt: str) -> None:
        """Takes a row as a report of an act in its round, or settles why not; `doubt` says why nobody checked it."""
        number = self.round(row, watched.sides[act.player].delay)
        if number is None:
            return
        if doubt and not self.unchecked_too:
            row.settle("unchecked", f"its source `{source}` is unchecked: {doubt}")
            return
        report = Report(
            date=row.date, player=act.player, move=watched.move.name, act=act.name, table=row.table, row=row.number,
            source=source, checked=not doubt, text=row.text,
        )  # fmt: skip
        self.reading.taken.setdefault((number, watched.move.name), {}).setdefault(act, []).append(report)
        row.settle("waits")

    def round(self, row: Row, delay: int) -> int | None:
        """The round of a row that is known by the day; None where its fate is settled, or it is known later."""
        if not row.date:
            row.settle("undated", "its day is not known")
            return None
        clock, day = self.scenario.clock, dt.date.fromisoformat(row.date)
        number = round_of(clock, day)
        if number < 1:
            row.settle("outside", f"before the calendar, which begins with {label(clock, 1)}")
        elif clock.rounds is not None and number > clock.rounds:
            row.settle("outside", f"after the calendar, which ends with {label(clock, clock.rounds)}")
        elif day.toordinal() + delay > self.reading.until.toordinal():
            row.settle("waits")
        else:
            return number
        return None


def last_of(scenario: Scenario, number: int) -> dt.date:
    """The last day of a round; of one that reaches beyond the calendar's years, their last day."""
    try:
        return first_day(scenario.clock, number + 1) - dt.timedelta(days=1)
    except ValueError:
        return dt.date.max
