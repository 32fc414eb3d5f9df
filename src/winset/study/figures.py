"""All data of a brief's figures, from one solved scenario."""

from __future__ import annotations

from winset.study.agreements import bargaining
from winset.study.figure_data import Figures
from winset.study.shape import record_rows, shape
from winset.study.solved import Solved
from winset.study.strategy_map import strategy_maps


def figures(solved: Solved, dates: list[str]) -> Figures:
    """What the figures of a brief show.

    Args:
        solved: the base, in its principal equilibrium.
        dates: labels of the rounds that the forecast shows.
    """
    errs = bool(solved.course.perceived)  # what is played and believed there is not the solution's
    return Figures(
        maps=[] if errs else strategy_maps(solved),
        shape=shape(solved.game),
        bargaining=None if errs else bargaining(solved, dates),
        record=record_rows(solved.game.scenario, dates),
    )
