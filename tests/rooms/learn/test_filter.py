"""The filter against enumeration, against a posterior on paper, and where the model cannot have the record."""

from __future__ import annotations

import numpy as np
import pytest

import winset
from rooms.game.sample_games import EVERYTHING
from rooms.learn.records import Loose, enumerated, record, sighting
from rooms.study import hand
from winset.language.reading import read_text
from winset.learn.filter import follow_record
from winset.learn.standing import Filtering

EXACT = Filtering(spread=0.0, prune=0.0)


def noisy(game, seed, *, last, share=0.7):
    """Sightings of most moves with likelihoods drawn at random."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(1, last + 1):
        done = set()
        for stage in game.stages:
            if not stage.move or (not game.infinite and stage.round != number) or stage.move in done:
                continue
            done.add(stage.move)
            names = [game.players[m.player].name for m in stage.movers if m.actions != ("(nature)",)]
            labels = {l for m in stage.movers for l in m.observables} | set(stage.outcomes[1:])
            for player in dict.fromkeys([*names, "chance"]):
                if rng.random() < share:
                    found.append(
                        sighting(
                            number, stage.move, player, {l: float(rng.random()) for l in sorted(labels)},
                            otherwise=0.5, absent=float(rng.random()), says="x" if rng.random() < 0.5 else "",
                        )
                    )  # fmt: skip
    return record(*found, last=last)


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("turning", [False, True])
def test_against_enumeration_by_hand(hidden, turning):
    solved = hand.solved(hidden=hidden, turning=turning)
    seen = noisy(solved.game, 3, last=2)
    evidence, posterior = enumerated(solved.game, solved.course.respond, seen)
    got = follow_record(solved.game, solved.course.respond, seen, how=EXACT)
    assert np.exp(got.log_evidence) == pytest.approx(evidence, rel=1e-10)
    np.testing.assert_allclose(got.end, posterior, atol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_against_enumeration_of_everything(seed):
    game = winset.compile_game(read_text(EVERYTHING.replace("to: 2019-12", "to: 2019-11")))
    respond = Loose(game, seed)
    seen = noisy(game, seed, last=1)
    evidence, posterior = enumerated(game, respond, seen)
    got = follow_record(game, respond, seen, how=EXACT)
    assert np.exp(got.log_evidence) == pytest.approx(evidence, rel=1e-10)
    np.testing.assert_allclose(got.end, posterior, atol=1e-10)
