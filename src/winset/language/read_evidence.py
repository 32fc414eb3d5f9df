"""Reading what a scenario says of its evidence: record files, and the mechanisms that its parts carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from winset.base.diagnostics import Where
from winset.language import codebook
from winset.language.document import Tree
from winset.language.lexer import shown
from winset.language.read_rest import texts
from winset.language.reader import Reader, nearest
from winset.language.scenario import Carrier, Mechanism, Table
from winset.language.tables import NOTHING, Sheet, TableError, is_day, load, with_column


def tables(reader: Reader, node: Tree | None, file: str) -> tuple[Table, ...]:
    """The record files; `file` is the scenario's own, beside which they stand."""
    return tuple(_table(reader, key, value, file) for key, value in reader.entries(node, "tables"))


def _table(reader: Reader, key: Tree, value: Tree, file: str) -> Table:
    what = f"the table `{key.text}`"
    got = reader.fields(value, "table", what)
    sheet, read = NOTHING, False
    if "file" in got and got["file"][1].kind == "scalar" and not got["file"][1].empty:
        named = got["file"][1]
        if not file:
            reader.report(
                "E515", f"{what} was not read: the scenario has no file that it could stand beside", key.where
            )
        else:
            try:
                sheet, read = load(Path(file).parent, named.text.strip(), named.where), True
            except TableError as error:
                reader.report(error.code, f"{what}: {error.message}", error.where, fix=error.fix)
    shows = [
        (item, item.text) for item in reader.names(got["shows"][1] if "shows" in got else None, f"`shows` of {what}")
    ]
    columns = {name: reader.text(got, name) for name in ("date", "source column", "plover", "cameo")}
    said = str(Path(file).parent / reader.text(got, "file"))
    sha256 = sheet.sha256
    if read:
        for item, name in [*shows, *((got[k][1], name) for k, name in columns.items() if name)]:
            if name not in sheet.columns:
                near = nearest(name, sheet.columns)
                fix = "" if near else f"Name one of {shown(', '.join(sheet.columns), 200)}."
                reader.report("E513", f"{what} has no column `{shown(name)}`", item.where, nearest=near, fix=fix)
        _days(reader, what, sheet, columns["date"], said)
        sheet = _coded(reader, what, sheet, columns, said)
    return Table(
        name=key.text, file=reader.text(got, "file"), date=columns["date"], shows=tuple(name for _, name in shows),
        source=reader.text(got, "source"), source_column=columns["source column"],
        unchecked=texts(reader, got["unchecked"][1], f"`unchecked` of {what}") if "unchecked" in got else (),
        scope=reader.text(got, "scope"), plover=columns["plover"], cameo=columns["cameo"], read=read, sha256=sha256,
        sheet=sheet, note=reader.text(got, "note"), where=key.where,
    )  # fmt: skip


def _days(reader: Reader, what: str, sheet: Sheet, column: str, said: str) -> None:
    """Every row has a day in the column of days, or none."""
    if column not in sheet.at:
        return
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        cell = row[sheet.at[column]]
        if cell and not is_day(cell):
            text = f"{what}: `{shown(cell, 30)}` in its column of days, `{column}`, is no day such as 2019-10-02"
            reader.report("E514", text, Where(said, line, 1))
            return


def _coded(reader: Reader, what: str, sheet: Sheet, columns: dict[str, str], said: str) -> Sheet:
    """The sheet with the columns `plover` and `cameo_root`, where its codes tell them and it has none of that name."""
    events: list[str] = []
    numbers: list[str] = []
    if columns["plover"] in sheet.at:
        events = _vocabulary(reader, what, sheet, columns["plover"], said, "PLOVER event", codebook.event)
    if columns["cameo"] in sheet.at:
        numbers = _vocabulary(reader, what, sheet, columns["cameo"], said, "CAMEO code", codebook.code)
        events = events or [codebook.event_of(number) for number in numbers]
    for name, cells in ((codebook.PLOVER, events), (codebook.ROOT, [number[:2] for number in numbers])):
        if cells and name not in sheet.at:
            sheet = with_column(sheet, name, cells)
    return replace(sheet, coded=(*sheet.added, *(c for c in (columns["plover"], columns["cameo"]) if c in sheet.at)))


def _vocabulary(
    reader: Reader, what: str, sheet: Sheet, column: str, said: str, kind: str, known: Callable[[str], str]
) -> list[str]:
    """The cells of a column of codes, each as the vocabulary writes it; the first that is none is reported."""
    found, told = [], False
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        cell = row[sheet.at[column]]
        found.append(known(cell) if cell else "")
        if cell and not found[-1] and not told:
            told = True
            near = nearest(cell.upper(), codebook.events()) if kind == "PLOVER event" else ""
            text = f"{what}: `{shown(cell, 30)}` in its column `{column}` is no {kind}"
            reader.report("E516", text, Where(said, line, 1), nearest=near, fix="" if near else codebook.listed(kind))
    return found


def mechanisms(reader: Reader, node: Tree | None) -> tuple[Mechanism, ...]:
    """The mechanisms."""
    found: list[Mechanism] = []
    for key, value in reader.entries(node, "mechanisms"):
        what = f"the mechanism `{key.text}`"
        got = reader.fields(value, "mechanism", what)
        listed = reader.names(got["carried by"][1] if "carried by" in got else None, f"`carried by` of {what}")
        if "carried by" in got and not listed and got["carried by"][1].empty:
            reader.report("S308", f"`carried by` of {what} is empty: name what carries it", got["carried by"][1].where)
        found.append(
            Mechanism(
                name=key.text, part=reader.text(got, "part"), simplified=reader.text(got, "simplified"),
                carried_by=tuple(Carrier(name=item.text, where=item.where) for item in listed),
                note=reader.text(got, "note"), where=key.where,
            )
        )  # fmt: skip
    return tuple(found)
