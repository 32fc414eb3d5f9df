"""The flagship with building blocks is the flagship: the same arrays, stage by stage."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import winset
from winset.game.game import Game, Stage

ROOT = Path(__file__).resolve().parents[3]
PLAIN = ROOT / "src" / "winset" / "library" / "us-dprk-2019.yaml"
BLOCKS = Path(__file__).parents[1] / "language" / "blocks" / "us-dprk-2019-blocks.yaml"
MADE = ("arsenal", "groundwork", "pledge", "politics", "rapport")
"""The state variables that blocks make; they follow the author's own, in order of name."""


def reordered(text: str) -> str:
    """The plain flagship with its variables in the order that blocks give, and an outcome under the block's name."""
    lines = {name: re.search(rf"^  {name}: .*\n", text, re.MULTILINE)[0] for name in MADE}  # type: ignore[index]
    for line in lines.values():
        text = text.replace(line, "", 1)
    at = text.index("\ndefine:")
    text = text[:at] + "".join(lines[name] for name in MADE) + text[at:]
    return re.sub(r"\blearns\b", "arsenal_rises", text.replace("learns_little", "arsenal_stays"))


def game(text: str) -> Game:
    scenario, found = winset.check(text)
    assert scenario is not None, [str(d) for d in found]
    return winset.compile_game(scenario)


def same(left: Stage, right: Stage) -> None:
    """Fails where two stages differ in anything but rounding."""
    assert (left.round, left.move, left.outcomes) == (right.round, right.move, right.outcomes)
    for name in ("states", "discount", "first", "target", "landing", "outcome"):
        assert np.array_equal(getattr(left, name), getattr(right, name)), name
    for name in ("probability", "reward", "action_reward"):
        one, other = getattr(left, name), getattr(right, name)
        assert (one is None) == (other is None)
        assert one is None or np.allclose(one, other, rtol=0, atol=1e-14), name
    assert len(left.movers) == len(right.movers)
    for mover, twin in zip(left.movers, right.movers, strict=True):
        assert (mover.player, mover.actions, mover.observables) == (twin.player, twin.actions, twin.observables)
        assert np.array_equal(mover.available, twin.available)
        assert np.array_equal(mover.happens, twin.happens)
        assert (mover.signal is None) == (twin.signal is None)
        assert mover.signal is None or np.allclose(mover.signal, twin.signal, rtol=0, atol=1e-15)


def compare(left: Game, right: Game) -> None:
    assert left.variables == right.variables
    assert np.array_equal(left.states, right.states)
    assert left.start == right.start
    assert len(left.stages) == len(right.stages)
    for one, other in zip(left.stages, right.stages, strict=True):
        same(one, other)


@pytest.fixture(scope="module")
def plain() -> Game:
    return game(reordered(PLAIN.read_text(encoding="utf-8")))


def test_blocks_compile_to_the_same_arrays(plain: Game) -> None:
    compare(plain, game(BLOCKS.read_text(encoding="utf-8")))


def test_so_does_what_they_expand_to(plain: Game) -> None:
    compare(plain, game(winset.expand_text(BLOCKS.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("short_range: 0.03", "short_range: 0.04"),
        ("cost: broken_word", "cost: alarm"),
        ("partial_deal: 1,", "partial_deal: all,"),
    ],
)
def test_a_block_that_says_something_else_is_noticed(plain: Game, old: str, new: str) -> None:
    text = BLOCKS.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(AssertionError):
        compare(plain, game(text.replace(old, new)))


def test_without_the_new_order_the_variables_differ() -> None:
    names = [v.name for v in winset.read(PLAIN).state]
    assert names != [v.name for v in winset.read(BLOCKS).state]
    assert sorted(names) == sorted(v.name for v in winset.read(BLOCKS).state)
