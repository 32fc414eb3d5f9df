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
        since: the first day of the scenario, from which an event that happens once is looked for.
        covered_from, covered_to: the first and the last day covered; None where no row has a day.
    """

    event: HindcastEvent
    days: tuple[dt.date, ...]
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

    def happened(self, day: dt.date, deadline: dt.date) -> bool | None:
        """Whether it came about from the beginning of a day to the end of the deadline; None where it is not known."""
        if any(day <= d <= deadline for d in self.days):
            return True
        covered = self.covered_from is not None and self.covered_to is not None
        return False if covered and self.covered_from <= day and deadline <= self.covered_to else None  # type: ignore[operator]

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
    records = Records(scenario, checked=not unchecked)
    return tuple(_settling(records, event, first_day(clock, 1)) for event in scenario.hindcast)


def _settling(records: Records, event: HindcastEvent, since: dt.date) -> Settling:
    days: set[dt.date] = set()
    reach: list[tuple[dt.date, dt.date]] = []
    for selected in event.happened:
        found = records.found(replace(selected, measure="count"))
        column = found.table.sheet.at[found.table.date]
        days |= {dt.date.fromisoformat(cell) for i in found.rows if (cell := found.table.sheet.rows[i][column])}
        every = [dt.date.fromisoformat(row[column]) for row in found.table.sheet.rows if row[column]]
        if every:
            reach.append((min(every), max(every)))
    # several tables cover together what each of them covers
    start = event.covered_from or (max(a for a, _ in reach) if reach else None)
    end = event.covered_to or (min(b for _, b in reach) if reach else None)
    return Settling(event=event, days=tuple(sorted(days)), since=since, covered_from=start, covered_to=end)


__all__ = ["Settling", "settlings"]
