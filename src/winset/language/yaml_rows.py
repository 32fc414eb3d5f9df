"""Record files in YAML: a list of rows, each a mapping of columns to single values.

The columns are the keys of all rows, in the order in which they are met; a row without one has an empty cell there.
Every value is taken as the text that stands in the file, so a day stays a day.
"""

from __future__ import annotations

from winset.base.diagnostics import Where
from winset.base.errors import ScenarioError
from winset.language.document import Tree, compose
from winset.language.lexer import shown
from winset.language.tables import Sheet, TableError, bounded, header

MOST_NODES = 100_000
"""Keys and values that a record file in YAML may have; it is read more slowly than one in CSV."""

_MODEL = "Write each row as `- {date: 2019-10-02, what: a test}`."


def parsed(text: str, said: str) -> Sheet:
    """The rows of a YAML text; diagnostics call the file `said`.

    Raises:
        TableError: E512 it is no list of mappings of single values.
    """
    try:
        root = compose(text, said, most=MOST_NODES)
    except ScenarioError as error:
        found = error.diagnostics[0]
        fix = "Save long records as CSV." if found.code in ("S101", "S105") else found.fix
        raise TableError("E512", found.message, found.where, fix) from None
    if root.kind != "list":
        raise TableError("E512", "the file is no list of rows", root.where, _MODEL)
    names = dict.fromkeys(key.text for item in root.items for key, _ in item.entries)
    columns = header(tuple(names), root.where)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for item in root.items:
        row = _cells(item, columns)
        bounded(row, columns, len(rows), item.where)
        if any(row):
            rows.append(row)
            lines.append(item.where.line)
    if not columns:
        raise TableError("E512", "the file is empty", Where(said, 1, 1), _MODEL)
    return Sheet(columns, tuple(rows), tuple(lines))


def _cells(item: Tree, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of one row."""
    if item.kind != "map":
        raise TableError("E512", "a row is no mapping of columns to values", item.where, _MODEL)
    cells = dict.fromkeys(columns, "")
    for key, value in item.entries:
        if value.kind != "scalar":
            text = f"the value of `{shown(key.text, 30)}` is a {'list' if value.kind == 'list' else 'mapping'}"
            raise TableError("E512", f"{text}; cells hold single values", value.where, "Write one text.")
        cells[key.text] = "" if value.empty else " ".join(value.text.split())
    return tuple(cells.values())
