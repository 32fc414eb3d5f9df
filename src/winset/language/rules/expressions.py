"""The rules for one expression: names resolve, kinds fit, and only what is known there is read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from winset.base.diagnostics import Diagnostic
from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary
from winset.language.parser import COMPARISONS, constant
from winset.language.plain import Interpreter, NoValue, same
from winset.language.printing import show, span
from winset.language.reader import Reader, nearest
from winset.language.rules.names import Names, Option, names_in, no_action, no_type
from winset.language.rules.sizes import ALTOGETHER, DEEPEST, LARGEST, measured
from winset.language.scenario import Value

BROKEN, NUMBER, TRUTH, NAMES = "?", "number", "truth", "names"


@dataclass(frozen=True, kw_only=True)
class Place:
    """What an expression may be and may read where it stands.

    Attributes:
        what: the place in words, for messages.
        want: the kind needed: *number*, *truth*, *names* or *any*.
        domain: for *names*, the values that fit.
        types: players whose types may be read; None for all.
        plays: players whose choice at this move may be read; None for all (formulas).
        why_types: code to report when a type is read that may not be.
        local: parameters of the action.
        timed: `now` and dates may be read.
        probability: a constant must lie in [0, 1].
    """

    what: str
    want: str = NUMBER
    domain: tuple[Value, ...] = ()
    types: frozenset[str] | None = frozenset()
    plays: frozenset[str] | None = frozenset()
    why_types: str = "I501"
    local: tuple[str, ...] = ()
    timed: bool = True
    probability: bool = False


class Checker:
    """Checks expressions against the names of one scenario."""

    def __init__(self, names: Names, reader: Reader) -> None:
        self.names = names
        self.reader = reader
        self.inside: list[str] = []
        self.seen: dict[tuple[object, ...], tuple[str, tuple[Diagnostic, ...]]] = {}

    def bounded(self, tree: Expr, what: str) -> bool:
        """False, with a report, for an expression that is too large with its definitions written out."""
        levels, count = measured(tree, self.names.sizes)
        self.names.written += count
        if count <= LARGEST and levels <= 2 * DEEPEST and self.names.written <= ALTOGETHER:
            return True
        if count > LARGEST:
            text = f"with its definitions written out, {what} has more than {LARGEST:,} parts"
        elif levels > 2 * DEEPEST:
            text = f"with its definitions written out, {what} has {levels} levels; {2 * DEEPEST} are allowed"
        else:
            text = f"up to here, with the definitions written out, the expressions have {ALTOGETHER:,} parts"
        self.reader.report("S205", text, tree.where)
        return False

    def check(self, tree: Expr, place: Place) -> None:
        """Reports everything wrong with an expression at its place."""
        if not self.bounded(tree, place.what):
            return
        kind = self.kind(tree, place, place.domain)
        if kind == BROKEN or place.want == "any":
            return
        if place.want == TRUTH and kind != TRUTH:
            self.reader.report("U319", f"{place.what} is a condition, but `{show(tree)}` is no truth value", tree.where)
        elif place.want == NUMBER and kind == NAMES:
            self.reader.report("U317", f"{place.what} is a number, but `{show(tree)}` is a name", tree.where)
        elif place.want == NAMES and kind != NAMES:
            values = ", ".join(str(v) for v in place.domain)
            self.reader.report("U321", f"{place.what} is one of {values}, not `{show(tree)}`", tree.where)
        if place.probability:
            self.probability(tree, place)

    def probability(self, tree: Expr, place: Place) -> None:
        """Refuses constant probabilities outside [0, 1], also inside a choice."""
        from winset.language.parser import constant

        if isinstance(tree, If):
            self.probability(tree.yes, place)
            self.probability(tree.no, place)
            return
        value = constant(tree)
        if isinstance(tree, Name) and tree.name in self.names.parameters:
            value = self.names.parameters[tree.name]
        if value is not None and not 0 <= value <= 1:
            self.reader.report("P403", f"{place.what} is {value:g}, outside 0 to 1", tree.where)

    def kind(self, tree: Expr, place: Place, expect: tuple[Value, ...] = ()) -> str:
        """The kind of an expression; what it names is checked on the way."""
        if isinstance(tree, (Number, Truth)):
            return NUMBER if isinstance(tree, Number) else TRUTH
        if isinstance(tree, Date):
            return self.date(tree, place)
        if isinstance(tree, Name):
            return self.name(tree, place, expect)
        if isinstance(tree, IsType):
            return self.is_type(tree, place)
        if isinstance(tree, Plays):
            return self.plays(tree, place)
        if isinstance(tree, If):
            self.condition(tree.condition, place)
            kinds = {self.kind(tree.yes, place, expect), self.kind(tree.no, place, expect)}
            if BROKEN in kinds:
                return BROKEN
            if len(kinds) > 1 and NAMES in kinds:
                self.reader.report("U320", f"the two results of `{show(tree)}` are of different kinds", tree.where)
                return BROKEN
            return kinds.pop() if len(kinds) == 1 else NUMBER
        if isinstance(tree, Among):
            domain = self.domain(tree.subject)
            subject = self.kind(tree.subject, place, domain)
            for item in tree.items:
                self.alike(subject, self.kind(item, place, domain), tree)
                self.taken(tree.subject, item)
            return TRUTH
        if isinstance(tree, Call):
            for argument in tree.arguments:
                self.number(argument, place)
            return NUMBER
        if isinstance(tree, Unary):
            if tree.op == "not":
                self.condition(tree.operand, place)
                return TRUTH
            self.number(tree.operand, place)
            return NUMBER
        return self.binary(tree, place)

    def binary(self, tree: Binary, place: Place) -> str:
        """The kind of an operation."""
        if tree.op in ("and", "or"):
            self.condition(tree.left, place)
            self.condition(tree.right, place)
            return TRUTH
        if tree.op not in COMPARISONS:
            self.number(tree.left, place)
            self.number(tree.right, place)
            return NUMBER
        domain = self.domain(tree.left) or self.domain(tree.right)
        left, right = self.kind(tree.left, place, domain), self.kind(tree.right, place, domain)
        if tree.op not in ("=", "!=") and NAMES in (left, right):
            self.reader.report("U318", f"names have no order: `{show(tree)}`", tree.where)
        else:
            self.alike(left, right, tree)
        if tree.op in ("=", "!="):
            self.taken(tree.left, tree.right)
            self.taken(tree.right, tree.left)
        return TRUTH

    def taken(self, subject: Expr, value: Expr) -> None:
        """Refuses to compare a variable with a number that it never is."""
        variable = self.names.variables.get(subject.name) if isinstance(subject, Name) else None
        number = constant(value)
        if variable is None or variable.kind != "numbers" or number is None:
            return
        if not any(same(known, number) for known in variable.values):
            text = f"`{variable.name}` is never {number:g}; it is {span(variable.values)}"
            self.reader.report("U329", text, value.where)

    def alike(self, left: str, right: str, tree: Expr) -> None:
        """Refuses to compare a name with what is none."""
        if BROKEN not in (left, right) and (left == NAMES) != (right == NAMES):
            self.reader.report("U320", f"a name is compared with a number or truth value: `{show(tree)}`", tree.where)

    def condition(self, tree: Expr, place: Place) -> None:
        """A part that must be true or false."""
        kind = self.kind(tree, place)
        if kind not in (TRUTH, BROKEN):
            self.reader.report("U319", f"`{show(tree)}` is no condition", tree.where)

    def number(self, tree: Expr, place: Place) -> None:
        """A part that must be a number (truth counts as 1 and 0)."""
        if self.kind(tree, place) == NAMES:
            self.reader.report("U317", f"`{show(tree)}` is a name, no number", tree.where)

    def domain(self, tree: Expr) -> tuple[Value, ...]:
        """The enumeration that an expression takes its values from, or nothing."""
        if isinstance(tree, Name):
            variable = self.names.variables.get(tree.name)
            if variable is not None:
                return variable.values if variable.kind == "names" else ()
            if tree.name in self.names.definitions and tree.name not in self.names.broken:
                return self.domain(self.names.definitions[tree.name])
        if isinstance(tree, If):
            return self.domain(tree.yes) or self.domain(tree.no)
        return ()

    def name(self, tree: Name, place: Place, expect: tuple[Value, ...]) -> str:
        """The kind of a name."""
        name, names = tree.name, self.names
        names.used.add(name)
        if name == "?" or name in names.broken:
            return BROKEN
        if name in place.local:
            return NUMBER
        if name in ("now", "rounds"):
            return self.time(tree, place)
        if name in names.variables:
            kind = names.variables[name].kind
            return {"names": NAMES, "truth": TRUTH}.get(kind, NUMBER)
        if name in names.parameters:
            return NUMBER
        if name in names.dates:
            return self.time(tree, place)
        if name in names.definitions:
            return self.definition(tree, place, expect)
        if name in expect:
            return NAMES
        return self.unknown(tree, place, expect)

    def definition(self, tree: Name, place: Place, expect: tuple[Value, ...]) -> str:
        """The kind of a definition; what it reads must be allowed where it is used."""
        if tree.name in self.inside:
            return BROKEN
        key = (tree.name, place.types, place.plays, place.why_types, place.timed, expect)
        if key not in self.seen:
            self.inside.append(tree.name)
            quiet = Checker(self.names, Reader())
            quiet.inside, quiet.seen = self.inside, self.seen
            value = self.names.definitions[tree.name]
            kind = quiet.kind(value, replace(place, what=f"`{tree.name}`", local=()), expect)
            self.inside.pop()
            self.seen[key] = kind, tuple(quiet.reader.found)
        kind, problems = self.seen[key]
        for found in problems:
            if found.code[0] in "IT":
                text = f"`{tree.name}` cannot be used in {place.what}: {found.message}"
                self.reader.report(found.code, text, tree.where, conflicts_with=found.where)
        return kind

    def unknown(self, tree: Name, place: Place, expect: tuple[Value, ...]) -> str:
        """Reports a name that means nothing here."""
        name = tree.name
        if expect:
            values = [str(v) for v in expect]
            near = nearest(name, [*values, *self.names.known])
            self.reader.report(
                "N104",
                f"`{name}` is neither a value of the variable ({', '.join(values)}) nor a name",
                tree.where,
                nearest=near,
            )
            return BROKEN
        homes = [v.name for v in self.names.variables.values() if v.kind == "names" and name in v.values]
        owners = [o.name for o in self.names.options if name in dict(o.parameters)]
        if owners:
            fix = f"Keep it in a state variable, `{owners[0]}: {{then: {{kept: {name}}}}}`, and read that here."
            text = f"`{name}` is a parameter of the action `{owners[0]}`"
            self.reader.report("N108", text, tree.where, fix=fix if place.plays is not None else "")
        elif homes:
            text = f"`{name}` is a value of `{homes[0]}` and can only be compared with it or assigned to it"
            self.reader.report("N102", text, tree.where, fix=f"Write `{homes[0]} = {name}`.")
        elif other := self.elsewhere(name):
            self.reader.report("N102", other[0], tree.where, fix=other[1])
        else:
            near = nearest(name, [*self.names.known, *place.local])
            self.reader.report("N102", f"nothing is called `{name}`", tree.where, nearest=near)
        return BROKEN

    def elsewhere(self, name: str) -> tuple[str, str] | None:
        """What a name means that no expression can read by itself, and what to write instead."""
        types, scenario = self.names.types, self.names.scenario
        if name in types:
            return f"`{name}` is a player, which has no value", f"Write `{name} is …` or `{name} plays …`."
        for player, kinds in types.items():
            if name in kinds and kinds != ("only",):
                return f"`{name}` is a type of `{player}`", f"Write `{player} is {name}`."
        for option in self.names.options:
            if name == option.name:
                sort = "signal" if option.is_signal else "outcome" if option.player == "chance" else "action"
                return f"`{name}` is an {sort} of `{option.player}`".replace("an s", "a s"), (
                    f"Write `{option.player} plays {name}`."
                )
        for question in scenario.questions:
            if name == question.name:
                return f"`{name}` is a question", f"Write its formula: `{question.formula}`."
        return None

    def time(self, tree: Name | Date, place: Place) -> str:
        """`now`, `rounds` and dates."""
        if self.names.scenario.clock.rounds is None and place.plays is not None:
            self.reader.report("T707", f"`{show(tree)}` has no meaning in an infinite game", tree.where)
            return BROKEN
        return NUMBER

    def date(self, tree: Date, place: Place) -> str:
        """A date literal."""
        clock = self.names.scenario.clock
        if clock.start is None:
            self.reader.report("T709", f"the clock has no calendar for `{tree.text}`", tree.where)
            return BROKEN
        if len(tree.text) == 7 and clock.unit in ("day", "week"):
            self.reader.report("T710", f"`{tree.text}` contains more than one {clock.unit}", tree.where)
            return BROKEN
        return self.time(tree, place)

    def is_type(self, tree: IsType, place: Place) -> str:
        """`player is type`."""
        types = self.names.types
        if tree.player not in types:
            near = nearest(tree.player, types)
            self.reader.report("N105", f"there is no player `{tree.player}`", tree.where, nearest=near)
        elif tree.type not in types[tree.player]:
            self.reader.report("N106", where=tree.where, **no_type(tree.player, tree.type, types[tree.player]))
        elif place.types is not None and tree.player not in place.types:
            self.reader.report(place.why_types, f"{place.what} cannot read the type of `{tree.player}`", tree.where)
        return TRUTH

    def plays(self, tree: Plays, place: Place) -> str:
        """`player plays action`."""
        types = self.names.types
        if tree.player not in types and tree.player != "chance":
            near = nearest(tree.player, [*types, "chance"])
            self.reader.report("N105", f"there is no player `{tree.player}`", tree.where, nearest=near)
            return BROKEN
        own = [o for o in self.names.options if o.player == tree.player]
        fitting = [o for o in own if o.name == tree.action]
        if not fitting:
            other = next((o.player for o in self.names.options if o.name == tree.action), "")
            said = no_action(self.names, tree.player, tree.action)
            if other:
                said |= {"nearest": "", "fix": f"Write `{other} plays {tree.action}`."}
            self.reader.report("N107", where=tree.where, **said)
            return BROKEN
        if place.plays is not None and tree.player not in place.plays:
            code = "I508" if place.plays else "I502"
            self.reader.report(code, f"{place.what} cannot read what `{tree.player}` plays", tree.where)
        if tree.given is not None:
            local = tuple(name for option in fitting for name, _ in option.parameters)
            if not local:
                self.reader.report("N107", f"the action `{tree.action}` has no parameters", tree.where)
            else:
                self.restriction(tree.given, fitting, replace(place, local=local, domain=()))
        return TRUTH

    def restriction(self, given: Expr, options: list[Option], place: Place) -> None:
        """What is said of an action's parameters in brackets: a condition that some values of theirs meet."""
        before = len(self.reader.found)
        if constant(given) is not None and place.local:
            fix = f"Write `{place.local[0]} = {show(given)}`."
            self.reader.report("U319", f"`{show(given)}` does not say which parameter has it", given.where, fix=fix)
            return
        self.check(given, replace(place, what="the restriction", want=TRUTH))
        if len(self.reader.found) > before or not names_in(given) <= set(place.local):
            return
        machine = Interpreter(self.names)
        for option in options:
            for values in itertools.product(*(values for _, values in option.parameters)):
                env = dict(zip((name for name, _ in option.parameters), values, strict=True))
                try:
                    if machine.value(given, env, tuple(env)):
                        return
                except NoValue:
                    return
        listed = "; ".join(f"{name} is {span(values)}" for name, values in options[0].parameters)
        text = f"no `{options[0].name}` has `{show(given)}`: {listed}"
        self.reader.report("U329", text, given.where)
