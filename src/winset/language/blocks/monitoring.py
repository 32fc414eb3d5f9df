"""Compliance under inspection."""

from __future__ import annotations

from winset.language.blocks.making import Block, mapping, scalar
from winset.language.blocks.merging import add_payment
from winset.language.document import Tree


def make(block: Block) -> None:
    """A hidden choice to comply or to cheat, and a signal that may err either way."""
    player, where = block.player("of"), block.where
    detection, alarm = block.text("detection", "0"), block.text("false alarm", "0")
    chance = f"if {player} plays cheat then {detection} else {alarm}"
    gain = mapping(where, [(player, mapping(where, [(block.name, block.tree("gain"))]))])
    for other, cost in block.pairs("harm"):
        amount = scalar(f"-{block.expression(cost, f'harm_{other.text}')}", block.at("harm"))
        add_payment(block.reader, gain, other.text, block.name, amount)
    becomes = block.value("becomes")
    changed = mapping(where, [(player, becomes)]) if becomes is not None else None
    found = block.part("found", "result") or {}
    block.move([
        ("by", scalar(player, where)), ("if", block.value("if")),
        ("actions", mapping(where, [
            ("comply", mapping(where)), ("cheat", mapping(where, [("pays", gain), ("becomes", changed)])),
        ])),
        ("signals", mapping(where, [
            ("found", mapping(where, [
                ("probability", scalar(chance, block.at("detection"))),
                ("pays", _costs(block, block.value("pays", found))), ("then", block.value("then", found)),
            ])),
            ("quiet", mapping(where, [("probability", scalar("rest", where)), ("pays", _costs(block, None))])),
        ])),
    ])  # fmt: skip


def _costs(block: Block, pays: Tree | None) -> Tree | None:
    """What the inspection costs, beside other payments."""
    listed = block.pairs("costs")
    if not listed:
        return pays
    made = pays if pays is not None and pays.kind == "map" else mapping(block.where)
    for player, cost in listed:
        amount = scalar(f"-{block.expression(cost, f'costs_{player.text}')}", block.at("costs"))
        add_payment(block.reader, made, player.text, block.name, amount)
    return made
