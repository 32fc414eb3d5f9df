"""Axes and points: every range and distribution; the same seed, the same points, a longer run those of a shorter."""

import numpy as np
import pytest

from rooms.study.robust import sketches
from winset.base.errors import WinsetError
from winset.study.robust.axes import axes, points, valued
from winset.study.robust.statistics import histogram, interval


def with_b(text):
    return sketches.luck(b=("b: {value: 0.1, range: [0, 0.3]}", f"b: {text}"))


def test_every_range_is_an_axis():
    found = axes(sketches.luck())
    assert [(a.name, a.value, a.low, a.high) for a in found] == [
        ("a", 0.1, 0, 0.5), ("b", 0.1, 0, 0.3), ("c", 0.1, 0, 1), ("d", 0.5, 0, 1),
    ]  # fmt: skip
    assert axes(sketches.luck(), {"a": 0.2})[0].value == 0.2
    assert [a.name for a in axes(sketches.luck(), names=["c"])] == ["c"]
    with pytest.raises(WinsetError, match="`x` is no parameter with a range"):
        axes(sketches.luck(), names=["x"])


def test_without_ranges_nothing_is_uncertain():
    scenario = sketches.luck(
        a=("a: {value: 0.1, range: [0, 0.5]}", "a: 0.1"), b=("b: {value: 0.1, range: [0, 0.3]}", "b: 0.1"),
        c=("c: {value: 0.1, range: [0, 1]}", "c: 0.1"), d=("d: {value: 0.5, range: [0, 1],", "d: {value: 0.5,"),
    )  # fmt: skip
    with pytest.raises(WinsetError, match=r"nothing is uncertain(.|\n)*fix: Give one"):
        axes(scenario)


MOMENTS = {
    "{value: 0.1, range: [0, 0.3]}": (0.15, 0.3 / np.sqrt(12)),
    "{distribution: {uniform: {low: 0.1, high: 0.3}}}": (0.2, 0.2 / np.sqrt(12)),
    "{distribution: {triangular: {low: 0, mode: 0.1, high: 0.2}}}": (0.1, 0.2 / np.sqrt(24)),
    "{distribution: {normal: {mean: 0.2, sd: 0.01}}}": (0.2, 0.01),
    "{distribution: {lognormal: {mean: 0.2, sd: 0.05}}}": (0.2, 0.05),
    "{distribution: {beta: {a: 2, b: 6}}}": (0.25, np.sqrt(12 / 64 / 9)),
    "{value: 0.2, range: [0.2, 0.3], distribution: {normal: {mean: 0.2, sd: 0.01}}}":
        (0.2 + 0.01 * np.sqrt(2 / np.pi), 0.01 * np.sqrt(1 - 2 / np.pi)),
}  # fmt: skip


@pytest.mark.parametrize("text", MOMENTS)
def test_points_follow_the_distribution(text):
    axis = axes(with_b(text))[1]
    drawn = axis.at(points(4096, 1, 3)[:, 0])
    mean, spread = MOMENTS[text]
    assert drawn.mean() == pytest.approx(mean, rel=4e-3)
    assert drawn.std() == pytest.approx(spread, rel=2e-2)
    assert axis.low <= drawn.min() and drawn.max() <= axis.high
    share = np.array([0.1, 0.5, 0.9])
    assert [axis.share(x) for x in axis.at(share)] == pytest.approx(share, abs=1e-9)


def test_far_from_the_middle_of_a_distribution():
    """Close to six deviations out both tails of a normal distribution are drawn alike, to the last digits."""
    low, high = (
        axes(with_b(f"{{value: {v}, range: [{a}, {b}], distribution: {{normal: {{mean: 0.3, sd: 0.02}}}}}}"))[1]
        for v, a, b in ((0.18, 0.0, 0.182), (0.5, 0.418, 0.6))
    )
    share = points(256, 1, 3)[:, 0]
    assert high.at(share) == pytest.approx(0.6 - low.at(1.0 - share), abs=1e-12)
    assert len(set(high.at(share).tolist())) == 256 and high.at(share).max() < 0.45
    assert [high.share(x) for x in high.at(share)] == pytest.approx(share, abs=1e-8)
    assert high.mass() == pytest.approx(1.818e-9, rel=1e-2) == low.mass()


def test_a_distribution_outside_its_range_is_refused():
    with pytest.raises(
        WinsetError, match=r"of the distribution of `b` a share of .* lies in its range of 0\.5 to 0\.9"
    ):
        axes(with_b("{value: 0.5, range: [0.5, 0.9], distribution: {normal: {mean: 0.3, sd: 0.02}}}"))


def test_a_longer_run_begins_with_a_shorter_one():
    assert np.array_equal(points(32, 5, 7)[:20], points(20, 5, 7))
    assert not np.array_equal(points(20, 5, 7), points(20, 5, 8))


def test_points_are_spread_evenly():
    """Of 256 points of a Sobol sequence each sixteenth of an axis holds exactly 16; of independent ones not."""
    made = points(256, 8, 5)
    counts = [np.histogram(made[:, i], 16, (0, 1))[0] for i in range(8)]
    assert all((c == 16).all() for c in counts)
    assert not (np.histogram(np.random.default_rng(5).random(256), 16, (0, 1))[0] == 16).all()
    assert valued(axes(sketches.luck()), made[:, :4]).max(axis=0) == pytest.approx([0.5, 0.3, 1, 1], abs=6e-3)


def test_wilson_interval():
    """Values of Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3."""
    for hits, count, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        assert interval(hits, count) == pytest.approx((low, high), abs=5e-5)
    assert interval(0, 0) == (None, None)
    assert all(interval(0, n)[0] == 0.0 and interval(n, n)[1] == 1.0 for n in range(1, 100))


def test_histograms_hold_everything():
    values = np.linspace(0.1, 0.9, 50)
    edges, counts = histogram(values, unit="probability")
    assert (edges[0], edges[-1], sum(counts)) == (0.0, 1.0, 50)
    assert histogram(np.array([2.0, 2.0]), unit="number") == ([2.0, 2.0], [2])
    assert histogram(np.array([]), unit="number") == ([], [])
