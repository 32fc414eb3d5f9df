"""Variants as rewriting, and the calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from winset.base.errors import ScenarioError
from winset.language.clock import first_day, label, labels, parse_date, round_of, round_of_text
from winset.language.reading import read_text
from winset.language.scenario import Clock
from winset.language.variants import apply


def test_a_variant_changes_what_it_states_and_no_more(example: str) -> None:
    base = read_text(example)
    changed = apply(base, "no_delegates")
    assert [a.name for a in changed.round[0].sides[0].actions] == ["wait", "test", "offer"]
    assert {p.name: p.value for p in changed.parameters}["talk_cost"] == 0.1
    assert changed.state[0].start[0][0] == "calm"
    assert [getattr(t.prior, "value", None) for t in changed.players[0].types] == [0.5, 0.5]
    assert dict(changed.clock.dates) == {"deadline": dt.date(2020, 6, 30), "election": dt.date(2020, 11, 3)}
    assert changed.each_round == base.each_round
    assert changed.state[1:] == base.state[1:]
    assert changed.round[1:] == base.round[1:]
    assert apply(base, "") is base


def test_an_unknown_variant(example: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply(read_text(example), "no_inqury")
    assert caught.value.diagnostics[0].code == "N110"
    assert caught.value.diagnostics[0].nearest == "no_inquiry"


@pytest.mark.parametrize(
    ("unit", "start", "day", "number", "name"),
    [
        ("day", (2019, 10, 1), (2019, 10, 31), 31, "2019-10-31"),
        ("week", (2019, 10, 1), (2019, 10, 8), 2, "2019-10-08"),
        ("week", (2019, 10, 1), (2019, 9, 30), 0, "2019-09-24"),
        ("month", (2019, 10, 15), (2021, 1, 20), 16, "2021-01"),
        ("month", (2019, 10, 1), (2019, 8, 31), -1, "2019-08"),
        ("quarter", (2019, 11, 1), (2020, 1, 1), 2, "2020-Q1"),
        ("year", (2019, 10, 1), (2021, 12, 31), 3, "2021"),
    ],
)
def test_rounds_and_labels(unit: str, start: tuple[int, ...], day: tuple[int, ...], number: int, name: str) -> None:
    clock = Clock(rounds=40, unit=unit, start=dt.date(*start))  # type: ignore[arg-type]
    assert round_of(clock, dt.date(*day)) == number
    assert label(clock, number) == name
    assert round_of(clock, first_day(clock, number)) == number or number == 1


def test_labels_and_dates() -> None:
    clock = Clock(rounds=3, unit="month", start=dt.date(2019, 12, 1), dates=(("end", dt.date(2020, 2, 2)),))
    assert labels(clock) == ("2019-12", "2020-01", "2020-02")
    assert round_of_text(clock, "end") == 3
    assert round_of_text(clock, "2020-01") == 2
    assert labels(Clock(rounds=2)) == ("1", "2")
    assert parse_date("2020-02", last=True) == dt.date(2020, 2, 29)
    with pytest.raises(ValueError):
        round_of(Clock(rounds=2), dt.date(2020, 1, 1))
