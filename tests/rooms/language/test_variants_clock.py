"""Variants as rewriting, and the calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from winset.base.errors import ScenarioError
from winset.language.clock import begun, first_day, label, labels, parse_date, round_of, round_of_text
from winset.language.reading import check, read_text
from winset.language.rules.formulas import resolve
from winset.language.scenario import Clock
from winset.language.variants import apply, played_alike


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


def test_variants_that_differ_only_in_how_play_begins(example: str) -> None:
    """A parameter that priors alone read makes for another beginning; one that a payoff reads too does not."""
    text = example.replace(
        "variants:",
        """variants:
  other_start: {start: {politics: calm}}
  other_prior: {prior: {washington: {dealmaker: 0.2, maximalist: 0.8}}}
  other_share: {parameters: {staller_share: 0.7}}
  dearer: {parameters: {talk_cost: 0.7}}
  dearer_from_calm: {based on: dearer, start: {politics: calm}}
  later: {dates: {deadline: 2020-09-30}}
""",
    )
    names = ["", "other_start", "other_prior", "other_share", "dearer", "dearer_from_calm", "later", "no_delegates"]
    assert list(played_alike(read_text(text), names).values()) == [0, 0, 0, 0, 1, 1, 2, 3]
    assert played_alike(read_text(text), ["dearer", ""]) == {"dearer": 0, "": 1}
    read = read_text(text.replace("pays: {pyongyang: -noise,", "pays: {pyongyang: -noise * staller_share,"))
    assert list(played_alike(read, names).values()) == [0, 0, 0, 1, 2, 2, 3, 4]


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


TALKS = """
winset: 1
scenario: Talks
clock: {from: 2019-10, to: 2020-03, round: month, dates: {deadline: 2019-12-31, visit: 2019-07-04}}
players: {north: {}}
state: {done: {start: false}}
round:
  - move: act
    by: north
    if: not done and now <= deadline
    actions: {wait: {}, sign: {if: now >= visit, then: {done: true}}}
record: [{date: 2019-07-05, player: north, action: wait}]
variants:
  longer: {from: 2019-06}
  longer_still: {based on: longer, from: 2019-01-15}
  shorter: {from: 2020-02}
questions:
  early: P(done by 2019-08) in longer
  late: P(done by 2019-08) in longer - P(done by 2019-11)
  placed: P(done) in longer from (round = 2019-07)
"""


def test_a_variant_begins_earlier_or_later_and_ends_as_before() -> None:
    scenario, found = check(TALKS)
    assert scenario is not None and not found  # a row and a date before the clock's beginning lie in a variant's
    longer, still, shorter = (apply(scenario, name).clock for name in ("longer", "longer_still", "shorter"))
    assert labels(longer) == ("2019-06", "2019-07", "2019-08", "2019-09", *labels(scenario.clock))
    assert (label(still, 1), still.rounds) == ("2019-01", 15)
    assert labels(shorter) == ("2020-02", "2020-03")
    assert [round_of_text(clock, "deadline") for clock in (scenario.clock, longer, shorter)] == [3, 7, -1]


@pytest.mark.parametrize(
    "wrong", ["P(done by 2019-08)", "P(done by 2019-08) in shorter", "P(done by 2019-12) in shorter"]
)
def test_a_formula_has_the_rounds_of_the_variant_it_is_read_in(wrong: str) -> None:
    scenario = read_text(TALKS)
    with pytest.raises(ScenarioError) as caught:
        resolve(scenario, wrong)
    assert [d.code for d in caught.value.diagnostics] == ["T712"]
    assert resolve(scenario, "P(done by 2019-11)")


def test_a_row_that_no_calendar_contains_is_still_told() -> None:
    _, found = check(TALKS.replace("2019-07-05", "2018-12-31"))
    assert [d.code for d in found] == ["E505"]
    _, found = check(TALKS.replace("visit: 2019-07-04", "visit: 2018-07-04"))
    assert [d.code for d in found] == ["T711"]


def test_where_a_clock_can_begin() -> None:
    weeks = Clock(rounds=4, unit="week", start=dt.date(2019, 10, 1))
    assert begun(weeks, dt.date(2019, 9, 24)).rounds == 5
    assert begun(weeks, dt.date(2019, 9, 25)) is weeks  # no week of the clock begins there
    assert begun(weeks, dt.date(2019, 10, 23)) is weeks  # after the end
    assert begun(weeks, None) is weeks
    assert begun(Clock(rounds=4), dt.date(2019, 9, 24)).start is None
