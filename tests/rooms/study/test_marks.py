from __future__ import annotations

import datetime as dt

from winset.language.scenario import Clock
from winset.study.forecast import _marks


def test_named_dates_are_marked_in_the_round_that_contains_them() -> None:
    dates = (("deadline", dt.date(2019, 12, 31)), ("election", dt.date(2020, 11, 3)), ("later", dt.date(2024, 1, 1)))
    clock = Clock(rounds=16, unit="month", start=dt.date(2019, 10, 1), dates=dates)
    assert _marks(clock, set(range(1, 17))) == [
        {"name": "deadline", "date": "2019-12"},
        {"name": "election", "date": "2020-11"},
    ]


def test_without_a_calendar_there_are_none() -> None:
    assert _marks(Clock(rounds=3), {1, 2, 3}) == []
