"""Delegates who may explore and build, but cannot conclude."""

from __future__ import annotations

from winset.language.blocks.making import Block, mapping, scalar
from winset.language.document import Tree


def make(block: Block) -> None:
    """The variable that progress builds, and a hidden choice seen through progress alone."""
    player, builds, where = block.player("by"), block.word("builds", block.name), block.where
    levels = block.value("levels")
    if levels is not None:
        lowest = levels.items[0] if levels.kind == "list" and levels.items else None
        block.variable(builds, [("range", levels), ("start", block.value("start") or lowest)], at="builds")
    elif "start" in block.got:
        text = f"`start` of the block `{block.name}` has no `levels` beside it"
        fix = f"Add `levels: [0, 2]`, or write the start where `state` declares `{builds}`."
        block.reader.report("B909", text, block.got["start"][0].where, fix=fix)
    working, listening = block.text("working", "0"), block.text("listening", "0")
    chance = f"if {player} plays work then {working} else {listening}"
    cost = block.text("cost")
    pays = mapping(where, [(player, mapping(where, [(block.name, scalar(f"-{cost}", block.at("cost")))]))])
    after = _entries(block, "then", builds)
    failing = _entries(block, "failing", builds) if block.value("failing") is not None else after
    raised = (scalar(builds, where), scalar("up 1", where))
    block.move([
        ("by", scalar(player, where)), ("if", block.value("if")),
        ("actions", mapping(where, [
            ("work", mapping(where, [("pays", pays)] if cost else [])), ("listen", mapping(where)),
        ])),
        ("signals", mapping(where, [
            ("progress", _signal(block, scalar(chance, block.at("working")), [raised, *after])),
            ("no_progress", _signal(block, scalar("rest", where), failing)),
        ])),
    ])  # fmt: skip


def _entries(block: Block, key: str, builds: str) -> list[tuple[Tree, Tree]]:
    """The assignments of a field, none of which may be to what progress raises."""
    node = block.value(key)
    entries = node.entries if node is not None and node.kind == "map" else []
    for name, _ in entries:
        if name.text == builds:
            text = f"`{key}` of the block `{block.name}` assigns `{builds}`, which progress raises"
            block.reader.report("B907", text, name.where, conflicts_with=block.got["builds"][1].where)
    return entries


def _signal(block: Block, probability: Tree, entries: list[tuple[Tree, Tree]]) -> Tree:
    then = mapping(block.where)
    then.entries = list(entries)
    return mapping(block.where, [("probability", probability), ("then", then if entries else None)])
