"""Records drawn at random from a known profile, as a careless witness would write them down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rooms.learn.records import record, sighting
from winset.game.game import Game
from winset.game.play import play
from winset.learn.sighting import Chances, Observations

MISSED, MISTAKEN = 0.2, 0.1


def channel(labels: tuple[str, ...]) -> dict[str, Chances]:
    """What may be reported of a move: a label, mistaken for each other one now and then, or nothing."""
    wrong = MISTAKEN / (len(labels) - 1)
    found = {
        says: Chances(
            likelihood={l: (1 - MISSED) * (1 - MISTAKEN if l == says else wrong) for l in labels}, absent=0.0
        )
        for says in labels
    }  # fmt: skip
    return found | {"": Chances(likelihood=dict.fromkeys(labels, MISSED), absent=1.0)}


def records(game: Game, respond, count: int, seed: int) -> Iterator[tuple[tuple[int, ...], Observations]]:
    """Each play's last types, and what was written down of every mover at every move."""
    plays = play(game, respond, count=count, seed=seed)
    rng = np.random.default_rng(seed + 1)
    written = []
    for step in plays.steps:
        stage = game.stages[step.stage]
        sizes = [len(m.observables) for m in stage.movers]
        for j, mover in enumerate(stage.movers):
            might = channel(mover.observables)
            seen = np.stack(np.unravel_index(np.maximum(step.observable, 0), sizes))[j]
            there = (step.observable >= 0) & mover.happens[np.maximum(step.state, 0)]
            says = list(might)
            table = np.array([[might[s].likelihood[l] for s in says] for l in mover.observables])
            draws = [says[rng.choice(len(says), p=table[o])] if ok else "" for o, ok in zip(seen, there, strict=True)]
            written.append((step.round, stage.move, game.players[mover.player].name, might, draws))
    last = max(step.round for step in plays.steps)
    for n in range(count):
        sightings = [
            sighting(number, move, player, might[draws[n]].likelihood, absent=might[draws[n]].absent, says=draws[n],
                     might=might)
            for number, move, player, might, draws in written
        ]  # fmt: skip
        yield tuple(plays.steps[-1].types[n]), record(*sightings, last=last)
