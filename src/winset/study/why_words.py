"""The sentences of an explanation, made from its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from winset.base.words import figure, percent
from winset.study.answer import Answer
from winset.study.arithmetic import Judgement
from winset.study.explanation_data import EvidenceData, PartOf
from winset.study.labelled import OWN
from winset.study.pieces import Choice
from winset.study.wording import sides_text

AT_START = "at the start"
BAR = "the number compared with"
_MINUS = "\N{MINUS SIGN}"
_SHOWN = 3
"""Most parts told in a sentence."""
_SHARE = 0.02
"""Parts below this share of the largest are not told."""
_CLOSE = 0.005
"""A belief this close to where two actions are worth the same is told as being there."""

Effects = Mapping[str, tuple[float, float]]
"""The same probability in the base and in a variant, by variant."""


def points(value: float, *, sign: bool = True) -> str:
    """A difference of probabilities: `+3.4 points`."""
    size = 100 * abs(value)
    if 0 < size < 0.01:
        return "under 0.01 points"
    text = f"{size:.2f}" if size < 1 else f"{size:.1f}"
    return f"{_sign(value) if sign else ''}{text} point{'s' if text != '1.0' else ''}"


def amount(value: float, *, sign: bool = True) -> str:
    """A difference of payoffs or numbers: `−0.30`."""
    size = abs(value)
    text = f"{size:.2f}" if 0.1 <= size < 1000 else f"{size:.2g}"
    return f"{_sign(value) if sign else ''}{text}"


def _sign(value: float) -> str:
    return _MINUS if value < 0 else "+"


def decimals(largest: float) -> int:
    """Decimals at which figures up to so large are told, so that all of a sum are told alike."""
    return 2 if largest >= 1 else 3 if largest >= 0.01 else 4 if largest >= 0.001 else 6


def listed(parts: Sequence[PartOf], *, chance: bool) -> str:
    """The largest parts, the rest, and what their sum is compared with: `scorn −0.158, glory +0.034, the rest −0.03`.

    All are told at the same decimals, and the rest is what the others leave of the total as it is told, so that a
    reader can add them up.
    """
    bar = next((p["value"] for p in parts if p["name"] == BAR), 0.0)
    parts = [p for p in parts if p["name"] != BAR]
    if not parts or [p["name"] for p in parts] == [OWN]:
        return ""
    largest = max(abs(p["value"]) for p in parts)
    factor, places = _units(largest, chance)
    told = [p for p in parts[:_SHOWN] if abs(p["value"]) >= _SHARE * largest]
    amounts = [round(factor * p["value"], places) for p in told]
    said = [f"{p['name']} {_told(a, places, chance)}" for p, a in zip(told, amounts, strict=True)]
    whole = round(factor * (sum(p["value"] for p in parts) + bar), places)
    against = round(factor * bar, places)
    rest = round(whole - against - sum(amounts), places)
    if rest:
        said.append(f"the rest {_told(rest, places, chance)}")
    if against:
        said.append(f"{BAR} {_told(against, places, chance)}")
    return ", ".join(said)


def _units(largest: float, chance: bool) -> tuple[float, int]:
    """By what parts of a sum are multiplied when told, and their decimals."""
    return (100.0, 1 if largest >= 0.01 else 2) if chance else (1.0, decimals(largest))


def _told(value: float, places: int, chance: bool) -> str:
    size = f"{abs(value):.{places}f}"
    return f"{_sign(value)}{size}" + (f" point{'s' if size != '1.0' else ''}" if chance else "")


def mostly(dates: Sequence[PartOf]) -> str:
    """The shortest run of dates that holds at least half of the total, in words; "" where there is only one date."""
    real = [d for d in dates if d["name"] != AT_START]
    total = sum(d["value"] for d in real)
    if len(real) < 2 or not total:
        return ""
    for length in range(1, len(real) + 1):
        runs = [real[i : i + length] for i in range(len(real) - length + 1)]
        best = max(runs, key=lambda run: sum(d["value"] for d in run) / total)
        share = sum(d["value"] for d in best) / total
        if share >= 0.5:
            if length == len(real):
                return ""
            if length == 1:
                return _dated(best[0]["name"])
            plural = "rounds " if best[0]["name"].isdigit() else ""
            return f"{plural}{best[0]['name']} to {best[-1]['name']}"
    return ""


def _dated(name: str) -> str:
    return f"round {name}" if name.isdigit() else name


def paid(dates: Sequence[PartOf]) -> str:
    """When a payoff comes: what is paid at once against what follows, where they differ in sign; else most of it."""
    real = [d for d in dates if d["value"]]
    total = sum(d["value"] for d in real)
    if len(real) < 2:
        return ""
    later = total - real[0]["value"]
    if real[0]["value"] * later < 0 and min(abs(real[0]["value"]), abs(later)) > _SHARE * max(map(abs, (total, later))):
        return f", {amount(real[0]['value'])} in {_dated(real[0]['name'])} against {amount(later)} afterwards"
    when = mostly(real)
    return f", at least half of it paid in {when}" if when else ""


def forecast_sentence(value: float, chance: bool, parts: list[PartOf], dates: list[PartOf], effects: Effects) -> str:
    """What a probability or an expectation turns on."""
    said = _level(value, chance)
    start = [p["value"] for p in parts if p["name"] == AT_START]
    parts = [p for p in parts if p["name"] != AT_START]
    if start:
        said += f", from {_level(start[0], chance)} at the start"
    if not parts:
        return f"{said}: nothing that is played changes it"
    said += f", by way of {listed(parts, chance=chance)}"
    if when := mostly(dates):
        said += f"; at least half of it comes about in {when}"
    moved = {name: pair for name, pair in effects.items() if pair[0] != pair[1]}
    if moved:
        most = max(moved, key=lambda name: abs(moved[name][1] - moved[name][0]))
        said += f"; of the variants solved, {most} moves it most, to {percent(moved[most][1])}"
    return said


def _level(value: float, chance: bool) -> str:
    return percent(value) if chance else figure(value).replace("-", _MINUS)


def payoff_sentence(leaf: Any, value: float, parts: list[PartOf], dates: list[PartOf]) -> str:
    """What a player's expected payoff is made of."""
    who = leaf.player + (f" ({leaf.type})" if leaf.type else "")
    of = listed(parts, chance=False)
    said = f"{who} expects {figure(value).replace('-', _MINUS)}" + (f": {of}" if of else "")
    return said + paid(dates)


def choice_sentence(choice: Choice, leaf: Any, where: str = "") -> str:
    """Why a type chooses as it does."""
    who = choice.player + (f" ({choice.type})" if choice.type else "") + (f" in {where}" if where else "")
    total = choice.gain.total
    than = f"than {choice.other}"
    parts = [PartOf(name=n, value=v) for n, v in choice.gain.by_label().items() if abs(v) > 1e-12]
    places = decimals(max((abs(p["value"]) for p in parts), default=abs(total)))
    size = f"{abs(total):.{places}f}" if round(abs(total), places) else amount(abs(total), sign=False)
    worth = f"it is worth {size} {'more' if total >= 0 else 'less'} {than}"
    if abs(total) < 1e-9:
        worth = f"it is worth as much as {choice.other}"
    said = f"{who} plays {choice.action}, {percent(choice.chance)}: {worth}"
    parts.sort(key=lambda p: (-abs(p["value"]), p["name"]))
    if of := listed(parts, chance=False):
        said += f" ({of})"
    said += paid([PartOf(name=n, value=v) for n, v in choice.gain.by_date().items()])
    if choice.turn is not None:
        turn = choice.turn
        if abs(turn.at - turn.now) < _CLOSE:
            return f"{said}; the belief that {turn.player} is {turn.type}, {percent(turn.now)}, is where they are alike"
        said += (
            f"; with the belief that {turn.player} is {turn.type} at {percent(turn.at)} instead of "
            f"{percent(turn.now)}, play held as it is, the two would be worth the same"
        )
    return said


def evidence_sentence(leaf: Any, value: float, evidence: list[EvidenceData]) -> str:
    """Which observation made a belief what it is."""
    what = f"the belief that {leaf.player} is {leaf.type}"
    if not evidence:
        return f"{what} is {percent(value)}: nothing that was seen changed it"
    moves = [(e["after"] - e["before"], e) for e in evidence]
    way = math.copysign(1.0, evidence[-1]["after"] - evidence[0]["before"])
    most = max(moves, key=lambda move: way * move[0])
    said = f"{what} goes from {percent(evidence[0]['before'])} to {percent(evidence[-1]['after'])}"
    if len(evidence) == 1:
        return f"{said} on {most[1]['text']}, {_ratio_words(most[1])}"
    said += f"; what {'raised' if way > 0 else 'lowered'} it most is {_move_words(most[1])}, {_ratio_words(most[1])}"
    other = min(moves, key=lambda move: way * move[0])
    if -way * other[0] > way * most[0] / 2:
        said += f"; {'lowered' if way > 0 else 'raised'} it was by {_move_words(other[1])}"
    return said


def _move_words(move: EvidenceData) -> str:
    return f"{move['text']} ({percent(move['before'])} to {percent(move['after'])})"


def _ratio_words(move: EvidenceData) -> str:
    """What the likelihood ratio of an observation says."""
    if move["ratio"] is None:
        return "which no other type does"
    if move["ratio"] == 0:
        return "which that type never does"
    if move["ratio"] >= 1:
        return f"{times(move['ratio'])} times as likely from that type as from the others"
    return f"{times(1 / move['ratio'])} times as likely from the others as from that type"


def times(ratio: float) -> str:
    """A likelihood ratio: `1.3`, `14`, `more than 1000`."""
    return "more than 1000" if ratio > 1000 else f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"


def difference_sentence(effect: float | None, unit: str, parts: list[PartOf], dates: list[PartOf]) -> str:
    """By which steps, or parts of payoffs, and in which rounds two sides differ."""
    if not parts:
        return "nothing that is played sets the two sides apart"
    if not [p for p in parts if p["name"] != BAR]:
        return "nothing that is played brings it about"
    of = listed(parts, chance=unit == "probability")
    said = f"by way of {of}" if of else ""
    when = mostly([d for d in dates if d["name"] != BAR])
    if when and effect is not None:
        said += f"{'; ' if said else ''}at least half of it comes about in {when}"
    return said


def verdict_words(got: Answer, judgement: Judgement, unit: str, near: bool) -> str:
    """Which way a judgement goes, by how much, and what would decide it; `near`: it is an `X within T of Y`."""
    show = points if unit == "probability" else amount
    effect, margin = judgement.effect, judgement.margin
    gap = "" if effect is None else f"{show(effect, sign=False)}"
    if got.value is not None:
        verdict = "holds" if got.value else "fails"
        if near and margin is not None:
            return f"{verdict}: the sides differ by {gap} and {show(margin, sign=False)} is allowed"
        error = f" (numerical error {show(margin, sign=False)})" if margin else ""
        return f"{verdict} by {gap}{error}" if gap else verdict
    if judgement.value is None and effect == 0 and margin is not None:
        return f"undecided: the sides are equal, and known to within {show(margin, sign=False)}"
    if judgement.value is None and effect is not None and margin is not None:
        return (
            f"undecided: the sides differ by {gap}; a numerical error below that, instead of "
            f"{show(margin, sign=False)}, would decide it"
        )
    return f"undecided: {got.undecided}; in the principal equilibrium the sides differ by {gap}"


def sides_sentence(got: Answer) -> str:
    """What can be said where the parts cannot be put together: the figures themselves."""
    sides = sides_text(got.parts)
    return f"undecided: {got.undecided}; {sides}" if got.undecided else sides
