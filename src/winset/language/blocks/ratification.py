"""Ratification: an agreement passes only if it is worth enough to somebody at home."""

from __future__ import annotations

from winset.language.blocks.making import Block, Event
from winset.language.parser import constant, parse_expression


def make(block: Block) -> None:
    """For each agreement the chance that it is ratified; `shaping` puts it into the agreement's draw.

    The ratifier's standard is uniform from `threshold` to `threshold + spread` (canon: Iida 1993, Mo 1995).
    """
    threshold, spread = block.text("threshold", "0"), block.text("spread", "0")
    width = constant(parse_expression(spread))
    for name, worth in block.pairs("agreements"):
        value = block.expression(worth, f"worth_{name.text}")
        share = f"max(0, min(1, ({value} - {threshold}) / {spread}))"
        step = f"if {value} >= {threshold} then 1 else 0"
        if width is None:  # it may come down to 0, where nothing can be divided by it
            chance = f"(if {spread} > 0 then {share} else {step})"
        else:
            chance = share if width > 0 else f"({step})"
        block.made.ratified.append((block, Event(name), chance))
