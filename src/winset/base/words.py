"""How numbers, names and dates are written, on the terminal and on the page alike."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
UNKNOWN = "–"
MINUS = "−"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
CHANCES = ("P(", "belief(", "strategy(")  # how a figure begins that lies between 0 and 1


def percent(value: float | None) -> str:
    """A probability: `31 %`; what is neither impossible nor certain never prints as 0 or 100."""
    if value is None:
        return UNKNOWN
    if 0 < value < 0.005:
        return "<1 %"
    if 0.995 < value < 1:
        return ">99 %"
    return f"{100 * value:.0f} %"


def fine(value: float | None) -> str:
    """A probability where small differences count: `31 %`, `5.3 %`, `0.2 %`, `<0.1 %`."""
    if value is None:
        return UNKNOWN
    if 0 < value < 0.001:
        return "<0.1 %"
    if 0.999 < value < 1:
        return ">99.9 %"
    return f"{100 * value:.0f} %" if 0.1 <= value <= 0.9 or value in (0, 1) else f"{100 * value:.1f} %"


def points(value: float) -> str:
    """A difference of two probabilities: `3.4 points`, `−8.2 points`."""
    if 0 < abs(value) < 0.0005:
        return "<0.1 points"
    return f"{100 * value:.1f} points".replace("-", MINUS)


def number(value: Any) -> str:
    """A number in at most four significant digits; truth values as yes and no."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    text = f"{value:.4g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa}e{int(exponent)}"
    return text


def figure(value: Any) -> str:
    """A number as `number` writes it, with a true minus sign."""
    text = number(value)
    return text if isinstance(value, str) else signed(text)


def gain(value: float | None) -> str:
    """A gain or a loss of payoff, to three decimals: `+0.120`, `−0.052`, `0`."""
    if value is None:
        return UNKNOWN
    return signed(f"{value:+.3f}") if round(value, 3) else "0"


def signed(text: str) -> str:
    """Text of numbers with true minus signs; those of exponents stay."""
    return re.sub(r"(?<!e)-(?=[\d.])", MINUS, text)


def power(text: str) -> str:
    """A number with an exponent as print sets it: `3.1e-9` is `3.1 × 10⁻⁹`; other text stays."""
    found = re.fullmatch(r"(-?[\d.]+)e(-?\d+)", text)
    if not found:
        return text
    return f"{found[1].replace('-', MINUS)} × 10{found[2].translate(RAISED)}"


def small(value: float | None) -> str:
    """An error or a residual, two significant digits: `3.1e-9`, `0.0042`, `0`."""
    if value is None:
        return UNKNOWN
    if value == 0:
        return "0"
    if abs(value) < 1e-3:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:.2g}"


def quantity(value: Any, unit: str) -> str:
    """An answer by its unit: probability, number, truth or date."""
    if unit == "date" and value is not None:
        return dt.date.fromordinal(int(value)).isoformat()
    if unit == "probability" and not isinstance(value, bool):
        return percent(value)
    return number(value)


def band(low: float | None, high: float | None, unit: str) -> str:
    """A range by its unit: `28 to 35 %`; empty where the ends print alike or one is unknown."""
    if low is None or high is None:
        return ""
    first, last = quantity(low, unit), quantity(high, unit)
    if first == last:
        return ""
    if unit == "probability" and first.endswith(" %"):
        first = first[:-2]
    return f"{first} to {last}"


def human(name: str) -> str:
    """A name of the scenario as a person would write it: `no_inquiry` is `no inquiry`."""
    return name.replace("_", " ")


def heading(note: str, name: str) -> str:
    """The title of a question: its note, or its name as a person would write it."""
    return capital(note or human(name))


def capital(text: str) -> str:
    """The text with its first letter raised; the rest stays."""
    return text[:1].upper() + text[1:]


def date_label(label: str, *, with_year: bool = True) -> str:
    """`2019-10` as `Oct 2019` (`Oct`); other labels of rounds stay as they are."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", label)
    if not match or not 1 <= int(match[2]) <= 12:
        return label
    month = MONTHS[int(match[2]) - 1]
    return f"{month} {match[1]}" if with_year else month


def round_label(label: str) -> str:
    """How a round is named in a sentence: `Oct 2019`, or `round 3` where there are no dates."""
    return f"round {label}" if label.isdigit() else date_label(label)


def apart(ground: str, shared: str) -> str:
    """A ground of confidence as it stands beside an answer: "" where it is the one that is told once for all."""
    return "" if ground == shared else ground


def by(who: str) -> str:
    """Who said something, to stand after a quote: `(the author)`; without a second pair of brackets."""
    return f"({who.replace(' (', ', ').replace('(', '').replace(')', '')})"


def altered(variant: dict[str, Any]) -> str:
    """What a variant changes, in words: its lines, what it is based on, what it switches off and on."""
    told = [human(line).replace("`", "") for line in variant["changed"]]
    if variant["based_on"]:
        told.append(f"based on {human(variant['based_on'])}")
    if variant["switches_off"]:
        told.append(f"switches off {listing(variant['switches_off'])}")
    if variant["switches_on"]:
        told.append(f"switches on {listing(variant['switches_on'])}")
    return "; ".join(told)


def long_date(label: str) -> str:
    """`2019-10` as `October 2019`; other labels stay as they are."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", label)
    if not match or not 1 <= int(match[2]) <= 12:
        return label
    return f"{LONG_MONTHS[int(match[2]) - 1]} {match[1]}"


def is_chance(formula: str) -> bool:
    """Whether a leaf of a formula is a probability by its form."""
    return formula.startswith(CHANCES)


def is_difference(question: dict[str, Any]) -> bool:
    """Whether a question's number is one probability less another, and so is told in points."""
    parts, value = question["parts"], question["value"]
    if question["unit"] != "number" or value is None or len(parts) != 2:
        return False
    first, second = parts
    if first["value"] is None or second["value"] is None or " - " not in question["formula"]:
        return False
    both = is_chance(first["formula"]) and is_chance(second["formula"])
    return both and abs(first["value"] - second["value"] - value) < 1e-9


def date_ticks(labels: Sequence[str], *, room: int) -> list[tuple[int, str]]:
    """Which of the dates to print under an axis: (index, text), at most `room` of them, evenly spaced.

    Months are spaced by 1, 2, 3, 6 or 12 and prefer January and the quarters; the year stands on the first and on
    each January.
    """
    n = len(labels)
    if n == 0:
        return []
    months = [re.fullmatch(r"(\d{4})-(\d{2})", label) for label in labels]
    if all(months):
        for step in (1, 2, 3, 6, 12, 24, 60, 120):
            picked = [i for i, m in enumerate(months) if m and (int(m[1]) * 12 + int(m[2]) - 1) % step == 0]
            if len(picked) <= room:
                break
        ticks, year = [], ""
        for i in picked:
            shown = labels[i][:4]
            ticks.append((i, date_label(labels[i], with_year=shown != year)))
            year = shown
        return ticks
    step = max(1, -(-n // max(room, 1)))
    return [(i, labels[i]) for i in range(0, n, step)]


def several(count: int) -> str:
    """What it means that there are several equilibria, in a sentence."""
    return (
        f"{count} were found from the start. Answers are those of the principal one, reached from random play; "
        "their ranges, and the verdicts, cover all."
    )


def plural(count: int, noun: str) -> str:
    """`1 claim`, `3 claims`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listing(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) <= 1:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def row(given: dict[str, Any]) -> str:
    """A row of a record file: its day, what it is about, its source, and that nobody has checked it where so."""
    source = given["source"] + (", unchecked" if given["unchecked"] else "")
    told = f"{given['date']} {given['what']}".strip()
    return f"{told} ({source})" if source else told


SIGNS = {"holds": "✓", "fails": "✗", "undecided": "?"}  # of the verdicts on claims


def forms(verdict: str, count: int) -> str:
    """A verdict as a verb for that many claims: `holds`, `hold`, `is undecided`, `are undecided`."""
    if verdict == "undecided":
        return "is undecided" if count == 1 else "are undecided"
    return verdict if count == 1 else {"holds": "hold", "fails": "fail"}[verdict]


def counted(verdicts: Sequence[str]) -> str:
    """`11 hold, 4 fail, 4 undecided`."""
    return ", ".join(f"{n} {forms(v, n).removeprefix('is ').removeprefix('are ')}" for v, n in tally(verdicts) if n)


def tally(verdicts: Sequence[str]) -> list[tuple[str, int]]:
    """How many of the verdicts are holds, fails and undecided, in that order."""
    return [(verdict, sum(v == verdict for v in verdicts)) for verdict in SIGNS]


def passing(passes: bool | None, *, measured: bool) -> str:
    """A certificate's verdict: `passes`, `does not pass`, or that nothing fails and something was not measured.

    Args:
        passes: None where nothing fails, but a figure was not measured.
        measured: whether the grid error was.
    """
    if passes is None:
        return "no verdict" if measured else "passes, grid error not measured"
    return "passes" if passes else "does not pass"
