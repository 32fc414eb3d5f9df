"""The rule for numbers that a block's field gives a sense: a cost is no gain, a chance lies between 0 and 1.

An expression that reads parameters alone, or a player's type, is computed at the central values and at the ends of
their ranges, for every type; a cost that reads a type may be a gain to one. What reads the state is left to the rules
that look at the states that are reached.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from winset.language.clock import label
from winset.language.expr import Expr, Name
from winset.language.field import SENSES, Sense
from winset.language.meant import Meant
from winset.language.plain import Env, Interpreter, NoValue
from winset.language.reader import Reader
from winset.language.rules.names import Names, nodes, types_read
from winset.language.rules.shared import Shared
from winset.language.scenario import Parameter, Scenario

MOST_RANGES = 6
"""Parameters of one expression whose ranges are tried in every combination; of more, one at a time."""

BETWEEN = 0.381966
"""Where in a range a value is tried that is hardly ever whole."""

MOST_TYPES = 256
"""Combinations of types that are tried."""


def waiting(scenario: Scenario, meant: Sequence[Meant]) -> list[tuple[Meant, Expr]]:
    """The numbers that wait for the rule, each with its expression; a quantity is the parameter that it has become."""
    by_place = {p.where: p for p in scenario.parameters} if meant else {}
    found = []
    for number in meant:
        quantity = by_place.get(number.where)
        tree = number.tree if number.tree is not None else Name(quantity.name) if quantity is not None else None
        if tree is not None:
            found.append((number, tree))
    return found


def amounts(
    names: Names, numbers: Sequence[tuple[Meant, Expr]], reader: Reader, shared: Shared, *, base: Scenario | None = None
) -> None:
    """Applies the rule to every number that waits for it.

    Args:
        names: those of the scenario, or of one of its variants.
        numbers: they, from `waiting`.
        reader: what is found goes to it.
        shared: what is known of the expressions.
        base: the scenario of which this is a variant, and whose numbers are known to be right: a number is looked at
            again only where a parameter that it reads, or the clock, is another.
    """
    scenario = names.scenario
    other: set[str] | None = None
    if base is not None and base.clock == scenario.clock:
        other = {p.name for p, was in zip(scenario.parameters, base.parameters, strict=True) if p is not was}
    for number, tree in numbers:
        needs = shared.needs(tree)
        if other is not None and other.isdisjoint(needs.parameters):
            continue
        if number.sense == "round":
            _round(scenario, names, number, tree, reader)
        elif not needs.variables and not (number.sense == "cost" and shared.players(tree)):
            _within(scenario, names, number, tree, reader)


def _within(scenario: Scenario, names: Names, number: Meant, tree: Expr, reader: Reader) -> None:
    """The first corner of the parameters' ranges at which the number means nothing is reported."""
    read = _parameters(scenario, names, tree)
    sense = SENSES[number.sense]
    central = dict(names.parameters)
    for values in _corners(read, sense.whole):
        names.parameters = central | values
        found = _outside(names, tree, sense)
        names.parameters = central
        if found is None:
            continue
        value, types = found
        example = {**{p.name: _short(values[p.name]) for p in read}, **types}
        where = f"can be {value:.6g}" if any(values[p.name] != p.value for p in read) else f"is {value:.6g}"
        text = f"{number.what} {where}; it is {sense.words}"
        reader.report("B910", text, number.where, example=example, why=sense.why, fix=_fix(read, sense))
        return


def _outside(names: Names, tree: Expr, sense: Sense) -> tuple[float, dict[str, str]] | None:
    """A value that the sense does not hold of, and the types of which it is one."""
    machine = Interpreter(names)
    players = sorted(types_read(tree, names))
    for kinds in itertools.islice(itertools.product(*(names.types[p] for p in players)), MOST_TYPES):
        env: Env = {("is", player): kind for player, kind in zip(players, kinds, strict=True)}
        try:
            value = machine.value(tree, env)
        except NoValue:  # said by the rules of values
            return None
        if isinstance(value, str) or not sense.holds(float(value)):
            types = {f"{player} is": kind for player, kind in zip(players, kinds, strict=True)}
            return (math.nan if isinstance(value, str) else float(value)), types
    return None


def _round(scenario: Scenario, names: Names, number: Meant, tree: Expr, reader: Reader) -> None:
    """The number of a round, which is the same whatever the state, the types and the values in a range."""
    last, why = scenario.clock.rounds, SENSES["round"].why
    if isinstance(tree, Name) and tree.name in names.dates:
        return
    try:
        value = Interpreter(names).value(tree, {})
    except NoValue:
        value = None
    varied = [p for p in _parameters(scenario, names, tree) if len(set(_ends(p))) > 1]
    if value is None or isinstance(value, (str, bool)):
        text = f"{number.what} is neither a date nor the number of a round"
        reader.report("B910", text, number.where, why=why, fix=SENSES["round"].fix)
    elif varied:
        text = f"{number.what} reads `{varied[0].name}`, which has a range; a round has one number"
        fix = "Name the date under `clock: dates`, and let a variant move it."
        reader.report("B910", text, number.where, why=why, fix=fix)
    elif not SENSES["round"].holds(value) or (last is not None and value > last):
        dated = scenario.clock.start is not None
        fix = f"Write a date such as {label(scenario.clock, last or 1)}, or a number up to {last}." if dated else ""
        text = f"{number.what} is {value:g}; it is {SENSES['round'].words}" + (f" to {last}" if last else "")
        reader.report("B910", text, number.where, why=why, fix=fix or f"Write a number from 1 to {last}.")


def _fix(read: list[Parameter], sense: Sense) -> str:
    """What to change: the range of a parameter where there is one, else the number."""
    varied = [p.name for p in read if len(_ends(p)) > 1]
    if varied and sense.whole:
        return f"Give `{varied[0]}` no range, or write `round(…)` around the expression."
    return f"Narrow the range of `{varied[0]}`, or bound the expression by `min` and `max`." if varied else sense.fix


def _parameters(scenario: Scenario, names: Names, tree: Expr) -> list[Parameter]:
    """The parameters that an expression reads."""
    read = {node.name for node in nodes(tree, names) if isinstance(node, Name)}
    return [p for p in scenario.parameters if p.name in read]


def _corners(read: list[Parameter], whole: bool) -> Iterator[dict[str, float]]:
    """The central values, then the ends of the ranges; for whole numbers a value between these too."""
    central = {p.name: p.value for p in read}
    yield central
    tried = {p.name: _ends(p) for p in read if len(_ends(p)) > 1}
    if whole:
        tried = {name: (*ends, min(ends) + BETWEEN * (max(ends) - min(ends))) for name, ends in tried.items()}
    if len(tried) > MOST_RANGES:
        yield from ({**central, name: end} for name, ends in tried.items() for end in ends[1:])
    else:
        yield from ({**central, **dict(zip(tried, ends, strict=True))} for ends in itertools.product(*tried.values()))


def _ends(parameter: Parameter) -> tuple[float, ...]:
    """The central value, and the lowest and highest plausible one where they are stated."""
    found = [parameter.value]
    if parameter.low is not None and parameter.high is not None:
        found += [parameter.low, parameter.high]
    elif parameter.distribution is not None and parameter.distribution[0] in ("uniform", "triangular"):
        given = dict(parameter.distribution[1])
        found += [given["low"], given["high"]]
    return tuple(dict.fromkeys(found))


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else value
