"""What the table of the language is made of: a key, and a mapping with its keys."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Sense:
    """Which numbers mean anything: those from `low` to `high` (both may be taken), whole ones only if `whole`.

    `words` says so, `why` gives the reason and `fix` what to write instead.
    """

    low: float
    high: float
    whole: bool
    words: str
    why: str
    fix: str

    def holds(self, value: float) -> bool:
        """Whether a number does."""
        return self.low - CLOSE <= value <= self.high + CLOSE and not (self.whole and abs(value - round(value)) > CLOSE)


CLOSE = 1e-9
SENSES = {
    "chance": Sense(
        0.0, 1.0, False, "a number from 0 to 1", "It is a probability.", "Write a number such as 0.4 or 40%."
    ),
    "amount": Sense(
        0.0, math.inf, False, "0 or more",
        "It says how much; in which direction it counts is settled by the field.", "Write its size, without a minus.",
    ),
    "cost": Sense(
        0.0, math.inf, False, "0 or more",
        "A cost is paid; only a type may be said to gain by what costs others.",
        "Write its size, without a minus.",
    ),
    "steps": Sense(
        0.0, math.inf, True, "a whole number from 0",
        "It counts levels; in which direction is settled by the field.", "Write a whole number such as 1.",
    ),
    "round": Sense(
        1.0, math.inf, True, "a date, or the number of a round from 1",
        "Rounds are counted from 1 to the last.", "Write a date, a name of `clock: dates`, or a number such as 3.",
    ),
}  # fmt: skip
"""What a field's `sense` may be."""


@dataclass(frozen=True)
class Field:
    """One key: its keyword, what may stand there, its meaning, whether it must be there, what is taken otherwise.

    `example` is a value to write; the messages about a key that lacks or is of the wrong kind show it.
    `sense` names the numbers that mean anything there (`SENSES`); "" where every number does.
    """

    key: str
    kind: str
    meaning: str
    required: bool = False
    default: str = ""
    example: str = ""
    sense: str = ""

    @property
    def model(self) -> str:
        """The key with a value to write; the words to choose from where they are fixed."""
        if self.kind.startswith("choice:"):
            first, *others = self.kind[7:].split("|")
            return f"`{self.key}: {first}` (or {', '.join(others)})"
        return f"`{self.key}: {self.example}`" if self.example else ""


@dataclass(frozen=True)
class Section:
    """A mapping of the language and its keys, in canonical order."""

    name: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keywords, in canonical order."""
        return tuple(f.key for f in self.fields)
