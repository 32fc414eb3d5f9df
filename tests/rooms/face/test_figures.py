"""The figures as text: marks at the right dates, shares that fill the panel, one look per actor, labels in words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rooms.face.sample_brief import DATES, sample
from winset.face.html import bargain, form, mapped, moving, play, render, timeline
from winset.face.html.svg import Scale

Json = dict[str, Any]


@pytest.fixture
def brief() -> Json:
    return sample()


def looks(brief: Json) -> dict[str, int]:
    return play.looks(brief)


def drawn(brief: Json, width: str = "wide") -> str:
    found = timeline.timeline(brief, looks(brief))
    assert found is not None
    return str(found[width])


def axis(width: float) -> Scale:
    return Scale(low=-1, high=len(DATES) - 1, start=timeline.LEFT, end=width - timeline.RIGHT)


@pytest.mark.parametrize(("which", "width"), [("wide", timeline.WIDE), ("narrow", timeline.NARROW)])
def test_named_dates_and_events_stand_at_their_rounds(brief: Json, which: str, width: float) -> None:
    drawing, x = drawn(brief, which), axis(width)
    marks = [float(v) for v in re.findall(r'<line x1="([\d.]+)" y1="[\d.]+" x2="\1" y2="[\d.]+" class="mark"', drawing)]
    assert sorted(marks) == pytest.approx([x(DATES.index(d)) for d in ("2019-12", "2020-11")], abs=0.06)
    numbers = dict(re.findall(r'<text x="([\d.]+)" y="[\d.]+" class="t number"[^>]*>([^<]+)<', drawing))
    places = {text: float(place) for place, text in numbers.items()}
    assert places["1"] == pytest.approx(x(DATES.index("2019-10")), abs=0.06)
    assert places["2"] == pytest.approx(x(DATES.index("2019-12")), abs=0.06)


def test_everything_on_the_time_axis_has_one_scale(brief: Json) -> None:
    """Curves, bands and areas begin and end at the same places, beliefs one step earlier: at the start."""
    drawing, x = drawn(brief), axis(timeline.WIDE)
    first = {}
    for path, style in re.findall(r'<path d="M([^"]+)" class="([^"]+)"', drawing):
        steps = [float(step.split()[0]) for step in path.rstrip("Z").split("L")]
        first.setdefault(style.split()[0], set()).add((round(min(steps)), round(max(steps))))
    start, begin, end = round(x(-1)), round(x(0)), round(x(len(DATES) - 1))
    assert first["band"] == {(start, end)}
    assert first["area"] == first["fan"] == {(begin, end)}


def test_a_number_of_many_values_is_a_fan_and_names_are_shares(brief: Json) -> None:
    brief["questions"][0]["formula"] = "P(deal != none and arsenal > 40)"
    drawing = drawn(brief)
    assert drawing.count('class="fan"') == 3
    assert "Arsenal: median, 50, 80 and 95 % bands" in drawing
    assert "Deal: how it stands at each date" in drawing


def test_the_variables_are_those_that_headlines_read(brief: Json) -> None:
    brief["questions"] = [{**brief["questions"][0], "formula": "P(politics = impeached)"}]
    assert [v["name"] for v in timeline.asked_about(brief)] == ["politics"]
    brief["questions"][0]["formula"] = "value(washington)"
    assert len(timeline.asked_about(brief)) == timeline.MOST_PANELS


def test_an_actor_has_one_colour_and_dash_in_every_figure(brief: Json) -> None:
    look = looks(brief)
    page = render(brief)
    for player in ("pyongyang", "washington"):
        mine = f"c{look[player]}"
        assert f"line {mine} d{look[player]}" in drawn(brief)
        assert f"node line {mine} d{look[player]}" in str(form.form(brief, look)["wide"])
        other = f"c{look['washington' if player == 'pyongyang' else 'pyongyang']}"
        events = re.findall(r'class="event line (c\d+)"', drawn(brief))
        assert events == [f"c{look['pyongyang']}"]
        assert mine != other
    assert set(re.findall(r'class="area (c\d+) s', page)) == {f"c{look['washington']}"}


def test_chance_is_open_and_round(brief: Json) -> None:
    drawing = str(form.form(brief, looks(brief))["wide"])
    assert drawing.count('class="node open-line"') == 3  # after a move, the signal of a hidden one, a move of its own
    assert re.search(r"<circle [^>]*open-line", drawing)
    assert re.search(r'<circle [^>]*class="event open-line"', drawn(brief))


def test_the_shape_says_who_sees_what(brief: Json) -> None:
    look = looks(brief)
    found = form.form(brief, look)
    for which in ("wide", "narrow"):
        text = " ".join(re.findall(r"<text[^>]*>([^<]+)<", str(found[which])))
        for words in ("Pyongyang, unseen: work, listen", "all see only: progress, no progress", "at once, none seeing"):
            assert words in text
        titles = re.findall(r'class="t head"[^>]*>([^<]+)<', str(found[which]))
        assert titles == ["approach", "room", "clash", "home front", "end of the round", "end of the game"]
    assert str(found["wide"]).count("cord hidden") == 1
    assert len(re.findall(r'class="cord"', str(found["wide"]))) == 1  # of the move at once
    assert found["ends"] == "Over once politics is gone or after 16 months, Oct 2019 to Jan 2021."


def test_a_hidden_act_makes_no_sound_where_nothing_is_hidden(brief: Json) -> None:
    brief["figures"]["shape"]["moves"] = brief["figures"]["shape"]["moves"][:1]
    found = form.form(brief, looks(brief))
    assert not found["hidden"]
    assert "unseen" not in str(found["wide"])


def test_panels_of_a_map_are_full_and_say_what_is_played(brief: Json) -> None:
    (found,) = mapped.maps(brief, looks(brief))
    assert [row["name"] for row in found["rows"]] == ["", "dealmaker", "maximalist"]
    assert [p["name"] for p in found["rows"][0]["panels"]] == ["politics calm", "politics inquiry"]
    for row in found["rows"]:
        for panel in row["panels"]:
            drawing = str(panel["chart"])
            heights = [
                float(step.split()[1])
                for path in re.findall(r'<path d="M([^"]+?)Z" class="area', drawing)
                for step in path.split("L")
            ]
            assert min(heights) == pytest.approx(mapped.TOP, abs=0.06)
            assert max(heights) == pytest.approx(mapped.HEIGHT - mapped.BOTTOM, abs=0.06)
            assert "<desc>" in drawing
    names = [name for _, name in found["legend"]]
    assert names == ["refuse", "offer interim(relief=1)", "1 other action"]


def test_a_map_marks_where_things_stand_and_where_equilibria_are_several(brief: Json) -> None:
    (found,) = mapped.maps(brief, looks(brief))
    calm, inquiry = (str(p["chart"]) for p in found["rows"][0]["panels"])
    assert 'class="here"' not in calm
    place = re.search(r'<line x1="([\d.]+)"[^>]*class="here"', inquiry)
    assert place is not None
    x = Scale(low=0, high=1, start=mapped.LEFT, end=mapped.WIDTH - mapped.RIGHT)
    assert float(place[1]) == pytest.approx(x(0.7), abs=0.06)
    assert calm.count('class="hatch"') == 0
    assert inquiry.count('class="hatch"') == 4


def points(drawing: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="4.5"', drawing)]


def test_agreements_stand_where_their_gains_put_them(brief: Json) -> None:
    space = bargain.space(brief)
    assert space is not None
    drawing = str(space["charts"][1]["chart"])  # trader and dealmaker: interim (0.3, 0.2), comprehensive (0.1, 0.8)
    (x1, y1), (x2, y2) = points(drawing)
    upright = re.search(r'<line x1="([\d.]+)" y1="[\d.]+" x2="\1" y2="[\d.]+" class="walk"', drawing)
    level = re.search(r'<line x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="\1" class="walk"', drawing)
    assert upright is not None
    assert level is not None
    zero_x, zero_y = float(upright[1]), float(level[1])
    assert (x1 - zero_x) / (x2 - zero_x) == pytest.approx(3.0, rel=0.02)
    assert (zero_y - y2) / (zero_y - y1) == pytest.approx(4.0, rel=0.02)
    tinted = re.search(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" class="agreed"', drawing)
    assert tinted is not None
    assert float(tinted[1]) == pytest.approx(zero_x, abs=0.1)
    assert float(tinted[2]) + float(tinted[4]) == pytest.approx(zero_y, abs=0.1)


def test_nash_is_ringed_and_what_can_be_improved_on_is_open(brief: Json) -> None:
    space = bargain.space(brief)
    assert space is not None
    staller, trader = (str(c["chart"]) for c in space["charts"])
    assert trader.count('class="ring"') == 1
    assert 'class="ring"' not in staller
    assert "comprehensive (Nash)" in trader
    assert re.search(r'<rect [^>]*class="open"', trader)  # the walk-away, which both can improve on
    assert re.search(r'<rect [^>]*class="dot c0"', staller)
    assert space["charts"][0]["told"] == bargain.EMPTY


def boxes(drawing: str) -> list[tuple[float, float, float, float]]:
    found = []
    for x, y, anchor, text in re.findall(
        r'<text x="([\d.-]+)" y="([\d.-]+)" class="t name[^"]*" text-anchor="(\w+)">([^<]+)<', drawing
    ):
        wide = 0.5 * 12 * len(text)
        left = {"start": float(x), "end": float(x) - wide, "middle": float(x) - wide / 2}[anchor]
        found.append((left, float(y) - 9, left + wide, float(y)))
    return found


@pytest.mark.parametrize("spread", [1.0, 0.1, 0.01])
def test_labels_of_agreements_do_not_cover_each_other(brief: Json, spread: float) -> None:
    """Also where agreements lie close together: here shrunk towards walking away, the scale held by one far off."""
    space = brief["figures"]["bargaining"]
    near = [{**a, "name": f"{a['name']}_{i}"} for i, a in enumerate(space["agreements"])]
    for a in near:
        a["gain"] = {p: {k: v * spread for k, v in own.items()} for p, own in a["gain"].items()}
    far = {**space["agreements"][1], "name": "far"}
    far["gain"] = {p: dict.fromkeys(own, 1.0) for p, own in far["gain"].items()}
    space["agreements"] = [*near, far]
    found = bargain.space(brief)
    assert found is not None
    for chart in found["charts"]:
        drawn_boxes = boxes(str(chart["chart"]))
        assert len(drawn_boxes) == 4
        for i, one in enumerate(drawn_boxes):
            for two in drawn_boxes[:i]:
                apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
                assert apart, (one, two)


def test_what_is_not_reached_is_told_and_not_drawn(brief: Json) -> None:
    lost = brief["figures"]["bargaining"]["agreements"][2]
    lost["gain"] = {p: dict.fromkeys(own) for p, own in lost["gain"].items()}
    lost["why"] = "the game never comes to this state"
    found = bargain.space(brief)
    assert found is not None
    assert len(points(str(found["charts"][0]["chart"]))) == 1
    assert found["notes"] == ["Comprehensive: the game never comes to this state."]
    assert "–" in [c["gain"] for c in found["rows"][2]["cells"]]


def test_no_agreements_no_section(brief: Json) -> None:
    brief["figures"]["bargaining"] = None
    page = render(brief)
    assert 'id="space"' not in page
    assert 'href="#space"' not in page
    assert 'href="#waiting"' not in page


def test_who_gains_from_delay_is_said_in_words(brief: Json) -> None:
    given = brief["figures"]["bargaining"]["agreements"][1]["by_date"]
    given["pyongyang"] = {"trader": [0.3] * 16, "staller": [-0.2 - 0.05 * i for i in range(16)]}
    given["washington"] = {"dealmaker": [0.2 + 0.1 * i for i in range(16)], "maximalist": [0.1] * 16}
    found = moving.waiting(brief, looks(brief))
    assert found[0]["title"] == "Interim"
    said = "it is worth more to Washington (dealmaker), and less to Pyongyang (staller)."
    assert found[0]["told"].endswith(said)


def test_bars_of_variants_are_sorted_and_as_long_as_the_change(brief: Json) -> None:
    found = moving.movers(brief)
    drawing = str(found[0]["chart"])
    assert found[0]["title"] == "A deal of any kind by December 2020"
    names = re.findall(r'class="t name"[^>]*>([^<]+)<', drawing)
    assert names == ["no inquiry", "no deadline"]
    wide = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)" [^>]*class="swing', drawing)]
    assert wide[0] / wide[1] == pytest.approx(13, rel=0.05)
    assert "+13" in drawing
    assert "−1" in drawing


def test_every_figure_has_a_title_and_a_description(brief: Json) -> None:
    page = render(brief)
    for svg in re.findall(r'<svg class="chart[^>]*>.*?</svg>', page, re.DOTALL):
        assert 'role="img"' in svg
        assert re.search(r"<title>[^<]+</title><desc>[^<]+</desc>", svg)


def test_three_players_have_a_table_and_no_plane(brief: Json) -> None:
    space = brief["figures"]["bargaining"]
    for a in space["agreements"]:
        a["gain"]["seoul"] = {"only": 0.1}
        a["paid"] = {}
    for pair in space["pairs"]:
        pair["types"]["seoul"] = "only"
    found = bargain.space(brief)
    assert found is not None
    assert found["charts"] == []
    assert found["columns"][-1] == "Seoul"
    assert "The scales are the same" not in render(brief)
