"""How far the record reaches into the game: what its rows are read as, and which moves it is silent about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from winset.base.columns import columns, wrapped
from winset.base.words import plural
from winset.language.scenario import Scenario
from winset.learn.observe import observed
from winset.learn.sighting import Unused
from winset.learn.watching import watched

_HEAD = ("table", "rows", "mapped", "passed over", "off calendar", "no day", "to nothing")


@dataclass(frozen=True, kw_only=True)
class TableCoverage:
    """The rows of one record file, each counted once.

    Attributes:
        table: its name; "" for the scenario's own `record`.
        mapped: rows on which a sighting rests.
        behind: rows that a rule takes, and another act of their round counts.
        outside: rows before or after the calendar; `undated`: rows without a day.
        nothing: rows in the calendar that no rule takes.
    """

    table: str
    rows: int
    mapped: int
    behind: int
    outside: int
    undated: int
    nothing: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the whole record says of a scenario.

    Attributes:
        sightings, rounds: how many sightings there are, silence included, and in how many rounds.
        silent: moves that no rule of `observed` and no row of the record is about.
        unseen: (move, act) that a rule lists and that counts in no round.
        unused: the rows that no sighting rests on.
    """

    tables: tuple[TableCoverage, ...]
    sightings: int
    rounds: int
    silent: tuple[str, ...]
    unseen: tuple[tuple[str, str], ...]
    unused: tuple[Unused, ...]

    def lines(self, width: int = 80, *, rows: bool = False) -> list[str]:
        """A few lines of text; with `rows` every row that stands for nothing."""
        return list(self._lines(width, rows))

    def _lines(self, width: int, rows: bool) -> Iterator[str]:
        if not self.tables:
            return
        cells = [_row(t) for t in self.tables]
        kept = [i for i in range(len(_HEAD)) if i < 3 or any(row[i] != "0" for row in cells)]
        shown = [[row[i] for i in kept] for row in (_HEAD, *cells)]
        told = f"{plural(self.sightings, 'sighting')} in {plural(self.rounds, 'round')}"
        yield from wrapped(f"The record: {told}.", width)
        yield from columns(shown, width=width, right=range(1, len(kept)))
        if self.silent:
            yield from wrapped(f"moves of which it says nothing: {', '.join(self.silent)}", width, "  ", "    ")
        if self.unseen:
            told = ", ".join(f"{act} ({move})" for move, act in self.unseen)
            yield from wrapped(f"acts listed that never count: {told}", width, "  ", "    ")
        for item in self.unused if rows else ():
            place = f"{item.table or 'record'} {item.date}".strip()
            yield from wrapped(f"{place}: {item.text}: {item.why}", width, "  ", "    ")


def _row(table: TableCoverage) -> tuple[str, ...]:
    counts = (table.rows, table.mapped, table.behind, table.outside, table.undated, table.nothing)
    return table.table or "record", *map(str, counts)


def coverage(scenario: Scenario) -> Coverage | None:
    """What becomes of every row of the record; None where a scenario has no calendar or no record."""
    if scenario.clock.start is None or not (scenario.record or scenario.observed.moves):
        return None
    seen, reading = observed(scenario)
    names = dict.fromkeys(table for table, _ in reading.rows)
    tables = []
    for name in names:
        fates = [row.fate for (table, _), row in reading.rows.items() if table == name]
        counts = {fate: fates.count(fate) for fate in fates}
        tables.append(
            TableCoverage(
                table=name, rows=len(fates), mapped=counts.get("counted", 0), behind=counts.get("behind", 0),
                outside=counts.get("outside", 0), undated=counts.get("undated", 0),
                nothing=counts.get("unread", 0) + counts.get("waits", 0) + counts.get("unchecked", 0),
            )
        )  # fmt: skip
    says = {(s.move, s.player, s.says) for s in seen.sightings}
    listed = [(m.move.name, act) for m in watched(scenario, scenario).moves for act in m.order]
    about = {rule.move for rule in scenario.observed.moves} | {s.move for s in seen.sightings}
    return Coverage(
        tables=tuple(tables), sightings=len(seen.sightings), rounds=len({s.round for s in seen.sightings}),
        unseen=tuple((move, act.name) for move, act in listed if (move, act.player, act.name) not in says),
        silent=tuple(m.name for m in scenario.round if m.name not in about), unused=seen.unused,
    )  # fmt: skip


__all__ = ["Coverage", "TableCoverage", "coverage"]
