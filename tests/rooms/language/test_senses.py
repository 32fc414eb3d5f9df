"""The numbers of a block's fields: what one cannot mean is refused at its place, a parameter over its whole range."""

from __future__ import annotations

import pytest

import winset
from winset.language.blocks.table import BLOCK_TABLE
from winset.language.blocks.text import expand_text
from winset.language.field import SENSES
from winset.language.reading import check
from winset.language.schema import schema

TALKS = """\
winset: 1
scenario: Talks
clock: {from: 2019-10, rounds: 4, dates: {eve: 2019-12}}
parameters: {PARAMETERS}
players: {a: {types: {s: 0.5, t: 0.5}}, b: {}}
blocks:
  k: {BLOCK}
round:
  - {move: talk, by: a, actions: {sign: {}, wait: {}}}
  - {move: fate, by: chance, outcomes: {calm: {probability: rest}}}
PLACE
VARIANTS
"""
PLACED = ("tenure", "delegation", "monitoring")
GOOD = {
    "deadline": "{by: a, on: 2, cost: 1, returning: {by: [sign], cost: 3}}",
    "tenure": "{of: a, values: [calm, gone], start: calm, changes: {fall: {from: calm, to: gone, rate: 0.1}},"
    " election: {on: 3, defeat: 0.5, lost: gone, won: calm}}",
    "ratification": "{of: b, agreements: {sign: 1}, threshold: 0, spread: 1}",
    "delegation": "{by: a, builds: work, levels: [0, 2], working: 0.4, listening: 0, cost: 1}",
    "capability": "{of: a, levels: [0, 2], start: 1, grows: {rate: 0.1}, raised by: {sign: 0.1},"
    " lowered by: {wait: 1}, worth: {a: 1}, beyond: 1}",
    "monitoring": "{of: a, gain: 0.1, harm: {b: 1}, detection: 0.4, false alarm: 0, costs: {a: 1}}",
    "audience cost": "{of: a, broken by: [sign], cost: 1}",
}
CASES = [
    ("deadline", "on: 2", "round"),
    ("deadline", "cost: 1", "amount"),
    ("deadline", "cost: 3", "amount"),
    ("tenure", "rate: 0.1", "chance"),
    ("tenure", "on: 3", "round"),
    ("tenure", "defeat: 0.5", "chance"),
    ("ratification", "spread: 1", "amount"),
    ("delegation", "working: 0.4", "chance"),
    ("delegation", "listening: 0", "chance"),
    ("delegation", "cost: 1", "cost"),
    ("capability", "rate: 0.1", "chance"),
    ("capability", "{sign: 0.1", "chance"),
    ("capability", "{wait: 1", "steps"),
    ("capability", "beyond: 1", "amount"),
    ("monitoring", "{b: 1", "amount"),
    ("monitoring", "detection: 0.4", "chance"),
    ("monitoring", "alarm: 0", "chance"),
    ("monitoring", "{a: 1", "amount"),
    ("audience cost", "cost: 1", "cost"),
]
WRONG = {
    "chance": ("-0.1", "1.5"),
    "amount": ("-1",),
    "cost": ("-1",),
    "steps": ("-5", "1.5"),
    "round": ("0", "1.5", "99", "2019"),
}


def talks(kind: str, body: str, parameters: str = "", variants: str = "") -> str:
    moves = kind in PLACED or (kind == "capability" and "grows" in body)
    text = TALKS.replace("{BLOCK}", f"{{{kind}: {body}}}").replace("{PARAMETERS}", f"{{{parameters}}}")
    return text.replace("PLACE", "  - block: k" if moves else "").replace("VARIANTS", variants)


def refused(text: str) -> list[winset.Diagnostic]:
    return [d for d in check(text)[1] if d.code == "B910"]


def put(kind: str, old: str, value: str) -> str:
    head = old[: old.rindex(" ") + 1]
    assert GOOD[kind].count(old) == 1
    return GOOD[kind].replace(old, head + value)


@pytest.mark.parametrize("kind", GOOD)
def test_what_the_fields_can_mean_is_accepted(kind: str) -> None:
    scenario, found = check(talks(kind, GOOD[kind]))
    assert scenario is not None, [str(d) for d in found]


def test_every_field_with_a_sense_is_tried() -> None:
    assert len(CASES) == sum(bool(field.sense) for section in BLOCK_TABLE for field in section.fields)


@pytest.mark.parametrize(("kind", "old", "sense"), CASES)
def test_a_number_that_the_field_cannot_mean_is_refused_where_it_stands(kind: str, old: str, sense: str) -> None:
    for value in WRONG[sense]:
        text = talks(kind, put(kind, old, value))
        (problem,) = refused(text)
        assert text.splitlines()[problem.where.line - 1][problem.where.column - 1 :].startswith(value)
        assert "`k`" in problem.message
        assert problem.why and problem.fix
        if value not in ("99", "2019"):  # how many rounds there are is not known before
            with pytest.raises(winset.ScenarioError):
                expand_text(text)


@pytest.mark.parametrize(("kind", "old", "sense"), [c for c in CASES if c[2] != "round"])
def test_a_parameter_is_judged_over_its_range(kind: str, old: str, sense: str) -> None:
    text = talks(kind, put(kind, old, "x"), parameters="x: {value: 1, range: [LOW, 1]}")
    assert not refused(text.replace("LOW", "1"))
    (problem,) = refused(text.replace("LOW", "-1"))
    assert problem.example["x"] in (-1, pytest.approx(-1 + 2 * 0.381966))
    assert "can be" in problem.message
    inline = talks(kind, put(kind, old, "{value: 1, range: [LOW, 1]}"))
    assert not refused(inline.replace("LOW", "1"))
    assert len(refused(inline.replace("LOW", "-1"))) == 1


def test_a_range_between_whole_numbers_counts_no_levels() -> None:
    text = talks("capability", put("capability", "{wait: 1", "x"), parameters="x: {value: 1, range: [1, 2]}")
    (problem,) = refused(text)
    assert "round(" in problem.fix
    assert not refused(text.replace("{wait: x", "{wait: round(x)"))


def test_a_variant_and_a_type_are_judged_too() -> None:
    text = talks("audience cost", "{of: a, broken by: [sign], cost: x}", "x: 1", "variants: {v: {parameters: {x: -2}}}")
    (problem,) = refused(text)
    assert "in the variant `v`" in problem.message
    typed = talks("monitoring", put("monitoring", "{b: 1", "if a is t then -1 else 1"))
    assert refused(typed)[0].example == {"a is": "t"}
    assert not refused(talks("audience cost", "{of: a, broken by: [sign], cost: if a is t then -1 else 1}"))


def test_the_date_of_a_deadline() -> None:
    for good in ("2019-12-31", "eve", "4", "rounds - 1", "eve + 1"):
        assert not refused(talks("deadline", f"{{by: a, on: {good}, cost: 1}}")), good
    for bad in ("rounds + 1", "now", "eve - 3", "{value: 2, range: [1, 3]}", "true"):
        assert len(refused(talks("deadline", f"{{by: a, on: {bad}, cost: 1}}"))) == 1, bad


def test_levels_that_would_be_added_in_some_state() -> None:
    text = talks("capability", put("capability", "{wait: 1", "k - 2"))
    (problem,) = refused(text)
    assert problem.example == {"k": 1}


@pytest.mark.parametrize("spread", ["0", "0.0", "x", "{value: 0}"])
def test_a_spread_that_comes_down_to_nothing_is_a_threshold(spread: str) -> None:
    text = talks("ratification", f"{{of: b, agreements: {{sign: 0.5}}, threshold: 0.5, spread: {spread}}}", "x: 0")
    scenario, found = check(text)
    assert scenario is not None, [str(d) for d in found]
    stage = next(s for s in winset.compile_game(scenario).stages if s.move == "talk")
    chances = {stage.outcomes[i]: float(p) for i, p in zip(stage.outcome, stage.probability, strict=True)}
    assert chances["k_ratified"] == 1.0


def test_the_schema_knows_the_bounds() -> None:
    definitions = schema()["$defs"]
    assert definitions["ratification"]["properties"]["spread"]["minimum"] == SENSES["amount"].low
    assert definitions["change"]["properties"]["rate"]["maximum"] == 1.0
    assert definitions["capability"]["properties"]["raised by"]["additionalProperties"]["maximum"] == 1.0


@pytest.mark.parametrize("count", [2, 20, 50, 60, 200])
def test_what_can_be_expanded_can_be_read(count: int) -> None:
    houses = "\n".join(
        f"  h{i}: {{ratification: {{of: b, agreements: {{sign: 1}}, threshold: 0, spread: 2}}}}" for i in range(count)
    )
    text = talks("deadline", GOOD["deadline"]).replace("round:", houses + "\nround:")
    scenario, found = check(text)
    assert (scenario is None) == (count >= 60)
    if scenario is None:
        assert {d.code for d in found} == {"B911"}
        with pytest.raises(winset.ScenarioError):
            expand_text(text)
    else:
        assert check(expand_text(text))[0] == scenario
