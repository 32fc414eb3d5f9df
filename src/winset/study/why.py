"""What an answer turns on, in one sentence made from the numbers, with those numbers beside it.

A formula is explained by its deciding comparison; a comparison, where its sides are sums of figures of one kind, by
the parts in which the two sides differ. All of it is of one equilibrium, the principal one, which it names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from winset.base.errors import WinsetError
from winset.base.plain import plain
from winset.language.formula import Apply, Formula, Near, Operation, Plain, Probability, Sign, parse_formula
from winset.study.answer import Answer
from winset.study.arithmetic import Judgement, Quantity
from winset.study.asking import is_comparison, unit_of
from winset.study.context import Context, Part, leaves
from winset.study.explanation_data import ExplanationData, PartOf, WitnessData
from winset.study.gains import Gains
from winset.study.pieces import Parts, Piece, Pieces
from winset.study.why_words import (
    AT_START,
    BAR,
    Effects,
    choice_sentence,
    difference_sentence,
    evidence_sentence,
    forecast_sentence,
    payoff_sentence,
    sides_sentence,
    verdict_words,
)  # fmt: skip
from winset.study.wording import show_formula


@dataclass(frozen=True)
class Term:
    """A leaf of a sum with its factor."""

    factor: float
    leaf: Any
    context: Context


@dataclass(frozen=True)
class Sum:
    """A formula as a sum of leaves and a number."""

    terms: tuple[Term, ...]
    constant: float

    def times(self, factor: float) -> Sum:
        """So many times the sum."""
        return Sum(tuple(replace(t, factor=factor * t.factor) for t in self.terms), factor * self.constant)

    def plus(self, other: Sum) -> Sum:
        """The sum of two."""
        return Sum(self.terms + other.terms, self.constant + other.constant)


def explained(pieces: Pieces, formula: str, got: Answer, effects: Effects | None = None) -> ExplanationData | None:
    """What the answer to a formula turns on; None where it has no value.

    Args:
        pieces: the pieces of the study that gave the answer.
        formula: as asked.
        got: its answer.
        effects: the same question in variants that were solved in any case, to say which moves it most.
    """
    if got.value is None and not got.parts:
        return None
    tree: Formula = parse_formula(formula)
    home = Context(variant=pieces.asker.study.base)
    explanation = _judged(pieces, tree, home, got) if got.unit == "truth" else _number(pieces, tree, home, got, effects)
    if explanation is None:
        explanation = _empty(sides_sentence(got) or "it asks nothing of the game", pieces)
    return explanation


def _empty(sentence: str, pieces: Pieces) -> ExplanationData:
    study = pieces.asker.study
    return ExplanationData(
        sentence=sentence, kind="none", about="", total=None, parts=[], dates=[], evidence=[],
        equilibrium=_equilibrium(pieces), grid=study.settings.inner(study.scenario), witness=None,
    )  # fmt: skip


def _equilibrium(pieces: Pieces) -> str:
    study = pieces.asker.study
    count = study.count()
    name = "the principal equilibrium"
    return name if count == 1 else f"{name}, one of {count} found"


def _number(pieces: Pieces, tree: Formula, home: Context, got: Answer, effects: Effects | None
            ) -> ExplanationData | None:  # fmt: skip
    whole = _sum(pieces, tree, home)
    if whole is None or not isinstance(got.value, float):
        return None
    if len(whole.terms) == 1 and whole.terms[0].factor == 1.0 and whole.constant == 0.0:
        term = whole.terms[0]
        piece = pieces.of(term.leaf, term.context)
        return None if piece is None else _single(pieces, piece, got.value, effects or {})
    found = _pieces(pieces, whole)
    if found is None:
        return None
    unit = "probability" if all(unit_of(t.leaf) == "probability" for t in whole.terms) else "number"
    return _together(pieces, whole, found, lambda parts, dates: difference_sentence(got.value, unit, parts, dates))


def _single(pieces: Pieces, piece: Piece, value: float, effects: Effects) -> ExplanationData:
    """One leaf."""
    out = _empty("", pieces)
    out["grid"] = piece.grid
    if piece.gains is not None:
        chance = isinstance(piece.leaf, Probability)
        _fill(out, "forecast" if chance else "number", *_from_gains([(1.0, piece)]))
        out["witness"] = piece.witness
        out["sentence"] = forecast_sentence(value, chance, out["parts"], out["dates"], effects)
    elif piece.payoff is not None:
        _fill(out, "value", *_from_parts(piece.payoff))
        out["sentence"] = payoff_sentence(piece.leaf, value, out["parts"], out["dates"])
    elif piece.choice is not None:
        _fill(out, "strategy", *_from_parts(piece.choice.gain))
        out["sentence"] = choice_sentence(piece.choice, piece.leaf)
    else:
        out["kind"], out["evidence"] = "belief", piece.evidence
        out["sentence"] = evidence_sentence(piece.leaf, value, piece.evidence)
    out["about"] = Part(piece.leaf, piece.context, Quantity.exact(value)).formula
    if piece.choice is not None:
        out["about"] = f"payoff of {piece.choice.action} less that of {piece.choice.other}"
    return out


def _fill(out: ExplanationData, kind: str, total: float, parts: list[PartOf], dates: list[PartOf]) -> None:
    out["kind"], out["total"], out["parts"], out["dates"] = kind, total, parts, dates


def _from_gains(found: list[tuple[float, Piece]]) -> tuple[float, list[PartOf], list[PartOf]]:
    """A sum of gains: the total, the parts by step, and by date."""
    whole = Gains(start=0.0, steps={})
    names: dict[int, str] = {}
    for factor, piece in found:
        assert piece.gains is not None
        whole = whole.plus(piece.gains.scaled(factor))
        names |= piece.dates
    steps = whole.by_step() | ({AT_START: whole.start} if whole.start else {})
    dates = [PartOf(name=names[n], value=v) for n, v in whole.by_round().items()]
    if whole.start:
        dates.insert(0, PartOf(name=AT_START, value=whole.start))
    return whole.total, _ordered(steps), dates


def _from_parts(parts: Parts) -> tuple[float, list[PartOf], list[PartOf]]:
    dates = [PartOf(name=n, value=v) for n, v in parts.by_date().items() if v]
    return parts.total, _ordered(parts.by_label()), dates


def _ordered(parts: dict[str, float]) -> list[PartOf]:
    """The largest first; what is exactly nothing left out."""
    kept = sorted(((n, v) for n, v in parts.items() if v), key=lambda item: (-abs(item[1]), item[0]))
    return [PartOf(name=n, value=v) for n, v in kept]


def _pieces(pieces: Pieces, whole: Sum) -> list[tuple[float, Piece]] | None:
    """The piece of every term; None where one is missing."""
    found = [(t.factor, pieces.of(t.leaf, t.context)) for t in whole.terms]
    if not found or any(p is None for _, p in found):
        return None
    return [(f, p) for f, p in found if p is not None]


Say = Callable[[list[PartOf], list[PartOf]], str]


def _together(pieces: Pieces, whole: Sum, found: list[tuple[float, Piece]], say: Say) -> ExplanationData | None:
    """A sum of leaves of one kind, by parts."""
    out = _empty("", pieces)
    out["grid"] = found[0][1].grid
    out["about"] = "the left side less the right side"
    if all(p.gains is not None for _, p in found):
        _fill(out, "comparison", *_from_gains(found))
        out["witness"] = _of_the_larger(found)
    elif all(p.payoff is not None for _, p in found):
        _fill(out, "comparison", *_from_parts(_summed([(f, p.payoff) for f, p in found])))
    elif len(found) == 1 and found[0][1].choice is not None:
        single = _single(pieces, found[0][1], found[0][1].choice.chance, {})
        return single
    elif all(p.choice is not None for _, p in found) and len(found) == 2:
        return _two_choices(out, found)
    else:
        told = next((p for _, p in found if p.evidence), None)
        if told is None:
            return None
        out["kind"], out["evidence"], out["about"] = "belief", told.evidence, ""
        out["sentence"] = evidence_sentence(told.leaf, told.evidence[-1]["after"], told.evidence)
        return out
    if whole.constant and out["total"] is not None:
        bar = PartOf(name=BAR, value=whole.constant)
        out["parts"], out["total"] = [*out["parts"], bar], out["total"] + whole.constant
        out["dates"] = [*out["dates"], bar]
    out["sentence"] = say(out["parts"], out["dates"])
    return out


def _summed(found: list[tuple[float, Parts | None]]) -> Parts:
    whole = Parts(labels=(), dates=(), table=np.zeros((0, 0)))
    for factor, part in found:
        assert part is not None
        whole = whole.plus(part, factor)
    return whole


def _two_choices(out: ExplanationData, found: list[tuple[float, Piece]]) -> ExplanationData:
    """Two strategies: each choice with what it gains, and by which parts of the payoff the gains differ."""
    first, second = (p.choice for _, p in found)
    assert first is not None and second is not None
    out["sentence"] = "; ".join(
        choice_sentence(p.choice, p.leaf, where=p.context.variant) for _, p in found if p.choice is not None
    )
    if (first.action, first.other) == (second.action, second.other):
        _fill(out, "strategy", *_from_parts(first.gain.plus(second.gain, -1.0)))
        out["about"] = f"gain of {first.action} over {first.other} on the left less that on the right"
        if out["parts"]:
            out["sentence"] += f"; the two gains differ most by {out['parts'][0]['name']}"
    out["kind"] = "strategy"
    return out


def _of_the_larger(found: list[tuple[float, Piece]]) -> WitnessData | None:
    """The witness of the side on which the event is likelier; none where the sides are not single events."""
    known = [p for _, p in found if p.witness is not None and p.gains is not None]
    if len(known) != len(found) or len(found) > 2:
        return None
    return max(known, key=lambda p: p.gains.total if p.gains else 0.0).witness


def _judged(pieces: Pieces, tree: Formula, home: Context, got: Answer) -> ExplanationData | None:
    """A judgement: its deciding comparison."""
    one, judgement = _deciding(pieces, tree, home, got.value)
    if one is None or judgement is None:
        return None
    sides = (one.left, one.right)
    left, right = (_sum(pieces, s, home) for s in sides)
    if left is None or right is None:
        return None
    whole = left.plus(right.times(-1.0))
    found = _pieces(pieces, whole)
    if found is None:
        return None
    unit = "probability" if all(unit_of(t.leaf) == "probability" for t in whole.terms) else "number"

    def say(parts: list[PartOf], dates: list[PartOf]) -> str:
        return difference_sentence(judgement.effect, unit, parts, dates)

    out = _together(pieces, whole, found, say)
    if out is not None:
        out["sentence"] = _verdict(got, judgement, unit, out["sentence"], one, tree)
    return out


def _verdict(got: Answer, judgement: Judgement, unit: str, sentence: str, one: Any, tree: Formula) -> str:
    said = verdict_words(got, judgement, unit, isinstance(one, Near))
    if one is not tree:
        said += f" (it turns on {_compared(one)})"
    return f"{said}: {sentence}" if sentence else said


def _compared(one: Any) -> str:
    """A comparison in words; the formula where a side has none."""
    sides = [plain(show_formula(s)) or (show_formula(s) if isinstance(s, Plain) else "") for s in (one.left, one.right)]
    return f"{sides[0]}, against {sides[1]}" if all(sides) else show_formula(one)


def _deciding(pieces: Pieces, tree: Formula, home: Context, value: Any) -> tuple[Any, Judgement | None]:
    """The comparison on which a judgement turns, with what it gave; of several, the one with the least to spare."""
    if is_comparison(tree):
        judgement = _asked(pieces, tree)
        return tree, judgement
    if isinstance(tree, Sign) and tree.op == "not":
        return _deciding(pieces, tree.operand, home, None if value is None else not value)
    if not (isinstance(tree, Operation) and tree.op in ("and", "or")):
        return None, None
    options: list[tuple[float, int, Any, Judgement]] = []
    for side in (tree.left, tree.right):
        part = _asked(pieces, side)
        if part is None or part.value is not value:
            continue
        one, judgement = _deciding(pieces, side, home, value)
        if one is not None and judgement is not None and judgement.effect is not None:
            spare = abs(judgement.effect)
            if isinstance(one, Near) and judgement.margin is not None:
                spare = abs(judgement.margin - spare)
            options.append((spare, len(options), one, judgement))
    return min(options, key=lambda o: o[:2])[2:] if options else (None, None)


def _asked(pieces: Pieces, tree: Formula) -> Judgement | None:
    try:
        got = pieces.asker.ask(tree)
    except WinsetError:
        return None
    return got if isinstance(got, Judgement) else None


def _sum(pieces: Pieces, tree: Any, context: Context) -> Sum | None:
    """A formula as a sum of leaves times numbers; None where it is no such sum."""
    if isinstance(tree, Plain):
        got = pieces.asker.plain(tree.value, context)
        return Sum((), got.value) if isinstance(got, Quantity) else None
    if isinstance(tree, Sign) and tree.op == "-":
        inner = _sum(pieces, tree.operand, context)
        return None if inner is None else inner.times(-1.0)
    if isinstance(tree, Operation) and tree.op in ("+", "-", "*", "/"):
        left, right = _sum(pieces, tree.left, context), _sum(pieces, tree.right, context)
        if left is None or right is None:
            return None
        if tree.op in ("+", "-"):
            return left.plus(right if tree.op == "+" else right.times(-1.0))
        if tree.op == "*" and not (left.terms and right.terms):
            return right.times(left.constant) if not left.terms else left.times(right.constant)
        if tree.op == "/" and not right.terms and right.constant:
            return left.times(1.0 / right.constant)
        return None
    if isinstance(tree, Operation | Apply | Near | Sign):
        if any(True for _ in leaves(tree, context, {})):
            return None
        got = pieces.asker.value(tree, context)
        return Sum((), got.value) if isinstance(got, Quantity) else None
    found = list(leaves(tree, context, {}))
    inside = tree
    while hasattr(inside, "formula"):
        inside = inside.formula
    if len(found) == 1 and found[0][0] is inside:
        return Sum((Term(1.0, *found[0]),), 0.0)
    if hasattr(tree, "formula"):  # a sum inside `in`, `after` or `from`
        bare = _sum(pieces, inside, context)
        if bare is None:
            return None
        return Sum(tuple(Term(t.factor, *p) for t, p in zip(bare.terms, found, strict=True)), bare.constant)
    return None


__all__ = ["explained"]
