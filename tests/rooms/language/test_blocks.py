"""Building blocks: what they expand to, that they compose in any order, and where their problems are said to be."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

import winset
from winset.language.blocks.expansion import _MAKERS
from winset.language.blocks.table import KINDS
from winset.language.blocks.text import expand_text
from winset.language.fields import SECTIONS
from winset.language.format import format_text
from winset.language.reading import build, check, read_text
from winset.language.schema import schema

HERE = Path(__file__).parent
EXAMPLES = sorted((Path(winset.__file__).parent / "language" / "blocks" / "examples").glob("*.yaml"))
TALKS = (HERE / "blocks" / "talks.yaml").read_text(encoding="utf-8")
FLAGSHIP = winset.text_of(winset.locate("us-dprk-2019"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLES} | {"talks": TALKS, "flagship": FLAGSHIP}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_expanded_reads_as_an_equal_scenario(name: str) -> None:
    text = TEXTS[name]
    expanded = expand_text(text)
    assert "blocks:" not in expanded
    assert "block:" not in expanded
    assert read_text(expanded) == read_text(text)


@pytest.mark.parametrize("name", TEXTS)
def test_expanding_again_changes_nothing_and_is_canonical(name: str) -> None:
    once = expand_text(TEXTS[name])
    assert expand_text(once) == once
    assert format_text(once) == once


def test_a_scenario_without_blocks_expands_to_its_canonical_form() -> None:
    text = (HERE / "broken" / "N121.yaml").read_text(encoding="utf-8")
    assert expand_text(text) == format_text(text)


def parts(text: str) -> tuple[str, list[str], str]:
    """The text before the blocks, each block, the text after them."""
    head, rest = text.split("blocks:\n", 1)
    body, tail = re.split(r"^(?=round:)", rest, maxsplit=1, flags=re.MULTILINE)
    return head + "blocks:\n", re.split(r"^(?=  \w+:\n)", body.rstrip("\n") + "\n", flags=re.MULTILINE)[1:], tail


def bare(text: str) -> str:
    """Without lines of comment: a comment goes with the block that follows it."""
    return re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_declaration_changes_nothing(seed: int) -> None:
    head, blocks, tail = parts(TALKS)
    assert len(blocks) == 10
    random.Random(seed).shuffle(blocks)
    assert bare(expand_text(head + "".join(blocks) + tail)) == bare(expand_text(TALKS))
    assert read_text(head + "".join(blocks) + tail) == read_text(TALKS)


def test_the_order_of_moves_does_matter() -> None:
    swapped = TALKS.replace("- block: room", "- block: X").replace("- block: inspections", "- block: room")
    assert read_text(swapped.replace("- block: X", "- block: inspections")) != read_text(TALKS)


def test_every_kind_is_made_and_has_an_example_and_a_schema() -> None:
    assert set(_MAKERS) == set(KINDS)
    assert {path.stem.replace("-", " ") for path in EXAMPLES} == set(KINDS)
    assert set(KINDS) <= set(schema()["$defs"]["block"]["properties"])
    assert all(set(schema()["$defs"][kind]["properties"]) == set(SECTIONS[kind].keys) for kind in KINDS)


@pytest.mark.parametrize("name", TEXTS)
def test_blocks_fit_the_schema(name: str) -> None:
    data = YAML(typ="safe", pure=True).load(re.sub(r"on: (\d[\d-]+)", r"on: '\1'", TEXTS[name]))
    data = {key: data[key] for key in ("blocks", "round")}
    made = schema()
    made["properties"] = {key: made["properties"][key] for key in data}
    validator = jsonschema.Draft202012Validator({**made, "required": []})
    assert [error.message for error in validator.iter_errors(data)] == []
    kind = next(iter(next(iter(data["blocks"].values()))))
    next(iter(data["blocks"].values()))[kind]["no_such_field"] = 1
    assert not validator.is_valid(data)


def test_two_kinds_in_one_block_do_not_fit_the_schema() -> None:
    made = jsonschema.Draft202012Validator({"$defs": schema()["$defs"], "$ref": "#/$defs/block"})
    rapport = {"between": ["a", "b"], "start": "warm"}
    deadline = {"by": "a", "on": 2, "cost": 1}
    assert made.is_valid({"rapport": rapport})
    assert not made.is_valid({"rapport": rapport, "deadline": deadline})
    assert not made.is_valid({})


PLAIN = """\
winset: 1
scenario: T
clock: {from: 2019-10, to: 2020-03, round: month}
players: {a: {types: {x: 0.5, y: rest}}, b: {}}
state: {deal: {start: false}}
blocks:
  BLOCK
round:
  - move: talk
    by: a
    actions: {wait: {}, sign: {pays: {a: 1}, then: {deal: true}}, test: {if: not deal}}
  - move: reply
    by: b
    actions: {no: {}, yes: {chance: {small: {probability: 0.3, then: {deal: true}}, great: {if: deal, probability: 0.2}, none: {probability: rest}}}}
"""  # noqa: E501


def plain(block: str, places: str = "") -> str:
    """The expansion of one block, without quotes."""
    return expand_text(PLAIN.replace("BLOCK", block) + places).replace('"', "")


def test_a_deadline_names_its_date_and_counts_only_where_it_is_not_met() -> None:
    text = plain("eve: {deadline: {by: a, on: 2019-12-31, unless: deal, cost: 0.5, returning: {by: sign, cost: 0.1}}}")
    assert "dates: {eve: 2019-12-31}" in text
    assert "eve_missed: now > eve and not deal" in text
    assert "eve: if now = eve and not deal then -0.5 else 0" in text
    assert "sign: {pays: {a: {own: 1, eve: -0.1 * eve_missed}}" in text
    assert "eve_missed" not in plain("eve: {deadline: {by: a, on: 2019-12-31, cost: 0.5}}")


def test_a_quantity_in_a_block_becomes_a_parameter_named_after_it() -> None:
    text = plain("eve: {deadline: {by: a, on: 3, cost: {value: 0.5, range: [0, 1], note: of letting it pass}}}")
    assert "eve_cost: {value: 0.5, range: [0, 1], note: of letting it pass}" in text
    assert "then -eve_cost else 0" in text


def test_ratification_splits_an_outcome_and_moves_an_action_into_its_draw() -> None:
    text = plain(
        "house: {ratification: {of: b, agreements: {sign: 0.4, small: 0.6, great: 1}, threshold: 0.2, spread: 0.5}}"
    )
    assert "house_ratified: {probability: max(0, min(1, (0.4 - 0.2) / 0.5)), pays: {a: 1}, then: {deal: true}}" in text
    assert "small: {probability: 0.3 * max(0, min(1, (0.6 - 0.2) / 0.5)), then: {deal: true}}" in text
    assert "(if deal then 0.2 * (1 - max(0, min(1, (1 - 0.2) / 0.5))) else 0)" in " ".join(text.split())
    assert text.count("house_rejected:") == 2


def test_ratification_of_the_outcome_that_takes_the_rest() -> None:
    text = plain("house: {ratification: {of: b, agreements: {none: 0.4}, threshold: 0.2, spread: 0.5}}")
    assert "none: {probability: (1 - 0.3 - (if deal then 0.2 else 0)) * max(" in text
    assert "house_rejected: {probability: rest}" in text


def test_two_houses_ratify_one_agreement() -> None:
    two = (
        "house: {ratification: {of: b, agreements: {sign: 0.4}, threshold: 0.2, spread: 0.5}}\n"
        "  senate: {ratification: {of: b, agreements: {sign: 0.4}, threshold: 0.3, spread: 0.5}}"
    )
    text = plain(two)
    assert re.search(r"house_ratified:\s*\{?\s*probability: .*0\.2\) / 0\.5\)\) \* max\(.*0\.3\) / 0\.5", text)
    assert "senate_rejected" in text
    assert check(PLAIN.replace("BLOCK", two))[0] is not None


def test_events_with_conditions_become_one_assignment() -> None:
    text = plain(
        "warmth: {rapport: {between: [a, b], levels: [cold, mild, warm], start: mild,"
        " built by: {sign: now < 3}, lost by: {sign: now >= 3, test: true}}}"
    )
    built = "if warmth = cold then mild else warm"
    assert f"warmth: if now >= 3 then cold else if now < 3 then ({built}) else warmth" in text or (
        f"warmth: if now >= 3 then cold else if now < 3 then {built} else warmth" in text
    )
    assert "test: {if: not deal, then: {warmth: cold}}" in text


def test_growth_joins_another_chance_move_before_the_rest() -> None:
    moves = "  - {move: events, by: chance, outcomes: {fire: {probability: 0.1}, quiet: {probability: rest}}}\n"
    text = plain("arms: {capability: {of: a, levels: [0, 3], start: 0, grows: {rate: 0.2, in: events}}}", moves)
    assert re.search(r"fire:.*arms_grows:.*quiet:", text, re.DOTALL)


def test_cheating_may_change_the_cheaters_type_unseen() -> None:
    text = plain("watch: {monitoring: {of: a, gain: 1, detection: 0.5, becomes: {x: {y: 0.3}}}}", "  - block: watch\n")
    assert "cheat: {pays: {a: {watch: 1}}, becomes: {a: {x: {y: 0.3}}}}" in text
    assert "found: {probability: if a plays cheat then 0.5 else 0}" in text


def test_a_place_may_name_the_move_and_note_it() -> None:
    text = plain(
        "watch: {monitoring: {of: a, gain: 1, detection: 0.5, note: of the block}}",
        "  - {block: watch, move: visit, note: of the place}\n",
    )
    assert "- move: visit" in text
    assert "note: of the place" in text
    assert "note: of the block" not in text


def test_a_block_may_name_what_another_makes() -> None:
    expanded = read_text(TALKS)
    outcomes = {o.name: o.effect.then for m in expanded.round for o in m.outcomes}
    assert [a.variable for a in outcomes["removed"]] == ["politics", "channel"]


def test_comments_stay_with_the_authors_elements() -> None:
    text = expand_text(TALKS)
    assert "  # politics at home\n  politics: {" in text
    assert "- move: room  # delegates" in text


def test_blocks_from_python() -> None:
    sections = {
        "scenario": "T",
        "clock": {"rounds": 2},
        "players": {"a": {}},
        "blocks": {"vow": {"audience_cost": {"of": "a", "made_by": ["say"], "broken_by": ["run"], "cost": 0.2}}},
        "round": [{"move": "m", "by": "a", "actions": {"say": {}, "run": {}}}],
    }
    made = build(**sections)
    assert [v.name for v in made.state] == ["vow"]


def test_a_wrong_name_inside_a_block_is_placed_in_its_line() -> None:
    text = PLAIN.replace("BLOCK", "eve: {deadline: {by: a, on: 3, unless: dael, cost: 0.5}}")
    _, found = check(text)
    (problem,) = [d for d in found if d.code == "N102"]
    assert (problem.where.line, problem.where.block) == (7, "eve")
    assert "made by the block `eve`" in str(problem)
    assert problem.nearest == "deal"


def test_an_expression_that_cannot_be_read_has_its_exact_column() -> None:
    text = PLAIN.replace("BLOCK", "eve: {deadline: {by: a, on: 3, unless: deal deal, cost: 0.5}}")
    (problem,) = [d for d in check(text)[1] if d.code == "S203"]
    line = text.splitlines()[problem.where.line - 1]
    assert line[problem.where.column - 1 :].startswith("deal, cost")


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("eve: {deadline: {by: a, on: 3}}", "S302"),
        ("eve: {deadline: {by: c, on: 3, cost: 1}}", "N105"),
        ("eve: {deadlin: {by: a, on: 3, cost: 1}}", "B901"),
        ("eve: {deadline: {by: a, on: 3, cost: 1, costs: 2}}", "N101"),
        ("eve: [deadline]", "B901"),
        ("eve: {}", "B901"),
        ("eve: {deadline: [by, on]}", "S301"),
        ("warmth: {rapport: {between: [a, d], start: warm}}", "N105"),
        ("deal: {audience cost: {of: a, broken by: sign, cost: 1}}", "B906"),
    ],
)
def test_bad_blocks_are_refused_at_their_line(block: str, code: str) -> None:
    scenario, found = check(PLAIN.replace("BLOCK", block))
    assert scenario is None
    assert (code, 7) in [(d.code, d.where.line) for d in found]
    with pytest.raises(winset.ScenarioError):
        expand_text(PLAIN.replace("BLOCK", block))


def test_odd_documents_never_crash_the_expansion() -> None:
    values = ["", "1", "[]", "{}", "[a, b]", "{a: 1}", "'x y'", "{a: {b: [c]}}"]
    fields = [(kind, key) for kind, section in KINDS.items() for key in section.keys]
    for (kind, key), value in itertools.product(fields, values):
        head = PLAIN.replace("BLOCK", f"odd: {{{kind}: {{{key}: {value}}}}}")
        check(head)
        check(head.replace("round:\n", "round:\n  - block: odd\n"))
    for value in values:
        check(f"winset: 1\nblocks: {value}\nround: {value}\nstate: {value}\nclock: {value}\npayoffs: {value}\n")
        check(f"winset: 1\nblocks: {{x: {value}}}\nround: [{{block: {value}}}]\n")


MANY = """\
winset: 1
scenario: T
clock: {rounds: 2}
players: {a: {}}
blocks:
BLOCKS
round:
MOVES
"""


def many(block: str, blocks: int, moves: int) -> str:
    listed = "\n".join(f"  b{i}: {block}" for i in range(blocks))
    steps = "\n".join(f"  - {{move: m{i}, by: a, actions: {{x: }}}}" for i in range(moves))
    return MANY.replace("BLOCKS", listed).replace("MOVES", steps)


REJECTED = ", ".join(f"v{i}: 1" for i in range(2000))
BOMBS = {
    "many blocks that name many actions": many("{audience cost: {of: a, broken by: x, cost: 1}}", 600, 600),
    "many ratifiers of one action": many("{ratification: {of: a, agreements: {x: 1}, threshold: 0.5}}", 700, 1),
    "a long rejection in many places": many(
        f"{{ratification: {{of: a, agreements: {{x: 1}}, threshold: 0, rejected: {{then: {{{REJECTED}}}}}}}}}", 1, 700
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_blocks_that_multiply_are_refused(name: str) -> None:
    scenario, found = check(BOMBS[name])
    assert scenario is None
    assert {d.code for d in found} & {"S105", "S201", "S205", "B911"}
