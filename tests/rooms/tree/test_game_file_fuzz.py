"""Whatever is fed in, a game file is read or refused with one error that has a place; nothing else is ever raised."""

# ruff: noqa: PT017

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from oracles.trees import CARD, random_tree
from winset.base.errors import ScenarioError
from winset.tree.efg_read import parse_efg
from winset.tree.efg_write import efg_text
from winset.tree.files import read_game
from winset.tree.nfg import nfg_text
from winset.tree.tree import NormalForm

TABLE = 'NFG 1 R "t" { "A" "B" }\n{ { "u" "d" } { "l" "r" } }\n"c"\n{ { "x" 1, 2 } { "y" 0.5, -1/3 } }\n1 2 0 1\n'
PLAIN = 'NFG 1 R "t" { "A" "B" } { 2 2 }\n1 1 0 2 0 2 1 1\n'
TEXTS = [CARD, TABLE, PLAIN, *(efg_text(random_tree(s, depth=3)) for s in range(4))]
PIECES = [
    "{", "}", ",", '"', "\\", '\\"', "\n", " ", "0", "1", "-1", "1/0", "1e9999999", "9" * 5000, ".", "p", "c", "t",
    "EFG", "NFG", "2", "R", "\x00", "\ufeff", "é", "\u2028", 'p "" 1 1 0', 't "" 0\n', "{ 99999999999 9999999999 }",
    '""',
]  # fmt: skip
BOUNDS = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def settle(source: str | bytes) -> None:
    """Reads; what is accepted is written stably, what is refused has one problem with place, reason and fix."""
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    began = time.perf_counter()
    try:
        game = read_game(data, file="fuzz")
    except ScenarioError as error:
        (found,) = error.diagnostics
        assert found.where.file == "fuzz" and found.where.line >= 1 and found.where.column >= 1
        assert found.message and found.why and found.fix
        assert len(found.message) < 1000
        if isinstance(source, str) and re.match(r"\ufeff?\s*EFG\s", source) and found.code != "X101":
            with pytest.raises(ScenarioError) as again:
                parse_efg(data.decode("utf-8-sig").removeprefix("\ufeff"), "fuzz", quick=False)
            assert str(again.value) == str(error)
    else:
        write = nfg_text if isinstance(game, NormalForm) else efg_text
        try:
            once = write(game)  # type: ignore[arg-type]
        except ScenarioError as error:
            assert error.diagnostics[0].code == "X118"
        else:
            assert write(read_game(once)) == once  # type: ignore[arg-type]
    assert time.perf_counter() - began < 20


@BOUNDS
@given(st.data())
def test_mutated_files(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + cut :]
    settle(text)


@BOUNDS
@given(st.lists(st.sampled_from([*PIECES, '"a"', "EFG 2 R", "NFG 1 R", '{ "A" }']), max_size=30))
@example(["EFG 2 R", '"a"', '{ "A" }', "p", '""'])
def test_random_words(words: list[str]) -> None:
    settle(" ".join(words))


@BOUNDS
@given(st.binary(max_size=200))
def test_random_bytes(data: bytes) -> None:
    settle(data)
    settle(b"EFG 2 R " + data)


def test_mutated_bytes() -> None:
    rng = random.Random(4)
    for _ in range(1500):
        data = bytearray(rng.choice(TEXTS).encode())
        for _ in range(rng.randint(1, 3)):
            kind, at = rng.randrange(3), rng.randrange(len(data))
            if kind == 0:
                data[at] = rng.randrange(256)
            elif kind == 1:
                del data[at : at + rng.randint(1, 9)]
            else:
                data[at:at] = data[at : at + rng.randint(1, 40)]
        settle(bytes(data))


@pytest.mark.parametrize(
    "text",
    [
        'EFG 2 R "' + "\\" * 200_000,
        'EFG 2 R "t" { ' + '"A" ' * 100_000,
        'EFG 2 R "t" { "A" } ' + 'p "" 1 1 "" { "a" } 0 ' * 50_000,
        'EFG 2 R "t" { "A" } ' + 'p "" 1 1 "" { ' + '"a" ' * 200_000 + "} 0",
        'EFG 2 R "t" { "A" } t "" 1 "" { ' + "1 " * 200_000,
        'EFG 2 R "t" { "A" } t "" 1 "" { ' + "1" * 500_000 + " }",
        'EFG 2 R "t" { "A" } ' + " " * 500_000 + "x",
        'EFG 2 R "t" { "A" } ' + 'p "' * 100_000,
        'NFG 1 R "t" { ' + '"A" ' * 1000 + "} { " + "2 " * 1000 + "} 1",
        "{" * 300_000,
    ],
)
def test_hostile_files_take_a_moment(text: str) -> None:
    settle(text)
