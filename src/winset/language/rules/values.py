"""The rules for numbers that do not depend on a state: priors, starts, discounts, precision, dates."""

from __future__ import annotations

from winset.language.clock import label, round_of
from winset.language.expr import Expr, Name, Number
from winset.language.formula import walk
from winset.language.plain import Interpreter, NoValue
from winset.language.reader import Reader
from winset.language.rules.names import Names
from winset.language.scenario import Scenario, Value
from winset.language.variants import clocks


class _Values:
    """Computes numbers that are the same in every state, and reports those that cannot be."""

    def __init__(self, names: Names, reader: Reader) -> None:
        self.machine, self.reader, self.parameters = Interpreter(names), reader, names.parameters

    def value(self, tree: Expr, what: str) -> float | None:
        """The number, or None."""
        if isinstance(tree, Name) and tree == Name("?"):
            return None
        if isinstance(tree, Number):
            return tree.value
        try:
            found = self.machine.value(tree, {})
            return None if isinstance(found, str) else float(found)
        except NoValue:
            self.reader.report("U328", f"{what} has no finite value that is the same in every state", tree.where)
            return None

    def prior(self, shares: tuple[tuple[str, Expr], ...], what: str) -> None:
        """A prior is positive and sums to 1."""
        known = [self.value(tree, what) for _, tree in shares]
        if any(v is None for v in known):
            return
        for (kind, tree), number in zip(shares, known, strict=True):
            if number is not None and number <= 0:
                told, fix = self.blamed(tuple(t for _, t in shares))
                self.reader.report("P402", f"{what}: `{kind}` has probability {number:g}{told}", tree.where, fix=fix)
                return
        total = sum(v for v in known if v is not None)
        if abs(total - 1) > 1e-9:
            self.reader.report("P401", f"{what} sums to {total:.10g}", shares[0][1].where)

    def start(self, shares: tuple[tuple[Value, Expr], ...], what: str) -> None:
        """Start values have probabilities that sum to 1."""
        known = [self.value(tree, what) for _, tree in shares]
        if any(v is None for v in known):
            return
        low = min((v for v in known if v is not None), default=0.0)
        total = sum(v for v in known if v is not None)
        if low < 0 or abs(total - 1) > 1e-9:
            said = f"has a part of {low:g}" if low < 0 else f"sums to {total:.10g}"
            told, fix = self.blamed(tuple(t for _, t in shares)) if low < 0 else ("", "")
            self.reader.report("P405", f"{what} {said}{told}", shares[0][1].where, fix=fix)

    def blamed(self, trees: tuple[Expr, ...]) -> tuple[str, str]:
        """The parameters of which probabilities are made with their values, and what to do; nothing where none is."""
        names = [n.name for n in walk(trees) if isinstance(n, Name) and n.name in self.parameters]
        known = list(dict.fromkeys(names))
        if not known:
            return "", ""
        told = ", ".join(f"`{name}` is {self.parameters[name]:g}" for name in known)
        one = f"Change the value of {' or '.join(f'`{name}`' for name in known)}"
        return f", as {told}", f"{one}: what it leaves for each has to be a probability between 0 and 1."


def numbers(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Applies the rules of this file."""
    values = _Values(names, reader)
    forever = scenario.clock.rounds is None
    for player in scenario.players:
        values.prior(tuple((t.name, t.prior) for t in player.types), f"the prior of `{player.name}`")
        discount = values.value(player.discount, f"the discount of `{player.name}`")
        if discount is not None and not 0 <= discount <= 1:
            reader.report("U323", f"the discount of `{player.name}` is {discount:g}", player.discount.where)
        elif discount == 1 and forever and player.discount.where != player.where:
            reader.report("T708", f"the discount of `{player.name}` is 1", player.discount.where)
        precision = values.value(player.precision, f"the precision of `{player.name}`")
        if precision is not None and precision < 0:
            reader.report("U324", f"the precision of `{player.name}` is {precision:g}", player.precision.where)
    for variable in scenario.state:
        values.start(variable.start, f"the start of `{variable.name}`")
    for variant in scenario.variants:
        for name, shares in variant.prior:
            types = names.types.get(name, ())
            if {kind for kind, _ in shares} == set(types):
                values.prior(shares, f"the prior of `{name}` in `{variant.name}`")
            elif types:
                text = f"the prior of `{name}` in `{variant.name}` does not name all its types"
                reader.report("P401", text, variant.where)
        for name, given in variant.start:
            values.start(given, f"the start of `{name}` in `{variant.name}`")
    calendar(scenario, reader)


def calendar(scenario: Scenario, reader: Reader) -> None:
    """Named dates lie inside the calendar."""
    clock = scenario.clock
    if clock.start is None or clock.rounds is None:
        return
    for name, day in clock.dates:
        if not any(1 <= round_of(one, day) <= (one.rounds or 0) for one in clocks(scenario)):
            text = (
                f"the date `{name}`, {day}, lies outside the rounds {label(clock, 1)} to {label(clock, clock.rounds)}"
            )
            reader.report("T711", text, clock.where)
