"""A leader's hold on office, and who follows."""

from __future__ import annotations

from winset.language.blocks.making import Block, Got, among, both, grouped, mapping, scalar
from winset.language.document import Tree


def make(block: Block) -> None:
    """A variable of the office's states and a chance move with the changes and the election."""
    name = block.name
    block.variable(name, [("values", block.value("values")), ("start", block.value("start"))])
    values = [node.text for node in block.listed("values")]
    election = block.part("election", "election")
    outcomes: list[tuple[str, Tree | None]] = []
    polls, stands = "", []
    if election is not None:
        lost = election["lost"][1].text if "lost" in election else ""
        stands = [n.text for n in block.listed("from", election)] or [v for v in values if v != lost]
        polls = block.date("on", f"{name}_election", election)
        outcomes += _election(block, election, f"now = {polls} and {among(name, stands)}")
    sources: set[str] = set()
    for key, node in block.reader.entries(block.value("changes"), f"the changes of `{name}`"):
        got = block.reader.fields(node, "change", f"the change `{key.text}` of `{name}`")
        states = [n.text for n in block.listed("from", got)]
        sources |= set(states)
        kept = f"now != {polls}" if set(states) & set(stands) else ""
        outcomes.append((key.text, _change(block, key, got, both(among(name, states or ["?"]), kept))))
    if not outcomes:
        return
    outcomes.append(("nothing_new", mapping(block.where, [("probability", scalar("rest", block.where))])))
    open_states = [v for v in values if v in sources] or sorted(sources)
    tests = [among(name, open_states)] if open_states else []
    tests += [grouped(f"now = {polls} and {among(name, stands)}")] if polls else []
    condition = " or ".join(tests)
    block.move(
        [("by", scalar("chance", block.where)), ("if", scalar(condition, block.where)),
         ("outcomes", mapping(block.where, outcomes))]
    )  # fmt: skip


def _election(block: Block, got: Got, condition: str) -> list[tuple[str, Tree | None]]:
    """Defeat and victory."""
    defeat = block.text("defeat", "0", got, "election_defeat")
    where = block.at("defeat", got)
    ends = (("defeated", defeat, "lost"), ("reelected", f"1 - {defeat}", "won"))
    return [
        (label, mapping(where, [
            ("if", scalar(condition, block.at("on", got))),
            ("probability", scalar(chance, where)),
            ("then", mapping(where, [(block.name, block.value(key, got))])),
        ]))
        for label, chance, key in ends
    ]  # fmt: skip


def _change(block: Block, key: Tree, got: Got, condition: str) -> Tree:
    """One hazard as an outcome."""
    test = both(condition, block.text("if", "", got, f"{key.text}_if"))
    then = mapping(block.where, [(block.name, block.value("to", got))])
    more = block.value("then", got)
    if more is not None and more.kind == "map":
        then.entries += more.entries
        for name, _ in more.entries:
            if name.text == block.name:
                text = f"`{key.text}` of the block `{block.name}` assigns `{block.name}` beside `to`"
                block.reader.report(
                    "B907", text, name.where, conflicts_with=got["to"][1].where if "to" in got else None
                )
    return mapping(key.where, [
        ("if", scalar(test, block.at("if", got) if "if" in got else block.at("from", got))),
        ("probability", block.tree("rate", got, f"{key.text}_rate")),
        ("pays", block.value("pays", got)), ("then", then), ("note", block.value("note", got)),
    ])  # fmt: skip
