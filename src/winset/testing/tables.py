"""Published values that solvers are held against, with their sources."""

from __future__ import annotations

from dataclasses import dataclass

from winset.tree.build import build, move, pays
from winset.tree.games import kuhn, leduc
from winset.tree.tree import Tree

PENNIES_SOURCE = (
    "McKelvey and Palfrey 1995, Games and Economic Behavior 10, game after Ochs 1995; values by Newton's method on the "
    "two logit equations"
)
PENNIES = (
    (9, 0.5, 0.8306705913418175, 0.41807746690621367),
    (9, 1.0, 0.8935763305539739, 0.3127803750295332),
    (9, 2.0, 0.8607543943410344, 0.19107849431747428),
    (9, 5.0, 0.7019842367983301, 0.11713529134628284),
    (9, 20.0, 0.5546273872631114, 0.10109692625090262),
    (4, 0.5, 0.6574194665433853, 0.4607262031851881),
    (4, 20.0, 0.534442308211135, 0.20137987764508025),
)
"""Asymmetric matching pennies: bonus, precision, P(up), P(left)."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """The value of a zero-sum tree to its first player, as it was published."""

    game: str
    value: float
    tolerance: float
    source: str


def pennies() -> Tree:
    """Matching pennies: the first player wins 1 where the coins match."""
    answer = [move("odd", "odd", heads=pays(s, -s), tails=pays(-s, s)) for s in (1, -1)]
    return build("matching pennies", ("even", "odd"), move("even", "even", heads=answer[0], tails=answer[1]))


def zero_sum() -> dict[str, Tree]:
    """Zero-sum trees whose values are known."""
    return {"matching pennies": pennies(), "Kuhn poker": kuhn(), "Leduc hold'em": leduc()}


def published() -> tuple[Known, ...]:
    """Their values."""
    return (
        Known(game="matching pennies", value=0.0, tolerance=1e-9, source="von Neumann 1928; each side mixes evenly"),
        Known(game="Kuhn poker", value=-1 / 18, tolerance=1e-9, source="Kuhn 1950"),
        Known(game="Leduc hold'em", value=-0.085606424078, tolerance=1e-9,
              source="Southey et al. 2005; value from OpenSpiel's test of its sequence-form linear programme"),
    )  # fmt: skip
