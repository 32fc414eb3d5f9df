"""The rules for the section `observed`: moves, acts and rows that are there, chances that are chances."""

from __future__ import annotations

from collections.abc import Sequence

from winset.base.diagnostics import Where
from winset.language.acts import Act, acts_of, hidden_of, meant, moves_of
from winset.language.expr import Expr
from winset.language.lexer import shown
from winset.language.plain import Interpreter, NoValue
from winset.language.reader import Reader, nearest
from winset.language.rules.evidence import rows
from winset.language.rules.expressions import Checker, Place
from winset.language.rules.names import Names
from winset.language.scenario import Move, ObservedMove, Scenario


def observed(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Applies the rules that compute nothing."""
    _several(scenario, reader)
    section = scenario.observed
    if section.moves and scenario.clock.start is None:
        reader.report("E525", "`observed` reads dated rows, and the clock has no calendar", section.where)
    known = {move.name: move for move in scenario.round}
    checker = Checker(names, reader)
    for rule in section.moves:
        move = known.get(rule.move)
        if move is None:
            near = nearest(rule.move, known)
            fix = "" if near else f"Name one of {shown(', '.join(known), 300)}."
            text = f"`observed` names `{shown(rule.move)}`, and the round has no move of that name"
            reader.report("E521", text, rule.where, nearest=near, fix=fix)
        else:
            _acts(scenario, move, rule, reader)
        for act in rule.acts:
            for selected in act.rows:
                rows(scenario, selected, reader)
                _dated(scenario, selected.table, selected.where, reader)
    for tree, what in chances(scenario):
        checker.check(tree, Place(what=what, timed=False, probability=True))


def chances(scenario: Scenario) -> list[tuple[Expr, str]]:
    """Every chance that the section states, and what it is."""
    found: list[tuple[Expr, str]] = []
    for rule in scenario.observed.moves:
        told = f"of `{rule.move}` in `observed`"
        found += [(tree, f"`missed` {told}" + (f" for `{act}`" if act else "")) for act, tree in rule.missed]
        found.append((rule.mistaken, f"`mistaken` {told}"))
    return [*found, (scenario.observed.trust_unchecked, "`trust unchecked`")]


def chances_hold(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Every chance is a number from 0 to 1 that is the same in every state."""
    machine = Interpreter(names)
    for tree, what in chances(scenario):
        try:
            value = machine.value(tree, {})
        except NoValue:
            text = f"{what} has no finite value that is the same in every state"
            reader.report("U328", text, tree.where)
            continue
        if not isinstance(value, str) and not 0 <= value <= 1:
            reader.report("P403", f"{what} is {value:g}, outside 0 to 1", tree.where)


def _dated(scenario: Scenario, name: str, where: Where, reader: Reader) -> None:
    table = next((t for t in scenario.tables if t.name == name), None)
    if table is not None and not table.date:
        text = f"`observed` needs the days of rows, and the table `{name}` names no column of them"
        fix = f"Write `date: COLUMN` in the table `{name}`."
        reader.report("E525", text, where, fix=fix)


def _acts(scenario: Scenario, move: Move, rule: ObservedMove, reader: Reader) -> None:
    """The acts that a rule names, each once."""
    seen: dict[Act, str] = {}
    listed: dict[str, Act] = {}
    for one in rule.acts:
        act = _act(scenario, move, one.act, one.where, reader)
        if act is None:
            continue
        if act in seen:
            _twice(rule, f"`{seen[act]}` and `{one.act}` are one act", one.where, reader)
        seen.setdefault(act, one.act)
        listed[one.act] = act
    silent: dict[str, str] = {}
    for text in rule.silence:
        act = _act(scenario, move, text, rule.where, reader)
        if act is None:
            continue
        if act in seen:
            told = f"`{shown(text)}` is what silence stands for and leaves rows as well"
            _twice(rule, told, rule.where, reader, "Take it out of `acts`, or out of `silence`.")
        elif act.player in silent:
            told = f"silence stands for `{silent[act.player]}` and for `{shown(text)}`"
            _twice(rule, told, rule.where, reader, f"Name one act of `{act.player}` under `silence`.")
        elif listed and not any(a.player == act.player for a in seen):
            told = f"silence stands for `{shown(text)}`, and no act of `{act.player}` is listed that would break it"
            _twice(rule, told, rule.where, reader, f"List the acts of `{act.player}` that leave rows, or drop it.")
        silent.setdefault(act.player, text)
    for text, _ in rule.missed:
        found = _act(scenario, move, text, rule.where, reader) if text else None
        if found is not None and found not in seen:
            told = f"`missed` names `{shown(text)}`, which is not among the acts that leave rows"
            reader.report("E522", f"{told} at `{move.name}`", rule.where, fix="List it under `acts`, or drop it.")


def _twice(rule: ObservedMove, told: str, where: Where, reader: Reader, fix: str = "") -> None:
    reader.report("E524", f"in `observed`, at `{rule.move}`, {told}", where, fix=fix)


def _act(scenario: Scenario, move: Move, text: str, where: Where, reader: Reader) -> Act | None:
    """The act that a text means at a move, or a report."""
    found = meant(move, text)
    if len(found) == 1:
        return found[0]
    if found:
        told = " or ".join(f"`{act.player} plays {act.name}`" for act in found)
        said = f"`{shown(text)}` at `{move.name}` is an act of {' and of '.join(f'`{a.player}`' for a in found)}"
        reader.report("E523", said, where, fix=f"Write {told}.")
        return None
    known = acts_of(move)
    said = f"nothing that can be seen at `{move.name}` is called `{shown(text)}`"
    if meant(move, text, hidden_of(move)):
        said = f"`{shown(text)}` at `{move.name}` is hidden: the record speaks of what is seen"
    near = nearest(text, [act.name for act in known])
    fix = "" if near and "hidden" not in said else _elsewhere(scenario, move, text, known)
    reader.report("E522", said, where, nearest=near if not fix else "", fix=fix)
    return None


def _elsewhere(scenario: Scenario, move: Move, text: str, known: Sequence[Act]) -> str:
    """Where an act of this name is, and what the move has."""
    others = [m.name for m in scenario.round if m is not move and meant(m, text)]
    told = f"It is seen at {', '.join(f'`{name}`' for name in others)}. " if others else ""
    return f"{told}Name one of {shown(', '.join(dict.fromkeys(act.name for act in known)), 300)}."


def _several(scenario: Scenario, reader: Reader) -> None:
    """A row of the record belongs to one move."""
    for row in scenario.record:
        act = Act(row.player, row.action)
        moves = moves_of(scenario, act)
        named = [m.name for m in moves if act in ruled(scenario, m)]
        if scenario.observed.moves and len(moves) > 1 and len(named) != 1:
            text = f"`{row.player}` plays `{row.action}` at {' and at '.join(f'`{m.name}`' for m in moves)}"
            reader.report("E527", f"{text}; the row of {row.date} does not say where", row.where)


def ruled(scenario: Scenario, move: Move) -> frozenset[Act]:
    """The acts of a move that `observed` lists or lets silence stand for."""
    rules = [rule for rule in scenario.observed.moves if rule.move == move.name]
    texts = [text for rule in rules for text in (*(one.act for one in rule.acts), *rule.silence)]
    return frozenset(act for text in texts for act in meant(move, text))
