"""What is to be computed of one variant, and what comes of it: numbers that stay when the variant's solution is let go.

Variants do not depend on each other, nor on the base's full grid, nor does what explains the base's own figures, which
is read off the half grid too; so an order can be carried out here or in another process (`study.workers`), and what
comes back is the same. Bands are put on afterwards, where the base is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from winset.base.errors import ScenarioError, WinsetError
from winset.language.formula import Formula
from winset.language.scenario import Question, Scenario
from winset.language.variants import perception, played_alike
from winset.study.brief_data import Curve
from winset.study.certificate_data import warnings_about
from winset.study.context import Context
from winset.study.delay import Waits, waits
from winset.study.equilibria import Found
from winset.study.forecast import curves
from winset.study.formulas import Asker, Raw
from winset.study.mind import readable_in
from winset.study.pieces import Piece, Pieces


@dataclass(frozen=True, kw_only=True)
class Order:
    """One variant, and what is asked of it.

    Attributes:
        variant: its name; of the base, only what its leaves measure and turn on is asked.
        leaves: leaves of comparisons, measured in each of the variant's equilibria; of the base, all leaves, in its
            principal one.
        trees: formulas whose leaves in the variant are explained.
        heads: headline questions, whose curves are shown.
        effects: formulas of headline questions whose values in the variant are shown.
        trials: formulas by claim that are tried in the variant.
    """

    variant: str
    leaves: tuple[tuple[Any, Context], ...]
    trees: tuple[Formula, ...]
    heads: tuple[Question, ...]
    effects: tuple[Formula, ...]
    trials: Mapping[str, Formula]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of an order.

    Attributes:
        raw: what the leaves measure.
        found: other equilibria of the variant, and of what is perceived in it.
        pieces: what the leaves turn on.
        solved: whether the variant could be solved.
        lines: curves of the headline questions.
        readable: the claims that can be read in the variant.
        warnings: about the variant's solution.
        waits: what delays are worth, of the base only.
    """

    variant: str
    raw: Raw
    found: dict[str, Found]
    pieces: dict[tuple[Any, Context], Piece | None]
    solved: bool
    lines: list[Curve]
    readable: list[str]
    warnings: list[str]
    waits: Waits | None = None


def together(orders: Sequence[Order], scenario: Scenario, base: str) -> list[tuple[Order, ...]]:
    """Orders as pieces of work, those first whose solutions are mostly the base's, on which a worker begins.

    Orders that help each other are one piece: a variant goes with those that perceive it, and with those that are
    played alike, whose solutions are mostly the same. The largest pieces are at the ends, from which they are taken."""
    kinds = played_alike(scenario, dict.fromkeys((base, *(order.variant for order in orders))))
    groups: list[list[Order]] = []
    for order in orders:
        kind, seen = kinds[order.variant], set(perception(scenario, order.variant).seen.values())
        near = [
            g for g in groups
            if any(_reads(seen, order, o, scenario) or kind == kinds[o.variant] != kinds[base] for o in g)
        ]  # fmt: skip
        groups = [g for g in groups if g not in near] + [[*(o for g in near for o in g), order]]
    like = [g for g in groups if all(kinds[o.variant] == kinds[base] for o in g)]
    unlike = [g for g in groups if g not in like]
    return [tuple(g) for g in (*sorted(like, key=len, reverse=True), *sorted(unlike, key=len))]


def _reads(seen: set[str], order: Order, other: Order, scenario: Scenario) -> bool:
    """Whether one of two orders, of which the first perceives the variants `seen`, reads the other's solution."""
    return other.variant in seen or order.variant in perception(scenario, other.variant).seen.values()


def carry_out_all(orders: Sequence[Order], side: Asker, pieces: Pieces, *, keep: bool = False) -> list[Done]:
    """Carries out orders that belong together, and then lets their solutions go, unless told to `keep` them."""
    done = [carry_out(order, side, pieces) for order in orders]
    for order in () if keep else orders:
        side.forget(order.variant)
    return done


def carry_out(order: Order, side: Asker, pieces: Pieces) -> Done:
    """Carries out an order with an asker on the grid on which variants are compared."""
    variant, known = order.variant, set(side.study.found)
    own = variant == side.study.base  # whose equilibria are sought on the full grid
    for leaf, context in order.leaves:
        with suppress(WinsetError):
            for number in range(1 if own else side.study.count(context.variant)):
                side.measured(leaf, replace(context, equilibrium=number))
    pieces.remember(order.trees, variant, side)
    if own:
        return Done(
            variant=variant, raw=side.raw_of(variant), pieces=pieces.of_variant(variant), solved=True, found={},
            lines=[], readable=[], warnings=[], waits=waits(side.study.solved()),
        )  # fmt: skip
    lines: list[Curve] = []
    readable: list[str] = []
    warnings: list[str] = []
    solved = None
    try:
        solved = side.study.solved(variant)
    except ScenarioError as error:
        warnings = [f"{variant}: {error}"]
    if solved is not None:
        lines = curves(solved, order.heads, variant=variant)
        readable = readable_in(solved, order.trials)
        for tree in (*order.effects, *(order.trials[name] for name in readable)):
            with suppress(WinsetError):
                side.value(tree, Context(variant=variant))
        warnings = warnings_about(solved)
    return Done(
        variant=variant, raw=side.raw_of(variant), pieces=pieces.of_variant(variant), solved=solved is not None,
        found={name: found for name, found in side.study.found.items() if name not in known}, lines=lines,
        readable=readable, warnings=warnings,
    )  # fmt: skip
