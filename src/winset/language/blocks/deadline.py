"""The deadline that a player has set itself in public."""

from __future__ import annotations

from winset.language.blocks.making import Block, Event, grouped, scalar


def make(block: Block) -> None:
    """The date, a payment in its round, payments for coming back later, and whether it is missed."""
    player, cost = block.player("by"), block.text("cost", "0")
    date, unless = block.date("on", block.name), block.text("unless")
    unmet = f" and not {unless}" if unless else ""
    block.each_round(player, f"if now = {date}{unmet} then -{cost} else 0", block.at("cost"))
    missed = f"{block.name}_missed"
    key = scalar(missed, block.where)
    block.made.offered[missed] = (key, scalar(f"now > {date}{unmet}", block.at("unless")))
    returning = block.part("returning", "returning")
    if returning is None:
        return
    price = block.text("cost", "0", returning, "returning_cost")
    condition = block.text("if", "", returning, "returning_if")
    late = grouped(f"now > {date} and {condition}") if condition else missed
    for name in block.listed("by", returning):
        block.pay(Event(name), player, f"-{price} * {late}", block.at("cost", returning))
