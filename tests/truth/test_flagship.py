"""The flagship in building blocks, and the plain language that they stand for."""

from __future__ import annotations

import re

import numpy as np
import pytest

import winset
from winset.game.compile import compile_game
from winset.game.matching import matching
from winset.language.blocks.table import KINDS
from winset.language.blocks.text import expand_text
from winset.language.formula import parse_formula
from winset.language.reading import read_text
from winset.study.formulas import Asker
from winset.study.solved import Study, StudySettings

NAME = "us-dprk-2019"
ASKED = (
    "P(deal != none)",
    "E(arsenal at 2020-12)",
    "value(pyongyang is trader)",
    "P(not pledge by 2020-12) in no_inquiry",
)


@pytest.fixture(scope="module")
def plain() -> winset.Scenario:
    path = winset.locate(NAME)
    return read_text(expand_text(winset.text_of(path)), str(path))


def test_it_is_written_with_every_kind_of_block() -> None:
    text = winset.text_of(winset.locate(NAME))
    assert [kind for kind in KINDS if not re.search(rf"^    {kind}:", text, re.M)] == []


def test_its_expansion_has_no_blocks_and_says_the_same(plain: winset.Scenario) -> None:
    assert "blocks:" not in plain.text
    assert plain == winset.read(NAME)


def test_its_expansion_is_the_same_game(plain: winset.Scenario) -> None:
    one, two = compile_game(plain), compile_game(winset.read(NAME))
    found = matching(one, two)
    assert found is not None
    assert all((match >= 0).all() for match in found)
    assert one.start == two.start
    for p, q in zip(one.players, two.players, strict=True):
        np.testing.assert_array_equal(p.prior, q.prior)


@pytest.mark.slow
def test_its_expansion_solves_to_the_same_numbers(plain: winset.Scenario) -> None:
    how = StudySettings(grid=1)
    sides = [Asker(Study(scenario=s, settings=how), grid_check=False) for s in (plain, winset.read(NAME))]
    for formula in ASKED:
        one, two = (side.ask(parse_formula(formula)).as_quantity().value for side in sides)
        assert abs(one - two) <= 1e-9
