"""What a brief keeps of every variant, so that its solution and histories can be let go."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from winset.base.errors import ScenarioError, WinsetError
from winset.language.formula import In, parse_formula, walk
from winset.language.scenario import Scenario
from winset.study.asking import unit_of
from winset.study.brief_data import Curve, Effect
from winset.study.children import Setup
from winset.study.context import Context, leaves
from winset.study.delay import Waits
from winset.study.formulas import Asker
from winset.study.mind import trials, verdicts_in
from winset.study.orders import Done, Order, carry_out_all, together
from winset.study.pieces import Pieces
from winset.study.solved import Progress
from winset.study.workers import Shift


class Sides:
    """The variants of a brief.

    Effects and curves of variants come from the half grid, both sides of an effect alike (see `Asker.ask`).

    Attributes:
        pieces: what the figures that questions and claims read turn on.
        lines: curves of the headline questions.
        effects: by variant.
        verdicts: by variant, of the claims that can be read in any.
        warnings: about the variants' solutions.
        waits: what delays are worth in the base on the half grid, where `apart`.
        orders: what is to be computed of each variant, in pieces of work.
        apart: whether other processes may carry them out.
        setup: what these make their study of.
    """

    def __init__(self, asker: Asker, scenario: Scenario, all_variants: bool) -> None:
        self.asker = asker
        self.pieces = Pieces(asker)
        self.lines: list[Curve] = []
        self.effects: dict[str, list[Effect]] = {}
        self.verdicts: dict[str, dict[str, bool | None]] = {}
        self.warnings: list[str] = []
        self.waits: Waits | None = None
        heads = tuple(q for q in scenario.questions if q.headline) or scenario.questions
        trees = [(q, parse_formula(q.formula)) for q in heads]
        self._heads = [(q, t) for q, t in trees if unit_of(t) == "probability" and not _reads_variant(t)]
        self._trials = trials(scenario.claims)
        texts = [q.formula for q in scenario.questions] + [c.holds_if for c in scenario.claims if c.holds_if]
        self._trees = tuple(parse_formula(text) for text in texts)
        self.orders = together(self._ordered(scenario, heads, all_variants), scenario, asker.study.base)
        self.apart = asker.check is None and bool(self.orders) and not asker.small and asker.study.dimensions > 0
        if self.apart:
            self.orders.insert(0, (self._own(scenario, heads),))
        study = asker.study
        self.setup = Setup.of(
            scenario, values=study.values, grid=study.settings.grid, memory=study.settings.memory, base=study.base
        )

    def _ordered(self, scenario: Scenario, heads: tuple[Any, ...], all_variants: bool) -> list[Order]:
        """The variants that questions and claims read, or all of them, with what is asked of each."""
        base = self.asker.study.base
        trees = self._trees
        read = {n.variant for tree in trees for n in walk(tree) if isinstance(n, In)}
        wanted = self.asker.compared(trees) if read else {}
        names = [v.name for v in scenario.variants if (all_variants or v.name in read) and v.name != base]
        return [
            Order(
                variant=name, leaves=tuple(wanted.get(name, ())), trees=trees, heads=heads,
                effects=tuple(t for _, t in self._heads), trials=self._trials,
            )
            for name in names
        ]  # fmt: skip

    def _own(self, scenario: Scenario, heads: tuple[Any, ...]) -> Order:
        """The base on the half grid: what is read of it, and what headline questions and claims turn on."""
        texts = [q.formula for q in heads] + [c.holds_if for c in scenario.claims if c.holds_if]
        trees, base = tuple(parse_formula(text) for text in texts), self.asker.study.base
        return Order(variant=base, leaves=tuple(self._read()), trees=trees, heads=(), effects=(), trials={})

    def _read(self) -> list[tuple[Any, Context]]:
        """The leaves that are read of the base; and those read of a variant, whose bands come from the base's own."""
        home = Context(variant=self.asker.study.base)
        read = (pair for tree in self._trees for pair in leaves(tree, home, {}))
        return list(dict.fromkeys((leaf, replace(context, variant=home.variant)) for leaf, context in read))

    def measure(self) -> None:
        """Measures what the base gives on the full grid, while others carry out orders."""
        for leaf, context in self._read() if self.apart else ():
            with suppress(WinsetError):
                self.asker.measured(leaf, context)
        self.asker.forget(self.asker.study.base)

    def collect(self, shift: Shift, progress: Progress | None) -> None:
        """Has all orders carried out, here what nobody has taken on, and keeps what comes of them."""
        found = shift.finished(self._carry_out, progress or (lambda done, total, label: None))
        declared = [self.asker.study.base, *(v.name for v in self.asker.study.scenario.variants)]
        for done in sorted(found, key=lambda d: declared.index(d.variant)):
            self._keep(done)

    def _carry_out(self, orders: tuple[Order, ...]) -> list[Done]:
        side = self.asker.rough if self.apart else self.asker.side  # the same without bands, which are put on later
        return carry_out_all(orders, side, self.pieces, keep=self.asker.small)

    def _keep(self, done: Done) -> None:
        asker, variant, base = self.asker, done.variant, self.asker.study.base
        side = asker.side
        side.adopt(done.raw)
        self.pieces.adopt(done.pieces)
        if variant == base:
            self.waits = done.waits
            return
        asker.study.found.update({name: found for name, found in done.found.items() if name not in asker.study.found})
        self.lines += done.lines
        self.warnings += done.warnings
        if not done.solved:
            return
        found = []
        for question, tree in self._heads:
            try:
                values = [side.value(t, Context(variant=base)).as_quantity().value for t in (tree, In(tree, variant))]
            except ScenarioError:
                continue
            found.append(Effect(question=question.name, base=values[0], variant=values[1]))
        self.effects[variant] = found
        self.verdicts[variant] = verdicts_in(side, variant, {name: self._trials[name] for name in done.readable})


def _reads_variant(tree: Any) -> bool:
    return any(isinstance(n, In) for n in walk(tree))
