"""The same games, values and gains as OpenSpiel's, where pyspiel is installed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from winset.certify.extensive import certify_tree
from winset.solve.extensive.regret import solve_regret
from winset.tree.games import kuhn, leduc
from winset.tree.liars_dice import liars_dice
from winset.tree.tree import Tree

pyspiel = pytest.importorskip("pyspiel", reason="OpenSpiel is not installed: nothing to compare with")
pytestmark = pytest.mark.oracle

PEERS = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"
GAMES = {"kuhn_poker": kuhn, "leduc_poker": leduc, "liars_dice(dice_sides=3)": lambda: liars_dice(3)}


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"peers_{name}", PEERS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", GAMES)
def test_the_same_value_and_the_same_gains(name: str, tmp_path: Path) -> None:
    child, parent = _module("openspiel_child"), _module("openspiel")
    make: Callable[[], Tree] = GAMES[name]
    game = child.load(name)
    child.write_tree(game, tmp_path)
    tree = parent.read_tree(tmp_path, name)

    solver = pyspiel.CFRPlusSolver(game)
    for _ in range(60):
        solver.evaluate_and_update_policy()
    profile = np.where(tree.is_chance, tree.chance, child.policy(solver, tmp_path))
    theirs = certify_tree(tree, profile)
    assert theirs.sound
    assert theirs.exploitability == pytest.approx(pyspiel.nash_conv(game, solver.average_policy()), abs=1e-9)

    # Their tree, ours of the same rules: one value, to what both may err.
    gain = 1e-6
    ours = [solve_regret(t, accuracy=gain).values[0] for t in (tree, make())]
    assert ours[0] == pytest.approx(ours[1], abs=2 * gain)
    assert theirs.payoffs[0] == pytest.approx(ours[1], abs=theirs.exploitability + gain)
    assert theirs.exploitability > gain  # they have not converged: the two figures above could differ
