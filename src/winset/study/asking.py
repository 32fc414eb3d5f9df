"""From a formula's value to an answer in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from winset.base.diagnostics import Where
from winset.base.likelihood import words
from winset.base.words import band, quantity, signed
from winset.language.days import settled_by_rows
from winset.language.formula import Belief, Formula, Near, Operation, Probability, StrategyOf, parse_formula
from winset.language.lexer import problem
from winset.study.across import MOST, readings, together
from winset.study.answer import Answer
from winset.study.arithmetic import Judgement, MeaninglessError, Quantity
from winset.study.brief_data import CertificateData, PartData, UnitKind
from winset.study.certificate_data import certificate_data, warnings_about, warnings_about_equilibria
from winset.study.context import Part
from winset.study.facts import answer as fact_answer
from winset.study.formulas import Asker
from winset.study.telling import part_words
from winset.study.wording import sides_text


def definition(shocks: str) -> str:
    """Which of the two logit definitions is in use."""
    return "with EV1 shocks" if shocks == "included" else "payoffs net of errors"


def answer(asker: Asker, formula: str, *, tree: Formula | None = None, certificate: bool = False) -> Answer:
    """Answers a formula, with the parts it was made of in the principal equilibrium; `tree` is it as read already.

    Where other equilibria are known, the answer's band covers them all, and what is true in some only is undecided.

    Raises:
        ScenarioError: a name in the formula is wrong, or the formula has no value here.
    """
    tree = tree if tree is not None else parse_formula(formula, Where("", 1, 1))
    study = asker.study
    if settled_by_rows(tree):
        return fact_answer(study.scenario, tree, formula)
    try:
        found = readings(asker, tree)
    except MeaninglessError as error:
        raise problem("C490", str(error), tree.where) from error
    got = together(found)
    base = study.solved()
    variants = sorted({p.context.variant for p in found[0].parts} - {study.base, ""})
    facts: dict[str, Any] = {
        "formula": formula,
        "parts": part_data(found[0].parts),
        "variants": variants,
        "definition": definition(base.game.scenario.settings.shocks),
        "equilibria": [r.as_data() for r in found] if len(found) > 1 else [],
        "warnings": warnings_about(base) + warnings_about_equilibria(study),
        "certificate": _certificate(asker, formula, tree, got) if certificate else CertificateData(),
    }
    if facts["certificate"].get("passes") is False:
        facts["warnings"].append("the certificate does not pass; see its lines before relying on this answer")
    if len(found) == MOST:
        facts["warnings"].append(f"only {MOST} combinations of equilibria were looked at")
    if isinstance(got, Judgement):
        return _truth(got, facts)
    return _number(got, unit_of(tree), facts)


def _certificate(asker: Asker, formula: str, tree: Formula, got: Quantity | Judgement) -> CertificateData:
    """The certificate with the answer itself as the headline whose movement is measured."""
    moved = {}
    if isinstance(got, Quantity) and math.isfinite(got.value):
        moved = {formula: (got.value, asker.elsewhere(tree))}
    return certificate_data(asker.study.solved(), moved, asker.other_grid)


def part_data(parts: Iterable[Part]) -> list[PartData]:
    """The leaves of a formula, each once."""
    out: list[PartData] = []
    for part in parts:
        q = part.quantity
        known = not math.isnan(q.value)
        value = q.value if known else None
        meaning, shown = part_words(part.formula, part.context.variant, value)
        item = PartData(
            formula=part.formula, variant=part.context.variant, value=value, low=q.low if known else None,
            high=q.high if known else None, grid=part.grid, meaning=meaning, shown=shown,
        )  # fmt: skip
        if item not in out:
            out.append(item)
    return out


def unit_of(tree: Formula) -> UnitKind:
    """How a number is to be printed: what is made of one probability alone is one."""
    while hasattr(tree, "formula"):
        tree = tree.formula
    return "probability" if isinstance(tree, Probability | Belief | StrategyOf) else "number"


def _number(got: Quantity, unit: UnitKind, facts: dict[str, Any]) -> Answer:
    if not math.isfinite(got.value):
        return Answer(value=None, unit=unit, undecided="the value is not a finite number", text="undecided", **facts)
    values = {quantity(r["value"], unit) for r in facts["equilibria"] if r["value"] is not None}
    over = f"over {len(facts['equilibria'])} equilibria" if len(values) > 1 else ""
    word = words(got.low, got.high) if unit == "probability" else ""
    told = "; ".join(part for part in (word, " ".join(p for p in (band(got.low, got.high, unit), over) if p)) if part)
    text = signed(quantity(got.value, unit) + (f" ({told})" if told else ""))
    return Answer(
        value=got.value, low=got.low, high=got.high, unit=unit, text=text, word=word, grid_error=got.movement, **facts
    )


def _truth(got: Judgement, facts: dict[str, Any]) -> Answer:
    text = "undecided: " + got.why if got.value is None else ("true" if got.value else "false")
    sides = sides_text(facts["parts"])
    if got.value is not None and sides:
        text += f" ({sides})"
    return Answer(
        value=got.value, unit="truth", text=text, effect=got.effect, margin=got.margin, slack=got.slack,
        undecided=got.why if got.value is None else "", **facts,
    )  # fmt: skip


def is_comparison(tree: Formula) -> bool:
    """Whether a formula is one comparison."""
    return isinstance(tree, Near) or (isinstance(tree, Operation) and tree.op in ("=", "!=", "<", "<=", ">", ">="))
