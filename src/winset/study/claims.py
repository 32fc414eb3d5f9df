"""Claims against the solved scenario: holds, fails or undecided, with the numbers."""

from __future__ import annotations

from winset.base.errors import ScenarioError
from winset.language.scenario import Claim
from winset.study.arithmetic import MeaninglessError
from winset.study.asking import answer, sides_text
from winset.study.brief_data import ClaimData, Verdict
from winset.study.formulas import Asker
from winset.study.turning import Pieces
from winset.study.why import explained
from winset.study.wording import figure


def judge(asker: Asker, claim: Claim, pieces: Pieces | None = None) -> ClaimData:
    """The verdict on one claim.

    A claim without a formula is undecided for the author's reason; a fact without one needs the record.
    A formula that cannot be answered leaves the claim undecided and says why. With `pieces` the verdict is explained.
    """
    if not claim.holds_if:
        reason = claim.reason or ("needs the record" if claim.kind == "fact" else "no formula is given")
        return _verdict(claim, "undecided", why=reason)
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
    out["explanation"] = None if pieces is None else explained(pieces, claim.holds_if, got)
    return out


def _verdict(claim: Claim, verdict: Verdict, *, why: str) -> ClaimData:
    return ClaimData(
        id=claim.name, quote=claim.quote, by=claim.by, kind=claim.kind, source=claim.source, note=claim.note,
        formula=claim.holds_if, verdict=verdict, numbers=[], effect=None, margin=None, why=why,
        explanation=None,
    )  # fmt: skip


def bearing_on_argument(claims: list[ClaimData]) -> list[str]:
    """What came out against the argument: failed claims first, then those left undecided."""
    return [c["id"] for v in ("fails", "undecided") for c in claims if c["verdict"] == v]
