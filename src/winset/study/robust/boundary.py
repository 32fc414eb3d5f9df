"""Where an answer turns, found by solving for it: the root of its margin in one parameter, by Brent's method.

The margin is looked at at the central value and at `STEPS` values on either side of it, to the ends of the range. Of
the turns between neighbouring values the nearest on each side is solved for (Brent 1973), and the one closer to the
central value is told, with the next turn beyond the region next to it in which the answer holds. Where the margin jumps
over zero the method closes in on the jump, and says so. A value at which the scenario cannot be solved is a gap: what
is solved is followed up to its edge, and the gap is told. Regions narrower than a step can be missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from winset.base import words
from winset.base.errors import SizeError, WinsetError
from winset.study.robust.axes import scipy_part
from winset.study.robust.draw import Drawing, Setup, number, reason
from winset.study.robust.margins import effective, margin

RELATIVE = 1e-5
"""Relative precision of a turning value."""
JUMP = 0.02
"""Share of the margins looked at, next to the turn, above which the margin is said to jump there."""
STEPS, MANY = 8, 16
"""Values looked at on either side of the central one; and of a small scenario."""
ZERO = 1e-12
"""Share of a range below which a value is rounding beside 0."""
EDGE = 3
"""How often the way from what is solved to what is not is halved."""


class Finding:
    """Finds where an answer turns.

    A task's own data: `name` of the formula, the `axis` that moves with its `low`, `high` and `central` value, the
    other parameter `values`, and a `threshold` where the formula is a number.
    """

    def __init__(self, setup: Setup) -> None:
        self.drawing = Drawing(setup)

    def __call__(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The turn as plain data; see `winset.study.robust.data.Boundary`.

        Raises:
            SizeError: a solution would not fit.
        """
        look = Look(lambda x: self.margin(own, x), own["low"], own["high"], own["central"])
        look.around(MANY if self.small(own) else STEPS)
        tried = sorted(look.seen)
        found = look.nearest()
        told = look.gap(own["axis"])
        if found is None:
            solved = f"it does not turn at {len(tried)} values over the range"
            return {
                "at": None, "failed": bool(told), "solutions": look.solutions, "tried": tried, "reason": told or solved,
            }  # fmt: skip
        root, a, b = found
        jumps = look.jumps(root, a, b)
        above = look.holds(b)
        until = look.beyond(a, b, up=above)
        low, high = sorted((root, until if until is not None else (own["high"] if above else own["low"])))
        return {
            "at": root, "above": above, "until": until, "jumps": jumps, "solutions": look.solutions, "tried": tried,
            "elsewhere": any(look.holds(x) and not low <= x <= high for x in tried), "reason": look.gap(own["axis"]),
        }  # fmt: skip

    def small(self, own: Mapping[str, Any]) -> bool:
        """Whether the scenario is so small that many values may be looked at; False where it is no game."""
        try:
            return self.drawing.asker(own["values"]).small
        except SizeError:
            raise
        except WinsetError:
            return False

    def margin(self, own: Mapping[str, Any], x: float) -> float:
        """The margin with the parameter at a value.

        Raises:
            WinsetError: it has none there.
        """
        name = own["name"]
        tree = self.drawing.trees[name]
        asker = self.drawing.asker({**own["values"], own["axis"]: x})
        self.drawing.measure(asker, [name])
        if own.get("threshold") is None:
            judged = asker.value(tree, asker.home).as_judgement().value
            found = effective(margin(asker, tree, asker.home), judged)
        else:
            found = asker.value(tree, asker.home).as_quantity().value - own["threshold"]
        if number(found) is None:
            raise WinsetError(f"it has no value at {own['axis']} = {x:g}")
        return float(found)


class Look:
    """Margins along one parameter.

    Attributes:
        seen: by value, the margins; `gaps` by value, why there is none.
    """

    def __init__(self, margin: Any, low: float, high: float, central: float) -> None:
        self.margin, self.low, self.high, self.central = margin, low, high, central
        self.seen: dict[float, float] = {}
        self.gaps: dict[float, str] = {}

    @property
    def solutions(self) -> int:
        """How often the scenario was solved."""
        return len(self.seen) + len(self.gaps)

    def at(self, x: float) -> float:
        """The margin at a value.

        Raises:
            WinsetError: there is none.
        """
        x = float(x)
        if x in self.gaps:
            raise WinsetError(self.gaps[x])
        if x not in self.seen:
            try:
                self.seen[x] = self.margin(x)
            except SizeError:
                raise
            except WinsetError as error:
                self.gaps[x] = reason(error)
                raise
        return self.seen[x]

    def known(self, x: float) -> bool:
        """Whether there is a margin at a value; looks for it."""
        try:
            self.at(x)
        except SizeError:
            raise
        except WinsetError:
            return False
        return True

    def holds(self, x: float) -> bool:
        """Whether the answer holds at a value, which is known."""
        return self.seen[x] > 0

    def around(self, steps: int) -> None:
        """Looks at the values on both sides, and up to the edges of what cannot be solved."""
        middle = self.central if self.low <= self.central <= self.high else (self.low + self.high) / 2
        spots = {middle} | {
            end if k == steps else middle + (end - middle) * k / steps
            for end in (self.low, self.high) for k in range(1, steps + 1)
        }  # fmt: skip
        spots = {0.0 if abs(x) < ZERO * (self.high - self.low) else float(x) for x in spots}
        for x in sorted(spots):
            self.known(x)
        for a, b in pairwise(sorted(spots)):
            if (a in self.seen) == (b in self.seen):
                continue
            inside, outside = (a, b) if a in self.seen else (b, a)
            for _ in range(EDGE):
                half = (inside + outside) / 2
                inside, outside = (half, outside) if self.known(half) else (inside, half)

    def brackets(self) -> list[tuple[float, float]]:
        """Neighbouring values, both solved, on either side of a turn."""
        return [
            (a, b) for a, b in pairwise(sorted([*self.seen, *self.gaps]))
            if a in self.seen and b in self.seen and self.holds(a) != self.holds(b)
        ]  # fmt: skip

    def nearest(self) -> tuple[float, float, float] | None:
        """The turn closest to the central value, with the values between which it lies."""
        found: list[tuple[float, float, float]] = []
        for a, b in sorted(self.brackets(), key=lambda pair: self.off(*pair)):
            if found and self.off(a, b) >= abs(found[0][0] - self.central):
                break
            if (root := self.root(a, b)) is not None:
                found.append((root, a, b))
                found.sort(key=lambda one: abs(one[0] - self.central))
        return found[0] if found else None

    def off(self, a: float, b: float) -> float:
        """How far an interval is from the central value."""
        return max(a - self.central, self.central - b, 0.0)

    def root(self, a: float, b: float) -> float | None:
        """The turn between two values; None where the scenario cannot be solved on the way to it."""
        fine = RELATIVE * max(min(abs(a), abs(b)), 1e-3 * (self.high - self.low))
        try:
            root = float(scipy_part("scipy.optimize").brentq(self.at, a, b, xtol=fine, rtol=RELATIVE, maxiter=100))
            return 0.0 if abs(root) < ZERO * (self.high - self.low) else root
        except SizeError:
            raise
        except WinsetError:
            if not self.gaps:  # it is scipy that is not there
                raise
            return None

    def beyond(self, a: float, b: float, *, up: bool) -> float | None:
        """The next turn after that between two values, upwards or downwards; None where none was seen."""
        left = [pair for pair in self.brackets() if (pair[0] >= b if up else pair[1] <= a)]
        if not left:
            return None
        return self.root(*(left[0] if up else left[-1]))

    def jumps(self, root: float, a: float, b: float) -> bool:
        """Whether the margin jumps over zero at a turn rather than passing through it."""
        below = [x for x in self.seen if a <= x < root] or [a]
        above = [x for x in self.seen if root < x <= b] or [b]
        near = min(abs(self.at(max(below))), abs(self.at(min(above))))
        return near > JUMP * max(abs(self.at(a)), abs(self.at(b))) and abs(self.at(root)) > 0

    def gap(self, name: str) -> str:
        """Where it could not be solved, and why; "" where it could everywhere."""
        if not self.gaps:
            return ""
        x = min(self.gaps, key=lambda gap: abs(gap - self.central))
        many = words.plural(len(self.gaps), "value")
        return f"it could not be solved at {many} of {name}, the nearest {x:.4g}: {self.gaps[x]}"


__all__ = ["Finding", "Look"]
