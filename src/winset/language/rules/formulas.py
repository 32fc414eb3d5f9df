"""The rules for questions and claims: what a formula names exists, and it asks something that has an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from winset.base.diagnostics import Where
from winset.base.errors import ScenarioError
from winset.language.days import is_day, literal, settled_by_rows
from winset.language.document import Tree
from winset.language.expr import Date, Expr, Name
from winset.language.formula import (
    After,
    Apply,
    Belief,
    Event,
    Expectation,
    Formula,
    From,
    In,
    Near,
    Operation,
    Plain,
    Probability,
    Sign,
    StrategyOf,
    ValueOf,
    parse_formula,
    walk,
)  # fmt: skip
from winset.language.formula_parser import parse_history
from winset.language.parser import COMPARISONS, constant
from winset.language.plain import CLOSE, Interpreter, NoValue
from winset.language.printing import show, span
from winset.language.reader import Reader, nearest
from winset.language.rows import Rows
from winset.language.rules import evidence
from winset.language.rules.catalogue import complete
from winset.language.rules.expressions import NAMES, NUMBER, TRUTH, Checker, Place
from winset.language.rules.names import Names, gather, no_action, no_type, nodes, plays_read, types_read
from winset.language.rules.reads import reads
from winset.language.scenario import Scenario, Variable
from winset.language.variants import apply


def formulas(scenario: Scenario, texts: dict[str, dict[str, Tree]], names: Names, reader: Reader) -> None:
    """Checks the formulas of questions and claims."""
    for sort, listed in texts.items():
        for name, node in listed.items():
            try:
                tree = parse_formula(node.raw, node.where)
            except ScenarioError as error:
                reader.found.extend(complete(d) for d in error.diagnostics)
                continue
            kind = FormulaChecker(scenario, names, reader, f"the {sort} `{name}`").kind(tree)
            if sort == "claim" and kind == NUMBER:
                reader.report(
                    "C405", f"the formula of the claim `{name}` is a number, neither true nor false", node.where
                )


HISTORY = "after"
"""What diagnostics call the text of a history that is given beside a formula."""


def resolve(scenario: Scenario, text: str, where: Where | None = None, *, after: str = "") -> Formula:
    """Parses a formula and checks it against a scenario.

    Args:
        scenario: whose names it may use.
        text: the formula.
        where: the place of its first character.
        after: a public history after which it is read; in diagnostics its place is in the text `after`.

    Raises:
        ScenarioError: it is no formula, or names what the scenario does not have; all problems are listed.
    """
    tree = parse_formula(text, where or Where())
    if after:
        start = Where(HISTORY, 1, 1)
        tree = After(tree, parse_history(after, start), where=start)
    reader = Reader()
    FormulaChecker(scenario, gather(scenario), reader).kind(tree)
    if reader.found.errors:
        raise ScenarioError(reader.found.errors)
    return tree


class FormulaChecker:
    """Checks one formula; `what` names it in messages."""

    def __init__(self, scenario: Scenario, names: Names, reader: Reader, what: str = "the formula") -> None:
        self.scenario, self.names, self.reader, self.what = scenario, names, reader, what
        self.checker = Checker(names, reader)

    def kind(self, tree: Formula) -> str:
        """*number* or *truth*; everything named is checked on the way."""
        if isinstance(tree, Probability):
            self.event(tree.event)
            if tree.given is not None:
                self.event(tree.given)
        elif isinstance(tree, Expectation):
            self.expectation(tree)
        elif isinstance(tree, Belief):
            self.typed(tree.player, tree.type, tree.where)
            self.round(tree.at)
        elif isinstance(tree, ValueOf):
            self.typed(tree.player, tree.type, tree.where)
        elif isinstance(tree, StrategyOf):
            self.strategy(tree)
        elif isinstance(tree, Rows):
            evidence.rows(self.scenario, tree, self.reader)
        elif isinstance(tree, Plain):
            return self.plain(tree.value)
        elif isinstance(tree, In):
            self.single(tree, (In,), "in one variant")
            known = [v.name for v in self.scenario.variants]
            if tree.variant not in known:
                near = nearest(tree.variant, known)
                fix = "" if near else f"Name one of {', '.join(known)}." if known else "Declare it under `variants`."
                text = f"there is no variant `{tree.variant}`"
                self.reader.report("N110", text, tree.where, nearest=near, fix=fix)
            with self.read_in(tree.variant):
                return self.kind(tree.formula)
        elif isinstance(tree, After):
            self.single(tree, (After, From), "after one history or from one state")
            self.observed(tree)
            return self.kind(tree.formula)
        elif isinstance(tree, From):
            self.single(tree, (After, From), "after one history or from one state")
            with self.read_in(next((n.variant for n in walk(tree.formula) if isinstance(n, In)), "")):
                self.stated(tree)
            return self.kind(tree.formula)
        elif isinstance(tree, Near):
            evidence.days_near(tree, self.reader)
            dated = is_day(tree.left) or is_day(tree.right)
            for part in (tree.left, tree.right, tree.tolerance):
                if not (dated and literal(part)):
                    self.number(part)
            return TRUTH
        elif isinstance(tree, Apply):
            evidence.days_called(tree, self.reader)
            for part in tree.arguments:
                if not (is_day(tree) and literal(part)):
                    self.number(part)
        elif isinstance(tree, Sign):
            if tree.op == "not":
                self.truth(tree.operand)
                return TRUTH
            evidence.days_signed(tree, self.reader)
            self.number(tree.operand)
        else:
            return self.operation(tree)
        return NUMBER

    def operation(self, tree: Operation) -> str:
        """Arithmetic, comparison, logic."""
        if tree.op in ("and", "or"):
            self.truth(tree.left)
            self.truth(tree.right)
            return TRUTH
        evidence.days_joined(tree, self.reader)
        for side, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if not (literal(side) and is_day(other)):
                self.number(side)
        exact = settled_by_rows(tree) or (isinstance(tree.left, Plain) and isinstance(tree.right, Plain))
        if tree.op in ("=", "!=") and not exact:
            self.reader.report("C417", f"{self.what} compares computed numbers by `{tree.op}`", tree.where)
        return TRUTH if tree.op in COMPARISONS else NUMBER

    def number(self, tree: Formula) -> None:
        """A part that must be a number."""
        if self.kind(tree) == TRUTH:
            self.reader.report("C409", "a comparison stands where a number is needed", tree.where)

    def truth(self, tree: Formula) -> None:
        """A part that must be true or false."""
        if self.kind(tree) == NUMBER:
            self.reader.report("C410", "a number stands where something true or false is needed", tree.where)

    def plain(self, tree: Expr) -> str:
        """A number, a truth value, a date or a parameter."""
        if isinstance(tree, Name) and tree.name in self.names.variables:
            self.reader.report("C406", f"`{tree.name}` is a state variable; it has a value in a state only", tree.where)
            return "?"
        if types_read(tree, self.names) or plays_read(tree, self.names):
            self.reader.report("C406", f"`{show(tree)}` is an event; ask for its probability", tree.where)
            return "?"
        read = reads([tree], self.names)
        if read - self.names.dates - {"now"} or any(isinstance(n, Name) and n.name == "now" for n in nodes(tree)):
            text = f"`{show(tree)}` reads what has a value in a state only"
            self.reader.report("C406", text, tree.where)
            return "?"
        return self.checker.kind(tree, self.place("the formula", "any"))

    @contextmanager
    def read_in(self, variant: str) -> Iterator[None]:
        """While a part is checked that is read in a variant: its rounds are those of the variant's clock."""
        before = self.scenario
        try:
            clock = apply(before, variant).clock
        except ScenarioError:  # it, or what it is based on, is not there, or it is based on itself: said elsewhere
            clock = before.clock
        self.scenario = self.names.scenario = replace(before, clock=clock)
        try:
            yield
        finally:
            self.scenario = self.names.scenario = before

    def number_of(self, tree: Expr) -> float | None:
        """The number that stands for itself, with parameters at their central values; None where there is none."""
        try:
            value = Interpreter(self.names).value(tree, {})
        except NoValue:
            return None
        return None if isinstance(value, str) else float(value)

    def place(self, what: str, want: str) -> Place:
        """A place inside a formula: everything may be read."""
        return Place(what=what, want=want, types=None, plays=None)

    def event(self, event: Event) -> None:
        """An event."""
        self.checker.check(event.condition, self.place("the event", TRUTH))
        if event.goal is not None:
            self.checker.check(event.goal, self.place("the event after `until`", TRUTH))
        self.round(event.by)
        if event.within is not None:
            count = constant(event.within)
            if count is None or count < 1 or count != int(count):
                self.reader.report("C411", f"`within {show(event.within)} rounds` counts no rounds", event.within.where)

    def round(self, tree: Expr | None, *, first: int = 0) -> None:
        """A date or the number of a round."""
        if tree is None:
            return
        clock = self.scenario.clock
        before = len(self.reader.found)
        self.checker.check(tree, self.place("the round", NUMBER))
        if len(self.reader.found) > before:
            return
        listed = nodes(tree, self.names)
        dated = [n for n in listed if isinstance(n, Date) or (isinstance(n, Name) and n.name in self.names.dates)]
        if clock.rounds is None and (dated or any(isinstance(n, Name) and n.name == "rounds" for n in listed)):
            self.reader.report("C412", f"`{show(tree)}` has no meaning in an infinite game", tree.where)
            return
        if dated and clock.start is None:  # reported with the clock, or as a date without a calendar
            return
        number = self.number_of(tree)
        if number is None or abs(number - round(number)) > CLOSE:
            self.reader.report("C415", f"`{show(tree)}` is neither a date nor the whole number of a round", tree.where)
        elif number < first or (clock.rounds is not None and number > clock.rounds):
            last = f"; the last is {clock.rounds}" if clock.rounds is not None else ""
            self.reader.report("T712", f"`{show(tree)}` means round {number:g}{last}", tree.where)

    def expectation(self, tree: Expectation) -> None:
        """`E(EXPR at D)`."""
        if types_read(tree.value, self.names) or plays_read(tree.value, self.names):
            self.reader.report("C407", f"`{show(tree.value)}` reads a choice or a type", tree.value.where)
            return
        if not self.checker.bounded(tree.value, "E(…)"):
            return
        kind = self.checker.kind(tree.value, self.place("E(…)", NUMBER))
        if kind == NAMES:
            self.reader.report("U317", f"`{show(tree.value)}` is a name, no number", tree.value.where)
        if tree.at is None and self.scenario.clock.rounds is None:
            self.reader.report("C413", "in an infinite game E needs the number of a round", tree.where)
        self.round(tree.at)

    def typed(self, player: str, kind: str, where: Where) -> None:
        """A player and, if stated, its type."""
        types = self.names.types
        if player not in types:
            self.reader.report("N105", f"there is no player `{player}`", where, nearest=nearest(player, types))
        elif kind and kind not in types[player]:
            self.reader.report("N106", where=where, **no_type(player, kind, types[player]))

    def strategy(self, tree: StrategyOf) -> None:
        """`strategy(player plays action if type)`."""
        self.typed(tree.player, tree.type, tree.where)
        if tree.player not in self.names.types:
            return
        own = [o for o in self.names.options if o.player == tree.player and not o.is_signal]
        fitting = [o for o in own if o.name == tree.action]
        if not fitting:
            self.reader.report("N107", where=tree.where, **no_action(self.names, tree.player, tree.action))
        elif tree.given is not None:
            local = tuple(name for o in fitting for name, _ in o.parameters)
            place = Place(what="the restriction", want=TRUTH, types=None, plays=None, local=local)
            self.checker.restriction(tree.given, fitting, place)

    def single(self, tree: In | After | From, kinds: tuple[type, ...], what: str) -> None:
        """A formula is read in one variant, and after one history or from one state."""
        inner = next((n for n in walk(tree.formula) if isinstance(n, kinds)), None)
        if inner is not None:
            text = f"{self.what} is read {what}, and a part of it in another place still"
            self.reader.report("C418", text, tree.where, conflicts_with=getattr(inner, "where", tree.where))

    def observed(self, tree: After) -> None:
        """Public observations."""
        for play in tree.observations:
            self.checker.kind(play, self.place("an observation", TRUTH))
            own = [o for o in self.names.options if o.player == play.player and o.name == play.action]
            if own and all(o.hidden for o in own):
                text = f"the public does not see that `{play.player}` plays `{play.action}`"
                signals = [o.name for o in self.names.options if o.player == play.player and o.is_signal]
                listed = " or ".join(f"`{play.player} plays {name}`" for name in signals)
                self.reader.report("C408", text, play.where, fix=f"Name the signal: {listed}." if signals else "")

    def stated(self, tree: From) -> None:
        """A stated state."""
        told: set[object] = set()
        for name, value in tree.state:
            self.once(name, told, value.where)
            variable = self.names.variables.get(name)
            if variable is None:
                near = nearest(name, self.names.variables)
                self.reader.report("N119", f"there is no state variable `{name}`", tree.where, nearest=near)
                continue
            domain = variable.values if variable.kind == "names" else ()
            if isinstance(value, Name) and value.name in domain:
                continue
            if domain:
                near = nearest(show(value), [str(v) for v in domain])
                self.reader.report("N104", f"`{show(value)}` is not a value of `{name}`", value.where, nearest=near)
            else:
                self.within(variable, value)
        sums: dict[str, tuple[int, float]] = {}
        for player, kind, value in tree.beliefs:
            self.once((player, kind), told, value.where)
            self.typed(player, kind, tree.where)
            before = len(self.reader.found)
            self.checker.check(value, self.place("a belief", NUMBER))
            number = self.number_of(value)
            count, total = sums.get(player, (0, 0.0))
            sums[player] = count + 1, total + (number or 0.0)
            if len(self.reader.found) > before:
                continue
            if number is None:
                self.reader.report("C414", f"the belief `{show(value)}` is not a number by itself", value.where)
            elif not 0 <= number <= 1:
                self.reader.report("C414", f"the belief {number:g} lies outside 0 to 1", value.where)
        for player, (count, total) in sums.items():
            whole = count == len(self.names.types.get(player, ()))
            if total > 1 + CLOSE or (whole and total < 1 - CLOSE):
                text = f"the beliefs about `{player}` sum to {total:g}"
                self.reader.report("C414", text, tree.where)
        self.round(tree.round, first=1)

    def once(self, name: object, told: set[object], where: Where) -> None:
        """A state says each thing once."""
        if name in told:
            text = f"`{name}`" if isinstance(name, str) else "this belief"
            self.reader.report("C416", f"{text} is stated twice", where)
        told.add(name)

    def within(self, variable: Variable, value: Expr) -> None:
        """A value of a variable whose values are numbers or truth values."""
        before = len(self.reader.found)
        self.checker.check(value, self.place(f"the value of `{variable.name}`", "any"))
        if len(self.reader.found) > before:
            return
        number = self.number_of(value)
        if number is None or not any(abs(float(v) - number) <= CLOSE for v in variable.values):
            text = f"`{show(value)}` is no value of `{variable.name}`, which is {span(variable.values)}"
            self.reader.report("U316", text, value.where)
