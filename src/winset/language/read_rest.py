"""Reading what stands around the game: clock, settings, variants, questions, claims, record."""

from __future__ import annotations

import datetime as dt
import re

from winset.base.diagnostics import NOWHERE
from winset.language import clock as time
from winset.language.document import Tree
from winset.language.expr import Expr, Number
from winset.language.given import FINEST
from winset.language.lexer import shown
from winset.language.read_game import Got, shares, start_of
from winset.language.reader import Reader
from winset.language.scenario import Claim, Clock, Definition, Observation, Question, Settings, Value, Variable, Variant

MOST_ROUNDS = 10_000


def day(reader: Reader, node: Tree, what: str, *, last: bool = False) -> dt.date | None:
    """A date."""
    if node.kind == "scalar":
        try:
            return time.parse_date(node.text, last=last)
        except ValueError:
            pass
    text = f"{what} must be a date such as 2019-10 or 2019-10-02, not `{shown(node.text)}`"
    shaped = node.kind == "scalar" and re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", node.text)
    fix = "Correct the month or the day: the calendar has none such." if shaped else ""
    reader.report("T701", text, node.where, fix=fix)
    return None


def _dated(node: Tree) -> bool:
    """Whether a scalar is a full date or a month."""
    try:
        return node.kind == "scalar" and "-" in node.text and bool(time.parse_date(node.text))
    except ValueError:
        return False


def dates(reader: Reader, node: Tree | None, stand_in: dt.date = dt.date.min) -> tuple[tuple[str, dt.date], ...]:
    """Named dates; one that cannot be read keeps its name, so that nothing else is said to be unknown."""
    found = [(key.text, day(reader, value, f"the date `{key.text}`")) for key, value in reader.entries(node, "dates")]
    return tuple((name, date or stand_in) for name, date in found)


def clock(reader: Reader, pair: tuple[Tree, Tree] | None) -> Clock:
    """The clock."""
    if pair is None or pair[1].kind != "map":
        if pair is not None and pair[1].empty:
            reader.report("T703", "the clock says neither `rounds` nor `from` and `to`", pair[1].where)
        return Clock(rounds=1)
    node = pair[1]
    hints = {key.text: f"Write `dates: {{{key.text}: {value.text}}}`." for key, value in node.entries if _dated(value)}
    got = reader.fields(node, "clock", "the clock", hints=hints)
    if "from" not in got:
        named = dates(reader, _value(got, "dates"))
        for key in ("to", "round", "dates"):
            if key in got:
                reader.report("T702", f"the clock has `{key}` but no `from`", got[key][0].where)
        if "rounds" not in got:
            reader.report("T703", "the clock says neither `rounds` nor `from` and `to`", node.where)
        return Clock(rounds=_rounds(reader, got), dates=named, where=node.where)
    unit = reader.text(got, "round", "month")
    start = day(reader, got["from"][1], "`from`") or dt.date(2000, 1, 1)
    named = dates(reader, _value(got, "dates"), start)
    if unit not in time.UNITS:
        unit = "month"
    timed = Clock(rounds=1, unit=unit, start=start, dates=named, where=node.where)  # type: ignore[arg-type]
    if "to" in got and "rounds" in got:
        reader.report("T703", "the clock says both `to` and `rounds`", got["rounds"][0].where)
    rounds = _rounds(reader, got) if "rounds" in got else 1
    if "to" in got:
        end = day(reader, got["to"][1], "`to`", last=True)
        if end is not None:
            rounds = time.round_of(timed, end)
            if end < start or rounds < 1:
                reader.report(
                    "T706", f"the clock ends ({got['to'][1].text}) before it begins ({got['from'][1].text})",
                    got["to"][1].where, conflicts_with=got["from"][1].where,
                )  # fmt: skip
            elif rounds > MOST_ROUNDS:
                reader.report("U302", f"the clock has {rounds:,} rounds; {MOST_ROUNDS:,} are possible", node.where)
    elif "rounds" not in got:
        reader.report("T703", "the clock says neither `to` nor `rounds`", node.where)
    elif rounds is not None and not time.reaches(timed, rounds):
        reader.report("T713", f"round {rounds:,} lies beyond the year 9999", got["rounds"][1].where)
    return Clock(
        rounds=None if rounds is None else max(1, min(rounds, MOST_ROUNDS)), unit=unit, start=start,  # type: ignore[arg-type]
        dates=named, where=node.where,
    )  # fmt: skip


def _rounds(reader: Reader, got: Got) -> int | None:
    if "rounds" not in got:
        return 1
    if got["rounds"][1].text == "infinite":
        return None
    return reader.whole(got["rounds"][1], "`rounds`", 1, MOST_ROUNDS, 1)


def solution(reader: Reader, pair: tuple[Tree, Tree] | None) -> tuple[Settings, Expr]:
    """The settings and the precision of every player that states none."""
    got = reader.fields(pair[1], "solution", "`solution`") if pair is not None else {}
    precision: Expr = Number(10.0)
    if "precision" in got:
        precision = reader.expression(got["precision"][1], "solution.precision", "the precision")
    grid = reader.whole(got["grid"][1], "`grid`", 1, FINEST, 15) if "grid" in got else 15
    span = reader.number(got["span"][1], "`span`") if "span" in got else 6.0
    if span is not None and not 0 < span <= 30:
        reader.report("U302", f"`span` lies above 0 and up to 30, not {span:g}", got["span"][1].where)
    shocks = reader.text(got, "shocks", "excluded")
    return Settings(
        shocks="included" if shocks == "included" else "excluded", grid=grid, span=span or 6.0,
        note=reader.text(got, "note"), where=pair[1].where if pair else NOWHERE,
    ), precision  # fmt: skip


def definitions(reader: Reader, node: Tree | None) -> tuple[Definition, ...]:
    """The definitions."""
    return tuple(
        Definition(
            name=key.text, value=reader.expression(value, f"define.{key.text}", f"`{key.text}`"), where=key.where
        )
        for key, value in reader.entries(node, "define")
    )


def texts(reader: Reader, node: Tree | None, what: str) -> tuple[tuple[str, str], ...]:
    """Keys with texts."""
    found: list[tuple[str, str]] = []
    for key, value in reader.entries(node, what, named=False):
        if value.kind != "scalar" or value.empty:
            reader.report("S303", f"`{shown(key.text)}` in {what} must be a text", value.where)
        else:
            found.append((key.text, value.text.strip()))
    return tuple(found)


def record(reader: Reader, node: Tree | None) -> tuple[Observation, ...]:
    """The record."""
    found: list[Observation] = []
    for item in reader.items(node):
        got = reader.fields(item, "observation", "a row of the record")
        date = day(reader, got["date"][1], "the date of a row of the record") if "date" in got else None
        if date is not None and "player" in got and "action" in got:
            found.append(
                Observation(
                    date=date,
                    player=reader.text(got, "player"),
                    action=reader.text(got, "action"),
                    source=reader.text(got, "source"),
                    note=reader.text(got, "note"),
                    where=item.where,
                )
            )
    return tuple(found)


def variants(reader: Reader, node: Tree | None, state: tuple[Variable, ...]) -> tuple[Variant, ...]:
    """The variants."""
    return tuple(_variant(reader, key, value, state) for key, value in reader.entries(node, "variants"))


def _variant(reader: Reader, key: Tree, value: Tree, state: tuple[Variable, ...]) -> Variant:
    what, path = f"the variant `{key.text}`", f"variants.{key.text}"
    hints = {name: f"Write `parameters: {{{name}: …}}`." for name in reader.parameters}
    hints |= {v.name: f"Write `start: {{{v.name}: …}}`." for v in state}
    got = reader.fields(value, "variant", what, hints=hints)
    variables = {v.name: v for v in state}
    start: list[tuple[str, tuple[tuple[Value, Expr], ...]]] = []
    for name, given in reader.entries(got["start"][1] if "start" in got else None, f"the start of {what}"):
        known = variables.get(name.text)
        if known is None:
            text = f"{what} starts `{name.text}`, which is no state variable"
            reader.report("N114", text, name.where, nearest=_near(name.text, list(variables)))
        else:
            below = f"{path}.start.{name.text}"
            values = start_of(reader, given, known.kind, known.values, below, f"the variable `{name.text}`")
            if values:
                start.append((name.text, values))
    numbers: list[tuple[str, float]] = []
    given_numbers = got["parameters"][1] if "parameters" in got else None
    for name, given in reader.entries(given_numbers, f"the parameters of {what}", named=False):
        number = reader.number(given, f"the parameter `{name.text}` in {what}")
        if name.text not in reader.parameters:
            text = f"{what} sets `{shown(name.text)}`, which is no parameter"
            reader.report("N115", text, name.where, nearest=_near(name.text, list(reader.parameters)))
        elif number is not None:
            numbers.append((name.text, number))
    prior: list[tuple[str, tuple[tuple[str, Expr], ...]]] = []
    for name, given in reader.entries(got["prior"][1] if "prior" in got else None, f"the prior of {what}"):
        listed = shares(reader, given, f"{path}.prior.{name.text}", f"the prior of `{name.text}`")
        prior.append((name.text, tuple((kind.text, tree) for kind, tree in listed)))
    return Variant(
        name=key.text, based_on=reader.text(got, "based on"), start=tuple(start), parameters=tuple(numbers),
        prior=tuple(prior), without=_words(reader, got, "without", what), dates=dates(reader, _value(got, "dates")),
        switches_off=_words(reader, got, "switches off", what),
        switches_on=_words(reader, got, "switches on", what),
        begins=day(reader, got["from"][1], f"`from` of {what}") if "from" in got else None,
        perceives=texts(reader, _value(got, "perceives"), f"`perceives` of {what}"),
        aware=_words(reader, got, "aware", what), note=reader.text(got, "note"), where=key.where,
    )  # fmt: skip


def _near(name: str, known: list[str]) -> str:
    from winset.language.reader import nearest

    return nearest(name, known)


def _value(got: Got, key: str) -> Tree | None:
    return got[key][1] if key in got else None


def _words(reader: Reader, got: Got, key: str, what: str) -> tuple[str, ...]:
    return tuple(node.text for node in reader.names(_value(got, key), f"`{key}` of {what}"))


def questions(reader: Reader, node: Tree | None) -> tuple[tuple[Question, ...], dict[str, Tree]]:
    """The questions, and the text of each formula by the question's name."""
    found: list[Question] = []
    formulas: dict[str, Tree] = {}
    for key, value in reader.entries(node, "questions"):
        if value.kind == "scalar":
            if value.empty:
                reader.report("S308", f"the question `{key.text}` is empty", value.where)
                continue
            formulas[key.text] = value
            found.append(Question(name=key.text, formula=value.text, where=key.where))
            continue
        got = reader.fields(value, "question", f"the question `{key.text}`")
        if "ask" in got and got["ask"][1].kind == "scalar":
            formulas[key.text] = got["ask"][1]
            found.append(
                Question(
                    name=key.text,
                    formula=got["ask"][1].text,
                    headline=reader.text(got, "headline") == "true",
                    note=reader.text(got, "note"),
                    where=key.where,
                )
            )
    return tuple(found), formulas


def claims(reader: Reader, node: Tree | None) -> tuple[tuple[Claim, ...], dict[str, Tree]]:
    """The claims, and the text of each formula by the claim's name."""
    found: list[Claim] = []
    formulas: dict[str, Tree] = {}
    for key, value in reader.entries(node, "claims"):
        if value.kind != "map":
            fix = f"Write `{key.text}: {{quote: …, by: …, kind: result, holds if: …}}`."
            reader.report("S301", f"the claim `{key.text}` must be a mapping of keys", value.where, fix=fix)
            continue
        got = reader.fields(value, "claim", f"the claim `{key.text}`")
        formula, reason = reader.text(got, "holds if"), reader.text(got, "reason")
        if formula:
            formulas[key.text] = got["holds if"][1]
        if not formula and not reason:
            reader.report("C403", f"the claim `{key.text}` has neither a formula nor a reason why not", key.where)
        words = len(reader.text(got, "quote").split())
        if words > 15:
            reader.report("C404", f"the quote of `{key.text}` has {words} words; 15 are allowed", got["quote"][1].where)
        kind = reader.text(got, "kind", "fact")
        found.append(
            Claim(
                name=key.text,
                quote=reader.text(got, "quote"),
                by=reader.text(got, "by"),
                kind=kind,  # type: ignore[arg-type]
                holds_if=formula,
                reason=reason,
                source=reader.text(got, "source"),
                number=reader.whole(got["number"][1], f"`number` of `{key.text}`", 1, 9999, 0)
                if "number" in got
                else 0,
                note=reader.text(got, "note"),
                where=key.where,
            )
        )
    return tuple(found), formulas
