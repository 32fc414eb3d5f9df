"""A difference between two scenarios as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from winset.base import words
from winset.base.columns import columns, wrapped
from winset.study.diff import AnswerChange, Diff, InputChange, VerdictChange

Paint = Callable[[str, str], str]
SIGNS = {"changed": "~", "added": "+", "removed": "-"}
ARROW = "→"
ROOM = 72
"""Columns from which the numerical error has room beside a change."""


def lines(found: Diff, width: int, paint: Paint) -> list[str]:
    """Inputs, answers and verdicts, within a width."""
    out = wrapped(f"old: {found.old}", width) + wrapped(f"new: {found.new}", width)
    for name in found.stacked:
        out += wrapped(f"variants that questions and claims name are read on top of {name}", width)
    out += ["", *_inputs(found.inputs, width, paint)]
    if found.inputs_only:
        return out
    out += ["", *_answers(found.answers, width, paint), "", *_verdicts(found, width, paint)]
    return out


def _inputs(changed: tuple[InputChange, ...], width: int, paint: Paint) -> Iterator[str]:
    if not changed:
        yield f"{paint('Inputs', 'bold')}: no difference"
        return
    yield f"{paint('Inputs', 'bold')}: {words.plural(len(changed), 'difference')}"
    for section, group in groupby(changed, key=lambda c: c.section):
        yield f"  {section}"
        for one in group:
            yield from wrapped(_input(one), width, f"    {SIGNS[one.kind]} ", "        ")


def _input(one: InputChange) -> str:
    if one.kind == "changed":
        return f"{one.name}: {one.old} {ARROW} {one.new}"
    near = f" (most like {one.nearest}, {'added' if one.kind == 'removed' else 'removed'})" if one.nearest else ""
    text = one.old or one.new
    return f"{one.name}{near}" + (f": {text}" if text else "")


def _answers(answers: tuple[AnswerChange, ...], width: int, paint: Paint) -> Iterator[str]:
    yield paint("Answers", "bold")
    if not answers:
        yield "  no questions"
        return
    room = width >= ROOM
    rows = [("old", "new", "change ± error" if room and any(a.error_told for a in answers) else "change", "question")]
    rows += [(a.old or words.UNKNOWN, a.new or words.UNKNOWN, _change(a, room), _title(a)) for a in answers]
    headed = {0} | {i + 1 for i, a in enumerate(answers) if a.told in ("", "same") and not a.note}
    yield from columns(
        rows,
        width=width,
        wide=3,
        right=(0, 1, 2),
        style=lambda text, row: paint(text, "dim") if row in headed else text,
    )


def _change(answer: AnswerChange, room: bool) -> str:
    """`+1.7 ±0.2 points`; in brackets where it is within error."""
    told, error = answer.told, answer.error_told.removesuffix(" points")
    if error and room:
        figure, unit = told.removesuffix(" points"), " points" if told.endswith(" points") else ""
        told = f"{figure} ±{error}{unit}"
    return f"({told})" if answer.within_error else told


def _title(answer: AnswerChange) -> str:
    said = answer.title
    if answer.old_word and answer.new_word and answer.old_word != answer.new_word:
        said += f": {answer.old_word} {ARROW} {answer.new_word}"
    if answer.within_error:
        said += "; within numerical error"
    return said + (f"; {answer.note}" if answer.note else "")


def _verdicts(found: Diff, width: int, paint: Paint) -> Iterator[str]:
    changed = [v for v in found.verdicts if v.old and v.new]
    apart = f", {len(found.not_compared)} not compared" if found.not_compared else ""
    yield f"{paint('Verdicts', 'bold')}: {len(changed)} of {words.plural(found.claims, 'claim')} changed{apart}"
    for one in found.verdicts:
        yield from wrapped(f"{_verdict(one)}  “{one.quote}”", width, "  ", "      ")
        for when, why in (("old", one.old_why), ("new", one.new_why)):
            if why:
                for line in wrapped(f"{when}: {why}", width, "      ", "           "):
                    yield paint(line, "dim")
        if one.note:
            yield from wrapped(one.note, width, "      ")

    for other in found.not_compared:
        yield from wrapped(f"{other.name}: not compared  “{other.quote}”", width, "  ", "      ")
        for line in wrapped(other.why, width, "      "):
            yield paint(line, "dim")


def _verdict(one: VerdictChange) -> str:
    if not one.old or not one.new:
        return f"{one.name}: {one.old or one.new}, in the {'old' if one.old else 'new'} one only"
    return f"{one.name}: {one.old} {ARROW} {one.new}"
