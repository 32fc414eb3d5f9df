"""A commitment made before an audience."""

from __future__ import annotations

from winset.language.blocks.making import Block, scalar


def make(block: Block) -> None:
    """Whether the commitment stands, what makes, breaks and ends it, and what breaking it costs."""
    name, player = block.name, block.player("of")
    start = block.value("start") or scalar("false", block.where)
    block.variable(name, [("start", start)])
    cost = block.text("cost", "0")
    for event in block.events("broken by"):
        block.pay(event, player, f"-{cost} * {name}", block.at("cost"))
    block.switch(name, [("broken by", "false"), ("released by", "false"), ("made by", "true")])
