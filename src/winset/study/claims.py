"""Claims against the solved scenario: holds, fails or undecided, with the numbers."""

from __future__ import annotations

from winset.base.errors import ScenarioError
from winset.language.days import settled_by_rows
from winset.language.formula import Formula, parse_formula
from winset.language.scenario import Claim
from winset.study.arithmetic import MeaninglessError
from winset.study.asking import answer, sides_text
from winset.study.brief_data import ClaimData, Verdict
from winset.study.facts import fact
from winset.study.formulas import Asker
from winset.study.wording import figure


def judge(asker: Asker, claim: Claim) -> ClaimData:
    """The verdict on one claim.

    A claim without a formula is undecided for the author's reason; a fact without one needs the record.
    A formula that cannot be answered leaves the claim undecided and says why.
    """
    if not claim.holds_if:
        reason = claim.reason or ("needs the record" if claim.kind == "fact" else "no formula is given")
        return _verdict(claim, "undecided", why=reason)
    tree = parse_formula(claim.holds_if)
    if settled_by_rows(tree):
        return _fact(asker, claim, tree)
    try:
        got = answer(asker, claim.holds_if)
    except (ScenarioError, MeaninglessError) as error:
        said = error.diagnostics[0].message if isinstance(error, ScenarioError) and error.diagnostics else str(error)
        return _verdict(claim, "undecided", why=said)
    if got.unit != "truth":
        return _verdict(claim, "undecided", why="the formula gives a number, not something true or false")
    verdict: Verdict = "undecided" if got.value is None else ("holds" if got.value else "fails")
    why = got.undecided or sides_text(got.parts)
    if got.effect is not None and verdict != "undecided" and claim.kind == "cause":
        why += f"; a difference of {figure(got.effect)}"
    out = _verdict(claim, verdict, why=why)
    out["numbers"], out["effect"], out["margin"] = got.parts, got.effect, got.margin
    return out


def _fact(asker: Asker, claim: Claim, tree: Formula) -> ClaimData:
    """The verdict of the record files: nothing is solved."""
    try:
        got = fact(asker.study.scenario, tree)
    except ScenarioError as error:
        return _verdict(claim, "undecided", why=error.diagnostics[0].message)
    verdict: Verdict = "undecided" if got.value is None else "holds" if got.value else "fails"
    why = got.why if got.value is not None else f"{got.undecided}; {got.why}"
    return {**_verdict(claim, verdict, why=why), "rows": got.rows}


def _verdict(claim: Claim, verdict: Verdict, *, why: str) -> ClaimData:
    return ClaimData(
        id=claim.name, quote=claim.quote, by=claim.by, kind=claim.kind, source=claim.source, note=claim.note,
        formula=claim.holds_if, verdict=verdict, numbers=[], effect=None, margin=None, why=why,
        number=claim.number, rows=[],
    )  # fmt: skip


def bearing_on_argument(claims: list[ClaimData]) -> list[str]:
    """What came out against the argument: failed claims first, then those left undecided."""
    return [c["id"] for v in ("fails", "undecided") for c in claims if c["verdict"] == v]
