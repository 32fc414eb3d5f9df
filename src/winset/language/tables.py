"""Record files: CSV or YAML beside the scenario's file, read whole and as text, for facts to be answered from them.

The first line of a CSV file names the columns. Every row has as many cells as there are columns; a row may run over
several lines where a cell stands in quotes. A YAML file is a list of mappings (`yaml_rows`). Nothing in a file is
executed or taken for a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from winset.base.diagnostics import Where
from winset.language.lexer import shown

LARGEST = 4_000_000
"""Bytes that one record file may have."""
MOST_ROWS, MOST_COLUMNS, LONGEST = 100_000, 200, 5_000
"""Rows, columns, and characters of a cell that one may have."""

Kind = Literal["date", "number", "text"]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"^[^\W\d]\w*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


class TableError(Exception):
    """A record file that cannot be used: the rule's code, what is wrong, where, and the fix."""

    def __init__(self, code: str, message: str, where: Where, fix: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.where, self.fix = code, message, where, fix


@dataclass(frozen=True)
class Sheet:
    """What a record file holds.

    Attributes:
        columns: their names, in order.
        rows: the cells of each row, as text without blanks around them.
        lines: the line of the file on which each row begins.
        added: the last of the columns, which are not the file's but follow from its codes of events.
        coded: columns of codes, which are texts even where they look like numbers (010 is not 10).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    added: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[str, ...]:
        """The file's own columns."""
        return self.columns[: len(self.columns) - len(self.added)]

    @cached_property
    def sha256(self) -> str:
        """Hash of the columns and cells, not of quotes and line ends."""
        return hashlib.sha256(json.dumps([self.columns, self.rows]).encode()).hexdigest()

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """What each column holds: *date* or *number* where every cell that is not empty is one, else *text*.

        Codes are text."""
        cells = {name: [row[i] for row in self.rows if row[i]] for i, name in enumerate(self.columns)}
        return {name: "text" if name in self.coded else _kind(found) for name, found in cells.items()}

    @cached_property
    def at(self) -> dict[str, int]:
        """The place of each column."""
        return {name: i for i, name in enumerate(self.columns)}

    def values(self, column: str) -> tuple[str, ...]:
        """The different cells of a column, the most frequent first."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row[self.at[column]]] = counts.get(row[self.at[column]], 0) + 1
        return tuple(sorted(counts, key=lambda v: (-counts[v], v)))


NOTHING = Sheet((), (), ())


def with_column(sheet: Sheet, name: str, cells: list[str]) -> Sheet:
    """The sheet with one more column, which follows from the others."""
    rows = tuple((*row, cell) for row, cell in zip(sheet.rows, cells, strict=True))
    return replace(sheet, columns=(*sheet.columns, name), rows=rows, added=(*sheet.added, name))


def is_day(text: str) -> bool:
    """Whether a cell is a day of the calendar such as 2019-10-02."""
    if not _DAY.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def number(text: str) -> float | None:
    """The finite number that a cell is, or None."""
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def _kind(cells: list[str]) -> Kind:
    if cells and all(map(is_day, cells)):
        return "date"
    return "number" if cells and all(number(c) is not None for c in cells) else "text"


def load(folder: Path, name: str, where: Where) -> Sheet:
    """Reads the record file `name` in or below a folder; `where` is the place that names it.

    Raises:
        TableError: E511 it cannot be read; E512 it is no table.
    """
    path = _inside(folder, name, where)
    try:
        facts = os.stat(path)
        if not stat.S_ISREG(facts.st_mode):
            raise TableError("E511", f"`{shown(name)}` is no regular file", where)
        if facts.st_size > LARGEST:
            text = f"`{shown(name)}` has {facts.st_size:,} bytes; {LARGEST:,} are allowed"
            raise TableError("E511", text, where, "Keep the rows and columns that are asked about.")
        return _loaded(str(path), facts.st_mtime_ns, facts.st_size, str(folder / name))
    except OSError as error:
        text = f"the record file `{shown(name)}` cannot be read: {error.strerror or 'it cannot be opened'}"
        raise TableError("E511", text, where) from None


def _inside(folder: Path, name: str, where: Where) -> Path:
    """The real path of a file, which has to lie in the folder."""
    parts = name.replace("\\", "/").split("/")
    fix = "Put the file beside the scenario's and write the path from there, such as `data/events.csv`."
    if not name or name.startswith(("/", "~")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise TableError("E511", f"`{shown(name)}` is not a path inside the scenario's folder", where, fix)
    path = Path(os.path.realpath(folder / "/".join(parts)))
    if not path.is_relative_to(os.path.realpath(folder)):
        raise TableError("E511", f"`{shown(name)}` leads out of the scenario's folder", where, fix)
    return path


@lru_cache(maxsize=32)
def _loaded(path: str, changed: int, size: int, said: str) -> Sheet:
    """The sheet of a file, read once for each state of the file; diagnostics call it `said`."""
    with Path(path).open("rb") as stream:
        data = stream.read(LARGEST + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"the byte {data[error.start]:#04x} stands for no character"
        raise TableError("E512", f"not UTF-8 text; {byte}", Where(said, line, 1), "Save the file as UTF-8.") from None
    if Path(path).suffix.lower() in (".yaml", ".yml"):
        from winset.language.yaml_rows import parsed

        return parsed(text, said)
    return _parsed(text, lambda line: Where(said, line, 1))


def _parsed(text: str, place: Callable[[int], Where]) -> Sheet:
    """The rows of a CSV text."""
    if bad := _CONTROL.search(text):
        fix = "Remove it: cells hold plain text."
        raise TableError("E512", "the line holds a control character", place(text.count("\n", 0, bad.start()) + 1), fix)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    begun = 1
    try:
        for cells in reader:
            first, begun = begun, reader.line_num + 1
            row = tuple(" ".join(cell.split()) for cell in cells)
            if not any(row):
                continue
            if not columns:
                _by_commas(cells, place(first))
                columns = header(row, place(first))
                continue
            bounded(row, columns, len(rows), place(first))
            rows.append(row)
            lines.append(first)
    except csv.Error as error:
        fix = "Put a cell with a comma or a quote into quotes, and double the quotes inside it."
        raise TableError("E512", f"the row cannot be split into cells: {error}", place(begun), fix) from None
    if not columns:
        raise TableError("E512", "the file is empty", place(1), "Name the columns in the first line.")
    return Sheet(columns, tuple(rows), tuple(lines))


_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def _by_commas(cells: list[str], where: Where) -> None:
    """Makes sure that the columns of the first line are not separated by something else.

    Raises:
        TableError: E512 they are.
    """
    found = next((mark for mark in _MARKS if len(cells) == 1 and mark in cells[0].strip()), "")
    if found:
        text = f"the columns are separated by {_MARKS[found]} and not by commas"
        raise TableError("E512", text, where, "Save the file with commas between the cells.")


def header(row: tuple[str, ...], where: Where) -> tuple[str, ...]:
    """The names of columns, if they can be.

    Raises:
        TableError: E512 they cannot.
    """
    if len(row) > MOST_COLUMNS:
        raise TableError("E512", f"there are {len(row)} columns; {MOST_COLUMNS} are allowed", where, "Drop some.")
    for i, name in enumerate(row):
        if not _NAME.match(name):
            fix = "Name every column by one word of letters, digits and `_`."
            raise TableError("E512", f"the column {i + 1} is called `{shown(name, 30)}`, which is no name", where, fix)
        if name in row[:i]:
            raise TableError("E512", f"two columns are called `{name}`", where, "Rename one of them.")
    return row


def bounded(row: tuple[str, ...], columns: tuple[str, ...], before: int, where: Where) -> None:
    """Makes sure that a row has a cell for every column, and that neither rows nor cells are too many or too long.

    Raises:
        TableError: E512 it is not so.
    """
    if len(row) != len(columns):
        fix = "Give the row one cell a column; put a cell with a comma into quotes."
        raise TableError("E512", f"the row has {len(row)} cells; there are {len(columns)} columns", where, fix)
    if before >= MOST_ROWS:
        raise TableError("E512", f"there are more than {MOST_ROWS:,} rows", where, "Keep the rows asked about.")
    if any(len(cell) > LONGEST for cell in row):
        text = f"a cell has more than {LONGEST:,} characters"
        raise TableError("E512", text, where, "Close the quote that was left open, or shorten the cell.")
