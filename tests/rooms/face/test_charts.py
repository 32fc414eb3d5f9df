from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.face.html import charts
from winset.face.html.svg import nice_ticks, spread

DATES = [f"2020-{m:02d}" for m in range(1, 13)]


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_labels_keep_their_order_and_their_distance(places: list[float]) -> None:
    moved = spread(places, 13, 0, 200)
    pairs = sorted(zip(places, moved, strict=True))
    assert all(b[1] - a[1] >= 13 - 1e-6 for a, b in pairwise(pairs))
    assert min(moved) >= -1e-6


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_cover_the_data(low: float, width: float) -> None:
    ticks = nice_ticks(low, low + width)
    slack = 1e-6 * max(width, abs(low))
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + width - slack
    assert 2 <= len(ticks) <= 8


def heights(drawing: str, style: str) -> list[float]:
    path = re.search(rf'<path d="M([^"]+)" class="{style}"', drawing)
    assert path
    return [float(step.split()[1]) for step in path[1].split("L")]


def test_a_rising_probability_goes_up() -> None:
    drawing = str(charts.lines("x", DATES, [charts.Line(name="a", values=[i / 20 for i in range(12)])]))
    found = heights(drawing, "line c0 d0")
    assert found == sorted(found, reverse=True)
    assert len(found) == 12


def test_named_dates_do_not_cover_each_other() -> None:
    marks = [charts.Mark(name=name, index=5) for name in ("deadline", "summit", "election")]
    drawing = str(charts.lines("x", DATES, [charts.Line(name="a", values=[0.5] * 12)], marks=marks))
    rows = re.findall(r'y="([\d.]+)" class="t mark-name"', drawing)
    assert len(set(rows)) == 3


@pytest.mark.parametrize("values", [[0.0] * 12, [1.0] * 12, [1e-9] * 12])
def test_flat_series_are_drawn(values: list[float]) -> None:
    drawing = str(charts.lines("x", DATES, [charts.Line(name="a", values=values)]))
    assert "nan" not in drawing
    assert "100 %" in drawing or max(values) < 1


def test_fan_of_a_constant() -> None:
    drawing = str(charts.fan("x", DATES, [3.0] * 12, {"50": [[3.0] * 12, [3.0] * 12]}))
    assert "nan" not in drawing


def test_areas_fill_the_whole() -> None:
    drawing = str(charts.stacked("x", DATES, ["a", "b", "c"], [[0.2] * 12, [0.5] * 12, [0.3] * 12]))
    top = min(float(y) for y in re.findall(r"[ML\d.]+ ([\d.]+)", "".join(re.findall(r'd="([^"]+)"', drawing))))
    assert top == pytest.approx(charts.TOP, abs=0.2)
    for name in "abc":
        assert f">{name}</text>" in drawing
