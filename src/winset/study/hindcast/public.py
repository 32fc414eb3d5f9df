"""Dated forecasts that others made in public, matched with the scenario's own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from winset.base.diagnostics import Where
from winset.language.clock import round_of
from winset.language.lexer import problem
from winset.language.scenario import Clock, Scenario
from winset.language.tables import Sheet, TableError, is_day, load, number
from winset.language.weighed import HindcastEvent, PublicQuestion

COLUMNS = ("question_id", "time_utc", "probability_of_the_statement")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One public forecast: of a question, on a day, that its statement comes true."""

    question: str
    day: dt.date
    probability: float


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The forecasts of one question in one round.

    Attributes:
        event: number of the event; `asked` the question about it.
        round: in which they were made; the scenario's own forecast is of its first day, so it never knows more.
        first, last: days of the first and the last of them.
        count: how many there are.
        probability: their mean, of the event itself (turned round where the statement is the opposite).
    """

    event: int
    asked: PublicQuestion
    round: int
    first: dt.date
    last: dt.date
    count: int
    probability: float


def read_public(path: str | Path) -> list[Stated]:
    """The forecasts of a CSV file with the columns `question_id`, `time_utc` and `probability_of_the_statement`.

    Raises:
        ScenarioError: C499 it cannot be read, lacks a column, or a row has no day or no probability.
    """
    file = Path(path)
    where = Where(str(file), 1, 1)
    try:
        sheet = load(file.resolve().parent, file.resolve().name, where)
    except TableError as error:
        raise problem("C499", error.message, where, fix=error.fix) from None
    missing = [c for c in COLUMNS if c not in sheet.columns]
    if missing:
        raise problem("C499", f"the file has no column `{missing[0]}`; it has {', '.join(sheet.columns)}", where)
    return [_row(sheet, i, str(file)) for i in range(len(sheet.rows))]


def _row(sheet: Sheet, index: int, file: str) -> Stated:
    row = sheet.rows[index]
    question, time, told = (row[sheet.at[c]] for c in COLUMNS)
    probability = number(told)
    where = Where(file, sheet.lines[index], 1)
    if not is_day(time[:10]):
        raise problem("C499", f"`{time}` does not begin with a day such as 2019-10-02", where)
    if probability is None or not 0 <= probability <= 1:
        raise problem("C499", f"`{told}` is no probability", where)
    return Stated(question=question, day=dt.date.fromisoformat(time[:10]), probability=probability)


def matched(scenario: Scenario, clock: Clock, stated: Sequence[Stated], rounds: Sequence[int]) -> list[Matched]:
    """The public forecasts made in these rounds about the scenario's events, up to their deadlines."""
    found: dict[tuple[int, PublicQuestion, int], list[Stated]] = defaultdict(list)
    asked = [(i, q) for i, event in enumerate(scenario.hindcast) for q in event.public]
    for i, question in asked:
        for one in stated:
            at = round_of(clock, one.day)
            if one.question == question.question and at in rounds and one.day <= question.deadline:
                found[i, question, at].append(one)
    return [_together(key, ones) for key, ones in found.items()]


def _together(key: tuple[int, PublicQuestion, int], ones: list[Stated]) -> Matched:
    event, question, at = key
    mean = sum(one.probability for one in ones) / len(ones)
    days = sorted(one.day for one in ones)
    return Matched(
        event=event, asked=question, round=at, first=days[0], last=days[-1], count=len(ones),
        probability=1.0 - mean if question.opposite else mean,
    )  # fmt: skip


def deadlines(event: HindcastEvent) -> tuple[dt.date, ...]:
    """All days up to which an event is forecast: the author's deadlines and those of public questions, in order."""
    return tuple(sorted({*event.by, *(q.deadline for q in event.public)}))


__all__ = ["COLUMNS", "Matched", "Stated", "deadlines", "matched", "read_public"]
