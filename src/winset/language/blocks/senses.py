"""Numbers that a block's fields can mean: a cost is no gain, a chance lies between 0 and 1, a round has a number.

A number written out is judged at once. What names parameters is kept with the reading and judged when they are known,
at their central values and over their ranges (`winset.language.rules.amounts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from winset.base.errors import ScenarioError
from winset.language.blocks.making import Block
from winset.language.document import Tree
from winset.language.field import SENSES, Field
from winset.language.fields import SECTIONS
from winset.language.meant import Meant
from winset.language.parser import constant, parse_expression
from winset.language.reader import is_quantity

_DATE = re.compile(r"^[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?$")


def judge(block: Block) -> None:
    """Reports the numbers that a block's fields cannot mean (B910), and keeps what has to wait for parameters."""
    for field, what, node in _fields(block.kind.text.replace("_", " "), block.given, block.name):
        if node.kind == "scalar" and (node.empty or node.text == "all" or _DATE.match(node.text)):
            continue
        sense = SENSES[field.sense]
        if is_quantity(node):
            block.reader.meant.append(Meant(None, node.where, field.sense, what))
            continue
        if node.kind != "scalar":
            continue
        try:
            tree = parse_expression(node.raw, node.where)
        except ScenarioError:  # said where it is read
            continue
        number = constant(tree)
        if number is None or (field.sense == "round" and sense.holds(number)):
            block.reader.meant.append(Meant(tree, node.where, field.sense, what))
        elif not sense.holds(number):
            block.reader.report(
                "B910", f"{what} is {number:g}; it is {sense.words}", node.where, why=sense.why, fix=sense.fix
            )


def _fields(section: str, node: Tree, name: str) -> Iterator[tuple[Field, str, Tree]]:
    """The fields that have a sense, those of parts and each entry of a mapping included."""
    known = {field.key: field for field in SECTIONS[section].fields}
    for key, value in node.entries if node.kind == "map" else []:
        field = known.get(key.text) or known.get(key.text.replace("_", " "))
        if field is None:
            continue
        kind, _, part = field.kind.partition(":")
        if kind == "one":
            yield from _fields(part, value, name)
        elif kind == "map":
            for _, inner in value.entries:
                yield from _fields(part, inner, name)
        elif field.sense and field.kind == "own:expressions":
            for label, inner in value.entries:
                yield field, f"`{field.key}: {label.text}` of the block `{name}`", inner
        elif field.sense:
            yield field, f"`{field.key}` of the block `{name}`", value
