"""Time: rounds, their labels, and which round a date belongs to."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import replace

from winset.language.scenario import Clock

UNITS = ("day", "week", "month", "quarter", "year")
_DATE = re.compile(r"^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?$")


def parse_date(text: str, *, last: bool = False) -> dt.date:
    """The day that `2019`, `2019-10` or `2019-10-02` names: its first day, or with `last` its last.

    Raises:
        ValueError: there is no such day.
    """
    match = _DATE.match(text.strip())
    if match is None:
        raise ValueError(f"not a date: {text}")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if day:
        return dt.date(year, month, day)
    month = month or (12 if last else 1)
    return dt.date(year, month, calendar.monthrange(year, month)[1] if last and 1 <= month <= 12 else 1)


def round_of(clock: Clock, day: dt.date) -> int:
    """The number of the round that contains a day; 0 or less before the first, beyond `rounds` after the last.

    Raises:
        ValueError: the clock has no calendar.
    """
    start = clock.start
    if start is None:
        raise ValueError("this clock has no calendar")
    if clock.unit == "day":
        return (day - start).days + 1
    if clock.unit == "week":
        return (day - start).days // 7 + 1
    if clock.unit == "month":
        return _months(day) - _months(start) + 1
    if clock.unit == "quarter":
        return _months(day) // 3 - _months(start) // 3 + 1
    return day.year - start.year + 1


def round_of_text(clock: Clock, text: str) -> int:
    """The number of the round that a date literal (`2019-12`, `2019-12-31`) or a named date means.

    A month names a round only where rounds are months or longer; `check` asks for the full date otherwise,
    and here its first day is taken.
    """
    for name, day in clock.dates:
        if name == text:
            return round_of(clock, day)
    return round_of(clock, parse_date(text))


def first_day(clock: Clock, number: int) -> dt.date:
    """The first calendar day of a round.

    Raises:
        ValueError: the clock has no calendar, or the round lies outside the calendar's years.
    """
    start = clock.start
    if start is None:
        raise ValueError("this clock has no calendar")
    try:
        if clock.unit == "day":
            return start + dt.timedelta(days=number - 1)
        if clock.unit == "week":
            return start + dt.timedelta(days=7 * (number - 1))
        if clock.unit == "year":
            return dt.date(start.year + number - 1, 1, 1)
        months = _months(start) + number - 1
        if clock.unit == "quarter":
            months = (_months(start) // 3 + number - 1) * 3
        return dt.date(months // 12, months % 12 + 1, 1)
    except OverflowError as error:
        raise ValueError(f"round {number} lies outside the calendar") from error


def begun(clock: Clock, start: dt.date | None) -> Clock:
    """The clock with another beginning and the same end; the clock itself where it cannot begin there.

    It can where it has a calendar and an end, the new beginning lies before that end, and a week begins on it where
    rounds are weeks.
    """
    if start is None or clock.start is None or clock.rounds is None:
        return clock
    last = first_day(clock, clock.rounds)
    new = replace(clock, start=start)
    rounds = round_of(new, last)
    if rounds < 1 or (clock.unit == "week" and first_day(new, rounds) != last):
        return clock
    return replace(new, rounds=rounds)


def reaches(clock: Clock, number: int) -> bool:
    """Whether a round lies in the calendar, which ends with the year 9999."""
    try:
        first_day(clock, number)
    except ValueError:
        return False
    return True


def label(clock: Clock, number: int) -> str:
    """What a round is called: `2019-10`, `2019-10-02`, `2019-Q4`, `2019`; without a calendar its number."""
    if clock.start is None:
        return str(number)
    try:
        day = first_day(clock, number)
    except ValueError:  # an infinite game outlasts the calendar
        return str(number)
    if clock.unit == "month":
        return f"{day.year:04d}-{day.month:02d}"
    if clock.unit == "quarter":
        return f"{day.year:04d}-Q{(day.month - 1) // 3 + 1}"
    if clock.unit == "year":
        return f"{day.year:04d}"
    return day.isoformat()


def labels(clock: Clock) -> tuple[str, ...]:
    """The labels of all rounds of a finite clock; of an infinite one, the single label `1`."""
    return tuple(label(clock, n) for n in range(1, (clock.rounds or 1) + 1))


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1
