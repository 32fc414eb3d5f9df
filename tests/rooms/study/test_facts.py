"""Facts: what is counted, compared by days, left undecided, and told about rows nobody has checked."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import winset

ROWS = """day,class,name,range_km,key
2019-05-04,SRBM,"Hwasong-11A (KN-23)",240,CNS
2019-05-04,SRBM,KN-23,,GEN
2019-05-09,SRBM,KN-25,420,CNS
2019-10-02,SLBM,Pukguksong-3,450,CNS
,MRBM,Nodong,1300,CNS
"""
TEXT = """winset: 1
scenario: Talks
sources: {CNS: a database}
clock: {from: 2019-10, to: 2019-12, round: month}
players: {north: {types: {trader: 0.3, staller: 0.7}}}
round: [{move: approach, by: north, actions: {wait: {}, send: {pays: {north: if north is trader then 1 else -1}}}}]
tables:
  launches:
    file: launches.csv
    date: day
    shows: [name, class]
    source column: key
    unchecked: {GEN: from memory}
    scope: ballistic missiles only
claims:
  spate: {quote: a spate, by: X, kind: fact, number: 20, holds if: count(launches where class = SRBM) >= 3}
  none: {quote: nothing, by: X, kind: fact, holds if: count(launches where class = SLBM) = 0}
  when: {quote: later, by: X, kind: fact, holds if: first(launches where class = MRBM) > 2019-05}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> winset.Scenario:
    (tmp_path / "launches.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "talks.yaml").write_text(TEXT, encoding="utf-8")
    return winset.read(tmp_path / "talks.yaml")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("count(launches)", 5),
        ("count(launches where class = SRBM)", 3),
        ("count(launches where class != SRBM)", 2),
        ("count(launches where class in {SLBM, MRBM})", 2),
        ('count(launches where name contains "kn-2")', 3),
        ('count(launches where name = "Hwasong-11A (KN-23)")', 1),
        ("count(launches where range_km > 240)", 3),
        ("count(launches where range_km >= 240 and range_km <= 450)", 3),
        ('count(launches where range_km = "")', 1),
        ("days(launches where class = SRBM)", 2),
        ("days(launches)", 3),
        ("count(launches where day <= 2019-05)", 3),
        ("count(launches where day < 2019-05)", 0),
        ("count(launches where day > 2019-05)", 1),
        ("count(launches where day >= 2019-05)", 4),
        ("count(launches where day = 2019-05)", 3),
        ("count(launches where day != 2019-05-04 and day >= 2019)", 2),
        ("count(launches where not (class = SRBM or class = SLBM))", 1),
        ("last(launches) - first(launches)", (dt.date(2019, 10, 2) - dt.date(2019, 5, 4)).days),
        ("first(launches) - 2019-05-01", 3),
        ("2019-10-05 - last(launches)", 3),
        ("min(count(launches), 2) + 1", 3),
        ("first(launches) = 2019-05-04", True),
        ("first(launches) = 2019-05", True),
        ("first(launches) != 2019-05", False),
        ("first(launches) < 2019-05", False),
        ("first(launches) <= 2019-05", True),
        ("last(launches) > 2019-10", False),
        ("last(launches) >= 2019-10", True),
        ("2019-09 < last(launches)", True),
        ("2019-10 < last(launches)", False),
        ("first(launches) + 3 < last(launches)", True),
        ("not count(launches) = 5", False),
        ("count(launches) within 1 of 6", True),
        ("first(launches) within 3 of 2019-05-05", True),
        ("first(launches) within 3 of 2019-05-08", False),
        ("last(launches) within 146 of first(launches)", False),
        ("max(first(launches), last(launches)) - first(launches)", 151),
        ("min(last(launches), 2019-05-06) - first(launches)", 2),
        ("max(first(launches), 2019-06-01) > 2019-05", True),
        ("abs(first(launches) - last(launches))", 151),
        ("count(launches) = 5 or first(launches where class = MRBM) > 2019", True),
    ],
)
def test_values(scenario: winset.Scenario, formula: str, value: float | bool) -> None:
    if formula.endswith("> 2019"):
        formula += "-01-01"
    got = winset.ask(scenario, formula)
    assert got.value == value
    assert isinstance(got.value, bool) == isinstance(value, bool)


def test_a_day_is_shown_as_one(scenario: winset.Scenario) -> None:
    got = winset.ask(scenario, "last(launches)")
    assert got.unit == "date"
    assert got.text == "2019-10-02"
    assert got.value == dt.date(2019, 10, 2).toordinal()
    assert [row["line"] for row in got.rows] == [5]


def test_the_earliest_and_latest_of_days_are_days(scenario: winset.Scenario) -> None:
    got = winset.ask(scenario, "max(first(launches), last(launches where class = SRBM), 2019-05-07)")
    assert (got.unit, got.text) == ("date", "2019-05-09")
    with pytest.raises(winset.ScenarioError, match="C490"):
        winset.ask(scenario, "first(launches) + 1e9")
    with pytest.raises(winset.ScenarioError, match="C490"):
        winset.ask(scenario, "first(launches) - 1e9")


@pytest.mark.parametrize(
    ("formula", "column", "fix"),
    [
        ("abs(first(launches))", 1, "`abs(first(launches) - 2019-05-04)`"),
        ("log(last(launches))", 1, "`log(last(launches) - 2019-05-04)`"),
        ("1 + max(first(launches), 3)", 5, "`max(first(launches), 2019-05-04)`"),
        ("-first(launches)", 1, "`first(launches) - 2019-05-04`"),
        ("first(launches) within 3 of 5", 17, "within 3 of 2019-05-04"),
        ("first(launches) within last(launches) of 2019-05", 17, "`X within 3 of Y`"),
        ("first(launches) * 2", 17, "`first(launches) - 2019-05-04`"),
        ("first(launches) > 3", 17, "`first(launches) > 2019-05-04`"),
        ("3 > first(launches)", 3, "`first(launches) < 2019-05-04`"),
        ("first(launches) > 2019", 17, "Write `first(launches) > 2019-12`"),
        ("first(launches) >= 2019", 17, "Write `first(launches) >= 2019-01`"),
        ("first(launches) <= 2019", 17, "Write `first(launches) <= 2019-12`"),
        ("2019 <= first(launches)", 6, "Write `first(launches) >= 2019-01`"),
        ("first(launches) = 2019", 17, "Write `first(launches) >= 2019-01 and first(launches) <= 2019-12`"),
        ("first(launches) != 2019", 17, "Write `not (first(launches) >= 2019-01 and first(launches) <= 2019-12)`"),
    ],
)
def test_a_day_where_a_number_belongs_is_told_what_to_write(
    scenario: winset.Scenario, formula: str, column: int, fix: str
) -> None:
    with pytest.raises(winset.ScenarioError) as caught:
        winset.ask(scenario, formula)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.where.column) == ("C436", column)
    assert fix in problem.fix
    written = problem.fix.split("`")[1] if "Write `" in problem.fix else ""
    if written and "X" not in written:
        winset.ask(scenario, written)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "{240, 1e999}", "٢٤٠", "２４０"])
def test_numbers_of_rows_are_finite_and_in_common_digits(scenario: winset.Scenario, number: str) -> None:
    sign = "in" if number.startswith("{") else "="
    with pytest.raises(winset.ScenarioError, match="S208"):
        winset.ask(scenario, f"count(launches where range_km {sign} {number})")


def test_rows_and_what_nobody_has_checked(scenario: winset.Scenario) -> None:
    got = winset.ask(scenario, "count(launches where class = SRBM) >= 3")
    assert [(r["line"], r["date"], r["what"], r["source"], r["unchecked"]) for r in got.rows] == [
        (2, "2019-05-04", "Hwasong-11A (KN-23), SRBM", "CNS", ""),
        (3, "2019-05-04", "KN-23, SRBM", "GEN", "from memory"),
        (4, "2019-05-09", "KN-25, SRBM", "CNS", ""),
    ]
    assert "3 of 5 rows of launches" in got.rows_say
    assert "1 of these unchecked (from memory)" in got.rows_say
    assert "without the unchecked rows it would not hold" in got.rows_say
    same = winset.ask(scenario, "count(launches where class = SRBM) >= 2")
    assert "without the unchecked rows the verdict is the same" in same.rows_say
    only = winset.ask(scenario, "count(launches where key = GEN) >= 1")
    assert "all unchecked" in only.rows_say


def test_absence_proves_no_more_than_the_file_covers(scenario: winset.Scenario) -> None:
    got = winset.ask(scenario, "count(launches where class = SLBM and day > 2019-10) = 0")
    assert got.value is True
    assert got.rows == []
    assert "none of 5 rows of launches" in got.rows_say
    assert "ballistic missiles only" in got.rows_say


def test_a_day_of_no_rows_is_undecided(scenario: winset.Scenario) -> None:
    got = winset.ask(scenario, "first(launches where class = MRBM) > 2019-05")
    assert got.value is None
    assert "no row fits" in got.undecided


def test_a_fact_loads_no_numeric_library(scenario: winset.Scenario) -> None:
    program = (
        "import sys, winset; s = winset.read(sys.argv[1]); print(winset.ask(s, 'count(launches)').value, "
        "[m for m in ('numpy', 'numba') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, scenario.file], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == "5.0 []"


PAGE = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "state-facts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", re.findall(r"^winset ask .*$", PAGE, re.MULTILINE))
def test_the_questions_of_the_page_are_answered(line: str) -> None:
    _, verb, name, formula = shlex.split(line)
    got = winset.ask(winset.read(name), formula)
    assert verb == "ask"
    assert got.value
    assert got.rows


def test_the_table_of_the_page_is_one(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:yaml)?\n(.*?)```", PAGE, re.DOTALL)
    rows = next(b for b in blocks if b.startswith("day,"))
    table = next(b for b in blocks if b.startswith("tables:"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "launches.csv").write_text(rows, encoding="utf-8")
    head, claims = (
        TEXT.split("tables:")[0],
        "claims:\n  x: {quote: x, by: X, kind: fact, holds if: days(launches) = 3}\n",
    )
    (tmp_path / "talks.yaml").write_text(head + table + claims, encoding="utf-8")
    scenario = winset.read(tmp_path / "talks.yaml")
    assert winset.ask(scenario, scenario.claims[0].holds_if).value is True
    assert "1 of these unchecked" in winset.ask(scenario, "count(launches) = 3").rows_say


@pytest.mark.slow
def test_facts_stand_beside_the_model(scenario: winset.Scenario) -> None:
    brief = winset.brief(scenario, cache=False)
    got = {c["id"]: c for c in brief["claims"]}
    assert {name: c["verdict"] for name, c in got.items()} == {"spate": "holds", "none": "fails", "when": "undecided"}
    assert got["spate"]["number"] == 20
    assert len(got["spate"]["rows"]) == 3
    assert [r["what"] for r in got["none"]["rows"]] == ["Pukguksong-3, SLBM"]
    assert "No row fits" in got["when"]["why"]
    assert set(brief["against"]) == {"none", "when"}
    joined = winset.ask(scenario, "P(north plays send) * count(launches) > 4", cache=False)
    assert joined.value is False
    assert {p["formula"]: p["value"] for p in joined.parts}["count(launches)"] == 5
