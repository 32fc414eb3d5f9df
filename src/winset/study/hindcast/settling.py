"""What happened: the rows that settle whether an event came about, and when nothing can be said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from winset.language.clock import first_day
from winset.language.lexer import problem
from winset.language.scenario import Scenario
from winset.language.variants import apply
from winset.language.weighed import HindcastEvent
from winset.learn.baselines import EventRecord
from winset.study.facts import Records


@dataclass(frozen=True, kw_only=True)
class Settling:
    """The days on which an event happened, and the days that the rows cover.

    Attributes:
        event: as the scenario states it.
        days: on which it happened, in order; each once.
        doubtful: further days on which it happened by rows that do not count, since nobody has checked them.
        since: the first day of the scenario, from which an event that happens once is looked for.
        covered_from, covered_to: the first and the last day covered; None where no row has a day.
    """

    event: HindcastEvent
    days: tuple[dt.date, ...]
    doubtful: tuple[dt.date, ...]
    since: dt.date
    covered_from: dt.date | None
    covered_to: dt.date | None

    @property
    def settled_on(self) -> dt.date | None:
        """The day on which it happened for good; None if it has not, or may happen again."""
        return None if self.event.again else next((d for d in self.days if d >= self.since), None)

    def open_on(self, day: dt.date) -> bool:
        """Whether there is something left to forecast at the beginning of a day."""
        settled = self.settled_on
        return settled is None or settled >= day

    def covers(self, day: dt.date, deadline: dt.date) -> bool:
        """Whether the rows cover all days from one to another."""
        start, end = self.covered_from, self.covered_to
        return start is not None and end is not None and start <= day and deadline <= end

    def happened(self, day: dt.date, deadline: dt.date) -> bool | None:
        """Whether it came about from the beginning of a day to the end of the deadline; None where that is not known.

        Nor is it scored where the rows do not cover all of that time, even if it happened in the part that they cover:
        forecasts that can only come out one way would favour whoever gives the event a high chance."""
        if not self.covers(day, deadline):
            return None
        if any(day <= d <= deadline for d in self.days):
            return True
        first = day if self.event.again else min(day, self.since)  # what happens once may have happened before
        return None if any(first <= d <= deadline for d in self.doubtful) else False

    @property
    def record(self) -> EventRecord | None:
        """The days as baselines read them; None where nothing is covered."""
        if self.covered_from is None:
            return None
        return EventRecord(since=self.covered_from, days=tuple(d for d in self.days if d >= self.covered_from))


def settlings(scenario: Scenario, *, variant: str = "", unchecked: bool = True) -> tuple[Settling, ...]:
    """What happened, for each event of the scenario's `hindcast`.

    Args:
        scenario: with its tables read.
        variant: whose calendar is in force.
        unchecked: count rows that nobody has checked.

    Raises:
        ScenarioError: C497 there is nothing to hindcast; E515 a table was not read.
    """
    clock = apply(scenario, variant).clock
    if not scenario.hindcast or clock.start is None:
        raise problem("C497", "the scenario names no events under `hindcast`", scenario.where)
    whole, counted = Records(scenario), Records(scenario, checked=not unchecked)
    return tuple(_settling(whole, counted, event, first_day(clock, 1)) for event in scenario.hindcast)


def _settling(whole: Records, counted: Records, event: HindcastEvent, since: dt.date) -> Settling:
    days = _days(counted, event)
    reach: list[tuple[dt.date, dt.date]] = []
    for selected in event.happened:
        sheet, table = whole.tables[selected.table].sheet, whole.tables[selected.table]
        every = [dt.date.fromisoformat(row[sheet.at[table.date]]) for row in sheet.rows if row[sheet.at[table.date]]]
        if every:
            reach.append((min(every), max(every)))
    # several tables cover together what each of them covers
    start = event.covered_from or (max(a for a, _ in reach) if reach else None)
    end = event.covered_to or (min(b for _, b in reach) if reach else None)
    return Settling(
        event=event, days=tuple(sorted(days)), doubtful=tuple(sorted(_days(whole, event) - days)), since=since,
        covered_from=start, covered_to=end,
    )  # fmt: skip


def _days(records: Records, event: HindcastEvent) -> set[dt.date]:
    """The days on which the event happened by these records."""
    days: set[dt.date] = set()
    for selected in event.happened:
        found = records.found(replace(selected, measure="count"))
        column = found.table.sheet.at[found.table.date]
        days |= {dt.date.fromisoformat(cell) for i in found.rows if (cell := found.table.sheet.rows[i][column])}
    return days


__all__ = ["Settling", "settlings"]
