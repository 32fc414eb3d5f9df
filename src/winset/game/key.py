"""The content hash of a game: what changes the game changes it, comments and questions do not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from winset.base.version import __version__
from winset.game.facts import of_move, of_pays
from winset.game.model import Model
from winset.language.expr import Expr, Name
from winset.language.formula import walk
from winset.language.scenario import Move, Scenario

_LEFT_OUT = {
    "where", "note", "about", "title", "sources", "record", "variants", "questions", "claims", "text", "file",
    "warnings", "tables", "mechanisms", "agreements", "observed", "hypotheses", "hindcast",
}  # fmt: skip


def plain(item: Any) -> Any:
    """Data classes as JSON data, each with its class's name."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        fields = {f.name: plain(getattr(item, f.name)) for f in dataclasses.fields(item) if f.name not in _LEFT_OUT}
        return {"": type(item).__name__, **fields}
    if isinstance(item, (tuple, list)):
        return [plain(i) for i in item]
    if item is None or isinstance(item, (str, float, int, bool)):
        return item
    return str(item)


def game_key(scenario: Scenario, values: dict[str, float]) -> str:
    """sha256 over the game's content, the parameter values in force and the version.

    Numbers written in `observed` say how the record is read and do not count; nor does the rest of that section."""
    content = plain(dataclasses.replace(scenario, parameters=()))
    values = {name: value for name, value in values.items() if not name.startswith("observed.")}
    text = json.dumps([__version__, content, values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def step_key(model: Model, move: Move | None) -> str:
    """All that the rows of a move (None: of a round's end) depend on but the round and the states, as text.

    Names are read through definitions; so two variants have the same key where a change does not touch the move."""
    scenario = model.scenario
    trees = [] if move is None else list(of_move(move))
    trees += [] if scenario.ends_when is None else [scenario.ends_when]
    tail: list[Any] = [scenario.ends_when]
    if move is None:  # what an end pays is no part of a move's rows
        tail += [scenario.each_round, scenario.at_end]
        trees += [*of_pays(scenario.each_round), *of_pays(scenario.at_end)]
    names = _names(trees, model)
    content = [
        move,
        tail,
        [(v.name, v.kind, v.values) for v in scenario.state],
        [(p.name, [t.name for t in p.types]) for p in scenario.players],
        [(name, model.definitions[name]) for name in names if name in model.definitions],
        [(name, model.values[name]) for name in names if name in model.values],
        scenario.clock,
    ]
    return json.dumps([__version__, plain(content)], ensure_ascii=False)


def _names(trees: list[Expr], model: Model) -> list[str]:
    """The names that expressions read, through definitions."""
    found: set[str] = set()
    left = list(trees)
    while left:
        for node in walk(left.pop()):
            if isinstance(node, Name) and node.name not in found:
                found.add(node.name)
                if node.name in model.definitions:
                    left.append(model.definitions[node.name])
    return sorted(found)
