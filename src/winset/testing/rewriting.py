"""Scenarios rewritten so that their answers must stay the same, or move in a way that is known beforehand.

Three transformations, each of a scenario by itself, and the questions that any scenario can be asked:

- `shuffled`: a document with every mapping, and every list whose order has no meaning, in another order;
- `renamed`: a scenario with another name for everything that has one;
- `rescaled`: a scenario with every payoff u turned into a u + b, player by player, and its precision λ into λ / a.
"""

from __future__ import annotations

import dataclasses
import math
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from winset.base.errors import ScenarioError
from winset.language.days import rows_in
from winset.language.expr import Binary, Expr, If, Name, Number
from winset.language.formula import parse_formula
from winset.language.rows import Rows
from winset.language.scenario import Pay, Scenario, Table
from winset.study.arithmetic import MeaninglessError
from winset.study.asking import answer
from winset.study.formulas import Asker
from winset.study.solved import Study, StudySettings
from winset.study.wording import show_formula

Document = dict[str, Any]
FREE_LISTS = ("by", "when", "without", "record")
"""Keys of lists whose order has no meaning; that of a round's moves and of a variable's values has one."""


def shuffled(document: Document, seed: int, *, keep: tuple[str, ...] = ()) -> Document:
    """The document with every mapping in another order, and the lists of `FREE_LISTS` too.

    Args:
        seed: the only source of randomness.
        keep: keys whose mappings stay in their order.
    """
    rng = random.Random(seed)

    def turn(node: Any, key: str = "") -> Any:
        if isinstance(node, Mapping):
            items = [(name, turn(value, str(name))) for name, value in node.items()]
            if key not in keep:
                rng.shuffle(items)
            return dict(items)
        if isinstance(node, list):
            parts = [turn(part) for part in node]
            if key in FREE_LISTS:
                rng.shuffle(parts)
            return parts
        return node

    return dict(turn(document))


def order_of(node: Any) -> list[str]:
    """Every key of a document in the order in which it stands there."""
    if isinstance(node, Mapping):
        return [word for key, value in node.items() for word in (str(key), *order_of(value))]
    return [word for part in node for word in order_of(part)] if isinstance(node, list) else []


NAMED = {
    "name", "player", "variable", "old", "new", "type", "action", "variant", "based_on", "without", "values", "start",
    "prior", "parameters", "dates", "state", "beliefs", "act", "move", "silence", "missed",
}  # fmt: skip
"""Fields of scenarios, expressions and formulas whose strings are names (at any depth of tuples)."""
FORMULAS = {"formula", "holds_if"}


def names_of(scenario: Scenario) -> set[str]:
    """Every name that a scenario declares: of players, types, variables and their values, actions, outcomes, moves…"""
    out: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, tuple):
            for part in node:
                look(part)
        elif dataclasses.is_dataclass(node):
            for field in dataclasses.fields(node):
                inner = getattr(node, field.name)
                if field.name == "name" and not isinstance(node, Name):
                    out.add(inner)
                elif field.name in ("values", "parameters", "dates") and isinstance(inner, tuple):
                    out.update(w for p in inner for w in (p if isinstance(p, tuple) else (p,)) if isinstance(w, str))
                look(inner)

    for part in (scenario.players, scenario.state, scenario.parameters, scenario.definitions, scenario.round,
                 scenario.clock, scenario.variants):  # fmt: skip
        look(part)
    return out - {"only"}


def other_names(scenario: Scenario) -> dict[str, str]:
    """A new name for each, so that they sort the other way round."""
    names = sorted(names_of(scenario))
    return {name: f"n{len(names) - i:04d}" for i, name in enumerate(names)}


def renamed(thing: Any, names: Mapping[str, str]) -> Any:
    """A scenario, expression or formula with other names, everywhere at once."""

    def word(text: str) -> str:
        return names[text] if text in names else re.sub(r"\w+", lambda part: names.get(part[0], part[0]), text)

    def words(node: Any) -> Any:
        if isinstance(node, str):
            return word(node)
        return tuple(map(words, node)) if isinstance(node, tuple) else turn(node)

    def turn(node: Any) -> Any:
        if isinstance(node, tuple):
            return tuple(map(turn, node))
        if not dataclasses.is_dataclass(node) or isinstance(node, (type, Rows, Table)):
            return node  # record files keep their words
        new = {}
        for field in dataclasses.fields(node):
            inner = getattr(node, field.name)
            if field.name in FORMULAS and isinstance(inner, str):
                new[field.name] = renamed_formula(inner, names) if inner else ""
            elif field.name not in ("where", "text", "file", "warnings", "note"):
                new[field.name] = words(inner) if field.name in NAMED else turn(inner)
        return replace(node, **new)

    return turn(thing)


def renamed_formula(text: str, names: Mapping[str, str]) -> str:
    """A formula's text with other names."""
    return show_formula(renamed(parse_formula(text), names))


@dataclass(frozen=True)
class Affine:
    """u becomes `scale` * u + `shift`; the shift is paid once, in the first round."""

    scale: float
    shift: float


def rescaled(scenario: Scenario, how: Mapping[str, Affine], *, precision: bool = True) -> Scenario:
    """The scenario with payoffs in other units, and the precision with them unless that is not asked for.

    A shift is paid at the end of the first round, which is always played; without end, at the end of every round,
    which asks for a game that cannot end (a shift is then worth shift / (1 - discount)).

    Raises:
        ValueError: a shift where the game has no last round and may end.
    """
    endless = scenario.clock.rounds is None
    if endless and scenario.ends_when is not None and any(a.shift for a in how.values()):
        raise ValueError("a game without a last round that may end has no constant to add to its payoffs")

    def turn(node: Any) -> Any:
        if isinstance(node, tuple):
            return tuple(map(turn, node))
        if isinstance(node, Pay):
            return replace(node, amount=Binary("*", Number(how[node.player].scale), node.amount))
        if dataclasses.is_dataclass(node) and not isinstance(node, type):
            fields = [f.name for f in dataclasses.fields(node) if f.name not in ("where", "text", "file", "warnings")]
            return replace(node, **{name: turn(getattr(node, name)) for name in fields})
        return node

    def shift(amount: float) -> Expr:
        return Number(amount) if endless else If(Binary("=", Name("now"), Number(1.0)), Number(amount), Number(0.0))

    scaled: Scenario = turn(scenario)
    players = scaled.players
    if precision:
        players = tuple(
            replace(p, precision=Binary("/", p.precision, Number(how[p.name].scale))) for p in scaled.players
        )
    paid = tuple(Pay(player=name, amount=shift(a.shift)) for name, a in how.items() if a.shift)
    return replace(scaled, players=players, each_round=scaled.each_round + paid)


def formulas_about(scenario: Scenario) -> list[str]:
    """What any scenario can be asked: payoffs, beliefs, actions, outcomes and states, and its own questions and claims.

    The first of them are the payoffs (`payoffs_of`). What record files answer is left out: it is no matter of the game,
    and a scenario that is written anew has no folder to find them in.
    """
    last = scenario.clock.rounds or 3
    out = payoffs_of(scenario)
    for player in scenario.players:
        if len(player.types) > 1:
            out += [f"belief({player.name} is {kind.name} at {last})" for kind in player.types]
    for move in scenario.round:
        out += [f"P(chance plays {outcome.name})" for outcome in move.outcomes]
        for side in move.sides:
            out += [f"P({side.player} plays {action.name})" for action in side.actions]
            out += [f"P({side.player} plays {signal.name})" for signal in side.signals]
            out += [f"strategy({side.player} plays {action.name})" for action in side.actions]
    for variable in scenario.state:
        if variable.kind == "numbers":
            out.append(f"E({variable.name} at {last})")
        else:
            out += [f"P({variable.name} = {show(value)} at {last})" for value in variable.values]
    asked = [q.formula for q in scenario.questions] + [c.holds_if for c in scenario.claims if c.holds_if]
    out += [text for text in asked if not rows_in(parse_formula(text))]
    return list(dict.fromkeys(out))


def payoffs_of(scenario: Scenario) -> list[str]:
    """The formulas of expected payoffs, a player's own before those of its types."""
    out = []
    for player in scenario.players:
        kinds = player.types if len(player.types) > 1 else ()
        out += [f"value({player.name})", *(f"value({player.name} is {kind.name})" for kind in kinds)]
    return out


def show(value: Any) -> str:
    """A state variable's value as a formula says it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


Found = dict[str, float | bool | str | None]


def answers(
    scenario: Scenario, formulas: Iterable[str], *, grid: int | None = None, equilibria: bool = True,
    study: Study | None = None,
) -> Found:  # fmt: skip
    """The answers to formulas; the rule's code where there is none.

    Args:
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        equilibria: look for other equilibria too, so that what is true in some only is undecided (None).
        study: what has been solved of the scenario already.
    """
    asker = Asker(study or Study(scenario=scenario, settings=StudySettings(grid=grid)), grid_check=False)
    out: Found = {}
    for formula in formulas:
        try:
            value = answer(asker, formula).value if equilibria else asker.ask(parse_formula(formula)).value
            out[formula] = None if isinstance(value, float) and math.isnan(value) else value
        except ScenarioError as error:
            out[formula] = error.diagnostics[0].code
        except MeaninglessError:
            out[formula] = "meaningless"
    return out


def differences(one: Iterable[Any], two: Iterable[Any], names: Iterable[str], tolerance: float = 1e-9) -> list[str]:
    """Answers that differ by more than the tolerance, or in kind, each as one line."""
    out = []
    for name, a, b in zip(names, one, two, strict=True):
        alike = a == b
        if not alike and type(a) is type(b) and isinstance(a, float) and isinstance(b, float):
            alike = abs(a - b) <= tolerance * max(1.0, abs(a))
        if not alike:
            out.append(f"{name}: {a} against {b}")
    return out
