"""Claims against the solved scenario: holds, fails or undecided, with the numbers."""

from __future__ import annotations

from winset.base.errors import ScenarioError
from winset.language.days import settled_by_rows
from winset.language.formula import Formula, parse_formula
from winset.language.scenario import Claim
from winset.study.arithmetic import MeaninglessError
from winset.study.asking import answer
from winset.study.brief_data import ClaimData, Verdict
from winset.study.facts import fact
from winset.study.formulas import Asker
from winset.study.pieces import Pieces
from winset.study.telling import came_out, within_error
from winset.study.why import explained


def judge(asker: Asker, claim: Claim, pieces: Pieces | None = None) -> ClaimData:
    """The verdict on one claim.

    A claim without a formula is undecided for the author's reason; a fact without one needs the record.
    A formula that cannot be answered leaves the claim undecided and says why. With `pieces` the verdict is explained.
    """
    if not claim.holds_if:
        reason = claim.reason or ("needs the record" if claim.kind == "fact" else "no formula is given")
        return _verdict(claim, reason=reason)
    tree = parse_formula(claim.holds_if)
    if settled_by_rows(tree):
        return _fact(asker, claim, tree)
    try:
        got = answer(asker, claim.holds_if)
    except (ScenarioError, MeaninglessError) as error:
        said = error.diagnostics[0].message if isinstance(error, ScenarioError) and error.diagnostics else str(error)
        return _verdict(claim, reason=said)
    if got.unit != "truth":
        return _verdict(claim, reason="the formula gives a number, not something true or false")
    out = _verdict(claim, reason=got.undecided)
    out["verdict"] = _said(got.value)
    out["numbers"], out["effect"], out["margin"], out["slack"] = got.parts, got.effect, got.margin, got.slack
    out["equilibria"] = max(len(got.equilibria), 1)
    if out["verdict"] == "undecided" and within_error(out):
        out["reason"] = "the two sides differ by less than the numerical error"
    out["why"] = came_out(out, out["reason"])
    out["explanation"] = None if pieces is None else explained(pieces, claim.holds_if, got)
    return out


def _fact(asker: Asker, claim: Claim, tree: Formula) -> ClaimData:
    """The verdict of the record files: nothing is solved."""
    try:
        got = fact(asker.study.scenario, tree)
    except ScenarioError as error:
        return _verdict(claim, reason=error.diagnostics[0].message)
    why = got.why if got.value is not None else f"{got.undecided}; {got.why}"
    out = _verdict(claim, reason=why)
    if got.value is not None:
        out["reason"] = ""
    out["verdict"], out["rows"] = _said(got.value), got.rows
    return out


def _said(value: object) -> Verdict:
    return "undecided" if value is None else ("holds" if value else "fails")


def _verdict(claim: Claim, *, reason: str) -> ClaimData:
    """A claim that is undecided for a reason, before anything is known of it."""
    out = ClaimData(
        id=claim.name, quote=claim.quote, by=claim.by, kind=claim.kind, source=claim.source, note=claim.note,
        formula=claim.holds_if, verdict="undecided", numbers=[], effect=None, margin=None, slack=None, equilibria=1,
        reason=reason, why="", gap="", confidence="", number=claim.number, rows=[], explanation=None,
    )  # fmt: skip
    out["why"] = came_out(out, reason)
    return out


def bearing_on_argument(claims: list[ClaimData]) -> list[str]:
    """What came out against the argument: failed claims first, then those left undecided."""
    return [c["id"] for v in ("fails", "undecided") for c in claims if c["verdict"] == v]
