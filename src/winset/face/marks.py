"""Words, code and tables as Markdown sets them."""

from __future__ import annotations

import re
from collections.abc import Sequence


def text(said: str) -> str:
    """Words as Markdown shows them: on one line, with what would be markup escaped."""
    flat = " ".join(said.split())
    flat = re.sub(r"([\\`*\[\]<>|#~])", r"\\\1", flat)
    flat = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", flat)
    return re.sub(r"^([-+>]|\d+[.)])(?=\s)", r"\\\1", flat)


def code(said: str) -> str:
    """A formula or a name, set as code; in a table too."""
    flat = " ".join(said.split()).replace("|", "\\|")
    mark = "``" if "`" in flat else "`"
    return f"{mark}{flat}{mark}" if flat else ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """A table whose first `left` columns are flush left and whose others are flush right; cells are Markdown."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    widths = [min(max(w, 3), 40) for w in widths]

    def line(cells: Sequence[str]) -> str:
        set_ = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]
        return f"| {' | '.join(set_)} |"

    rule = [("-" * w if i < left else "-" * (w - 1) + ":") for i, w in enumerate(widths)]
    return [line(head), f"| {' | '.join(rule)} |", *map(line, rows), ""]
