"""The flagship against the article: every quote is in it, every sentence has its claim, the made page is current."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import pytest

import winset
from winset.base import words
from winset.face import article
from winset.language.formula import parse_formula
from winset.study.cache import scenario_hash
from winset.study.facts import fact

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explain" / "article.md"
HASHES = Path(__file__).parent / "article_quotes.sha256"
FACTS = {1, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 22, 24, 25, 26, 27, 36, 37, 38, 42, 46, 49}
LABELS = [f"M{i}" for i in range(1, 23)]
NUMBERS = list(range(1, 63))


@pytest.fixture(scope="module")
def scenario() -> winset.Scenario:
    return winset.read("us-dprk-2019")


def same(text: str) -> str:
    """Straight quotes for typographic ones, three dots for an ellipsis, single spaces: nothing else is changed."""
    for marks, plain in (("“”„", '"'), ("‘’", "'")):
        text = re.sub(f"[{marks}]", plain, text)
    return " ".join(text.replace("…", "...").split())


def digest(quote: str) -> str:
    return hashlib.sha256(same(quote).encode()).hexdigest()


def test_every_quote_is_in_the_article(scenario: winset.Scenario) -> None:
    named = os.environ.get("WINSET_ARTICLE")
    path = Path(named) if named else ROOT.parent / "shared" / "article.txt"
    if named is None and not path.is_file():
        pytest.skip("the article's file is not at hand; test_quotes_are_those_once_found_there stands for it")
    text = same(path.read_text(encoding="utf-8"))
    missing = [c.name for c in scenario.claims if c.source == "ARTICLE" and same(c.quote) not in text]
    assert missing == []


def test_quotes_are_those_once_found_there(scenario: winset.Scenario) -> None:
    """One line a claim: its number and the SHA-256 of its quote, written when all were found in the article."""
    kept = dict(line.split() for line in HASHES.read_text(encoding="utf-8").splitlines())
    assert kept == {str(c.number): digest(c.quote) for c in scenario.claims if c.source == "ARTICLE"}


def test_every_sentence_has_its_claim(scenario: winset.Scenario) -> None:
    numbered = [c for c in scenario.claims if c.number]
    assert sorted(c.number for c in numbered) == NUMBERS
    assert {c.number for c in numbered if c.kind == "fact"} == FACTS
    assert all(c.by and c.source == "ARTICLE" and len(c.quote.split()) <= 15 for c in numbered)


def test_what_the_record_contradicts_comes_out_so(scenario: winset.Scenario) -> None:
    """As the list of the article's claims has it: 10 is too strong as worded; the others with a formula check."""
    verdicts = {}
    for claim in scenario.claims:
        if claim.kind == "fact":
            got = fact(scenario, parse_formula(claim.holds_if)).value if claim.holds_if else None
            verdicts[claim.number] = {True: "holds", False: "fails", None: "undecided"}[got]  # type: ignore[index]
    assert [n for n, v in verdicts.items() if v == "fails"] == [10]
    assert {n for n, v in verdicts.items() if v == "undecided"} == {8, 17, 27, 37, 38, 49}


def test_counts_are_those_of_the_files_read_by_hand(scenario: winset.Scenario) -> None:
    """The figures of the list of claims, counted there by another program."""
    for formula, value in {
        "count(launches where missile_class = SRBM and date_kst >= 2019-05-04 and date_kst <= 2019-09-10)": 21,
        "count(launches where missile_class = SRBM and date_kst > 2017-11-29 and date_kst <= 2019-10-05)": 22,
        "count(launches where missile_class = SRBM and date_kst >= 2019-10-31 and date_kst <= 2020-03-29)": 13,
        "count(launches where missile_class = SRBM and date_kst >= 2020-01 and date_kst <= 2020-12)": 9,
        "count(launches)": 339,
        "count(events)": 326,
    }.items():
        assert winset.ask(scenario, formula).value == value, formula
    contacts = "events where category in {talks, summit} and not level in {track15}"
    assert winset.ask(scenario, f"count({contacts} and date >= 2018-03-08 and date <= 2019-09-23)").value == 20
    assert winset.ask(scenario, f"count({contacts} and date >= 2019-09-24 and date <= 2020-02-05)").value == 2
    assert winset.ask(scenario, f"count({contacts} and date > 2020-02-05)").value == 0


def kept() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its first two lines."""
    part = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.split("\n") if line.startswith("| ")]
    cells = [[c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [c for c in cells if c[0] not in ("---", "mechanism", "number")]


def test_the_page_is_of_this_scenario(scenario: winset.Scenario) -> None:
    assert f"- scenario: `{scenario_hash(scenario, {}, '')}`" in kept(), "run `make article`"
    carried = {row[0]: row[2] for row in rows(kept(), "Mechanisms")}
    assert carried == {m.name: article.carriers(scenario, m) for m in scenario.mechanisms}, "run `make article`"


def test_no_row_of_the_page_is_empty() -> None:
    for heading in ("Mechanisms", "What switching off does", "Sentences"):
        found = rows(kept(), heading)
        assert len(found) > 10
        assert [row[0] for row in found if not all(row)] == []
    effects = rows(kept(), "What switching off does")
    assert all(len(row) >= 5 for row in effects)
    assert {row[0] for row in effects} - {"all"} == {row[0] for row in rows(kept(), "Mechanisms")}
    assert [int(row[0]) for row in rows(kept(), "Sentences") if row[0] != "–"] == NUMBERS


def test_every_sentence_says_its_share_and_boundary_and_what_the_record_says() -> None:
    """Number, sentence, verdict at the central values, share of the draws, where it turns, what the record says."""
    found = rows(kept(), "Over everything uncertain, and given the record")
    assert [int(row[0]) for row in found if row[0] != "–"] == NUMBERS
    assert [row[0] for row in found if len(row) != 6 or not all(row)] == []
    assert [row[0] for row in found if row[3] == "–" and row[4] == "–"] == []  # a share, or why there is none
    assert [row[0] for row in found if row[5] == "–"] == []
    verdicts = {row[0]: row[3] for row in rows(kept(), "Sentences")}
    assert all(row[2] == verdicts[row[0]] for row in found if row[0] != "–")
    turned = [row for row in found if re.search(r"holds (above|below|from)", row[4])]
    assert len(turned) > 3
    assert all(re.search(r"holds in \d+ % of", row[3]) for row in turned)


def test_the_page_has_every_mechanism() -> None:
    assert [row[0] for row in rows(kept(), "Mechanisms")] == LABELS
    assert article.MISSING not in kept()


def test_the_facts_of_the_page_are_those_of_the_files(scenario: winset.Scenario) -> None:
    shown = {row[0]: row for row in rows(kept(), "Sentences")}
    for claim in scenario.claims:
        if claim.kind == "fact" and claim.holds_if:
            got = fact(scenario, parse_formula(claim.holds_if))
            row = shown[str(claim.number)]
            assert row[3].endswith("holds" if got.value else "fails")
            assert words.capital(got.why) in row[4].replace("\\|", "|")


@pytest.mark.slow
@pytest.mark.parametrize("number", [51, 39, 57])
def test_sentences_of_the_page_come_out_again(number: int, scenario: winset.Scenario) -> None:
    claim = next(c for c in scenario.claims if c.number == number)
    got = winset.ask(scenario, claim.holds_if, certificate=False)
    row = next(row for row in rows(kept(), "Sentences") if row[0] == str(number))
    assert row[3].endswith({True: "holds", False: "fails", None: "undecided"}[got.value])  # type: ignore[index]
    assert all(part["shown"] in row[4] for part in got.parts)


@pytest.mark.slow
def test_an_effect_of_the_page_comes_out_again(scenario: winset.Scenario) -> None:
    question = next(q for q in scenario.questions if q.headline)
    row = next(row for row in rows(kept(), "What switching off does") if row[1] == "without it: `no_ladder`")
    got = winset.ask(scenario, f"{question.formula} - {question.formula} in no_ladder", certificate=False)
    sides = {part["variant"]: part["value"] for part in got.parts}
    assert row[2] == f"{words.percent(sides['no_ladder'])} ({words.points(sides['no_ladder'] - sides[''])})"


def claim(**more: Any) -> dict[str, Any]:
    return {
        "id": "a", "number": 1, "quote": "a|b", "by": "X", "kind": "fact", "note": "", "verdict": "undecided",
        "rows": [], "numbers": [], "effect": None, "margin": None, "why": "nobody knows", "explanation": None, **more,
    }  # fmt: skip


def test_a_row_says_verdict_reason_and_rows() -> None:
    row = {"date": "2019-05-04", "what": "KN-23", "source": "GEN", "unchecked": "from memory"}
    told = article.claim_row(claim(verdict="holds", why="4 of 9 rows of launches.", note="one.", rows=[row] * 4))
    assert told[:4] == ("1", "“a|b” (X)", "fact", "✓ holds")
    assert told[4].startswith("Read as: one. 4 of 9 rows of launches. Rows: 2019-05-04 KN-23 (GEN, unchecked); ")
    assert told[4].endswith("; and 1 row more.")


def test_what_is_missing_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.md"
    assert article.main(["us-dprk-2019", str(target), "--mechanisms", "23", "--claims", "63"]) == 2
    said = capsys.readouterr().err
    assert "missing: the mechanism M23" in said
    assert "missing: a claim with the number 63" in said
    assert "the mechanism M7\n" not in said
    assert not target.exists()


def test_a_claim_without_an_answer_and_a_variant_without_effects_are_told(scenario: winset.Scenario) -> None:
    brief = {"variants": [{"name": "no_inquiry", "effects": [1]}], "claims": [claim(), claim(id="b", why="")]}
    told = article.unanswered(scenario, brief)
    assert "a reason or a number for the claim b" in told
    assert not any("claim a" in line or "effect of no_inquiry on" in line for line in told)
    assert "the effect of no_ladder on a headline probability" in told


def test_a_mechanism_without_an_off_switch_is_told() -> None:
    scenario = winset.build(
        scenario="x", clock={"rounds": 1}, players={"a": {}},
        round=[{"move": "m", "by": "a", "actions": {"wait": {}, "go": {}}}],
        mechanisms={"M1": {"part": "going", "carried by": ["go"], "simplified": "all"},
                    "M2": {"part": "waiting", "carried by": ["wait"], "simplified": "all"}},
        variants={"no_going": {"without": ["go"], "switches off": ["M1"]}},
    )  # fmt: skip
    told = article.absent(scenario, ["M1", "M3"], [])
    assert told == ["the mechanism M3", "a variant that switches off M2 (waiting)"]
