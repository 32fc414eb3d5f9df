"""Competing hypotheses weighed by the same record: Heuer's matrix, its cells computed (Heuer 1999, chapter 8).

Of a sighting and a hypothesis the cell holds the likelihood ratio

    P(sighting | record before, hypothesis) / P(sighting | record before, one of the others)

the others being mixed as the record before weighs them. So the product of a column is the Bayes factor of its
hypothesis against the others together. The symbol goes by the size of the ratio, at the cuts of Kass and Raftery
(1995): CC from 20, C from 3, N between, I up to 1/3, II up to 1/20.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from winset.base import words
from winset.language.clock import label as round_label
from winset.language.scenario import Clock
from winset.language.weighed import Hypotheses
from winset.learn.filter import Followed, Step
from winset.learn.sighting import Observations
from winset.study.following.data import Cell, Entry, Matrix, MatrixRow
from winset.study.following.waterfalls import finite, label
from winset.study.solved import Solved, Study

STRONG, POSITIVE = 20.0, 3.0
"""Kass and Raftery's cuts: a Bayes factor below 3 is not worth more than a bare mention, one above 20 is strong."""
NEUTRAL = 0.01
"""Bits of difference below which a sighting is counted and not listed."""

Observe = Callable[[str], Observations]
"""The record as read in a variant."""
Through = Callable[[Solved, Observations], Followed]


@dataclass(frozen=True, kw_only=True)
class _Weighed:
    """Hypotheses and what each thought of every step: `chances` (steps, hypotheses), times anything that all share.

    `before` (steps, hypotheses): what is believed of each before a step, where that is more than the product so far."""

    names: list[str]
    means: list[str]
    prior: list[float]
    steps: list[tuple[str, str, str, str]]  # key, date, kind, label
    chances: np.ndarray
    log_evidence: list[float]
    before: np.ndarray | None = None


def weigh(among: Sequence[Hypotheses], study: Study, observe: Observe, through: Through, followed: Followed,
          entries: Sequence[Entry]) -> list[Matrix]:  # fmt: skip
    """The matrices.

    Args:
        among: the sets of hypotheses.
        study: where variants are solved.
        observe: the record as read in a variant.
        through: follows a record through a solved variant.
        followed, entries: the record followed in the variant at hand, for hypotheses that are types.
    """
    known: dict[str, tuple[Followed, Clock]] = {}
    out = []
    for one in among:
        if one.types_of:
            weighed = _types(one, study.solved(), followed, entries)
        else:
            for h in one.among:
                if h.variant not in known:
                    solved = study.solved(h.variant)
                    known[h.variant] = through(solved, observe(h.variant)), solved.game.scenario.clock
                    study.forget(h.variant)
            weighed = _variants(one, known)
        out.append(_matrix(one.name, weighed))
    return out


def _variants(one: Hypotheses, known: dict[str, tuple[Followed, Clock]]) -> _Weighed:
    """Variants: what each thought of each sighting, by move and round; one that comes to none has no chance there."""
    names = [h.name for h in one.among]
    keys: dict[str, tuple[str, str, str, str]] = {}
    tables: list[dict[str, float]] = []
    for h in one.among:
        table: dict[str, float] = {}
        followed, clock = known[h.variant]
        for step in followed.steps:
            if step.sighting is None:
                continue
            reports, when = step.sighting.reports, round_label(clock, step.round)
            key = f"{when}/{step.move}/{step.player}"
            when = reports[0].date if reports else when
            keys.setdefault(key, (key, when, step.kind, _said(step)))
            table[key] = step.probability
        tables.append(table)
    order = sorted(keys, key=lambda k: _in_order(k.split("/")[0]))
    total = sum(h.weight for h in one.among)
    return _Weighed(
        names=names, means=[h.variant or "the scenario as it is" for h in one.among],
        prior=[h.weight / total for h in one.among], steps=[keys[k] for k in order],
        chances=np.array([[t.get(k, 0.0) for t in tables] for k in order]).reshape(len(order), len(names)),
        log_evidence=[known[h.variant][0].log_evidence for h in one.among],
    )  # fmt: skip


def _in_order(when: str) -> tuple[int, str]:
    """Labels of rounds in the order of time: numbers, or dates."""
    return (int(when), "") if when.isdigit() and len(when) < 4 else (0, when)


def _said(step: Step) -> str:
    assert step.sighting is not None
    if step.sighting.silent:
        return f"nothing of {step.player} at {step.move}"
    return f"{step.player} plays {step.sighting.says}" if step.player != "chance" else f"chance: {step.sighting.says}"


def _types(one: Hypotheses, solved: Solved, followed: Followed, entries: Sequence[Entry]) -> _Weighed:
    """The types of a player; where they change by themselves, a step of time counts by what it does to their odds."""
    game = solved.game
    i = [p.name for p in game.players].index(one.types_of)
    rows = np.arange(game.type_counts[i]) + game.row_start[i]
    steps: list[tuple[str, str, str, str]] = []
    chances, before = list[np.ndarray](), list[np.ndarray]()
    for step, entry in zip(followed.steps, entries, strict=True):
        if step.sighting is None:
            with np.errstate(divide="ignore", invalid="ignore"):
                own = np.where(step.before[rows] > 0, step.after[rows] / step.before[rows], 1.0)
        else:
            own = np.nan_to_num(step.given[rows], nan=0.0)
        steps.append((str(step.number), entry.date, step.kind, label(entry)))
        chances.append(own)
        before.append(step.before[rows])
    with np.errstate(divide="ignore"):
        evidence = followed.log_evidence + np.log(followed.end[rows]) - np.log(followed.start[rows])
    return _Weighed(
        names=list(game.players[i].types), means=[f"{one.types_of} is {t}" for t in game.players[i].types],
        prior=followed.start[rows].tolist(), steps=steps, chances=np.array(chances).reshape(len(steps), len(rows)),
        log_evidence=evidence.tolist(), before=np.array(before).reshape(len(steps), len(rows)),
    )  # fmt: skip


def _matrix(name: str, found: _Weighed) -> Matrix:
    prior = np.array(found.prior)
    weight, rows, neutral = prior.copy(), list[MatrixRow](), 0
    for at, ((key, date, kind, text), chance) in enumerate(zip(found.steps, found.chances, strict=True)):
        if found.before is not None:
            weight = found.before[at]  # a type that was ruled out may have come back by itself
        alive = weight > 0
        spread = _diagnosticity(chance[alive])
        if spread < NEUTRAL:
            neutral += kind in ("event", "silence")
        else:
            cells = [_cell(chance, weight, j) for j in range(len(weight))]
            rows.append(
                MatrixRow(step=key, date=date, kind=kind, label=text, cells=cells, diagnosticity=finite(spread))
            )
        total = float(weight @ chance)
        if total <= 0:
            break  # impossible under all of them
        weight = weight * chance / total
    rows.sort(key=lambda row: math.inf if row.diagnosticity is None else row.diagnosticity, reverse=True)
    evidence = np.array(found.log_evidence)
    with np.errstate(divide="ignore"):
        joint = evidence + np.log(prior)
    highest = joint.max()
    if math.isfinite(highest):
        weight = np.exp(joint - highest)  # else what it was before the sighting that none of them can have
    best = int(evidence.argmax())
    factors = [finite(math.exp(min(evidence[best] - e, 700.0))) if math.isfinite(e) else None for e in evidence]
    close = [n for j, (n, f) in enumerate(zip(found.names, factors, strict=True)) if j != best and f and f < POSITIVE]
    return Matrix(
        name=name, hypotheses=found.names, means=found.means, rows=rows, prior=found.prior,
        posterior=(weight / weight.sum()).tolist(), log_evidence=[finite(e) for e in evidence], best=found.names[best],
        factors=factors, not_separated=close, band=POSITIVE, neutral=neutral,
        text=_text(found.names, evidence, factors, best, close) + _by_themselves(found),
    )  # fmt: skip


def _by_themselves(found: _Weighed) -> str:
    """That time moves the odds as well, where it does."""
    moved = any(
        step[2] == "time" and _diagnosticity(chance) > NEUTRAL
        for step, chance in zip(found.steps, found.chances, strict=True)
    )
    return " Part of it is that types change by themselves, whatever is seen." if moved else ""


def _diagnosticity(chance: np.ndarray) -> float:
    """log2 of the greatest ratio between two hypotheses that are still possible."""
    if len(chance) < 2 or chance.max() <= 0:
        return 0.0
    return math.inf if chance.min() <= 0 else float(np.log2(chance.max() / chance.min()))


def _cell(chance: np.ndarray, weight: np.ndarray, j: int) -> Cell:
    others = np.delete(weight, j)
    rest = float(others @ np.delete(chance, j)) / others.sum() if others.sum() > 0 else math.nan
    ratio = float(chance[j]) / rest if rest > 0 else (math.inf if chance[j] > 0 and rest == 0 else math.nan)
    return Cell(ratio=finite(ratio), symbol=symbol(ratio))


def symbol(ratio: float) -> str:
    """Heuer's: very consistent, consistent, neither, inconsistent, very inconsistent; "" where there is no ratio."""
    if math.isnan(ratio):
        return ""
    if ratio >= POSITIVE:
        return "CC" if ratio >= STRONG else "C"
    if ratio <= 1 / POSITIVE:
        return "II" if ratio <= 1 / STRONG else "I"
    return "N"


def _text(names: list[str], evidence: np.ndarray, factors: list[float | None], best: int, close: list[str]) -> str:
    if not math.isfinite(evidence[best]):
        return "The record is impossible under every one of these hypotheses."
    if np.ptp(evidence) < 1e-9:
        return "The record tells none of these apart."
    others = [(n, f) for j, (n, f) in enumerate(zip(names, factors, strict=True)) if j != best]
    told = words.listing([f"{n} {'∞' if f is None else words.number(float(f'{f:.3g}'))} to 1" for n, f in others])
    text = f"The record favours {names[best]} most: against {told}."
    if close:
        text += f" Not separated by this record: {words.listing([names[best], *close])} (within {POSITIVE:g} to 1)."
    return text
