"""The shortened steps of the YAML parser give the events, marks and complaints of the parser itself."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from language_samples import valid_texts
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from winset.language.yaml_events import events

TEXTS = valid_texts() | {
    path.name: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "broken").glob("*.yaml")
}
PIECES = (
    "a", "b c", ": ", ":", ":\n", "\n", "\n\n", "\n  ", "\n    ", "- ", "? ", "?", "{", "}", "[", "]", ", ", ",", "#",
    " # d\n", "'e'", '"f"', " ", "  ", "\t", "|\n  ", ">\n", "---\n", "...\n", "\x85", "\u2028", "\r", "\r\n", "\ufeff",
    "é", "&g ", "*g", "!h ", "%YAML 1.1\n---\n", "1:2", "x,y", "://", "%",
)  # fmt: skip


def said(found: Any) -> list[tuple[object, ...]]:
    """Every event with all that it says, and the complaint that ends them, if any."""
    listed: list[tuple[object, ...]] = []
    try:
        for event in found:
            marks = [(m.index, m.line, m.column) for m in (event.start_mark, event.end_mark)]
            listed.append((type(event).__name__, *marks, *(str(getattr(event, k, "")) for k in KEYS)))
    except MarkedYAMLError as error:
        listed.append((error.context, error.problem, str(error.context_mark), str(error.problem_mark)))
    except Exception as error:  # whatever the parser stumbles over
        listed.append((type(error).__name__, str(error)))
    return listed


KEYS = ("anchor", "tag", "implicit", "value", "style", "flow_style", "explicit", "version", "tags")


def plain(text: str) -> list[tuple[object, ...]]:
    """The same from the parser as it comes."""
    loader = YAML(typ="safe", pure=True)
    loader.version = (1, 2)
    return said(loader.parse(text))


@pytest.mark.parametrize("name", ["language.md", "src/winset/library/jcpoa-2013.yaml"])
def test_the_events_of_a_scenario(name: str) -> None:
    assert said(events(TEXTS[name])) == plain(TEXTS[name])


def test_the_events_of_texts_cut_and_mangled() -> None:
    chance = random.Random(3)
    names = sorted(TEXTS)
    for _ in range(120):
        text = TEXTS[chance.choice(names)]
        at = chance.randrange(len(text))
        text = text[max(0, at - 400) : at] + chance.choice(PIECES) + text[at : at + 400]
        assert said(events(text)) == plain(text), text


def test_the_events_of_any_text() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 14)))
        assert said(events(text)) == plain(text), repr(text)


@pytest.mark.parametrize(
    "text",
    ["a: b?c", "{a?b: 1, ?c}", "a:b: c:d", "[a:b, c]", "a #b\n", "a\n  b # c\n  d", "a: b\n c\n---\nd", "{a: b\n c}"],
)
def test_the_events_where_words_end(text: str) -> None:
    assert said(events(text)) == plain(text)
    assert said(events("%YAML 1.1\n---\n" + text)) == plain("%YAML 1.1\n---\n" + text)
