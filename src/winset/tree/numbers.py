"""Numbers as the field's files write them, kept as fractions: `3`, `-0.25`, `1/3`, `2.5e-3`."""

from __future__ import annotations

import math
import re
from fractions import Fraction

NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+/[0-9]+"
LONGEST = 1000
"""Characters of a number; longer ones are mistakes, and some would take for ever to compute."""
FARTHEST = 400
"""Largest exponent of ten; beyond it no float could hold the number."""
DIGITS = 17
"""Significant digits up to which a number is written as a decimal; beyond, and where none ends, as a fraction."""
SHORT = 1000
"""Largest denominator of a probability that is written as a fraction."""
ROUNDING = 1e-15
"""How far a probability kept as a float may lie from a short fraction to be taken for it: 1 - 0.9 is 1/10."""

_WHOLE = re.compile(NUMBER)


def parse_number(text: str) -> Fraction:
    """The fraction that a text means.

    Raises:
        ValueError: it is no number, divides by zero, is too long, or no float can come near it; the message says
            which, as the end of a sentence that begins with the number.
    """
    if len(text) > LONGEST:
        raise ValueError(f"has more than {LONGEST} characters")
    if not _WHOLE.fullmatch(text):
        raise ValueError("is no number")
    above, _, below = text.partition("/")
    if below:
        if not int(below):
            raise ValueError("divides by zero")
        number = Fraction(int(above), int(below))
    elif abs(int(re.split("[eE]", text)[1])) > FARTHEST if re.search("[eE]", text) else False:
        raise ValueError(f"has an exponent beyond {FARTHEST}")
    else:
        number = Fraction(text)
    as_float(number)
    return number


def as_float(number: Fraction) -> float:
    """The nearest float.

    Raises:
        ValueError: the number is too large for one.
    """
    try:
        return float(number)
    except OverflowError:
        raise ValueError("is too large for a floating-point number") from None


def number_text(number: Fraction) -> str:
    """The one way a number is written: a whole number, a decimal that ends, or else a fraction in lowest terms."""
    above, below = number.numerator, number.denominator
    if below == 1:
        return str(above) if abs(above) < 10**DIGITS else _powers(above)
    places = _places(below)
    if places is None:
        return f"{above}/{below}"
    digits = abs(above) * 10**places // below
    if digits >= 10**DIGITS:
        return f"{above}/{below}"
    sign = "-" if above < 0 else ""
    text = str(digits).rjust(places + 1, "0")
    if places <= DIGITS + 3:
        return f"{sign}{text[:-places]}.{text[-places:]}"
    head = str(digits)
    return f"{sign}{head[0]}{'.' if head[1:] else ''}{head[1:]}e-{places - len(head) + 1}"


def odds_text(number: Fraction) -> str:
    """The one way a probability is written: as a fraction where that is short, else as other numbers are."""
    if 1 < number.denominator <= SHORT:
        return f"{number.numerator}/{number.denominator}"
    return number_text(number)


def _powers(whole: int) -> str:
    """A large whole number: its digits, or `1e300` where they are few and many zeros follow."""
    text = str(abs(whole))
    head = text.rstrip("0")
    if len(head) > DIGITS or len(text) <= DIGITS + 3:
        return str(whole)
    return f"{'-' if whole < 0 else ''}{head[0]}{'.' if head[1:] else ''}{head[1:]}e{len(text) - 1}"


def _places(below: int) -> int | None:
    """Decimals that a fraction with this denominator needs; None where no number of them is enough."""
    two = (below & -below).bit_length() - 1
    rest, five = below >> two, 0
    while rest % 5 == 0:
        rest, five = rest // 5, five + 1
    return max(two, five) if rest == 1 else None


def exact(number: int | float | str | Fraction) -> Fraction:
    """A number given in Python as a fraction; a float as the shortest decimal that reads back as it.

    Raises:
        ValueError: it is no finite number.
    """
    if isinstance(number, str):
        return parse_number(number)
    if isinstance(number, float):
        if not math.isfinite(number):
            raise ValueError("is no finite number")
        return Fraction(repr(number))
    return Fraction(number)


def exact_odds(odds: list[float]) -> list[Fraction]:
    """Fractions that add up to 1 exactly, for probabilities kept as floats.

    Short fractions where these are all within rounding of the floats and add up; else each as the shortest decimal
    that reads back as it, and what is then missing, a matter of rounding, goes to the largest.

    Raises:
        ValueError: more is missing than rounding explains.
    """
    near = [Fraction(p).limit_denominator(SHORT) for p in odds]
    if sum(near) == 1 and all(abs(float(n) - p) <= ROUNDING for n, p in zip(near, odds, strict=True)):
        return near
    found = [n if float(n) == p else exact(p) for n, p in zip(near, odds, strict=True)]
    missing = 1 - sum(found, Fraction(0))
    if abs(missing) > Fraction(1, 10**8):
        raise ValueError(f"add up to {float(1 - missing)!r}")
    found[odds.index(max(odds))] += missing
    return found
