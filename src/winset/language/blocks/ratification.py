"""Ratification: an agreement passes only if it is worth enough to somebody at home."""

from __future__ import annotations

from winset.language.blocks.making import Block, Event


def make(block: Block) -> None:
    """For each agreement the chance that it is ratified; `shaping` puts it into the agreement's draw.

    The ratifier's standard is uniform from `threshold` to `threshold + spread` (canon: Iida 1993, Mo 1995).
    """
    threshold, spread = block.text("threshold", "0"), block.text("spread")
    for name, worth in block.pairs("agreements"):
        value = block.expression(worth, f"worth_{name.text}")
        if spread:
            chance = f"max(0, min(1, ({value} - {threshold}) / {spread}))"
        else:
            chance = f"(if {value} >= {threshold} then 1 else 0)"
        block.made.ratified.append((block, Event(name), chance))
