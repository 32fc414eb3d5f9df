"""What must not matter: the order of declarations, what things are called, in which unit payoffs are counted.

Each property has a negative control: the same kind of change, made so that it does matter, is noticed.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import winset
from winset.language.scenario import Scenario
from winset.testing.rewriting import (
    Document,
    Found,
    answers,
    differences,
    formulas_about,
    names_of,
    order_of,
    other_names,
    payoffs_of,
    renamed,
    renamed_formula,
    rescaled,
    shuffled,
)
from winset.testing.scenarios import check_scenario, in_unit, largest, units, without_payoffs

SHELF = ("centipede", "matching-pennies", "prisoners-dilemma", "fearon-ultimatum", "alternating-offers")
"""Simultaneous moves, parameters of actions, dates in conditions, one private type; quickly solved."""
LONG = ("beer-quiche", "chain-store", "spence", "treaty", "rubinstein")
MIXED: Document = {
    "winset": 1,
    "scenario": "A little of everything",
    "clock": {"from": "2020-01", "to": "2020-04", "round": "month", "dates": {"deadline": "2020-03-31"}},
    "solution": {"precision": 4, "grid": 3},
    "parameters": {"cost": 0.3, "leak": {"value": 0.2, "range": [0.1, 0.3]}},
    "players": {
        "north": {"types": {"trader": 0.5, "staller": 0.3, "waverer": "rest"}, "discount": 0.9},
        "south": {"types": {"soft": 0.6, "hard": 0.4}, "discount": 0.95},
    },
    "state": {
        "trust": {"range": [0, 2], "start": {0: 0.25, 1: 0.75}},
        "deal": {"values": ["none", "small", "full"], "start": "none"},
        "open_door": {"start": True},
    },
    "define": {"late": "now > deadline or eager", "eager": "trust >= 2"},
    "round": [
        {
            "move": "talk",
            "by": ["north", "south"],
            "actions": {
                "north": {
                    "wait": {},
                    "come": {"pays": {"north": "-cost"}, "becomes": {"north": {"staller": {"trader": 0.1}}}},
                },
                "south": {
                    "hold": {},
                    "lean": {"if": "open_door", "pays": {"south": "if south is hard then -0.5 else 0.2"}},
                },
            },
            "when": [
                {"if": "north plays come and south plays lean", "then": {"trust": "up 1"}},
                {"if": "north plays come and south plays hold", "then": {"trust": "down 1"}},
                {"if": "south plays lean", "pays": {"north": "if north is trader then 0.4 else 0.1"}},
            ],
        },
        {
            "move": "comply",
            "by": "north",
            "actions": {"keep": {}, "cheat": {"pays": {"north": 0.2, "south": -0.3}}},
            "signals": {
                "caught": {"probability": "if north plays cheat then 0.5 else 0.05", "then": {"open_door": False}},
                "quiet": {"probability": "rest"},
            },
        },
        {
            "move": "offer",
            "by": "south",
            "if": "late",
            "actions": {
                "pass_by": {},
                "sign": {
                    "for": {"share": [0.2, 0.5], "relief": [0, 1]},
                    "pays": {"north": "share + 0.1 * relief", "south": "1 - share - 0.2 * relief"},
                    "chance": {
                        "ratified": {"probability": "1 - leak", "then": {"deal": "if relief = 1 then full else small"}},
                        "refused": {"probability": "rest"},
                    },
                },
            },
        },
    ],
    "ends when": "deal != none",
    "payoffs": {
        "each round": {"north": "0.1 * trust", "south": "if north is staller then -0.2 else 0"},
        "at the end": {"south": "if deal = full then 0.5 else 0"},
    },
    "variants": {"leaky": {"parameters": {"leak": 0.3}, "without": ["wait", "pass_by"]}},
    "questions": {"signed": "P(deal != none by 2020-03)", "leaky": "P(deal = full) - P(deal = full) in leaky"},
    "claims": {
        "worse": {
            "quote": "Leaks hurt.", "by": "nobody", "kind": "cause",
            "holds if": "value(north is trader) > value(north is trader) in leaky",
        }
    },
}  # fmt: skip
"""Three types and two, a hidden action, a law of types, random starts and draws, dates, offers with two parameters."""


def document(name: str) -> Document:
    """A scenario of the shelf as nested dictionaries; `mixed`: the one above."""
    if name == "mixed":
        return copy.deepcopy(MIXED)
    return dict(YAML(typ="safe").load(Path(str(winset.locate(name))).read_text(encoding="utf-8")))


def built(sections: Document) -> Scenario:
    return winset.build(**{key.replace(" ", "_"): part for key, part in sections.items()})


@lru_cache
def asked(name: str) -> tuple[Scenario, tuple[str, ...], Found]:
    """A scenario as it stands, what it is asked, and its answers."""
    scenario = built(document(name))
    if name != FLAGSHIP:
        formulas = formulas_about(scenario)
    else:  # its variants would each be solved too
        formulas = [f for f in formulas_about(scenario) if " in " not in f]
    return scenario, tuple(formulas), answers(scenario, formulas, grid=GRIDS.get(name))


FLAGSHIP = "us-dprk-2019"
GRIDS = {FLAGSHIP: 2}
ALL = [
    "mixed",
    *SHELF,
    *(pytest.param(name, marks=pytest.mark.slow) for name in LONG),
]


def moved(name: str, other: Scenario, formulas: tuple[str, ...] | None = None) -> list[str]:
    """The answers of another scenario that differ from those of the one named."""
    _, base, kept = asked(name)
    found = answers(other, formulas or base, grid=GRIDS.get(name))
    return differences(kept.values(), found.values(), base)


NEVER_MATTER = ("relabelling", "order of declaration", "units of payoffs")


@pytest.mark.parametrize("name", ALL)
def test_what_must_not_matter_does_not(name: str) -> None:
    """Answers that read variants and other equilibria are compared too."""
    scenario = built(document(name)) if name == "mixed" else winset.read(name)
    report = check_scenario(scenario, only=NEVER_MATTER, everything=True).require()
    done = {check.name for check in report.checks if check.outcome == "passed"}
    assert done == set(NEVER_MATTER) - ({"order of declaration"} if name == "mixed" else set())


@pytest.mark.slow
def test_nothing_that_must_not_matter_does_in_october_2019() -> None:
    """Order, names and units are all changed at once, since solving it takes long."""
    scenario, formulas, kept = asked(FLAGSHIP)
    how, names = units(scenario), other_names(scenario)
    turned = rescaled(built(shuffled(document(FLAGSHIP), 1)), how)
    assert order_of(document(FLAGSHIP)) != order_of(shuffled(document(FLAGSHIP), 1))
    found = answers(renamed(turned, names), [renamed_formula(f, names) for f in formulas], grid=GRIDS[FLAGSHIP])
    game = winset.compile_game(scenario)
    due = [in_unit(game, how, f, kept[f]) if f in payoffs_of(scenario) else kept[f] for f in formulas]
    chosen = [f for f in formulas if f in payoffs_of(scenario) or f in without_payoffs(formulas)]
    pairs = [(d, g, f) for d, g, f in zip(due, found.values(), formulas, strict=True) if f in chosen]
    assert differences(*zip(*pairs, strict=True)) == []
    assert len(pairs) > 50 and sum(f in payoffs_of(scenario) for f in chosen) >= 2


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_declaration_of_a_little_of_everything(seed: int) -> None:
    sections = shuffled(document("mixed"), seed, keep=("types",))
    assert order_of(sections) != order_of(document("mixed"))
    assert moved("mixed", built(sections)) == []


@pytest.mark.slow
def test_order_of_three_types_is_within_the_error_of_the_grid() -> None:
    """Beliefs over three types live on a grid that starts with the first of them; two types stand alike on theirs.

    So their order moves answers as another grid would, and less on a finer one.
    """
    scenario, formulas, _ = asked("mixed")
    sections = document("mixed")
    sections["players"]["north"]["types"] = dict(reversed(sections["players"]["north"]["types"].items()))
    assert [len(p.types) for p in scenario.players] == [3, 2]
    numbers = tuple(f for f in formulas if " in " not in f)
    apart = [largest(answers(scenario, numbers, grid=g), answers(built(sections), numbers, grid=g)) for g in (2, 5)]
    assert 1e-6 < apart[0] < 1e-2
    assert apart[1] < apart[0] / 4


def test_order_of_moves_does_matter() -> None:
    sections = document("centipede")
    sections["round"].reverse()
    assert moved("centipede", built(sections))


def test_order_of_a_variables_values_does_matter() -> None:
    """`up` and `down` move along it, which is why it is a list."""
    sections = document("mixed")
    sections["state"]["deal"]["values"] = ["small", "none", "full"]
    assert moved("mixed", built(sections)) == []
    climbing = [document("mixed"), sections]
    for each in climbing:
        each["round"][2]["actions"]["sign"]["chance"]["ratified"]["then"]["deal"] = "up 1"
    one, two = (answers(built(each), ["P(deal = small)"]) for each in climbing)
    assert one != two


def test_every_name_is_another() -> None:
    scenario = asked("mixed")[0]
    names = other_names(scenario)
    other = renamed(scenario, names)
    assert {p.name for p in other.players} == {names[p.name] for p in scenario.players}
    assert not names_of(other) & set(names)


@pytest.mark.parametrize(
    ("old", "new"), [("trader", "staller"), ("cheat", "keep"), ("soft", "hard"), ("come", "wait"), ("full", "small")]
)
def test_names_exchanged_in_the_questions_alone_do_matter(old: str, new: str) -> None:
    """Renaming is seen by the questions: asked about the other type or action they have other answers."""
    _, formulas, _ = asked("mixed")
    turned = tuple(renamed_formula(f, {old: new, new: old}) for f in formulas)
    assert turned != formulas
    assert moved("mixed", asked("mixed")[0], turned)


@pytest.mark.parametrize("name", ["mixed", "centipede", "matching-pennies"])
def test_units_do_matter_where_the_precision_keeps_its_own(name: str) -> None:
    scenario, formulas, kept = asked(name)
    choices = without_payoffs(formulas)
    found = answers(rescaled(scenario, units(scenario), precision=False), choices)
    assert differences([kept[f] for f in choices], [found[f] for f in choices], choices, 1e-3)


def test_a_shift_that_depends_on_play_does_matter() -> None:
    """Paid every round, not once, it is worth more in histories that last longer."""
    sections = document("mixed")
    sections["payoffs"]["each round"]["north"] = "0.1 * trust + 0.3"
    choices = without_payoffs(asked("mixed")[1])
    found = answers(built(sections), choices)
    assert differences([asked("mixed")[2][f] for f in choices], [found[f] for f in choices], choices, 1e-3)


@pytest.mark.parametrize("name", ["mixed", "matching-pennies"])
def test_the_questions_have_answers(name: str) -> None:
    """So that the properties above compare numbers, not refusals."""
    _, formulas, kept = asked(name)
    told = [value for value in kept.values() if not isinstance(value, str)]
    assert len(told) > 0.9 * len(formulas)
    numbers = [value for value in told if isinstance(value, float)]
    assert len(numbers) > 5
    assert len({round(value, 6) for value in numbers}) > 0.5 * len(numbers)
