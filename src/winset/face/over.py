"""What pages say, in words, of answers over draws of everything uncertain."""

from __future__ import annotations

from typing import Any

from winset.base import words

Json = dict[str, Any]


def how(found: Json) -> str:
    """How many draws of what."""
    axes = len(found["draws"]["parameters"])
    return (
        f"{words.plural(found['solved'], 'draw')} of {words.plural(axes, 'parameter')}, each from its range "
        f"(scrambled Sobol points, seed {found['stamp']['seed']})"
    )


def failed(found: Json) -> str:
    """How many draws failed, "" where none did."""
    if not found["failures"]:
        return ""
    count = words.plural(len(found["failures"]), "draw")
    return f"{count} of {found['asked']} failed and count nowhere: {found['failures'][0]['reason']}"


def figure(value: float | None, unit: str) -> str:
    """An answer with its unit."""
    return words.quantity(value, unit)


def leading(one: Json) -> str:
    """The parameters that an answer turns on most, with their share of its variance."""
    return "; ".join(
        f"{words.human(i['parameter'])} ({words.percent(min(max(i['total'], 0.0), 1.0))})"
        for i in one["influences"][:3]
    )


def turns(claim: Json) -> str:
    """What a claim turns on, and where: the solved value at which its verdict flips."""
    if claim["reason"]:
        return str(claim["reason"])
    found = [b for b in claim["boundaries"] if b["at"] is not None]
    told = [
        f"{words.human(b['parameter'])}: holds {'above' if b['above'] else 'below'} {b['at']:.4g}"
        f"{', where it jumps' if b['jumps'] else ''} (now {b['central']:.4g})"
        for b in found
    ]
    if told:
        return "; ".join(told)
    tried = [words.human(b["parameter"]) for b in claim["boundaries"]]
    if tried:
        return f"no turn inside the range of {words.listing(tried)} alone"
    moved = leading(claim)
    return f"moved most by {moved}" if moved else ""


def count(claim: Json) -> int:
    """In how many draws a claim was asked."""
    return int(claim["holds"] + claim["fails"] + claim["undecided"])


def share(claim: Json) -> str:
    """The share of plausible cases in which a claim holds, with its interval; "" where there is none."""
    if claim["share"] is None:
        return ""
    told = f"holds in {words.percent(claim['share'])} of {words.plural(count(claim), 'draw')}"
    told += f" ({words.percent(claim['low'])} to {words.percent(claim['high'])})"
    return told + (f", undecided in {claim['undecided']}" if claim["undecided"] else "")


def claims(brief: Json) -> dict[str, tuple[str, str]]:
    """By claim: in what share of plausible cases it holds, "" where there is none; and what it turns on, or why there
    is no share. Empty where nothing was drawn."""
    found = brief.get("robust")
    if not found:
        return {}
    drawn = {c["name"]: c for c in found["claims"]}
    out = {}
    for claim in brief["claims"]:
        one = drawn.get(claim["id"])
        if one is not None:
            out[claim["id"]] = share(one), turns(one)
        elif not claim["formula"]:
            out[claim["id"]] = "", NO_FORMULA
        elif _by_rows(claim):
            out[claim["id"]] = "", BY_ROWS
        else:
            out[claim["id"]] = "", NOT_ASKED
    return out


def _by_rows(claim: Json) -> bool:
    """Whether rows of record files answer a claim, and no model."""
    return bool(claim["formula"]) and (bool(claim["rows"]) or claim["kind"] == "fact")


NO_FORMULA = "no formula, so there is nothing to draw"
BY_ROWS = "answered by rows of record files, whatever the parameters"
NOT_ASKED = "not asked over the draws"


def quality(found: Json) -> str:
    """How well the draws were solved, in a sentence or two."""
    q = found["quality"]
    told = (
        f"Solved on {q['grid']} inner belief nodes per dimension; {q['missed']:,} cells missed the tolerance; "
        f"probability dropped at most {words.small(q['lost'])}."
    )
    if q["checked"]:
        told += (
            f" {words.plural(q['checked'], 'draw')} checked on {q['fine']} inner nodes; the certificate passes in "
            f"{q['passed']}."
        )
    return told


def recorded(brief: Json) -> dict[str, str]:
    """What the record followed says of each claim, by name, where it says anything."""
    settled = {claim["id"]: claim["verdict"] for claim in brief["claims"] if _by_rows(claim)}
    out = {}
    for claim in (brief.get("record") or {}).get("claims", []):
        name = claim["name"]
        figures = "; ".join(
            f"{what} is {words.percent(value) if words.is_chance(what) else words.number(value)}"
            for what, value in claim["figures"].items()
        )
        if name in settled:
            out[name] = f"{settled[name]}: its rows are the record"
        elif claim["verdict"]:
            out[name] = f"{claim['verdict']}{f': {figures}' if figures else ''}"
        elif claim["why"]:
            out[name] = f"cannot say: {claim['why']}"
    return out
