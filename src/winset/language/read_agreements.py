"""Reading the deals on the table: the public state right after each agreement, the walk-away first."""

from __future__ import annotations

from winset.language.document import Tree
from winset.language.read_game import value_of
from winset.language.reader import Reader, nearest
from winset.language.scenario import Agreement, Value, Variable


def agreements(reader: Reader, node: Tree | None, state: tuple[Variable, ...]) -> tuple[Agreement, ...]:
    """The agreements, in the order in which they stand."""
    variables = {v.name: v for v in state}
    entries = reader.entries(node, "agreements")
    found = [_agreement(reader, key, value, variables) for key, value in entries]
    if node is not None and len(found) == 1:
        text = "`agreements` has one entry; the first is the walk-away, and the others are compared with it"
        reader.report("G641", text, entries[0][0].where)
    for i, one in enumerate(found):
        twin = next((other for other in found[:i] if sorted(other.state) == sorted(one.state)), None)
        if twin is not None:
            text = f"the agreements `{twin.name}` and `{one.name}` lead to the same state"
            reader.report("G642", text, one.where, conflicts_with=twin.where)
    return tuple(found)


def _agreement(reader: Reader, key: Tree, node: Tree, variables: dict[str, Variable]) -> Agreement:
    what = f"the agreement `{key.text}`"
    told: list[tuple[str, Value]] = []
    for name, given in reader.entries(node, what):
        known = variables.get(name.text)
        if known is None:
            near = nearest(name.text, variables)
            reader.report("N141", f"{what} sets `{name.text}`, which is no state variable", name.where, nearest=near)
            continue
        value = value_of(reader, given, known.kind, known.values, f"the variable `{name.text}`")
        if value is not None:
            told.append((name.text, value))
    return Agreement(name=key.text, state=tuple(told), where=key.where)
