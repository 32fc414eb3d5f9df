"""Sentences that tell two figures of a brief apart which a reader might take for one.

What was ever so, and what still is; what an agreement is worth, and what agreeing to it is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.base import words
from winset.base.plain import moment
from winset.study.standing import standing

Data = Mapping[str, Any]

SELDOM = 0.5
"""A type that would gain by an agreement and agrees less often than this is told why."""
_GAIN = 0.0005
"""A gain that prints as 0 is none."""


def on_standing(question: Data, brief: Data) -> tuple[str, float | None]:
    """How likely something of the state that is asked to be ever so by a date is so at that date: sentence, number."""
    found = standing(question["formula"], brief) if question["value"] is not None else None
    if found is None:
        return "", None
    date, chance = found
    when = f"at the end of {moment(date)}"
    return f"It counts once it is so, even if it ends again; {when} it is so with {words.percent(chance)}.", chance


def on_agreeing(agreement: Data) -> str:
    """Why types that would gain by an agreement seldom agree to it, in a sentence or two for each; "" without such."""
    out = []
    for one in agreement["agreeing"]:
        gain = agreement["gain"][one["player"]][one["type"]]
        if gain is None or gain < _GAIN or one["played"] >= SELDOM:
            continue
        who = words.capital(words.human(one["player"])) + (
            "" if one["type"] == "only" else f" ({words.human(one['type'])})"
        )
        act, other = words.human(one["action"]), words.human(one["other"])
        said = f"Signed, it is worth {words.gain(gain)} to {who}."
        if one["failing"] is not None:
            said += (
                f" But “{act}” ends in it with {words.fine(one['chance'])} only, and is else worth "
                f"{words.gain(one['failing'])}: on balance {words.gain(one['worth'])},"
            )
        else:
            said += f" “{act}” is worth {words.gain(one['worth'])},"
        against = f"against {words.gain(one['other_worth'])} for “{other}”"
        out.append(f"{said} {against}. It is played with {words.fine(one['played'])}.")
    return " ".join(out)
