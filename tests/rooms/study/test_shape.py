"""The game's form and the record, read off a scenario."""

from __future__ import annotations

from pathlib import Path

import winset
from winset import build
from winset.game.compile import compile_game
from winset.language.scenario import Scenario
from winset.study.shape import record_rows, shape


def scenario() -> Scenario:
    return build(
        scenario="form",
        sources={"S": "a source"},
        clock={"from": "2020-01", "to": "2020-03", "round": "month"},
        players={"a": {"about": "First.", "types": {"x": 0.25, "y": 0.75}}, "b": {}},
        state={"done": {"start": False}},
        round=[
            {"move": "hide", "by": "a", "if": "not done", "actions": {"cheat": {}, "keep": {}},
             "signals": {"caught": {"probability": "if a plays cheat then 0.5 else 0"},
                         "clear": {"probability": "rest"}}},
            {"move": "clash", "by": ["a", "b"],
             "actions": {"a": {"hold": {}, "push": {}}, "b": {"hold": {}, "push": {}}}},
            {"move": "luck", "by": "chance", "outcomes": {"ends": {"probability": 0.1, "then": {"done": True}},
                                                          "goes_on": {"probability": "rest"}}},
        ],
        ends_when="done",
        payoffs={"each round": {"a": {"rent": 1, "toll": "if a is x then 1 else 0"}}},
        record=[{"date": "2020-02-10", "player": "b", "action": "push", "source": "S"},
                {"date": "2020-03-02", "player": "chance", "action": "goes_on", "source": "S"}],
        questions={"done": "P(done)"},
    )  # fmt: skip


def test_moves_in_order_with_what_is_hidden_and_what_is_at_once() -> None:
    found = shape(compile_game(scenario()))
    assert [m["name"] for m in found["moves"]] == ["hide", "clash", "luck"]
    hide, clash, luck = found["moves"]
    assert hide["sides"] == [{"player": "a", "actions": ["cheat", "keep"], "seen": ["caught", "clear"]}]
    assert hide["condition"] == "not done"
    assert [s["player"] for s in clash["sides"]] == ["a", "b"]
    assert all(s["seen"] == [] for s in clash["sides"])
    assert (luck["by"], luck["outcomes"], luck["sides"]) == ("chance", ["ends", "goes_on"], [])
    assert found["players"][0]["types"] == {"x": 0.25, "y": 0.75}
    assert found["players"][1]["types"] == {"only": 1.0}
    assert found["paid"] == {"a": ["rent", "toll"]}
    assert (found["ends"], found["rounds"], found["first"], found["final"]) == ("done", 3, "2020-01", "2020-03")


def test_rows_of_the_record_in_the_rounds_shown() -> None:
    every = record_rows(scenario(), ["2020-01", "2020-02", "2020-03"])
    assert [(r["date"], r["round"], r["by"]) for r in every] == [
        ("2020-02-10", "2020-02", "b"),
        ("2020-03-02", "2020-03", "chance"),
    ]
    assert [r["round"] for r in record_rows(scenario(), ["2020-01", "2020-02"])] == ["2020-02"]


def test_rows_of_record_files_that_stand_for_acts(tmp_path: Path) -> None:
    """One row of each round and move; what stands behind another act, or for none, is not on the axis."""
    lines = ["day,what", "2020-01-20,b", "2020-01-05,b", "2020-02-01,c", "2020-02-03,none", "2020-03-09,b"]
    (tmp_path / "acts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        """
winset: 1
scenario: Acts
clock: {from: 2020-01, to: 2020-03}
players: {a: {}}
state: {done: {start: false}}
round:
  - {move: day, by: a, actions: {b: {then: {done: true}}, c: {if: not done}, d: {}}}
tables: {acts: {file: acts.csv, date: day, shows: [what], source: DESK}}
sources: {DESK: a desk}
record: [{date: 2020-02-02, player: a, action: d, source: DESK}]
observed:
  day: {acts: {b: acts where what = b, c: acts where what = c}}
""",
        encoding="utf-8",
    )
    rows = record_rows(winset.read(str(tmp_path / "s.yaml")), ["2020-01", "2020-02", "2020-03"])
    assert [(r["date"], r["by"], r["action"], r["source"]) for r in rows] == [
        ("2020-01-05", "a", "b", "DESK"),
        ("2020-02-01", "a", "c", "DESK"),
        ("2020-02-02", "a", "d", "DESK"),
        ("2020-03-09", "a", "b", "DESK"),
    ]
