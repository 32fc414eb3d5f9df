"""Reading: the page's example, Python sections, quantities in place, and what is refused at once."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from language_samples import valid_texts
from ruamel.yaml import YAML

from winset.base.errors import ScenarioError
from winset.language.expr import Name, Number
from winset.language.reading import build, check, read, read_text
from winset.language.scenario import Scenario

SMALL: dict[str, Any] = {
    "scenario": "Small",
    "clock": {"rounds": 3},
    "players": {"a": {"discount": {"value": 0.9, "range": [0.8, 1], "note": "patience"}}, "b": None},
    "state": {"deal": {"values": ["none", "done"], "start": "none"}},
    "round": [
        {"move": "talk", "by": "a", "actions": {"wait": {}, "sign": {"pays": {"b": 1}, "then": {"deal": "done"}}}}
    ],
    "ends_when": "deal = done",
}


@pytest.mark.parametrize("name", valid_texts())
def test_valid_scenarios_are_accepted(name: str) -> None:
    scenario, found = check(valid_texts()[name])
    assert scenario is not None, [str(d) for d in found]
    assert all(d.severity != "error" for d in found)


def test_the_example_means_what_the_page_says(example: str) -> None:
    scenario = read_text(example)
    assert scenario.clock.rounds == 16
    assert [len(m.sides) for m in scenario.round] == [1, 3, 1, 0]
    assert scenario.state[1].values == (0.0, 1.0, 2.0, 3.0)
    assert scenario.state[3].start == (("good", Number(0.4)), ("bad", Number(0.6)))
    offer = scenario.round[0].sides[0].actions[3]
    assert [len(values) for _, values in offer.parameters] == [11, 3]
    assert scenario.round[2].sides[0].hidden
    values = {p.name: (p.value, p.is_open) for p in scenario.parameters}
    assert values["staller_share"] == (0.55, True)
    assert values["talk_cost"] == (0.05, False)


def test_python_sections_read_like_the_file(tmp_path: Path) -> None:
    built = build(**SMALL)
    lines = {**SMALL, "winset": 1, "ends when": SMALL["ends_when"]}
    del lines["ends_when"]
    path = tmp_path / "small.yaml"
    with path.open("w") as out:
        YAML().dump(lines, out)
    assert read(path) == built


def test_a_quantity_in_place_becomes_a_parameter_named_by_its_path() -> None:
    scenario = build(**SMALL)
    assert scenario.players[0].discount == Name("players.a.discount")
    (parameter,) = scenario.parameters
    assert (parameter.name, parameter.value, parameter.low, parameter.note) == (
        "players.a.discount",
        0.9,
        0.8,
        "patience",
    )


def test_problems_of_python_sections_give_the_path() -> None:
    wrong = {**SMALL, "players": {"a": {"discont": 0.9}, "b": None}}
    with pytest.raises(ScenarioError) as caught:
        build(**wrong)
    assert [(d.code, str(d.where), d.nearest) for d in caught.value.diagnostics if d.severity == "error"] == [
        ("N101", "players.a.discont", "discount")
    ]


@pytest.mark.parametrize("value", [object(), float("nan"), float("inf"), 3 + 4j, b"x"])
def test_python_values_without_meaning(value: object) -> None:
    with pytest.raises(ScenarioError) as caught:
        build(**{**SMALL, "about": value})
    assert caught.value.diagnostics[0].code == "S108"


def test_endless_python_sections() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    with pytest.raises(ScenarioError) as caught:
        build(**{**SMALL, "state": endless})
    assert caught.value.diagnostics[0].code == "S105"


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ({"sources": {f"s{i}": "x" for i in range(200_000)}}, "S105"),
        ({"record": [{}] * 10 + [["x"] * 200_000]}, "S105"),
        ({"record": [{}] * 200_000}, "S105"),
        ({"about": "x" * 10_000_000}, "S101"),
        ({"sources": {1: "x", "1": "y"}}, "S104"),
        ({"about": "\x1b[2J"}, "S112"),
    ],
)
def test_python_sections_are_bounded_like_files(section: dict[str, Any], code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        build(**{**SMALL, **section})
    assert [d.code for d in caught.value.diagnostics] == [code]


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\x0c", "\u200b", "\u200e", "\x00", "\ufeff"])
def test_what_cannot_be_seen_is_refused_where_it_stands(character: str) -> None:
    text = "winset: 1\r\nscenario: T\r\n# no" + character + "te\r\nclock: {rounds: 2}\r\n"
    (problem,) = check(text)[1]
    assert (problem.code, problem.where.line, problem.where.column) == ("S112", 3, 5)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('winset: 1\nscenario: "T\nclock: {rounds: 2}\n', 2, 11),
        ("winset: 1\nplayers: {a: {}\n", 2, 10),
        ("winset: 1\nround: [a, [b]\n", 2, 8),
    ],
)
def test_what_is_never_closed_is_shown_where_it_begins(text: str, line: int, column: int) -> None:
    (problem,) = check(text)[1]
    assert (problem.code, problem.where.line, problem.where.column) == ("S102", line, column)


def test_what_is_empty_is_shown_at_its_key() -> None:
    text = (
        "winset: 1\nscenario: T\nclock:\n# a remark\n\nplayers: {a: {}}\nround: [{move: m, by: a, actions: {w: {}}}]\n"
    )
    (problem,) = check(text)[1]
    assert (problem.code, problem.where.line, problem.where.column) == ("T703", 3, 1)


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: b\n" * 2_000_000)
    assert [d.code for d in check(path)[1]] == ["S101"]
    assert [d.code for d in check("a: b\n" * 2_000_000)[1]] == ["S101"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"scenario: caf\xe9\n")
    assert [d.code for d in check(path)[1]] == ["S109"]
    assert [d.code for d in check(tmp_path / "none.yaml")[1]] == ["S110"]
    assert [d.code for d in check(tmp_path)[1]] == ["S110"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", {"S103"}),
        ("a:\n" + " [\n" * 100_000, {"S105"}),
        ("x: " + "{a: " * 50_000 + "\n", {"S105"}),
        ("a: [\n" + "1,\n" * 20_000 + "]\n", {"S105"}),
        ("\n" + "- " * 30_000 + "a\n", {"S105"}),
        ("a: !!python/object/apply:os.system ['true']\n", {"S103"}),
        ("<<: {a: 1}\nb: 2\n", {"S103"}),
        ("\x00\n", {"S112"}),
    ],
)
def test_bombs_are_refused(text: str, codes: set[str]) -> None:
    scenario, found = check(text)
    assert scenario is None
    assert {d.code for d in found} == codes


def test_zero_priors_are_refused() -> None:
    zero = {**SMALL, "players": {"a": {"types": {"x": 0, "y": 1}}, "b": None}}
    with pytest.raises(ScenarioError) as caught:
        build(**zero)
    assert [d.code for d in caught.value.diagnostics if d.severity == "error"] == ["P402"]


def test_yaml_words_mean_themselves() -> None:
    words = {**SMALL, "state": {"deal": {"values": ["no", "yes", "on"], "start": "no"}}, "ends_when": "deal = yes"}
    words["round"] = [{"move": "talk", "by": "a", "actions": {"wait": {}, "sign": {"then": {"deal": "on"}}}}]
    assert build(**words).state[0].values == ("no", "yes", "on")


def test_several_lines_keep_their_place() -> None:
    text = "winset: 1\nscenario: T\nclock: {rounds: 2}\nplayers: {a: {}}\nround:\n  - move: m\n    by: a\n    actions: {w: {}}\n"
    text += "ends when: now = 2 and\n  nothing_such > 3\n"
    (found,) = [d for d in check(text)[1] if d.severity == "error"]
    assert (found.code, found.where.line, found.where.column) == ("N102", 10, 3)


def test_a_scenario_is_plain_data(example: str) -> None:
    scenario = read_text(example)
    assert isinstance(scenario, Scenario)
    assert replace(scenario, title="other") != scenario
    assert read_text(example) == scenario
    assert hash(read_text(example)) == hash(scenario)
