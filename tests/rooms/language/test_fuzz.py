"""Whatever is fed in, the answer is a scenario or diagnostics; nothing else is ever raised."""

# ruff: noqa: E501, PT017

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from language_samples import HERE, example_text

from winset.base.errors import ScenarioError
from winset.language.format import format_text
from winset.language.formula import parse_formula
from winset.language.parser import parse_expression
from winset.language.reading import build, check, read_text

BASE = (HERE / "broken" / "N121.yaml").read_text(encoding="utf-8")
PIECES = ["{", "}", "[", "]", ":", ": ", "- ", "#", "'", '"', "\n", "  ", "|", ">", "&a", "*a", "!", "rest", "1e309", "-1", "0",
          "now", "north", "calm", "up 1", "if", "P(", ")", "2019-12", "\t", "\u2028", "%", "é", "\x07", "null", "~", "true"]  # fmt: skip
BOUNDS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def settle(text: str) -> None:
    """Checks, reads and formats a text; only ScenarioError may leave."""
    scenario, found = check(text + "\n")
    errors = [d for d in found if d.severity == "error"]
    assert (scenario is None) == bool(errors)
    assert all(d.message and d.why and d.fix for d in found)
    try:
        formatted = format_text(text)
    except ScenarioError:
        return
    assert format_text(formatted) == formatted
    if scenario is not None:
        assert read_text(formatted) == scenario


@BOUNDS
@given(st.data())
def test_mutated_scenarios(data: st.DataObject) -> None:
    text = BASE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + cut :]
    settle(text)


@BOUNDS
@given(st.data())
def test_lines_taken_away_or_doubled(data: st.DataObject) -> None:
    lines = example_text().splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = [] if data.draw(st.booleans()) else [lines[at]] * 2
    settle("\n".join(lines))


@BOUNDS
@given(st.text(max_size=200))
def test_random_text(text: str) -> None:
    settle(text)


@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from([*PIECES, "and", "(", "+", "^", "in", "plays", "x"]), max_size=20).map(" ".join)
)
def test_random_expressions(text: str) -> None:
    for parse in (parse_expression, parse_formula):
        try:
            tree: Any = parse(text)
        except ScenarioError as error:
            assert error.diagnostics
        else:
            assert tree is not None


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=8) | st.sampled_from(PIECES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["scenario", "clock", "players", "state", "round", "payoffs", "variants", "claims", "parameters", "define"]
)


@BOUNDS
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_random_python_sections(sections: dict[str, Any]) -> None:
    try:
        scenario = build(**sections)
    except ScenarioError as error:
        assert error.diagnostics
    else:
        assert scenario.title
