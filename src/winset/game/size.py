"""How large a game is to solve, said before solving."""

from __future__ import annotations

from winset.game.game import Game, Size, Stage
from winset.game.grid import BeliefGrid

_FLOAT = 8


def measure(game: Game, grid: BeliefGrid) -> Size:
    """Cells, bytes and what they come from.

    The estimate counts the values of every stage, the strategies of every mover and, per cell, the residual, fold
    count and way of solving; and the game's own arrays. `largest` names the stages with the most cells.
    """
    nodes, rows = grid.nodes, game.rows
    cells = total = 0
    by_move: dict[str, int] = {}
    for stage in game.stages:
        size = len(stage.states)
        moving = _choosing(stage)
        cells += moving * nodes
        by_move[stage.move or "(settlement)"] = by_move.get(stage.move or "(settlement)", 0) + moving * nodes
        per_cell = rows + 3 + sum(len(m.actions) * game.type_counts[m.player] for m in stage.movers)
        total += size * nodes * per_cell * _FLOAT
        total += stage.reward.nbytes + 5 * stage.landing.nbytes
    largest = tuple(sorted(by_move.items(), key=lambda item: -item[1])[:5])
    return Size(
        states=len(game.states), stages=len(game.stages), belief_nodes=nodes, cells=cells, bytes=total, largest=largest
    )


def _choosing(stage: Stage) -> int:
    """Number of states at which some mover has a choice."""
    if not stage.movers:
        return 0
    some = stage.movers[0].available.sum(axis=1) > 1
    for mover in stage.movers[1:]:
        some = some | (mover.available.sum(axis=1) > 1)
    return int(some.sum())
