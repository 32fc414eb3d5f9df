"""Whatever is fed in, the answer is a scenario or diagnostics; nothing else is ever raised."""

# ruff: noqa: E501, PT017

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from language_samples import HERE, example_text, valid_texts

from winset.base.errors import ScenarioError, SizeError
from winset.game.compile import compile_game
from winset.language.document import Tree, compose
from winset.language.format import format_text
from winset.language.formula import parse_formula
from winset.language.parser import parse_expression
from winset.language.reading import build, check, read_text
from winset.language.rules.formulas import resolve

BASE = (HERE / "broken" / "N121.yaml").read_text(encoding="utf-8")
SCENARIO = read_text(BASE)
PIECES = ["{", "}", "[", "]", ":", ": ", "- ", "#", "'", '"', "\n", "  ", "|", ">", "&a", "*a", "!", "rest", "1e309", "-1", "0",
          "now", "north", "calm", "up 1", "if", "P(", ")", "2019-12", "\t", "\u2028", "%", "é", "\x07", "null", "~", "true"]  # fmt: skip
BOUNDS = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


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


SCALARS = ["", "0", "1", "-1", "0.5", "2", "1e9", "1e300", "rest", "now", "rounds", "true", "up 1", "down 2", "up 9^60", "1/0", "calm",
           "0 to 1 by 0.5", "infinite", "2019-12", "2019-13", "if true then 1 else 0", "a is x", "chance", "exp(1000)", "0.97", "x y"]  # fmt: skip


def library_sections() -> list[Any]:
    """Valid scenarios as dictionaries and lists of texts: the example, and the shorter ones of the shelf."""
    return [plain(compose(text, "")) for text in valid_texts().values() if len(text) < 8000]


def plain(node: Tree) -> Any:
    """A tree as plain data."""
    if node.kind == "scalar":
        return None if node.empty else node.text
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for key, value in inner for found in ((*path, key), *places(value, (*path, key)))]


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        data = data[key]
    return data


def mutate(sections: Any, draw: Any) -> None:
    """Takes away, replaces, copies, wraps, renames or exchanges one part."""
    paths = places(sections)
    path = draw(st.sampled_from(paths))
    home, key = at(sections, path[:-1]), path[-1]
    how = draw(st.sampled_from(["drop", "scalar", "scalar", "copy", "wrap", "empty", "rename", "swap"]))
    if how == "drop":
        del home[key]
    elif how == "scalar":
        home[key] = draw(st.sampled_from(SCALARS))
    elif how == "copy":
        home[key] = deepcopy(at(sections, draw(st.sampled_from(paths))))
    elif how == "wrap":
        home[key] = draw(st.sampled_from([[home[key]], {"value": home[key]}, {str(key): home[key]}]))
    elif how == "empty":
        home[key] = draw(st.sampled_from([None, {}, []]))
    elif isinstance(home, dict):
        other = draw(st.sampled_from(sorted({*home, *(p[-1] for p in paths if isinstance(p[-1], str)), "now"})))
        home[key], home[other] = home.get(other), home[key]


@pytest.mark.parametrize("several", [False, True])
def test_mutated_trees_compile_or_are_refused(several: bool) -> None:
    """What passes `check` compiles, in every variant, or is refused with a diagnostic; nothing else is raised."""
    bases = library_sections()
    met = {"passed": 0, "refused": 0}

    @settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        sections = deepcopy(data.draw(st.sampled_from(bases)))
        for _ in range(data.draw(st.integers(2, 4)) if several else 1):
            mutate(sections, data.draw)
        try:
            scenario = build(**sections)
        except ScenarioError as error:
            assert all(d.message and d.why and d.fix for d in error.diagnostics)
            met["refused"] += 1
            return
        met["passed"] += 1
        for variant in ("", *(v.name for v in scenario.variants)):
            try:
                assert len(compile_game(scenario, variant=variant, max_states=2000).states)
            except (ScenarioError, SizeError) as error:
                assert error.diagnostics

    attack()
    assert min(met.values()) > 5, met


WORDS = ["P(", "E(", "belief(", "value(", "strategy(", ")", "(", "north", "south", "chance", "plays", "is", "staller", "send", "seen", "vote",
         "work", "politics", "calm", "rate", "deadline", "now", "rounds", "=", "<", "+", "/", "^", "and", "not", "in", "calm_start", "after", "from",
         "by", "at", "given", "until", "always", "within", "of", "belief", "round", ",", "2019-12", "3", "0.5", "if", "true", "min("]  # fmt: skip
FORMS = ["P(work = {} by {})", "E({} at {})", "P({} plays {})", "belief({} is {})", "value({}) in {}", "strategy({} plays {})",
         "P(work = 3) from ({} = {})", "P(work = 3) from (belief {} is {} = 0.5)", "P(work = 3) after ({} plays {})", "{} ^ {}"]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
    | st.builds(str.format, st.sampled_from(FORMS), st.sampled_from(WORDS), st.sampled_from(WORDS))
)
def test_formulas_are_resolved_or_refused(text: str) -> None:
    try:
        assert resolve(SCENARIO, text) is not None
    except ScenarioError as error:
        assert all(d.message and d.why and d.fix for d in error.diagnostics)


@pytest.mark.parametrize("seed", range(6))
def test_binary_files(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    path = tmp_path / "any.yaml"
    whole = bytearray(BASE.encode())
    for _ in range(4**seed % 97):
        whole[draw.randrange(len(whole))] = draw.randrange(256)
    path.write_bytes(bytes(whole) if seed else draw.randbytes(5000))
    scenario, found = check(path)
    assert (scenario is None) == any(d.severity == "error" for d in found)
