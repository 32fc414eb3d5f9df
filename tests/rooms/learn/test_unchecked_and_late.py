"""Rows that nobody has checked, rows known late, and reports that prove a type: what the filter makes of them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import winset
from winset.language.scenario import Scenario
from winset.learn.filter import follow_record
from winset.learn.surprise import fits
from winset.study.solved import Study

HEAD = """\
winset: 1
scenario: Talks
clock: {from: 2019-10, to: 2019-12, round: month}
solution: {precision: 2, grid: 9}
"""
RUMOUR = (
    HEAD
    + """\
players:
  north: {types: {a: 0.5, b: 0.5}}
state:
  armed: {start: false}
round:
  - move: m
    by: north
    actions:
      hold: {pays: {north: if north is a then 1 else 0}}
      talk: {pays: {north: if north is b then 1 else 0}}
      test: {if: armed}
tables:
  events: {file: events.csv, date: day, shows: what, source column: key, unchecked: {GEN: from memory}}
observed:
  m:
    acts: {test: events where kind = test, talk: events where kind = talk}
    silence: hold
  trust unchecked: 0.97
questions: {t: P(north plays talk by 2019-12)}
claims:
  c: {quote: "they talk", by: z, kind: forecast, holds if: P(north plays talk by 2019-12) > 0.5}
"""
)
TWO = (
    HEAD
    + """\
players:
  south: {types: {a: 0.5, b: 0.5}}
state:
  deal: {start: false}
round:
  - move: reply
    by: south
    actions:
      stand: {}
      exercise: {pays: {south: if south is b then 1 else -1}}
      agree:
        chance:
          signed: {probability: 0.5, then: {deal: true}}
          failed: {probability: rest}
tables:
  events: {file: events.csv, date: day, shows: what, source column: key, unchecked: {GEN: from memory}}
observed:
  reply:
    acts: {failed: events where kind = failed, exercise: events where kind = exercise}
    silence: stand
  trust unchecked: TRUST
questions: {t: P(south plays agree by 2019-12)}
"""
)
PROOF = (
    HEAD
    + """\
players:
  north: {types: {a: 0.5, b: 0.5}}
round:
  - move: m
    by: north
    actions:
      hold: {}
      talk: {pays: {north: if north is b then 0 else -1000}}
  - move: c
    by: chance
    outcomes: {turn: {probability: 0.5, becomes: {north: {b: {a: 0.5}}}}, no: {probability: rest}}
tables:
  events: {file: events.csv, date: day, shows: what}
observed:
  m: {acts: {talk: events where kind = talk}, silence: hold}
hypotheses:
  who: {types of: north}
questions: {t: P(north plays talk by 2019-12)}
"""
)


def made(folder: Path, text: str, *rows: str, columns: str = "day,kind,what,key") -> Scenario:
    (folder / "events.csv").write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    (folder / "talks.yaml").write_text(text, encoding="utf-8")
    return winset.read(folder / "talks.yaml")


def test_a_rumour_of_what_cannot_be_is_a_surprise_and_no_impossibility(tmp_path: Path) -> None:
    """Unchecked rows are wrong with 0.03 and then name any of two acts."""
    found = winset.follow(
        made(tmp_path, RUMOUR, "2019-10-05,test,rumoured,GEN", "2019-11-05,talk,t,CNS"), until="2019-12", cache=False
    )
    first = found.entries[0]
    assert first.probability == pytest.approx(0.03 / 2)
    assert first.bits is not None and 0 < first.bits < 10
    assert found.misfit.fits and found.misfit.p_value > 0.05
    sure = winset.follow(made(tmp_path, RUMOUR, "2019-10-05,test,seen,CNS"), until="2019-12", cache=False)
    assert sure.misfit.impossible and sure.log_evidence is None


def test_the_bet_seldom_alarms_on_unchecked_records_of_the_model_itself(tmp_path: Path) -> None:
    text = RUMOUR.replace("to: 2019-12", "to: 2021-09").replace("north is a then 1", "north is a then 0")
    text = text.replace("north is b then 1", "north is b then 0")
    rng, alarms, count, solved = random.Random(2), 0, 60, None
    for _ in range(count):
        rows = []
        for month in range(24):
            kinds = ["talk"] if rng.random() < 0.5 else []
            kinds += [rng.choice(["talk", "test"])] if rng.random() < 0.03 else []
            rows += [f"{2019 + (9 + month) // 12}-{(9 + month) % 12 + 1:02d}-05,{kind},x,GEN" for kind in kinds]
        scenario = made(tmp_path, text, *rows)
        solved = solved or Study(scenario=scenario).solved()
        seen = winset.observe(scenario, until="2021-09")
        alarms += (
            fits(follow_record(solved.game, solved.course.respond, seen).steps, seen.last_round)[-1].p_value <= 0.05
        )
    assert alarms <= 8  # at most 5 % of 60, and three standard deviations


def test_an_unchecked_row_does_not_silence_a_checked_one(tmp_path: Path) -> None:
    """As trust falls to nothing, it is as if the row were not there."""
    rows = "2019-10-05,failed,rumour,GEN", "2019-10-25,exercise,seen by all,CNS"
    ends = []
    for trust in ("0", "0.0001", "1"):
        scenario = made(tmp_path, TWO.replace("TRUST", trust), *rows)
        found = winset.follow(scenario, until="2019-10", cache=False, forecasts=False)
        ends.append(next(w.end for w in found.types if w.name == "south is b"))
    assert ends[0] == pytest.approx(ends[1], abs=1e-3)
    assert abs(ends[2] - ends[0]) > 0.1  # trusted, it does count in its place


def test_all_of_the_record_is_known_by_default(tmp_path: Path) -> None:
    late = RUMOUR.replace("    silence: hold\n", "    silence: hold\n    known after: 3\n")
    scenario = made(tmp_path, late, "2019-10-05,talk,a,CNS", "2019-11-05,talk,t,CNS")
    assert [s.round for s in winset.observe(scenario).sightings] == [1, 2]
    assert winset.observe(scenario).until == "2019-11-08"
    assert [s.round for s in winset.observe(scenario, until="2019-11-07").sightings] == [1]


def test_a_report_that_nothing_makes_likelier_than_another_is_no_misfit(tmp_path: Path) -> None:
    text = (
        HEAD.replace("precision: 2", "precision: 0")
        + """\
players:
  south: {}
round:
  - move: reply
    by: south
    actions: {ACTS}
record:
  - {date: 2019-10-20, player: south, action: a1}
questions: {t: P(south plays a1 by 2019-12)}
""".replace("ACTS", ", ".join(f"a{i}: {{}}" for i in range(13)))
    )
    found = winset.follow(made(tmp_path, text), until="2019-10-31", cache=False, forecasts=False)
    assert found.misfit.fits
    assert found.misfit.spread == pytest.approx(0.0, abs=1e-9)


def test_a_type_that_is_proven_is_told_and_may_come_back_by_itself(tmp_path: Path) -> None:
    scenario = made(
        tmp_path, PROOF, "2019-10-05,talk,t", "2019-12-20,talk,t", columns="day,kind,what"
    )  # fmt: skip
    found = winset.follow(scenario, until="2019-12", cache=False)
    first = found.entries[0]
    assert first.after["north is b"] == 1.0
    assert first.ratio["north is b"] is None  # infinite, and no large number
    told = "\n".join(found.lines(80))
    assert "north is b ×∞: 50 % → 100 %" in told
    matrix = found.matrices[0]
    last = next(r for r in matrix.rows if r.date == "2019-12-20")
    assert last.cells[1].symbol == "CC"  # by then a was possible again, and is ruled out anew
    assert "types change by themselves" in matrix.text
    assert matrix.neutral <= sum(e.kind in ("event", "silence") for e in found.entries)


def test_ratios_do_not_cancel_near_certainty(tmp_path: Path) -> None:
    prior = "{types: {a: 0.999999999999, b: 0.000000000001}}"
    scenario = made(tmp_path, RUMOUR.replace("{types: {a: 0.5, b: 0.5}}", prior), "2019-10-05,talk,t,CNS")
    solved = Study(scenario=scenario).solved()
    step = follow_record(solved.game, solved.course.respond, winset.observe(scenario, until="2019-10")).steps[0]
    np.testing.assert_allclose(step.ratio[0] * step.ratio[1], 1.0, rtol=1e-12)


def test_the_order_of_rows_of_one_day_decides_nothing(tmp_path: Path) -> None:
    text = RUMOUR[: RUMOUR.index("tables:")].replace("test: {if: armed}", "test: {}") + "record:\nROWS\n"
    rows = [f"  - {{date: 2019-10-20, player: north, action: {act}}}" for act in ("talk", "test")]
    ends = []
    for order in (rows, rows[::-1]):
        found = winset.follow(made(tmp_path, text.replace("ROWS", "\n".join(order))), until="2019-10", cache=False)
        ends.append((found.entries[0].says, found.types[0].end))
    assert ends[0] == ends[1]


def test_a_record_that_says_nothing_still_has_its_claims(tmp_path: Path) -> None:
    found = winset.follow(made(tmp_path, RUMOUR, "2019-10-05,talk,t,CNS"), until="2019-09-30", cache=False)
    assert [c.name for c in found.claims] == ["c"]
    assert found.claims[0].verdict


def test_a_sighting_of_nobody_is_refused(tmp_path: Path) -> None:
    scenario = made(tmp_path, RUMOUR, "2019-10-05,talk,t,CNS")
    seen = winset.observe(scenario, until="2019-10")
    wrong = replace(seen, sightings=(replace(seen.sightings[0], player="west"),))
    with pytest.raises(ValueError, match="no player `west`"):
        winset.follow(scenario, observations=wrong, cache=False)
