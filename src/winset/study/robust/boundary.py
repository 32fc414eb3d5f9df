"""Where an answer turns, found by solving for it: the root of its margin in one parameter, by Brent's method.

Between the central value and the ends of the range a turn is first looked for at a few values; the one nearest to the
central value is then bracketed and solved for (Brent 1973). Where the margin jumps over zero the method closes in on
the jump, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from winset.base.errors import WinsetError
from winset.study.robust.axes import scipy_part
from winset.study.robust.draw import Drawing, Setup, number, reason
from winset.study.robust.margins import margin

RELATIVE = 1e-5
"""Relative precision of a turning value."""
JUMP = 0.02
"""Share of the margins looked at, next to the turn, above which the margin is said to jump there."""


class Finding:
    """Finds where an answer turns.

    A task's own data: `name` of the formula, the `axis` that moves with its `low`, `high` and `central` value, the
    other parameter `values`, and a `threshold` where the formula is a number.
    """

    def __init__(self, setup: Setup) -> None:
        self.drawing = Drawing(setup)

    def __call__(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The turn as plain data; see `winset.study.robust.data.Boundary`."""
        seen: dict[float, float] = {}

        def at(x: float) -> float:
            x = float(x)
            if x not in seen:
                seen[x] = self.margin(own, x)
            return seen[x]

        low, high, central = own["low"], own["high"], own["central"]
        try:
            bracket = _bracket(at, low, high, central, thorough=self.small(own))
            tried = sorted(seen)
            if bracket is None:
                told = f"it does not turn at {len(tried)} values over the range"
                return {"at": None, "solutions": len(seen), "tried": tried, "reason": told}
            a, b = bracket
            if at(a) == 0.0:
                root = a
            else:
                fine = RELATIVE * max(min(abs(a), abs(b)), 1e-3 * (high - low))
                root = float(scipy_part("scipy.optimize").brentq(at, a, b, xtol=fine, rtol=RELATIVE, maxiter=100))
        except WinsetError as error:
            return {"at": None, "solutions": len(seen), "tried": sorted(seen), "reason": reason(error)}
        below = [x for x in seen if a <= x < root] or [a]
        above = [x for x in seen if root < x <= b] or [b]
        near = min(abs(at(max(below))), abs(at(min(above))))
        jumps = near > JUMP * max(abs(at(a)), abs(at(b))) and abs(at(root)) > 0
        return {
            "at": root, "above": at(b) > 0, "jumps": bool(jumps), "solutions": len(seen), "tried": tried, "reason": "",
        }  # fmt: skip

    def small(self, own: Mapping[str, Any]) -> bool:
        """Whether the scenario is so small that many values may be looked at."""
        return self.drawing.asker(own["values"]).small

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
            found = margin(asker, tree, asker.home)
        else:
            found = asker.value(tree, asker.home).as_quantity().value - own["threshold"]
        if number(found) is None:
            raise WinsetError(f"it has no value at {own['axis']} = {x:g}")
        return float(found)


def _bracket(at: Any, low: float, high: float, central: float, *, thorough: bool) -> tuple[float, float] | None:
    """Neighbouring values between which the margin changes its sign, nearest to the central one."""
    for steps in (1, 2, 4, *((8, 16) if thorough else ())):
        found, shares = [], [(k + 1) / steps for k in range(steps)]
        for end in (low, high):
            spots = [central, *(central + s * (end - central) for s in shares)]
            for near, far in pairwise(spots):
                if near != far and at(near) * at(far) <= 0 and (at(near) > 0) != (at(far) > 0):
                    found.append((abs(near - central), min(near, far), max(near, far)))
                    break
        if found:
            _, a, b = min(found)
            return a, b
    return None


__all__ = ["Finding"]
