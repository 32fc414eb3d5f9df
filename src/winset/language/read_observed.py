"""Reading how the record is read: the section `observed`. What its names mean is for the rules to say."""

from __future__ import annotations

from winset.base.errors import ScenarioError
from winset.language.document import Tree
from winset.language.expr import Expr, Number
from winset.language.lexer import shown
from winset.language.reader import Reader, is_quantity
from winset.language.row_parser import parse_rows
from winset.language.rows import Rows
from winset.language.rules.catalogue import complete
from winset.language.scenario import Observed, ObservedAct, ObservedMove

LATEST = 3650
"""Days after which a row is known at the latest."""

_TRUST = "trust unchecked"


def observed(reader: Reader, node: Tree | None) -> Observed:
    """The section."""
    if node is None or node.empty:
        return Observed()
    if node.kind != "map":
        fix = "Write `observed: {MOVE: {acts: {ACT: TABLE where CONDITION}}}`."
        reader.report("S301", "`observed` must be a mapping of moves", node.where, fix=fix)
        return Observed()
    moves: list[ObservedMove] = []
    trust: Expr = Number(1.0)
    for key, value in node.entries:
        if key.text.replace("_", " ") == _TRUST:
            trust = reader.expression(value, "observed.trust_unchecked", f"`{_TRUST}`")
        else:
            moves.append(_move(reader, key, value))
    return Observed(moves=tuple(moves), trust_unchecked=trust, where=node.where)


def _move(reader: Reader, key: Tree, value: Tree) -> ObservedMove:
    what, path = f"`{shown(key.text)}` in `observed`", f"observed.{key.text}"
    got = reader.fields(value, "observed_move", what)
    acts = tuple(
        ObservedAct(act=act.text, rows=_rows(reader, rows, act.text), where=act.where)
        for act, rows in reader.entries(got["acts"][1] if "acts" in got else None, f"`acts` of {what}", named=False)
    )
    if "acts" in got and got["acts"][1].empty:
        reader.report("S308", f"`acts` of {what} is empty: name the acts that leave rows", got["acts"][1].where)
    silence = reader.names(got["silence"][1] if "silence" in got else None, f"`silence` of {what}")
    missed: tuple[tuple[str, Expr], ...] = ()
    if "missed" in got:
        missed = _missed(reader, got["missed"][1], f"{path}.missed", f"`missed` of {what}")
    mistaken: Expr = Number(0.0)
    if "mistaken" in got:
        mistaken = reader.expression(got["mistaken"][1], f"{path}.mistaken", f"`mistaken` of {what}")
    after = 0
    if "known after" in got:
        after = reader.whole(got["known after"][1], f"`known after` of {what}", 0, LATEST, 0)
    return ObservedMove(
        move=key.text, acts=acts, silence=tuple(node.text for node in silence), missed=missed, mistaken=mistaken,
        known_after=after, note=reader.text(got, "note"), where=key.where,
    )  # fmt: skip


def _missed(reader: Reader, node: Tree, path: str, what: str) -> tuple[tuple[str, Expr], ...]:
    """One chance for all acts, or one by act."""
    if node.kind != "map" or is_quantity(node):
        return (("", reader.expression(node, path, what)),)
    return tuple(
        (key.text, reader.expression(value, f"{path}.{key.text}", f"{what} for `{shown(key.text)}`"))
        for key, value in node.entries
    )


def _rows(reader: Reader, node: Tree, act: str) -> tuple[Rows, ...]:
    """Which rows stand for an act: one selection, or a list of them."""
    found: list[Rows] = []
    for item in node.items if node.kind == "list" else [node]:
        if item.kind != "scalar" or item.empty:
            text = f"the rows of `{shown(act)}` are missing" if item.empty else f"the rows of `{shown(act)}` are a text"
            fix = "Write `TABLE where CONDITION`, such as `launches where missile_class = SRBM`."
            reader.report("S308" if item.empty else "S303", text, item.where, fix=fix)
            continue
        try:
            found.append(parse_rows(item.raw, item.where))
        except ScenarioError as error:
            reader.found.extend([complete(d) for d in error.diagnostics])
    return tuple(found)


__all__ = ["observed"]
