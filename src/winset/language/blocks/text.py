"""A scenario's text without its building blocks: the plain language that they stand for."""

from __future__ import annotations

from winset.base.errors import ScenarioError
from winset.language.blocks.expansion import expand
from winset.language.comments import gather
from winset.language.document import compose
from winset.language.format import ordered, written
from winset.language.reader import Reader


def expand_text(text: str, *, file: str = "") -> str:
    """The canonical text of a scenario with every building block replaced by what it stands for.

    Reading it gives an equal scenario, and expanding it again changes nothing. Comments stay with the author's own
    elements, those at a block with the first thing that it makes. `file` is the name that diagnostics give.

    Raises:
        ScenarioError: the text is not YAML of the language, or a block in it has problems.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    root = compose(text, file)
    comments = gather(text, root)
    reader = Reader()
    if root.kind == "map":
        expand(reader, root)
    if reader.found.errors:
        raise ScenarioError(reader.found)
    ordered(root)
    return written(root, comments)
