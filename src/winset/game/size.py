"""How large a game is to solve, said before solving."""

from __future__ import annotations

from winset.game.game import Game, Size
from winset.game.grid import BeliefGrid

_FLOAT, _HOW = 8, 3


def measure(game: Game, grid: BeliefGrid) -> Size:
    """Cells, bytes and what they come from.

    The estimate counts the values of every stage, strategies where somebody has a choice and, per cell, the residual,
    fold count and way of solving; and the game's own arrays. `largest` names the stages with the most cells.
    """
    nodes, rows = grid.nodes, game.rows
    cells = total = 0
    by_move: dict[str, int] = {}
    for stage in game.stages:
        size = len(stage.states)
        moving = int(stage.chooses.sum())
        cells += moving * nodes
        by_move[stage.move or "(settlement)"] = by_move.get(stage.move or "(settlement)", 0) + moving * nodes
        actions = sum(len(m.actions) * game.type_counts[m.player] for m in stage.movers)
        total += nodes * (size * ((rows + 1) * _FLOAT + _HOW) + moving * actions * _FLOAT)
        total += stage.reward.nbytes + 5 * stage.landing.nbytes
    largest = tuple(sorted(by_move.items(), key=lambda item: -item[1])[:5])
    return Size(
        states=len(game.states), stages=len(game.stages), belief_nodes=nodes, cells=cells, bytes=total, largest=largest
    )
