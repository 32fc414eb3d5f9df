"""Which histories become one node, and what the node is."""

from __future__ import annotations

import numpy as np
import pytest

from winset.game.merging import BEND, OVER, by_spread, pooled

SPREAD = 1e-3


def some(count=400, width=2, seed=0):
    rng = np.random.default_rng(seed)
    key, mass = rng.integers(0, 9, count) * 7, rng.dirichlet(np.full(count, 0.3))
    return key, rng.beta(0.3, 0.3, (count, width)), mass, key > 40


def wide(coordinates, mass):
    """Probability times variance of bent log-odds."""
    place = np.log((coordinates + BEND) / (1 - coordinates + BEND))
    return (mass[:, None] * (place - mass @ place / mass.sum()) ** 2).sum()


@pytest.mark.parametrize("width", [1, 2, 3])
def test_groups_share_a_key_and_are_no_wider_than_allowed(width):
    key, coordinates, mass, over = some(width=width)
    group, count = by_spread(key, coordinates, mass, over, SPREAD)
    assert 60 < count < 300
    assert np.array_equal(np.unique(group), np.arange(count))
    for g in range(count):
        own = group == g
        assert len(set(key[own])) == 1
        assert wide(coordinates[own], mass[own]) <= SPREAD * (OVER if over[own][0] else 1) * (1 + 1e-9)


def test_groups_are_numbered_in_the_order_of_their_keys():
    key, coordinates, mass, over = some()
    group, count = by_spread(key, coordinates, mass, over, SPREAD)
    of = np.empty(count, dtype=int)
    of[group] = key
    assert (np.diff(of) >= 0).all()


def test_a_group_that_is_narrow_enough_stays_whole():
    """Negative control of the bound: a thousandth of it splits what the bound leaves together."""
    key = np.zeros(3, dtype=np.int64)
    coordinates, mass = np.array([[0.5], [0.5001], [0.9]]), np.array([0.4, 0.4, 1e-9])
    allowed = wide(coordinates, mass) * 1.01
    none = np.zeros(3, dtype=bool)
    assert by_spread(key, coordinates, mass, none, allowed)[1] == 1
    assert by_spread(key, coordinates, mass, none, allowed / 1000)[1] == 3


def test_histories_without_mass_or_coordinates_are_told_apart_by_their_keys():
    key = np.array([4, 2, 4, 2])
    none = np.zeros(4, dtype=bool)
    for coordinates, mass in (
        (np.zeros((4, 0)), np.full(4, 0.25)),
        (np.array([[0.1], [0.2], [0.9], [0.8]]), np.zeros(4)),
    ):
        group, count = by_spread(key, coordinates, mass, none, 1e-9)
        assert (group.tolist(), count) == ([1, 0, 1, 0], 2)
    assert by_spread(key[:0], np.zeros((0, 1)), np.zeros(0), none[:0], 1e-9)[1] == 0


def test_what_differs_by_rounding_alone_is_never_split():
    """Even where no spread is allowed at all; what differs by more is."""
    key, none, steps = np.zeros(99, dtype=np.int64), np.zeros(99, dtype=bool), np.arange(99.0)[:, None]
    assert by_spread(key, 0.3 + 1e-12 * steps, np.full(99, 0.01), none, 0.0)[1] == 1
    assert by_spread(key, 0.3 + 1e-6 * steps, np.full(99, 0.01), none, 0.0)[1] == 99


def test_pooled_is_mass_and_mean_belief():
    key, coordinates, mass, over = some(seed=3)
    belief = np.concatenate([coordinates, 1 - coordinates], axis=1)
    group, count = by_spread(key, coordinates, mass, over, SPREAD)
    total, mean, member = pooled(group, count, mass, belief)
    alone = 0
    for g in range(count):
        own = np.flatnonzero(group == g)
        assert member[g] in own
        assert np.isclose(total[g], mass[own].sum(), rtol=1e-12)
        assert np.allclose(mean[g], np.average(belief[own], axis=0, weights=mass[own]), rtol=1e-10)
        if len(own) == 1:
            alone += 1
            assert np.array_equal(mean[g], belief[own[0]])
    assert alone > 5
