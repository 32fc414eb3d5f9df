"""Reading which events are forecast from dates of the past, and by which rows it is settled whether they happened."""

from __future__ import annotations

import datetime as dt

from winset.base.errors import ScenarioError
from winset.language.document import Tree
from winset.language.read_game import Got
from winset.language.read_rest import day
from winset.language.reader import Reader
from winset.language.row_parser import parse_rows
from winset.language.rows import Rows
from winset.language.rules.catalogue import complete
from winset.language.weighed import HindcastEvent, PublicQuestion


def hindcast(reader: Reader, node: Tree | None) -> tuple[tuple[HindcastEvent, ...], dict[str, Tree]]:
    """The events, and the text of each one's formula by its name."""
    found: list[HindcastEvent] = []
    formulas: dict[str, Tree] = {}
    for key, value in reader.entries(node, "hindcast"):
        what = f"the event `{key.text}`"
        got = reader.fields(value, "hindcast", what)
        asked = got["ask"][1] if "ask" in got else None
        if asked is not None and asked.kind == "scalar" and not asked.empty:
            formulas[key.text] = asked
        found.append(
            HindcastEvent(
                name=key.text, formula=reader.text(got, "ask"), by=_deadlines(reader, got, what),
                happened=_rows(reader, got, what), again=reader.text(got, "again") == "true",
                covered_from=_day(reader, got, "covered from", what),
                covered_to=_day(reader, got, "covered to", what, last=True),
                public=_public(reader, got, what), note=reader.text(got, "note"), where=key.where,
            )
        )  # fmt: skip
    return tuple(found), formulas


def _deadlines(reader: Reader, got: Got, what: str) -> tuple[dt.date, ...]:
    """The deadlines in order; a month or a year means its last day."""
    nodes = reader.names(got["by"][1] if "by" in got else None, f"`by` of {what}")
    if "by" in got and not nodes and got["by"][1].kind != "map":
        reader.report("S308", f"`by` of {what} is empty: name a deadline", got["by"][1].where)
    days = [day(reader, node, f"a deadline of {what}", last=True) for node in nodes]
    return tuple(sorted({d for d in days if d is not None}))


def _rows(reader: Reader, got: Got, what: str) -> tuple[Rows, ...]:
    """The rows that settle it: one text, or a list of which any row counts."""
    found: list[Rows] = []
    for node in reader.names(got["happened"][1] if "happened" in got else None, f"`happened` of {what}"):
        if node.empty:
            reader.report("S308", f"`happened` of {what} is empty: name a table", node.where)
            continue
        try:
            found.append(parse_rows(node.raw, node.where))
        except ScenarioError as error:
            reader.found.extend(complete(d) for d in error.diagnostics)
    return tuple(found)


def _public(reader: Reader, got: Got, what: str) -> tuple[PublicQuestion, ...]:
    """The public questions about it."""
    found: list[PublicQuestion] = []
    for key, opposite in (("public", False), ("public against", True)):
        for name, node in reader.entries(got[key][1] if key in got else None, f"`{key}` of {what}", named=False):
            deadline = day(reader, node, f"the deadline of `{name.text}`", last=True)
            if deadline is not None:
                found.append(PublicQuestion(question=name.text, deadline=deadline, opposite=opposite, where=name.where))
    return tuple(found)


def _day(reader: Reader, got: Got, key: str, what: str, *, last: bool = False) -> dt.date | None:
    return day(reader, got[key][1], f"`{key}` of {what}", last=last) if key in got else None
