"""How results show themselves: the same few facts as text in a terminal and as a table in a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100
"""Columns that the text of a card stays within where its words can be broken."""
MOST = 12
"""Rows of a table of questions or claims that a card shows."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under a heading.

    Attributes:
        heading: what the rows are; may be empty.
        columns: names of the columns; may be empty.
        rows: the cells, as many in each row; the first names the row.
    """

    heading: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a result shows of itself.

    Attributes:
        title: one line.
        lines: sentences below it.
        tables: tables below these; those without rows are left out.
        notes: what the reader has to know besides, such as warnings.
        picture: an SVG element for a page; a terminal leaves it out.
    """

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    picture: str = ""


def few(rows: Sequence[tuple[str, ...]], most: int = MOST) -> tuple[tuple[str, ...], ...]:
    """The first rows, and where some are left out a last one that counts them."""
    if len(rows) <= most + 1:
        return tuple(rows)
    return (*rows[:most], ("…", *[""] * (len(rows[0]) - 2), f"and {len(rows) - most} more"))


class Shown:
    """A result that prints well: in a terminal by its `repr`, in a notebook as HTML."""

    def card(self) -> Card:
        """What it shows of itself."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return as_text(self.card())

    def _repr_html_(self) -> str:
        return as_html(self.card())


def as_text(card: Card) -> str:
    """The card as lines of plain text."""
    out = [card.title]
    for line in card.lines:
        out += textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    for table in card.tables:
        if table.rows:
            out += [table.heading] if table.heading else []
            out += _aligned(([table.columns] if any(table.columns) else []) + list(table.rows))
    for note in card.notes:
        out += textwrap.wrap(note, WIDTH, initial_indent="  ! ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(out)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as columns; the last column is wrapped into what room is left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    out = []
    for row in rows:
        head = "  " + "".join(f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=False))
        room = max(WIDTH - len(head), 30)
        first, *rest = textwrap.wrap(row[-1], room, break_on_hyphens=False) or [""]
        out += [(head + first).rstrip(), *(" " * len(head) + line for line in rest)]
    return out


def as_html(card: Card) -> str:
    """The card as HTML: no script, no request, nothing of the input unescaped."""
    from html import escape  # not needed by the command line, which starts at once

    out = [f"<div><p><strong>{escape(card.title)}</strong></p>"]
    out += [f"<p>{escape(line)}</p>" for line in card.lines]
    if card.picture:
        out.append(card.picture)
    for table in card.tables:
        if table.rows:
            out.append(_html_table(table))
    if card.notes:
        out.append("<ul>" + "".join(f"<li>{escape(note)}</li>" for note in card.notes) + "</ul>")
    return "\n".join([*out, "</div>"])


def _html_table(table: Table) -> str:
    from html import escape

    left = ' style="text-align:left"'
    out = ["<table>"]
    if table.heading:
        out.append(f"<caption{left}>{escape(table.heading)}</caption>")
    if any(table.columns):
        heads = "".join(f'<th scope="col"{left}>{escape(name)}</th>' for name in table.columns)
        out.append(f"<thead><tr>{heads}</tr></thead>")
    out.append("<tbody>")
    for name, *cells in table.rows:
        rest = "".join(f"<td{left}>{escape(cell)}</td>" for cell in cells)
        out.append(f'<tr><th scope="row"{left}>{escape(name)}</th>{rest}</tr>')
    return "".join([*out, "</tbody></table>"])
