"""The two scenarios of real events: their pages, their records, and the flagship from March 2018."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

import winset
from winset.language.clock import label
from winset.language.variants import apply
from winset.learn.observe import observe

DOCS = Path(__file__).parents[2] / "docs" / "explain"
FLAGSHIP, IRAN = "us-dprk-2019", "jcpoa-2013"


read = lru_cache(maxsize=2)(winset.read)


@lru_cache
def said(name: str, variant: str = "", until: str | None = None) -> dict[tuple[str, str], str]:
    """What the record says, by round and move: the act of the first side that has one."""
    scenario = read(name)
    clock = apply(scenario, variant).clock
    found = [s for s in observe(scenario, variant=variant, until=until).sightings if s.reports]
    return {(label(clock, s.round), s.move): s.says for s in reversed(found)}


def test_the_page_on_assumptions_argues_every_parameter() -> None:
    text = (DOCS / "hindcast-assumptions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (\S+) \| (none|(\S+) to (\S+)) \| (.+) \|$", text, re.M)
    told = {name: (value, low or None, high or None) for name, value, _, low, high, _ in rows}

    def shown(number: float | None) -> str | None:
        return None if number is None else f"{number:g}"

    parameters = read(FLAGSHIP).parameters
    assert told == {p.name: (f"{p.value:g}", shown(p.low), shown(p.high)) for p in parameters}
    assert len(rows) == len(told)
    assert all(len(row[-1].split()) >= 3 for row in rows)


def test_the_four_meetings_are_read_as_the_page_says() -> None:
    found = said(FLAGSHIP, "since_2018")
    assert [found["2018-06", move] for move in ("approach", "reply")] == ["talk", "ease"]  # Singapore
    assert [found["2019-02", move] for move in ("approach", "reply")] == ["ask_partial", "agree"]  # Hanoi
    assert found["2019-06", "aftermath"] == "seoul_mediates"  # Panmunjom
    stockholm = [found["2019-10", move] for move in ("approach", "room", "statement", "spin")]
    assert stockholm == ["talk", "no_progress", "blame", "best_light"]
    assert found["2018-04", "programme"] == "declare_halt" and found["2018-05", "programme"] == "shut_site"
    assert found["2019-09", "politics"] == "opened" and found["2019-12", "programme"] == "drop_pledge"
    page = (DOCS / "record-and-moves.md").read_text(encoding="utf-8")
    for act in {*found.values()}:
        assert f"`{act}`" in page, act


def test_the_base_reads_the_months_that_it_shares_alike() -> None:
    base, longer = said(FLAGSHIP), said(FLAGSHIP, "since_2018")
    assert base == {key: act for key, act in longer.items() if key[0] >= "2019-10"}
    assert len(base) < len(longer)


def test_no_row_after_the_day_is_read() -> None:
    before, whole = said(FLAGSHIP, "since_2018", "2019-10-09"), said(FLAGSHIP, "since_2018")
    assert max(date for date, _ in before) == "2019-10"
    assert set(before) < set(whole)


def test_the_steps_of_the_iran_deal() -> None:
    found = said(IRAN)
    assert [date for (date, _), act in sorted(found.items()) if act == "concluded"] == [
        "2013-Q3", "2013-Q4", "2015-Q2", "2015-Q3",
    ]  # fmt: skip
    assert found["2016-Q1", "carrying_out"] == "completed" and found["2018-Q2", "keeping"] == "leave"
    page = (DOCS / "jcpoa.md").read_text(encoding="utf-8")
    assert "`completed`" in page and "`leave`" in page


def test_the_iran_deal_is_answered_from_its_rows_and_from_its_game() -> None:
    scenario = read(IRAN)
    assert winset.ask(scenario, "count(steps where negotiation = JCPOA)").value == 14
    first = winset.ask(scenario, "P(deal != none by 2013-09)", grid=2, certificate=False, grid_check=False)
    assert 0 < first.value < 1


@pytest.mark.slow
@pytest.mark.parametrize("player", ["pyongyang", "washington"])
def test_from_october_2019_on_it_is_the_game_of_the_base(player: str) -> None:
    """The state and beliefs with which the base begins, reached in the longer game, are worth what they are there."""
    start = "politics = inquiry, pledge = true, site_shut = true, rapport = warm, round = 2019-10"
    beliefs = "belief pyongyang is staller = 0.65, belief washington is maximalist = 0.51"
    there = f"value({player}) in since_2018 from ({start}, {beliefs})"
    how = {"grid": 1, "certificate": False, "grid_check": False}
    got = winset.ask(read(FLAGSHIP), f"{there} - value({player})", **how)
    assert abs(got.value) < 1e-12
