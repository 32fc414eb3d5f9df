"""Small whole numbers listed and numbered anew; and states whose numbers are not small."""

from __future__ import annotations

import numpy as np

import winset
from winset.game.numbering import distinct, numbered


def test_as_numpy_does_by_sorting() -> None:
    keys = np.random.default_rng(3).integers(0, 50, 200) * 3
    new, count = numbered(keys)
    listed, inverse = np.unique(keys, return_inverse=True)
    assert np.array_equal(distinct(keys), listed)
    assert np.array_equal(new, inverse) and count == len(listed)
    assert not len(distinct(keys[:0])) and numbered(keys[:0])[1] == 0


def test_few_states_of_very_many_take_little_memory() -> None:
    """States are numbered by their values, up to 2^62: twelve variables of ten values each have a million million."""
    game = winset.compile_game(
        winset.build(
            scenario="Wide",
            clock={"rounds": 1},
            players={"one": {}},
            state={f"v{i}": {"range": [0, 9], "start": 9} for i in range(12)},
            round=[
                {"move": "go", "by": "one", "actions": {"stay": {}, "turn": {"then": {"v0": 0}, "pays": {"one": 1}}}},
            ],
        )
    )
    assert len(game.states) == 2
