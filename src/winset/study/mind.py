"""What would change an answer or a verdict, and which verdicts the least would turn.

Three things can be computed without more solving: how far a probability lies from the nearest limit of its ICD 203
word, how far the two sides of a claim's comparison lie from each other, and in which of the solved variants a headline
probability gets another word or a claim another verdict. Variants and base are then compared alike, on the grid on
which a brief compares variants (see `Asker.ask`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from winset.base import words
from winset.base.errors import WinsetError
from winset.base.likelihood import BANDS, word
from winset.language.formula import After, Event, From, In, parse_formula, walk
from winset.language.scenario import Claim
from winset.study.brief_data import ClaimData, QuestionData, VariantData
from winset.study.context import Context
from winset.study.formulas import Asker
from winset.study.mind_data import FlipData, TurningData, WeakData
from winset.study.solved import Solved
from winset.study.telling import gap, is_near, sentence, title, unit_of_gap, within_error

Verdicts = Mapping[str, Mapping[str, bool | None]]
"""By variant, whether each claim that could be read there is true; None: undecided."""


def trials(claims: tuple[Claim, ...]) -> dict[str, Any]:
    """The formulas of the claims that can be read in any variant: they read none themselves, and no history.

    A formula read after a history would need that history to be followed in each variant anew.
    """
    trees = {c.name: parse_formula(c.holds_if) for c in claims if c.holds_if}
    return {n: t for n, t in trees.items() if not any(isinstance(node, In | After | From) for node in walk(t))}


def readable_in(solved: Solved, formulas: Mapping[str, Any]) -> list[str]:
    """The names of the formulas that are tried in a variant: hidden acts and types cost too much to follow in all."""
    out = []
    for name, tree in formulas.items():
        events = [node for node in walk(tree) if isinstance(node, Event)]
        conditions = [c for e in events for c in (e.condition, e.goal) if c is not None]
        if not any(solved.language.is_private(c) for c in conditions):
            out.append(name)
    return out


def verdicts_in(side: Asker, variant: str, formulas: Mapping[str, Any]) -> dict[str, bool | None]:
    """Whether each of the formulas is true in a variant, where it can be read there."""
    out: dict[str, bool | None] = {}
    for name, tree in formulas.items():
        with suppress(WinsetError):
            out[name] = side.value(tree, Context(variant=variant)).as_judgement().value
    return out


def turning(
    questions: list[QuestionData], claims: list[ClaimData], variants: list[VariantData], verdicts: Verdicts
) -> list[TurningData]:
    """What would change each headline probability's word and each claim's verdict, the headlines first."""
    heads = [q for q in questions if q["headline"]] or questions[:5]
    out = [_of_question(q, variants) for q in heads if _is_chance(q)]
    return out + [_of_claim(c, verdicts) for c in claims if c["formula"]]


def weakest(claims: list[ClaimData], found: list[TurningData]) -> list[WeakData]:
    """The claims that have a formula, the one that the least would turn first.

    First those that are undecided although they have a formula; then by `slack`, the share of its greater side by
    which the deciding comparison is away from turning, the numerical error taken off; last those in which nothing is
    compared.
    """
    flips = {t["about"]: t["flips"] for t in found if t["kind"] == "claim"}

    def place(claim: ClaimData) -> tuple[bool, bool, float]:
        slack = claim["slack"]
        return claim["verdict"] != "undecided", slack is None, slack or 0.0

    ranked = sorted((c for c in claims if c["formula"]), key=place)
    return [
        WeakData(
            claim=c["id"],
            slack=0.0 if c["verdict"] == "undecided" else c["slack"],
            why=_why(c, flips.get(c["id"], [])),
        )
        for c in ranked
    ]


def _is_chance(question: QuestionData) -> bool:
    return question["unit"] == "probability" and isinstance(question["value"], float)


def _of_question(question: QuestionData, variants: list[VariantData]) -> TurningData:
    value = float(question["value"] or 0.0)
    edge = min((upper for upper, _ in BANDS), key=lambda upper: abs(upper - value))
    beyond = word(edge) if value < edge else word(edge - 1e-9)
    effects = [(v["name"], e) for v in variants for e in v["effects"] if e["question"] == question["name"]]
    flips = [
        FlipData(variant=name, base=e["base"], value=e["variant"], before=word(e["base"]), after=word(e["variant"]))
        for name, e in effects
        if word(e["base"]) != word(e["variant"])
    ]
    told = (
        f"{words.percent(value)}: {words.points(abs(edge - value))} {'below' if value < edge else 'above'} the "
        f"{words.percent(edge)} {'from' if value < edge else 'below'} which it is {beyond}."
    )
    return TurningData(
        about=question["name"], kind="question", title=title(question), edge=edge, distance=abs(edge - value),
        told=told, tried=[name for name, _ in effects], flips=flips,
    )  # fmt: skip


def _of_claim(claim: ClaimData, verdicts: Verdicts) -> TurningData:
    tried = [name for name, known in verdicts.items() if claim["id"] in known]
    flips = []
    for name in tried:
        there = verdicts[name][claim["id"]]
        after = "undecided" if there is None else ("holds" if there else "fails")
        if claim["verdict"] != "undecided" and there is not None and after != claim["verdict"]:
            flips.append(FlipData(variant=name, base=None, value=None, before=claim["verdict"], after=after))
    return TurningData(
        about=claim["id"], kind="claim", title=f"“{claim['quote']}”", edge=None,
        distance=_apart(claim), told=_distance(claim), tried=tried,
        flips=flips,
    )  # fmt: skip


def _apart(claim: ClaimData) -> float | None:
    """How far the sides of a comparison are from turning it."""
    if claim["effect"] is None:
        return None
    return abs(abs(claim["effect"]) - (claim["margin"] or 0.0)) if is_near(claim) else abs(claim["effect"])


def _distance(claim: ClaimData) -> str:
    """How far a claim is from turning, in one sentence."""
    if claim["verdict"] == "undecided":
        return f"Undecided: {gap(claim) if within_error(claim) else sentence(claim['reason'])}"
    slack = "" if claim["slack"] is None else f"{words.fine(min(claim['slack'], 1.0))} of the greater side"
    if claim["effect"] is not None and is_near(claim):
        apart, allowed = (unit_of_gap(claim)(abs(v)) for v in (claim["effect"], claim["margin"] or 0.0))
        return f"{words.capital(claim['verdict'])}: the sides differ by {apart} of {allowed} allowed."
    if claim["effect"] is not None:
        unit = unit_of_gap(claim)
        error, by = claim["margin"], f"{words.capital(claim['verdict'])} by {unit(abs(claim['effect']))}"
        if error and abs(claim["effect"]) < 10 * error:  # the share, which leaves the error out, would not fit
            return f"{by}; numerical error {unit(error)}."
        return f"{by}, {slack}." if slack and claim["slack"] else f"{by}."
    if slack:
        return f"{words.capital(claim['verdict'])}; the comparison on which it turns is {slack} away."
    return f"{words.capital(claim['verdict'])}; nothing is compared."


def _why(claim: ClaimData, flips: list[FlipData]) -> str:
    said = _distance(claim)
    if flips:
        names = words.listing([f"“{words.human(f['variant'])}”" for f in flips])
        said += f" It {words.forms(flips[0]['after'], 1)} in the variant{'s' if len(flips) > 1 else ''} {names}."
    return said
