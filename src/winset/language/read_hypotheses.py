"""Reading the competing hypotheses: variants, or the types of a player, to be weighed by the same record."""

from __future__ import annotations

from winset.language.document import Tree
from winset.language.lexer import shown
from winset.language.reader import Reader
from winset.language.weighed import Hypotheses, Hypothesis

TYPES = "types of"
BASE = "base"
"""Stands for the scenario as it is, where a hypothesis names its variant."""


def hypotheses(reader: Reader, node: Tree | None) -> tuple[Hypotheses, ...]:
    """The section: sets of hypotheses by name."""
    return tuple(_set(reader, key, value) for key, value in reader.entries(node, "hypotheses"))


def _set(reader: Reader, key: Tree, value: Tree) -> Hypotheses:
    what = f"the hypotheses `{key.text}`"
    if value.kind == "map" and any(_is_types(k) for k, _ in value.entries):
        player = ""
        for name, node in value.entries:
            if not _is_types(name):
                text = f"{what} are the types of a player, and `{shown(name.text)}` is a hypothesis beside them"
                reader.report("E533", text, name.where, fix="Write two sets of hypotheses.")
            elif node.kind != "scalar" or node.empty:
                reader.report("E532", f"{what} do not name the player whose types they are", node.where)
            else:
                player = node.text.strip()
        return Hypotheses(name=key.text, types_of=player, where=key.where)
    found = [_one(reader, name, node, what) for name, node in reader.entries(value, what)]
    if len(found) < 2 and (value.kind == "map" or value.empty):
        reader.report("E533", f"{what} are {'one only' if found else 'none'}: there is nothing to compete", key.where)
    return Hypotheses(name=key.text, among=tuple(found), where=key.where)


def _is_types(key: Tree) -> bool:
    return key.text.replace("_", " ") == TYPES


def _one(reader: Reader, key: Tree, value: Tree, what: str) -> Hypothesis:
    if value.kind == "scalar":
        if value.empty:
            reader.report("E531", f"`{shown(key.text)}` in {what} does not say in which variant it holds", value.where)
        return Hypothesis(name=key.text, variant=_variant(value.text), where=value.where)
    got = reader.fields(value, "hypothesis", f"`{shown(key.text)}` in {what}")
    weight = reader.number(got["prior"][1], f"the prior of `{shown(key.text)}` in {what}") if "prior" in got else 1.0
    if weight is not None and weight <= 0:
        text = f"the prior of `{shown(key.text)}` in {what} is {weight:g}"
        reader.report("E535", text, got["prior"][1].where)
    where = got["in"][1].where if "in" in got else key.where
    return Hypothesis(
        name=key.text, variant=_variant(reader.text(got, "in")), weight=weight if weight and weight > 0 else 1.0,
        note=reader.text(got, "note"), where=where,
    )  # fmt: skip


def _variant(text: str) -> str:
    return "" if text.strip() == BASE else text.strip()
