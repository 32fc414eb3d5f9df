"""Rows of the tables of a solved game file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from winset.study.game_solution import GameSolution
from winset.tree.tree import CHANCE


def strategy_rows(solved: GameSolution) -> Iterator[dict[str, Any]]:
    """One row an action of a player: its probability, and that of coming to its set."""
    tree = solved.tree
    for k, found in enumerate(solved.equilibria, 1):
        met = found.met(tree)
        for h in np.flatnonzero(tree.set_player != CHANCE).tolist():
            begin, who = int(tree.set_first[h]), tree.player_name(int(tree.set_player[h]))
            for a in range(begin, int(tree.set_first[h + 1])):
                yield {
                    "equilibrium": k, "player": who, "set": tree.set_label[h] or str(tree.set_number[h]),
                    "action": tree.action_label[a] or str(a - begin + 1), "probability": float(found.profile[a]),
                    "reach": float(met[h]),
                }  # fmt: skip


def value_rows(solved: GameSolution) -> Iterator[dict[str, Any]]:
    """One row a player: what it expects, and what it could gain."""
    for k, found in enumerate(solved.equilibria, 1):
        for name, value, gain in zip(solved.names(), found.values, found.certificate.gain, strict=True):
            yield {"equilibrium": k, "player": name, "value": float(value), "gain": float(gain)}


def path_rows(solved: GameSolution) -> Iterator[dict[str, Any]]:
    """One row a point and action of the logit path; none where no path was followed."""
    path = solved.path
    if path is None:
        return
    for point, (lam, row) in enumerate(zip(path.precision, path.probability, strict=True)):
        for name, p in zip(path.names(), row, strict=True):
            yield {"point": point, "action": name, "lambda": float(lam), "probability": float(p)}
