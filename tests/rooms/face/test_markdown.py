"""The brief as Markdown: everything of the page, in its order, with the numbers of the data and no HTML."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rooms.face.sample_brief import sample
from winset.base import words
from winset.face.html import render
from winset.face.markdown import markdown, table, text

EVIL = '<script>alert("x")</script> | *bold* _slanted_ `code` [link](http://x) # head'


def heads(document: str) -> list[str]:
    return re.findall(r"^## (.*)$", document, re.MULTILINE)


def test_the_order_is_that_of_the_page() -> None:
    page = [re.sub(r"<.*?>", "", head) for head in re.findall(r"<h2 id=.*?>(.*?)</h2>", render(sample()))]
    assert heads(markdown(sample())) == page


def test_numbers_are_those_of_the_data() -> None:
    brief, told = sample(), markdown(sample())
    for question in brief["questions"]:
        assert f"{text(question['title'])}: {question['shown']}**" in told
    for claim in brief["claims"]:
        assert text(claim["quote"]) in told
        for part in claim["numbers"]:
            assert f"{text(part['meaning'])}: **{part['shown']}**" in told
    for given in brief["assumptions"]:
        assert f"**{words.human(given['name'])}** {words.figure(given['value'])}" in told
    for sentence in brief["bottom_line"]:
        assert text(sentence["text"]) in told
    brief["questions"][0]["shown"] = "19 %"  # and they are read from there
    assert ": 19 %**" in markdown(brief)


def test_tables_are_aligned_and_whole() -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", markdown(sample()), re.MULTILINE)
    assert len(blocks) >= 8
    for block in blocks:
        rows = block.strip().splitlines()
        counts = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        assert len(counts) == 1
        assert counts.pop() <= 9  # no wider than sense
        assert re.fullmatch(r"(\| -+:? )+\|", rows[1])
        shortest = min(map(len, rows))
        assert all(len(row) == shortest for row in rows if len(row.split("|")[1]) <= 42)


def test_what_a_scenario_says_is_no_markup() -> None:
    brief = sample()
    brief["title"] = brief["about"] = EVIL
    brief["claims"][0]["quote"] = brief["questions"][0]["note"] = brief["assumptions"][0]["note"] = EVIL
    brief["variants"][0]["note"] = brief["forecast"]["variables"][0]["values"][0] = EVIL
    told = markdown(brief)
    assert "\n" not in EVIL
    assert not re.search(r"(?<!\\)<", re.sub(r"<(?=\d)|`[^`]*`", "", told).replace("\\<", ""))
    assert "\\<script\\>" in told
    assert "[link](http" not in told
    assert "\\*bold\\* \\_slanted\\_" in told


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a  b\nc", "a b c"), ("1. first", "\\1. first"), ("- x", "\\- x"), ("talk_cost", "talk_cost"),
        ("a|b", "a\\|b"), ("2 * 3", "2 \\* 3"),
    ],
)  # fmt: skip
def test_words_are_escaped_as_little_as_needed(said: str, kept: str) -> None:
    assert text(said) == kept


def test_a_table() -> None:
    assert table(["a", "n"], [["long", "1 %"], ["b", "20 %"]]) == [
        "| a    |    n |", "| ---- | ---: |", "| long |  1 % |", "| b    | 20 % |", "",
    ]  # fmt: skip


def test_a_bare_brief() -> None:
    brief: Any = sample()
    for part in ("questions", "claims", "against", "beliefs", "strategies", "assumptions", "variants", "warnings",
                 "weakest", "turning", "bottom_line"):  # fmt: skip
        brief[part] = []
    brief |= {"about": "", "sources": {}, "delay": None, "confidence": ""}
    brief["forecast"] |= {"variables": [], "actions": [], "curves": [], "marks": []}
    brief["equilibria"] = brief["equilibria"][:1]
    brief["figures"] |= {"maps": [], "bargaining": None}
    assert heads(markdown(brief)) == ["Bottom line", "The game", "Certificate", "Stamp"]
