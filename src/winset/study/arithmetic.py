"""Numbers with bands, and judgements that may be undecided."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from winset.base.errors import WinsetError


class MeaninglessError(WinsetError):
    """A formula joins things that do not go together, or divides by zero."""


@dataclass(frozen=True)
class Quantity:
    """A number with the band that its numerical error allows.

    Attributes:
        value: the number.
        low, high: the band, low <= value <= high.
        movement: the part of the band that comes from the belief grid; None where it was not measured.
    """

    value: float
    low: float
    high: float
    movement: float | None = None

    @staticmethod
    def exact(value: float) -> Quantity:
        """A number without error."""
        return Quantity(value, value, value)

    @staticmethod
    def clipped(value: float, low: float, high: float) -> Quantity:
        """A probability: band and value cut to [0, 1] against rounding."""
        value = min(max(value, 0.0), 1.0)
        return Quantity(value, max(min(low, value), 0.0), min(max(high, value), 1.0))

    def widened(self, by: float, *, unit: bool) -> Quantity:
        """With a wider band; cut to [0, 1] where the number is a probability."""
        low, high = self.low - by, self.high + by
        if unit:
            low, high = min(max(low, 0.0), self.value), max(min(high, 1.0), self.value)
        return Quantity(self.value, low, high, by)

    @property
    def error(self) -> float:
        """Half-width of the band on its wider side."""
        return max(self.value - self.low, self.high - self.value)

    def as_quantity(self) -> Quantity:
        """Itself."""
        return self

    def as_judgement(self) -> Judgement:
        """Raises: a number is not true or false."""
        raise MeaninglessError("a number stands where something true or false should; compare it with another")


@dataclass(frozen=True)
class Judgement:
    """True, False, or undecided (None) with the reason.

    Attributes:
        effect: left side minus right side, where the judgement is one comparison.
        margin: numerical error that the effect has to exceed.
        slack: by what share of its greater side a comparison is away from turning, the numerical error taken off; of
            several comparisons, that of the one on which the whole turns. None where nothing is compared.
    """

    value: bool | None
    why: str = ""
    effect: float | None = None
    margin: float | None = None
    slack: float | None = None

    def negated(self) -> Judgement:
        """The opposite; undecided stays undecided."""
        value = None if self.value is None else not self.value
        return Judgement(value, self.why, self.effect, self.margin, self.slack)

    def as_judgement(self) -> Judgement:
        """Itself."""
        return self

    def as_quantity(self) -> Quantity:
        """1 or 0.

        Raises:
            MeaninglessError: it is undecided.
        """
        if self.value is None:
            raise MeaninglessError(self.why)
        return Quantity.exact(float(self.value))


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}

_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min, "max": max, "abs": abs, "exp": math.exp, "log": math.log, "sqrt": math.sqrt,
    "floor": math.floor, "ceil": math.ceil, "round": lambda x: math.floor(x + 0.5),
}  # fmt: skip


_NO_VALUE: dict[type[Exception], str] = {
    ZeroDivisionError: "it divides by zero",
    OverflowError: "a number is too large",
    ValueError: "a function is given a number that it does not take",
    TypeError: "a negative number has no such power",
}


def _spread(work: Callable[..., float], sides: list[Quantity]) -> Quantity:
    """A function monotone in each argument on the band: the band of the result is that of the corners."""
    try:
        value = float(work(*(s.value for s in sides)))
        if work in (min, max):  # rising in each argument: two corners are enough
            sets = [[s.low for s in sides], [s.high for s in sides]]
        else:
            sets = [list(corner) for corner in product(*(sorted({s.low, s.high}) for s in sides))]
        corners = [float(work(*corner)) for corner in sets]
    except tuple(_NO_VALUE) as error:
        told = next(text for kind, text in _NO_VALUE.items() if isinstance(error, kind))
        raise MeaninglessError(f"the arithmetic has no value here: {told}") from error
    moved = [s.movement for s in sides if s.movement is not None]
    return Quantity(value, min(value, *corners), max(value, *corners), _movement(work, sides) if moved else None)


def _movement(work: Callable[..., float], sides: list[Quantity]) -> float:
    base = work(*(s.value for s in sides))
    out = 0.0
    for i, side in enumerate(sides):
        if side.movement:
            for sign in (-1, 1):
                shifted = [s.value + (sign * side.movement if j == i else 0.0) for j, s in enumerate(sides)]
                try:
                    out = max(out, abs(float(work(*shifted)) - base))
                except (ZeroDivisionError, ValueError, OverflowError):
                    continue
    return out


def combine(op: str, left: Quantity, right: Quantity) -> Quantity:
    """Arithmetic on bands.

    Raises:
        MeaninglessError: division by something that may be zero, and the like.
    """
    if op == "/" and right.low <= 0.0 <= right.high:
        raise MeaninglessError("the divisor is zero, or cannot be told from zero")
    return _spread(_ARITHMETIC[op], [left, right])


def apply(function: str, arguments: list[Quantity]) -> Quantity:
    """A function of bands.

    Raises:
        MeaninglessError: it has no value here.
    """
    if function in ("min", "max") and len(arguments) == 1:
        return arguments[0]
    out = _spread(_FUNCTIONS[function], arguments)
    if function == "abs" and arguments[0].low < 0.0 < arguments[0].high:
        return Quantity(out.value, 0.0, out.high, out.movement)
    return out


def compare(op: str, left: Quantity, right: Quantity) -> Judgement:
    """A comparison, undecided where the numerical error is as large as the difference."""
    effect, margin = left.value - right.value, left.error + right.error
    slack = _share(max(abs(effect) - margin, 0.0), left.value, right.value)
    sure = abs(effect) > margin
    if not sure and margin > 0:
        why = (
            f"the sides, {left.value:.4g} and {right.value:.4g}, differ by {abs(effect):.2g}, no more than the "
            f"numerical error of {margin:.2g}"
        )
        return Judgement(None, why, effect, margin, slack)
    same = abs(effect) <= 1e-12 * max(1.0, abs(left.value), abs(right.value))
    value = {
        "=": same, "!=": not same, "<": effect < 0 and not same, ">": effect > 0 and not same,
        "<=": effect < 0 or same, ">=": effect > 0 or same,
    }[op]  # fmt: skip
    return Judgement(value, "", effect, margin, slack)


def _share(difference: float, *sides: float) -> float:
    """A difference as a share of the greater of some sides; 0 where all are 0."""
    greatest = max(abs(side) for side in sides)
    return abs(difference) / greatest if greatest > 0 else 0.0


def near(left: Quantity, right: Quantity, tolerance: Quantity) -> Judgement:
    """`X within T of Y`, at the numbers as computed: it is the numerical error that such a statement bounds."""
    effect = left.value - right.value
    slack = _share(tolerance.value - abs(effect), tolerance.value, effect)
    return Judgement(abs(effect) <= tolerance.value, "", effect, tolerance.value, slack)


def joined(op: str, left: Judgement, right: Judgement) -> Judgement:
    """`and`, `or`, where an undecided side leaves the whole undecided unless the other settles it."""
    settling = op == "or"
    settled = [side.slack for side in (left, right) if side.value is settling]
    if settled:  # turns once every side that settles it has turned
        return Judgement(settling, slack=None if None in settled else max(s for s in settled if s is not None))
    known = [side.slack for side in (left, right) if side.slack is not None]
    slack = min(known) if known else None
    if left.value is None or right.value is None:
        return Judgement(None, left.why if left.value is None else right.why, slack=slack)
    return Judgement(not settling, slack=slack)
