"""The words of likelihood of ICD 203 (Office of the Director of National Intelligence, 2015), one row of its terms."""

from __future__ import annotations

BANDS = (
    (0.05, "almost no chance"), (0.20, "very unlikely"), (0.45, "unlikely"), (0.55, "roughly even"),
    (0.80, "likely"), (0.95, "very likely"),
)  # fmt: skip
"""Upper ends of the bands. The directive stops at 1 % and 99 %; beyond, the outermost terms are kept."""


def word(probability: float) -> str:
    """The word for a probability."""
    for upper, name in BANDS:
        if probability < upper:
            return name
    return "almost certain"


def words(low: float, high: float) -> str:
    """The word, or the span of words, for a band of probability."""
    first, last = word(low), word(high)
    return first if first == last else f"{first} to {last}"
