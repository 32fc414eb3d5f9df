"""Draws renewed: posteriors in closed form far narrower than the prior, and what is told of draws that collapsed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from winset.learn.kinship import Kinship
from winset.learn.posterior import Posterior, box, bridge, pareto_shape, temper, weigh
from winset.learn.sequential import Assimilated, assimilate
from winset.study.hindcast.draws import sobol
from winset.study.hindcast.pooling import pooled

SHARP = np.array([0.3, 0.45, 0.55, 0.7])


def normal(centre: np.ndarray, sd: float, dates: tuple[float, ...] = (1.0,)) -> Callable[[np.ndarray], np.ndarray]:
    """(n, T) log densities, without constants, of normals around a centre, their precision growing with the dates."""

    def evaluate(values: np.ndarray) -> np.ndarray:
        gaps = (values[:, : len(centre)] - centre) / sd
        return np.outer(-0.5 * (gaps**2).sum(axis=1), dates)

    return evaluate


def log_evidence(size: int, sd: float) -> float:
    """Of such a normal inside a cube of side 1, its tails beyond the walls left out of account."""
    return size * math.log(sd * math.sqrt(2 * math.pi))


def renewed(evaluate: Callable[[np.ndarray], np.ndarray], size: int, draws: int, seed: int) -> Assimilated:
    prior = box({f"p{i}": (0.0, 1.0) for i in range(size)})
    return assimilate(prior, evaluate, sobol(draws, size, seed), least=min(20.0, draws / 2), renew=True, seed=seed)


def moments(found: Posterior | None) -> tuple[Posterior, np.ndarray, np.ndarray]:
    assert found is not None
    mean = found.weights @ found.values
    return found, mean, np.sqrt(found.weights @ (found.values - mean) ** 2)


@pytest.mark.parametrize("seed", range(6))
def test_a_sharp_normal(seed: int) -> None:
    """Four parameters known to a fiftieth of their ranges: one of 64 draws carries nearly all the weight."""
    got = renewed(normal(SHARP, 0.02), 4, 64, seed)
    found, mean, sd = moments(got.posteriors[0])
    assert got.renewals == (0,) and found.enough and 35 < found.ess < 64
    assert np.abs(mean - SHARP).max() < 0.5 * 0.02  # of 50 independent draws: 0.14 deviations, times three and a half
    assert sd.min() > 0.7 * 0.02 and sd.max() < 1.35 * 0.02
    assert found.log_evidence == pytest.approx(log_evidence(4, 0.02), abs=2.2)
    assert len(got.values) < 5000


def test_the_error_that_is_told_is_the_error() -> None:
    z, gaps = [], []
    for seed in range(12):
        found, mean, sd = moments(renewed(normal(SHARP, 0.03), 4, 64, seed).posteriors[0])
        z.append((mean - SHARP) / (sd / math.sqrt(found.ess)))
        gaps.append(found.log_evidence - log_evidence(4, 0.03))
    assert 0.7 < math.sqrt(np.square(z).mean()) < 1.35
    assert math.sqrt(np.square(gaps).mean()) < 1.2


def test_from_date_to_date() -> None:
    """The precision grows forty-fold and more: each renewal goes on from the last, and the evidence adds up."""
    growth = (0.02, 0.1, 0.4, 1.0, 1.05)
    for seed in range(4):
        got = renewed(normal(SHARP, 0.03, growth), 4, 64, seed)
        assert len(got.renewals) >= 2
        for share, posterior in zip(growth[1:], got.posteriors[1:], strict=True):
            found, mean, sd = moments(posterior)
            true = 0.03 / math.sqrt(share)
            assert found.enough and np.abs(mean - SHARP).max() < 0.7 * true
            assert 0.65 * true < sd.min() and sd.max() < 1.4 * true
            assert found.log_evidence == pytest.approx(log_evidence(4, true), abs=2.2)


def test_many_parameters_of_which_the_record_tells_of_three() -> None:
    """The other 57 keep their prior, and their means' errors are told as they are."""
    z, widths = [], []
    for seed in range(8):
        got = renewed(normal(np.full(3, 0.5), 0.1), 60, 64, seed)
        found, mean, sd = moments(got.posteriors[0])
        assert got.renewals and found.enough and len(got.values) < 1500
        assert sd[:3] == pytest.approx(0.1, rel=0.4) and mean[:3] == pytest.approx(0.5, abs=0.06)
        z.append((mean[3:] - 0.5) / (sd[3:] / math.sqrt(found.ess)))
        widths += [np.subtract(*found.interval(f"p{i}", 0.8)[::-1]) for i in range(3, 60)]
    assert 0.7 < math.sqrt(np.square(z).mean()) < 1.35
    assert np.mean(widths) == pytest.approx(0.8, abs=0.03)


def test_two_peaks_that_no_move_joins() -> None:
    """How many draws each peak gets is left to chance, and told: moves that stay on a peak part no family."""
    z = []

    def evaluate(values: np.ndarray) -> np.ndarray:
        return np.logaddexp(*(normal(np.full(4, centre), 0.03)(values) for centre in (0.25, 0.75)))

    for seed in range(8):
        found, mean, _ = moments(renewed(evaluate, 4, 64, seed).posteriors[0])
        assert 5 < found.ess < 20 and not found.enough
        z.append((mean[0] - 0.5) / (0.25 / math.sqrt(found.ess)))
    assert 0.4 < math.sqrt(np.square(z).mean()) < 1.7


def test_a_step_that_leaves_one_draw_is_told_as_one_draw() -> None:
    """All the way at once: what is left are copies of one draw, however many different points they have moved to."""
    prior = box({f"p{i}": (0.0, 1.0) for i in range(4)})
    for seed in range(3):
        got = temper(prior, lambda v: normal(SHARP, 0.02)(v)[:, 0], particles=64, kept=1 / 64, seed=seed)
        assert got.powers == (0.0, 1.0) and got.distinct > 20
        assert got.ess < 4 and not got.enough and "effective draws of 64" in got.why


def test_draws_that_no_move_parts_stay_one_family() -> None:
    """Only four of the first 64 points are possible, and nothing else is."""
    prior, start = box({"x": (0.0, 1.0), "y": (0.0, 1.0)}), sobol(64, 2, 1)
    known = {row.tobytes() for row in start[:4]}

    def ends(values: np.ndarray) -> np.ndarray:
        return np.array([[0.0, 0.0 if row.tobytes() in known else -np.inf] for row in values])

    got = bridge(prior, ends, start, ends(start), Kinship.none(64), rng=np.random.default_rng(1))
    assert got.kinship.effective(np.full(64, 1 / 64), got.points) == pytest.approx(4.0)
    assert got.log_evidence == pytest.approx(math.log(4 / 64)) and got.acceptance == (0.0,)
    with pytest.raises(ValueError, match="no draw"):
        bridge(prior, ends, start[4:], ends(start[4:]), Kinship.none(60), rng=np.random.default_rng(1))


def test_a_collapse_is_told_until_moves_have_mended_it() -> None:
    """A thirtieth of a range is possible, so that hardly a draw is: copies of it are relied on only dates later."""

    def evaluate(values: np.ndarray) -> np.ndarray:
        return np.where(np.abs(values[:, :1] - 0.4) < 0.015, np.zeros((1, 5)), -np.inf)

    got = renewed(evaluate, 1, 64, 2)
    told = [found for found in got.posteriors if found is not None]
    assert [f.enough for f in told[:2]] == [False, False] and told[0].ess < 3
    assert told[-1].enough and got.renewals == tuple(range(len(got.renewals))) and len(got.renewals) < 5
    assert moments(told[-1])[2][0] == pytest.approx(0.03 / math.sqrt(12), rel=0.3)


def test_effective_draws_of_families_by_hand() -> None:
    points, even = np.arange(4.0)[:, None], np.full(4, 0.25)
    kin = Kinship.none(4)
    assert kin.effective(even, points) == pytest.approx(4.0)
    two = kin.resampled(np.array([0, 0, 3, 3]))
    assert two.effective(even, points) == pytest.approx(2.0)  # as if no move had parted them
    assert two.moved(0.5).effective(even, points) == pytest.approx(16 / (4 + 4 * 0.5))
    stuck = np.array([[0.0], [0.0], [3.0], [4.0]])  # the moves left two where they were
    assert two.moved(0.5).effective(even, stuck) == pytest.approx(16 / (4 + 2 * 1.0 + 2 * 0.5))
    again = two.moved(0.5).resampled(np.array([0, 0, 1, 2])).moved(0.5)
    # pairs: 0-1 one parent since, 0.5; 0-2 and 1-2 cousins, 0.25; 3 of the other family
    assert again.effective(even, points) == pytest.approx(16 / (4 + 2 * 0.5 + 4 * 0.25))
    assert kin.effective(np.array([0.5, 0.5, 0.0, 0.0]), points) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("weights", "shape", "enough"),
    [
        ([1.0] * 61 + [0.9] * 3, -math.inf, True),
        ([1.0] * 32 + [0.5] * 32, -math.inf, True),
        ([1.0] * 54 + list(np.linspace(1.1, 1.6, 10)), -math.inf, True),
        ([1.0] * 61 + [10.0] * 3, math.inf, False),  # 23 effective: three weigh as much as 30 others
        ([1.0] * 12, -math.inf, True),
        ([1.0] * 40 + [0.0] * 24, -math.inf, True),
    ],
)
@pytest.mark.filterwarnings("error")
def test_weights_that_are_alike(weights: list[float], shape: float, enough: bool) -> None:
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    got = weigh(("x",), np.arange(float(len(logs)))[:, None], logs, least=min(20.0, len(logs) / 2))
    assert got.pareto == shape and got.enough == enough == (not got.why)
    assert enough or "too few of the 64 weights differ" in got.why


@pytest.mark.filterwarnings("error")
def test_a_shape_is_a_number_however_many_weights_tie() -> None:
    rng = np.random.default_rng(5)
    for count in (21, 25, 64, 100):
        for kinds in (1, 2, 3, 5, 20):
            for _ in range(20):
                logs = rng.choice(rng.normal(0.0, 2.0, kinds), count)
                assert not math.isnan(pareto_shape(logs))


@pytest.mark.parametrize("count", [2, 16, 20])
def test_few_draws_are_said_to_be_few(count: int) -> None:
    logs = np.linspace(0.0, 0.3, count)
    got = weigh(("x",), np.arange(float(count))[:, None], logs, least=count / 2)
    assert not got.enough
    assert got.why == f"{count} draws are too few to tell whether a few of them carry the rest; 21 are needed"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draws", [1, 2, 3, 4])
def test_a_handful_of_draws_is_not_renewed(draws: int) -> None:
    got = renewed(normal(np.full(1, 0.3), 0.02), 1, draws, 1)
    found = got.posteriors[0]
    assert found is not None and bool(got.renewals) == (draws == 4)
    few = "1 draw is" if draws == 1 else f"{draws} draws are"
    assert found.why.endswith(f"{few} too few to be renewed, 4 are needed") == (draws < 4)
    assert found.enough == (draws == 4)


def test_slightly_uneven_weights_of_few_draws_are_not_renewed() -> None:
    got = renewed(normal(np.full(1, 0.3), 0.6), 1, 16, 1)
    assert not got.renewals and "16 draws are too few" in getattr(got.posteriors[0], "why", "")


def test_a_forecasts_error_knows_of_families() -> None:
    result = {"forecast": [[[0.2]]], "log_evidence": [0.0], "belief": [[1.0]], "lost": [0.0]}
    results = [result, {**result, "forecast": [[[0.6]]]}] * 8
    kept = pooled(("x",), np.zeros((16, 1)), results, (None,), np.ones(16))
    alone, family = (kept.chance(0, 0, 0, np.full(16, 1 / 16), ess) for ess in (None, 4.0))
    assert alone is not None and family is not None
    assert alone.error == pytest.approx(0.2 / 4) and family.error == pytest.approx(0.2 / 2)
