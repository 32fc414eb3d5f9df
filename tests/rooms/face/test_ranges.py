from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.face.html import ranges
from winset.face.html.ranges import Bin, Change, Swing


def rects(drawing: str, style: str) -> list[tuple[float, float]]:
    found = re.findall(rf'<rect x="([-\d.]+)" y="[-\d.]+" width="([-\d.]+)" height="[-\d.]+" class="{style}', drawing)
    return [(float(x), float(w)) for x, w in found]


def test_a_waterfall_starts_each_bar_where_the_one_before_ended() -> None:
    drawing = str(ranges.waterfall("belief", 0.5, [Change(name="a", by=0.2), Change(name="b", by=-0.3)]))
    (up,), (down,) = rects(drawing, "swing up"), rects(drawing, "swing down")
    assert up[0] + up[1] == pytest.approx(down[0] + down[1], abs=0.2)
    assert "at first 50 %" in drawing
    assert "at the end 40 %" in drawing


@settings(deadline=None)  # a busy machine is no error
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12), st.floats(-3, 3))
def test_a_waterfall_ends_at_the_sum(moves: list[float], start: float) -> None:
    drawing = str(ranges.waterfall("odds", start, [Change(name="x", by=m) for m in moves], say=lambda v: f"{v:.2f}"))
    end = float(drawing.rpartition("at the end ")[2].partition("<")[0])
    assert end == pytest.approx(start + sum(moves), abs=0.006)


def test_bars_of_a_tornado_reach_from_the_centre_to_both_ends() -> None:
    swing = Swing(name="rate", ends=("0.1", "0.5"), values=(0.2, 0.6), flips=True)
    drawing = str(ranges.tornado("deal", 0.4, [swing], threshold=0.5))
    (low,), (high,) = rects(drawing, "swing down"), rects(drawing, "swing up")
    assert low[0] + low[1] == pytest.approx(high[0], abs=0.2)
    assert low[1] == pytest.approx(high[1], abs=0.2)
    assert "rate *" in drawing
    assert "turns over at 50 %" in drawing
    assert "*" not in str(ranges.tornado("deal", 0.4, [Swing(name="r", ends=("0", "1"), values=(0.2, 0.6))]))


def test_a_region_has_a_border_where_the_threshold_is_crossed_and_only_there() -> None:
    flat = [[0.2, 0.2], [0.2, 0.2]]
    crossed = [[0.2, 0.8], [0.2, 0.8]]
    drawn = [str(ranges.region("p", ("a", [0, 1]), ("b", [0, 1]), v, threshold=0.5)) for v in (flat, crossed)]
    assert drawn[0].count('class="walk"') == 0
    assert drawn[1].count('class="walk"') == 2


def test_a_region_hatches_several_equilibria_and_marks_what_was_not_solved() -> None:
    drawing = str(ranges.region("p", ("a", [0, 1]), ("b", [0, 1]), [[0.1, None], [0.5, 0.9]],
                                hatched=[[True, False], [False, False]], here=(0.5, 0.5)))  # fmt: skip
    assert drawing.count('class="hatch"') == 1
    assert drawing.count('class="missing"') == 1
    ring = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="6" class="ring"', drawing)
    assert ring
    assert float(ring[1]) == pytest.approx(64 + 150)


def test_reliability_puts_what_came_about_upwards() -> None:
    drawing = str(ranges.reliability("r", [Bin(forecast=0.2, happened=0.1, count=10, low=0.0, high=0.4),
                                           Bin(forecast=0.8, happened=0.9, count=10, low=0.5, high=1.0)]))  # fmt: skip
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawing)
    assert float(dots[0][0]) < float(dots[1][0])
    assert float(dots[0][1]) > float(dots[1][1])


def test_long_names_are_cut_with_dots() -> None:
    assert ranges.fitted("a" * 100, 100).endswith("…")
    assert ranges.fitted("short", 100) == "short"
