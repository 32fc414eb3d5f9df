"""What a busy reader meets: words and not code, figures that add up, things said once, nothing covered or cut."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from rooms.face.sample_brief import sample
from winset.base import words
from winset.base.plain import prose
from winset.face.html import bargain, moving, play, render, series, timeline
from winset.face.html.typeset import curly, typeset
from winset.face.markdown import markdown

Json = dict[str, Any]


def plain_page(brief: Json) -> str:
    return render(brief).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("by way of washington plays agree, then full_deal +18.0 points",
         "by way of “Washington: agree, then full deal” +18.0 points"),
        ("washington (dealmaker) in no_inquiry plays agree, 88 %",
         "Washington (dealmaker) in the variant “no inquiry” plays “agree”, 88 %"),
        ("chance plays arsenal_grows +0.29", "“chance: arsenal grows” +0.29"),
        ("of pyongyang no_progress is seen", "all see “no progress” of Pyongyang"),
        ("a (belief that pyongyang is staller: 65 % to 69 %)", "a (belief that Pyongyang is staller: 65 % to 69 %)"),
        ("at least half in 2020-03 to 2020-07", "at least half in March 2020 to July 2020"),
        ("of the variants, no_hanoi moves it most", "of the variants, “no hanoi” moves it most"),
        ("as if `known_weak` were the game", "as if “known weak” were the game"),
        ("from 2019-10-02 on, 0 of 1140875 cells", "from 2019-10-02 on, 0 of 1140875 cells"),
    ],
)  # fmt: skip
def test_a_sentence_of_names_becomes_words(said: str, told: str) -> None:
    assert prose(said) == told
    assert prose(told) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"tests" and it\'s so', "“tests” and it’s so"),
        ('“interested in "a distraction" now”', "“interested in ‘a distraction’ now”"),
        ("('so')", "(‘so’)"),
        ("the players' errors", "the players’ errors"),
    ],
)
def test_quotation_marks_are_set(said: str, told: str) -> None:
    assert curly(said) == told


def test_code_and_attributes_keep_their_marks() -> None:
    given = '<p title="it\'s">it&#39;s</p><code>a &#34;b&#34;</code><style>x { content: "y" }</style>'
    assert typeset(given) == '<p title="it\'s">it’s</p><code>a &#34;b&#34;</code><style>x { content: "y" }</style>'


def test_no_code_in_the_prose_of_a_page() -> None:
    brief = sample()
    data = brief["questions"][0]["explanation"]
    data["sentence"] = "46 %, by way of washington plays agree, then full_deal +18.0 points; no_inquiry moves it most"
    data["witness"] |= {"step": "washington plays agree, then full_deal", "date": "2020-05", "share": 0.78}
    for made in (plain_page(brief), markdown(brief)):
        assert "“Washington: agree, then full deal” +18.0 points; “no inquiry” moves it most." in made
        assert "A typical course: “Washington: agree, then full deal” in May 2020. So comes about 78 %" in made
        assert "course to P(" not in made
    for share, said in ((0.9951, "nearly all"), (1.0, "all"), (1.0 + 1e-15, "all"), (0.99, "99 %")):
        data["witness"]["share"] = share
        assert f"So comes about {said} of the probability" in plain_page(brief)


def test_moves_that_are_all_but_sure_are_counted() -> None:
    brief = sample()
    step = {"date": "2019-10", "move": "wind", "text": "chance plays as_before", "probability": 0.97, "beliefs": []}
    told = brief["questions"][0]["explanation"]["witness"]
    told["steps"] = [step, step, *told["steps"]]
    page = plain_page(brief)
    assert "2 moves that were all but sure left out." in page
    assert "chance: as before" not in page


def test_who_said_it_stands_in_one_pair_of_brackets() -> None:
    assert words.by("Joseph Yun (paraphrase)") == "(Joseph Yun, paraphrase)"
    assert words.by("the author") == "(the author)"
    brief = sample()
    for claim in brief["claims"]:
        claim["by"] = "Joseph Yun (paraphrase)"
    assert "(Joseph Yun (paraphrase))" not in plain_page(brief) + markdown(brief)


def test_confidence_is_said_once_and_beside_an_answer_only_where_it_differs() -> None:
    brief = sample()
    shared = brief["confidence"]
    assert shared
    other = "The grid error was not measured; the numbers rest on 3 assumed values."
    assert other != shared
    for made in (plain_page(brief), markdown(brief)):
        assert made.count(shared) == 1
    brief["questions"][0]["confidence"] = brief["claims"][0]["confidence"] = other
    for made in (plain_page(brief), markdown(brief)):
        assert made.count(shared) == 1
        assert made.count(other) == 2


def test_what_was_ever_so_is_told_apart_from_what_stands() -> None:
    state = "probability that it was so at some time up to each date, even if it ended again: “there is some deal”"
    assert series.up_to("deal != none") == state
    assert series.up_to("a plays x") == "probability that it has happened up to each date: “A plays x”"
    for made in (plain_page(sample()), markdown(sample())):
        assert state in made
        assert "It counts once it is so, even if it ends again; at the end of December 2020 it is so with" in made


def test_the_parts_of_a_gain_add_up_as_they_are_printed() -> None:
    brief = sample()
    for agreement in brief["figures"]["bargaining"]["agreements"][1:]:
        agreement["gain"]["washington"]["dealmaker"] = 0.7787718
        agreement["paid"]["washington"]["dealmaker"] = 0.2994
    found = bargain.space(brief)
    assert found is not None
    cells = [c for row in found["rows"] for c in row["cells"] if c["note"]]
    assert cells
    for cell in cells:
        total, paid, rest = (
            float(t.replace("−", "-")) for t in re.findall(r"[+−][\d.]+", f"{cell['gain']} {cell['note']}")
        )
        assert paid + rest == pytest.approx(total, abs=1e-9)
    assert ("+0.779", "signing +0.299, then +0.480") in [(c["gain"], c["note"]) for c in cells]
    for made in (plain_page(brief), markdown(brief)):
        assert "signing +0.299, then +0.480" in made


def test_an_agreement_says_why_it_is_seldom_agreed_to() -> None:
    brief = sample()
    brief["figures"]["bargaining"]["agreements"][1]["told"] = "Signed, it is worth +0.200."
    assert "<b>Interim.</b> Signed, it is worth +0.200." in plain_page(brief)
    assert "**Interim.** Signed, it is worth +0.200." in markdown(brief)
    assert "seldom be agreed to" not in plain_page(sample())


def test_a_bar_axis_that_does_not_start_at_zero_says_so_and_is_broken() -> None:
    brief = sample()
    for variant in brief["variants"]:
        for effect in variant["effects"]:
            effect |= {"base": 0.01, "variant": 0.3}
    drawn = moving.movers(brief)
    assert drawn[0]["cut"] == ""
    assert "broken" not in drawn[0]["chart"]
    for variant in brief["variants"]:
        for effect in variant["effects"]:
            effect |= {"base": 0.92, "variant": 0.95}
    cut = moving.movers(brief)[0]
    assert cut["cut"] == "the axis starts at 90 %, not at 0"
    assert "broken" in cut["chart"]
    assert cut["cut"] in cut["chart"]
    assert cut["cut"] in plain_page(brief)


@pytest.mark.parametrize(("width", "which"), [(timeline.WIDE, "wide"), (timeline.NARROW, "narrow")])
def test_events_of_a_lane_do_not_cover_each_other(width: float, which: str) -> None:
    brief = sample()
    rows = brief["figures"]["record"]
    many = [
        {**rows[0], "date": f"{d}-{1 + n:02d}", "round": d, "by": by}
        for d in brief["forecast"]["dates"][:6]
        for by in ("pyongyang", "chance")
        for n in range(3 if by == "pyongyang" else 1)
    ]
    brief["figures"]["record"] = sorted(many, key=lambda row: row["date"])
    found = timeline.timeline(brief, play.looks(brief))
    assert found is not None
    drawing = str(found[which])
    boxes = [
        (float(x), float(y), float(x) + float(w), float(y) + float(h))
        for x, y, w, h in re.findall(
            r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" class="event', drawing
        )
    ]
    assert len(boxes) >= 6
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)" class="event', drawing)
    boxes += [(float(x) - float(r), float(y) - float(r), float(x) + float(r), float(y) + float(r)) for x, y, r in dots]
    assert dots
    for i, one in enumerate(boxes):
        for two in boxes[:i]:
            across = min(one[2], two[2]) - max(one[0], two[0])
            down = min(one[3], two[3]) - max(one[1], two[1])
            assert across <= 0 or down <= 0
    title = re.search(r'y="([\d.]+)" class="t head"[^>]*>(?!What)', drawing)
    assert title is not None
    assert max(box[3] for box in boxes) < float(title[1])


def test_what_was_not_solved_is_not_listed_as_if_it_were() -> None:
    brief = sample()
    brief["variants"][0] |= {"solved": False, "effects": [], "name": "never_solved"}
    page, text = plain_page(brief), markdown(brief)
    assert "Not solved for this brief: no question or claim reads them" in page
    assert page.index("never solved") > page.index("Not solved for this brief: no question or claim reads them")
    assert text.index("**never solved**") > text.index(
        "Not solved for this brief, since no question or claim reads them:"
    )
    solved = copy.deepcopy(sample())
    for variant in solved["variants"]:
        variant["solved"] = True
    assert "Not solved" not in plain_page(solved) + markdown(solved)


def test_contents_stand_above_the_bottom_line_and_paper_tells_claims_once() -> None:
    page = render(sample())
    assert page.index("<h1") < page.index("<nav") < page.index('id="bottom-line"')
    assert re.search(r'<section aria-labelledby="against" class="screen">', page)
    paper = page[page.index("@media print") :]
    assert re.search(r"[^}]*\.screen[^{]*\{ display: none; \}", paper)


def test_wide_tables_scroll_in_their_own_box_or_are_set_as_lists() -> None:
    page = render(sample())
    for table in re.finditer(r"<table", page):
        before = page[: table.start()]
        assert before.rfind('<div class="box') > before.rfind("</table>")
    gains = page[page.index('aria-label="Worth of the agreements"') :]
    gains = gains[: gains.index("</table>")]
    assert 'class="fit"' in gains
    assert gains.count("data-of=") == gains.count('<td class="n"')
