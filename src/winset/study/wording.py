"""Formulas as text."""

from __future__ import annotations

from winset.language.expr import Plays
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
)  # fmt: skip
from winset.language.printing import show
from winset.language.rows import Rows, show_rows
from winset.study.brief_data import PartData

_LOOSE, _TIGHT = {"or": 1, "and": 2, "not": 3}, {"+": 5, "-": 5, "*": 6, "/": 6, "^": 8}


def show_formula(tree: Formula) -> str:
    """A formula as canonical text."""
    return _show(tree, 0)


def _show(tree: Formula, outer: int) -> str:
    text, binding = _text(tree)
    return f"({text})" if binding < outer else text


def _text(tree: Formula) -> tuple[str, int]:
    match tree:
        case Probability(event=event, given=given):
            return f"P({_event(event)}{f' given {_event(given)}' if given else ''})", 10
        case Expectation(value=value, at=at):
            return f"E({show(value)}{f' at {show(at)}' if at else ''})", 10
        case Belief(player=player, type=kind, at=at):
            return f"belief({player} is {kind}{f' at {show(at)}' if at else ''})", 10
        case ValueOf(player=player, type=kind):
            return f"value({player}{f' is {kind}' if kind else ''})", 10
        case StrategyOf(player=player, action=action, type=kind, given=given):
            return f"strategy({show(Plays(player, action, given))}{f' if {kind}' if kind else ''})", 10
        case Rows():
            return show_rows(tree), 10
        case Plain(value=value):
            return show(value), 10 if " " not in show(value) else 4
        case In(formula=inner, variant=variant):
            return f"{_show(inner, 9)} in {variant}", 9
        case After(formula=inner, observations=observations):
            return f"{_show(inner, 9)} after ({', '.join(show(o) for o in observations)})", 9
        case From():
            return f"{_show(tree.formula, 9)} from ({_stated(tree)})", 9
        case Sign(op=op, operand=operand):
            return (f"not {_show(operand, 3)}", 3) if op == "not" else (f"-{_show(operand, 7)}", 7)
        case Near(left=left, right=right, tolerance=tolerance):
            return f"{_show(left, 5)} within {_show(tolerance, 5)} of {_show(right, 5)}", 4
        case Apply(function=function, arguments=arguments):
            return f"{function}({', '.join(_show(a, 0) for a in arguments)})", 10
        case Operation(op=op, left=left, right=right):
            power = _LOOSE.get(op) or _TIGHT.get(op) or 4
            return f"{_show(left, power + (power == 4))} {op} {_show(right, power + 1)}", power
    raise TypeError(f"not a formula: {tree!r}")


def _stated(tree: From) -> str:
    parts = [f"{name} = {show(value)}" for name, value in tree.state]
    parts += [f"belief {player} is {kind} = {show(value)}" for player, kind, value in tree.beliefs]
    if tree.round is not None:
        parts.append(f"round = {show(tree.round)}")
    return ", ".join(parts)


def _event(event: Event) -> str:
    by = f" by {show(event.by)}" if event.by is not None else ""
    if event.form == "at":
        return f"{show(event.condition)} at {show(event.by) if event.by is not None else ''}"
    if event.within is not None:
        count = show(event.within)
        return f"{show(event.condition)} within {count} {'round' if count == '1' else 'rounds'}"
    if event.form == "always":
        return f"always {show(event.condition)}{by}"
    if event.form == "until" and event.goal is not None:
        return f"{show(event.condition)} until {show(event.goal)}{by}"
    return f"{show(event.condition)}{by or (' eventually' if event.stated else '')}"


def sides_text(parts: list[PartData]) -> str:
    """The leaves with their values, in one line."""
    out = []
    for part in parts:
        if part["value"] is None:
            continue
        where = f" in {part['variant']}" if part["variant"] else ""
        out.append(f"{part['formula']}{where} = {part['shown']}")
    return ", ".join(out)
