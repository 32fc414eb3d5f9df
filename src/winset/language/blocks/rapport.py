"""Rapport between leaders."""

from __future__ import annotations

from itertools import pairwise

from winset.language.blocks.making import FAR, Block, scalar
from winset.language.document import Tree


def make(block: Block) -> None:
    """The level of the rapport, what raises it by one level and what ends it."""
    name, where = block.name, block.where
    levels = block.listed("levels") or [scalar("cold", where), scalar("warm", where)]
    words = [node.text for node in levels]
    if len(words) < 2:
        text = f"the block `{name}` has one level; rapport that can be built and lost has two or more"
        block.reader.report("B909", text, block.at("levels"), fix="Write `levels: [cold, warm]`.")
    values = block.value("levels") or Tree(kind="list", where=where, items=levels, flow=True, span=FAR)
    block.variable(name, [("values", values), ("start", block.value("start"))])
    raised = words[-1]
    for below, above in reversed(list(pairwise(words[:-1]))):
        raised = f"if {name} = {below} then {above} else {raised}"
    block.switch(name, [("lost by", words[0]), ("built by", raised)])
