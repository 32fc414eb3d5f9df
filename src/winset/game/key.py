"""The content hash of a game: what changes the game changes it, comments and questions do not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from winset.base.version import __version__
from winset.language.scenario import Scenario

_LEFT_OUT = {
    "where", "note", "about", "title", "sources", "record", "variants", "questions", "claims", "text", "file",
    "warnings", "tables", "mechanisms", "agreements",
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
    """sha256 over the game's content, the parameter values in force and the version."""
    content = plain(dataclasses.replace(scenario, parameters=()))
    text = json.dumps([__version__, content, values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
