"""Event data's own words: PLOVER events and CAMEO codes, and which event a code stands for.

PLOVER (Open Event Data Alliance 2021) names 16 kinds of events; CAMEO (Schrodt 2012) numbers 20 roots, `01` to `20`,
and finer codes below each: `0841` lies below `084`, and that below `08`. The table between them lies in the library
(`data/plover/codes.csv`, with its source).
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

PLOVER, ROOT = "plover", "cameo_root"
"""The columns that a table of coded events has beside its own."""


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """PLOVER event ("" for none) by CAMEO code: the roots, and finer codes with an event of their own."""
    text = files("winset").joinpath("library/data/plover/codes.csv").read_text(encoding="utf-8")
    return {row["cameo"]: row["plover"] for row in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=1)
def events() -> tuple[str, ...]:
    """The PLOVER events, in the order of the roots that stand for them."""
    return tuple(dict.fromkeys(event for event in codes().values() if event))


def event(text: str) -> str:
    """The text, if it is a PLOVER event; else ""."""
    return text if text in events() else ""


def listed(kind: str) -> str:
    """What may be written where a *PLOVER event* or a *CAMEO code* is meant, as a fix."""
    if kind == "PLOVER event":
        return f"Write one of {', '.join(events())}."
    return "Write two to four digits that begin with a root from 01 to 20, such as 13 or 0841, with the leading zero."


def code(text: str) -> str:
    """The text, if it is a CAMEO code with its leading zero; else ""."""
    digits = text.isascii() and text.isdigit() and 2 <= len(text) <= 4
    return text if digits and text[:2] in codes() else ""


def event_of(number: str) -> str:
    """The PLOVER event of a CAMEO code: that of the longest code that begins it; "" for statements and for no code."""
    known = codes()
    return next((known[number[:n]] for n in range(len(number), 1, -1) if number[:n] in known), "")
