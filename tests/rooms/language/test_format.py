"""The canonical text: the same scenario, the same comments, and stable."""

from __future__ import annotations

import gc
import re
import weakref

import pytest
from language_samples import valid_texts

from winset.base.errors import ScenarioError
from winset.language.comments import gather
from winset.language.document import compose
from winset.language.format import format_text
from winset.language.reading import read_text


@pytest.mark.parametrize("name", valid_texts())
def test_formatting_keeps_the_scenario_and_its_comments(name: str) -> None:
    text = valid_texts()[name]
    formatted = format_text(text)
    assert read_text(formatted) == read_text(text)
    assert format_text(formatted) == formatted
    comments = re.compile(r"(?:^|\s)(#.*)", re.MULTILINE)
    assert sorted(comments.findall(formatted)) == sorted(comments.findall(text))


def test_keys_get_their_order_and_expressions_their_style() -> None:
    text = """\
# first
scenario: T
winset: 1   # version
round:
 - {by: a, move: m, actions: {w: , go: {then: {x: up  1}, if: "x<3 and(x==1 or 2*x>0)"}}}   # the move

 # about players
players: {a: {}}
state: {x: {start: 0, range: [0,3]}}
clock: {rounds: 2}
# end
"""
    assert (
        format_text(text)
        == """\
winset: 1  # version
# first
scenario: T
clock: {rounds: 2}

# about players
players: {a: {}}
state: {x: {range: [0, 3], start: 0}}

round:
  - {move: m, by: a, actions: {w: {}, go: {if: x < 3 and (x = 1 or 2 * x > 0), then: {x: up 1}}}}  # the move
# end
"""
    )


def test_long_brackets_become_blocks_and_long_texts_fold() -> None:
    words = " ".join(["word"] * 60)
    text = (
        f"winset: 1\nscenario: T\nabout: {words}\nsources: {{"
        + ", ".join(f"k{i}: some text" for i in range(12))
        + "}\n"
    )
    formatted = format_text(text)
    assert max(len(line) for line in formatted.splitlines()) <= 120
    assert format_text(formatted) == formatted
    assert "about: >-" in formatted
    assert "  k11: some text" in formatted


def test_what_is_not_yaml_is_refused() -> None:
    with pytest.raises(ScenarioError):
        format_text("a: [b\n")


@pytest.mark.parametrize("length", range(104, 114))
def test_a_text_that_fits_without_its_quotes_only_is_settled_at_once(length: int) -> None:
    words = ("word " * 30)[: length - 1] + "x"
    formatted = format_text(f'winset: 1\nscenario: x\nabout: "{words}"\n')
    assert format_text(formatted) == formatted


def test_a_node_with_comments_is_not_let_go() -> None:
    """Remarks go by a node's identity; a node made later must not come to have that of one let go."""
    root = compose("a: 1\nb: 2  # said\n", "")
    comments = gather("a: 1\nb: 2  # said\n", root)
    key = weakref.ref(root.entries[1][0])
    assert comments.get(root.entries[1][0]).beside == "# said"
    del root
    gc.collect()
    assert key() is not None
