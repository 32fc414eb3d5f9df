"""The bottom line: sentences made from the numbers, likelihood and confidence kept apart (ICD 203)."""

from __future__ import annotations

from winset.study.brief_data import Brief, CertificateData, ClaimData, QuestionData, Sentence
from winset.study.wording import figure, percent

_SMALL = 0.005
"""Movement of a headline probability on another grid up to which it counts as settled."""


def bottom_line(brief: Brief) -> list[Sentence]:
    """One sentence for each headline question, one for the claims, one for each claim that fails."""
    heads = [q for q in brief["questions"] if q["headline"]] or brief["questions"][:5]
    out = [_on_question(q, brief) for q in heads]
    if brief["claims"]:
        out.append(_on_claims(brief["claims"]))
    failed = [c for c in brief["claims"] if c["verdict"] == "fails"]
    out += [Sentence(text=f"Fails: “{c['quote']}” ({c['why']}).", confidence="", about=c["id"]) for c in failed]
    return out


def _on_question(question: QuestionData, brief: Brief) -> Sentence:
    name = question["name"].replace("_", " ")
    name = name[:1].upper() + name[1:]
    if question["undecided"]:
        return Sentence(text=f"{name}: undecided, {question['undecided']}.", confidence="", about=question["name"])
    value = question["value"]
    if isinstance(value, bool) or value is None:
        return Sentence(text=f"{name}: {question['text']}.", confidence="", about=question["name"])
    if question["unit"] == "probability":
        text = f"{name}: {question['word']} ({percent(value)})."
    else:
        text = f"{name}: {figure(value)}."
    return Sentence(text=text, confidence=_confidence(question, brief), about=question["name"])


def _confidence(question: QuestionData, brief: Brief) -> str:
    several = [v for e in brief["equilibria"] if isinstance(v := e["answers"].get(question["name"]), float)]
    assumed = sum(a["status"] in ("assumed", "open") for a in brief["assumptions"])
    return confidence(question["unit"], question["grid_error"], brief["certificate"], several, assumed)


def confidence(unit: str, moved: float | None, certificate: CertificateData, several: list[float], assumed: int) -> str:
    """How well a number is computed, and what it rests on; never how likely anything is.

    Args:
        unit: "probability" or "number".
        moved: how far it moved on another belief grid.
        certificate: of the base.
        several: the number in each equilibrium known.
        assumed: how many values of the scenario have no source.
    """
    if certificate.get("passes") is False or (certificate.get("missed") or 0) > 0:
        level = "The computation is in doubt; see the certificate"
    elif moved is not None and unit == "probability" and moved > _SMALL:
        level = f"The figure moves by {100 * moved:.1f} points on another belief grid"
    elif moved is not None:
        level = "The computation is sound"
    else:
        level = "The grid error was not measured"
    show = percent if unit == "probability" else figure
    if several and show(min(several)) != show(max(several)):
        level += f"; in {len(several)} equilibria it goes from {show(min(several))} to {show(max(several))}"
    rests = f"; the figure rests on {assumed} assumed value{'s' if assumed != 1 else ''}" if assumed else ""
    return f"{level}{rests}."


def _on_claims(claims: list[ClaimData]) -> Sentence:
    count = {v: sum(c["verdict"] == v for c in claims) for v in ("holds", "fails", "undecided")}
    parts = [
        f"{count['holds']} hold{'s' if count['holds'] == 1 else ''}",
        f"{count['fails']} fail{'s' if count['fails'] == 1 else ''}",
        f"{count['undecided']} {'is' if count['undecided'] == 1 else 'are'} undecided",
    ]
    text = f"Of {len(claims)} claim{'s' if len(claims) != 1 else ''}, {', '.join(parts)} at the central values."
    return Sentence(text=text, confidence="", about="")
