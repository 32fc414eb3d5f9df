"""What a scenario puts in, as one text a fact: for comparing two scenarios, whatever the order of declaration.

A fact is known by its path of names (`parameters / talk_cost`, `round / answer / washington / refuse / pays / …`).
What is named and what has no order is keyed, not counted, so that order of declaration is no difference; the order of
the moves is a fact of its own. Expressions and formulas stand as canonical text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from winset.base.errors import WinsetError
from winset.language import expr
from winset.language.formula import parse_formula
from winset.language.printing import number, show, span
from winset.language.scenario import (
    Assignment,
    Becomes,
    Case,
    Observation,
    Outcome,
    Parameter,
    Pay,
    Scenario,
    Side,
)  # fmt: skip
from winset.study.wording import show_formula

Path = tuple[str, ...]
_EXPRESSIONS = (
    expr.Number, expr.Truth, expr.Date, expr.Name, expr.Unary, expr.Binary, expr.Among, expr.If, expr.Call,
    expr.IsType, expr.Plays,
)  # fmt: skip
_UNORDERED = {"without", "switches_off", "switches_on"}
_FORMULAS = {"formula", "holds_if"}
_WITH_NOTES = {"parameters", "questions", "claims", "variants"}


@dataclass
class Inputs:
    """The facts of a scenario.

    Attributes:
        facts: text by path.
        entities: paths of the things that have a name of their own, such as a parameter, a move, an action.
    """

    facts: dict[Path, str] = field(default_factory=dict)
    entities: set[Path] = field(default_factory=set)

    def of(self, entity: Path) -> dict[Path, str]:
        """The facts of one thing, by the rest of their paths."""
        return {path[len(entity) :]: text for path, text in self.facts.items() if path[: len(entity)] == entity}


def inputs(scenario: Scenario) -> Inputs:
    """Everything that a scenario says, fact by fact."""
    out = Inputs()
    for f in fields(scenario):
        if f.compare and f.name not in ("where", "note"):
            _add(out, (f.name,), getattr(scenario, f.name))
    if scenario.round:
        out.facts["round", "order"] = ", ".join(move.name for move in scenario.round)
    return out


def _add(out: Inputs, path: Path, value: Any) -> None:
    """Puts a value's facts under a path."""
    if value is None or value is False or value == "" or value == ():
        return
    if isinstance(value, Parameter):
        _parameter(out, path, value)
    elif isinstance(value, _EXPRESSIONS):
        _put(out, path, show(value))
    elif is_dataclass(value):
        _element(out, path, value)
    elif isinstance(value, tuple):
        _tuple(out, path, value)
    else:
        _put(out, path, _scalar(path, value))


def _put(out: Inputs, path: Path, text: str) -> None:
    """A fact; where one stands already (two payments to one player), both stand there, in order of text."""
    out.facts[path] = " + ".join(sorted([*out.facts[path].split(" + "), text])) if path in out.facts else text


def _element(out: Inputs, path: Path, value: Any) -> None:
    for f in fields(value):
        if not f.compare or f.name in ("where", "name") or (f.name == "note" and path[0] not in _WITH_NOTES):
            continue
        inner = getattr(value, f.name)
        if isinstance(value, Outcome) and f.name == "probability" and inner is None:
            inner = "the rest"
        _add(out, (*path, f.name), inner)


def _parameter(out: Inputs, path: Path, given: Parameter) -> None:
    """The value with its range or distribution as one fact; its standing, unit, source and note as others."""
    text = number(given.value)
    if given.low is not None and given.high is not None:
        text += f" ({number(given.low)} to {number(given.high)})"
    if given.distribution is not None:
        kind, arguments = given.distribution
        text += f" {kind}({', '.join(f'{k} {number(v)}' for k, v in arguments)})"
    out.facts[path] = text + (" open" if given.is_open else "")
    for name in ("status", "unit", "source", "note"):
        _add(out, (*path, name), getattr(given, name))


def _tuple(out: Inputs, path: Path, value: tuple[Any, ...]) -> None:
    if all(isinstance(v, tuple) and len(v) == 2 and isinstance(v[1], _EXPRESSIONS) for v in value):
        _put(out, path, _spread(value))
        return
    for name, inner in _named(value):
        if name is None:
            items = [_scalar(path, v) for v in value]
            ordered = sorted(items) if path[-1] in _UNORDERED else items
            whole = not any(isinstance(v, tuple) for v in value)
            _put(out, path, span(value) if whole and path[-1] == "values" else ", ".join(ordered))
            return
        if not isinstance(inner, Pay | Assignment | Becomes):
            entity, count = (*path, name), 2
            while entity in out.entities:  # two cases under one condition, two observations of one day
                entity, count = (*path, f"{name} #{count}"), count + 1
            out.entities.add(entity)
        else:
            entity = (*path, name)
        for text in _compact(inner):
            _put(out, entity, text)
            break
        else:
            _add(out, entity, inner)


def _named(value: tuple[Any, ...]) -> Iterator[tuple[str | None, Any]]:
    """Items with the names by which they are known; (None, …) where they have none."""
    for item in value:
        match item:
            case Pay():
                yield " ".join(t for t in (item.player, item.label) if t), item
            case Assignment():
                yield item.variable, item
            case Becomes():
                yield f"{item.player} {item.old} to {item.new}", item
            case Case():
                yield f"when {show(item.condition)}", item
            case Side():
                yield item.player, item
            case Observation():
                yield f"{item.date.isoformat()} {item.player} {item.action}", item
            case (str() as name, inner):
                yield name, inner
            case _ if is_dataclass(item) and hasattr(item, "name"):
                yield str(item.name), item
            case _:
                yield None, item


def _compact(item: Any) -> Iterator[str]:
    """The one text of an item that needs no facts of its own."""
    match item:
        case Pay():
            yield show(item.amount)
        case Assignment():
            yield show(item.value) if item.how == "set" else f"{item.how} {show(item.value)}"
        case Becomes():
            yield show(item.probability)


def _spread(value: tuple[Any, ...]) -> str:
    """Values with their probabilities: `calm`, or `calm 0.3, inquiry 0.7`."""
    if len(value) == 1:
        return _scalar(("",), value[0][0])
    return ", ".join(sorted(f"{_scalar(('',), v)} {show(p)}" for v, p in value))


def _scalar(path: Path, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(float(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and path[-1] in _FORMULAS:
        try:
            return show_formula(parse_formula(value))
        except (WinsetError, TypeError):
            return value
    return value if isinstance(value, str) else repr(value)
