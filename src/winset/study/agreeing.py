"""What the choice that may bring about an agreement is worth to whoever makes it.

An agreement is worth what it is worth once it is signed; agreeing to it is worth less where it may fail all the same.
"""

from __future__ import annotations

import numpy as np

from winset.game.game import Floats, Game, Stage
from winset.study.figure_data import AgreeingData
from winset.study.solved import Solved


def paid_on(game: Game, stage: Stage, branch: int) -> Floats:
    """(R,) what a branch pays each (player, type), averaged over the others' types at the prior."""
    shape = game.type_counts
    out = []
    for i, _ in enumerate(game.players):
        table = stage.reward[branch, i].reshape(shape)
        for other in reversed(range(len(shape))):
            if other != i:
                table = np.tensordot(table, game.players[other].prior, axes=([other], [0]))
        out.append(table)
    return np.concatenate(out)


def worth_after(solved: Solved, index: int, target: int) -> Floats:
    """(R,) discounted values of the next stage at one of its states; zero where the game is over."""
    game = solved.game
    following = game.next_stage(index)
    if target < 0 or following is None:
        return np.zeros(game.rows)
    return worth_at(solved, following, target) * np.repeat(game.stages[index].discount, game.type_counts)


def worth_at(solved: Solved, index: int, state: int) -> Floats:
    """(R,) values of a stage at one of its states, at the beliefs of the start."""
    belief = np.concatenate([p.prior for p in solved.game.players])[None]
    values = solved.solution.respond(index, np.array([state]), belief).values[0]
    return np.asarray(values, dtype=np.float64)


def worth_without(solved: Solved, index: int, row: int) -> Floats | None:
    """(R,) values right after a stage at a row; None where the game cannot stand there then."""
    following = solved.game.next_stage(index)
    if following is None:
        return np.zeros(solved.game.rows)
    spots = np.nonzero(solved.game.stages[following].states == row)[0]
    return worth_after(solved, index, int(spots[0])) if len(spots) else None


def agreeing(solved: Solved, index: int, row: int, away: int) -> list[AgreeingData]:
    """The choice that may end in a row of `Game.states`, for each type of the player who makes it.

    Args:
        solved: the scenario, in one equilibrium.
        index: the stage at which it is made.
        row: the row that is the agreement; `away` the one that is walking away.

    Returns:
        Nothing where the likeliest place at which it is made is not one player's open choice.
    """
    game = solved.game
    stage = game.stages[index]
    spot = _likeliest(solved, index, row)
    if spot is None or len(stage.movers) != 1 or stage.movers[0].signal is not None or stage.action_reward is not None:
        return []
    state, action = spot
    side = stage.movers[0]
    player, opened = game.players[side.player], np.nonzero(side.available[state])[0]
    without = worth_without(solved, index, away)
    if len(opened) < 2 or without is None:
        return []
    worth = {int(a): _worth_of(solved, index, state, int(a), without) for a in opened}
    chance, failing = _failing(solved, index, state, action, row, without)
    belief = np.concatenate([p.prior for p in game.players])[None]
    played = solved.solution.respond(index, np.array([state]), belief).strategies[0][0]
    at = game.row_start[side.player]
    out = []
    for k, kind in enumerate(player.types):
        other = max((a for a in worth if a != action), key=lambda a: worth[a][at + k])
        out.append(
            AgreeingData(
                player=player.name, type=kind, action=side.actions[action], chance=round(chance, 10),
                failing=None if failing is None else round(float(failing[at + k]), 10),
                worth=round(float(worth[action][at + k]), 10), other=side.actions[other],
                other_worth=round(float(worth[other][at + k]), 10), played=round(float(played[k, action]), 10),
            )
        )  # fmt: skip
    return out


def _likeliest(solved: Solved, index: int, row: int) -> tuple[int, int] | None:
    """The state and the joint observable that most often may end in a row; None where no history comes there."""
    stage = solved.game.stages[index]
    layer = next((found for found in solved.graph.layers if found.stage == index), None)
    if layer is None:
        return None
    mass = np.bincount(layer.state, layer.mass, len(stage.states))
    source = (np.searchsorted(stage.first, np.arange(len(stage.landing)), side="right") - 1).astype(np.int64)
    state, joint = source // stage.joint_observables, source % stage.joint_observables
    into = np.nonzero((stage.landing == row) & (stage.states[state] != row) & (stage.probability > 0))[0]
    if not len(into) or mass[state[into]].max() <= 0:
        return None
    best = into[np.argmax(mass[state[into]])]
    return int(state[best]), int(joint[best])


def _branches(stage: Stage, state: int, joint: int) -> range:
    at = state * stage.joint_observables + joint
    return range(int(stage.first[at]), int(stage.first[at + 1]))


def _worth_of(solved: Solved, index: int, state: int, action: int, without: Floats) -> Floats:
    """(R,) what an action is worth beyond walking away."""
    stage = solved.game.stages[index]
    out = -without
    for b in _branches(stage, state, action):
        out = out + stage.probability[b] * _on(solved, index, b)
    return np.asarray(out)


def _on(solved: Solved, index: int, branch: int) -> Floats:
    """(R,) what is paid on a branch and all that follows."""
    stage = solved.game.stages[index]
    return paid_on(solved.game, stage, branch) + worth_after(solved, index, int(stage.target[branch]))


def _failing(
    solved: Solved, index: int, state: int, action: int, row: int, without: Floats
) -> tuple[float, Floats | None]:
    """How likely an action ends in a row, and (R,) what it is worth when it does not; None where it always does."""
    stage = solved.game.stages[index]
    found = _branches(stage, state, action)
    chance = float(sum(stage.probability[b] for b in found if stage.landing[b] == row))
    if chance >= 1 - 1e-12:
        return 1.0, None
    rest = sum(stage.probability[b] * _on(solved, index, b) for b in found if stage.landing[b] != row)
    return chance, np.asarray(rest) / (1 - chance) - without


__all__ = ["agreeing", "paid_on", "worth_after", "worth_at", "worth_without"]
