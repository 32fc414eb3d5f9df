"""Reading the game itself: players, state, moves and payoffs."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import Literal

from winset.language.document import Tree
from winset.language.expr import Binary, Expr, Number
from winset.language.lexer import place, shown
from winset.language.printing import span
from winset.language.reader import BROKEN, Reader, is_quantity, nearest
from winset.language.scenario import (
    Action,
    Assignment,
    Becomes,
    Case,
    Effect,
    Move,
    Outcome,
    Pay,
    Player,
    Side,
    Type,
    Value,
    Variable,
)  # fmt: skip

Got = dict[str, tuple[Tree, Tree]]
Kind = Literal["names", "numbers", "truth"]
MOST_TYPES = 4
CLOSE = 1e-9
"""Numbers that differ by less are the same to the language."""
LONGEST_DOMAIN = 2000
MOST_COMBINATIONS = 2000
_SHIFT = re.compile(r"^(up|down)\s+(?=\S)")
_GRID = re.compile(r"^(.+?)\s+to\s+(.+?)(?:\s+by\s+(.+))?$", re.DOTALL)


def shares(reader: Reader, node: Tree, path: str, what: str) -> list[tuple[Tree, Expr]]:
    """Names with probabilities, one of which may be `rest`."""
    found: list[tuple[Tree, Expr]] = []
    rest: list[int] = []
    for key, value in reader.entries(node, what, named=False):
        if value.kind == "scalar" and value.text == "rest":
            rest.append(len(found))
            found.append((key, Number(1.0, where=value.where)))
        else:
            found.append((key, reader.expression(value, f"{path}.{key.text}", f"the probability of `{key.text}`")))
    if len(rest) > 1:
        reader.report("P404", f"{what} says `rest` more than once", node.where)
    for at in rest[:1]:
        total: Expr = Number(1.0, where=found[at][1].where)
        for other, (_, tree) in enumerate(found):
            if other != at:
                total = Binary("-", total, tree, where=found[at][1].where)
        found[at] = (found[at][0], total)
    return found


def players(reader: Reader, node: Tree | None, default_precision: Expr, infinite: bool) -> tuple[Player, ...]:
    """The players."""
    found: list[Player] = []
    for key, value in reader.entries(node, "players"):
        what, path = f"the player `{key.text}`", f"players.{key.text}"
        got = reader.fields(value, "player", what)
        types: list[Type] = []
        if "types" in got and got["types"][1].kind == "list":
            names = [item.text for item in got["types"][1].items]
            fix = f"Give each its odds: `{{{', '.join(f'{name}: {1 / len(names):.3g}' for name in names)}}}`."
            reader.report("S301", f"the types of {what} are listed without their odds", got["types"][1].where, fix=fix)
            types = [Type(name=name, prior=BROKEN, where=got["types"][1].where) for name in names]
        elif "types" in got and not got["types"][1].empty:
            for name, prior in shares(reader, got["types"][1], f"{path}.types", f"the types of {what}"):
                if reader.is_name(name, f"the types of {what}"):
                    types.append(Type(name=name.text, prior=prior, where=name.where))
        if len(types) > MOST_TYPES:
            reader.report("G601", f"{what} has {len(types)} types; {MOST_TYPES} are possible", got["types"][1].where)
        short = reader.text(got, "lives") == "one round"
        discount: Expr = Number(0.0 if short else 1.0, where=key.where)
        if "discount" in got:
            discount = reader.expression(got["discount"][1], f"{path}.discount", f"the discount of {what}")
            if short:
                reader.report("T705", f"{what} lives one round; its discount has no meaning", got["discount"][1].where)
        elif infinite and not short:
            reader.report("T704", f"{what} has no discount, and the game goes on for ever", key.where)
        precision = default_precision
        if "precision" in got:
            precision = reader.expression(got["precision"][1], f"{path}.precision", f"the precision of {what}")
        found.append(
            Player(
                name=key.text,
                types=tuple(types) or (Type(name="only", prior=Number(1.0), where=key.where),),
                discount=discount,
                precision=precision,
                short_lived=short,
                about=reader.text(got, "about"),
                note=reader.text(got, "note"),
                where=key.where,
            )
        )
    return tuple(found)


def _first(node: Tree) -> str:
    """A start that a variable could have, written out: its first value."""
    values, range_ = (node.get(key) for key in ("values", "range"))
    listed = values or range_
    if listed is not None and listed.kind == "list" and listed.items and listed.items[0].kind == "scalar":
        return f"`start: {shown(listed.items[0].text)}`"
    return ""


def state(reader: Reader, node: Tree | None) -> tuple[Variable, ...]:
    """The state variables."""
    found: list[Variable] = []
    for key, value in reader.entries(node, "state"):
        what = f"the variable `{key.text}`"
        got = reader.fields(value, "variable", what, models={"start": _first(value)})
        if "values" in got and "range" in got:
            reader.report("U309", f"{what} has both `values` and a `range`", got["range"][0].where)
        kind, values = domain(reader, got, what)
        start = (
            start_of(reader, got["start"][1], kind, values, f"state.{key.text}.start", what) if "start" in got else ()
        )
        found.append(
            Variable(
                name=key.text,
                kind=kind,
                values=values,
                start=start or ((values[0], Number(1.0)),),
                note=reader.text(got, "note"),
                where=key.where,
            )
        )
    return tuple(found)


def domain(reader: Reader, got: Got, what: str) -> tuple[Kind, tuple[Value, ...]]:
    """The kind of a variable and its values."""
    if "range" in got:
        bounds = reader.interval(got["range"][1], f"the range of {what}")
        step = reader.number(got["by"][1], f"the step of {what}") if "by" in got else 1.0
        if bounds is None or step is None:
            return "numbers", (0.0,)
        return "numbers", even(reader, bounds[0], bounds[1], step, got["range"][1], f"the range of {what}") or (0.0,)
    if "values" not in got:
        return "truth", (False, True)
    node = got["values"][1]
    items = reader.names(node, f"the values of {what}")
    if node.kind == "scalar" and _GRID.match(node.text):
        return "numbers", grid(reader, node, f"the values of {what}") or (0.0,)
    if not items:
        reader.report("U310", f"{what} has no values", node.where)
        return "names", ("?",)
    if all(_numeric(item) for item in items):
        numbers = [reader.number(item, f"the values of {what}") or 0.0 for item in items]
        steps = {round(b - a, 9) for a, b in itertools.pairwise(numbers)}
        if len(steps) > 1 or any(s <= 2 * CLOSE for s in steps):
            reader.report("U311", f"the numbers of {what} must rise in even steps", node.where)
        return "numbers", tuple(numbers)
    if [i.text for i in items] in (["true", "false"], ["false", "true"]):
        return "truth", (False, True)
    names: list[Value] = []
    for item in items:
        if item.text in names:
            reader.report("N113", f"the value `{item.text}` stands twice in {what}", item.where)
        elif reader.is_name(item, f"the values of {what}"):
            names.append(item.text)
    return "names", tuple(names) or ("?",)


def even(reader: Reader, low: float, high: float, step: float, node: Tree, what: str) -> tuple[float, ...]:
    """low, low + step, …, high."""
    if step <= 0:
        reader.report("U312", f"the step of {what} must be above zero, not {step:g}", node.where)
        return ()
    if not (high - low) / step < LONGEST_DOMAIN:
        reader.report("U313", f"{what} has more than {LONGEST_DOMAIN} values", node.where)
        return ()
    count = round((high - low) / step)
    if abs(low + count * step - high) > 1e-9 * max(1.0, abs(high)):
        text = f"steps of {step:g} do not lead from {low:g} to {high:g} in {what}"
        below = low + math.floor((high - low) / step) * step
        fix = f"End at {below:.10g} or {below + step:.10g}, or choose a step that divides the range."
        reader.report("U312", text, node.where, fix=fix)
    found = tuple(round(low + i * step, 12) + 0.0 for i in range(count + 1))
    if any(b - a <= 2 * CLOSE for a, b in itertools.pairwise(found)):
        reader.report("U312", f"numbers a step of {step:g} apart cannot be told apart in {what}", node.where)
    return found


def grid(reader: Reader, node: Tree, what: str) -> tuple[float, ...]:
    """`0 to 1 by 0.1`, or a list of numbers."""
    if node.kind == "list":
        numbers = [reader.number(item, what) for item in node.items]
        if len(set(numbers)) < len(numbers):
            reader.report("N113", f"a number stands twice in {what}", node.where)
        if not numbers:
            reader.report("U314", f"{what} is an empty list; nothing could be chosen", node.where)
        return tuple(n for n in numbers if n is not None)
    match = _GRID.match(node.text) if node.kind == "scalar" else None
    if match is None:
        reader.report("U314", f"{what} is written `0 to 1 by 0.1` or as a list of numbers", node.where)
        return ()
    parts = [Tree(kind="scalar", where=node.where, text=p, raw=p) for p in match.groups(default="1")]
    low, high, step = (reader.number(part, what) for part in parts)
    if low is None or high is None or step is None:
        return ()
    if low > high:
        reader.report("U304", f"{what} runs from {low:g} down to {high:g}", node.where)
        return ()
    return even(reader, low, high, step, node, what)


def start_of(
    reader: Reader, node: Tree, kind: str, values: tuple[Value, ...], path: str, what: str
) -> tuple[tuple[Value, Expr], ...]:
    """The first value, or values with probabilities."""
    if node.kind == "map" and not node.empty:
        found: list[tuple[Value, Expr]] = []
        for key, tree in shares(reader, node, path, f"the start of {what}"):
            value = value_of(reader, key, kind, values, what)
            if value is not None and value in [other for other, _ in found]:
                reader.report("N113", f"the value {shown(key.text)} stands twice in the start of {what}", key.where)
            elif value is not None:
                found.append((value, tree))
        return tuple(found)
    value = value_of(reader, node, kind, values, what)
    return () if value is None else ((value, Number(1.0, where=node.where)),)


def value_of(reader: Reader, node: Tree, kind: str, values: tuple[Value, ...], what: str) -> Value | None:
    """A value of a variable's domain, from a scalar."""
    if node.kind != "scalar" or node.empty:
        reader.report("U315", f"a value of {what} is expected here", node.where)
        return None
    if values in (("?",), (0.0,)):
        return None
    if kind == "truth":
        if node.text in ("true", "false"):
            return node.text == "true"
        reader.report("N103", f"{what} is true or false, not `{shown(node.text)}`", node.where)
        return None
    if kind == "names":
        if node.text in values:
            return node.text
        named = [str(v) for v in values]
        near = nearest(node.text, named)
        text = f"`{shown(node.text)}` is not a value of {what}: {', '.join(named)}"
        reader.report("N103", text, node.where, nearest=near)
        return None
    number = reader.number(node, f"a value of {what}")
    if number is None:
        return None
    for value in values:
        if abs(float(value) - number) < 1e-9:
            return value
    reader.report("U316", f"{number:g} is not a value of {what}, which is {span(values)}", node.where)
    return None


def pays(reader: Reader, node: Tree | None, path: str) -> tuple[Pay, ...]:
    """Payments: player to amount, or to named parts."""
    found: list[Pay] = []
    for key, value in reader.entries(node, "payments"):
        below = f"{path}.{key.text}"
        if value.kind == "map" and not is_quantity(value):
            for label, amount in reader.entries(value, f"the parts of the payment to `{key.text}`"):
                tree = reader.expression(amount, f"{below}.{label.text}", f"the part `{label.text}`")
                found.append(Pay(player=key.text, amount=tree, label=label.text, where=label.where))
        else:
            tree = reader.expression(value, below, f"the payment to `{key.text}`")
            found.append(Pay(player=key.text, amount=tree, where=key.where))
    return tuple(found)


def then(reader: Reader, node: Tree | None, path: str) -> tuple[Assignment, ...]:
    """Assignments: `variable: expression`, `up n`, `down n`."""
    found: list[Assignment] = []
    for key, value in reader.entries(node, "assignments"):
        how, target = "set", value
        match = _SHIFT.match(value.text) if value.kind == "scalar" else None
        if value.kind == "scalar" and value.text.startswith("+") and not value.quoted:
            fix = f"Write `{key.text}: up {value.text[1:].strip() or 1}`."
            reader.report("S309", f"`{shown(value.text)}` would set `{key.text}` to a value", value.where, fix=fix)
        if match is not None and value.raw.startswith(match.group(0)):
            how = match.group(1)
            where = place(value.text, value.where, match.end())
            target = Tree(kind="scalar", where=where, text=value.text[match.end() :], raw=value.raw[match.end() :])
        tree = reader.expression(target, f"{path}.{key.text}", f"the new value of `{key.text}`")
        found.append(Assignment(variable=key.text, how=how, value=tree, where=key.where))  # type: ignore[arg-type]
    return tuple(found)


def becomes(reader: Reader, node: Tree | None, path: str) -> tuple[Becomes, ...]:
    """Changes of type: player, old type, new type, probability."""
    found: list[Becomes] = []
    for player, changes in reader.entries(node, "changes of type"):
        for old, targets in reader.entries(changes, f"the changes of type of `{player.text}`"):
            for new, value in reader.entries(targets, f"what `{old.text}` becomes"):
                below = f"{path}.{player.text}.{old.text}.{new.text}"
                tree = reader.expression(value, below, "the probability of the change")
                found.append(Becomes(player=player.text, old=old.text, new=new.text, probability=tree, where=new.where))
    return tuple(found)


def effect(reader: Reader, got: Got, path: str) -> Effect:
    """The effect that stands among the keys of an action, an outcome or a case."""
    node = {key: got[key][1] if key in got else None for key in ("pays", "then", "becomes", "chance")}
    return Effect(
        pays=pays(reader, node["pays"], f"{path}.pays"),
        then=then(reader, node["then"], f"{path}.then"),
        becomes=becomes(reader, node["becomes"], f"{path}.becomes"),
        chance=outcomes(reader, node["chance"], f"{path}.chance", "the outcomes of `chance`"),
        where=next((value.where for value in node.values() if value is not None), Effect().where),
    )


def outcomes(reader: Reader, node: Tree | None, path: str, what: str) -> tuple[Outcome, ...]:
    """Named outcomes, or signals."""
    found: list[Outcome] = []
    rests: list[Tree] = []
    for key, value in reader.entries(node, what):
        below = f"{path}.{key.text}"
        got = reader.fields(value, "outcome", f"the outcome `{key.text}`")
        probability: Expr | None = BROKEN
        if "probability" in got:
            scalar = got["probability"][1]
            if scalar.kind == "scalar" and scalar.text == "rest":
                probability = None
                rests.append(scalar)
            else:
                probability = reader.expression(scalar, f"{below}.probability", f"the probability of `{key.text}`")
        condition = reader.expression(got["if"][1], f"{below}.if", "the condition") if "if" in got else None
        found.append(
            Outcome(
                name=key.text,
                probability=probability,
                condition=condition,
                effect=effect(reader, got, below),
                note=reader.text(got, "note"),
                where=key.where,
            )
        )
    if len(rests) > 1:
        reader.report("P404", f"{what} say `rest` more than once", rests[1].where, conflicts_with=rests[0].where)
    return tuple(found)


def actions(reader: Reader, node: Tree | None, path: str, what: str) -> tuple[Action, ...]:
    """The actions of one side."""
    found: list[Action] = []
    for key, value in reader.entries(node, what):
        below = f"{path}.{key.text}"
        got = reader.fields(value, "action", f"the action `{key.text}`")
        parameters: list[tuple[str, tuple[float, ...]]] = []
        combinations = 1
        for name, values in reader.entries(got["for"][1] if "for" in got else None, f"the parameters of `{key.text}`"):
            numbers = grid(reader, values, f"the values of `{name.text}`")
            combinations *= max(1, len(numbers))
            if numbers:
                parameters.append((name.text, numbers))
        if combinations > MOST_COMBINATIONS:
            reader.report(
                "G602", f"`{key.text}` stands for {combinations:,} actions; {MOST_COMBINATIONS:,} are possible",
                got["for"][0].where,
            )  # fmt: skip
        condition = reader.expression(got["if"][1], f"{below}.if", "the condition") if "if" in got else None
        found.append(
            Action(
                name=key.text,
                parameters=tuple(parameters),
                condition=condition,
                effect=effect(reader, got, below),
                note=reader.text(got, "note"),
                where=key.where,
            )
        )
    return tuple(found)


def moves(reader: Reader, node: Tree | None) -> tuple[Move, ...]:
    """The moves of a round."""
    found: list[Move] = []
    for number, item in enumerate(reader.items(node), start=1):
        name = item.get("move")
        title = name.text if name is not None and name.kind == "scalar" and name.text else f"number {number}"
        what = f"the move `{title}`"
        got = reader.fields(item, "move", what)
        if name is not None and name.kind == "scalar":
            reader.is_name(name, "the round")
        found.append(_move(reader, got, title, item, what))
    return tuple(found)


def _move(reader: Reader, got: Got, name: str, item: Tree, what: str) -> Move:
    path = f"round.{name}"
    where = got["move"][1].where if "move" in got else item.where
    condition = reader.expression(got["if"][1], f"{path}.if", f"the condition of {what}") if "if" in got else None
    by = reader.names(got["by"][1], f"`by` of {what}") if "by" in got else []
    chance = len(by) == 1 and by[0].text == "chance" and got["by"][1].kind == "scalar"
    if not by and "by" in got:
        reader.report("G603", f"{what} is made by nobody", got["by"][1].where)
    wrong = ("actions", "signals", "when") if chance else ("outcomes",)
    for key in wrong:
        if key in got:
            who = "by chance" if chance else "by players"
            reader.report("G604", f"{what} is made {who} and cannot have `{key}`", got[key][0].where)
    if chance:
        if "outcomes" not in got or got["outcomes"][1].empty:
            reader.report("G605", f"{what} is made by chance and has no `outcomes`", where)
        found = outcomes(reader, got["outcomes"][1] if "outcomes" in got else None, path, f"the outcomes of {what}")
        return Move(
            name=name, kind="chance", condition=condition, outcomes=found, note=reader.text(got, "note"), where=where
        )
    if by and "actions" not in got:
        reader.report("G605", f"{what} has no `actions`", where)
    keyed = "by" in got and got["by"][1].kind == "list"
    read_actions = _keyed(reader, got.get("actions"), keyed, by, f"the actions of {what}")
    read_signals = _keyed(reader, got.get("signals"), keyed, by, f"the signals of {what}")
    sides: list[Side] = []
    for player in by:
        below = f"{path}.{player.text}" if keyed else path
        sides.append(
            Side(
                player=player.text,
                actions=actions(reader, read_actions(player.text), below, f"the actions of {what}"),
                signals=outcomes(reader, read_signals(player.text), f"{below}.signals", f"the signals of {what}"),
                where=player.where,
            )
        )
        if "actions" in got and _nothing(read_actions(player.text)):
            reader.report("G605", f"{what} gives `{player.text}` no actions", got["actions"][0].where)
    cases: list[Case] = []
    for number, node in enumerate(reader.items(got["when"][1] if "when" in got else None), start=1):
        inner = reader.fields(node, "case", f"case {number} of {what}")
        test = (
            reader.expression(inner["if"][1], f"{path}.when{number}.if", "the condition") if "if" in inner else BROKEN
        )
        cases.append(
            Case(
                condition=test,
                effect=effect(reader, inner, f"{path}.when{number}"),
                note=reader.text(inner, "note"),
                where=node.where,
            )
        )
    return Move(
        name=name, kind="players", condition=condition, sides=tuple(sides), cases=tuple(cases),
        note=reader.text(got, "note"), where=where,
    )  # fmt: skip


def _keyed(
    reader: Reader, got: tuple[Tree, Tree] | None, keyed: bool, by: list[Tree], what: str
) -> Callable[[str], Tree | None]:
    """Finds a player's part of `actions` or `signals`."""
    node = got[1] if got is not None else None
    if not keyed or node is None:
        return lambda player: node
    names = [player.text for player in by]
    for key, _ in reader.entries(node, what):
        if key.text not in names:
            near = nearest(key.text, names)
            text = f"{what} are keyed by player; `{shown(key.text)}` does not move here"
            fix = f"Write those of each player under its name: `{names[0]}: {{{key.text}: …}}`." if names else ""
            reader.report("N105", text, key.where, nearest=near, fix="" if near else fix)
    return lambda player: node.get(player) if node.kind == "map" else None


def _nothing(node: Tree | None) -> bool:
    return node is None or node.empty


def _numeric(node: Tree) -> bool:
    try:
        float(node.text)
    except ValueError:
        return False
    return not node.quoted or node.where.line == 0
