"""A variant taken as the base: the variants that formulas read are then read on top of it, where that means one thing.

With `B` as the base, `F in V` is `F` in the scenario with the changes of `B` made and those of `V` on top: what a file
says in which somebody made the changes of `B`. It means one thing where the order of the two makes no difference;
where both set the same thing otherwise, it does not, and a formula that reads `V` is then not answered. Neither is one
whose two sides become the same. See docs/decisions/010-a-variant-as-the-base.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from winset.language.formula import Belief, Expectation, Formula, In, Plain, Probability, StrategyOf, ValueOf
from winset.language.lexer import problem
from winset.language.rows import Rows
from winset.language.scenario import Scenario
from winset.language.variants import apply, chain, perception

_LEAVES = (Probability, Expectation, Belief, ValueOf, StrategyOf)
REFUSED = "not compared: "
"""Begins the reason why a formula is not answered with a variant as the base."""


@dataclass(frozen=True, kw_only=True)
class Base:
    """A scenario with one of its variants taken as the base.

    Attributes:
        scenario: where formulas are read, with the variant's changes made; as it was where `solve` names a variant.
        variant: the variant taken; "" for none.
        solve: the variant of `scenario` that is its base: "", but where somebody errs about the game in `variant`.
    """

    scenario: Scenario
    variant: str
    solve: str

    def refuses(self, tree: Formula) -> str:
        """Why a formula is not answered here, beginning with `REFUSED`; "" where it is."""
        if not self.variant:
            return ""
        read = list(dict.fromkeys(variants_read(tree)))
        reason = ""
        for name in [n for n in read if n]:
            reason = reason or self._apart(name)
        reason = reason or self._same(read)
        return REFUSED + reason if reason else ""

    def answering(self, tree: Formula) -> Scenario:
        """The scenario in which a formula is to be read.

        Raises:
            ScenarioError: C494 it has no one meaning here.
        """
        if reason := self.refuses(tree):
            raise problem("C494", reason)
        return self.scenario

    @property
    def note(self) -> str:
        """What a reader has to know of the variants that an answer reads."""
        return f"`{self.variant}` is taken as the base: other variants are read on top of it"

    def reads_others(self, tree: Formula) -> bool:
        """Whether a formula is answered here by reading variants on top of the one taken."""
        return bool(self.variant) and not self.solve and any(variants_read(tree)) and not self.refuses(tree)

    def _apart(self, name: str) -> str:
        """Why a variant cannot be read on top of the one taken."""
        if self.solve:
            if any(v.name == self.variant for v in chain(self.scenario, name)):
                return ""
            return f"in `{self.variant}` somebody errs about the game, and `{name}` is not based on it"
        for one in (name, *perception(self.scenario, name).seen.values()):
            mine, taken = _sets(self.scenario, one), _sets(self.scenario, self.variant)
            both = [key for key in mine if key in taken and mine[key] != taken[key]]
            if both:
                of = {"start": "the start of ", "prior": "the prior of "}
                what = ", ".join(f"{of.get(kind, '')}`{key}`" for kind, key in both)
                return f"it reads `{one}`, and `{self.variant}` sets {what} otherwise"
        return ""

    def _same(self, read: list[str]) -> str:
        """That two of the variants read are the same on top of the one taken; "" for the base itself."""
        seen: list[tuple[str, Any]] = []
        for name in read:
            what = self._identity(name or self.solve)
            for other, known in seen:
                if known == what and self.variant in (name, other):
                    return f"it would compare `{self.variant}` with itself"
                if known == what and "" in (name, other):
                    return f"`{name or other}` changes nothing on top of `{self.variant}`"
                if known == what:
                    return f"`{other}` and `{name}` are the same on top of `{self.variant}`"
            seen.append((name, what))
        return ""

    def _identity(self, name: str) -> Any:
        """What two variants have alike that are the same game, played alike."""
        game, errs = _game(apply(self.scenario, name)), perception(self.scenario, name)
        seen = {player: _game(apply(self.scenario, view)) for player, view in errs.seen.items()}
        wrong = {player: view for player, view in seen.items() if view != game}
        return game, wrong, set(errs.aware) if wrong else set()


def taken(scenario: Scenario, variant: str) -> Base:
    """A scenario with a variant taken as the base.

    Raises:
        ScenarioError: N110 there is no such variant.
    """
    if not variant:
        return Base(scenario=scenario, variant="", solve="")
    if perception(scenario, variant):
        return Base(scenario=scenario, variant=variant, solve=variant)
    return Base(scenario=apply(scenario, variant), variant=variant, solve="")


def variants_read(tree: Any, variant: str = "") -> Iterator[str]:
    """The variant in which each probability, expectation, belief, value and strategy of a formula is read; "": none."""
    if isinstance(tree, In):
        yield from variants_read(tree.formula, tree.variant)
    elif isinstance(tree, _LEAVES):
        yield variant
    elif isinstance(tree, tuple):
        for part in tree:
            yield from variants_read(part, variant)
    elif is_dataclass(tree) and not isinstance(tree, Plain | Rows | type):
        for item in fields(tree):
            if item.name != "where":
                yield from variants_read(getattr(tree, item.name), variant)


def _sets(scenario: Scenario, name: str) -> dict[tuple[str, str], Any]:
    """What a variant sets, with what it takes over from those it is based on, by kind and name."""
    out: dict[tuple[str, str], Any] = {}
    for variant in chain(scenario, name):
        out |= {("start", key): value for key, value in variant.start}
        out |= {("parameter", key): value for key, value in variant.parameters}
        out |= {("date", key): value for key, value in variant.dates}
        out |= {("clock", "from"): variant.begins} if variant.begins is not None else {}
        out |= {("prior", key): dict(types) for key, types in variant.prior}
    return out


def _game(scenario: Scenario) -> Any:
    """What makes the game, without where its numbers come from."""
    values = {p.name: p.value for p in scenario.parameters}
    clock = replace(scenario.clock, dates=tuple(sorted(scenario.clock.dates)))
    return scenario.players, scenario.state, scenario.round, values, clock
