"""Tables of text within a given width: every cell wrapped in its own column."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence

GAP = 2
GLUE = "\N{NO-BREAK SPACE}"  # keeps a number and its unit on one line while text is wrapped
Style = Callable[[str, int], str]


def wrapped(text: str, width: int, first: str = "", later: str | None = None) -> list[str]:
    """A paragraph as lines of at most `width` columns; numbers stay with their units.

    Args:
        first, later: what the first and the other lines begin with; `later` is as `first` by default.
    """
    glued = re.sub(r"(?<=\d) (?=%|points\b)", GLUE, text)
    hang = first if later is None else later
    lines = textwrap.wrap(glued, width, initial_indent=first, subsequent_indent=hang, break_on_hyphens=False)
    return [line.replace(GLUE, " ") for line in lines]


def columns(
    rows: Sequence[Sequence[str]],
    *,
    width: int = 80,
    indent: int = 2,
    wide: int = 0,
    right: Sequence[int] = (),
    style: Style = lambda text, row: text,
) -> list[str]:
    """Rows as aligned columns; the column `wide` gets the room that the others leave, and wraps.

    Args:
        rows: cells, as many in each row.
        width: columns of text to stay within.
        indent: blanks before each line.
        wide: number of the column that wraps.
        right: columns set flush right.
        style: paints a finished line; told the number of its row.
    """
    if not rows:
        return []
    count = len(rows[0])
    widths = [max(len(row[i]) for row in rows) for i in range(count)]
    others = sum(w for i, w in enumerate(widths) if i != wide)
    widths[wide] = max(min(widths[wide], width - indent - GAP * (count - 1) - others), 8)
    lines = []
    for number, row in enumerate(rows):
        cells = [wrapped(c, widths[i]) or [""] if i == wide else [c] for i, c in enumerate(row)]
        for n in range(max(len(c) for c in cells)):
            parts = [c[n] if n < len(c) else "" for c in cells]
            set_ = [
                p.rjust(w) if i in right else p.ljust(w) for i, (p, w) in enumerate(zip(parts, widths, strict=True))
            ]
            lines.append(style((" " * indent + (" " * GAP).join(set_)).rstrip(), number))
    return lines
