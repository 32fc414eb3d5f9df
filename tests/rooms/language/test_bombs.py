"""Small texts that stand for endless work: each is refused, with a code, in about a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from winset.base.errors import ScenarioError
from winset.language.formula import parse_formula
from winset.language.reader import MOST_PROBLEMS
from winset.language.reading import check

TALKS = """\
winset: 1
scenario: Talks
clock: {rounds: 3}
players: {a: {types: {x: 0.5, y: 0.5}}, b: {}}
state:
  work: {range: [0, 3], start: 0}
  mood: {values: [calm, angry], start: calm}
round:
  - move: talk
    by: a
    actions: {wait: {}, go: {then: {work: up 1}}}
  - move: reply
    by: b
    actions: {yes: {}, no: {pays: {a: 1}}}
ends when: work = 3
payoffs: {at the end: {b: PAID, a: if mood = calm then 1 else 2}}
define:
"""
SECONDS = 30.0
"""Of the processor: about a second in truth; what could never end takes far longer than this."""


@contextmanager
def in_a_moment() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


def talks(paid: str = "work", define: list[str] | None = None) -> str:
    listed = define if define is not None else ["unused: 1"]
    return TALKS.replace("PAID", paid) + "".join(f"  {line}\n" for line in listed)


DOUBLED = ["d0: work + 1", *(f"d{i}: d{i - 1} + d{i - 1}" for i in range(1, 40))]
CHAIN = ["d0: work + 1", *(f"d{i}: d{i - 1} + 1" for i in range(1, 3000))]
BOMBS = {
    "definitions that double": (talks(define=DOUBLED), "S205"),
    "definitions that double, used": (talks("d39", DOUBLED), "S205"),
    "definitions that triple at one place": (talks("d7 * d7 * d7", DOUBLED[:12]), ""),
    "a chain of definitions": (talks("d2999", CHAIN), "S205"),
    "a chain of definitions, backwards": (talks("d2999", CHAIN[::-1]), "S205"),
    "a great circle of definitions": (talks(define=[f"d{i}: d{(i + 1) % 3000}" for i in range(3000)]), "N118"),
    "a long chain": (talks("+".join(["work"] * 390)), "S205"),
    "a long chain of powers": (talks("^".join(["work"] * 70)), "S205"),
    "chains in chains": (talks("(" * 9 + "work" + ("+1" * 90 + ")") * 9), "S205"),
    "a chain of `in`": (talks(define=["d: if work" + " in {1}" * 500 + " then 1 else 0"]), "S205"),
    "brackets": (talks("(" * 1900 + "work" + ")" * 1900), "S205"),
    "signs": (talks("-" * 1900 + "work"), "S205"),
    "powers of powers": (talks("9**9**9**9"), "S207"),
    "powers in some state": (talks("work^64^work"), "U326"),
    "a very long expression": (talks("+".join(["work"] * 2000)), "S201"),
    "a very long number": (talks("9" * 3900), "S208"),
    "80,000 keys": ("".join(f"k{i}: v\n" for i in range(80_000)), "S105"),
    "thousands of unknown names": (
        talks(define=[f"d{i}: nothing_{i} + 1" for i in range(3000)]),
        "N102",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_moment(name: str) -> None:
    text, code = BOMBS[name]
    with in_a_moment():
        scenario, found = check(text)
    assert (scenario is None) == bool(code), [str(d) for d in found][:3]
    assert not code or code in {d.code for d in found}


def test_the_first_definition_that_is_too_large_is_named_once() -> None:
    _, found = check(talks("d13", DOUBLED[:14]))
    assert [(d.code, d.where.line) for d in found if d.severity == "error"] == [("S205", 30)]


def test_the_search_through_states_costs_a_second_at_most() -> None:
    """Heavy expressions at many states: the search stops early, and says nothing it has not seen."""
    heavy = [f"h{i}: {' + '.join(['work'] * 90)}" for i in range(40)]
    uses = " + ".join(f"h{i}" for i in range(40))
    state = "".join(f"  c{i}: {{range: [0, 9], start: 0}}\n" for i in range(4))
    text = talks(uses, heavy).replace("  mood:", state + "  mood:").replace("rounds: 3", "rounds: 400")
    steps = ", ".join(f"s{i}: {{then: {{c{i}: up 1}}, pays: {{a: {uses}}}}}" for i in range(4))
    with in_a_moment():
        _, found = check(text.replace("wait: {}", f"wait: {{}}, {steps}"))
    assert "G612" not in {d.code for d in found}


def test_many_types_at_one_place_cost_a_second_at_most() -> None:
    names = [f"p{i}" for i in range(12)]
    types = "{types: {w: 0.25, x: 0.25, y: 0.25, z: 0.25}}"
    players = ", ".join(f"{name}: {types}" for name in names)
    text = talks(" + ".join(f"(if {name} is x then 1 else 0)" for name in names)).replace(
        "b: {}}", f"b: {{}}, {players}}}"
    )
    with in_a_moment():
        check(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9^9^9^9", "S207"),
        ("1 + (-9)^(9^9)", "S207"),
        ("P(x)" + " + P(x)" * 200, "S205"),
        ("P(x)" + " in v" * 700, "S205"),
        ("1" + " within 1 of 1" * 250, "S205"),
        ("P(x" + " or x" * 300 + ")", "S205"),
        ("min(" + ", ".join(["P(x)"] * 60) + ")", "S210"),
        ("abs(1, 2)", "S210"),
    ],
)
def test_formulas_that_are_bombs(text: str, code: str) -> None:
    with in_a_moment(), pytest.raises(ScenarioError) as caught:
        parse_formula(text)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_problems_without_number_are_cut_off_and_it_is_said() -> None:
    _, found = check(talks(define=[f"d{i}: nothing_{i}" for i in range(3000)]))
    assert [d.code for d in found].count("N102") == MOST_PROBLEMS
    assert [d.code for d in found].count("S111") == 1
