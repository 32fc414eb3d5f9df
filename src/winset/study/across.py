"""One formula read in every equilibrium known, and what can then be said: a range, or a judgement that all share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice, product
from typing import Any

from winset.base.errors import WinsetError
from winset.language.formula import Formula
from winset.study.answer import Answer
from winset.study.arithmetic import Judgement, Quantity
from winset.study.brief_data import ReadingData
from winset.study.context import Part, leaves
from winset.study.formulas import Asker

MOST = 32
"""Most combinations of equilibria, of the base and of the variants that a formula reads, in which it is read."""

PRINCIPAL = "principal"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A formula in one combination of equilibria.

    Attributes:
        chosen: the number of the equilibrium by variant; variants not named are in their principal one.
        origin: the same in words.
        got: the value; None where it has none there.
        parts: its leaves.
    """

    chosen: Mapping[str, int]
    origin: str
    got: Quantity | Judgement | None
    parts: tuple[Part, ...]

    def as_data(self) -> ReadingData:
        """Plain JSON data."""
        number = self.got if isinstance(self.got, Quantity) and math.isfinite(self.got.value) else None
        truth = self.got.value if isinstance(self.got, Judgement) else None
        return ReadingData(
            origin=self.origin, chosen=dict(self.chosen), value=number.value if number else truth,
            low=number.low if number else None, high=number.high if number else None,
        )  # fmt: skip


def readings(asker: Asker, tree: Formula) -> list[Reading]:
    """The formula in every combination of equilibria, the principal ones first, at most `MOST`.

    Raises:
        ScenarioError: it has no value in the principal equilibria.
        MeaninglessError: likewise.
    """
    got = asker.ask(tree)
    out = [Reading(chosen={}, origin=PRINCIPAL, got=got, parts=tuple(asker.parts))]
    for chosen in _choices(asker, tree):
        try:
            other: Quantity | Judgement | None = asker.ask(tree, chosen)
        except WinsetError:
            other = None
        origin = _origin(asker, chosen)
        out.append(Reading(chosen=chosen, origin=origin, got=other, parts=tuple(asker.parts)))
    return out


def together(found: list[Reading]) -> Quantity | Judgement:
    """What holds in all: the principal number with a band over all; a judgement undecided where they differ."""
    first = found[0].got
    assert first is not None
    if isinstance(first, Quantity):
        numbers = [r.got for r in found if isinstance(r.got, Quantity) and math.isfinite(r.got.value)]
        if not math.isfinite(first.value):
            return first
        return replace(first, low=min(q.low for q in numbers), high=max(q.high for q in numbers))
    verdicts = [r.got.value for r in found if isinstance(r.got, Judgement)]
    known = [r.got.slack for r in found if isinstance(r.got, Judgement) and r.got.slack is not None]
    slack = min(known) if known else None
    if len(set(verdicts)) < 2 and len(verdicts) == len(found):
        return replace(first, slack=slack)
    said = []
    for value, word in ((True, "true"), (False, "false"), (None, "undecided")):
        where = [r.origin for r in found if isinstance(r.got, Judgement) and r.got.value is value]
        if where:
            said.append(f"{word} in {', in '.join('the principal one' if o == PRINCIPAL else o for o in where)}")
    said += [f"without a value in {r.origin}" for r in found if r.got is None]
    why = f"it depends on which of {len(found)} equilibria is played: {'; '.join(said)}"
    return Judgement(None, why, first.effect, first.margin, slack)


def in_equilibrium(got: Answer, chosen: Mapping[str, int]) -> float | bool | None:
    """The value of an answer in one combination; an answer that does not depend on it has the same in all."""
    if not got.equilibria:
        return got.value
    return next((r["value"] for r in got.equilibria if r["chosen"] == dict(chosen)), None)


def _choices(asker: Asker, tree: Any) -> list[dict[str, int]]:
    """The combinations besides the principal one, those that differ from it in one variant first."""
    side = asker.compares(tree)
    read = dict.fromkeys(c.variant for _, c in leaves(tree, replace(asker.home, equilibrium=0), {}))
    counts = [asker.equilibria(variant, side=side) for variant in read]
    single = ({v: i} for v, n in zip(read, counts, strict=True) for i in range(1, n))
    picks = product(*(range(n) for n in counts))
    several = ({v: i for v, i in zip(read, pick, strict=True) if i} for pick in picks)
    return list(islice(chain(single, (some for some in several if len(some) > 1)), MOST - 1))


def _origin(asker: Asker, chosen: Mapping[str, int]) -> str:
    study = asker.study
    told = []
    for variant, number in chosen.items():
        name = study.found[variant].selections[number - 1].origin
        told.append(name if variant == study.base else f"{name} of {variant}")
    return ", ".join(told)
