"""What pages say, in words, of answers over draws of everything uncertain."""

from __future__ import annotations

from collections import Counter
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
    """How many draws failed and why, and why the central values have no answers; "" where nothing failed."""
    told = []
    if failures := found["failures"]:
        kinds = Counter(one["reason"].partition(" (it is")[0] for one in failures).most_common()
        why = [kinds[0][0]] if len(kinds) == 1 else [f"{reason} ({words.plural(n, 'draw')})" for reason, n in kinds]
        count = words.plural(len(failures), "draw")
        told.append(f"{count} of {found['asked']} failed and {'counts' if len(failures) == 1 else 'count'} nowhere: "
                    f"{'; '.join(why)}")  # fmt: skip
    if central := found["central_reason"]:
        told.append(
            f"The central values could not be solved, so there are no central answers and no tornado: {central}"
        )
    return ". ".join(told)


def minority(found: Json) -> str:
    """The claims whose verdict at the central values is not that of most draws; "" where there is none."""
    told = [
        f"“{c['quote'] or words.human(c['name'])}” {c['central']} there, but in "
        f"{words.percent(c[c['central']] / count(c))} of the draws only"
        for c in found["claims"]
        if c["central"] in ("holds", "fails") and count(c) and c[c["central"]] / count(c) < 0.5
    ]
    return f"The verdict at the central values is not that of most draws: {words.listing(told)}" if told else ""


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
    """What a claim turns on, and where: the solved value at which its verdict flips; what of its variance nothing
    explains, and in how many checked draws its verdict was another."""
    if claim["reason"]:
        return str(claim["reason"])
    if not count(claim):
        return NOT_ASKED
    told = [_turn(b) for b in claim["boundaries"] if b["at"] is not None]
    without = [b for b in claim["boundaries"] if b["at"] is None]
    failed = [b for b in without if b["failed"]]
    if tried := [words.human(b["parameter"]) for b in without if b not in failed] if not told else []:
        told.append(f"no turn inside the range of {words.listing(tried)} alone")
    told += [f"{words.human(b['parameter'])}: a turn could not be looked for everywhere: {b['reason']}" for b in failed]
    if not told and (moved := leading(claim)):
        told.append(f"moved most by {moved}")
    explained = claim["explained"]
    if explained < 0.5 and (claim["boundaries"] or claim["influences"] or claim["bars"]):
        told.append(f"{words.percent(1 - explained)} of the variance is explained by no parameter alone or in pairs")
    if claim["turned"]:
        told.append(f"another verdict on the finer grid in {words.plural(claim['turned'], 'checked draw')}")
    return "; ".join(told)


def _turn(found: Json) -> str:
    """Where a claim turns in one parameter."""
    until = found["until"]
    if until is None:
        where = f"{'above' if found['above'] else 'below'} {found['at']:.4g}"
    else:
        where = "from {:.4g} to {:.4g}".format(*sorted((found["at"], until)))
    told = f"{words.human(found['parameter'])}: holds {where}{', where it jumps' if found['jumps'] else ''}"
    told += f" (now {found['central']:.4g}){', and elsewhere too' if found['elsewhere'] else ''}"
    return told + (f"; {found['reason']}" if found["reason"] else "")


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
    """Whether rows of record files answer a claim, and no model: what a model answers has numbers."""
    return bool(claim["rows"]) or (claim["kind"] == "fact" and bool(claim["formula"]) and not claim["numbers"])


NO_FORMULA = "no formula, so there is nothing to draw"
BY_ROWS = "answered by rows of record files, whatever the parameters"
NOT_ASKED = "not asked over the draws"


def quality(found: Json) -> str:
    """How well the draws were solved, in a sentence or two."""
    q = found["quality"]
    told = (
        f"Solved on {words.plural(q['grid'], 'inner belief node')} per dimension; {q['missed']:,} "
        f"{'cell' if q['missed'] == 1 else 'cells'} missed the tolerance; "
        f"probability dropped at most {words.small(q['lost'])}."
    )
    if q["checked"]:
        told += (
            f" {words.plural(q['checked'], 'draw')} checked on {words.plural(q['fine'], 'inner node')}; the "
            f"certificate does not fail in {q['passed']} of them."
        )
    if unchecked := q["unchecked"]:
        told += (
            f" {unchecked} of {words.plural(q['checked'] + unchecked, 'check')} on the finer grid failed: "
            f"{q['unchecked_reason']}."
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
