"""The page: complete, self-contained, readable without colour, and safe against what a scenario may say."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from rooms.face.sample_brief import N, sample
from winset.face.html import render, series

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """Collects what the tests ask about, and that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.drawings: list[dict[str, str]] = []
        self.svg_texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.tags.add(tag)
        self.links += [(tag, k, v) for k, v in given.items() if k in ("href", "src", "srcset", "action", "data")]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "svg":
            self.drawings.append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "text":
            self.svg_texts.append(data.replace("\N{NO-BREAK SPACE}", " "))


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def page() -> str:
    return render(sample())


def test_nothing_is_asked_of_the_network(page: str) -> None:
    found = outline(page)
    assert all(value.startswith(("#", "data:")) for _, _, value in found.links)
    assert not found.tags & {"script", "iframe", "object", "embed", "img", "form"}
    assert "@import" not in page
    assert not re.search(r"url\(\s*['\"]?(?!data:)", page)
    assert "default-src 'none'" in page


def test_addresses_in_a_scenario_are_words_not_links() -> None:
    """What a scenario cites may be an address; the page prints it and loads nothing."""
    brief = sample()
    brief["sources"]["ARTICLE"] = brief["about"] = "see https://example.org/a.png and //example.org/b.css"
    brief["claims"][0]["source"] = "https://example.org"
    text = render(brief)
    loading = re.findall(r"""(?:src|href|srcset|action|data|poster|xlink:href)\s*=\s*["']?\s*(?:https?:)?//""", text)
    assert loading == []
    assert not re.search(r"url\(|@font-face|@import", text)
    assert "https://example.org/a.png" in text


def test_links_inside_the_page_lead_somewhere(page: str) -> None:
    found = outline(page)
    assert len(found.ids) == len(set(found.ids))
    assert {value[1:] for tag, _, value in found.links if tag == "a"} <= set(found.ids)


def test_bottom_line_comes_first_and_every_part_is_there(page: str) -> None:
    heads = re.findall(r'<h2 id="([\w-]+)"', page)
    assert heads[0] == "bottom-line"
    for part in ("judgements", "forecast", "beliefs", "strategies", "claims", "against", "assumptions", "variants"):
        assert part in heads
    assert heads[-3:] == ["certificate", "sources", "stamp"]


def test_a_bottom_line_can_be_quoted(page: str) -> None:
    top = page[page.index('id="bottom-line"') : page.index('id="judgements"')].replace("\N{NO-BREAK SPACE}", " ")
    assert "A deal of any kind by December 2020: very unlikely (18 %)" in top
    assert "The model gives 41 % in the base and 24 % in the variant “no deadline”." in top
    assert "P(" not in top
    assert "at the values it assumes" in top


def test_variants_keep_their_look_from_chart_to_chart() -> None:
    """Curves come by variant, not by question; each variant has one colour and one dash in every chart."""
    brief = sample()
    brief["forecast"]["curves"].sort(key=lambda c: str(c["variant"]))
    charts = series.curves(brief)
    looks: dict[str, set[str]] = {}
    for chart in charts:
        for swatch, name in chart["legend"]:
            looks.setdefault(name, set()).update(re.findall(r"line (c\d+ d\d+)", swatch))
    assert set(looks) == {"base", "no inquiry", "no deadline"}
    assert all(len(found) == 1 for found in looks.values())
    assert not set.union(*looks.values()) & {f"c{i} d{i}" for i in range(1, 6)}  # those are of actors


def test_what_hardly_happens_is_counted_not_listed() -> None:
    brief = shortened(sample(), 1)
    brief["forecast"]["variables"] = [
        {"name": "demand", "kind": "numbers", "values": [str(i) for i in range(30)], "mean": None, "bands": None,
         "probability": [[1.0] if i == 7 else [0.0] for i in range(30)]},
    ]  # fmt: skip
    for row in brief["strategies"]:
        row["actions"] = {f"ask(share={i})": float(i == 7) for i in range(30)}
    text = render(brief)
    assert "ask(share=7)" in text
    assert "ask(share=8)" not in text
    assert "29 others, each below 1" in text
    assert "29 other values, each below 1" in text


@pytest.mark.parametrize(
    ("passes", "told"), [(True, "The solution passes"), (False, "The solution does not pass"), (None, "No verdict")]
)
def test_the_certificate_has_a_verdict_at_the_top(passes: bool | None, told: str) -> None:
    brief = sample()
    brief["certificate"] |= {"passes": passes, "details": {"failures": [] if passes else ["stage_residual"]}}
    text = render(brief)
    assert told in text[: text.index('id="judgements"')]
    assert ("Beyond the limit: stage residual." in text) == (passes is False)


def test_drawings_speak(page: str) -> None:
    for drawing in outline(page).drawings:
        assert drawing.get("aria-hidden") == "true" or (drawing["role"] == "img" and drawing["aria-label"])


def test_chart_words_are_text(page: str) -> None:
    texts = outline(page).svg_texts
    for word in ("deadline", "election", "18 %", "31 %", "Jan", "2020", "interim"):
        assert word in texts


def test_lines_differ_by_colour_and_by_dash(page: str) -> None:
    for colour, dash in re.findall(r'class="line c(\d+) d(\d+)"', page):
        assert colour == dash
    style = page[page.index("<style>") : page.index("</style>")]
    dashes = re.findall(r"\.d(\d+) \{ stroke-dasharray: ([\d ]+);", style)
    assert len({pattern for _, pattern in dashes}) == len(dashes) == 10


def test_numbers_of_the_brief_are_on_the_page(page: str) -> None:
    for text in (
        "41\N{NO-BREAK SPACE}%",
        "42.7",
        "3.2 × 10⁻¹⁰",
        "12 of 3,110,400",
        "0.15 to 0.5",
        "9f2c4e7ab01d5c3387aa",
    ):
        assert text in page


def test_what_a_scenario_says_is_escaped() -> None:
    brief = sample()
    evil = '<script>alert("x")</script>&<img src=x onerror=1>'
    brief["title"] = brief["about"] = brief["claims"][0]["quote"] = evil
    brief["claims"][0]["why"] = brief["questions"][0]["note"] = brief["assumptions"][0]["note"] = evil
    brief["forecast"]["variables"][0]["values"][0] = evil
    brief["beliefs"][0]["player"] = brief["strategies"][0]["player"] = evil
    brief["forecast"]["marks"][0]["name"] = evil
    found = outline(render(brief))
    assert not found.tags & {"script", "img"}


def every(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {k: every(v, change) for k, v in value.items()}
    if isinstance(value, list):
        return [every(v, change) for v in value]
    return change(value)


def test_long_words_and_many_parts_do_not_break_it() -> None:
    brief = every(sample(), lambda v: v)
    brief["title"] = "Donaudampfschifffahrtsgesellschaft" * 4
    brief["forecast"]["curves"] *= 5
    brief["claims"] *= 1
    outline(render(brief))


def shortened(brief: dict[str, Any], rounds: int) -> dict[str, Any]:
    """The brief as if the game had fewer rounds."""

    def cut(value: Any) -> Any:
        if isinstance(value, list) and len(value) == N and all(isinstance(v, int | float | str) for v in value):
            return value[:rounds]
        if isinstance(value, dict):
            return {k: cut(v) for k, v in value.items()}
        if isinstance(value, list):
            return [cut(v) for v in value]
        return value

    result: dict[str, Any] = cut(copy.deepcopy(brief))
    return result


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_short_games(rounds: int) -> None:
    page = render(shortened(sample(), rounds))
    found = outline(page)
    assert ("deadline" in found.svg_texts) == (rounds > 2)
    assert ("Distribution of the state" in page) == (rounds <= 2)


def test_a_bare_brief() -> None:
    """Nothing but a game: no questions, claims, variants, beliefs, parameters, sources."""
    brief = shortened(sample(), 1)
    for part in ("questions", "claims", "against", "beliefs", "strategies", "assumptions", "variants", "warnings"):
        brief[part] = []
    brief |= {
        "about": "",
        "sources": {},
        "bottom_line": [{"text": "Nothing was asked.", "confidence": "", "about": ""}],
    }
    brief["forecast"] |= {"variables": [], "actions": [], "curves": [], "marks": []}
    page = render(brief)
    outline(page)
    assert 'id="claims"' not in page


def test_the_same_brief_gives_the_same_bytes() -> None:
    assert render(sample()) == render(sample())


def test_several_equilibria_have_a_section_and_one_has_none() -> None:
    brief = sample()
    assert 'id="equilibria"' in render(brief)
    told = render(brief).replace("\N{NO-BREAK SPACE}", " ")
    assert "2: pyongyang’s staller plays send_delegates 97 %, not 20 %" in told
    brief["equilibria"] = brief["equilibria"][:1]
    assert 'id="equilibria"' not in render(brief)


def test_a_fact_lists_the_rows_it_rests_on() -> None:
    claim = render(sample()).split('id="claim-spate"')[1].split("</article>")[0]
    rows = re.findall(r"<li>(.*?)</li>", claim)
    assert rows == ["2019-05-04 KN-23, SRBM (CNS)", "2019-05-09 KN-23, SRBM (GEN, unchecked)"]
