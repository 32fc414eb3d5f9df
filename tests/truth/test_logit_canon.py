"""The published and closed-form targets of the logit canon (08A, 08B, 08C, 08E), read from `logit_targets.csv`.

The closed forms are computed here once more from their definitions, so that the table is not believed blindly.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oracles.logit_games import asymmetric_matching_pennies, beer_quiche, centipede, chain_store
from winset.solve.extensive.logit import solve_logit
from winset.tree.tree import Floats, Tree

ROWS = list(csv.DictReader(Path(__file__).with_name("logit_targets.csv").read_text(encoding="utf-8").splitlines()))

PLACES = {
    "P(U | row)": "“U”", "P(L | col)": "“U, L”", "Nash: P(U)": "“U”", "Nash: P(L)": "“U, L”",
    "P(E | E)": "“E”", "P(A | I)": "“E, A”", "P(B | SS)": "“strong, beer”", "P(B | SW)": "“weak, beer”",
    "P(duel | RB)": "“strong, beer, duel”", "P(duel | RQ)": "“strong, quiche, duel”",
    "limit lambda->infinity: P(beer | weak)": "“weak, beer”",
    "limit lambda->infinity: P(duel | beer)": "“strong, beer, duel”",
    **{f"P(take) at move {k}": f"“{'pass_, ' * (k - 1)}take”" for k in range(1, 7)},
}  # fmt: skip


def _tree(model: str, parameters: dict[str, Any]) -> Tree:
    made: dict[str, Callable[[], Tree]] = {
        "08A": lambda: asymmetric_matching_pennies(parameters["x"]),
        "08B": lambda: centipede(parameters["moves"]),
        "08C": lambda: chain_store(model.endswith("sequential")),
        "08E": lambda: beer_quiche(str(parameters["prob_strong"])),
    }
    return made[model[:3]]()


@lru_cache
def _solved(model: str, parameters: str) -> tuple[Tree, Floats]:
    given = json.loads(parameters)
    tree = _tree(model, given)
    found = solve_logit(tree, precision=given.get("lambda"))
    assert found.path is not None
    profile = found.profile if found.path.limit is None else found.path.limit
    return tree, profile


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['model']}-{r['parameters']}-{r['quantity']}" for r in ROWS])
def test_target(row: dict[str, str]) -> None:
    tree, profile = _solved(row["model"], row["parameters"])
    place = next(n for n in range(1, tree.nodes) if tree.path_name(n) == PLACES[row["quantity"]])
    assert profile[tree.arrived[place]] == pytest.approx(float(row["value"]), abs=float(row["tolerance"]))


def test_every_row_is_met() -> None:
    assert len(ROWS) == 120 and {r["model"][:3] for r in ROWS} == {"08A", "08B", "08C", "08E"}


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


@pytest.mark.parametrize("lam", [0.5, 3.0])
def test_the_centipede_in_closed_form(lam: float) -> None:
    """Backwards from the last move: take with the logistic of λ times the difference in own payoff."""
    take = []
    ahead = (0.4 * 2**6, 0.1 * 2**6)
    for k in reversed(range(6)):
        large, small = 0.4 * 2**k, 0.1 * 2**k
        now = (large, small) if k % 2 == 0 else (small, large)
        p = _logistic(lam * (now[k % 2] - ahead[k % 2]))
        take.append(p)
        ahead = (p * now[0] + (1 - p) * ahead[0], p * now[1] + (1 - p) * ahead[1])
    assert np.allclose(solve_logit(centipede(6), precision=lam).profile[::2], take[::-1], atol=1e-12, rtol=0)


@pytest.mark.parametrize(("x", "lam"), [(9, 1.0), (9, 20.0), (4, 2.0)])
def test_matching_pennies_by_bisection(x: int, lam: float) -> None:
    """P(U) = s(λ (x q - (1 - q))), q = P(L) = s(λ (1 - 2 P(U))): one equation that falls in P(U)."""
    low, high = 0.0, 1.0
    for _ in range(200):
        p = (low + high) / 2
        q = _logistic(lam * (1 - 2 * p))
        low, high = (p, high) if _logistic(lam * (x * q - (1 - q))) > p else (low, p)
    found = solve_logit(asymmetric_matching_pennies(x), precision=lam).profile
    assert found[0] == pytest.approx(p, abs=1e-12) and found[2] == pytest.approx(q, abs=1e-12)


@pytest.mark.parametrize("lam", [0.5, 1.0])
def test_the_chain_store_in_closed_form(lam: float) -> None:
    """Sequential: s(2 ...) at the incumbent's node; in the strategic form the stakes shrink with P(E)."""
    a = _logistic(lam)
    found = solve_logit(chain_store(True), precision=lam).profile
    assert found[3] == pytest.approx(a, abs=1e-12)
    assert found[1] == pytest.approx(_logistic(lam * (3 * a - 2)), abs=1e-12)
    e = 0.5
    for _ in range(500):
        b = _logistic(lam * e)
        e = 0.5 * e + 0.5 * _logistic(lam * (3 * b - 2))
    found = solve_logit(chain_store(False), precision=lam).profile
    assert found[1] == pytest.approx(e, abs=1e-12) and found[3] == pytest.approx(b, abs=1e-12)
