"""A capability that grows meanwhile: by time and by tests."""

from __future__ import annotations

from winset.language.blocks.making import Block, Event, Injected, mapping, scalar


def make(block: Block) -> None:
    """The stock, its growth by time, draws after tests, what agreements take away, and what it is worth."""
    name, levels = block.name, block.value("levels")
    block.variable(name, [("range", levels), ("start", block.value("start"))])
    _growth(block)
    for action, chance in block.pairs("raised by"):
        block.made.draws.append((block, Event(action), block.expression(chance, f"raised_{action.text}")))
    lowest = levels.items[0].text if levels is not None and levels.kind == "list" and levels.items else "0"
    for event, count in block.pairs("lowered by"):
        how = lowest if count.text == "all" else f"down {block.expression(count, f'lowered_{event.text}')}"
        lowered = Injected(name, Event(event), block.at("lowered by"), variable=name, value=how)
        block.made.injected.append(lowered)
    beyond = block.text("beyond")
    for player, worth in block.pairs("worth"):
        amount = f"{name} * {block.expression(worth, f'worth_{player.text}')}"
        where = block.at("worth")
        block.each_round(player.text, amount, where)
        if beyond:
            block.at_end(player.text, f"{beyond} * {amount}", where)


def _growth(block: Block) -> None:
    """One more level with a probability: in a move of the block's own, or among another move's outcomes."""
    got = block.part("grows", "growth")
    if got is None:
        return
    name, where = block.name, block.where
    rate = block.tree("rate", got, "growth_rate") or scalar("0", where)
    raised = mapping(where, [(name, scalar("up 1", where))])
    into, condition = block.value("in", got), block.value("if", got)
    if into is not None:
        outcome = mapping(where, [("if", condition), ("probability", rate), ("then", raised)])
        block.made.outcomes.append((block, into, f"{name}_grows", outcome))
        return
    stays = mapping(where, [("probability", scalar("rest", where))])
    grows = mapping(where, [("probability", rate), ("then", raised)])
    outcomes = mapping(where, [(f"{name}_grows", grows), (f"{name}_stays", stays)])
    block.move([("by", scalar("chance", where)), ("if", condition), ("outcomes", outcomes)])
